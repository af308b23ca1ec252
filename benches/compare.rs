//! How long a question takes: on the example release open, one comparison, a ranking; the second question on an open
//! release also on the large one, where `make bench` has made it. For the kernels underneath see `kernels.rs`.
//!
//! `make bench`; figures are written down in `docs/performance.md`.

#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use criterion::{Criterion, criterion_group, criterion_main};
use kultti_core::compare::CompareOptions;
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use kultti_core::stats::Order;
use std::hint::black_box;
use std::path::PathBuf;

const INDICATOR: &str = "culture.net_operating_cost_per_inhabitant";

fn example() -> Option<Release> {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).ok()
}

fn questions(criterion: &mut Criterion) {
    let Some(release) = example() else { return };
    criterion.bench_function("open", |bencher| bencher.iter(|| black_box(example())));
    criterion.bench_function("compare", |bencher| {
        bencher.iter(|| black_box(release.compare(INDICATOR, "272")))
    });
    criterion.bench_function("rank", |bencher| {
        bencher.iter(|| black_box(release.rank(INDICATOR, Order::Descending)))
    });
    criterion.bench_function("verify", |bencher| bencher.iter(|| black_box(release.verify())));
}

/// One area against its region and ten others, once the rows have been read.
fn second_question(criterion: &mut Criterion) {
    let others = [
        "231", "272", "421", "074", "217", "236", "584", "849", "598", "599",
    ];
    if let Some(release) = example() {
        ask(
            criterion,
            "example",
            &release,
            ("272", "2019", &others, INDICATOR),
        );
    }
    let others = [
        "654", "460", "300", "422", "774", "696", "414", "500", "708", "502",
    ];
    let folder = std::env::var_os("BENCH_DATA").map_or_else(
        || {
            std::env::home_dir()
                .unwrap_or_default()
                .join(".cache/kultti/bench-data")
        },
        PathBuf::from,
    );
    if let Ok(release) = Release::open(folder.join("L.parquet")) {
        ask(criterion, "L", &release, ("680", "2023", &others, "i1512"));
    }
}

fn ask(
    criterion: &mut Criterion,
    name: &str,
    release: &Release,
    (area, period, others, indicator): (&str, &str, &[&str], &str),
) {
    let mut options = CompareOptions::from(area)
        .with_borders(Borders::Then)
        .with_peers([&["region"], others].concat());
    options.period = period.parse().ok();
    criterion.bench_function(&format!("second question, {name}"), |bencher| {
        bencher.iter(|| black_box(release.compare(indicator, options.clone())))
    });
}

criterion_group! {
    name = all;
    config = Criterion::default();
    targets = questions, second_question
}
criterion_main!(all);
