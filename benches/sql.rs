//! What SQL costs beside the direct path: everything compared, by `compare_all` itself and through `SELECT`, and an aggregate over
//! the observations. On the release that `make bench` has made, else on the example release.
//!
//! `make bench-sql`; figures are written down in `docs/performance.md`.

use kultti_core::compare::{CompareAllOptions, Order};
use kultti_core::release::Release;
use kultti_core::sql::{Database, DatabaseOptions};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

type Failure = Box<dyn Error + Send + Sync>;

const COLUMNS: [&str; 4] = ["rank", "percent_rank", "z", "change"];

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(32 << 20)
        .enable_all()
        .build()?;
    let release = Arc::new(release()?);
    timed("compare_all, direct", || {
        let options = CompareAllOptions::columns(COLUMNS)?.with_order(Order::Descending);
        let batches = release.compare_all(options)?;
        batches.map(|batch| Ok(batch?.num_rows())).sum()
    })?;
    let database = Database::new(Arc::clone(&release), DatabaseOptions::default())?;
    let measure = release
        .catalogue()
        .measures()
        .next()
        .ok_or("no measure")?
        .id
        .clone();
    let all = format!("compare_all('{}', 'descending')", COLUMNS.join("', '"));
    for (what, sql) in [
        ("SELECT * FROM compare_all", format!("SELECT * FROM {all}")),
        (
            "one column of it, summed",
            format!("SELECT indicator, sum(z) FROM {all} GROUP BY indicator"),
        ),
        (
            "observations, summed",
            "SELECT measure, period, sum(value) FROM observations GROUP BY measure, period".to_owned(),
        ),
        (
            "observations, counted",
            "SELECT count(*) FROM observations".to_owned(),
        ),
        (
            "one measure",
            format!("SELECT area, value FROM observations WHERE measure = '{measure}'"),
        ),
    ] {
        timed(what, || {
            runtime.block_on(async {
                let mut answer = database.query(&sql).await?;
                let mut rows = 0;
                while let Some(batch) = answer.next().await {
                    rows += batch?.num_rows();
                }
                Ok(rows)
            })
        })?;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    writeln!(
        std::io::stdout(),
        "{:<32} {}",
        "greatest memory",
        peak.unwrap_or("not known").trim()
    )?;
    Ok(())
}

fn release() -> Result<Release, Failure> {
    let folder = std::env::var_os("BENCH_DATA").map_or_else(
        || {
            std::env::home_dir()
                .unwrap_or_default()
                .join(".cache/kultti/bench-data")
        },
        PathBuf::from,
    );
    let large = folder.join("L.parquet");
    if large.exists() {
        return Ok(Release::open(large)?);
    }
    Ok(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?)
}

/// Says how many rows were made, and in how many seconds.
fn timed(what: &str, work: impl FnOnce() -> kultti_core::Result<usize>) -> Result<(), Failure> {
    let begun = Instant::now();
    let rows = work()?;
    writeln!(
        std::io::stdout(),
        "{what:<32} {rows:>10} rows {:>8.3} s",
        begun.elapsed().as_secs_f64()
    )?;
    Ok(())
}
