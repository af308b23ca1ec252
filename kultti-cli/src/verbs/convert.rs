//! `convert`: a table of one format becomes one of another.

use crate::output::{Failure, Output};
use clap::Args;
use kultti_core::Error;
use kultti_core::export::{write_cube_file, write_structure_file};
use kultti_core::formats::{
    Cube, DataStructure, Format, Mapping, ReadOptions, Reading, SdmxLabels, SdmxOptions, Target, Warning,
    WriteOptions, read_cube, read_cube_file, write_cube,
};
use kultti_core::language::Message;
use serde_json::json;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  kultti convert statfin_ras_pxt_13m4.px permits.xlsx --lang sv
  kultti convert table.px table.json                  (JSON-stat 2.0)
  kultti convert costs.csv costs.px --map mapping.toml
  kultti convert table.px table.sdmx.csv --write-structure structure.json
  kultti convert table.px - --to csv | head";

/// Options of `convert`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) table: TableFile,
    /// The file to write; its ending says the format. - is standard output
    #[arg(value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// The format of OUT, where its ending does not say it
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) to: Option<Format>,
    /// The encoding of a PX file, such as iso-8859-15 [default: utf-8]
    #[arg(long, value_name = "ENCODING")]
    pub(crate) codepage: Option<String>,
    /// A CSV file for Finnish Excel: byte order mark, semicolons, decimal commas
    #[arg(long)]
    pub(crate) excel: bool,
    /// Names beside the ids of an SDMX-CSV file [default: id, or as they were read]
    #[arg(long, value_name = "id|name|both", value_parser = labels)]
    pub(crate) sdmx_labels: Option<SdmxLabels>,
    /// The version of an SDMX-CSV file
    #[arg(long, value_name = "1.0|2.0", default_value = "2.0", hide_default_value = true, value_parser = ["1.0", "2.0"])]
    pub(crate) sdmx_version: String,
    /// Write the data structure definition of an SDMX-CSV file beside it: names in all languages, roles, code lists
    #[arg(long, value_name = "STRUCTURE.json")]
    pub(crate) write_structure: Option<PathBuf>,
}

/// A table to be read.
#[derive(Debug, Args)]
pub(crate) struct TableFile {
    /// The table to read; - is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Its format: px, jsonstat, sdmx-csv, csv, tsv, xlsx, parquet or arrow [default: by content and ending]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) from: Option<Format>,
    /// What the columns of a table mean (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Which data set of a bundle or collection
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
    /// The encoding of a text file, such as windows-1252, where the file does not say it or says it wrong
    #[arg(long, value_name = "ENCODING")]
    pub(crate) encoding: Option<String>,
    /// The data structure definition of an SDMX-CSV file (SDMX-JSON 2.0)
    #[arg(long, value_name = "STRUCTURE.json")]
    pub(crate) structure: Option<PathBuf>,
}

fn format(text: &str) -> Result<Format, Error> {
    text.parse()
}

fn labels(text: &str) -> Result<SdmxLabels, Error> {
    text.parse()
}

impl TableFile {
    /// The mapping file, where one is named.
    pub(crate) fn mapping(&self) -> Result<Option<Mapping>, Error> {
        self.map.as_deref().map(Mapping::open).transpose()
    }

    /// Reads the table, and says on standard error what the reader had to assume.
    pub(crate) fn read(&self, output: &Output) -> Result<Reading, Failure> {
        let mapping = self.mapping()?;
        let options = ReadOptions {
            format: self.from,
            mapping,
            dataset: self.dataset.clone(),
            encoding: self.encoding.clone(),
            structure: self.structure.as_deref().map(DataStructure::open).transpose()?,
        };
        let reading = if is_dash(&self.file) {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|cause| Error::io("-", &cause))?;
            read_cube("-", &bytes, &options)?
        } else {
            read_cube_file(&self.file, &options)?
        };
        for warning in &reading.warnings {
            output.warning(warning);
        }
        Ok(reading)
    }
}

pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

pub(crate) fn run(asked: &Convert, languages: &[String], output: &Output) -> Result<(), Failure> {
    // A name that cannot be written is found before anything is read.
    let format = target_format(asked)?;
    another(&asked.table.file, &asked.output)?;
    structured(asked, format)?;
    let reading = asked.table.read(output)?;
    let cube = &reading.cube;
    let options = WriteOptions {
        languages: kept(cube, languages, output),
        codepage: asked.codepage.clone(),
        excel: asked.excel,
        sdmx: SdmxOptions {
            first_version: asked.sdmx_version == "1.0",
            labels: asked.sdmx_labels,
            with_structure: asked.write_structure.is_some(),
        },
    };
    if let Some(path) = &asked.write_structure {
        write_structure_file(cube, &options, path)?;
    }
    if is_dash(&asked.output) {
        let mut out = io::BufWriter::new(io::stdout());
        let mut target = Target {
            name: "-",
            out: &mut out,
        };
        let lost = write_cube(cube, format, &options, &mut target)?;
        out.flush()?;
        lost.iter().for_each(|warning| output.warning(warning));
        return Ok(());
    }
    let lost = write_cube_file(cube, format, &options, &asked.output)?;
    lost.iter().for_each(|warning| output.warning(warning));
    written(&reading, &lost, format, asked, output)
}

/// A table is not written over itself: what the new format or the languages asked for leave out would be gone.
fn another(read: &Path, written: &Path) -> Result<(), Error> {
    let same = match (read.canonicalize(), written.canonicalize()) {
        (Ok(read), Ok(written)) => read == written,
        _ => false,
    };
    if same {
        return Err(Error::OntoItself {
            path: written.display().to_string(),
        });
    }
    Ok(())
}

fn target_format(asked: &Convert) -> Result<Format, Error> {
    let name = asked.output.display().to_string();
    match asked.to {
        Some(format) => Ok(format),
        None => Format::of(&name, b""),
    }
}

/// A data structure definition belongs to an SDMX-CSV file: its ids are those of that file's columns and codes.
fn structured(asked: &Convert, format: Format) -> Result<(), Error> {
    if asked.write_structure.is_none() || format == Format::SdmxCsv {
        return Ok(());
    }
    Err(Error::InvalidArgument {
        name: "write-structure".into(),
        expected: Format::SdmxCsv.name().into(),
        found: format.name().into(),
    })
}

/// The languages asked for that the cube has. Without any, all are kept: a translation that does not exist is said, not
/// made by dropping the texts that do. Texts in a language without a name are taken for the one language asked for.
fn kept(cube: &Cube, asked: &[String], output: &Output) -> Vec<String> {
    let has = |language: &&String| cube.languages.contains(language);
    let named = cube.languages.iter().any(|language| !language.is_empty());
    // The texts of a table that names no language are in the one that is asked for.
    if let ([only], false) = (asked, named) {
        return vec![only.clone()];
    }
    let found: Vec<String> = asked.iter().filter(has).cloned().collect();
    let lacking: Vec<String> = asked.iter().filter(|language| !has(language)).cloned().collect();
    if named && !lacking.is_empty() {
        let message = Message::new("warning.no-texts-in")
            .with("languages", lacking.join(", "))
            .with("has", cube.languages.join(", "));
        output.warning(&Warning(message));
    }
    found
}

/// Says what was written: a sentence for people, an object for machines.
fn written(
    reading: &Reading,
    lost: &[Warning],
    format: Format,
    asked: &Convert,
    output: &Output,
) -> Result<(), Failure> {
    let cube = &reading.cube;
    let path = asked.output.display().to_string();
    let message = Message::new("word.converted")
        .with("path", path.clone())
        .with("format", format.name())
        .with("cells", cube.cells.len())
        .with("dimensions", cube.dimensions.len());
    let language = output.language();
    let warnings: Vec<_> = reading.warnings.iter().chain(lost).collect();
    let said = warnings
        .iter()
        .map(|warning| json!({ "code": warning.0.code(), "text": warning.0.render(language) }));
    let record = json!({
        "file": path,
        "format": format.name(),
        "from": reading.format.name(),
        "cells": cube.cells.len(),
        "dimensions": cube.dimensions.iter().map(|dimension| &dimension.code).collect::<Vec<_>>(),
        "warnings": said.collect::<Vec<_>>(),
        "text": message.render(language),
    });
    output.done(&message, &record)
}
