//! Tables of statistical offices, made, read and written, for `formats.py`.
//!
//! - `formats make MEGABYTES FILE` writes a PX file in three languages; the same size gives the same bytes on every machine.
//! - `formats read FILE` reads a table in any format and prints what that took, how many cells it has and their sum.
//! - `formats write FILE OUT` reads a table, writes it in the format that OUT ends with, and prints what the writing took.

#[path = "generator/random.rs"]
mod random;

use kultti_core::formats::{Format, ReadOptions, Target, WriteOptions, read_cube, write_cube};
use random::{draw, skewed};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

type Failure = Box<dyn Error>;

const AREAS: u64 = 309;
const YEARS: u64 = 30;
/// Bytes of a figure with the space after it, about.
const BYTES: u64 = 6;
/// What the figures of a content value are multiples of, and how many decimals they have.
const SCALES: [(i64, u32); 7] = [
    (40, 0),
    (700, 0),
    (9_000, 0),
    (90_000, 0),
    (400, 1),
    (2_000, 1),
    (900, 2),
];
/// One cell in 64 has a symbol, four times in seven that it is not available.
const SYMBOLS: [&str; 7] = ["..", "..", "..", "..", ".", "...", "-"];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", megabytes, file] => make(megabytes.parse()?, file),
        ["read", file] => read(file),
        ["write", file, out] => write(file, out),
        _ => Err("usage: formats make MEGABYTES FILE | read FILE | write FILE OUT".into()),
    }
}

/// Municipalities by figures, with years in the columns.
fn make(megabytes: u64, file: &str) -> Result<(), Failure> {
    let contents = (megabytes * 1_000_000 / (AREAS * YEARS * BYTES)).max(1);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    writeln!(
        out,
        "CHARSET=\"ANSI\";\nAXIS-VERSION=\"2013\";\nCODEPAGE=\"utf-8\";"
    )?;
    writeln!(
        out,
        "LANGUAGE=\"fi\";\nLANGUAGES=\"fi\",\"sv\",\"en\";\nCREATION-DATE=\"20261122 09:00\";"
    )?;
    writeln!(
        out,
        "DECIMALS=2;\nSHOWDECIMALS=2;\nMATRIX=\"bench\";\nSUBJECT-CODE=\"bench\";"
    )?;
    let languages = [
        ("", "Kunta", "Tiedot", "Vuosi", "Luvut", "lukumäärä"),
        ("[sv]", "Kommun", "Uppgifter", "År", "Tal", "antal"),
        ("[en]", "Municipality", "Information", "Year", "Figures", "number"),
    ];
    for (tag, area, content, year, title, unit) in languages {
        writeln!(
            out,
            "SUBJECT-AREA{tag}=\"{title}\";\nTITLE{tag}=\"{title}\";\nCONTENTS{tag}=\"{title}\";"
        )?;
        writeln!(
            out,
            "UNITS{tag}=\"{unit}\";\nSTUB{tag}=\"{area}\",\"{content}\";\nHEADING{tag}=\"{year}\";"
        )?;
        list(&mut out, &format!("VALUES{tag}(\"{area}\")"), AREAS, |at| {
            format!("{area} {at:03}")
        })?;
        list(&mut out, &format!("VALUES{tag}(\"{content}\")"), contents, |at| {
            format!("{content} {at}")
        })?;
        list(&mut out, &format!("VALUES{tag}(\"{year}\")"), YEARS, |at| {
            (1990 + at).to_string()
        })?;
    }
    list(&mut out, "CODES(\"Kunta\")", AREAS, |at| format!("{at:03}"))?;
    list(&mut out, "CODES(\"Tiedot\")", contents, |at| format!("t{at}"))?;
    out.write_all(b"DATA=\n")?;
    for area in 0..AREAS {
        for content in 0..contents {
            for year in 0..YEARS {
                figure(&mut out, area, content, year)?;
            }
            out.write_all(b"\n")?;
        }
    }
    out.write_all(b";\n")?;
    out.flush()?;
    Ok(())
}

fn list(
    out: &mut impl Write,
    keyword: &str,
    count: u64,
    text: impl Fn(u64) -> String,
) -> Result<(), Failure> {
    write!(out, "{keyword}=")?;
    for at in 0..count {
        let comma = if at + 1 < count { ",\n" } else { ";\n" };
        write!(out, "\"{}\"{comma}", text(at))?;
    }
    Ok(())
}

fn figure(out: &mut impl Write, area: u64, content: u64, year: u64) -> Result<(), Failure> {
    let random = draw("figure", &[area, content, year]);
    let pick = |from: usize, shift: u32| usize::try_from(random >> shift).unwrap_or_default() % from;
    if pick(64, 40) == 0 {
        write!(
            out,
            "\"{}\" ",
            SYMBOLS.get(pick(SYMBOLS.len(), 8)).copied().unwrap_or(".")
        )?;
        return Ok(());
    }
    let scale = usize::try_from(content).unwrap_or_default() % SCALES.len();
    let (start, decimals) = SCALES.get(scale).copied().unwrap_or_default();
    let value = skewed(start, 6, random);
    let ten = 10i64.pow(decimals);
    match usize::try_from(decimals)? {
        0 => write!(out, "{value} ")?,
        width => write!(out, "{}.{:0width$} ", value / ten, value % ten)?,
    }
    Ok(())
}

fn read(file: &str) -> Result<(), Failure> {
    let bytes = std::fs::read(file)?;
    let start = Instant::now();
    let reading = read_cube(file, &bytes, &ReadOptions::default())?;
    let seconds = start.elapsed().as_secs_f64();
    let values = reading.cube.cells.values();
    let numbers = values.iter().filter(|value| value.is_finite());
    let sum: f64 = numbers.clone().sum();
    let (cells, numbers, size) = (values.len(), numbers.count(), bytes.len());
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{{\"seconds\": {seconds}, \"bytes\": {size}, \"cells\": {cells}, \"numbers\": {numbers}, \"sum\": {sum}}}"
    )?;
    Ok(())
}

fn write(file: &str, name: &str) -> Result<(), Failure> {
    let format = Format::of_name(name).ok_or("OUT ends like no format")?;
    let reading = read_cube(file, &std::fs::read(file)?, &ReadOptions::default())?;
    let start = Instant::now();
    let mut out = File::create(name)?;
    let mut target = Target { name, out: &mut out };
    write_cube(&reading.cube, format, &WriteOptions::default(), &mut target)?;
    let seconds = start.elapsed().as_secs_f64();
    let (cells, size) = (reading.cube.cells.len(), std::fs::metadata(name)?.len());
    writeln!(
        std::io::stdout(),
        "{{\"seconds\": {seconds}, \"bytes\": {size}, \"cells\": {cells}}}"
    )?;
    Ok(())
}
