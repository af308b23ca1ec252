//! Queries whose rows executors make: the answers of one machine, and what is done where.

use super::logic::{self, texts};
use super::{asked, options, wait};
use crate::cluster::{RUNTIME, free_port, one_more, scheduler};
use crate::data::Northland;
use arrow_array::{Float64Array, RecordBatch, StringArray};
use kultti_core::cluster::{Cluster, Distributed, ExecutorOptions, Listen, execute_for};
use kultti_core::release::Release;
use kultti_core::sql::{Database, OwnData};
use kultti_core::{Error, Result};
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

const EXECUTORS: usize = 3;

/// A scheduler and executors, in this process.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let address = RUNTIME.block_on(async {
        let (address, mut joined) = scheduler().await;
        for _ in 0..EXECUTORS {
            loop {
                let options = ExecutorOptions::new(address.clone(), Listen::locally(free_port()));
                let options = options.with_threads(NonZeroUsize::MIN);
                let ended = tokio::spawn(async move { execute_for(&options, || ()).await });
                tokio::select! {
                    () = one_more(&mut joined) => break,
                    // Somebody else has taken the port meanwhile.
                    ended = ended => assert!(matches!(ended, Ok(Err(Error::CannotListen { .. }))), "{ended:?}"),
                }
            }
        }
        address
    });
    Cluster::new(address, RUNTIME.handle())
});

/// Runs to the end what a query waits for, on a thread that has room for the plans of a build without optimisation.
fn finished<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let big = std::thread::Builder::new().stack_size(32 << 20);
        let thread = big.spawn_scoped(scope, || RUNTIME.block_on(work));
        thread.expect("a thread").join().expect("no panic")
    })
}

/// A database of a release in a file, and the cluster that makes its rows.
struct Asked {
    database: Database,
    path: PathBuf,
    cluster: Cluster,
    _folder: tempfile::TempDir,
}

impl Asked {
    fn new(bytes: &[u8], parts: Option<usize>) -> Self {
        Self::with_memory(bytes, parts, 1 << 30)
    }

    fn with_memory(bytes: &[u8], parts: Option<usize>, memory: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("release.parquet");
        std::fs::write(&path, bytes).expect("a file");
        let release = Release::open(&path).expect("a release");
        let database = Database::new(Arc::new(release), options(2).with_memory(memory));
        let cluster = CLUSTER.clone();
        Self {
            database: database.expect("a database"),
            path,
            cluster: match parts.and_then(NonZeroUsize::new) {
                Some(parts) => cluster.with_parts(parts),
                None => cluster,
            },
            _folder: folder,
        }
    }

    fn example(parts: Option<usize>) -> Self {
        Self::new(kultti_datasets::EXAMPLE_RELEASE, parts)
    }

    fn place(&self) -> &str {
        self.path.to_str().expect("a path")
    }

    /// The rows, and how many fragments were sent.
    fn query(&self, sql: &str) -> Result<(Vec<RecordBatch>, usize)> {
        finished(async {
            let Distributed {
                answer, fragments, ..
            } = self.cluster.query(&self.database, self.place(), sql).await?;
            Ok((answer.collect().await?, fragments))
        })
    }

    fn rows(&self, sql: &str) -> (Vec<Vec<String>>, usize) {
        let answer = self.query(sql);
        let (batches, fragments) = answer.unwrap_or_else(|error| panic!("{sql}: {error}"));
        (texts(&batches), fragments)
    }

    fn here(&self, sql: &str) -> Vec<Vec<String>> {
        let batches = wait(asked(&self.database, sql));
        texts(&batches.unwrap_or_else(|error| panic!("{sql}: {error}")))
    }

    fn plan(&self, sql: &str) -> String {
        let (plans, _) = self.rows(&format!("EXPLAIN {sql}"));
        let physical = plans.iter().find(|row| row[0] == "physical_plan");
        physical.expect("a plan")[1].clone()
    }
}

#[test]
fn executors_answer_as_worked_out_by_hand() {
    let bytes = Northland::new().build().expect("Northland builds");
    for parts in [None, Some(2), Some(100)] {
        let asked = Asked::new(&bytes, parts);
        logic::of_northland(&|sql| asked.query(sql).map(|(batches, _)| batches));
    }
}

#[test]
fn executors_answer_as_another_engine() {
    for parts in [None, Some(3)] {
        let asked = Asked::example(parts);
        logic::of_the_example(&|sql| asked.query(sql).map(|(batches, _)| batches));
    }
}

/// Questions with everything that may stand in a fragment, and the number of fragments that they have. What they add up has no
/// fractions, so that its order does not matter.
const QUESTIONS: [(&str, usize); 25] = [
    (
        "SELECT * FROM observations ORDER BY measure, period, area, territory",
        1,
    ),
    (
        "SELECT * FROM compare_all('rank', 'z', 'difference:region:median', 'change', 'descending') ORDER BY indicator, period, area",
        1,
    ),
    (
        "SELECT indicator, period, avg(z), count(z) FROM compare_all('z') GROUP BY indicator, period ORDER BY 1, 2",
        1,
    ),
    (
        "SELECT status, count(*), max(period), min(value) FROM observations GROUP BY status ORDER BY status",
        1,
    ),
    (
        "SELECT missing, sum(rank) FROM compare_all('rank', 'descending') WHERE period >= '2017' GROUP BY missing ORDER BY 1",
        1,
    ),
    (
        "SELECT indicator, area, rank FROM compare_all('rank', 'descending') WHERE rank <= 3 AND area <> '091' ORDER BY indicator, period, area",
        1,
    ),
    (
        "SELECT measure, area, value FROM observations ORDER BY value DESC, measure, period, area LIMIT 25",
        1,
    ),
    (
        "SELECT area, value, row_number() OVER (PARTITION BY measure, period ORDER BY area) AS n FROM observations ORDER BY measure, period, n",
        1,
    ),
    (
        "SELECT upper(area) || '-' || substr(period, 3), round(value * 2) FROM observations WHERE period IN ('2018', '2019') AND value IS NOT NULL ORDER BY measure, period, area",
        1,
    ),
    (
        "SELECT count(DISTINCT area), count(DISTINCT indicator) FROM compare_all() WHERE value > 0",
        1,
    ),
    (
        "SELECT measure, first_value(area ORDER BY value DESC, area), string_agg(area, ',' ORDER BY area), \
         median(value), array_to_string(array_agg(DISTINCT status ORDER BY status), ',') \
         FROM observations WHERE period = '2018' GROUP BY measure ORDER BY measure",
        1,
    ),
    (
        "SELECT measure, area, TRY_CAST(status AS INT) IS NULL, TRY_CAST(area AS INT) + 1, area ~ '^0[1-4]', status ILIKE 'a', \
         CASE WHEN value > 1000 THEN 'many' WHEN value IS NULL THEN missing ELSE 'few' END, coalesce(note, origin) \
         FROM observations WHERE area SIMILAR TO '(0|1|2)[0-9]*' AND value IS DISTINCT FROM 0 ORDER BY 1, period, 2",
        1,
    ),
    (
        "SELECT period, count(*), max(value) - min(value) FROM compare_all() GROUP BY GROUPING SETS ((period), ()) ORDER BY 1, 2",
        1,
    ),
    // Windows stay here: what they filter, pass over and look back at would be lost on the way.
    (
        "SELECT measure, period, area, count(*) FILTER (WHERE value > 50000) OVER (PARTITION BY measure, period) AS n \
         FROM observations ORDER BY 1, 2, 3",
        1,
    ),
    (
        "SELECT measure, period, area, lag(value) IGNORE NULLS OVER (PARTITION BY measure, period ORDER BY area) AS before \
         FROM observations ORDER BY 1, 2, 3",
        1,
    ),
    (
        "SELECT period, area, lag(value) OVER (PARTITION BY period ORDER BY area DESC) AS before, \
         nth_value(value, 2) OVER (PARTITION BY period ORDER BY area DESC) AS second \
         FROM observations WHERE measure = 'library.net_operating_cost' ORDER BY 1, 2",
        1,
    ),
    // So does chance.
    ("SELECT count(*) FROM observations WHERE random() < 2", 1),
    (
        "SELECT sum(round(value)) FILTER (WHERE period > '2016'), count(DISTINCT area) FILTER (WHERE value > 100) FROM observations",
        1,
    ),
    (
        "SELECT DISTINCT period FROM compare_all() WHERE value > 0 ORDER BY period LIMIT 3",
        1,
    ),
    // Two fragments that are put together here.
    (
        "SELECT count(*), sum(a.rank) FROM compare_all('rank', 'descending') a JOIN compare_all('rank', 'descending') b USING (indicator, period, area)",
        2,
    ),
    (
        "SELECT period, count(*) FROM observations GROUP BY period UNION ALL SELECT period, count(*) FROM compare_all() GROUP BY period ORDER BY 1, 2",
        2,
    ),
    (
        "SELECT a.name_fi, count(o.value) FROM observations o JOIN areas a USING (area) GROUP BY 1 ORDER BY 1",
        1,
    ),
    // The limit is known only when the other fragment has been answered.
    (
        "SELECT indicator, period, area FROM compare_all('z') WHERE value > (SELECT max(value) / 2 FROM compare_all('z')) ORDER BY 1, 2, 3",
        2,
    ),
    (
        "SELECT count(*) FROM compare_all('z') CROSS JOIN (VALUES (1), (2)) v(n)",
        1,
    ),
    (
        "SELECT * FROM compare('library.loans_per_inhabitant', '2019') ORDER BY area",
        0,
    ),
];

#[test]
fn executors_answer_as_this_machine_however_the_work_is_cut() {
    for parts in [None, Some(1), Some(5)] {
        let asked = Asked::example(parts);
        for (sql, fragments) in QUESTIONS {
            let (rows, sent) = asked.rows(sql);
            assert_eq!(sent, fragments, "{sql} in {parts:?} parts");
            assert!(!rows.is_empty(), "{sql}");
            assert!(rows == asked.here(sql), "{sql} in {parts:?} parts");
        }
    }
}

#[test]
fn what_each_part_can_do_for_itself_is_done_by_executors() {
    let asked = Asked::example(Some(5));
    let there = |sql: &str| {
        let plan = asked.plan(sql);
        let (here, there) = plan
            .split_once("ClusterExec: df://")
            .unwrap_or((plan.as_str(), ""));
        (here.to_owned(), there.to_owned())
    };
    let (here, sent) =
        there("SELECT indicator, period, avg(z) FROM compare_all('z') GROUP BY indicator, period");
    assert!(here.is_empty(), "{here}");
    assert!(
        sent.contains("parts=5") && sent.contains("AggregateExec"),
        "{sent}"
    );
    let (here, sent) =
        there("SELECT area, sum(rank) FROM compare_all('rank', 'descending') WHERE value > 1 GROUP BY area");
    assert!(
        here.contains("FinalPartitioned") && !here.contains("Partial,"),
        "{here}"
    );
    assert!(
        sent.contains("mode=Partial") && sent.contains("FilterExec"),
        "{sent}"
    );
    let (here, sent) = there("SELECT * FROM compare_all('z') ORDER BY z LIMIT 10");
    assert!(
        here.contains("SortPreservingMergeExec") && !here.contains("SortExec"),
        "{here}"
    );
    assert!(sent.contains("TopK(fetch=10)"), "{sent}");
    let (here, sent) = there("SELECT * FROM observations o JOIN areas a USING (area) WHERE o.value > 5");
    assert!(
        here.contains("HashJoinExec") && !here.contains("FilterExec"),
        "{here}"
    );
    assert!(sent.contains("FilterExec"), "{sent}");
    let (here, sent) = there(
        "SELECT rank() OVER (PARTITION BY measure ORDER BY value) FROM observations WHERE area <> '091'",
    );
    assert!(
        here.contains("WindowAgg") && sent.contains("FilterExec"),
        "{here}{sent}"
    );
    let (here, sent) = there("SELECT area FROM observations WHERE random() < 0.5 AND value > 3");
    assert!(
        here.contains("random()") && sent.contains("ObservationsExec"),
        "{here}{sent}"
    );
    // A value that is not known yet cannot be sent.
    let plan =
        asked.plan("SELECT area FROM compare_all('z') WHERE z > (SELECT avg(value) FROM observations)");
    assert_eq!(plan.matches("ClusterExec").count(), 2, "{plan}");
}

#[test]
fn data_of_ones_own_need_not_travel() {
    let asked = Asked::example(None);
    let areas = StringArray::from(vec!["091", "272", "999"]);
    let visits = Float64Array::from(vec![1.0, 2.0, 3.0]);
    let batch = RecordBatch::try_from_iter([
        ("area", Arc::new(areas) as arrow_array::ArrayRef),
        ("visits", Arc::new(visits)),
    ])
    .expect("a batch");
    let own = OwnData::Batches {
        schema: batch.schema(),
        batches: vec![batch],
    };
    asked.database.register("visits", own).expect("a table");
    let sql = "SELECT area, visits, count(value) FROM visits LEFT JOIN compare_all() USING (area) GROUP BY 1, 2 ORDER BY 1";
    let (rows, fragments) = asked.rows(sql);
    assert_eq!(fragments, 1);
    assert_eq!(rows, asked.here(sql));
    assert_eq!(rows[2], ["999", "3", "0"]);
}

#[test]
fn what_fails_there_is_told_as_if_it_failed_here() {
    let failed = |asked: &Asked, sql: &str, code: &str, says: &str| {
        let there = asked.query(sql).map(|(batches, _)| texts(&batches));
        let there = there.expect_err("an error");
        let here = wait(super::asked(&asked.database, sql)).map(|batches| texts(&batches));
        assert_eq!(there.code(), code, "{there}");
        assert_eq!(here.expect_err("an error").code(), code);
        assert!(there.to_string().contains(says), "{there}");
    };
    let asked = Asked::example(Some(3));
    let cast = "SELECT CAST(status || 'x' AS INT) FROM observations";
    failed(&asked, cast, "K1090", "Ax");
    failed(
        &asked,
        "SELECT approx_distinct(area) FROM observations",
        "K1089",
        "approx_distinct",
    );
    // Some thousand rows of 600 bytes each for a measure, in a megabyte.
    let small = Asked::with_memory(kultti_datasets::EXAMPLE_RELEASE, Some(3), 1 << 20);
    let sql = "SELECT measure, array_agg(lpad(area, 600, 'x')) FROM observations GROUP BY measure";
    failed(&small, sql, "K1088", "1 MiB");
}

#[test]
fn a_release_that_executors_do_not_find_is_never_asked() {
    // One that no executor has open already.
    let bytes = Northland::new()
        .with(
            "release.toml",
            "Northland en\" }\npublisher",
            "Northland\" }\npublisher",
        )
        .build();
    let asked = Asked::new(&bytes.expect("Northland builds"), None);
    let sql = "SELECT count(*) FROM compare_all('z') WHERE z > 0";
    let refused = |place: &str| {
        let answer = finished(async {
            let asked = asked.cluster.query(&asked.database, place, sql).await?;
            asked.answer.collect().await
        });
        answer
            .map(|batches| texts(&batches))
            .expect_err("an error")
            .code()
    };
    assert_eq!(refused(""), "K1137");
    assert_eq!(refused("/no/such/release.parquet"), "K1135");
    let other = asked.path.with_file_name("other.parquet");
    std::fs::write(&other, kultti_datasets::EXAMPLE_RELEASE).expect("a file");
    assert_eq!(refused(path(&other)), "K1136");
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}
