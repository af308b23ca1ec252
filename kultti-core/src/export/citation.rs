//! How figures are cited: their sources in the form of the offices that publish them, the release that holds them, and the
//! question that they answer. As sentences, as BibTeX, and as CSL-JSON.

use crate::catalogue::SourceRegister;
use crate::compare::Context;
use crate::error::{Error, Result};
use crate::language::{Language, Message, Text, word};
use crate::model::Date;
use crate::release::Release;
use serde_json::{Value as Json, json};
use std::str::FromStr;

/// The licence of a register that states none.
const NOT_STATED: &str = "not stated";

/// The version of this library, which computed the figures.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How a citation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CitationStyle {
    /// Sentences, one paragraph each.
    #[default]
    Text,
    /// Entries for BibTeX and biblatex.
    Bibtex,
    /// Items of the Citation Style Language, as reference managers read them.
    CslJson,
}

impl CitationStyle {
    /// Those that can be asked for.
    pub const ALL: [Self; 3] = [Self::Text, Self::Bibtex, Self::CslJson];

    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bibtex => "bibtex",
            Self::CslJson => "csl-json",
        }
    }
}

impl FromStr for CitationStyle {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|style| style.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "style".into(),
            expected: Self::ALL.map(Self::name).join(", "),
            found: text.into(),
        })
    }
}

/// What is cited: registers, the release, and the question if there was one.
///
/// The day of access is the one on which the tables of a register were taken over into the release, which is when its
/// figures were last looked at; whoever looks at the register itself gives a day of their own. Nothing here reads a clock:
/// the same release and question give the same citation for ever.
///
/// ```
/// use kultti_core::compare::CompareOptions;
/// use kultti_core::export::Citation;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let options = CompareOptions::from("Kokkola").with_period(2019);
/// let answer = release.compare("culture.net_operating_cost_per_inhabitant", options)?;
/// let text = Citation::of_answer(&release, &answer.context).text(Language::Fi);
/// assert!(text.starts_with("Tilastokeskus: Kuntien talous ja toiminta [verkkojulkaisu]. Helsinki: Tilastokeskus [viitattu: "));
/// assert!(text.contains("--area 272 --period 2019"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// The registers, each with the day of access.
    sources: Vec<(SourceRegister, Option<Date>)>,
    /// The id of the series of releases.
    series: String,
    title: Text,
    publisher: Text,
    release: String,
    query: Option<String>,
}

impl Citation {
    /// Cites a whole release: every register that it has tables of.
    pub fn of_release(release: &Release) -> Self {
        let mut registers: Vec<&str> = Vec::new();
        for table in &release.provenance().tables {
            if !registers.contains(&table.source.as_str()) {
                registers.push(&table.source);
            }
        }
        Self::of(release, registers)
    }

    /// Cites an answer: the registers of its figures, and the question.
    pub fn of_answer(release: &Release, answer: &Context) -> Self {
        let cited = Self::of(release, answer.registers.iter().map(String::as_str));
        cited.with_query(&answer.query)
    }

    fn of<'a>(release: &Release, registers: impl IntoIterator<Item = &'a str>) -> Self {
        let provenance = release.provenance();
        let retrieved = |id: &str| {
            let tables = provenance.tables.iter().filter(|table| table.source == id);
            tables.filter_map(|table| table.retrieved).max()
        };
        let registers = registers.into_iter();
        let sources = registers
            .filter_map(|id| release.catalogue().source(id))
            .map(|source| (source.clone(), retrieved(&source.id)));
        Self {
            sources: sources.collect(),
            series: provenance.id.clone(),
            title: provenance.title.clone(),
            publisher: provenance.publisher.clone(),
            release: release.id().to_owned(),
            query: None,
        }
    }

    /// Sets the day on which the sources were looked at.
    #[must_use]
    pub fn accessed(mut self, day: Option<Date>) -> Self {
        if day.is_some() {
            self.sources.iter_mut().for_each(|(_, accessed)| *accessed = day);
        }
        self
    }

    /// Sets the question, as it is put again.
    #[must_use]
    pub fn with_query(mut self, query: &str) -> Self {
        self.query = Some(query.to_owned()).filter(|query| !query.is_empty());
        self
    }

    /// The question; `None` where something else than an answer is cited.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The citation in one of the styles.
    pub fn write(&self, style: CitationStyle, language: Language) -> String {
        match style {
            CitationStyle::Text => self.text(language),
            CitationStyle::Bibtex => self.bibtex(language),
            CitationStyle::CslJson => format!("{:#}\n", self.csl_json(language)),
        }
    }

    /// Sentences: one line for each register, one for the release, one for the question.
    pub fn text(&self, language: Language) -> String {
        let mut lines: Vec<String> = self
            .sources
            .iter()
            .map(|(source, accessed)| cited(source, *accessed, language))
            .collect();
        lines.push(
            Message::new("word.cite-release")
                .with("publisher", &self.publisher)
                .with("title", &self.title)
                .with("id", &self.release)
                .render(language),
        );
        lines.extend(self.computed(language));
        lines.into_iter().map(|line| line + "\n").collect()
    }

    fn computed(&self, language: Language) -> Option<String> {
        let query = self.query.as_ref()?;
        let message = Message::new("word.cite-computed").with("version", VERSION);
        Some(message.with("query", query).render(language))
    }

    /// Entries `@misc`, which every style of BibTeX knows; of the day of publication nothing is said, because no register
    /// states it.
    pub fn bibtex(&self, language: Language) -> String {
        let mut entries: Vec<String> = self
            .sources
            .iter()
            .map(|(source, accessed)| {
                let note = cited(source, *accessed, language);
                let address = source.url.clone().unwrap_or_default();
                let day = accessed.map(|day| day.to_string());
                entry(
                    &key(&self.series, &source.id),
                    &[
                        ("author", protected(source.publisher.get(language))),
                        ("title", protected(source.label.get(language))),
                        ("url", address),
                        ("urldate", day.unwrap_or_default()),
                        ("language", language.code().to_owned()),
                        ("note", escaped(&note)),
                    ],
                )
            })
            .collect();
        let short: String = self.release.chars().take(12).collect();
        entries.push(entry(
            &key(&self.series, &short),
            &[
                ("author", protected(self.publisher.get(language))),
                ("title", protected(self.title.get(language))),
                ("version", self.release.clone()),
                ("language", language.code().to_owned()),
                ("note", escaped(&self.computed(language).unwrap_or_default())),
            ],
        ));
        entries.join("\n")
    }

    /// Items of CSL-JSON: a dataset for each register, one for the release, and the software.
    pub fn csl_json(&self, language: Language) -> Json {
        let item = |(source, accessed): &(SourceRegister, Option<Date>)| {
            let mut item = json!({
                "id": key(&self.series, &source.id),
                "type": "dataset",
                "title": source.label.get(language),
                "author": [{ "literal": source.publisher.get(language) }],
                "publisher": source.publisher.get(language),
                "language": language.code(),
                "note": cited(source, *accessed, language),
            });
            if let Some(url) = &source.url {
                item["URL"] = json!(url);
            }
            if let Some(day) = accessed {
                let (year, month, day) = day.parts();
                item["accessed"] = json!({ "date-parts": [[year, month, day]] });
            }
            item
        };
        let mut items: Vec<Json> = self.sources.iter().map(item).collect();
        let short: String = self.release.chars().take(12).collect();
        let mut release = json!({
            "id": key(&self.series, &short),
            "type": "dataset",
            "title": self.title.get(language),
            "author": [{ "literal": self.publisher.get(language) }],
            "publisher": self.publisher.get(language),
            "language": language.code(),
            "version": self.release,
        });
        if let Some(computed) = self.computed(language) {
            release["note"] = json!(computed);
        }
        items.push(release);
        items.push(json!({
            "id": key("kultti", VERSION),
            "type": "software",
            "title": format!("Kultti: {}", word("word.cite-software", language)),
            "language": language.code(),
            "version": VERSION,
        }));
        Json::Array(items)
    }
}

/// The citation of a register with the day of access behind the publisher, the licence, and the address where the citation
/// names none.
fn cited(source: &SourceRegister, accessed: Option<Date>, language: Language) -> String {
    let citation = source.citation.get(language).trim().trim_end_matches('.');
    let access = word("word.cite-access", language);
    let place = citation.find(&format!(". {access}"));
    let (publication, way) = citation.split_at(place.unwrap_or(citation.len()));
    let mut text = publication.to_owned();
    if let Some((year, month, day)) = accessed.map(Date::parts) {
        let message = Message::new("word.cite-accessed").with("date", format!("{day}.{month}.{year}"));
        text.push_str(&format!(" [{}]", message.render(language)));
    }
    text.push_str(way);
    text.push('.');
    if source.license != NOT_STATED {
        let license = Message::new("word.cite-license").with("license", &source.license);
        text.push_str(&format!(" {}", license.render(language)));
    }
    // An address stands last and without a full stop, so that it can be taken as it is.
    if let Some(url) = source.url.as_ref().filter(|_| place.is_none()) {
        text.push_str(&format!(" {access}: {url}"));
    }
    text
}

/// A key that every reader of BibTeX takes: letters, digits, `_`, `-` and `.`.
fn key(series: &str, of: &str) -> String {
    let plain = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' => letter,
        _ => '_',
    };
    format!("{series}_{of}").chars().map(plain).collect()
}

/// An entry with the fields that are not empty.
fn entry(key: &str, fields: &[(&str, String)]) -> String {
    let written = fields.iter().filter(|(_, text)| !text.is_empty());
    let written: String = written
        .map(|(name, text)| format!("  {name} = {{{text}}},\n"))
        .collect();
    format!("@misc{{{key},\n{written}}}\n")
}

/// A name or title of which no style may change a letter.
fn protected(text: &str) -> String {
    format!("{{{}}}", escaped(text))
}

/// A text without the letters that LaTeX takes for commands. Braces are written as commands, so that they balance.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(letter);
            }
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(citation: &str, url: Option<&str>) -> SourceRegister {
        let same = |text: &str| Text::new(text, text, text);
        SourceRegister {
            id: "x".into(),
            label: same("Costs & {more}"),
            publisher: same("Office_1"),
            license: "CC BY 4.0".into(),
            citation: same(citation),
            url: url.map(str::to_owned),
        }
    }

    #[test]
    fn the_day_stands_behind_the_publisher_and_the_address_once() {
        let day = Date::new(2026, 1, 9);
        let shown = |citation: &str, url| cited(&register(citation, url), day, Language::En);
        assert_eq!(
            shown("A: B. Helsinki: A. Access method: C, 127.", Some("https://c.fi")),
            "A: B. Helsinki: A [referenced: 9.1.2026]. Access method: C, 127. Licence: CC BY 4.0."
        );
        assert_eq!(
            shown("A: B. Helsinki: A.", Some("https://c.fi")),
            "A: B. Helsinki: A [referenced: 9.1.2026]. Licence: CC BY 4.0. Access method: https://c.fi"
        );
        let mut unlicensed = register("A: B.", None);
        unlicensed.license = "not stated".into();
        assert_eq!(cited(&unlicensed, None, Language::Fi), "A: B.");
        assert_eq!(
            cited(&unlicensed, day, Language::Sv),
            "A: B [hänvisat: 9.1.2026]."
        );
    }

    #[test]
    fn latex_sees_no_command_and_braces_balance() {
        assert_eq!(
            escaped(r"a & 5 % _x_ {y} ~^\ #$"),
            r"a \& 5 \% \_x\_ \textbraceleft{}y\textbraceright{} \textasciitilde{}\textasciicircum{}\textbackslash{} \#\$"
        );
        assert_eq!(key("finland", "väki luku"), "finland_v_ki_luku");
    }
}
