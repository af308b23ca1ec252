//! What must be kept in mind about a change.

use super::options::ChangePanel;
use super::result::{Change, ChangeRow, UnpairedArea};
use crate::catalogue::UnitKind;
use crate::compare::comparability::Flags;
use crate::compare::compare_verb::real_prices;
use crate::compare::label::area_name;
use crate::compare::notes::{self, Notes};
use crate::compare::result::Note;
use crate::language::{Message, Param, Text};
use crate::model::{Aggregate, AreaCode, Indicator, Missing};
use crate::panel::{SeriesBreak, Slice, Slicer};
use crate::territory::Territory;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn remarks(
    slicer: &Slicer,
    indicator: &Indicator,
    (from, to): (&Slice, &Slice),
    (change, breaks): (&Change, &[SeriesBreak]),
) -> Vec<Note> {
    let year = change.groups_of_year.to_string();
    let code = match change.panel {
        ChangePanel::Constant => "note.constant-panel",
        ChangePanel::All => "note.changing-panel",
    };
    let panel = Message::new(code).with("year", year);
    let mut all = vec![match change.panel {
        ChangePanel::Constant => notes::info(panel),
        ChangePanel::All => notes::warning(panel),
    }];
    let left_out = change.rows.iter().flat_map(|row| &row.left_out);
    all.extend(left_out_by_reason(left_out));
    let territory = slicer.release().territory();
    for one in breaks.iter().filter(|one| one.declared.is_some()) {
        let declared = one
            .declared
            .and_then(|place| territory.document().breaks.get(place));
        let area = declared.and_then(|declared| declared.area.as_ref());
        let name = area.map_or_else(Text::default, |code| area_name(territory, code));
        all.push(notes::series_break(territory, one, &name));
    }
    all.extend(on_terms(slicer, indicator, change));
    let gathered = Notes::new(slicer, indicator, to);
    all.extend(vanished(slicer, indicator, (from, to), change));
    let small = change.rows.iter().filter(|row| row.small_base);
    let small: Vec<Param> = small.map(|row| Param::from(&row.name)).collect();
    if !small.is_empty() {
        all.push(notes::warning(
            Message::new("note.small-base")
                .with("areas", Param::List(small))
                .with(
                    "minimum",
                    Param::Number(indicator.minimum_denominator.unwrap_or(0.0), 0),
                ),
        ));
    }
    all.extend(
        change
            .context
            .price_basis
            .as_ref()
            .map(|basis| real_prices(slicer, basis)),
    );
    all.extend(gathered.of_indicator());
    all
}

/// Areas left out, reason by reason and period by period.
pub(in crate::compare) fn left_out_by_reason<'a>(
    left_out: impl Iterator<Item = &'a UnpairedArea>,
) -> Vec<Note> {
    let mut reasons: BTreeMap<(Missing, _), Vec<&UnpairedArea>> = BTreeMap::new();
    for area in left_out.filter(|area| area.missing != Missing::OutOfScope) {
        reasons.entry((area.missing, area.period)).or_default().push(area);
    }
    let note = |((reason, period), mut areas): ((Missing, crate::model::Period), Vec<&UnpairedArea>)| {
        areas.sort_by(|left, right| left.area.code.cmp(&right.area.code));
        let names = areas.iter().map(|area| Param::Text(area.area.name.clone()));
        let message = Message::new("note.left-out-of-change")
            .with("reason", Param::Word(reason.message_code().to_owned()))
            .with("period", period.to_string());
        notes::warning(message.with("areas", Param::List(names.collect())))
    };
    reasons.into_iter().map(note).collect()
}

/// How the change was taken apart, or why it was not.
fn on_terms(slicer: &Slicer, indicator: &Indicator, change: &Change) -> Vec<Note> {
    let mut all = Vec::new();
    let mut aggregates = change.rows.iter().map(|row| row.aggregate);
    let parted = |aggregate: &Aggregate| matches!(aggregate, Aggregate::RatioOfSums | Aggregate::Total);
    if let Some(aggregate) = aggregates.find(|aggregate| !parted(aggregate)) {
        let aggregate = Param::Word(aggregate.word_code().to_owned());
        let code = if indicator.formula.denominator.is_none() {
            "note.published-ratio"
        } else {
            "note.not-parted"
        };
        all.push(notes::info(Message::new(code).with("aggregate", aggregate)));
        return all;
    }
    if change.panel == ChangePanel::All {
        return all;
    }
    if let Some(prices) = &change.prices {
        let message = Message::new("note.price-term")
            .with("index", &prices.label)
            .with("from", Param::Number(prices.from, 1))
            .with("to", Param::Number(prices.to, 1));
        all.push(notes::info(message));
    } else if slicer
        .release()
        .catalogue()
        .power_of(UnitKind::Money, &indicator.unit)
        > 0
    {
        let code = match change.context.price_basis {
            Some(_) => "note.no-price-term-real",
            None => "note.no-price-term",
        };
        all.push(notes::info(Message::new(code)));
    }
    all
}

/// Areas that reported a figure and then zero, where a zero may mean that somebody else keeps the books.
fn vanished(
    slicer: &Slicer,
    indicator: &Indicator,
    (from, to): (&Slice, &Slice),
    change: &Change,
) -> Option<Note> {
    let catalogue = slicer.release().catalogue();
    let ids = indicator.formula.numerator.measures();
    let mut measures = ids.into_iter().filter_map(|id| catalogue.measure(id));
    if !measures.any(|measure| measure.zero_may_mean_joint) {
        return None;
    }
    let shown: BTreeSet<&AreaCode> = change.rows.iter().flat_map(|row| &row.to.areas).collect();
    let gone = |index: &usize| {
        let before = from.numerator(*index).is_some_and(|n| n != 0.0);
        before && to.numerator(*index) == Some(0.0)
    };
    let territory = slicer.release().territory();
    let gone = (0..to.len()).filter(gone).filter_map(|index| to.code(index));
    let gone = gone.filter(|code| shown.contains(code));
    let names: Vec<Param> = gone.map(|code| Param::Text(area_name(territory, code))).collect();
    (!names.is_empty()).then(|| {
        let message = Message::new("note.vanished")
            .with("from", change.from.to_string())
            .with("to", change.to.to_string());
        notes::warning(message.with("areas", Param::List(names)))
    })
}

/// In what the areas of the change differ at either end, and whose flags turned between the two.
pub(super) fn flag_notes(
    territory: &Territory,
    (from, to): (&Slice, &Slice),
    (before, after): (&Flags, &Flags),
    change: &Change,
) -> Vec<Note> {
    let shown = |of: fn(&ChangeRow) -> &Vec<AreaCode>, slice: &Slice| {
        let codes = change.rows.iter().flat_map(of);
        let areas: BTreeSet<usize> = codes.filter_map(|code| slice.position(code)).collect();
        areas.into_iter().collect::<Vec<usize>>()
    };
    let (first, last) = (shown(|row| &row.from.areas, from), shown(|row| &row.to.areas, to));
    let mut all = before.notes(&first);
    for note in after.notes(&last) {
        if !all.contains(&note) {
            all.push(note);
        }
    }
    for (kind, areas) in after.turned(before, &last) {
        let codes = areas.iter().filter_map(|index| to.code(*index));
        let names = codes.map(|code| Param::Text(area_name(territory, code)));
        let message = Message::new("note.comparability-change")
            .with("flag", Param::Word(kind.word().to_owned()))
            .with("from", change.from.to_string())
            .with("to", change.to.to_string());
        all.push(notes::warning(
            message.with("areas", Param::List(names.collect())),
        ));
    }
    all
}
