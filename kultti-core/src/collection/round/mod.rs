//! A round of a collection as one file: what is asked, of whom, and what is known before.

mod check;
mod define;
mod find;
mod known;
mod recipe;

pub(super) use find::{folders_of, read_limited, rounds_beside};
pub(super) use known::year_before;

use crate::catalogue::{Catalogue, Document};
use crate::error::{Error, Result};
use crate::language::{Language, Text, fold, near_matches};
use crate::model::{AreaCode, Date, MeasureId, Period, Scenario};
use crate::release::WholeFile;
use crate::rules::{Known, Record, Records};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::Answers;

/// The end of the name of a round's file.
pub(super) const ENDING: &str = ".round.json";

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
    /// The register that the answers are published as, a source of the catalogue.
    pub source: String,
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
#[derive(Debug, Clone)]
pub struct Round {
    name: String,
    document: RoundDocument,
    catalogue: Arc<Catalogue>,
    sha256: String,
}

impl Round {
    /// Opens the file of a round and checks it wholly: it may have been damaged, or made by somebody else.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, and those of [`Round::from_bytes`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        Self::from_bytes(&name, &find::read_whole(path)?)
    }

    /// Reads a round; `name` is what messages call its file.
    ///
    /// # Errors
    /// [`Error::NotARound`] for anything else than the JSON of a round, [`Error::RoundField`] for a part that breaks a rule,
    /// [`Error::Oversized`] for a file that no round fills.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let document = check::read(name, bytes)?;
        Self::checked(name, document, bytes)
    }

    /// Checks a document; `bytes` are those of its file.
    fn checked(name: &str, document: RoundDocument, bytes: &[u8]) -> Result<Self> {
        let catalogue = check::document(name, &document)?;
        Ok(Self {
            name: name.to_owned(),
            document,
            catalogue: Arc::new(catalogue),
            sha256: sha256(bytes),
        })
    }

    /// The bytes of the round's file: JSON, the same for equal rounds on every machine.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be put together.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        bytes_of(&self.document)
    }

    /// Writes the round's file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`]; the name then keeps what it had.
    pub fn write_file(&self, path: &Path) -> Result<()> {
        let bytes = self.to_bytes()?;
        let mut file = WholeFile::create(path)?;
        let written = file.write_all(&bytes);
        written.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
        file.commit()
    }

    /// What messages call its file: the path, where it was opened from one.
    pub fn name(&self) -> &str {
        &self.name
    }

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

    /// What the round asks of a measure.
    ///
    /// # Errors
    /// [`Error::NotAsked`] with near matches.
    pub fn asked(&self, measure: &MeasureId) -> Result<&Asked> {
        let asked = &self.document.asked;
        asked.iter().find(|one| one.measure == *measure).ok_or_else(|| {
            let known = asked.iter().map(|one| one.measure.as_str());
            let near = near_matches(measure.as_str(), known, 3);
            Error::NotAsked {
                measure: measure.to_string(),
                round: self.document.id.clone(),
                near: near.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// Where the ledger is that the round names: an address, or a folder beside the round's file.
    ///
    /// # Errors
    /// [`Error::LedgerRequired`] where it names none.
    pub fn ledger(&self) -> Result<String> {
        let named = self.document.ledger.as_str();
        if named.is_empty() {
            return Err(Error::LedgerRequired {});
        }
        if named.contains("://") {
            return Ok(named.to_owned());
        }
        let folder = Path::new(&self.name).parent().unwrap_or(Path::new(""));
        Ok(folder.join(named).display().to_string())
    }

    /// The reporter of an area.
    pub fn reporter(&self, area: &AreaCode) -> Option<&Reporter> {
        let reporters = &self.document.reporters;
        reporters.iter().find(|reporter| &reporter.area == area)
    }

    /// The reporter of a code or of a name in any language; case and diacritics are forgiven.
    ///
    /// # Errors
    /// [`Error::NotAReporter`] with near matches.
    pub fn resolve(&self, text: &str) -> Result<&Reporter> {
        let folded = fold(text.trim());
        let named = |reporter: &&Reporter| {
            reporter.area.as_str() == text.trim()
                || Language::ALL
                    .iter()
                    .any(|language| fold(reporter.name.get(*language)) == folded)
        };
        let reporters = &self.document.reporters;
        reporters.iter().find(named).ok_or_else(|| {
            let names: Vec<String> = reporters.iter().map(Reporter::described).collect();
            let near = near_matches(text, names.iter().map(String::as_str), 3);
            Error::NotAReporter {
                area: text.to_owned(),
                round: self.document.id.clone(),
                near: near.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// What is known of an area from before.
    pub fn before(&self, area: &AreaCode) -> Option<&Before> {
        self.document.before.iter().find(|before| &before.area == area)
    }

    /// What rules look at: the answers of some forms, with what is known from before of every area of the country.
    ///
    /// The records are taken as some of the round, not as all that have come: whoever has them all sets
    /// [`Records::whole_round`].
    pub fn records(&self, answers: &[Answers]) -> Records {
        let figures = |one: &Answers| {
            let answered = one.answers.iter();
            answered
                .map(|answer| (answer.measure.clone(), answer.figure.clone()))
                .collect()
        };
        let records = answers.iter().map(|one| Record {
            area: one.area.clone(),
            figures: figures(one),
        });
        Records {
            period: self.document.period,
            previous_period: self.document.previous_period,
            records: records.collect(),
            known: self.known(),
            whole_round: false,
        }
    }

    fn known(&self) -> BTreeMap<AreaCode, Known> {
        let asked = &self.document.asked;
        let known = |before: &Before| {
            let figures = asked.iter().zip(&before.previous);
            let previous =
                figures.filter_map(|(asked, value)| value.map(|value| (asked.measure.clone(), value)));
            Known {
                inhabitants: before.inhabitants,
                group: before.group.clone(),
                previous: previous.collect(),
            }
        };
        let areas = self.document.before.iter();
        areas.map(|before| (before.area.clone(), known(before))).collect()
    }
}

impl Reporter {
    /// As messages name it: `Kokkola (272)`.
    pub fn described(&self) -> String {
        format!("{} ({})", self.name.get(Language::Fi), self.area)
    }

    /// The language of its form.
    pub fn language(&self) -> Language {
        Language::of_code(&self.language).unwrap_or_default()
    }
}

fn bytes_of(document: &RoundDocument) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(document)
        .map_err(|cause| Error::io(&document.id, &std::io::Error::other(cause)))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
