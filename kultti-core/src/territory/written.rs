//! Areas as people write them in tables of their own.

use super::{Area, Territory};
use crate::error::{Error, Result};

impl Territory {
    /// The area that a cell of a table names: its code, its name in any language, or both (`Kokkola (272)`, `272 Kokkola`).
    ///
    /// Where a code and a name stand together they must be of the same area. Case and diacritics are forgiven; leading zeros
    /// are not: `5` is no code.
    ///
    /// # Errors
    /// Those of [`Territory::resolve`]; for a code and a name of two areas [`Error::AmbiguousArea`] with both.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// for text in ["272", "karleby", "Kokkola (272)", "272 Kokkola", "Karleby, 272"] {
    ///     assert_eq!(release.territory().written(text)?.code.as_str(), "272");
    /// }
    /// assert!(release.territory().written("Kokkola (091)").is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn written(&self, text: &str) -> Result<&Area> {
        let found = self.resolve(text);
        if !matches!(found, Err(Error::UnknownArea { .. })) {
            return found;
        }
        let Some((code, name)) = self.code_and_name(text) else {
            return found;
        };
        let (Some(coded), Ok(named)) = (self.area(code), self.resolve(name)) else {
            return found;
        };
        if coded.code == named.code {
            return Ok(coded);
        }
        Err(Error::AmbiguousArea {
            area: text.trim().to_owned(),
            candidates: [coded, named].map(super::lookup::described).to_vec(),
        })
    }

    /// A code at one end of a text and the name at the other, with brackets, commas or dashes between.
    fn code_and_name<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let between = |symbol: char| symbol.is_whitespace() || "()[],;:-–".contains(symbol);
        let text = text.trim_matches(between);
        let length = self.document.code_length;
        let digits = |part: &str| part.len() == length && part.bytes().all(|digit| digit.is_ascii_digit());
        let first = text.split(between).next().filter(|part| digits(part));
        let last = text.rsplit(between).next().filter(|part| digits(part));
        let code = first.or(last)?;
        let name = if first.is_some() {
            text.strip_prefix(code)
        } else {
            text.strip_suffix(code)
        };
        name.map(|name| (code, name.trim_matches(between)))
    }
}
