//! The sections of a report's page, one file each.

mod cautions;
mod composition;
mod development;
mod distribution;
mod key_figures;
mod likeness;
mod method;
mod origins;

use super::facts::Report;
use super::page::{Cell, Header, Illustration, Page, Part, Section, TableRow, Tabular};
use super::sentences;
use crate::chart::Chart;
use crate::compare::{Comparison, Context};
use crate::error::Result;
use crate::export::Writer;
use crate::language::Language;
use crate::model::Missing;
use crate::panel::Cell as Figure;

/// The width that charts are drawn for, in CSS pixels; a page scales them down to its own.
const WIDTH: f64 = 720.0;
/// The same for a phone.
const NARROW: f64 = 340.0;

impl Report {
    /// The report in one language, without the files to be taken along.
    ///
    /// # Errors
    /// Those of the charts.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let page = release.report("Kokkola")?.page(Language::En)?;
    /// assert_eq!(page.title, "Kokkola (Karleby)");
    /// assert_eq!(page.sections[0].heading, "Key figures");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn page(&self, language: Language) -> Result<Page> {
        let words = Words::of(language);
        let mut sections = vec![key_figures::section(self, words)];
        sections.extend(composition::section(self, words)?);
        sections.extend(development::section(self, words)?);
        sections.extend(distribution::section(self, words)?);
        sections.extend(likeness::section(self, words)?);
        sections.extend(cautions::section(self, words));
        sections.push(method::section(self, words));
        sections.push(origins::section(self, words));
        Ok(Page {
            language: language.code(),
            title: words.0.name(&self.area),
            subtitle: words.subtitle(self),
            summary: sentences::summary(self, words.0),
            sections,
            origin: words.origin(self),
        })
    }
}

/// Writes for one language.
#[derive(Clone, Copy)]
pub(in crate::report) struct Words(pub(in crate::report) Writer);

impl Words {
    /// Words of a language.
    pub(in crate::report) fn of(language: Language) -> Self {
        Self(Writer { language })
    }

    pub(in crate::report) fn word(self, code: &'static str) -> String {
        self.0.word(code)
    }

    /// A heading of a column, as sentences begin.
    pub(in crate::report) fn header(self, code: &'static str, numeric: bool) -> Header {
        Header {
            text: capital(&self.word(code)),
            numeric,
        }
    }

    pub(in crate::report) fn section(
        self,
        id: &'static str,
        heading: &'static str,
        parts: Vec<Part>,
    ) -> Section {
        Section {
            id,
            heading: self.word(heading),
            parts,
        }
    }

    /// The title of the release, and the code of the area.
    fn subtitle(self, report: &Report) -> String {
        format!("{} · {}", report.title.get(self.0.language), report.area.code)
    }

    /// On which borders, from which release, and from whom.
    fn origin(self, report: &Report) -> Vec<String> {
        let context = report.headline().map(|headline| &headline.context);
        let territory = context.map_or("", |context| context.territory.as_str());
        let borders = self.0.borders_and_release(territory, &report.release);
        let mut sources: Vec<&str> = Vec::new();
        for figure in &report.figures {
            for source in &figure.comparison.context.sources {
                let source = source.get(self.0.language);
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        let source = format!("{}: {}", self.word("word.source"), sources.join("; "));
        vec![borders, source]
    }

    /// The name of a figure with its unit.
    pub(in crate::report) fn label(self, context: &Context) -> String {
        context.label.get(self.0.language).to_owned()
    }

    pub(in crate::report) fn unit(self, context: &Context) -> String {
        context.unit_symbol.get(self.0.language).replace(' ', "\u{a0}")
    }

    /// A figure of an area; why it is missing stands in its place.
    pub(in crate::report) fn figure(self, figure: &Figure, decimals: usize) -> Cell {
        let mut cell = self.value(figure.value, figure.missing, decimals);
        if figure.value.is_some() {
            self.mark(&mut cell, figure.letter());
        }
        cell
    }

    /// Sets the letter of a value that is not an ordinary one.
    fn mark(self, cell: &mut Cell, letter: char) {
        if letter != 'A' {
            cell.status = Some(letter);
            cell.meaning = status_word(letter)
                .map(|code| self.word(code))
                .unwrap_or_default();
        }
    }

    pub(in crate::report) fn value(
        self,
        value: Option<f64>,
        missing: Option<Missing>,
        decimals: usize,
    ) -> Cell {
        Cell::number(self.0.value(value, missing, decimals), value)
    }

    pub(in crate::report) fn rank(self, comparison: &Comparison) -> Cell {
        let position = &comparison.position;
        match position.rank {
            Some(rank) => Cell::number(
                format!("{}\u{a0}/\u{a0}{}", self.0.number(rank, 0), position.n),
                Some(rank),
            ),
            None => Cell::words("–"),
        }
    }

    /// A chart with its figures as a table.
    pub(in crate::report) fn illustration(self, chart: &Chart, table: Option<Tabular>) -> Part {
        Part::Figure(Illustration {
            title: chart.title.clone(),
            description: chart.description.clone(),
            svg: chart.to_svg_within(WIDTH),
            narrow: chart.to_svg_within(NARROW),
            table,
        })
    }
}

/// A table without groups of rows and without an own row.
pub(in crate::report) fn plain(caption: String, headers: Vec<Header>, rows: Vec<Vec<Cell>>) -> Tabular {
    let row = |cells| TableRow {
        group: String::new(),
        own: false,
        cells,
    };
    Tabular {
        caption,
        headers,
        rows: rows.into_iter().map(row).collect(),
    }
}

/// What a status letter beside a value stands for.
pub(super) fn status_word(letter: char) -> Option<&'static str> {
    Some(match letter {
        'E' => "word.status-estimated",
        'P' => "word.status-provisional",
        'I' => "word.status-imputed",
        'F' => "word.status-forecast",
        'U' => "word.status-low-reliability",
        'B' => "word.status-break",
        'D' => "word.status-definition",
        'W' => "report.status-includes-another",
        _ => return None,
    })
}

pub(in crate::report) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
