//! Where an area stands within its groups, as JSON and as tables.

use super::scalar::{missing_json, number_json};
use super::table::{CONTEXT, Table, Value, context, text};
use crate::compare::{Comparison, GroupBands, MemberRow, PeerGroup, Standing};
use crate::language::Language;
use crate::stats::{Band, RobustScale};
use serde_json::{Map, Value as Json, json};

/// The name of a band in results.
fn band(band: Option<Band>) -> Option<&'static str> {
    band.map(|band| match band {
        Band::Best => "best",
        Band::Middle => "middle",
        Band::Worst => "worst",
    })
}

/// The name of a scale in results.
fn scale(scale: Option<RobustScale>) -> Option<&'static str> {
    scale.map(|scale| match scale {
        RobustScale::MedianAbsoluteDeviation => "median-absolute-deviation",
        RobustScale::MeanAbsoluteDeviation => "mean-absolute-deviation",
    })
}

/// Adds the fields to a group; the members only where they were asked for.
pub(super) fn insert(group: &mut Map<String, Json>, standing: &Standing, language: Language) {
    let mut set = |name: &str, value: Json| {
        group.insert(name.to_owned(), value);
    };
    set("z", number_json(standing.z));
    set("robust_z", number_json(standing.robust_z));
    set("robust_scale", json!(scale(standing.robust_scale)));
    set("difference_budget", number_json(standing.difference_budget));
    set("bands", standing.bands.as_ref().map_or(Json::Null, bands_json));
    if !standing.list.is_empty() {
        set(
            "list",
            standing.list.iter().map(|row| member(row, language)).collect(),
        );
    }
}

fn bands_json(bands: &GroupBands) -> Json {
    json!({
        "method": bands.method,
        "band": band(bands.band),
        "lower_cut": number_json(Some(bands.lower_cut)),
        "upper_cut": number_json(Some(bands.upper_cut)),
        "n": bands.n,
        "ties": bands.ties,
        "best": bands.counts[0],
        "middle": bands.counts[1],
        "worst": bands.counts[2],
        "source": bands.source,
    })
}

fn member(row: &MemberRow, language: Language) -> Json {
    json!({
        "code": row.area.code,
        "name": row.area.name.get(language),
        "own": row.own,
        "value": number_json(row.cell.value),
        "status": row.cell.letter().to_string(),
        "missing": missing_json(row.cell.missing, language),
        "rank": number_json(row.rank),
        "difference": number_json(row.difference),
        "band": band(row.band),
    })
}

/// The columns of a group's table.
pub(super) const COLUMNS: [&str; 8] = [
    "z",
    "robust_z",
    "robust_scale",
    "difference_budget",
    "band",
    "band_lower_cut",
    "band_upper_cut",
    "band_n",
];

/// The cells under [`COLUMNS`].
pub(super) fn cells(standing: &Standing) -> [Value; 8] {
    let bands = standing.bands.as_ref();
    let cut = |of: fn(&GroupBands) -> f64| Value::Number(bands.map(of));
    [
        Value::Number(standing.z),
        Value::Number(standing.robust_z),
        Value::Text(scale(standing.robust_scale).map(str::to_owned)),
        Value::Number(standing.difference_budget),
        Value::Text(bands.and_then(|bands| band(bands.band)).map(str::to_owned)),
        cut(|bands| bands.lower_cut),
        cut(|bands| bands.upper_cut),
        #[expect(clippy::cast_precision_loss, reason = "counts of areas")]
        cut(|bands| bands.n as f64),
    ]
}

/// The members of all groups, one row each.
pub(super) fn members(result: &Comparison, language: Language) -> Table {
    let mut columns = vec![
        "grouping",
        "group",
        "label",
        "code",
        "name",
        "own",
        "value",
        "rank",
        "difference",
        "band",
        "status",
        "missing",
    ];
    columns.extend(CONTEXT);
    let of_group = |peer: &PeerGroup| -> Vec<Vec<Value>> {
        let row = |row: &MemberRow| {
            let mut cells = vec![
                text(&peer.grouping),
                text(&peer.row.group),
                text(peer.row.name.get(language)),
                text(&row.area.code),
                text(row.area.name.get(language)),
                Value::Flag(row.own),
                Value::Number(row.cell.value),
                Value::Number(row.rank),
                Value::Number(row.difference),
                Value::Text(band(row.band).map(str::to_owned)),
                text(row.cell.letter()),
                Value::Missing(row.cell.missing),
            ];
            cells.extend(context(&result.context, result.period));
            cells
        };
        peer.standing.list.iter().map(row).collect()
    };
    Table {
        columns,
        rows: result.peers.iter().flat_map(of_group).collect(),
        notes: result.notes.clone(),
        language,
    }
}
