//! What people read: one area's figures as a page, in three languages, that says where the area stands, why, and what to
//! keep in mind.
//!
//! A [`Report`] holds answers of the verbs and computes nothing of its own. [`Report::page`] puts them into words, tables
//! and charts; a [`Page`] is written as HTML by templates that a folder may override ([`Templates`]), as Markdown, or as a
//! workbook. The HTML is one file: no script, nothing fetched, the figures inside to be taken along.
//!
//! ```
//! use kultti_core::language::Language;
//! use kultti_core::release::Release;
//! use kultti_core::report::Templates;
//! let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
//! let report = release.report("Kokkola")?;
//! let html = report.to_html(&Templates::default(), Language::Sv)?;
//! assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"sv\">"));
//! assert!(html.contains("Karleby"));
//! # Ok::<(), kultti_core::Error>(())
//! ```

mod facts;
mod flat;
mod options;
mod page;
mod pdf;
mod sections;
mod sentences;
mod site;
mod templates;
mod workbook;
mod write;

pub use facts::{Absent, Figure, Report, SimilarAreas};
pub use options::ReportOptions;
pub use page::{Cell, Download, Header, Illustration, Link, Page, Part, Section, TableRow, Tabular};
pub use pdf::to_pdf;
pub use site::{SiteOptions, SiteWritten};
pub use templates::Templates;
pub use write::ReportFormat;
