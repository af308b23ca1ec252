//! What the texts of `status` mean. JSON-stat has no vocabulary for them: each office has its own.

use super::dataset::Dataset;
use crate::formats::{Mark, Warning};
use crate::language::Message;
use serde_json::Value;
use std::collections::BTreeMap;

/// Symbols of PX, which PxWeb writes as they are: their code in Statistics Finland's service and their SDMX status.
const SYMBOLS: [(&str, &str, &str); 7] = [
    ("1", ".", "O"),
    ("2", "..", "M"),
    ("3", "...", "Q"),
    ("4", "....", "L"),
    ("5", ".....", "L"),
    ("6", "......", "O"),
    ("7", "-", "A"),
];
/// A figure that is exactly zero.
const NIL: &str = "-";

/// The names of the statuses in SDMX `CL_OBS_STATUS`.
const NAMES: [(&str, &str); 20] = [
    ("A", "Normal value"),
    ("B", "Time series break"),
    ("D", "Definition differs"),
    ("E", "Estimated value"),
    ("F", "Forecast value"),
    ("G", "Experimental value"),
    ("H", "Missing value; holiday or weekend"),
    ("I", "Imputed value"),
    ("J", "Derogation"),
    ("K", "Missing value; data included in another category"),
    ("L", "Missing value; data exist but were not collected"),
    ("M", "Missing value; data cannot exist"),
    ("N", "Not significant"),
    ("O", "Missing value"),
    ("P", "Provisional value"),
    ("Q", "Missing value; suppressed"),
    ("S", "Strike and any special events"),
    ("U", "Low reliability"),
    ("V", "Unvalidated value"),
    ("W", "Includes data from another category"),
];
/// Other names that an extension may give a status (`extension.status.label`), as Eurostat does.
const OTHER_NAMES: [(&str, &str); 11] = [
    ("B", "break in time series"),
    ("D", "definition differs (see metadata)"),
    ("E", "estimated"),
    ("F", "forecast"),
    ("I", "imputed"),
    ("M", "not applicable"),
    ("O", "not available"),
    ("P", "provisional"),
    ("Q", "confidential"),
    ("Q", "suppressed"),
    ("U", "unreliable"),
];

/// The name of a status in SDMX.
pub(super) fn status_name(status: &str) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(code, _)| *code == status)
        .map(|(_, name)| *name)
}

/// The texts of `status` in one document.
pub(super) struct Meanings {
    texts: Vec<String>,
    /// What our part of the extension says of them.
    own: Option<BTreeMap<String, Mark>>,
    /// Whether they are the codes of Statistics Finland's service.
    codes: bool,
    /// Whether the document says that they are.
    said: bool,
    labels: Vec<Option<String>>,
    assumed: bool,
}

impl Meanings {
    pub(super) fn new(dataset: &Dataset, texts: Vec<String>) -> Self {
        let code = |text: &String| SYMBOLS.iter().any(|(code, ..)| code == text);
        let extension = dataset
            .cube
            .foreign
            .get(super::dataset::FORMAT)
            .and_then(|own| own.get("extension"));
        let label = |text: &String| Some(dataset.described.get(text)?.as_str()?.to_owned());
        Self {
            own: dataset.own.as_ref().map(|own| own.status.clone()),
            codes: !texts.is_empty() && texts.iter().all(code),
            said: extension.is_some_and(|extension| {
                extension
                    .get("missingValueDescriptions")
                    .is_some_and(Value::is_object)
            }),
            labels: texts.iter().map(label).collect(),
            texts,
            assumed: false,
        }
    }

    /// What a status says of a cell: the number of one without a number (NaN, or zero for nil) and the mark.
    pub(super) fn of(&mut self, status: u32, number: bool) -> (f64, Mark) {
        let Some(text) = self.texts.get(status as usize) else {
            return (f64::NAN, Mark::default());
        };
        if let Some(own) = &self.own {
            let mark = own.get(text).cloned().unwrap_or_else(|| symbol(text, None));
            return (f64::NAN, mark);
        }
        if !number {
            let by_code = |(code, ..): &&(&str, &str, &str)| self.codes && code == text;
            let coded = SYMBOLS.iter().find(by_code);
            self.assumed |= coded.is_some() && !self.said;
            let known = coded.or_else(|| SYMBOLS.iter().find(|(_, symbol, _)| symbol == text));
            if let Some((_, found, status)) = known {
                return (zero(found), symbol(found, Some(status)));
            }
        }
        let label = self.labels.get(status as usize).and_then(Option::as_deref);
        let named = |(_, name): &&(&str, &str)| label.is_some_and(|label| label.eq_ignore_ascii_case(name));
        let described = NAMES.iter().chain(&OTHER_NAMES).find(named);
        (f64::NAN, symbol(text, described.map(|(status, _)| *status)))
    }

    /// The number of a cell that has none beside its status.
    pub(super) fn value(&self, status: u32) -> f64 {
        let text = self.texts.get(status as usize).filter(|_| self.own.is_none());
        let nil = text.is_some_and(|text| text == NIL || (self.codes && text == "7"));
        if nil { 0.0 } else { f64::NAN }
    }

    /// Says what was assumed.
    pub(super) fn warn(&self, warnings: &mut Vec<Warning>) {
        if self.assumed {
            warnings.push(Warning(Message::new("warning.jsonstat-codes")));
        }
    }
}

fn zero(symbol: &str) -> f64 {
    if symbol == NIL { 0.0 } else { f64::NAN }
}

fn symbol(symbol: &str, status: Option<&str>) -> Mark {
    Mark {
        symbol: Some(symbol.to_owned()),
        status: status.map(str::to_owned),
        ..Mark::default()
    }
}
