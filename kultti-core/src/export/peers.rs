//! Similar municipalities and peer models as JSON and as tables.

use super::cube::{AREAS, PERIODS, Shape};
use super::json::{SCHEMA, notes, sources};
use super::scalar::{missing_json, number_json};
use super::table::{Table, Value, text};
use super::{Document, Export, people};
use crate::catalogue::PeerModel;
use crate::compare::{
    CorrelatedVariables, IncomparableArea, PeerModelList, PeerModelUse, PeerRow, PeerVariableUse, Peers,
};
use crate::language::Language;
use crate::panel::Cell;
use serde_json::{Map, Value as Json, json};

impl Export for Peers {
    /// One row per peer, nearest first.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "code",
            "name",
            "distance",
            "reciprocal",
            "stability",
            "common_weight",
            "largest_variable",
            "largest_contribution",
            "contributions",
            "value",
            "status",
            "missing",
            "indicator",
            "period",
            "unit",
            "area",
            "model",
            "k",
            "candidates",
            "territory",
            "release",
            "notes",
        ];
        Table {
            columns,
            rows: self.peers.iter().map(|peer| row(self, peer, language)).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        peers(self, language)
    }

    fn shape(&self) -> Option<Shape<'_>> {
        Some(Shape {
            name: "peers",
            context: &self.context,
            axes: vec![AREAS, PERIODS],
        })
    }

    fn document(&self, language: Language) -> Document {
        people::peers(self, language)
    }
}

fn row(result: &Peers, peer: &PeerRow, language: Language) -> Vec<Value> {
    let largest = peer.largest();
    let beside = result.indicator.as_ref();
    let cell = peer.cell.as_ref();
    vec![
        text(&peer.area.code),
        text(peer.area.name.get(language)),
        Value::Number(Some(peer.distance)),
        Value::Flag(peer.reciprocal),
        Value::Number(Some(peer.stability)),
        Value::Number(Some(peer.common_weight)),
        Value::Text(largest.map(|(place, _)| result.variables[place].indicator.to_string())),
        Value::Number(largest.map(|(_, share)| share)),
        Value::Text(shares(result, peer)),
        Value::Number(cell.and_then(|cell| cell.value)),
        Value::Text(cell.map(|cell| cell.letter().to_string())),
        Value::Missing(cell.and_then(|cell| cell.missing)),
        Value::Text(beside.map(|beside| beside.context.indicator.to_string())),
        text(result.period),
        Value::Text(beside.map(|beside| beside.context.unit.to_string())),
        text(&result.area.code),
        Value::Text(Some(result.context.definition.clone()).filter(|definition| !definition.is_empty())),
        Value::Count(result.model.k),
        text(candidates(result)),
        text(&result.context.territory),
        text(&result.context.release),
        Value::Notes,
    ]
}

/// The share of each variable in the distance: `population.total=0.6;…`; nothing at no distance.
fn shares(result: &Peers, peer: &PeerRow) -> Option<String> {
    let variables = result.variables.iter().zip(&peer.contributions);
    let share =
        |(used, share): (&PeerVariableUse, &Option<f64>)| Some(format!("{}={}", used.indicator, (*share)?));
    let shares: Vec<String> = variables.filter_map(share).collect();
    Some(shares.join(";")).filter(|shares| !shares.is_empty())
}

/// Where peers were looked for, as it is asked for.
fn candidates(result: &Peers) -> String {
    let set = &result.candidates;
    if set.grouping == crate::territory::COUNTRY {
        set.grouping.clone()
    } else {
        format!("{}:{}", set.grouping, set.group)
    }
}

fn peers(result: &Peers, language: Language) -> Json {
    let context = &result.context;
    let set = &result.candidates;
    let beside = result.indicator.as_ref();
    let own = beside.map(|beside| &beside.cell);
    let shown = beside.map(|beside| &beside.context);
    json!({
        "schema": SCHEMA,
        "model": model(&result.model, language),
        "indicator": shown.map(|context| &context.indicator),
        "definition": shown.map(|context| &context.definition),
        "label": shown.map(|context| context.label.get(language)),
        "unit": shown.map(|context| &context.unit),
        "decimals": shown.map(|context| context.decimals),
        "indicator_period": beside.map(|beside| beside.period),
        "period": result.period,
        "territory": context.territory,
        "release": context.release,
        "area": {
            "code": result.area.code,
            "name": result.area.name.get(language),
            "value": own.map_or(Json::Null, |cell| number_json(cell.value)),
            "status": own.map(|cell| cell.letter().to_string()),
            "missing": missing_json(own.and_then(|cell| cell.missing), language),
        },
        "candidates": {
            "grouping": set.grouping,
            "group": set.group,
            "label": set.name.get(language),
            "n": set.n,
            "comparable": set.comparable,
        },
        "peers": result.peers.iter().map(|row| peer(result, row, language)).collect::<Vec<_>>(),
        "variables": result.variables.iter().map(|used| variable(used, language)).collect::<Vec<_>>(),
        "correlated": result.correlated.iter().map(correlated).collect::<Vec<_>>(),
        "left_out": result.left_out.iter().map(|area| left_out(area, language)).collect::<Vec<_>>(),
        "notes": notes(&result.notes, language),
        "sources": sources(context, language),
    })
}

fn model(model: &PeerModelUse, language: Language) -> Json {
    json!({
        "id": model.id,
        "version": model.version,
        "label": model.label.get(language),
        "description": Some(model.description.get(language)).filter(|text| !text.is_empty()),
        "k": model.k,
        "min_weight_share": model.min_weight_share,
        "max_distance": number_json(model.max_distance),
        "stability_draws": model.draws,
        "stability_spread": model.draw_spread,
    })
}

fn peer(result: &Peers, row: &PeerRow, language: Language) -> Json {
    let by_variable = |value: &dyn Fn(usize) -> Json| -> Json {
        let variables = result.variables.iter().enumerate();
        Json::Object(
            variables
                .map(|(place, used)| (used.indicator.to_string(), value(place)))
                .collect::<Map<_, _>>(),
        )
    };
    let mut object = json!({
        "code": row.area.code,
        "name": row.area.name.get(language),
        "distance": row.distance,
        "contributions": by_variable(&|place| number_json(row.contributions[place])),
        "reciprocal": row.reciprocal,
        "stability": number_json(Some(row.stability)),
        "common_weight": number_json(Some(row.common_weight)),
        "values": by_variable(&|place| number_json(row.cells[place].value)),
    });
    if let (Some(cell), Some(object)) = (&row.cell, object.as_object_mut()) {
        figure(object, cell, language);
    }
    object
}

fn figure(object: &mut Map<String, Json>, cell: &Cell, language: Language) {
    object.insert("value".to_owned(), number_json(cell.value));
    object.insert("status".to_owned(), json!(cell.letter().to_string()));
    object.insert("missing".to_owned(), missing_json(cell.missing, language));
}

fn variable(used: &PeerVariableUse, language: Language) -> Json {
    json!({
        "indicator": used.indicator,
        "definition": used.definition,
        "label": used.label.get(language),
        "unit": used.unit,
        "decimals": used.decimals,
        "period": used.period,
        "weight": number_json(Some(used.weight)),
        "log": used.log,
        "reason": used.reason.get(language),
        "value": number_json(used.cell.value),
        "status": used.cell.letter().to_string(),
        "missing": missing_json(used.cell.missing, language),
        "peers_median": number_json(used.peers_median),
        "mean": number_json(Some(used.standard.mean)),
        "sd": number_json(Some(used.standard.deviation)),
        "n": used.standard.n,
    })
}

fn correlated(pair: &CorrelatedVariables) -> Json {
    json!({ "left": pair.left, "right": pair.right, "r": number_json(Some(pair.r)) })
}

fn left_out(area: &IncomparableArea, language: Language) -> Json {
    json!({
        "code": area.area.code,
        "name": area.area.name.get(language),
        "common_weight": number_json(Some(area.common_weight)),
        "lacking": area.lacking,
    })
}

impl Export for PeerModelList {
    /// One row per variable of each model.
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "model",
            "version",
            "label",
            "k",
            "min_weight_share",
            "scopes",
            "variable",
            "variable_label",
            "weight",
            "log",
            "period",
            "reason",
            "release",
        ];
        let rows = self.models.iter().flat_map(|model| {
            model.variables.iter().map(move |variable| {
                let scopes: Vec<&str> = model.scopes.iter().map(|scope| scope.as_str()).collect();
                vec![
                    text(&model.id),
                    text(model.version),
                    text(model.label.get(language)),
                    Value::Count(model.k),
                    Value::Number(Some(model.min_weight_share)),
                    text(scopes.join(";")),
                    text(&variable.indicator),
                    text(self.label(&variable.indicator).get(language)),
                    Value::Number(Some(variable.weight)),
                    Value::Flag(variable.log),
                    Value::Text(variable.period.map(|period| period.to_string())),
                    text(variable.reason.get(language)),
                    text(&self.release),
                ]
            })
        });
        Table {
            columns,
            rows: rows.collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn json(&self, language: Language) -> Json {
        let models = self.models.iter().map(|model| listed(self, model, language));
        models.collect()
    }

    fn document(&self, language: Language) -> Document {
        people::peer_models(self, language)
    }
}

fn listed(list: &PeerModelList, model: &PeerModel, language: Language) -> Json {
    let variables = model.variables.iter().map(|variable| {
        json!({
            "indicator": variable.indicator,
            "label": list.label(&variable.indicator).get(language),
            "weight": number_json(Some(variable.weight)),
            "log": variable.log,
            "period": variable.period,
            "reason": variable.reason.get(language),
        })
    });
    json!({
        "id": model.id,
        "version": model.version,
        "label": model.label.get(language),
        "description": model.description.get(language),
        "k": model.k,
        "min_weight_share": number_json(Some(model.min_weight_share)),
        "scopes": model.scopes,
        "variables": variables.collect::<Vec<_>>(),
        "release": list.release,
    })
}
