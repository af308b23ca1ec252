//! What may be chosen for intervals of chance.

use crate::error::Error;
use crate::model::Period;
use crate::panel::Borders;
use crate::stats::Dispersion;
use std::str::FromStr;

/// How much an interval covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IntervalLevel {
    /// 95 %.
    #[default]
    P95,
    /// 99.8 %: one figure in five hundred lies outside by chance.
    P998,
}

impl IntervalLevel {
    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::P95 => "95",
            Self::P998 => "99.8",
        }
    }

    /// What lies outside.
    pub fn alpha(self) -> f64 {
        match self {
            Self::P95 => 0.05,
            Self::P998 => 0.002,
        }
    }

    /// In per cent.
    pub fn percent(self) -> f64 {
        match self {
            Self::P95 => 95.0,
            Self::P998 => 99.8,
        }
    }
}

impl FromStr for IntervalLevel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let levels = [Self::P95, Self::P998];
        let found = levels.into_iter().find(|level| level.name() == text);
        found.ok_or_else(|| invalid("level", "95, 99.8", text))
    }
}

/// How an interval is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntervalMethod {
    /// Counts: Byar's approximation, below 10 the exact interval.
    Byar,
    /// Counts: exact, by the Poisson distribution.
    Exact,
    /// Proportions: Wilson's score interval.
    Wilson,
}

impl IntervalMethod {
    /// Those that can be asked for.
    pub const ALL: [Self; 3] = [Self::Byar, Self::Exact, Self::Wilson];

    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Byar => "byar",
            Self::Exact => "exact",
            Self::Wilson => "wilson",
        }
    }

    /// The code of the word for people.
    pub fn word_code(self) -> &'static str {
        match self {
            Self::Byar => "word.byar",
            Self::Exact => "word.exact-poisson",
            Self::Wilson => "word.wilson",
        }
    }
}

impl FromStr for IntervalMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| invalid("method", "byar, exact, wilson", text))
    }
}

/// How a funnel allows for more variation than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FunnelDispersion {
    /// As the figures are: not at all, by √φ, or by τ² where φ is large.
    #[default]
    Auto,
    /// One of the forms.
    As(Dispersion),
}

impl FunnelDispersion {
    /// The form asked for; `None` for the one that fits.
    pub(in crate::compare) fn form(self) -> Option<Dispersion> {
        match self {
            Self::Auto => None,
            Self::As(form) => Some(form),
        }
    }
}

impl FromStr for FunnelDispersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let found = Dispersion::ALL.into_iter().find(|form| form.name() == text);
        found
            .map(Self::As)
            .ok_or_else(|| invalid("funnel", "auto, none, multiplicative, additive", text))
    }
}

fn invalid(name: &str, expected: &str, found: &str) -> Error {
    Error::InvalidArgument {
        name: name.into(),
        expected: expected.into(),
        found: found.into(),
    }
}

/// Options of [`crate::release::Release::intervals`]; a period alone is enough, or nothing at all.
///
/// ```
/// use kultti_core::compare::{IntervalLevel, IntervalsOptions};
/// use kultti_core::model::Period;
/// let options = IntervalsOptions::from(Period::year(2019));
/// assert_eq!((options.by, options.level), (None, IntervalLevel::P95));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IntervalsOptions {
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// A grouping: one row for each of its groups instead of the areas.
    pub by: Option<String>,
    /// A group whose areas are shown, such as `region:16`; the whole country when absent.
    pub within: Option<String>,
    /// How much the intervals cover.
    pub level: IntervalLevel,
    /// How they are computed; what suits the indicator when absent.
    pub method: Option<IntervalMethod>,
    /// Whether the rows are put into a funnel, and how it allows for over-dispersion.
    pub funnel: Option<FunnelDispersion>,
    /// Areas and groups whose differences are tested, each with each.
    pub test: Vec<String>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used.
    pub as_of_year: Option<i32>,
}

impl From<Period> for IntervalsOptions {
    fn from(period: Period) -> Self {
        Self {
            period: Some(period),
            ..Self::default()
        }
    }
}
