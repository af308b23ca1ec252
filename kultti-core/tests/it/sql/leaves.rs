//! Plans: what is asked of the leaves, and that the order in which a release stands is kept.

use super::{example, rows};

fn plan(threads: usize, sql: &str) -> String {
    let plans = rows(&example(threads), &format!("EXPLAIN {sql}"));
    let physical = plans
        .iter()
        .find(|row| row[0] == "physical_plan")
        .expect("a plan");
    physical[1].clone()
}

#[test]
fn what_stands_in_order_is_neither_sorted_nor_dealt_out_anew() {
    for threads in [1, 2, 5] {
        for sql in [
            "SELECT measure, period, area, value FROM observations ORDER BY measure, period, area",
            "SELECT * FROM observations ORDER BY measure, period, area, territory",
            "SELECT measure, period, sum(value) FROM observations GROUP BY measure, period",
            "SELECT measure, count(*) FROM observations GROUP BY measure",
            "SELECT period, area, value FROM observations WHERE measure = 'library.loans_per_inhabitant' ORDER BY period, area",
            "SELECT area, value FROM observations WHERE measure = 'population.year_end' AND period = '2020' ORDER BY area",
            "SELECT measure, period, area, rank() OVER (PARTITION BY measure, period ORDER BY area) FROM observations",
            "SELECT indicator, period, area, z FROM compare_all('z') ORDER BY indicator, period, area",
            "SELECT indicator, period, avg(value) FROM compare_all() GROUP BY indicator, period",
        ] {
            let plan = plan(threads, sql);
            assert!(
                !plan.contains("SortExec"),
                "{sql} with {threads} threads:\n{plan}"
            );
            assert!(
                !plan.contains("RepartitionExec"),
                "{sql} with {threads} threads:\n{plan}"
            );
            let parts = format!("parts={threads}");
            assert!(
                plan.contains("measures=1") || plan.contains("indicators=1,") || plan.contains(&parts),
                "{plan}"
            );
        }
    }
}

#[test]
fn an_order_in_which_the_release_does_not_stand_is_made() {
    for sql in [
        "SELECT measure, period, area FROM observations ORDER BY area, period",
        "SELECT period, area FROM observations ORDER BY period, area",
        "SELECT area, value FROM observations WHERE measure = 'population.year_end' ORDER BY area",
    ] {
        let plan = plan(2, sql);
        assert!(plan.contains("SortExec"), "{sql}:\n{plan}");
    }
}

#[test]
fn conditions_and_columns_reach_the_leaves() {
    let asked = "SELECT area, value FROM observations WHERE measure = 'population.year_end' AND period IN ('2019', '2020')";
    let plan_of = plan(5, asked);
    assert!(
        plan_of.contains("ObservationsExec: columns=[area, value], measures=1, rows="),
        "{plan_of}"
    );
    assert!(!plan_of.contains("FilterExec"), "{plan_of}");
    let limited = plan(1, "SELECT area FROM observations LIMIT 7");
    assert!(limited.contains("limit=7"), "{limited}");
    // Another column's condition stays above.
    let above = plan(
        1,
        "SELECT area FROM observations WHERE value > 1000 AND period = '2019'",
    );
    assert!(above.contains("FilterExec"), "{above}");
    let narrowed = plan(
        2,
        "SELECT area, z FROM compare_all('z', 'robust_z', 'change') WHERE indicator = 'library.loans_per_inhabitant' AND period = '2019'",
    );
    assert!(
        narrowed.contains("CompareAllExec: columns=[indicator, period, area, z], indicators=1"),
        "{narrowed}"
    );
}

#[test]
fn parts_are_aggregated_side_by_side_although_their_order_is_asked_for() {
    let aggregated =
        "SELECT indicator, period, avg(value) AS mean FROM compare_all() GROUP BY indicator, period";
    let ordered = format!("{aggregated} ORDER BY indicator, period");
    let in_order = plan(5, &ordered);
    assert!(in_order.contains("SortPreservingMergeExec"), "{in_order}");
    assert!(
        in_order.contains("BufferExec") && !in_order.contains("SortExec"),
        "{in_order}"
    );
    // Rows that only pass through take no more memory than a few batches.
    let passing = plan(
        5,
        "SELECT indicator, period, area FROM compare_all() ORDER BY indicator, period, area",
    );
    assert!(passing.contains("SortPreservingMergeExec"), "{passing}");
    assert!(!passing.contains("BufferExec"), "{passing}");
    let rows_of = |threads, sql: &str| rows(&example(threads), sql);
    let one = rows_of(1, &ordered);
    assert!(one.len() > 100 && rows_of(5, &ordered) == one);
}

#[test]
fn rows_are_counted_without_being_read() {
    let plan = plan(2, "SELECT count(*) FROM observations WHERE period = '2019'");
    assert!(!plan.contains("ObservationsExec"), "{plan}");
}

#[test]
fn parts_that_are_cut_elsewhere_are_joined_rightly() {
    // Both sides stand in ranges of measures, but not in the same: joined as they are, rows would miss one another.
    let side = |condition: &str| {
        format!("(SELECT o.* FROM observations o CROSS JOIN generate_series(1, 5) WHERE {condition})")
    };
    let join = format!(
        "SELECT count(*), count(DISTINCT measure) FROM {} a JOIN {} b USING (measure, period, area, territory)",
        side("measure <> 'museum.net_operating_cost'"),
        side("period >= '2000'"),
    );
    for threads in [1, 2, 5] {
        let kept = "SELECT 25 * count(*), count(DISTINCT measure) FROM observations \
                    WHERE measure <> 'museum.net_operating_cost' AND period >= '2000'";
        let database = example(threads);
        assert_eq!(rows(&database, &join), rows(&database, kept), "{threads} threads");
    }
    let plan = plan(5, &join);
    assert!(plan.contains("mode=Partitioned"), "{plan}");
}
