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

/// Verbs that put a question; a release has a method of the same name.
const QUESTIONS: [&str; 12] = [
    "compare",
    "rank",
    "groups",
    "change",
    "trend",
    "inequality",
    "peers",
    "expected",
    "intervals",
    "composition",
    "cost-per-use",
    "explain",
];

/// What gives every row of a result.
const TABLES: &str = "pyarrow.table(…)";

/// How a ledger comes about at a shell, before its address, in each language.
const LEDGER_MADE: [&str; 3] = [
    "kultti submit TIEDOSTO --ledger ",
    "kultti submit FIL --ledger ",
    "kultti submit FILE --ledger ",
];

/// `--territory then` as `territory="then"`, `--as-of-year` as `as_of_year=…`.
pub(crate) fn in_python(text: &str) -> String {
    if let Some((before, address)) = LEDGER_MADE.iter().find_map(|command| text.split_once(command)) {
        return format!("{before}kultti.Ledger.create(\"{address}\")");
    }
    let text = text
        .replace("--format csv or json", TABLES)
        .replace("--format csv tai json", TABLES)
        .replace("--format csv eller json", TABLES)
        .replace("kultti peer-models", "release.peer_models")
        .replace("kultti indicators", "release.indicators")
        .replace("kultti status --findings", "ledger.findings(…)")
        .replace("kultti waive", "ledger.waive(…)")
        .replace("kultti submit", "ledger.submit(…)")
        .replace("kultti check", "round.check(…)")
        .replace("--author \"", "author=\"")
        .replace("--reason \"", "reason=\"")
        .replace(" -k ", " k=… ");
    if let Some((before, question)) = question_in(&text) {
        return format!("{before}{}", call(question));
    }
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

/// The command line at the end of a sentence that puts a question, and what stands before it.
fn question_in(text: &str) -> Option<(&str, &str)> {
    let (at, command) = text.match_indices("kultti ").find_map(|(at, lead)| {
        let verb = text[at + lead.len()..].split(' ').next()?;
        QUESTIONS.contains(&verb).then_some((at, &text[at..]))
    })?;
    Some((&text[..at], command))
}

/// A command line that puts a question, as the call of a release: `release.compare("…", area="272", period=2019)`.
pub(crate) fn call(command: &str) -> String {
    let mut words = words(command).into_iter().skip(1).peekable();
    let verb = words.next().unwrap_or_default().replace('-', "_");
    let mut arguments: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let Some(option) = option_name(&word) else {
            arguments.push(literal("", &word));
            continue;
        };
        let value = words.next_if(|next| option_name(next).is_none());
        let name = in_python_name(option).map_or_else(|| option.replace('-', "_"), str::to_owned);
        arguments.push(match value {
            Some(value) => format!("{name}={}", literal(option, &value)),
            None => format!("{name}=True"),
        });
    }
    format!("release.{verb}({})", arguments.join(", "))
}

/// The name of an option; a negative number is none.
fn option_name(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        .then_some(name)
}

/// A value as Python writes it: codes stay text, years and other numbers are numbers, several areas are a list.
fn literal(option: &str, value: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let number = value.parse::<f64>().is_ok() && !value.starts_with('+');
    match option {
        "area" if value.contains(',') => {
            let areas: Vec<String> = value.split(',').map(quoted).collect();
            format!("[{}]", areas.join(", "))
        }
        "" | "area" | "peers" | "test" | "within" | "group" | "candidates" => quoted(value),
        "chain" if value == "stated" => "True".to_owned(),
        _ if number => value.to_owned(),
        _ => quoted(value),
    }
}

/// The words of a command line, without the quotation marks of the shell.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut inside = false;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => inside = !inside,
            '\\' if !inside => words
                .last_mut()
                .into_iter()
                .for_each(|word| word.extend(letters.next())),
            ' ' if !inside => words.push(String::new()),
            _ => words.last_mut().into_iter().for_each(|word| word.push(letter)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name of an argument where Python has another one.
pub(crate) fn in_python_name(name: &str) -> Option<&'static str> {
    match name {
        "from" => Some("start"),
        "to" => Some("end"),
        "map" => Some("mapping"),
        "write-structure" => Some("structure"),
        "round" => Some("rounds"),
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
