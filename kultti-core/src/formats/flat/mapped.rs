//! What the columns of a table are by a mapping.

use super::layout::{Axis, Layout, Part};
use super::survey::Survey;
use super::{FlatTable, Numbers, assumed};
use crate::error::{Error, Result};
use crate::formats::mapping::{ColumnMapping, ColumnRole, CubeTexts, Symbol};
use crate::formats::{Category, Mapping, Role, Warning};
use crate::language::{Message, Param};
use std::collections::BTreeMap;

/// The layout that a mapping says; by rules where it names no column.
pub(super) fn layout(
    table: &mut dyn FlatTable,
    mapping: &Mapping,
    warnings: &mut Vec<Warning>,
) -> Result<Layout> {
    let symbols = symbols(mapping);
    if mapping.columns.is_empty() && mapping.wide.is_none() {
        let mut layout = assumed::layout(table, Some(mapping), warnings)?;
        layout.symbols.extend(symbols);
        Pivot::of(&layout).into_axes(&mut layout, mapping)?;
        texts(&mut layout, &mapping.cube);
        known_dimensions(&mut layout, mapping);
        return Ok(layout);
    }
    let mut layout = Layout::new(table.columns().len());
    layout.symbols.extend(symbols);
    let named = named_columns(table, mapping)?;
    let mut pivot = Pivot::default();
    columns(&mut layout, table, mapping, &named, &mut pivot)?;
    wide(&mut layout, table, mapping, &named, &mut pivot)?;
    pivot.into_axes(&mut layout, mapping)?;
    if layout.values().next().is_none() {
        return Err(field(mapping, "role", "a column with the role value", ""));
    }
    layout.numbers = numbers(table, mapping, &layout)?;
    texts(&mut layout, &mapping.cube);
    known_dimensions(&mut layout, mapping);
    unmapped(&layout, table, &named, warnings);
    Ok(layout)
}

/// What symbols mean: what the mapping says, then the office it names.
fn symbols(mapping: &Mapping) -> BTreeMap<String, Symbol> {
    let mut symbols = mapping
        .table
        .symbols
        .map(|office| office.symbols())
        .unwrap_or_default();
    symbols.extend(mapping.symbols.clone());
    symbols
}

fn field(mapping: &Mapping, field: &str, expected: &str, found: &str) -> Error {
    Error::MappingField {
        path: mapping.path.clone(),
        field: field.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// The mapping of every column of the table that has one.
fn named_columns<'m>(table: &dyn FlatTable, mapping: &'m Mapping) -> Result<Vec<Option<&'m ColumnMapping>>> {
    let names = table.columns();
    let mut named: Vec<Option<&ColumnMapping>> = vec![None; names.len()];
    for column in &mapping.columns {
        let place = match (&column.name, column.number) {
            (_, Some(number)) => number.checked_sub(1).filter(|place| *place < names.len()),
            (Some(name), None) => {
                let free = |place: &usize| named.get(*place).is_some_and(Option::is_none);
                let called =
                    |place: &usize| names.get(*place).is_some_and(|known| known.trim() == name.trim());
                (0..names.len()).find(|place| called(place) && free(place))
            }
            (None, None) => return Err(field(mapping, "column", "name or number", "")),
        };
        let Some(slot) = place.and_then(|place| named.get_mut(place)) else {
            let number = column.number.map(|number| number.to_string());
            return Err(Error::UnknownColumn {
                path: mapping.path.clone(),
                table: table.place().path,
                column: column.name.clone().or(number).unwrap_or_default(),
                known: names.to_vec(),
            });
        };
        *slot = Some(column);
    }
    Ok(named)
}

fn columns(
    layout: &mut Layout,
    table: &dyn FlatTable,
    mapping: &Mapping,
    named: &[Option<&ColumnMapping>],
    pivot: &mut Pivot,
) -> Result<()> {
    for (place, column) in named.iter().enumerate() {
        let Some(column) = column else {
            continue;
        };
        let heading = table.columns().get(place).cloned().unwrap_or_default();
        let code = column.dimension.clone().unwrap_or(heading);
        let role = match column.role {
            ColumnRole::Dimension => Role::Classification,
            ColumnRole::Time => Role::Time,
            ColumnRole::Geo => Role::Geo,
            ColumnRole::Metric => Role::Metric,
            _ => continue,
        };
        if layout.axes.iter().any(|axis| axis.code == code) {
            return Err(field(
                mapping,
                "dimension",
                "one column of codes for every dimension",
                &code,
            ));
        }
        layout.set(place, Part::Dimension(layout.axes.len()));
        layout.axes.push(Axis {
            code,
            role,
            in_column: true,
            codes: column.codes.clone(),
            prefix: column.strip_prefix.clone(),
            fill_down: column.fill_down,
            ..Axis::default()
        });
    }
    for (place, column) in named.iter().enumerate() {
        if let Some(column) = column {
            let heading = table.columns().get(place).cloned().unwrap_or_default();
            if let Some(part) = part(layout, mapping, column, &heading, pivot)? {
                layout.set(place, part);
            }
        }
    }
    Ok(())
}

/// What a column is that has no codes of a dimension.
fn part(
    layout: &mut Layout,
    mapping: &Mapping,
    column: &ColumnMapping,
    heading: &str,
    pivot: &mut Pivot,
) -> Result<Option<Part>> {
    let language = || {
        let language = column.language.clone().or_else(|| mapping.table.language.clone());
        language.unwrap_or_default()
    };
    Ok(Some(match column.role {
        ColumnRole::Dimension | ColumnRole::Time | ColumnRole::Geo | ColumnRole::Metric => return Ok(None),
        ColumnRole::Label => {
            let code = column.dimension.as_deref().unwrap_or_default();
            let axis = layout.axes.iter().position(|axis| axis.code == code);
            let Some(axis) = axis else {
                return Err(field(
                    mapping,
                    "dimension",
                    "the dimension of a column of codes",
                    code,
                ));
            };
            Part::Label(axis, language())
        }
        ColumnRole::Value => Part::Value(pivot.places(&column.categories)),
        ColumnRole::Status => Part::Status,
        ColumnRole::Symbol => Part::Symbol,
        ColumnRole::Text => Part::Text,
        ColumnRole::Attribute => {
            Part::Attribute(layout.attribute(column.dimension.as_deref().unwrap_or(heading)))
        }
        ColumnRole::Note => Part::Note(language()),
        ColumnRole::Ignore => Part::Ignored,
    }))
}

/// Columns whose headings name the categories of their figures.
fn wide(
    layout: &mut Layout,
    table: &dyn FlatTable,
    mapping: &Mapping,
    named: &[Option<&ColumnMapping>],
    pivot: &mut Pivot,
) -> Result<()> {
    let Some(pattern) = &mapping.wide else {
        return Ok(());
    };
    let pattern = Pattern::parse(pattern).ok_or_else(|| {
        field(
            mapping,
            "wide",
            "dimensions in braces, parted by text: {measure} {year}",
            pattern,
        )
    })?;
    for (place, heading) in table.columns().iter().enumerate() {
        if named.get(place).is_some_and(Option::is_some) {
            continue;
        }
        if let Some(categories) = pattern.categories(heading) {
            layout.set(place, Part::Value(pivot.places(&categories)));
        }
    }
    Ok(())
}

/// How headings name categories: texts between dimensions.
struct Pattern<'p> {
    first: &'p str,
    /// Dimensions, each with the text after it.
    dimensions: Vec<(&'p str, &'p str)>,
}

impl<'p> Pattern<'p> {
    fn parse(text: &'p str) -> Option<Self> {
        let mut parts = text.split('{');
        let first = parts.next()?;
        let dimensions: Option<Vec<_>> = parts.map(|part| part.split_once('}')).collect();
        let dimensions = dimensions.filter(|dimensions| !dimensions.is_empty())?;
        let (_, between) = dimensions.split_last()?;
        // Nothing says where one category ends and the next begins where no text parts them.
        let parted = between.iter().all(|(_, after)| !after.is_empty());
        parted.then_some(Self { first, dimensions })
    }

    /// The categories that a heading names. The last dimension takes as little as it can: a year stands in one word.
    fn categories(&self, heading: &str) -> Option<BTreeMap<String, String>> {
        let mut rest = heading.trim().strip_prefix(self.first)?;
        let mut found = BTreeMap::new();
        let (last, between) = self.dimensions.split_last()?;
        rest = rest.strip_suffix(last.1)?;
        let mut after = last.0;
        for (dimension, text) in between.iter().rev() {
            let (before, category) = rest.rsplit_once(text)?;
            found.insert(after.to_owned(), category.to_owned());
            (rest, after) = (before, dimension);
        }
        found.insert(after.to_owned(), rest.to_owned());
        found
            .values()
            .all(|category| !category.is_empty())
            .then_some(found)
    }
}

/// Dimensions whose categories are columns.
#[derive(Default)]
struct Pivot(Vec<(String, Vec<String>)>);

impl Pivot {
    /// The place of every named category in its dimension; `usize::MAX` where a dimension is not named.
    fn places(&mut self, categories: &BTreeMap<String, String>) -> Vec<usize> {
        for dimension in categories.keys() {
            if !self.0.iter().any(|(known, _)| known == dimension) {
                self.0.push((dimension.clone(), Vec::new()));
            }
        }
        let place = |(dimension, known): &mut (String, Vec<String>)| {
            let Some(category) = categories.get(dimension) else {
                return usize::MAX;
            };
            let place = known.iter().position(|code| code == category);
            place.unwrap_or_else(|| {
                known.push(category.clone());
                known.len() - 1
            })
        };
        self.0.iter_mut().map(place).collect()
    }

    /// The dimensions whose categories are columns already.
    fn of(layout: &Layout) -> Self {
        let without = layout.axes.iter().filter(|axis| !axis.in_column);
        Self(without.map(|axis| (axis.code.clone(), Vec::new())).collect())
    }

    fn into_axes(self, layout: &mut Layout, mapping: &Mapping) -> Result<()> {
        let dimensions = self.0.len();
        for part in &layout.columns {
            let Part::Value(places) = part else {
                continue;
            };
            if places.len() != dimensions || places.contains(&usize::MAX) {
                let names: Vec<&str> = self.0.iter().map(|(dimension, _)| dimension.as_str()).collect();
                let expected = "in every column of figures a category of the same dimensions";
                return Err(field(mapping, "categories", expected, &names.join(", ")));
            }
        }
        let constants = mapping.constants.iter();
        let constants = constants.map(|(dimension, category)| (dimension.clone(), vec![category.clone()]));
        for part in &mut layout.columns {
            if let Part::Value(places) = part {
                places.resize(dimensions + mapping.constants.len(), 0);
            }
        }
        let pivoted = self
            .0
            .into_iter()
            .filter(|(_, categories)| !categories.is_empty());
        for (code, categories) in pivoted.chain(constants) {
            if layout.axes.iter().any(|axis| axis.code == code) {
                return Err(field(
                    mapping,
                    "categories",
                    "a dimension without a column of codes",
                    &code,
                ));
            }
            layout.axes.push(Axis {
                code,
                categories: categories.into_iter().map(Category::new).collect(),
                ..Axis::default()
            });
        }
        Ok(())
    }
}

/// How numbers are spelt: as the mapping says, else as all the columns of figures allow.
fn numbers(table: &mut dyn FlatTable, mapping: &Mapping, layout: &Layout) -> Result<Numbers> {
    if let Some(numbers) = mapping_numbers(mapping) {
        return Ok(numbers);
    }
    if let [only] = table.numbers() {
        return Ok(*only);
    }
    let survey = Survey::of(table, Some(mapping))?;
    let figures: Vec<usize> = layout.values().map(|(column, _)| column).collect();
    Ok(survey.spelling(&figures))
}

/// How a mapping says that numbers are spelt.
pub(super) fn mapping_numbers(mapping: &Mapping) -> Option<Numbers> {
    let (decimal, group) = (mapping.table.decimal, mapping.table.thousands);
    let decimal = match (decimal, group) {
        (None, None) => return None,
        (Some(decimal), _) => decimal,
        (None, Some('.')) => ',',
        (None, Some(_)) => '.',
    };
    Some(Numbers { decimal, group })
}

/// What the mapping says of the whole table.
fn texts(layout: &mut Layout, texts: &CubeTexts) {
    let mut languages = texts.languages.clone();
    let labels = layout.columns.iter().filter_map(|part| match part {
        Part::Label(_, language) | Part::Note(language) => Some(language.clone()),
        _ => None,
    });
    for language in labels {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let cube = &mut layout.cube;
    let written = [&texts.label, &texts.contents, &texts.source];
    for (language, _) in written.into_iter().flat_map(|labels| labels.iter()) {
        if !languages.iter().any(|known| known == language) {
            languages.push(language.to_owned());
        }
    }
    if !languages.is_empty() {
        cube.languages = languages;
    }
    cube.id.clone_from(&texts.id);
    cube.label = texts.label.clone();
    if !texts.contents.is_empty() {
        cube.contents = texts.contents.clone();
    }
    cube.source = texts.source.clone();
    cube.updated.clone_from(&texts.updated);
    cube.unit.clone_from(&texts.unit);
    cube.decimals = texts.decimals;
}

/// What the mapping knows of dimensions beside their columns.
fn known_dimensions(layout: &mut Layout, mapping: &Mapping) {
    for known in &mapping.dimensions {
        let Some(axis) = layout.axes.iter_mut().find(|axis| axis.code == known.code) else {
            continue;
        };
        axis.label = known.label.clone();
        axis.role = known.role.unwrap_or(axis.role);
        for (code, texts) in &known.categories {
            let place = axis.categories.iter().position(|category| category.code == *code);
            if place.is_none() && axis.in_column {
                axis.categories.push(Category::new(code.clone()));
            }
            let category = axis.categories.iter_mut().find(|category| category.code == *code);
            if let Some(category) = category {
                category.label = texts.label.clone();
                category.unit.clone_from(&texts.unit);
                category.decimals = texts.decimals;
            }
        }
    }
}

/// Columns that the mapping does not name are left out, and said so.
fn unmapped(
    layout: &Layout,
    table: &dyn FlatTable,
    named: &[Option<&ColumnMapping>],
    warnings: &mut Vec<Warning>,
) {
    let left_out = |place: &usize| {
        layout.columns.get(*place) == Some(&Part::Ignored) && named.get(*place).is_some_and(Option::is_none)
    };
    let names = table.columns();
    let columns: Vec<Param> = (0..names.len())
        .filter(left_out)
        .filter_map(|place| names.get(place))
        .map(Param::from)
        .collect();
    if !columns.is_empty() {
        let message = Message::new("warning.table-unmapped").with("columns", Param::List(columns));
        warnings.push(Warning(message));
    }
}
