//! The SQL shell: statements one after the other, at a terminal, in a pipe or from a file.

mod command;
mod editor;
mod known;
mod statement;

use crate::answer::Batches;
use crate::args::ErrorFormat;
use crate::interrupt;
use crate::output::{Failure, Output};
use crate::verbs::query::Asked;
use command::{Command, Help};
use editor::{Lines, Typed, history};
use known::Known;
use kultti_core::Error;
use kultti_core::language::{Message, word};
use kultti_core::sql::{ObjectList, OwnData};
use serde_json::json;
use statement::{Item, rest, take};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A session with one release.
pub(crate) struct Shell {
    asked: Asked,
    output: Output,
    errors: ErrorFormat,
    /// The files that are being read, each by the one before.
    reading: Vec<PathBuf>,
}

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Goes,
    Leaves,
}

impl Shell {
    pub(crate) fn new(asked: Asked, output: Output, errors: ErrorFormat) -> Self {
        Self {
            asked,
            output,
            errors,
            reading: Vec::new(),
        }
    }

    /// Answers somebody at a terminal until they leave. An error is shown and the session goes on.
    pub(crate) fn talk(mut self, remember: bool) -> Result<(), Failure> {
        let short: String = self.asked.database.release().id().chars().take(12).collect();
        let language = self.output.language();
        let release = Message::new("word.release").with("id", short).render(language);
        self.output
            .remark(&format!("Kultti {}, {release}", env!("CARGO_PKG_VERSION")));
        self.output.remark(word("word.shell-how", language));
        // A key pressed before a statement has begun ends it when it does.
        interrupt::listen(true);
        let mut lines = Lines::new(self.known(), history().filter(|_| remember))?;
        loop {
            let text = match lines.next()? {
                Typed::Text(text) => text,
                Typed::Nothing => continue,
                Typed::End => return Ok(()),
            };
            let mut text = text + "\n";
            while let Some(item) = take(&mut text) {
                match self.answered(item)? {
                    Then::Goes => {}
                    Then::Leaves => return Ok(()),
                }
            }
            lines.learn(self.known());
        }
    }

    /// Does what a text says, to its end or the first error.
    pub(crate) fn run(mut self, text: impl BufRead) -> Result<(), Failure> {
        interrupt::listen(true);
        self.follow(text, "-").map(|_| ())
    }

    fn follow(&mut self, text: impl BufRead, name: &str) -> Result<Then, Failure> {
        let mut pending = String::new();
        for line in text.lines() {
            pending += &line.map_err(|cause| Error::io(name, &cause))?;
            pending.push('\n');
            while let Some(item) = take(&mut pending) {
                if self.follow_item(item)? == Then::Leaves {
                    return Ok(Then::Leaves);
                }
            }
        }
        rest(pending).map_or(Ok(Then::Goes), |item| self.follow_item(item))
    }

    fn follow_item(&mut self, item: Item) -> Result<Then, Failure> {
        match item {
            Item::Statement(sql) => self.ask(&sql).map(|()| Then::Goes),
            Item::Command(line) => self.command(&line),
        }
    }

    /// Does what was typed; what is wrong with it is said.
    fn answered(&mut self, item: Item) -> Result<Then, Failure> {
        let done = self.follow_item(item);
        interrupt::answered();
        self.reading.clear();
        match done {
            Err(Failure::Kultti(Error::Interrupted {})) => {
                self.output
                    .remark(word("word.shell-interrupted", self.output.language()));
                Ok(Then::Goes)
            }
            Err(Failure::Kultti(error)) => {
                self.output.error(&error, self.errors);
                Ok(Then::Goes)
            }
            done => done,
        }
    }

    fn ask(&self, sql: &str) -> Result<(), Failure> {
        let answer = Batches::of(&self.asked, sql)?;
        answer.remark(&self.output);
        self.output.answer(answer, ".format csv")
    }

    fn command(&mut self, line: &str) -> Result<Then, Failure> {
        match Command::read(line)? {
            Command::Help => self.output.result(&Help, None)?,
            Command::Tables => self.output.result(&self.objects(), None)?,
            Command::Schema(name) => self.output.result(&self.objects().find(name)?, None)?,
            Command::Read(path) => return self.read(path.as_ref()),
            Command::Register(name, path) => self.register(name, path.as_ref())?,
            Command::Format(name) => self.output = self.output.clone().in_format(name.parse()?),
            Command::Quit => return Ok(Then::Leaves),
        }
        Ok(Then::Goes)
    }

    fn read(&mut self, path: &Path) -> Result<Then, Failure> {
        let name = path.display().to_string();
        let failed = |cause| Error::io(&name, &cause);
        let known = path.canonicalize().map_err(failed)?;
        if self.reading.contains(&known) {
            return Err(Error::ReadsItself { path: name }.into());
        }
        let file = File::open(&known).map_err(failed)?;
        self.reading.push(known);
        let then = self.follow(BufReader::new(file), &name);
        self.reading.pop();
        then
    }

    fn register(&self, name: &str, path: &Path) -> Result<(), Failure> {
        self.asked.database.register(name, OwnData::from_path(path)?)?;
        let card = self.objects().find(name)?;
        let columns: Vec<&str> = card
            .object()
            .columns
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let message = Message::new("word.sql-registered")
            .with("table", name)
            .with("columns", columns.join(", "));
        self.output
            .done(&message, &json!({ "table": name, "columns": columns }))
    }

    fn objects(&self) -> ObjectList {
        ObjectList(self.asked.database.objects())
    }

    fn known(&self) -> Known {
        Known::of(&self.asked.database, self.output.language())
    }
}
