//! How long a question takes on the example release: open, one comparison, a ranking. For the kernels underneath see
//! `kernels.rs`.
//!
//! `make bench`; figures are written down in `docs/performance.md`.

#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use criterion::{Criterion, criterion_group, criterion_main};
use kultti_core::release::Release;
use kultti_core::stats::Order;
use std::hint::black_box;

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

criterion_group! {
    name = all;
    config = Criterion::default();
    targets = questions
}
criterion_main!(all);
