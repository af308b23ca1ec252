//! What may be chosen for an expected cost.

use crate::error::Error;
use crate::model::Period;
use crate::panel::Borders;
use std::fmt;
use std::str::FromStr;

/// How the cost is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExpectedMethod {
    /// A robust regression of ln(n/d): the typical area.
    #[default]
    Log,
    /// Quasi-Poisson: the mean, with zeros.
    QuasiPoisson,
}

impl ExpectedMethod {
    /// The name in options and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::QuasiPoisson => "quasi-poisson",
        }
    }
}

impl FromStr for ExpectedMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = [Self::Log, Self::QuasiPoisson]
            .into_iter()
            .find(|method| method.name() == text);
        found.ok_or_else(|| Error::InvalidArgument {
            name: "method".into(),
            expected: "log, quasi-poisson".into(),
            found: text.into(),
        })
    }
}

/// A structural variable that is chosen: `population.total:log`, `population.share_65_over@2018`.
///
/// ```
/// use kultti_core::compare::VariableChoice;
/// let choice: VariableChoice = "population.share_65_over@2018".parse()?;
/// assert_eq!((choice.indicator.as_str(), choice.log), ("population.share_65_over", false));
/// assert_eq!(choice.period, Some(2018.into()));
/// assert!("population.total:sqrt".parse::<VariableChoice>().is_err());
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VariableChoice {
    /// The indicator's id.
    pub indicator: String,
    /// Whether its natural logarithm enters.
    pub log: bool,
    /// A period of its own; that of the cost when absent.
    pub period: Option<Period>,
}

impl FromStr for VariableChoice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || Error::InvalidArgument {
            name: "variables".into(),
            expected: "INDICATOR[@PERIOD][:log]".into(),
            found: text.into(),
        };
        let (rest, log) = match text.split_once(':') {
            Some((rest, "log")) => (rest, true),
            Some(_) => return Err(invalid()),
            None => (text, false),
        };
        let (indicator, period) = match rest.split_once('@') {
            Some((indicator, period)) => (indicator, Some(period.parse()?)),
            None => (rest, None),
        };
        if indicator.trim().is_empty() {
            return Err(invalid());
        }
        Ok(Self {
            indicator: indicator.trim().to_owned(),
            log,
            period,
        })
    }
}

impl fmt::Display for VariableChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.indicator)?;
        if let Some(period) = self.period {
            write!(f, "@{period}")?;
        }
        f.write_str(if self.log { ":log" } else { "" })
    }
}

/// Options of [`crate::release::Release::expected`]; an area's name or code alone is enough, and so are the defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedOptions {
    /// Name or code of one area to look at; every area when absent. The model is that of all areas either way.
    pub area: Option<String>,
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// The variables; those that the catalogue declares for the indicator when empty.
    pub variables: Vec<VariableChoice>,
    /// How the cost is explained.
    pub method: ExpectedMethod,
    /// Of the interval, in per cent.
    pub level: f64,
    /// The borders.
    pub borders: Borders,
}

impl Default for ExpectedOptions {
    fn default() -> Self {
        Self {
            area: None,
            period: None,
            variables: Vec::new(),
            method: ExpectedMethod::default(),
            level: 95.0,
            borders: Borders::default(),
        }
    }
}

impl From<&str> for ExpectedOptions {
    fn from(area: &str) -> Self {
        Self {
            area: Some(area.to_owned()),
            ..Self::default()
        }
    }
}
