//! The rules of the house, read from the source text: a module names only modules on lower floors, files stay short,
//! library code does not panic, every file says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// The floor of every module of the crate. A module may name those with a smaller number.
const FLOORS: [(&str, u8); 21] = [
    ("language", 0),
    ("error", 1),
    ("stats", 1),
    ("model", 2),
    ("source", 2),
    ("store", 2),
    ("catalogue", 3),
    ("territory", 3),
    ("formats", 4),
    ("session", 4),
    ("release", 5),
    ("rules", 5),
    ("ledger", 6),
    ("panel", 6),
    ("collection", 7),
    ("compare", 7),
    ("chart", 8),
    ("export", 8),
    ("report", 9),
    ("sql", 9),
    ("cluster", 10),
];

/// Names that `lib.rs` takes over from a module.
const REEXPORTS: [(&str, &str); 3] = [("Error", "error"), ("ErrorKind", "error"), ("Result", "error")];

/// Files that may be longer than [`MOST_LINES`], with the reason.
const LONG_FILES: [(&str, &str); 1] = [("error/mod.rs", "a list: one entry for each error, each code once")];
const MOST_LINES: usize = 500;

fn source_files() -> Vec<(PathBuf, String)> {
    files_below(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn files_below(root: PathBuf) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of src") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                files.push((path.strip_prefix(&root).expect("within src").to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// The module path of a file: `release/open.rs` is `["release", "open"]`, `release/mod.rs` is `["release"]`.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    path.pop_if(|last| last == "mod" || last == "lib");
    path
}

/// The code without comments; texts become `""` and characters `' '`.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(symbol) = rest.chars().next() {
        let (kept, length) = if rest.starts_with("//") {
            ("", rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (" ", block_comment(rest))
        } else if let Some(length) = raw_text(rest).filter(|_| !ends_in_word(&out)) {
            ("\"\"", length)
        } else if symbol == '"' {
            ("\"\"", quoted(rest, '"'))
        } else if let Some(length) = character(rest) {
            ("' '", length)
        } else {
            (&rest[..symbol.len_utf8()], symbol.len_utf8())
        };
        out.push_str(kept);
        rest = &rest[length..];
    }
    out
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(|symbol: char| symbol.is_alphanumeric() || symbol == '_')
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of `r"…"`, `r#"…"#` and their kin at the beginning of a text.
fn raw_text(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = body.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some(text.len() - body.len() + end + 1 + hashes)
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, symbol) in text.char_indices().skip(1) {
        if !escaped && symbol == quote {
            return at + 1;
        }
        escaped = !escaped && symbol == '\\';
    }
    text.len()
}

/// The length of a character such as `'x'` or `'\n'`; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let mut symbols = inner.chars();
    let (first, second) = (symbols.next()?, symbols.next()?);
    (first == '\\' || second == '\'').then(|| quoted(text, '\''))
}

/// Bare code without the items marked `#[cfg(test)]`.
fn without_tests(bare: &str) -> String {
    let mut out = String::new();
    let mut rest = bare;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let opening = rest.find('{').unwrap_or(rest.len());
        let end = rest.find(';').filter(|end| *end < opening).map(|end| end + 1);
        rest = &rest[end.unwrap_or_else(|| opening + block(&rest[opening..]))..];
    }
    out + rest
}

/// The length of a block in braces at the beginning of bare code.
fn block(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, symbol) in text.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + symbol.len_utf8();
        }
    }
    text.len()
}

/// Names that stand right under the root of the crate: in `crate::x`, `crate::{x, y::{z}}`, and in as many `super::` as
/// lead out of the module.
fn root_names(code: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code
        .match_indices("crate::")
        .filter(|(at, _)| !ends_in_word(&code[..*at]))
    {
        names.extend(heads(&code[at + "crate::".len()..]));
    }
    let way_out = "super::".repeat(depth);
    for (at, _) in code
        .match_indices(&way_out)
        .filter(|(at, _)| depth > 0 && !code[..*at].ends_with("super::"))
    {
        names.extend(heads(&code[at + way_out.len()..]));
    }
    names
}

/// The first segments after a path's `::`.
fn heads(text: &str) -> Vec<String> {
    let text = text.trim_start();
    let word = |text: &str| {
        let end = text
            .find(|symbol: char| !symbol.is_alphanumeric() && symbol != '_')
            .unwrap_or(text.len());
        text[..end].to_owned()
    };
    let Some(group) = text.strip_prefix('{') else {
        return vec![word(text)];
    };
    let mut names = vec![String::new()];
    let mut depth = 0;
    for symbol in group[..block(text) - 2].chars() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ => {}
        }
        if depth == 0 && symbol != ',' {
            names.iter_mut().last().expect("one at least").push(symbol);
        }
    }
    names
        .iter()
        .map(|name| word(name.trim()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, floor)| *floor)
}

/// What a file names that it may not.
fn upward(file: &Path, text: &str) -> Vec<String> {
    let path = module_path(file);
    let Some(own) = path.first() else {
        return Vec::new();
    };
    let Some(own_floor) = floor(own) else {
        return vec![format!("{own} has no floor")];
    };
    let code = bare(text);
    let mut names = root_names(&code, 0);
    names.extend(root_names(
        &without_tests(&code).replace("crate::", "::"),
        path.len(),
    ));
    let target = |name: &str| {
        let reexport = REEXPORTS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, module)| (*module).to_owned());
        reexport.unwrap_or_else(|| name.to_owned())
    };
    let wrong = |name: &String| {
        let lower = floor(name).is_some_and(|floor| floor < own_floor);
        name != own && (own == "stats" || !lower)
    };
    let mut found: Vec<String> = names.iter().map(|name| target(name)).filter(wrong).collect();
    found.sort();
    found.dedup();
    found
}

fn check(file: &str, text: &str) -> Vec<String> {
    upward(Path::new(file), text)
}

#[test]
fn a_module_names_only_lower_floors() {
    let files = source_files();
    assert!(files.len() > 50, "the sources were not found");
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(file, text)| {
            upward(file, text)
                .into_iter()
                .map(|name| format!("{} names {name}", file.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    let mut modules: Vec<String> = source_files()
        .iter()
        .filter_map(|(file, _)| module_path(file).first().cloned())
        .collect();
    modules.dedup();
    let mut known: Vec<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(modules, known);
}

#[test]
fn the_checker_finds_what_goes_up() {
    assert_eq!(
        check("model/unit.rs", "use crate::catalogue::Catalogue;"),
        ["catalogue"]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "use crate::{error::Result, release::{Release, write}, panel};"
        ),
        ["panel", "release"]
    );
    assert_eq!(
        check("model/unit.rs", "use super::super::compare::Note;"),
        ["compare"]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "use super::super::{language::Text, formats::{COLUMNS}};"
        ),
        ["formats"]
    );
    assert_eq!(check("model/mod.rs", "pub use super::export;"), ["export"]);
    assert_eq!(
        check("panel/slice.rs", "fn f() -> crate::compare::Note { todo!() }"),
        ["compare"]
    );
    assert_eq!(
        check("catalogue/mod.rs", "use crate::territory::Territory;"),
        ["territory"]
    );
    assert_eq!(check("stats/rank.rs", "use crate::language::Text;"), ["language"]);
    assert_eq!(check("stats/rank.rs", "fn f(_: crate::Error) {}"), ["error"]);
    assert_eq!(
        check(
            "model/unit.rs",
            "mod tests { fn f() { let _ = \"text\"; crate::panel::span(&[]); } }"
        ),
        ["panel"]
    );
    assert_eq!(
        check("attic/mod.rs", "use crate::model::Unit;"),
        ["attic has no floor"]
    );
}

#[test]
fn the_checker_leaves_the_rest_alone() {
    assert_eq!(
        check("panel/mod.rs", "use crate::{Error, model::{Date, Period}};"),
        [""; 0]
    );
    assert_eq!(
        check(
            "panel/mod.rs",
            "use crate::panel::Slice; use self::slice::Cell; mod slice;"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "panel/slice.rs",
            "use super::{Borders, Slicer}; use super::prices::compare;"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "//! Like crate::release.\n/// [`crate::compare`]\n// crate::panel\n"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "/* crate::panel /* crate::export */ crate::compare */"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "let x = \"\\\" crate::panel\"; let y = r#\"\"crate::panel\"#;"
        ),
        [""; 0]
    );
    assert_eq!(
        check(
            "model/unit.rs",
            "fn f<'a>(x: &'a str) -> char { '\"' } // \" crate::panel"
        ),
        [""; 0]
    );
    assert_eq!(check("lib.rs", "pub use export::Table;"), [""; 0]);
}

#[test]
fn the_checker_sees_tests_and_panics() {
    let text = "fn f() { g().unwrap(); }\n#[cfg(test)]\nmod tests { fn h() { k().unwrap(); } }\nfn l() {}";
    let code = without_tests(&bare(text));
    assert_eq!(code.matches(".unwrap()").count(), 1);
    assert!(code.contains("fn l()") && !code.contains("fn h()"));
    assert!(!bare("/// x.unwrap()\nfn f() {}").contains("unwrap"));
    assert_eq!(without_tests("#[cfg(test)] use x::y; fn f() {}"), " fn f() {}");
}

#[test]
fn files_are_short() {
    for (file, text) in source_files() {
        let lines = without_tests(&bare(&text))
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count();
        let name = file.display().to_string();
        let allowed = LONG_FILES.iter().any(|(long, _)| *long == name);
        assert!(allowed || lines <= MOST_LINES, "{name} has {lines} lines of code");
    }
}

#[test]
fn library_code_does_not_panic() {
    let panics = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("];
    for (file, text) in source_files() {
        let code = without_tests(&bare(&text));
        let found: Vec<&&str> = panics.iter().filter(|panic| code.contains(**panic)).collect();
        assert!(found.is_empty(), "{} uses {found:?}", file.display());
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (file, text) in source_files() {
        assert!(
            text.starts_with("//! "),
            "{} does not begin with //!",
            file.display()
        );
    }
}

/// A text that nothing shows is a promise that nobody keeps.
#[test]
fn every_message_is_used() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = ["kultti-core/src", "kultti-cli/src", "kultti-py/src"];
    let files = crates
        .into_iter()
        .flat_map(|folder| files_below(house.join(folder)));
    let mut code: String = files.map(|(_, text)| text).collect();
    let templates = fs::read_dir(house.join("kultti-core/templates")).expect("the templates");
    for template in templates {
        let path = template.expect("a template").path();
        code.push_str(&fs::read_to_string(path).expect("text"));
    }
    let errors = kultti_core::Error::CODES;
    for message in kultti_core::language::all_codes().filter(|message| !errors.contains(message)) {
        assert!(
            code.contains(&format!("\"{message}\"")),
            "{message} is shown nowhere"
        );
    }
}
