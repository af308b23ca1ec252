//! Lines typed at a terminal: editing, history, completion, statements over several lines.

use super::known::Known;
use super::statement::is_whole;
use kultti_core::{Error, Result};
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::io;
use std::path::PathBuf;

const PROMPT: &str = "kultti> ";

/// Statements that are remembered.
const REMEMBERED: usize = 1_000;

/// What was typed.
pub(super) enum Typed {
    Text(String),
    /// Ctrl-C: the line is forgotten.
    Nothing,
    /// Ctrl-D.
    End,
}

/// A terminal at which statements are typed.
pub(super) struct Lines {
    editor: Editor<Help, FileHistory>,
    history: Option<PathBuf>,
}

impl Lines {
    /// Begins with what was typed in earlier sessions, where a file keeps it.
    pub(super) fn new(known: Known, history: Option<PathBuf>) -> Result<Self> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .max_history_size(REMEMBERED)
            .map_err(|cause| failed(&cause))?
            .build();
        let mut editor = Editor::with_config(config).map_err(|cause| failed(&cause))?;
        editor.set_helper(Some(Help {
            known,
            files: FilenameCompleter::new(),
        }));
        if let Some(path) = &history {
            // The first session has no file yet, and no file is worth a session.
            let _ = editor.load_history(path);
        }
        Ok(Self { editor, history })
    }

    /// Waits for statements or a command.
    pub(super) fn next(&mut self) -> Result<Typed> {
        match self.editor.readline(PROMPT) {
            Ok(text) => {
                self.remember(&text);
                Ok(Typed::Text(text))
            }
            Err(ReadlineError::Interrupted) => Ok(Typed::Nothing),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(cause) => Err(failed(&cause)),
        }
    }

    /// Completes what there is now.
    pub(super) fn learn(&mut self, known: Known) {
        if let Some(help) = self.editor.helper_mut() {
            help.known = known;
        }
    }

    /// Kept at once, so that nothing is lost however the session ends. A history that cannot be kept is no reason to end it.
    fn remember(&mut self, text: &str) {
        let added = !text.trim().is_empty() && self.editor.add_history_entry(text.trim()).unwrap_or(false);
        if let Some(path) = self.history.as_deref().filter(|_| added) {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let _ = folder.map(|()| self.editor.append_history(path));
        }
    }
}

fn failed(cause: &ReadlineError) -> Error {
    Error::io("-", &io::Error::other(cause.to_string()))
}

/// Where the history is kept: the folder of states of the XDG base directories.
pub(super) fn history() -> Option<PathBuf> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
    };
    let state = folder("XDG_STATE_HOME").filter(|folder| folder.is_absolute());
    let state = state.or_else(|| Some(folder("HOME")?.join(".local").join("state")));
    let state = state.or_else(|| folder("LOCALAPPDATA"));
    state.map(|folder| folder.join("kultti").join("sql_history"))
}

/// What the editor asks while somebody types.
struct Help {
    known: Known,
    files: FilenameCompleter,
}

impl Helper for Help {}

impl Highlighter for Help {}

impl Hinter for Help {
    type Hint = String;
}

impl Validator for Help {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        Ok(if is_whole(context.input()) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Completer for Help {
    type Candidate = Pair;

    fn complete(&self, line: &str, place: usize, _: &Context) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Some((start, found)) = self.known.complete(&line[..place]) else {
            return self.files.complete_path(line, place);
        };
        let pair = |text: String| Pair {
            display: text.clone(),
            replacement: text,
        };
        Ok((start, found.into_iter().map(pair).collect()))
    }
}
