//! `release`: build, verify and describe release files.

use crate::output::{Failure, Output};
use crate::verbs::open;
use clap::Subcommand;
use kultti_core::export::ReleaseCard;
use kultti_core::language::Message;
use kultti_core::release::build_file;
use std::path::{Path, PathBuf};

/// Verbs on release files.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseVerb {
    /// Build a release from a folder with a release.toml
    Build {
        /// The folder
        folder: PathBuf,
        /// The file to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Read every row and check it against the id
    Verify {
        /// The release [default: --release]
        file: Option<PathBuf>,
    },
    /// What a release holds
    Info {
        /// The release [default: --release]
        file: Option<PathBuf>,
    },
}

pub(crate) fn run(verb: &ReleaseVerb, file: Option<&Path>, output: &Output) -> Result<(), Failure> {
    let chosen = |own: &Option<PathBuf>| own.as_deref().or(file).map(Path::to_path_buf);
    match verb {
        ReleaseVerb::Build { folder, output: path } => {
            let built = build_file(folder, path)?;
            let message = Message::new("word.built")
                .with("path", path.display().to_string())
                .with("bytes", usize::try_from(built.bytes).unwrap_or(usize::MAX));
            output.message(
                &message.with("rows", built.rows).with("id", built.id.clone()),
                &built.id,
            )
        }
        ReleaseVerb::Verify { file } => {
            let verified = open(chosen(file).as_deref())?.verify()?;
            let message = Message::new("word.verified")
                .with("measures", verified.measures)
                .with("rows", verified.rows);
            output.message(&message.with("id", verified.id.clone()), &verified.id)
        }
        ReleaseVerb::Info { file } => {
            let release = open(chosen(file).as_deref())?;
            output.result(&ReleaseCard(&release), None)
        }
    }
}
