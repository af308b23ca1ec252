//! What must be kept in mind about a result, gathered from the data it was made of.

use super::label::area_name;
use super::position::is_too_small;
use super::result::{Note, Severity};
use crate::catalogue::UnitKind;
use crate::language::{Message, Param, Text, word};
use crate::model::{Aggregate, AreaCode, Indicator, Measure, MeasureId, Missing, Status};
use crate::panel::{Cell, JointGroup, MeasureSlice, SeriesBreak, Slice, Slicer, UsedPart};
use crate::territory::{GroupLabel, JointArrangement, Territory};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this denominator in persons a yearly figure carries a note.
const SMALL_AREA: f64 = 5_000.0;

pub(super) fn info(message: Message) -> Note {
    Note {
        message,
        severity: Severity::Info,
    }
}

pub(super) fn warning(message: Message) -> Note {
    Note {
        message,
        severity: Severity::Warning,
    }
}

/// A word of the message catalogue in all languages.
pub(super) fn word_text(code: &str) -> Text {
    Text::each(|language| word(code, language))
}

/// A message of the catalogue with a name in it, in all languages.
pub(super) fn with_word(code: &'static str, name: &Text) -> Text {
    in_all(&Message::new(code).with("name", name))
}

/// A message in all languages.
pub(super) fn in_all(message: &Message) -> Text {
    Text::each(|language| message.render(language))
}

/// For which functions an area reports zero, if for any.
pub(super) fn zeros_in_area(area: &Text, periods: &str, functions: Vec<Param>) -> Option<Note> {
    (!functions.is_empty()).then(|| {
        let message = Message::new("note.zero-in-area").with("area", area);
        let message = message.with("period", periods.to_owned());
        warning(message.with("zeros", Param::List(functions)))
    })
}

/// What an interval of a full count means.
pub(super) fn chance() -> Note {
    info(Message::new("note.interval-chance"))
}

/// So many areas are still named one by one; of more than these, the first. The result itself has each of them with its reason.
const MANY: usize = 20;
const NAMED_OF_MANY: usize = 10;

fn names<'a>(territory: &Territory, codes: impl IntoIterator<Item = &'a AreaCode>) -> Param {
    Param::List(
        codes
            .into_iter()
            .map(|code| Param::Text(area_name(territory, code)))
            .collect(),
    )
}

fn areas(territory: &Territory, slice: &Slice, indices: &[usize]) -> Param {
    names(territory, indices.iter().filter_map(|index| slice.code(*index)))
}

pub(super) fn joint_left_out(
    territory: &Territory,
    group: &GroupLabel,
    slice: &Slice,
    left_out: &[usize],
) -> Note {
    let message = Message::new("note.joint-left-out").with("group", &group.name);
    warning(message.with("areas", areas(territory, slice, left_out)))
}

pub(super) fn coverage_unknown(
    territory: &Territory,
    group: &GroupLabel,
    slice: &Slice,
    unknown: &[usize],
) -> Note {
    let message = Message::new("note.coverage-unknown").with("group", &group.name);
    info(message.with("areas", areas(territory, slice, unknown)))
}

pub(super) fn negative_values(territory: &Territory, slice: &Slice, indices: &[usize]) -> Note {
    warning(Message::new("note.negative-values").with("areas", areas(territory, slice, indices)))
}

pub(super) fn unassigned(territory: &Territory, grouping: &str, slice: &Slice, indices: &[usize]) -> Note {
    let message = Message::new("note.unassigned").with("grouping", grouping_name(territory, grouping));
    warning(message.with("areas", areas(territory, slice, indices)))
}

pub(super) fn merged_across_groups(
    territory: &Territory,
    grouping: &str,
    slice: &Slice,
    indices: &[usize],
) -> Note {
    let message =
        Message::new("note.merged-across-groups").with("grouping", grouping_name(territory, grouping));
    info(message.with("areas", areas(territory, slice, indices)))
}

fn grouping_name(territory: &Territory, grouping: &str) -> Param {
    territory
        .grouping_name(grouping)
        .map_or_else(|_| Param::from(grouping), Param::from)
}

pub(super) fn frozen_groups(year: i32) -> Note {
    info(Message::new("note.frozen-groups").with("year", year.to_string()))
}

/// What a group value is, and that the area is part of it.
pub(super) fn groups_include(aggregate: Aggregate, area: &Text) -> Note {
    let aggregate = Param::Word(aggregate.word_code().to_owned());
    info(
        Message::new("note.groups-include-area")
            .with("aggregate", aggregate)
            .with("area", area),
    )
}

/// A break inside three years that keeps them from being one figure; the areas are named where it is not in every series.
pub(super) fn three_year_break(slicer: &Slicer, slice: &Slice, one: &SeriesBreak, without: &[usize]) -> Note {
    let territory = slicer.release().territory();
    let declared = one
        .declared
        .and_then(|place| territory.document().breaks.get(place));
    let message = match declared {
        Some(declared) => Message::new("note.three-year-break-named")
            .with("cause", &declared.cause)
            .with("source", &declared.source),
        None => Message::new("note.three-year-break"),
    };
    let message = match one.areas {
        Some(_) => message.with("areas", areas(territory, slice, without)),
        None => message.with("areas", &Text::default()),
    };
    let message = message
        .with("from", slice.period.shift(-2).to_string())
        .with("to", slice.period.to_string());
    warning(message.with("period", one.period.to_string()))
}

/// A break in the series of an area; of all areas where it has no name.
pub(super) fn series_break(territory: &Territory, one: &SeriesBreak, area: &Text) -> Note {
    let declared = one
        .declared
        .and_then(|place| territory.document().breaks.get(place));
    let message = match declared {
        Some(declared) => Message::new("note.break-named")
            .with("cause", &declared.cause)
            .with("source", &declared.source),
        None => Message::new("note.break"),
    };
    warning(message.with("area", area).with("period", one.period.to_string()))
}

/// Gathers the notes of one question.
pub(super) struct Notes<'a, 'r> {
    slicer: &'a Slicer<'r>,
    indicator: &'a Indicator,
    slice: &'a Slice,
}

impl<'a, 'r> Notes<'a, 'r> {
    pub(super) fn new(slicer: &'a Slicer<'r>, indicator: &'a Indicator, slice: &'a Slice) -> Self {
        Self {
            slicer,
            indicator,
            slice,
        }
    }

    fn territory(&self) -> &'r Territory {
        self.slicer.release().territory()
    }

    fn name(&self, index: usize) -> Text {
        self.slice
            .code(index)
            .map(|code| area_name(self.territory(), code))
            .unwrap_or_default()
    }

    /// The observations behind a measure's figure for an area. They were read with the slice, so that nothing is left to
    /// fail; a note on what cannot be read again has nothing to say.
    fn parts_of(&self, measure: &MeasureId, index: usize) -> Vec<UsedPart> {
        let measure = self.slicer.release().catalogue().measure(measure);
        let parts = measure.map(|measure| {
            self.slicer
                .parts(measure, self.slice.period, self.slice.date, index)
        });
        parts.and_then(Result::ok).unwrap_or_default()
    }

    /// The observations behind an area's figure, measure by measure.
    fn parts(&self, index: usize) -> Vec<(&'a Arc<MeasureSlice>, Vec<UsedPart>)> {
        let measures = self.slice.measures.iter();
        measures
            .map(|measure| (measure, self.parts_of(&measure.measure, index)))
            .collect()
    }

    /// The measures of the numerator in which a zero may mean that somebody else keeps the books.
    fn zero_measures(&self) -> Vec<&'r Measure> {
        let catalogue = self.slicer.release().catalogue();
        let ids = self.indicator.formula.numerator.measures();
        ids.into_iter()
            .filter_map(|id| catalogue.measure(id))
            .filter(|measure| measure.zero_may_mean_joint)
            .collect()
    }

    fn function_name(&self, measure: &'r Measure) -> &'r Text {
        let function = measure.function.as_ref();
        function
            .and_then(|id| self.slicer.release().catalogue().function(id))
            .unwrap_or(&measure.label)
    }

    /// How many areas report zero, function by function.
    pub(super) fn zeros(&self, members: &[usize]) -> Option<Note> {
        let mut counts = Vec::new();
        for measure in self.zero_measures() {
            let found = self.slice.measure(&measure.id);
            let zero = |index: &&usize| found.is_some_and(|found| found.figures.value(**index) == Some(0.0));
            let zeros = members.iter().filter(zero).count();
            if zeros > 0 {
                counts.push((zeros, self.function_name(measure)));
            }
        }
        counts.sort_by_key(|(zeros, _)| std::cmp::Reverse(*zeros));
        let counted = |(zeros, name): &(usize, &Text)| {
            Param::Text(Text::each(|language| format!("{} {zeros}", name.get(language))))
        };
        let with_value = members
            .iter()
            .filter(|index| self.slice.numerator(**index).is_some())
            .count();
        (!counts.is_empty()).then(|| {
            let message = Message::new("note.zero-may-mean-joint").with("n", with_value);
            warning(message.with("zeros", Param::List(counts.iter().map(counted).collect())))
        })
    }

    /// The functions for which the area itself reports zero.
    pub(super) fn zeros_of(&self, index: usize) -> Option<Note> {
        let period = self.slice.period.to_string();
        zeros_in_area(&self.name(index), &period, self.zero_functions(index))
    }

    /// The names of the functions for which an area reports zero.
    pub(super) fn zero_functions(&self, index: usize) -> Vec<Param> {
        let zero = |measure: &&'r Measure| {
            let found = self.slice.measure(&measure.id);
            found.is_some_and(|found| found.figures.value(index) == Some(0.0))
        };
        self.zero_measures()
            .into_iter()
            .filter(zero)
            .map(|measure| Param::from(self.function_name(measure)))
            .collect()
    }

    /// How the area's figure was put together: mergers, splits, joint arrangements, remarks of the source.
    pub(super) fn of_area(&self, index: usize) -> Vec<Note> {
        let mut notes = Vec::new();
        let parts = self.parts(index);
        notes.extend(self.merged(index));
        notes.extend(self.joint(index, &parts));
        if self.joint_is_derived(index) {
            notes.push(info(Message::new("note.joint-derived")));
        }
        notes.extend(self.zeros_of(index));
        notes.extend(self.small(index));
        let remark = |code: &str| {
            let mut parts = parts.iter().flat_map(|(_, parts)| parts);
            parts.any(|part| part.note.split(';').any(|note| note == code))
        };
        if remark("before-register") {
            let message = Message::new("note.before-register").with("area", &self.name(index));
            notes.push(warning(message.with("period", self.slice.period.to_string())));
        }
        if remark("published-zero-means-missing") {
            let message = Message::new("note.published-zero-means-missing").with("areas", &self.name(index));
            notes.push(warning(message));
        }
        if self.slice.is_split(index) {
            notes.push(warning(
                Message::new("note.split").with("areas", &self.name(index)),
            ));
        }
        notes
    }

    fn merged(&self, index: usize) -> Option<Note> {
        let merged = self
            .slice
            .measures
            .iter()
            .find(|measure| measure.figures.value(index).is_some() && measure.is_merged(index))?;
        let merged = self.parts_of(&merged.measure, index);
        let territory = self.territory();
        let changes = &territory.document().changes;
        let own = self.slice.code(index)?;
        let before = merged.iter().map(|part| part.territory).max()?;
        let dates: Vec<String> = changes
            .iter()
            .filter(|change| change.target == *own && before < change.date && change.date <= self.slice.date)
            .map(|change| change.date.to_string())
            .collect();
        let mut dates = dates;
        dates.dedup();
        let message = Message::new("note.merged").with("area", &self.name(index));
        let message = message.with("parts", names(territory, merged.iter().map(|part| &part.area)));
        Some(info(message.with("date", dates.join(", "))))
    }

    /// The joint arrangement that the area's figure belongs to, if any.
    pub(super) fn joint_of(&self, index: usize) -> Option<Note> {
        self.joint(index, &self.parts(index))
    }

    fn joint(&self, index: usize, parts: &[(&Arc<MeasureSlice>, Vec<UsedPart>)]) -> Option<Note> {
        let territory = self.territory();
        if let Some(joint) = self.slice.joint.iter().find(|joint| joint.host == index) {
            return Some(warning(self.joint_value(joint)));
        }
        if let Some(host) = self
            .slice
            .host_of(index)
            .filter(|_| self.slice.missing(index) == Some(Missing::Included))
        {
            let message = Message::new("note.included-in")
                .with("area", &self.name(index))
                .with("host", &self.name(host));
            let value = self
                .slice
                .value(host)
                .map(|value| Param::Number(value, self.indicator.decimals));
            return Some(warning(
                message.with("value", value.unwrap_or_else(|| Param::from("–"))),
            ));
        }
        let inside: Vec<&AreaCode> = parts
            .iter()
            .filter(|(measure, _)| measure.figures.value(index).is_some())
            .flat_map(|(_, parts)| parts)
            .filter(|part| part.status == Status::Included)
            .map(|part| &part.area)
            .collect();
        let mut inside = inside;
        inside.sort();
        inside.dedup();
        (!inside.is_empty()).then(|| {
            let message = Message::new("note.joint-inside").with("area", &self.name(index));
            info(message.with("members", names(territory, inside)))
        })
    }

    /// A joint value and the areas that the register names as its members, under the codes that they had.
    fn joint_value(&self, joint: &JointGroup) -> Message {
        let territory = self.territory();
        let numerator = self.indicator.formula.numerator.measures();
        let hosted = |unit: &&JointArrangement| {
            numerator.contains(&&unit.measure)
                && self.slice.code(joint.host) == Some(&unit.host)
                && unit.covers(self.slice.period)
        };
        let units = territory.document().joint_units.iter().filter(hosted);
        let mut members: Vec<&AreaCode> = units.map(|unit| &unit.member).collect();
        members.sort();
        members.dedup();
        let message = Message::new("note.joint-value").with("area", &self.name(joint.host));
        message.with("members", names(territory, members))
    }

    /// Whether the observations say that their joint arrangement was derived, not published.
    fn joint_is_derived(&self, index: usize) -> bool {
        let joint = self
            .slice
            .joint
            .iter()
            .find(|joint| joint.host == index || joint.members.contains(&index));
        let positions = joint
            .into_iter()
            .flat_map(|joint| std::iter::once(&joint.host).chain(&joint.members));
        let parts = positions.flat_map(|index| self.parts(*index));
        parts.flat_map(|(_, parts)| parts).any(|part| {
            part.note
                .split(';')
                .any(|note| note == "derived-from-equal-values")
        })
    }

    /// That a denominator is small, and what helps where that has not been done yet.
    fn small_area(&self) -> Message {
        let option = if self.slice.years == 1 { "--three-year" } else { "" };
        Message::new("note.small-area").with("option", option)
    }

    fn small(&self, index: usize) -> Option<Note> {
        let denominator = self
            .slice
            .denominator(index)
            .filter(|_| self.slice.value(index).is_some())?;
        let persons = self.indicator.formula.denominator.as_ref()?.measures();
        let catalogue = self.slicer.release().catalogue();
        let of_persons = persons
            .iter()
            .filter_map(|id| catalogue.measure(id))
            .any(|measure| catalogue.power_of(UnitKind::Persons, &measure.unit) > 0);
        (of_persons && denominator < SMALL_AREA).then(|| {
            let message = self.small_area().with("area", &self.name(index));
            warning(message.with("value", Param::Number(denominator, 0)))
        })
    }

    /// Areas without a value, reason by reason; those outside the statistics are not meant.
    pub(super) fn without_value(&self, members: &[usize]) -> Vec<Note> {
        let mut reasons: BTreeMap<Missing, Vec<usize>> = BTreeMap::new();
        for index in members {
            if let Some(reason) = self
                .slice
                .missing(*index)
                .filter(|reason| *reason != Missing::OutOfScope)
            {
                reasons.entry(reason).or_default().push(*index);
            }
        }
        let note = |(reason, indices): (Missing, Vec<usize>)| {
            let (code, named) = match indices.get(..NAMED_OF_MANY) {
                Some(first) if indices.len() > MANY => ("note.many-without-value", first),
                _ => ("note.without-value", indices.as_slice()),
            };
            let message = Message::new(code)
                .with("reason", Param::Word(reason.message_code().to_owned()))
                .with("count", indices.len());
            info(message.with("areas", areas(self.territory(), self.slice, named)))
        };
        reasons.into_iter().map(note).collect()
    }

    /// Scope, caveats of the catalogue, and real prices.
    pub(super) fn of_indicator(&self) -> Vec<Note> {
        let catalogue = self.slicer.release().catalogue();
        let mut notes = Vec::new();
        let scope = self.indicator.scope.as_ref().and_then(|id| catalogue.scope(id));
        notes.extend(scope.map(|scope| info(Message::new("note.scope").with("sentence", &scope.sentence))));
        let caveats = &self.indicator.caveats;
        notes.extend(
            caveats
                .iter()
                .map(|text| info(Message::new("note.caveat").with("text", text))),
        );
        notes
    }

    /// Every area but one that was put together from merged areas.
    pub(super) fn merged_others(&self, members: &[usize], except: Option<usize>) -> Option<Note> {
        let indices: Vec<usize> = members
            .iter()
            .copied()
            .filter(|index| Some(*index) != except)
            .filter(|index| self.slice.is_merged(*index))
            .collect();
        (!indices.is_empty()).then(|| {
            info(
                Message::new("note.merged-others")
                    .with("areas", areas(self.territory(), self.slice, &indices)),
            )
        })
    }

    /// The joint values among the areas.
    pub(super) fn joint_values(&self, members: &[usize]) -> Vec<Note> {
        let joint = self
            .slice
            .joint
            .iter()
            .filter(|joint| members.contains(&joint.host));
        joint.map(|joint| info(self.joint_value(joint))).collect()
    }

    /// The areas whose denominator in persons is so small that a yearly figure varies much.
    pub(super) fn small_areas(&self, members: &[usize]) -> Option<Note> {
        let small: Vec<usize> = members
            .iter()
            .copied()
            .filter(|index| self.small(*index).is_some())
            .collect();
        (!small.is_empty()).then(|| {
            let message = self
                .small_area()
                .with("area", areas(self.territory(), self.slice, &small));
            let bound = Param::Number(SMALL_AREA, 0);
            info(message.with("value", Param::Text(bound_text(&bound))))
        })
    }

    /// The areas whose denominator is below the indicator's minimum.
    pub(super) fn below_minimum(&self, members: &[usize]) -> Option<Note> {
        let small: Vec<usize> = members
            .iter()
            .copied()
            .filter(|index| is_too_small(self.indicator, self.slice, *index))
            .collect();
        let minimum = Param::Number(
            self.indicator.minimum_denominator.filter(|_| !small.is_empty())?,
            0,
        );
        let message = Message::new("note.below-minimum").with("minimum", minimum);
        Some(warning(
            message.with("areas", areas(self.territory(), self.slice, &small)),
        ))
    }

    /// How many areas have a value of zero, with the country's value without them.
    pub(super) fn value_without_zeros(&self, zeros: usize, value: Option<f64>) -> Option<Note> {
        let value = value.filter(|_| zeros > 0)?;
        let message = Message::new("note.value-without-zeros").with("count", zeros);
        Some(info(
            message.with("value", Param::Number(value, self.indicator.decimals)),
        ))
    }

    /// The status of a value that is not normal.
    pub(super) fn status(&self, cell: &Cell) -> Option<Note> {
        let code = match cell.letter() {
            'E' => "word.status-estimated",
            'P' => "word.status-provisional",
            'I' => "word.status-imputed",
            'F' => "word.status-forecast",
            'U' => "word.status-low-reliability",
            'B' => "word.status-break",
            'D' => "word.status-definition",
            _ => return None,
        };
        Some(warning(
            Message::new("note.status").with("status", Param::Word(code.to_owned())),
        ))
    }
}

/// A bound that figures lie below: `< 5,000`.
fn bound_text(bound: &Param) -> Text {
    Text::each(|language| format!("< {}", bound.render(language)))
}
