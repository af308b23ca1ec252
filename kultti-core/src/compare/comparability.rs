//! Comparability flags of the areas that are compared: where they differ, a comparison says so and carries status D.

use super::label::area_name;
use super::notes;
use super::result::{AreaLabel, GroupRow, Note};
use crate::language::{Language, Message, Param, Text, word};
use crate::model::{Indicator, Period, Status};
use crate::panel::{Slice, Slicer, span};
use crate::territory::FlagKind;
use std::collections::{BTreeMap, BTreeSet};

/// The flags of the areas of a slice.
pub(super) struct Flags<'a> {
    slice: &'a Slice,
    names: Vec<Text>,
    /// The values of each flag by area; an area without an entry is unknown, which is not equal to any value.
    values: BTreeMap<FlagKind, BTreeMap<usize, BTreeSet<String>>>,
}

impl<'a> Flags<'a> {
    /// The flags of the measures of the numerator in the period of a slice.
    pub(super) fn new(slicer: &Slicer, indicator: &Indicator, slice: &'a Slice) -> Self {
        let territory = slicer.release().territory();
        let measures = indicator.formula.numerator.measures();
        let mut values: BTreeMap<FlagKind, BTreeMap<usize, BTreeSet<String>>> = BTreeMap::new();
        for (flag, numbers) in territory.flags(&measures, slice.period, slice.date) {
            for area in numbers
                .into_iter()
                .filter_map(|number| slice.areas.position_of(number))
            {
                let of_area = values.entry(flag.kind).or_default().entry(area).or_default();
                of_area.insert(flag.value.clone());
            }
        }
        let name = |code| area_name(territory, code);
        Self {
            names: if values.is_empty() {
                Vec::new()
            } else {
                slice.areas.codes().iter().map(name).collect()
            },
            slice,
            values,
        }
    }

    /// The flags in which some areas differ.
    fn differing(&self, areas: &[usize]) -> Vec<FlagKind> {
        let differ = |(_, values): &(&FlagKind, &BTreeMap<usize, BTreeSet<String>>)| {
            let found: BTreeSet<_> = areas.iter().filter_map(|area| values.get(area)).collect();
            found.len() > 1
        };
        self.values.iter().filter(differ).map(|(kind, _)| *kind).collect()
    }

    /// Gives the value of a group the status D where some of the areas behind it and its difference differ in a flag. A
    /// break says more and stays.
    pub(super) fn mark(&self, row: &mut GroupRow, areas: &[usize]) {
        if row.value.is_some() {
            row.status = self.letter(row.status, areas);
        }
    }

    /// The letter of a value that rests on some areas: D where they differ in a flag, else its own.
    pub(super) fn letter(&self, own: char, areas: &[usize]) -> char {
        let valued: Vec<usize> = areas
            .iter()
            .copied()
            .filter(|area| self.slice.value(*area).is_some())
            .collect();
        if own != Status::Break.letter() && !self.differing(&valued).is_empty() {
            Status::DefinitionDiffers.letter()
        } else {
            own
        }
    }

    /// The areas whose flags are others than in an earlier slice of the same borders, with the flags; an area of which one
    /// of the two is not known is not among them.
    pub(super) fn turned(&self, before: &Flags, areas: &[usize]) -> BTreeMap<FlagKind, Vec<usize>> {
        let mut turned: BTreeMap<FlagKind, Vec<usize>> = BTreeMap::new();
        for (kind, now) in &self.values {
            let Some(then) = before.values.get(kind) else {
                continue;
            };
            let differs = |area: &&usize| {
                let both = now.get(*area).zip(then.get(*area));
                both.is_some_and(|(now, then)| now != then)
            };
            let found: Vec<usize> = areas.iter().filter(differs).copied().collect();
            if !found.is_empty() {
                turned.insert(*kind, found);
            }
        }
        turned
    }

    /// In what the areas with a value differ, with the values and who has them; and of how many nothing is known.
    pub(super) fn notes(&self, areas: &[usize]) -> Vec<Note> {
        let valued: Vec<usize> = areas
            .iter()
            .copied()
            .filter(|area| self.slice.value(*area).is_some())
            .collect();
        let mut found: Vec<Note> = Vec::new();
        for kind in self.differing(&valued) {
            let values = self.by_value(kind, &valued);
            let message =
                Message::new("note.comparability").with("flag", Param::Word(kind.word().to_owned()));
            found.push(notes::warning(message.with("values", Param::List(values))));
        }
        for (kind, values) in &self.values {
            let known = valued.iter().filter(|area| values.contains_key(area)).count();
            if known > 0 && known < valued.len() {
                let message = Message::new("note.comparability-unknown")
                    .with("flag", Param::Word(kind.word().to_owned()))
                    .with("unknown", valued.len() - known);
                found.push(notes::info(message.with("n", valued.len())));
            }
        }
        found
    }

    /// Each value with the areas that have it: `included: Aapa, Seeta`.
    fn by_value(&self, kind: FlagKind, areas: &[usize]) -> Vec<Param> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let values = self.values.get(&kind);
        for area in areas {
            if let Some(of_area) = values.and_then(|values| values.get(area)) {
                let joined = of_area.iter().cloned().collect::<Vec<_>>().join(" + ");
                groups.entry(joined).or_default().push(*area);
            }
        }
        let text = |(value, areas): (String, Vec<usize>)| {
            Param::Text(Text::each(|language| {
                let names: Vec<&str> = areas
                    .iter()
                    .filter_map(|area| self.names.get(*area))
                    .map(|name| name.get(language))
                    .collect();
                format!("{} ({})", value_in(&value, language), names.join(", "))
            }))
        };
        groups.into_iter().map(text).collect()
    }
}

/// The value of a flag for a reader: the usual two in words, others as the register has them.
fn value_in(value: &str, language: Language) -> String {
    let part = |part| match part {
        "included" => word("word.flag-included", language).to_owned(),
        "excluded" => word("word.flag-excluded", language).to_owned(),
        other => other.to_owned(),
    };
    value.split(" + ").map(part).collect::<Vec<_>>().join(" + ")
}

/// The flags of one area over time: which slices have another value than the one before, and notes with the values and
/// their periods.
pub(super) fn over_time(
    slicer: &Slicer,
    indicator: &Indicator,
    slices: &[Slice],
    area: &AreaLabel,
) -> (Vec<Period>, Vec<Note>) {
    let mut known: BTreeMap<FlagKind, Vec<(Period, String)>> = BTreeMap::new();
    for slice in slices {
        let flags = Flags::new(slicer, indicator, slice);
        let index = slice.position(&area.code);
        let of_area = |values: &BTreeMap<usize, BTreeSet<String>>| {
            let found = values.get(&index?)?;
            Some(found.iter().cloned().collect::<Vec<_>>().join(" + "))
        };
        for (kind, values) in &flags.values {
            let value = of_area(values).map(|value| (slice.period, value));
            known.entry(*kind).or_default().extend(value);
        }
    }
    let mut changed = Vec::new();
    let mut found = Vec::new();
    for (kind, series) in known {
        let turns = series
            .windows(2)
            .filter(|pair| pair[0].1 != pair[1].1)
            .map(|pair| pair[1].0);
        let before = changed.len();
        changed.extend(turns);
        if changed.len() > before {
            let mut values: BTreeMap<&str, Vec<Period>> = BTreeMap::new();
            for (period, value) in &series {
                values.entry(value).or_default().push(*period);
            }
            let texts = values.iter().map(|(value, periods)| {
                let text = |language| format!("{} ({})", value_in(value, language), span(periods));
                Param::Text(Text::new(
                    text(Language::Fi),
                    text(Language::Sv),
                    text(Language::En),
                ))
            });
            let message = Message::new("note.comparability-time")
                .with("area", &area.name)
                .with("flag", Param::Word(kind.word().to_owned()));
            found.push(notes::warning(
                message.with("values", Param::List(texts.collect())),
            ));
        }
    }
    (changed, found)
}
