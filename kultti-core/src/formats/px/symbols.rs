//! What the symbols for missing figures mean.

use std::collections::BTreeMap;

/// A symbol of the format: its name in DATASYMBOL, how it stands in the data, its SDMX status and its usual texts.
pub(super) struct Standard {
    pub(super) name: &'static str,
    pub(super) symbol: &'static str,
    pub(super) status: Option<&'static str>,
    texts: [&'static str; 3],
}

/// One to six dots, the sum of different dots, and nil, as Statistics Finland's trilingual table has them.
pub(super) const STANDARD: [Standard; 8] = [
    Standard {
        name: "1",
        symbol: ".",
        status: Some("O"),
        texts: ["Tieto on puuttuva", "Uppgift saknas", "Missing"],
    },
    Standard {
        name: "2",
        symbol: "..",
        status: Some("M"),
        texts: [
            "Tieto on epälooginen esitettäväksi",
            "Uppgift kan inte förekomma",
            "Not applicable",
        ],
    },
    Standard {
        name: "3",
        symbol: "...",
        status: Some("Q"),
        texts: [
            "Tieto on salassapitosäännön alainen",
            "Uppgift är sekretessbelagd",
            "Data is subject to secrecy",
        ],
    },
    Standard {
        name: "4",
        symbol: "....",
        status: Some("L"),
        texts: ["Tietoa ei ole saatu", "Uppgift inte tillgänglig", "Not available"],
    },
    Standard {
        name: "5",
        symbol: ".....",
        status: Some("L"),
        texts: ["Tietoa ei ole kysytty", "Uppgift inte efterfrågad", "Not asked"],
    },
    Standard {
        name: "6",
        symbol: "......",
        status: Some("O"),
        texts: ["……", "……", "……"],
    },
    Standard {
        name: "sum",
        symbol: ".......",
        status: None,
        texts: [
            "Eri tavoin puuttuvien tietojen summa",
            "Summa av olika saknade uppgifter",
            "Sum of figures missing for different reasons",
        ],
    },
    Standard {
        name: "nil",
        symbol: "-",
        status: Some("A"),
        texts: ["Ei yhtään", "Värdet noll", "Magnitude nil"],
    },
];

/// The place of nil among them.
pub(super) const NIL: usize = 7;

impl Standard {
    /// The usual text in a language; English in one that has none.
    pub(super) fn text(&self, language: &str) -> &'static str {
        let [fi, sv, en] = self.texts;
        match language {
            "fi" => fi,
            "sv" => sv,
            _ => en,
        }
    }

    fn is_text(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.texts.iter().any(|known| known.to_lowercase() == text)
    }

    /// The status of a symbol in a file that gives it these texts. No text, the symbol itself and the usual text leave the
    /// usual status; the usual text of another symbol gives that one's; any other says something that no code is known
    /// for.
    pub(super) fn status_with(&self, texts: Option<&BTreeMap<String, String>>) -> Option<&'static str> {
        let Some(texts) = texts else {
            return self.status;
        };
        let usual =
            |text: &String| text.trim().is_empty() || text.trim() == self.symbol || self.is_text(text);
        if texts.values().all(usual) {
            return self.status;
        }
        let other = STANDARD
            .iter()
            .filter(|other| other.name != "nil" && other.name != "6")
            .find(|other| texts.values().all(|text| other.is_text(text)));
        other
            .filter(|_| self.name != "nil")
            .and_then(|other| other.status)
    }

    /// Whether the texts say no more than the usual ones.
    pub(super) fn is_usual(&self, texts: &BTreeMap<String, String>) -> bool {
        texts.iter().all(|(language, text)| text == self.text(language))
    }
}

/// The symbol that stands in the data.
pub(super) fn of_symbol(symbol: &str) -> Option<usize> {
    STANDARD.iter().position(|standard| standard.symbol == symbol)
}

/// The symbol for a status, where the file that it comes from had none of its own: the first that has it; `.` for any
/// other and for none.
pub(super) fn of_status(status: Option<&str>) -> usize {
    STANDARD
        .iter()
        .take(6)
        .position(|standard| status.is_some() && standard.status == status)
        .unwrap_or(0)
}
