//! The commands of the shell: lines that begin with a dot.

use kultti_core::export::{Align, Block, Document, Export, Grid, Table, Value};
use kultti_core::language::{Language, word};
use kultti_core::{Error, Result};

/// Names, what comes behind them, and what they do.
pub(super) const COMMANDS: [(&str, &str, &str); 7] = [
    (".help", "", "word.shell-help"),
    (".tables", "", "word.shell-tables"),
    (".schema", "NAME", "word.shell-schema"),
    (".read", "FILE", "word.shell-read"),
    (".register", "NAME FILE", "word.shell-register"),
    (".format", "FORMAT", "word.shell-format"),
    (".quit", "", "word.shell-quit"),
];

/// A command as it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'l> {
    Help,
    Tables,
    Schema(&'l str),
    Read(&'l str),
    Register(&'l str, &'l str),
    Format(&'l str),
    Quit,
}

impl<'l> Command<'l> {
    /// Reads a line that begins with a dot.
    ///
    /// # Errors
    /// [`Error::UnknownCommand`]; [`Error::InvalidArgument`] where something lacks or is too much.
    pub(super) fn read(line: &'l str) -> Result<Self> {
        // A semicolon behind a command is a habit, not a mistake.
        let line = line.trim_end_matches(';');
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let known = COMMANDS.iter().find(|(known, _, _)| *known == name);
        let (_, wanted, _) = known.ok_or_else(|| Error::UnknownCommand {
            command: name.to_owned(),
            known: COMMANDS.map(|(name, _, _)| name.to_owned()).to_vec(),
        })?;
        let refused = || Error::InvalidArgument {
            name: name.to_owned(),
            expected: if wanted.is_empty() { "–" } else { wanted }.to_owned(),
            found: if rest.is_empty() { "–" } else { rest }.to_owned(),
        };
        if rest.is_empty() != wanted.is_empty() {
            return Err(refused());
        }
        Ok(match name {
            ".tables" => Self::Tables,
            ".schema" => Self::Schema(rest),
            ".read" => Self::Read(rest),
            ".register" => {
                let (table, path) = rest.split_once(char::is_whitespace).ok_or_else(refused)?;
                Self::Register(table, path.trim_start())
            }
            ".format" => Self::Format(rest),
            ".quit" => Self::Quit,
            _ => Self::Help,
        })
    }
}

/// What the commands do.
pub(super) struct Help;

impl Export for Help {
    fn table(&self, language: Language) -> Table {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        let row = |(name, rest, code): &(&str, &str, &'static str)| {
            vec![text(&with(name, rest)), text(word(code, language))]
        };
        Table {
            columns: vec!["command", "does"],
            rows: COMMANDS.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let header = |code| (word(code, language).to_owned(), Align::Left);
        let row = |(name, rest, code): &(&str, &str, &'static str)| {
            vec![with(name, rest), word(code, language).to_owned()]
        };
        Document {
            language: language.code(),
            blocks: vec![Block::Grid(Grid {
                caption: String::new(),
                headers: vec![header("word.shell-command"), header("word.shell-does")],
                rows: COMMANDS.iter().map(row).collect(),
            })],
        }
    }
}

fn with(name: &str, rest: &str) -> String {
    format!("{name} {rest}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_with_what_they_need() {
        for (line, command) in [
            (".help", Command::Help),
            (".tables;", Command::Tables),
            (".schema  observations ", Command::Schema("observations")),
            (".read a b.sql", Command::Read("a b.sql")),
            (
                ".register mine  my file.csv",
                Command::Register("mine", "my file.csv"),
            ),
            (".format csv", Command::Format("csv")),
            (".quit", Command::Quit),
        ] {
            assert_eq!(Command::read(line), Ok(command), "{line}");
        }
        for (line, code) in [
            (".tabels", "K1102"),
            (".schema", "K0501"),
            (".register mine", "K0501"),
            (".quit now", "K0501"),
        ] {
            assert_eq!(Command::read(line).expect_err(line).code(), code, "{line}");
        }
    }
}
