//! Indicators by patterns of their ids.

use crate::error::{Error, Result};
use crate::model::IndicatorId;

/// Those of `all` that fit `library.*` or several such patterns with commas between them, by id; all of them without a
/// pattern. Each pattern must fit one at least: `unknown` makes the error for one that does not.
pub(super) fn fitting(
    all: &[&IndicatorId],
    patterns: Option<&str>,
    unknown: impl Fn(&str) -> Error,
) -> Result<Vec<IndicatorId>> {
    let mut chosen: Vec<IndicatorId> = match patterns {
        None => all.iter().copied().cloned().collect(),
        Some(text) => {
            let mut found = Vec::new();
            for part in text.split(',').map(str::trim) {
                let pattern = glob::Pattern::new(part).map_err(|cause| Error::InvalidArgument {
                    name: "indicators".into(),
                    expected: "library.*".into(),
                    found: format!("{part} ({cause})"),
                })?;
                let mut fit = all.iter().filter(|id| pattern.matches(id.as_str())).peekable();
                if fit.peek().is_none() {
                    return Err(unknown(part));
                }
                found.extend(fit.copied().cloned());
            }
            found
        }
    };
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}
