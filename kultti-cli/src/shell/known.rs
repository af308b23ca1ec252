//! What the shell completes: keywords, tables, columns, functions, and within quotes indicators and areas.

use super::command::COMMANDS;
use super::statement::token;
use kultti_core::language::{Language, fold};
use kultti_core::sql::{Database, DatabaseObjectKind};
use std::collections::BTreeSet;

/// Words of SQL that queries are made of.
const KEYWORDS: [&str; 52] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CROSS",
    "DESC",
    "DESCRIBE",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXISTS",
    "EXPLAIN",
    "FALSE",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INTERSECT",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "RIGHT",
    "SELECT",
    "SHOW",
    "TABLES",
    "THEN",
    "TRUE",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WITH",
];

/// Functions of the engine that analysts reach for.
const FUNCTIONS: [&str; 20] = [
    "abs",
    "avg",
    "coalesce",
    "corr",
    "count",
    "dense_rank",
    "first_value",
    "lag",
    "lead",
    "lower",
    "max",
    "median",
    "min",
    "nullif",
    "rank",
    "round",
    "row_number",
    "stddev",
    "sum",
    "upper",
];

/// Behind these words stands a table.
const BEFORE_TABLES: [&str; 4] = ["FROM", "JOIN", "DESCRIBE", "TABLE"];

/// The formats that a terminal can show.
const FORMATS: [&str; 7] = ["table", "csv", "tsv", "json", "jsonl", "md", "html"];

/// Everything that can be completed.
pub(super) struct Known {
    /// Tables, views and own data, and with a parenthesis the functions that are tables.
    tables: BTreeSet<String>,
    columns: BTreeSet<String>,
    /// What stands within quotes: ids of indicators and groupings, names of areas.
    texts: Vec<(String, String)>,
}

impl Known {
    /// What a database holds now.
    pub(super) fn of(database: &Database, language: Language) -> Self {
        let objects = database.objects();
        let tables = objects.iter().map(|object| match object.kind {
            DatabaseObjectKind::Function => format!("{}(", object.name),
            _ => object.name.clone(),
        });
        let columns = objects.iter().flat_map(|object| &object.columns);
        let release = database.release();
        let indicators = release.indicators("").rows;
        let indicators = indicators.iter().map(|row| row.declared.id.to_string());
        let areas = release.areas("").rows;
        let areas = areas.iter().map(|row| row.area.name.get(language).to_owned());
        let texts = indicators.chain(areas).map(|text| (fold(&text), text));
        Self {
            tables: tables.collect(),
            columns: columns.map(|(name, _)| name.clone()).collect(),
            texts: texts.collect(),
        }
    }

    /// Where the last word of a line begins, and what it may become; `None` where files are asked for.
    pub(super) fn complete(&self, line: &str) -> Option<(usize, Vec<String>)> {
        if line.trim_start().starts_with('.') {
            return self.command(line);
        }
        let open = open_token(line);
        match line[open..].chars().next() {
            Some('\'') => {
                let start = open + 1;
                let typed = fold(&line[start..]);
                let fits = self.texts.iter().filter(|(folded, _)| folded.starts_with(&typed));
                Some((start, fits.map(|(_, text)| text.replace('\'', "''")).collect()))
            }
            Some('"') => Some((open + 1, beginning(self.columns.iter(), &line[open + 1..]))),
            Some(_) => Some((line.len(), Vec::new())),
            None => Some(self.word(line)),
        }
    }

    /// A word outside quotes.
    fn word(&self, line: &str) -> (usize, Vec<String>) {
        let typed = line.trim_end_matches(|symbol: char| symbol.is_alphanumeric() || symbol == '_');
        let start = typed.len();
        let word = &line[start..];
        if typed.ends_with('.') {
            return (start, beginning(self.columns.iter(), word));
        }
        let before = typed
            .split_whitespace()
            .next_back()
            .unwrap_or_default()
            .to_uppercase();
        if BEFORE_TABLES.contains(&before.as_str()) {
            return (start, beginning(self.tables.iter(), word));
        }
        if word.is_empty() {
            return (start, Vec::new());
        }
        // Keywords in the case in which they are begun.
        let small = word.starts_with(char::is_lowercase);
        let keyword = |name: &&str| {
            if small {
                name.to_lowercase()
            } else {
                (*name).to_owned()
            }
        };
        let keywords: Vec<String> = KEYWORDS.iter().map(keyword).collect();
        let functions = FUNCTIONS.map(|name| format!("{name}("));
        let all = self
            .columns
            .iter()
            .chain(&self.tables)
            .chain(&functions)
            .chain(&keywords);
        (start, beginning(all, word))
    }

    /// A line that begins with a dot.
    fn command(&self, line: &str) -> Option<(usize, Vec<String>)> {
        let blank = line.len() - line.trim_start().len();
        let Some((name, rest)) = line[blank..].split_once(' ') else {
            let names = COMMANDS.map(|(name, _, _)| name.to_owned());
            return Some((blank, beginning(names.iter(), &line[blank..])));
        };
        let typed = rest.trim_start();
        let start = line.len() - typed.len();
        match name {
            ".schema" => {
                let names = self
                    .tables
                    .iter()
                    .map(|name| name.trim_end_matches('(').to_owned());
                let names: Vec<String> = names.collect();
                Some((start, beginning(names.iter(), typed)))
            }
            ".format" => Some((start, beginning(FORMATS.map(str::to_owned).iter(), typed))),
            ".read" => None,
            ".register" if typed.contains(' ') => None,
            _ => Some((line.len(), Vec::new())),
        }
    }
}

/// Where a quotation or comment begins that does not end, or the end of the line.
fn open_token(line: &str) -> usize {
    let mut at = 0;
    while let Some(length) = token(&line[at..]) {
        at += length;
    }
    at
}

/// Names that begin as was typed, whatever the case, each once.
fn beginning<'n>(names: impl Iterator<Item = &'n String>, typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    let fits: BTreeSet<&String> = names
        .filter(|name| name.to_lowercase().starts_with(&typed))
        .collect();
    fits.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let texts = ["library.loans_per_inhabitant", "Äänekoski", "Kokkola"];
        Known {
            tables: ["observations", "compare(", "mine"].map(str::to_owned).into(),
            columns: ["area", "period", "percent_rank"].map(str::to_owned).into(),
            texts: texts.map(|text| (fold(text), text.to_owned())).to_vec(),
        }
    }

    #[test]
    fn words_become_what_may_stand_there() {
        for (line, start, found) in [
            ("sel", 0, &["select"][..]),
            ("SEL", 0, &["SELECT"]),
            ("SELECT pe", 7, &["percent_rank", "period"]),
            ("SELECT * FROM ", 14, &["compare(", "mine", "observations"]),
            ("SELECT * FROM OBS", 14, &["observations"]),
            ("SELECT o.a", 9, &["area"]),
            (
                "SELECT * FROM compare('lib",
                23,
                &["library.loans_per_inhabitant"],
            ),
            ("SELECT * FROM x WHERE name = 'aan", 30, &["Äänekoski"]),
            ("SELECT 'it''s', \"ar", 17, &["area"]),
            ("SELECT 1 -- sel", 15, &[]),
            (".sch", 0, &[".schema"]),
            (".schema com", 8, &["compare"]),
            (".format js", 8, &["json", "jsonl"]),
        ] {
            let found: Vec<String> = found.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(known().complete(line), Some((start, found)), "{line}");
        }
        for line in [".read ", ".register mine da"] {
            assert_eq!(known().complete(line), None, "{line}");
        }
    }
}
