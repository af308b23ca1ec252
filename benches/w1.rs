//! driver
use kultti_core::compare::{CompareAllOptions, Order};
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use std::sync::Arc;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let start = std::time::Instant::now();
    let release = Arc::new(Release::open(&args[1]).unwrap());
    eprintln!("open {:?}", start.elapsed());
    let columns = args
        .get(3)
        .map(String::as_str)
        .unwrap_or("rank,percent_rank,quartile,z,difference:region:median,change_relative");
    let options = CompareAllOptions::columns(columns.split(',').filter(|c| !c.is_empty()))
        .unwrap()
        .with_order(Order::Descending)
        .with_borders(if args.get(4).is_some() {
            Borders::Now
        } else {
            Borders::Then
        })
        .with_threads(args[2].parse().unwrap());
    let all = release.compare_all(options).unwrap();
    eprintln!("planned {:?}", start.elapsed());
    let summary = all.summary(&mut |_, _| Ok(())).unwrap();
    eprintln!("done {:?}", start.elapsed());
    println!("{} slices {} rows", summary.slices, summary.rows);
    for c in summary.columns {
        println!(
            "{} n={} missing={} sum={} min={:?} max={:?} {:016x}",
            c.column, c.n, c.missing, c.sum, c.min, c.max, c.checksum
        );
    }
}
