//! A document as text, of which each part knows where it stands.

use crate::error::{Error, Result};
use serde::de::{DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// The text of a document.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// The text of a part of a document, which serde_json has found well-formed.
pub(super) type Part<'a> = &'a RawValue;

/// The parts of an object, in the order of the file.
pub(super) struct Fields<'a>(Vec<(String, Part<'a>)>);

impl<'a> Fields<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Part<'a>> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, part)| *part)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Part<'a>)> {
        self.0.iter().map(|(name, part)| (name.as_str(), *part))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry::<String, Part<'de>>()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The members of an array.
struct Members<'a>(Vec<Part<'a>>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Array;
        impl<'de> Visitor<'de> for Array {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(part) = seq.next_element::<Part<'de>>()? {
                    members.push(part);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_seq(Array)
    }
}

impl<'a> Source<'a> {
    /// The document itself.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] with line and column where it is no well-formed JSON object.
    pub(super) fn document(self) -> Result<Fields<'a>> {
        let fields = serde_json::from_str(self.text).map_err(|cause| self.syntax(&cause, self.text, ""))?;
        self.once(fields, "")
    }

    /// Refuses a name that comes twice: which of the two is meant cannot be known.
    fn once(self, fields: Fields<'a>, field: &str) -> Result<Fields<'a>> {
        let mut seen = HashSet::new();
        let twice = fields.iter().find(|(name, _)| !seen.insert(*name));
        let error = twice.map(|(name, part)| {
            let found = format!("\"{name}\" twice");
            self.error(part.get(), field, "each field once", &found)
        });
        error.map_or(Ok(()), Err)?;
        Ok(fields)
    }

    /// The document as one part.
    pub(super) fn whole(self) -> Result<Part<'a>> {
        serde_json::from_str(self.text).map_err(|cause| self.syntax(&cause, self.text, ""))
    }

    pub(super) fn fields(self, part: Part<'a>, field: &str) -> Result<Fields<'a>> {
        let fields =
            serde_json::from_str(part.get()).map_err(|cause| self.syntax(&cause, part.get(), field))?;
        self.once(fields, field)
    }

    pub(super) fn members(self, part: Part<'a>, field: &str) -> Result<Vec<Part<'a>>> {
        let members: std::result::Result<Members, _> = serde_json::from_str(part.get());
        members
            .map(|members| members.0)
            .map_err(|cause| self.syntax(&cause, part.get(), field))
    }

    /// A part as a value of Rust.
    pub(super) fn value<T: DeserializeOwned>(self, part: Part, field: &str) -> Result<T> {
        serde_json::from_str(part.get()).map_err(|cause| self.syntax(&cause, part.get(), field))
    }

    /// What is wrong with a part, by its field: the place is where the part begins.
    pub(super) fn error(self, part: &str, field: &str, expected: &str, found: &str) -> Error {
        self.at(self.place(part), field, expected, found)
    }

    fn at(self, (line, column): (usize, usize), field: &str, expected: &str, found: &str) -> Error {
        Error::MalformedFile {
            path: self.name.to_owned(),
            format: "jsonstat".into(),
            line,
            column: column.to_string(),
            part: field.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// What serde_json says of a part; its lines and columns count from the beginning of the part.
    fn syntax(self, cause: &serde_json::Error, part: &str, field: &str) -> Error {
        let (line, column) = self.place(part);
        let line = line + cause.line().saturating_sub(1);
        let column = match cause.line() {
            0 | 1 => column + cause.column().saturating_sub(1),
            _ => cause.column(),
        };
        let text = cause.to_string();
        let said = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(said, _)| said);
        let (found, expected) = said
            .rsplit_once(", expected ")
            .unwrap_or((said, "well-formed JSON"));
        self.at((line, column.max(1)), field, expected, found)
    }

    /// Line and column where a part begins; both count from 1, the column in characters.
    fn place(self, part: &str) -> (usize, usize) {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        let before = offset
            .and_then(|offset| self.text.get(..offset))
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        (line, last.chars().count() + 1)
    }
}
