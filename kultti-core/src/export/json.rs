//! The nested JSON of a comparison and an explanation.

use super::intervals;
use super::scalar::{missing_json, note_json, number_json};
use super::standing;
use crate::compare::{
    ComparedIntervals, Comparison, Context, Explanation, MeasureUse, Note, PeerGroup, Significance, Unranked,
};
use crate::language::Language;
use crate::stats::Interval;
use serde_json::{Value as Json, json};

/// Version of the JSON schema.
pub(super) const SCHEMA: u32 = 1;

pub(super) fn notes(notes: &[Note], language: Language) -> Json {
    notes.iter().map(|note| note_json(note, language)).collect()
}

pub(super) fn unranked(areas: &[Unranked], language: Language) -> Json {
    let area = |unranked: &Unranked| {
        json!({
            "code": unranked.area.code,
            "name": unranked.area.name.get(language),
            "status": unranked.status.to_string(),
            "missing": missing_json(unranked.missing, language),
        })
    };
    areas.iter().map(area).collect()
}

pub(super) fn sources(context: &Context, language: Language) -> Vec<&str> {
    context
        .sources
        .iter()
        .map(|source| source.get(language))
        .collect()
}

/// An answer: what its figures are, the period, borders and release, then its own part, notes and sources.
pub(super) fn answer(
    (context, kept_in_mind): (&Context, &[Note]),
    period: Json,
    own: Json,
    language: Language,
) -> Json {
    let head = json!({
        "schema": SCHEMA,
        "indicator": context.indicator,
        "definition": context.definition,
        "label": context.label.get(language),
        "unit": context.unit,
        "decimals": context.decimals,
        "scope": context.scope,
        "price_basis": context.price_basis.as_ref().map(ToString::to_string),
    });
    let place = json!({ "territory": context.territory, "release": context.release });
    let foot = json!({
        "notes": notes(kept_in_mind, language),
        "sources": sources(context, language),
    });
    let parts = [head, period, place, own, foot].into_iter();
    let entries = parts.filter_map(|part| match part {
        Json::Object(entries) => Some(entries),
        _ => None,
    });
    Json::Object(entries.flatten().collect())
}

pub(super) fn comparison(result: &Comparison, language: Language) -> Json {
    let period = json!({ "three_year": result.context.three_year, "period": result.period });
    let own = json!({
        "area": { "code": result.area.code, "name": result.area.name.get(language) },
        "value": number_json(result.cell.value),
        "numerator": number_json(result.cell.numerator),
        "denominator": number_json(result.cell.denominator),
        "status": result.cell.letter().to_string(),
        "missing": missing_json(result.cell.missing, language),
        "position": {
            "rank": number_json(result.position.rank),
            "n": result.position.n,
            "percent_rank": number_json(result.position.percent_rank),
            "order": result.position.order.name(),
            "unranked": unranked(&result.position.unranked, language),
        },
        "peers": result.peers.iter().map(|group| peer(group, language)).collect::<Vec<_>>(),
    });
    let mut answer = answer((&result.context, &result.notes), period, own, language);
    if let Some(found) = &result.intervals {
        with_intervals(&mut answer, found, language);
    }
    answer
}

/// Adds the intervals that were asked for: the area's own, and the limits and band of each group.
fn with_intervals(answer: &mut Json, found: &ComparedIntervals, language: Language) {
    answer["interval"] = intervals::own(found, language);
    for (place, group) in found.groups.iter().enumerate() {
        let limit = |of: fn(&Interval) -> f64| number_json(group.interval.as_ref().map(of));
        let band = found.bands.get(place).copied().flatten();
        let peer = &mut answer["peers"][place];
        peer["lower"] = limit(|interval| interval.lower);
        peer["upper"] = limit(|interval| interval.upper);
        peer["interval_missing"] = missing_json(group.missing, language);
        peer["significance"] = json!(band.map(Significance::name));
    }
}

fn peer(group: &PeerGroup, language: Language) -> Json {
    let row = &group.row;
    let mut object = json!({
        "label": row.name.get(language),
        "grouping": group.grouping,
        "group": row.group,
        "aggregator": row.aggregate.name(),
        "value": number_json(row.value),
        "status": row.status.to_string(),
        "missing": missing_json(row.missing, language),
        "n": row.n,
        "members": row.members,
        "coverage_areas": number_json(row.coverage_areas),
        "coverage_denominator": number_json(row.coverage_denominator),
        "includes_area": group.includes_area,
        "difference": number_json(group.difference),
        "difference_relative": number_json(group.difference_relative),
        "zeros": row.zeros,
        "value_without_zeros": number_json(row.value_without_zeros),
    });
    if let Some(object) = object.as_object_mut() {
        standing::insert(object, &group.standing, language);
    }
    object
}

pub(super) fn explanation(result: &Explanation, language: Language) -> Json {
    let context = &result.context;
    json!({
        "schema": SCHEMA,
        "indicator": context.indicator,
        "definition": context.definition,
        "label": context.label.get(language),
        "description": context.description.get(language),
        "unit": context.unit,
        "scope": context.scope,
        "price_basis": context.price_basis.as_ref().map(ToString::to_string),
        "period": result.period,
        "territory": context.territory,
        "release": context.release,
        "area": { "code": result.area.code, "name": result.area.name.get(language) },
        "formula": result.formula,
        "formula_with_numbers": result.formula_with_numbers,
        "multiplier": number_json(Some(result.multiplier)),
        "numerator": number_json(result.cell.numerator),
        "denominator": number_json(result.cell.denominator),
        "deflator": result.factor.map(|factor| json!({ "index": factor.index, "base": factor.base, "power": factor.power })),
        "value": number_json(result.cell.value),
        "status": result.cell.letter().to_string(),
        "missing": missing_json(result.cell.missing, language),
        "measures": result.measures.iter().map(|used| measure(used, language)).collect::<Vec<_>>(),
        "left_out": unranked(&result.left_out, language),
        "notes": notes(&result.notes, language),
        "sources": sources(context, language),
    })
}

pub(super) fn measure(used: &MeasureUse, language: Language) -> Json {
    let parts = used.parts.iter().map(|part| {
        json!({
            "area": part.area,
            "period": part.period,
            "value": number_json(part.value),
            "status": part.status.letter().to_string(),
            "missing": missing_json(part.missing, language),
            "share": number_json(Some(part.share)),
            "territory": part.territory,
            "origin": part.origin,
            "note": Some(&part.note).filter(|note| !note.is_empty()),
        })
    });
    json!({
        "measure": used.measure,
        "label": used.label.get(language),
        "side": if used.denominator { "denominator" } else { "numerator" },
        "unit": used.unit,
        "value": number_json(used.value),
        "status": used.status.to_string(),
        "missing": missing_json(used.missing, language),
        "source": used.source.get(language),
        "observations": parts.collect::<Vec<_>>(),
    })
}
