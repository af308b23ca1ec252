//! What must hold of the file of a round before anything of it is believed.

use super::recipe::is_id;
use super::{Before, RoundDocument};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::{Language, Text};
use std::collections::BTreeSet;

/// A part that breaks a rule: its name, what belongs there, what stands there.
type Broken = (String, String, String);

/// Reads the JSON of a round.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<RoundDocument> {
    let refused = |reason: String| Error::NotARound {
        path: name.to_owned(),
        reason,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: RoundDocument =
        serde_json::from_slice(bytes).map_err(|cause| refused(cause.to_string()))?;
    if document.schema != 1 {
        return Err(refused(format!("schema {}", document.schema)));
    }
    Ok(document)
}

/// Checks a document wholly, and makes its catalogue.
pub(super) fn document(name: &str, document: &RoundDocument) -> Result<Catalogue> {
    let field = |(field, expected, found): Broken| Error::RoundField {
        path: name.to_owned(),
        field,
        expected,
        found,
    };
    words(document).map_err(field)?;
    dates(document).map_err(field)?;
    reporters(document).map_err(field)?;
    let catalogue = Catalogue::from_document(document.catalogue.clone())?;
    asked(document, &catalogue).map_err(field)?;
    if catalogue.source(&document.source).is_none() {
        return Err(field(broken(
            "source",
            "a source of the catalogue",
            &document.source,
        )));
    }
    before(document).map_err(field)?;
    Ok(catalogue)
}

fn broken(field: impl Into<String>, expected: &str, found: impl Into<String>) -> Broken {
    (field.into(), expected.to_owned(), found.into())
}

/// A text in all three languages that a cell of a form can hold and give back.
fn whole(field: &str, text: &Text) -> Result<(), Broken> {
    if let Some(language) = text.gap() {
        return Err(broken(field, "fi, sv, en", language.code()));
    }
    Language::ALL
        .into_iter()
        .try_for_each(|language| plain(field, text.get(language)))
}

/// Characters of a text, which stands in one cell.
const LONGEST: usize = 8_000;

fn plain(field: &str, text: &str) -> Result<(), Broken> {
    let strange = text
        .chars()
        .find(|symbol| symbol.is_control() && !symbol.is_whitespace());
    if let Some(symbol) = strange {
        return Err(broken(
            field,
            "a text without signs that control",
            format!("U+{:04X}", u32::from(symbol)),
        ));
    }
    match text.chars().count() {
        length if length > LONGEST => Err(broken(field, &format!("<= {LONGEST}"), length.to_string())),
        _ => Ok(()),
    }
}

fn words(document: &RoundDocument) -> Result<(), Broken> {
    if !is_id(&document.id) {
        return Err(broken("id", "a-z 0-9 - . _", &document.id));
    }
    whole("label", &document.label)?;
    whole("instructions", &document.instructions)?;
    if document.contact.trim().is_empty() {
        return Err(broken("contact", "an e-mail address or a telephone number", ""));
    }
    Ok(())
}

fn dates(document: &RoundDocument) -> Result<(), Broken> {
    let after = |field: &str, earlier: crate::model::Date, later: crate::model::Date| {
        if later >= earlier {
            return Ok(());
        }
        Err(broken(field, &format!(">= {earlier}"), later.to_string()))
    };
    after("due", document.opens, document.due)?;
    let closes = document.closes.unwrap_or(document.due);
    after("closes", document.due, closes)?;
    match document.previous_period {
        Some(previous)
            if previous.frequency() != document.period.frequency() || previous >= document.period =>
        {
            let expected = format!("< {}", document.period);
            Err(broken("previous_period", &expected, previous.to_string()))
        }
        _ => Ok(()),
    }
}

fn reporters(document: &RoundDocument) -> Result<(), Broken> {
    if document.reporters.is_empty() {
        return Err(broken("reporters", ">= 1", "0"));
    }
    let mut seen = BTreeSet::new();
    for (place, reporter) in document.reporters.iter().enumerate() {
        let field = |name: &str| format!("reporters[{place}].{name}");
        let area = reporter.area.as_str();
        if !is_code(area) {
            return Err(broken(field("area"), "a code of letters and digits", area));
        }
        if !seen.insert(area) {
            return Err(broken(field("area"), "each area once", area));
        }
        if reporter.name.get(Language::Fi).trim().is_empty() {
            return Err(broken(field("name"), "a name", ""));
        }
        for language in Language::ALL {
            plain(&field("name"), reporter.name.get(language))?;
        }
        if Language::of_code(&reporter.language).is_none() {
            return Err(broken(field("language"), "fi, sv, en", &reporter.language));
        }
    }
    Ok(())
}

fn asked(document: &RoundDocument, catalogue: &Catalogue) -> Result<(), Broken> {
    if document.asked.is_empty() {
        return Err(broken("asked", ">= 1", "0"));
    }
    let mut seen = BTreeSet::new();
    for (place, asked) in document.asked.iter().enumerate() {
        let field = format!("asked[{place}].measure");
        let id = asked.measure.as_str();
        if !is_measure(id) {
            return Err(broken(field, "letters, digits, points and underscores", id));
        }
        if !seen.insert(id) {
            return Err(broken(field, "each measure once", id));
        }
        let Some(measure) = catalogue.measure(&asked.measure) else {
            return Err(broken(field, "a measure of the catalogue", id));
        };
        whole(&format!("{id}.label"), &measure.label)?;
        whole(&format!("{id}.definition"), &measure.definition)?;
        if !measure.valid.contains(document.period) {
            return Err(broken(
                format!("{id}.valid"),
                &document.period.to_string(),
                measure.valid.to_string(),
            ));
        }
        if let Some(theme) = measure
            .theme
            .as_deref()
            .filter(|theme| catalogue.theme(theme).is_none())
        {
            return Err(broken(format!("{id}.theme"), "a theme of the catalogue", theme));
        }
        // A cell's number format has as many decimals as the measure.
        if measure.decimals > 9 {
            return Err(broken(
                format!("{id}.decimals"),
                "0–9",
                measure.decimals.to_string(),
            ));
        }
    }
    let mut themes = catalogue.header().themes.iter();
    themes.try_for_each(|theme| whole(&format!("theme {}", theme.id), &theme.label))
}

fn before(document: &RoundDocument) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    for (place, before) in document.before.iter().enumerate() {
        let field = |name: &str| format!("before[{place}].{name}");
        if !seen.insert(&before.area) {
            return Err(broken(field("area"), "each area once", before.area.as_str()));
        }
        if before.previous.len() != document.asked.len() {
            let expected = format!("{} values", document.asked.len());
            return Err(broken(
                field("previous"),
                &expected,
                before.previous.len().to_string(),
            ));
        }
        let Before {
            inhabitants,
            previous,
            ..
        } = before;
        if inhabitants.is_some_and(|persons| !persons.is_finite() || persons < 0.0) {
            return Err(broken(field("inhabitants"), ">= 0", format!("{inhabitants:?}")));
        }
        let finite = |value: &Option<f64>| value.is_none_or(f64::is_finite);
        if !previous.iter().all(finite) {
            return Err(broken(field("previous"), "numbers", "NaN"));
        }
    }
    Ok(())
}

/// Codes are parts of the names of files.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Ids of measures are parts of the names of ranges.
fn is_measure(text: &str) -> bool {
    let begins = text.starts_with(|symbol: char| symbol.is_ascii_alphabetic());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
    begins && text.len() <= 200 && text.bytes().all(allowed)
}
