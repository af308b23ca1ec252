//! x
fn main() {
    let r = kultti_core::release::Release::open("datasets/example.parquet").unwrap();
    let t = std::time::Instant::now();
    let c = r
        .compare("culture.net_operating_cost_per_inhabitant", "Kokkola")
        .unwrap();
    println!("{:?}", t.elapsed());
    println!("{:?} {:?}", c.cell, c.position);
    for p in &c.peers {
        println!("{:?}", p);
    }
    for n in &c.notes {
        println!(
            "{}: {}",
            n.code(),
            n.message.render(kultti_core::language::Language::En)
        );
    }
    for (i, a, b) in [
        ("library.net_operating_cost_per_inhabitant", "Nurmes", "then"),
        ("library.net_operating_cost_per_inhabitant", "911", "then"),
        ("library.net_operating_cost_per_inhabitant", "Kankaanpää", "then"),
        ("library.loans_per_inhabitant", "Mikkeli", "now"),
        ("library.loans_per_inhabitant", "Mäntyharju", "now"),
    ] {
        let mut o = kultti_core::compare::CompareOptions::from(a);
        o.borders = b.parse().unwrap();
        match r.compare(i, o) {
            Ok(c) => {
                println!("{a} {b} {:?} {:?} n {}", c.cell, c.position.rank, c.position.n);
                for p in &c.peers {
                    println!("   {:?}", p.row);
                }
                for n in &c.notes {
                    println!(
                        "   {}: {}",
                        n.code(),
                        n.message.render(kultti_core::language::Language::En)
                    );
                }
            }
            Err(e) => println!("{a} {b} {e}"),
        }
    }
    println!(
        "{}",
        r.compare("culture.net_operating_cost_per_inhabitant", "Valtimo")
            .unwrap_err()
    );
    println!(
        "{}",
        r.explain("culture.share_of_operating_economy", "Kokkola")
            .unwrap()
            .formula_with_numbers
    );
}
