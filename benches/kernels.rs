//! How long each statistical kernel takes on a slice of 48, 310 and 400 areas with ties and gaps.
//!
//! The values are log-normal, as costs per inhabitant are, with one value in twenty missing and as many
//! equal to another or zero. `cargo bench -p kultti-benches --bench kernels`.

#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use kultti_core::stats::{
    Direction, ExactSum, Grouped, Order, Ordered, QuantileType, Ties, Worst, absolute_change,
    compound_annual_growth, decimal_sum, exact_sum, index, interval_band, mean, median,
    median_absolute_deviation, percent_rank, quantile, quantile_groups, rank, ratio_of_sums, real_value,
    relative_bands, relative_change, robust_z_scores, standard_deviation, threshold_bands, weighted_mean,
    weighted_quantile, z_scores,
};
use std::hint::black_box;

const AREAS: [usize; 3] = [48, 310, 400];

/// As many slices as it takes that the processor does not learn one by heart.
const SLICES: usize = 256;

/// Groups that lie within each other: the country, size classes, regions.
const GROUPS: usize = 19;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Euros per inhabitant, about 90 in the middle and up to a thousand; NaN is missing.
    fn slice(&mut self, areas: usize) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(areas);
        for _ in 0..areas {
            let normal: f64 = (0..12).map(|_| self.share()).sum::<f64>() - 6.0;
            let euros = (4.5 + 0.8 * normal).exp();
            let earlier = values.get(self.next() as usize % areas).copied();
            values.push(match self.next() % 40 {
                0 | 1 => f64::NAN,
                2 => 0.0,
                3 => earlier.unwrap_or(euros),
                _ => euros,
            });
        }
        values
    }
}

/// The same slices in the forms that the kernels take.
struct Data {
    areas: usize,
    panels: Vec<Vec<f64>>,
    columns: Vec<Vec<Option<f64>>>,
    present: Vec<Vec<f64>>,
    cents: Vec<Vec<f64>>,
    pairs: Vec<Vec<(f64, f64)>>,
    group_of: Vec<u32>,
}

impl Data {
    fn new(areas: usize) -> Self {
        let mut numbers = Numbers(areas as u64);
        let panels: Vec<Vec<f64>> = (0..SLICES).map(|_| numbers.slice(areas)).collect();
        let present = |slice: &Vec<f64>| slice.iter().copied().filter(|x| !x.is_nan()).collect();
        let values: Vec<Vec<f64>> = panels.iter().map(present).collect();
        Self {
            areas,
            columns: panels
                .iter()
                .map(|slice| slice.iter().map(|&x| (!x.is_nan()).then_some(x)).collect())
                .collect(),
            cents: values
                .iter()
                .map(|slice| slice.iter().map(|x| (x * 1e4).round() / 1e2).collect())
                .collect(),
            pairs: values
                .iter()
                .map(|slice| slice.iter().map(|&x| (x, 500.0 + 9.0 * x)).collect())
                .collect(),
            group_of: (0..areas).map(|area| (area * 7 % GROUPS) as u32).collect(),
            present: values,
            panels,
        }
    }
}

/// Times `f` on one slice after another.
fn time<T, R>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: String,
    slices: &[T],
    mut f: impl FnMut(&T) -> R,
) {
    let mut turn = slices.iter().cycle();
    group.bench_function(name, |bencher| {
        bencher.iter(|| turn.next().map(|slice| black_box(f(black_box(slice)))))
    });
}

/// One question on one slice.
fn positions(group: &mut BenchmarkGroup<'_, WallTime>, data: &Data) {
    let name = |kernel: &str| format!("{kernel}, {} areas", data.areas);
    let columns = &data.columns;
    time(group, name("rank"), columns, |x| {
        rank(x, Order::Descending, Ties::Min)
    });
    time(group, name("percent rank"), columns, |x| {
        percent_rank(x, Worst::Lowest)
    });
    time(group, name("quantile groups"), columns, |x| {
        quantile_groups(x, 4, Order::Ascending)
    });
    time(group, name("z-scores"), columns, |x| z_scores(x));
    time(group, name("robust z-scores"), columns, |x| robust_z_scores(x));
    time(group, name("relative bands"), columns, |x| {
        relative_bands(x, Direction::Lower)
    });
    time(group, name("threshold bands"), columns, |x| {
        threshold_bands(x, 50.0, 200.0, Direction::Lower)
    });
}

/// One number for a slice.
fn reducers(group: &mut BenchmarkGroup<'_, WallTime>, data: &Data) {
    let name = |kernel: &str| format!("{kernel}, {} areas", data.areas);
    let (present, pairs) = (&data.present, &data.pairs);
    time(group, name("exact sum"), present, |x| {
        exact_sum(x.iter().copied())
    });
    time(group, name("exact sum, one by one"), present, |x| {
        let mut sum = ExactSum::new();
        x.iter().for_each(|&value| sum.add(value));
        sum.value()
    });
    time(group, name("decimal sum"), &data.cents, |x| {
        decimal_sum(x.iter().copied(), 2)
    });
    time(group, name("mean"), present, |x| mean(x));
    time(group, name("standard deviation"), present, |x| {
        standard_deviation(x)
    });
    time(group, name("median"), present, |x| median(x));
    time(group, name("quantile of sorted"), present, |x| {
        quantile(x, 0.25, QuantileType::Type7)
    });
    time(group, name("median absolute deviation"), present, |x| {
        median_absolute_deviation(x)
    });
    time(group, name("weighted mean"), pairs, |x| weighted_mean(x));
    time(group, name("weighted quantile"), pairs, |x| {
        weighted_quantile(x, 0.5)
    });
    time(group, name("ratio of sums"), pairs, |x| {
        ratio_of_sums(x, 1000.0, (2, 0))
    });
}

/// Each step on a slice sorted already, and all of them after one sort.
fn ordered(group: &mut BenchmarkGroup<'_, WallTime>, data: &Data) {
    let name = |kernel: &str| format!("ordered: {kernel}, {} areas", data.areas);
    let (mut slice, mut parts) = (Ordered::new(), Grouped::new());
    let mut out = vec![0.0; data.areas];
    time(group, name("sort"), &data.panels, |x| slice.sort(x));
    let sorted: Vec<Ordered> = data
        .panels
        .iter()
        .map(|x| {
            let mut slice = Ordered::new();
            slice.sort(x);
            slice
        })
        .collect();
    time(group, name("rank"), &sorted, |x| {
        x.rank(Order::Descending, Ties::Min, &mut out)
    });
    time(group, name("percent rank"), &sorted, |x| {
        x.percent_rank(Worst::Lowest, &mut out)
    });
    time(group, name("quantile groups"), &sorted, |x| {
        x.quantile_groups(4, Order::Ascending, &mut out)
    });
    time(group, name("z-scores"), &sorted, |x| x.z_scores(&mut out));
    time(group, name("robust z-scores"), &sorted, |x| {
        x.robust_z_scores(&mut out)
    });
    let medians = |parts: &Grouped| -> f64 { (0..GROUPS).filter_map(|group| parts.median(group)).sum() };
    time(group, name("split and 19 medians"), &sorted, |x| {
        x.split(&data.group_of, GROUPS, &mut parts);
        medians(&parts)
    });
    time(group, name("everything"), &data.panels, |x| {
        slice.sort(x);
        slice.rank(Order::Descending, Ties::Min, &mut out);
        slice.percent_rank(Worst::Lowest, &mut out);
        slice.quantile_groups(4, Order::Ascending, &mut out);
        slice.z_scores(&mut out);
        slice.split(&data.group_of, GROUPS, &mut parts);
        medians(&parts)
    });
}

/// One value at a time, over a slice.
fn changes(group: &mut BenchmarkGroup<'_, WallTime>, data: &Data) {
    let name = |kernel: &str| format!("{kernel}, {} areas", data.areas);
    let pairs = &data.pairs;
    let each = |x: &[(f64, f64)], f: fn(f64, f64) -> f64| x.iter().map(|&(a, b)| f(a, b)).sum::<f64>();
    time(group, name("absolute change"), pairs, |x| {
        each(x, absolute_change)
    });
    time(group, name("relative change"), pairs, |x| {
        each(x, |a, b| relative_change(a, b).unwrap_or(0.0))
    });
    time(group, name("index"), pairs, |x| {
        each(x, |a, b| index(a, b).unwrap_or(0.0))
    });
    time(group, name("compound annual growth"), pairs, |x| {
        each(x, |a, b| compound_annual_growth(a, b, 5.0).unwrap_or(0.0))
    });
    time(group, name("real value"), pairs, |x| {
        each(x, |a, b| real_value(a, b, 1000.0).unwrap_or(0.0))
    });
    time(group, name("interval band"), pairs, |x| {
        let band = |&(low, high): &(f64, f64)| interval_band((low, high), 800.0, Direction::Lower);
        x.iter().map(band).filter(|band| band.is_some()).count()
    });
}

fn kernels(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kernel");
    for areas in AREAS {
        let data = Data::new(areas);
        positions(&mut group, &data);
        reducers(&mut group, &data);
        ordered(&mut group, &data);
        changes(&mut group, &data);
    }
    group.finish();
}

criterion_group!(all, kernels);
criterion_main!(all);
