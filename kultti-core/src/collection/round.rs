//! A round of a collection as one file: what is asked, of whom, and what is known before.

use crate::catalogue::{Catalogue, Document};
use crate::language::Text;
use crate::model::{AreaCode, Date, MeasureId, Period, Scenario};
use serde::{Deserialize, Serialize};

/// A measure that a round asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The measure.
    pub measure: MeasureId,
    /// Whether an empty cell is an error.
    pub required: bool,
}

/// A municipality that is expected to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reporter {
    /// Its code.
    pub area: AreaCode,
    /// Its name.
    pub name: Text,
    /// The language of its form: `fi`, `sv` or `en`.
    pub language: String,
}

/// What is known of an area from before, of every area of the country.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Its code.
    pub area: AreaCode,
    /// Inhabitants.
    pub inhabitants: Option<f64>,
    /// Its group of peers.
    pub group: Option<String>,
    /// Last period's values in the order of [`RoundDocument::asked`]; null where not known.
    pub previous: Vec<Option<f64>>,
}

/// A round as it stands in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundDocument {
    /// The version of this layout.
    pub schema: u32,
    /// Identifier.
    pub id: String,
    /// Its name.
    pub label: Text,
    /// What answerers should know, shown first in the form.
    pub instructions: Text,
    /// Whom to ask: an e-mail address or a telephone number.
    pub contact: String,
    /// The period that is asked for.
    pub period: Period,
    /// The borders that the answers stand on, by the first day on which they hold.
    pub territory: Date,
    /// The scenario.
    pub scenario: Scenario,
    /// The first day of answering.
    pub opens: Date,
    /// The last day of answering; later answers are taken and marked as late.
    pub due: Date,
    /// The last day on which answers are taken; absent where there is none.
    pub closes: Option<Date>,
    /// Where the ledger is: an address, or a folder beside the file of the round.
    pub ledger: String,
    /// What is asked, in the order of the form.
    pub asked: Vec<Asked>,
    /// Who is expected to answer.
    pub reporters: Vec<Reporter>,
    /// The measures with their themes, units and sources.
    pub catalogue: Document,
    /// The rules, each file's text as it was.
    pub rules: Vec<RuleFile>,
    /// The release that `before` was taken from.
    pub release: String,
    /// The period before, which `before` is of.
    pub previous_period: Option<Period>,
    /// What is known of every area.
    pub before: Vec<Before>,
}

/// A file of rules within a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// Its name.
    pub name: String,
    /// Its text, TOML.
    pub text: String,
}

/// A round, checked.
#[derive(Debug)]
pub struct Round {
    document: RoundDocument,
    catalogue: Catalogue,
    sha256: String,
}

impl Round {
    /// The round as it stands in its file.
    pub fn document(&self) -> &RoundDocument {
        &self.document
    }

    /// The measures that are asked.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// SHA-256 of the file: two rounds that differ in anything differ in this.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The reporter of an area.
    pub fn reporter(&self, area: &AreaCode) -> Option<&Reporter> {
        self.document
            .reporters
            .iter()
            .find(|reporter| &reporter.area == area)
    }
}
