//! `query`: one question in SQL.

use super::open;
use crate::answer::Batches;
use crate::args::Common;
use crate::interrupt;
use crate::output::{Failure, Output};
use clap::Args;
use kultti_core::language::Language;
use kultti_core::source::read_text;
use kultti_core::sql::{Database, DatabaseOptions, MemorySize, OwnData};
use kultti_core::{Error, Result};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const HELP: &str = "\
One statement that reads: SELECT, WITH, VALUES, EXPLAIN, SHOW TABLES, DESCRIBE. Nothing is written but what -o names, and no file
is read but the release and those of --table. kultti sql asks question after question.

Examples:
  kultti query 'SHOW TABLES'
  kultti query \"SELECT area, name, value, rank FROM compare('library.loans_per_inhabitant', '2019') ORDER BY rank LIMIT 10\"
  kultti query --table visits=visits.csv 'SELECT name_fi, visits FROM areas JOIN visits USING (area)'
  kultti query --file question.sql -o answer.parquet
  echo 'SELECT count(*) FROM observations' | kultti query -";

/// Options of `query`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Query {
    /// The statement; - reads it from standard input
    #[arg(value_name = "SQL", required_unless_present = "file", conflicts_with = "file")]
    sql: Option<String>,
    /// A file with the statement
    #[arg(long, value_name = "FILE.sql")]
    file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// What is asked, beside the release, and with which means.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// A table of one's own: Parquet, CSV or Arrow, under a name or that of the file; may be given again
    #[arg(long = "table", value_name = "[NAME=]FILE", value_parser = own_table)]
    tables: Vec<OwnTable>,
    /// Memory that sorting, joining and grouping may take together, such as 512MB or 2GiB; more goes to temporary files
    /// where that is possible
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    memory: Option<MemorySize>,
    /// Threads that compute [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    on: super::cluster::OnCluster,
}

/// Who answers questions.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) database: Arc<Database>,
    /// Who makes the rows of the release, and where it finds that.
    #[cfg(feature = "cluster")]
    pub(crate) cluster: Option<(kultti_core::cluster::Cluster, String)>,
}

/// A file under the name that queries call it by.
#[derive(Debug, Clone)]
pub(crate) struct OwnTable {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// `NAME=FILE`, or `FILE` for the name of the file without its ending.
pub(crate) fn own_table(text: &str) -> Result<OwnTable> {
    let (name, path) = text.split_once('=').unwrap_or(("", text));
    let stem = Path::new(path)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let name = Some(name.to_owned()).filter(|name| !name.is_empty()).or(stem);
    match name {
        Some(name) if !path.is_empty() => Ok(OwnTable {
            name,
            path: path.into(),
        }),
        _ => Err(Error::InvalidArgument {
            name: "table".to_owned(),
            expected: "NAME=FILE.parquet, FILE.csv, FILE.arrow".to_owned(),
            found: text.to_owned(),
        }),
    }
}

fn memory(text: &str) -> Result<MemorySize> {
    text.parse()
}

impl DatabaseArgs {
    /// The database of a release, with the tables of one's own.
    pub(crate) fn open(&self, release: Option<&Path>, language: Language) -> Result<Asked> {
        let mut options = DatabaseOptions::default().with_language(language);
        if let Some(MemorySize(bytes)) = self.memory {
            options = options.with_memory(bytes);
        }
        if let Some(threads) = self.threads {
            options = options.with_threads(threads.get());
        }
        let database = Database::new(Arc::new(open(release)?), options)?;
        for table in &self.tables {
            database.register(&table.name, OwnData::from_path(&table.path)?)?;
        }
        Ok(Asked {
            database: Arc::new(database),
            #[cfg(feature = "cluster")]
            cluster: self.on.of(release)?,
        })
    }
}

impl Query {
    fn text(&self) -> Result<String> {
        match (&self.file, self.sql.as_deref()) {
            (Some(path), _) => read_text(path),
            (None, Some("-") | None) => {
                let mut text = String::new();
                let read = io::stdin().lock().read_to_string(&mut text);
                read.map(|_| text).map_err(|cause| Error::io("-", &cause))
            }
            (None, Some(text)) => Ok(text.to_owned()),
        }
    }
}

pub(crate) fn run(asked: &Query, common: &Common, output: &Output) -> std::result::Result<(), Failure> {
    let sql = asked.text()?;
    interrupt::listen(true);
    let answering = asked
        .database
        .open(common.release.as_deref(), output.language())?;
    let answer = Batches::of(&answering, &sql)?;
    answer.remark(output);
    output.answer(answer, &output.typed_into("answer.csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_called_by_its_name_or_that_of_its_file() {
        for (text, name, path) in [
            ("visits=data/2019.csv", "visits", "data/2019.csv"),
            ("data/visits.parquet", "visits", "data/visits.parquet"),
            ("a=b=c.csv", "a", "b=c.csv"),
            ("=x.csv", "x", "x.csv"),
        ] {
            let table = own_table(text).expect(text);
            assert_eq!(
                (table.name.as_str(), table.path.to_str()),
                (name, Some(path)),
                "{text}"
            );
        }
        for text in ["", "visits=", "="] {
            assert_eq!(own_table(text).expect_err(text).code(), "K0501", "{text}");
        }
    }
}
