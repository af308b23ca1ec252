//! What a chart is before it is drawn: rows of figures, and the words around them.

use super::words::Words;
use crate::error::{Error, Result};
use crate::language::{Language, Message, word};
use crate::model::{Missing, Period, Status};
use std::str::FromStr;

/// What a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// All areas of the country as dots, with one of them and its groups marked.
    Distribution,
    /// An area beside its groups, or beside those most like it.
    Peers,
    /// Areas in order.
    Rank,
    /// Series over time.
    Trend,
    /// The groups of a grouping.
    Groups,
    /// Two periods.
    Change,
    /// What a figure is made of.
    Composition,
    /// From the first period to the last, a line for each area or group.
    Slope,
    /// A small picture for each series, all on the same scale.
    Multiples,
}

impl ChartKind {
    const ALL: [Self; 9] = [
        Self::Distribution,
        Self::Peers,
        Self::Rank,
        Self::Trend,
        Self::Groups,
        Self::Change,
        Self::Composition,
        Self::Slope,
        Self::Multiples,
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Distribution => "distribution",
            Self::Peers => "peers",
            Self::Rank => "rank",
            Self::Trend => "trend",
            Self::Groups => "groups",
            Self::Change => "change",
            Self::Composition => "composition",
            Self::Slope => "slope",
            Self::Multiples => "multiples",
        }
    }

    /// The kind asked for, or the first of those there are.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for one that the result does not have.
    pub(super) fn among(kinds: &[Self], asked: Option<Self>) -> Result<Self> {
        let first = kinds.first().copied().unwrap_or(Self::Distribution);
        let kind = asked.unwrap_or(first);
        if kinds.contains(&kind) {
            return Ok(kind);
        }
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        Err(Error::InvalidArgument {
            name: "kind".into(),
            expected: names.join(", "),
            found: kind.name().into(),
        })
    }
}

impl FromStr for ChartKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "kind".into(),
            expected: Self::ALL.map(Self::name).join(", "),
            found: text.to_owned(),
        })
    }
}

/// What may be chosen of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChartOptions {
    /// What it shows; what the result is about when absent.
    pub kind: Option<ChartKind>,
    /// Areas to mark in a ranking, groups to mark among slopes: codes or names.
    pub mark: Vec<String>,
}

/// A result that can be drawn.
pub trait Drawn {
    /// What it can be drawn as; the first is the usual one.
    fn kinds(&self) -> &'static [ChartKind];

    /// The chart, with its texts in `language`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a kind that the result does not have; [`Error::UnknownArea`] for an area to mark that it
    /// does not hold.
    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart>;
}

/// What a figure is in a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The area asked for.
    Area,
    /// An area that it is held against.
    Peer,
    /// The value of a group.
    Group,
    /// Any other area.
    Other,
}

impl Role {
    /// The name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Peer => "peer",
            Self::Group => "group",
            Self::Other => "other",
        }
    }
}

/// A figure of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is.
    pub role: Role,
    /// Code of the area or group.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// The value, not rounded.
    pub value: Option<f64>,
    /// The SDMX letter of the value, or of its absence.
    pub status: char,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// Rank, in a chart of a ranking.
    pub rank: Option<f64>,
    /// Whether the series breaks before it, so that no line leads to it.
    pub after_break: bool,
}

impl Mark {
    /// Whether the value is no more than an estimate: estimated, imputed, forecast, provisional or of low reliability. It is
    /// drawn hollow.
    pub fn is_uncertain(&self) -> bool {
        matches!(self.status, 'E' | 'F' | 'I' | 'P' | 'U')
    }
}

/// A row of a chart of places, or a line of a chart of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub role: Role,
    /// What stands beside it.
    pub name: String,
    /// Its figures.
    pub marks: Vec<Mark>,
}

/// What happens to series at the beginning of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TurnKind {
    /// They break.
    Break,
    /// Areas merged.
    Merger,
}

/// A turn of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The first period after it.
    pub period: Period,
    /// What happens.
    pub kind: TurnKind,
    /// The same in words, with the areas it is about.
    pub label: String,
}

/// A stretch of the axis of values that a distribution is sorted into.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// What it is, where it lies, and how many areas are in it, in words.
    pub label: String,
    /// Where it begins; `None` for one that is open below, or that lies nowhere.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
    /// Whether the area asked for is in it.
    pub own: bool,
}

/// The bands of a distribution, with the words of its legend.
#[derive(Debug, Clone, PartialEq)]
pub struct BandKey {
    /// What the bands are, and of which group.
    pub heading: String,
    /// The bands from below; of intervals the one of the area, then what it says against each group.
    pub zones: Vec<Zone>,
}

/// The axis of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The unit, and in which money.
    pub label: String,
    /// The unit as people write it.
    pub unit: String,
    /// Decimals that values are shown with.
    pub decimals: usize,
}

/// A chart: everything it says, and nothing of where it stands on the paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub kind: ChartKind,
    /// The language of its texts.
    pub language: Language,
    /// What it is about.
    pub title: String,
    /// One sentence with what is to be seen, made from the figures.
    pub description: String,
    /// The axis of values.
    pub axis: Axis,
    /// The rows from above, or the lines.
    pub rows: Vec<Row>,
    /// Breaks and mergers.
    pub turns: Vec<Turn>,
    /// The bands of a distribution, where it is sorted into some.
    pub bands: Option<BandKey>,
    /// Where it comes from, and on which borders: the small print.
    pub source: Vec<String>,
}

/// The figures of a chart for people, as they stand beside the picture for those who do not see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartTable {
    /// Headings; the column of values is the one before the last.
    pub headers: Vec<String>,
    /// A row for each figure.
    pub rows: Vec<Vec<String>>,
}

impl Chart {
    /// Every figure, row by row.
    pub fn marks(&self) -> impl Iterator<Item = (&Row, &Mark)> {
        self.rows
            .iter()
            .flat_map(|row| row.marks.iter().map(move |mark| (row, mark)))
    }

    /// The figures as a table: name, group where there are several, period, value, and its status or why it is missing.
    pub fn table(&self) -> ChartTable {
        let words = Words::new(self.language);
        let headers = [
            "word.group",
            "word.name",
            "word.period",
            "word.value",
            "word.status-or-reason",
        ];
        let row = |(row, mark): (&Row, &Mark)| {
            let value = mark.value.map(|value| words.number(value, self.axis.decimals));
            vec![
                row.name.clone(),
                mark.name.clone(),
                mark.period.to_string(),
                value.unwrap_or_else(|| "–".to_owned()),
                self.remark(mark).unwrap_or_default(),
            ]
        };
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in self.marks().map(row) {
            // A group stands behind several small pictures and is told once.
            if self.kind != ChartKind::Multiples || !rows.contains(&row) {
                rows.push(row);
            }
        }
        ChartTable {
            headers: headers.map(|code| word(code, self.language).to_owned()).to_vec(),
            rows,
        }
    }

    /// Whether its turns are told in words, no axis of time having room for them.
    pub(super) fn tells_turns(&self) -> bool {
        matches!(self.kind, ChartKind::Slope | ChartKind::Multiples)
    }

    /// Why a figure is missing, or what is to be known of its value; `None` for an ordinary one.
    pub(super) fn remark(&self, mark: &Mark) -> Option<String> {
        let code = match (mark.value, mark.missing) {
            (None, Some(reason)) => reason.message_code(),
            _ => status_code(mark.status)?,
        };
        Some(word(code, self.language).to_owned())
    }

    /// A value as people write it.
    pub(super) fn number(&self, value: f64) -> String {
        Words::new(self.language).number(value, self.axis.decimals)
    }

    /// What a figure says on its own: name, value and status, or why there is none.
    pub(super) fn said(&self, mark: &Mark) -> String {
        let remark = self.remark(mark);
        match (mark.value, remark) {
            (Some(value), None) => format!("{}\u{a0}{}", mark.name, self.number(value)),
            (Some(value), Some(remark)) => format!("{}\u{a0}{} ({remark})", mark.name, self.number(value)),
            (None, remark) => format!("{}: {}", mark.name, remark.unwrap_or_default()),
        }
    }

    /// What the hollow marks are, in words; `None` where there are none.
    pub(super) fn hollow(&self) -> Option<String> {
        let mut kinds: Vec<String> = Vec::new();
        let uncertain = self
            .marks()
            .filter(|(_, mark)| mark.value.is_some() && mark.is_uncertain());
        for kind in uncertain.filter_map(|(_, mark)| self.remark(mark)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        (!kinds.is_empty()).then(|| kinds.join(", "))
    }

    /// The figures without a value, reason by reason, each a sentence that names them. A chart of time names the periods, one of
    /// parts the parts.
    pub(super) fn absences(&self) -> Vec<String> {
        let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
        for (row, mark) in self.marks().filter(|(_, mark)| mark.value.is_none()) {
            let reason = self.remark(mark).unwrap_or_default();
            let name = match self.kind {
                ChartKind::Trend | ChartKind::Change | ChartKind::Slope | ChartKind::Multiples => {
                    format!("{} {}", mark.name, mark.period)
                }
                ChartKind::Composition => format!("{} ({})", mark.name, row.name),
                _ => mark.name.clone(),
            };
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, names)) if !names.contains(&name) => names.push(name),
                Some(_) => {}
                None => reasons.push((reason, vec![name])),
            }
        }
        let sentence = |(reason, names): (String, Vec<String>)| {
            Message::new("chart.without-value")
                .with("n", names.len())
                .with("areas", names.join(", "))
                .with("reason", reason)
                .render(self.language)
        };
        reasons.into_iter().map(sentence).collect()
    }

    /// Every value with the given roles; all without any.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.marks().filter_map(|(_, mark)| mark.value)
    }
}

/// The word for a status that is to be known.
fn status_code(letter: char) -> Option<&'static str> {
    let status = Status::from_letter(letter.encode_utf8(&mut [0; 4]))?;
    Some(match status {
        Status::Estimated => "word.status-estimated",
        Status::Provisional => "word.status-provisional",
        Status::Imputed => "word.status-imputed",
        Status::Forecast => "word.status-forecast",
        Status::LowReliability => "word.status-low-reliability",
        Status::Break => "word.status-break",
        Status::DefinitionDiffers => "word.status-definition",
        _ => return None,
    })
}
