//! What a message does not hold of a cube, in warnings.

use super::sheet::Sheet;
use super::{SdmxLabels, SdmxOptions};
use crate::formats::{Cube, Dimension, Labels, Role, Warning};
use crate::language::{Message, Param};

/// Codes named in a warning, at most.
const NAMED: usize = 5;

/// What a data structure definition holds.
const IN_STRUCTURE: [&str; 4] = [
    "word.sdmx-names",
    "word.sdmx-languages",
    "word.sdmx-units",
    "word.sdmx-roles",
];

/// What the message just written does not say.
pub(super) fn warnings(
    sheet: &Sheet,
    labels: SdmxLabels,
    languages: &[String],
    options: SdmxOptions,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !sheet.changed.is_empty() {
        let named: Vec<String> = sheet.changed.iter().take(NAMED).cloned().collect();
        let message = Message::new("warning.sdmx-codes-changed")
            .with("count", sheet.changed.len())
            .with("codes", &named);
        warnings.push(Warning(message));
    }
    let mut lost = lost(sheet, labels, languages);
    if options.with_structure {
        lost.retain(|word| !IN_STRUCTURE.contains(word));
    }
    if !lost.is_empty() {
        let lost = Param::List(
            lost.into_iter()
                .map(|code| Param::Word(code.to_owned()))
                .collect(),
        );
        warnings.push(Warning(Message::new("warning.sdmx-not-held").with("what", lost)));
    }
    let instructions =
        sheet.action_place.is_some() || sheet.extras.action.is_some() || !sheet.extras.rows.is_empty();
    if options.first_version && instructions {
        warnings.push(Warning(Message::new("warning.sdmx-actions-lost")));
    }
    warnings
}

/// The words for what is lost.
fn lost(sheet: &Sheet, labels: SdmxLabels, languages: &[String]) -> Vec<&'static str> {
    let cube = sheet.cube;
    let any = |test: fn(&Dimension) -> bool| cube.dimensions.iter().any(test);
    let several = languages.len() > 1 && texts(cube).any(|label| label.iter().count() > 1);
    let named = texts(cube).any(|label| !label.is_empty());
    let metric_roles =
        |dimension: &Dimension| matches!(dimension.role, Role::Geo | Role::Metric | Role::Time);
    let role = cube.dimensions.iter().zip(&sheet.axes).any(|(dimension, axis)| {
        metric_roles(dimension) && super::categories::role(&axis.id) != dimension.role
    });
    let unit = |unit: &crate::formats::Unit| unit.symbol.is_some() || !unit.label.is_empty();
    let units = cube.unit.as_ref().is_some_and(|unit| unit.symbol.is_some())
        || (labels == SdmxLabels::Id
            && !sheet.extras.lifted.iter().any(|id| id == super::lift::UNIT)
            && cube.unit.as_ref().is_some_and(unit));
    let all = [
        ("word.sdmx-names", labels == SdmxLabels::Id && named),
        ("word.sdmx-languages", labels != SdmxLabels::Id && several),
        ("word.sdmx-notes", !cube.notes.is_empty()),
        (
            "word.sdmx-source",
            !cube.source.is_empty() || cube.updated.is_some(),
        ),
        ("word.sdmx-contents", !cube.contents.is_empty()),
        ("word.sdmx-units", units),
        ("word.sdmx-roles", role),
        (
            "word.sdmx-hierarchies",
            any(|dimension| {
                dimension
                    .categories
                    .iter()
                    .any(|category| !category.children.is_empty())
            }),
        ),
        (
            "word.sdmx-coordinates",
            any(|dimension| {
                dimension
                    .categories
                    .iter()
                    .any(|category| category.coordinates.is_some())
            }),
        ),
    ];
    all.into_iter()
        .filter(|(_, lost)| *lost)
        .map(|(word, _)| word)
        .collect()
}

fn texts(cube: &Cube) -> impl Iterator<Item = &Labels> {
    let dimensions = cube.dimensions.iter().flat_map(|dimension| {
        let categories = dimension.categories.iter().map(|category| &category.label);
        std::iter::once(&dimension.label).chain(categories)
    });
    let attributes = cube.attributes.iter().map(|attribute| &attribute.label);
    std::iter::once(&cube.label).chain(dimensions).chain(attributes)
}
