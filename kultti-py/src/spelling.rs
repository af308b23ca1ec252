//! Sentences of the core name options as the command line has them; here they become keyword arguments.

use serde_json::Value;

/// Options that stand alone on the command line.
const SWITCHES: [&str; 3] = ["list", "explain", "three-year"];

/// Words that are a value where they follow an option.
const WORDS: [&str; 10] = [
    "now",
    "then",
    "asc",
    "desc",
    "country",
    "shapley",
    "lmdi",
    "quasi-poisson",
    "Kokkola",
    "Karleby",
];

/// What gives every row of a result.
const TABLES: &str = "pyarrow.table(…)";

/// `--territory then` as `territory="then"`, `--as-of-year` as `as_of_year=…`.
pub(crate) fn in_python(text: &str) -> String {
    let text = text
        .replace("--format csv or json", TABLES)
        .replace("--format csv tai json", TABLES)
        .replace("--format csv eller json", TABLES)
        .replace("kultti peer-models", "release.peer_models")
        .replace("kultti indicators", "release.indicators")
        .replace(" -k ", " k=… ");
    let mut written = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("--") {
        let (before, option) = rest.split_at(at);
        written.push_str(before);
        let name: String = option[2..]
            .chars()
            .take_while(|letter| letter.is_ascii_lowercase() || *letter == '-')
            .collect();
        let name = name.trim_end_matches('-');
        if name.is_empty() {
            written.push_str("--");
            rest = &option[2..];
            continue;
        }
        rest = &option[2 + name.len()..];
        let value = value_of(rest);
        written.push_str(&keyword(name, value));
        rest = value.map_or(rest, |value| &rest[1 + value.len()..]);
    }
    written + rest
}

/// The name of an argument where Python has another one.
pub(crate) fn in_python_name(name: &str) -> Option<&'static str> {
    match name {
        "from" => Some("start"),
        "to" => Some("end"),
        "map" => Some("mapping"),
        "write-structure" => Some("structure"),
        _ => None,
    }
}

fn keyword(option: &str, value: Option<&str>) -> String {
    let name = in_python_name(option).map_or_else(|| option.replace('-', "_"), str::to_owned);
    match value {
        Some(number) if number.parse::<f64>().is_ok() => format!("{name}={number}"),
        Some(text) => format!("{name}=\"{text}\""),
        None if SWITCHES.contains(&option) => format!("{name}=True"),
        None => format!("{name}=…"),
    }
}

/// The value that follows an option, without the sentence's own point or comma.
fn value_of(rest: &str) -> Option<&str> {
    let word = rest.strip_prefix(' ')?.split([' ', ')', ';']).next()?;
    let word = word.trim_end_matches(['.', ',', ':']);
    let inside = |sign: char| word.contains(sign);
    let looks =
        WORDS.contains(&word) || inside('.') || inside(':') || inside('@') || word.parse::<f64>().is_ok();
    Some(word).filter(|_| looks)
}

/// The same for every sentence of a JSON form.
pub(crate) fn texts_in_python(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(text) if name == "text" && text.contains("--") => *text = in_python(text),
                    inner => texts_in_python(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(texts_in_python),
        _ => {}
    }
}
