//! What only a PX file knows of a table: `foreign["px"]` of a cube.
//!
//! Variables and categories are named by their codes, so that it stays true when a table loses a language.

use crate::formats::{Cube, Labels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const KEY: &str = "px";

/// `foreign["px"]`. Everything may be absent: a cube from elsewhere has none of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Foreign {
    /// How many of the dimensions are rows (STUB); the others are columns (HEADING).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stub: Option<usize>,
    /// MATRIX, where TABLEID is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) matrix: Option<String>,
    /// DECIMALS, where SHOWDECIMALS is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decimals: Option<u8>,
    /// What the file says its missing symbols mean, by `1` to `6`, `sum` and `nil`, where that is not the usual text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) symbols: BTreeMap<String, BTreeMap<String, String>>,
    /// TIMEVAL by dimension, where the codes do not tell it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) timeval: BTreeMap<String, TimeVal>,
    /// LAST-UPDATED by content value, where it is not that of the table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) updated: BTreeMap<String, String>,
    /// ATTRIBUTE-TEXT of OBS_STATUS.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(super) status: Labels,
    /// Keywords that no field of a cube holds, known or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) entries: Vec<Kept>,
}

/// A time scale and its periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TimeVal {
    pub(super) scale: String,
    pub(super) periods: Vec<String>,
}

/// A keyword with its values by language; `""` where they are the same in each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) keyword: String,
    #[serde(default, skip_serializing_if = "At::is_table")]
    pub(super) at: At,
    pub(super) values: BTreeMap<String, Vec<Item>>,
}

/// What a keyword's subkeys name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum At {
    #[default]
    Table,
    Dimension(String),
    Category(String, String),
    /// A category of the dimension of contents.
    Content(String),
    Cells(Vec<Option<String>>),
    /// Nothing in the table: the subkeys as they stand.
    Subkeys(Vec<String>),
}

impl At {
    fn is_table(&self) -> bool {
        *self == Self::Table
    }
}

/// A value of a keyword.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Item {
    Text(String),
    Word {
        word: String,
    },
    /// A category of the dimension that the subkey names, by its code.
    Category {
        category: String,
    },
    Range {
        from: String,
        to: String,
    },
    Pair {
        parent: String,
        child: String,
    },
    TimeList {
        scale: String,
        inside: Vec<Item>,
    },
}

impl Foreign {
    /// Of a cube; what cannot be understood counts as absent.
    pub(super) fn of(cube: &Cube) -> Self {
        cube.foreign
            .get(KEY)
            .and_then(|value| serde_json::from_value(value.clone()).ok())
            .unwrap_or_default()
    }

    /// Puts it into a cube.
    pub(super) fn put(&self, cube: &mut Cube) {
        if *self != Self::default()
            && let Ok(value) = serde_json::to_value(self)
        {
            cube.foreign.insert(KEY.to_owned(), value);
        }
    }
}

/// The order of keywords that the specification of 2013 recommends; a keyword that it does not know stands before the notes.
const ORDER: [&str; 79] = [
    "CHARSET",
    "AXIS-VERSION",
    "CODEPAGE",
    "LANGUAGE",
    "LANGUAGES",
    "CREATION-DATE",
    "NEXT-UPDATE",
    "PX-SERVER",
    "DIRECTORY-PATH",
    "UPDATE-FREQUENCY",
    "TABLEID",
    "SYNONYMS",
    "DEFAULT-GRAPH",
    "DECIMALS",
    "SHOWDECIMALS",
    "ROUNDING",
    "MATRIX",
    "AGGREGALLOWED",
    "AUTOPEN",
    "SUBJECT-CODE",
    "SUBJECT-AREA",
    "CONFIDENTIAL",
    "COPYRIGHT",
    "DESCRIPTION",
    "TITLE",
    "DESCRIPTIONDEFAULT",
    "CONTENTS",
    "STUB",
    "HEADING",
    "CONTVARIABLE",
    "VARIABLECODE",
    "VALUES",
    "TIMEVAL",
    "CODES",
    "DOUBLECOLUMN",
    "PRESTEXT",
    "DOMAIN",
    "VARIABLE-TYPE",
    "HIERARCHIES",
    "HIERARCHYLEVELS",
    "HIERARCHYLEVELSOPEN",
    "HIERARCHYNAMES",
    "MAP",
    "PARTITIONED",
    "ELIMINATION",
    "PRECISION",
    "UNITS",
    "LAST-UPDATED",
    "STOCKFA",
    "CFPRICES",
    "DAYADJ",
    "SEASADJ",
    "CONTACT",
    "REFPERIOD",
    "BASEPERIOD",
    "DATABASE",
    "SOURCE",
    "SURVEY",
    "LINK",
    "INFOFILE",
    "FIRST-PUBLISHED",
    "META-ID",
    "OFFICIAL-STATISTICS",
    "INFO",
    "",
    "NOTE",
    "DATASYMBOL1",
    "DATASYMBOL2",
    "DATASYMBOL3",
    "DATASYMBOL4",
    "DATASYMBOL5",
    "DATASYMBOL6",
    "DATASYMBOLSUM",
    "DATASYMBOLNIL",
    "DATANOTE",
    "KEYS",
    "ATTRIBUTE-ID",
    "ATTRIBUTE-TEXT",
    "ATTRIBUTES",
];

/// The place of a keyword in that order. Notes stand together, so that their own order is kept.
pub(super) fn rank(keyword: &str) -> usize {
    let keyword = match keyword {
        "NOTEX" | "VALUENOTE" | "VALUENOTEX" | "CELLNOTE" | "CELLNOTEX" => "NOTE",
        "DATANOTECELL" | "DATANOTESUM" => "DATANOTE",
        other => other,
    };
    let place = |keyword: &str| ORDER.iter().position(|known| *known == keyword);
    place(keyword).or_else(|| place("")).unwrap_or(ORDER.len())
}

/// Keywords that say the same in every language, so that they stand once.
pub(super) fn is_language_free(keyword: &str) -> bool {
    matches!(
        keyword,
        "CREATION-DATE"
            | "NEXT-UPDATE"
            | "UPDATE-FREQUENCY"
            | "PX-SERVER"
            | "DIRECTORY-PATH"
            | "DEFAULT-GRAPH"
            | "ROUNDING"
            | "AGGREGALLOWED"
            | "AUTOPEN"
            | "SUBJECT-CODE"
            | "CONFIDENTIAL"
            | "COPYRIGHT"
            | "DESCRIPTIONDEFAULT"
            | "DOUBLECOLUMN"
            | "PRESTEXT"
            | "STOCKFA"
            | "CFPRICES"
            | "DAYADJ"
            | "SEASADJ"
            | "FIRST-PUBLISHED"
            | "OFFICIAL-STATISTICS"
            | "VARIABLE-TYPE"
            | "HIERARCHYLEVELS"
            | "HIERARCHYLEVELSOPEN"
    )
}

/// Keywords whose one subkey is a value of the dimension of contents.
pub(super) fn is_of_content(keyword: &str) -> bool {
    matches!(
        keyword,
        "UNITS"
            | "LAST-UPDATED"
            | "CONTACT"
            | "REFPERIOD"
            | "BASEPERIOD"
            | "STOCKFA"
            | "CFPRICES"
            | "DAYADJ"
            | "SEASADJ"
    )
}

/// Keywords with a subkey for every dimension.
pub(super) fn is_of_cells(keyword: &str) -> bool {
    matches!(keyword, "CELLNOTE" | "CELLNOTEX" | "DATANOTECELL" | "ATTRIBUTES")
}
