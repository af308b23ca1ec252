//! What differs in the meaning of figures: the catalogue, the territory, the registers and the tables.

use super::result::{ChangeKind, DefinitionChange, DefinitionKind, FieldChange};
use crate::catalogue::Document;
use crate::model::{MeasureId, Period};
use crate::release::Release;
use crate::territory::{
    Break, Change, ComparabilityFlag, Group, JointArrangement, Membership, TerritoryDocument,
};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Every definition that differs, by kind and id.
pub(super) fn definitions(before: &Release, after: &Release) -> Vec<DefinitionChange> {
    let mut found = Vec::new();
    catalogue(
        before.catalogue().document(),
        after.catalogue().document(),
        &mut found,
    );
    territory(
        before.territory().document(),
        after.territory().document(),
        &mut found,
    );
    let tables = [&before.provenance().tables, &after.provenance().tables];
    items(
        DefinitionKind::Table,
        tables,
        |table| table.file.clone(),
        &mut found,
    );
    found.sort_by(|left, right| (left.kind, &left.id).cmp(&(right.kind, &right.id)));
    found
}

fn catalogue(old: &Document, new: &Document, found: &mut Vec<DefinitionChange>) {
    use DefinitionKind as Kind;
    let own = ["schema", "version", "label", "description", "theme", "function"];
    whole(Kind::Catalogue, [&old.id, &new.id], [old, new], &own, found);
    items(
        Kind::Indicator,
        [&old.indicators, &new.indicators],
        |item| item.id.to_string(),
        found,
    );
    items(
        Kind::Measure,
        [&old.measures, &new.measures],
        |item| item.id.to_string(),
        found,
    );
    items(
        Kind::Source,
        [&old.sources, &new.sources],
        |item| item.id.clone(),
        found,
    );
    items(
        Kind::Unit,
        [&old.units, &new.units],
        |item| item.id.clone(),
        found,
    );
    items(
        Kind::Scope,
        [&old.scopes, &new.scopes],
        |item| item.id.to_string(),
        found,
    );
    items(
        Kind::Expectation,
        [&old.expectations, &new.expectations],
        |item| item.id.clone(),
        found,
    );
    items(
        Kind::Pair,
        [&old.pairs, &new.pairs],
        |item| item.id.clone(),
        found,
    );
    items(
        Kind::PeerModel,
        [&old.peer_models, &new.peer_models],
        |item| item.id.clone(),
        found,
    );
}

fn territory(old: &TerritoryDocument, new: &TerritoryDocument, found: &mut Vec<DefinitionChange>) {
    use DefinitionKind as Kind;
    let own = [
        "name",
        "country",
        "first",
        "now",
        "code_length",
        "peers",
        "source",
        "license",
        "scopes",
        "size",
    ];
    whole(Kind::Territory, [&old.id, &new.id], [old, new], &own, found);
    items(
        Kind::Area,
        [&old.areas, &new.areas],
        |item| item.code.to_string(),
        found,
    );
    let line = |item: &Change| format!("{} {} → {}", item.date, item.source, item.target);
    items(Kind::AreaChange, [&old.changes, &new.changes], line, found);
    items(
        Kind::Grouping,
        [&old.groupings, &new.groupings],
        |item| item.id.to_string(),
        found,
    );
    let group = |item: &Group| format!("{}:{}", item.grouping, item.code);
    items(Kind::Group, [&old.groups, &new.groups], group, found);
    let member = |item: &Membership| format!("{} {}", item.grouping, item.area);
    items(
        Kind::Membership,
        [&old.memberships, &new.memberships],
        member,
        found,
    );
    registers(old, new, found);
}

/// Joint arrangements, comparability flags and breaks.
fn registers(old: &TerritoryDocument, new: &TerritoryDocument, found: &mut Vec<DefinitionChange>) {
    use DefinitionKind as Kind;
    let end = |period: Option<Period>| period.map_or_else(String::new, |period| format!(" {period}"));
    let joint = |item: &JointArrangement| {
        format!(
            "{} {} → {}{}",
            item.measure,
            item.member,
            item.host,
            end(item.first)
        )
    };
    items(
        Kind::JointArrangement,
        [&old.joint_units, &new.joint_units],
        joint,
        found,
    );
    let flag = |item: &ComparabilityFlag| {
        let (kind, measures) = (item.kind.name(), joined(&item.measures));
        format!("{kind} {} {measures}{}", item.area, end(item.from))
    };
    items(
        Kind::Comparability,
        [&old.comparability, &new.comparability],
        flag,
        found,
    );
    let cut = |item: &Break| {
        let area = item
            .area
            .as_ref()
            .map_or_else(String::new, |area| format!(" {area}"));
        format!("{}{area} {}", joined(&item.measures), item.period)
    };
    items(Kind::Break, [&old.breaks, &new.breaks], cut, found);
}

fn joined(measures: &[MeasureId]) -> String {
    let ids: Vec<&str> = measures.iter().map(MeasureId::as_str).collect();
    ids.join(",")
}

/// Compares two lists of one kind by what tells their items apart. Several items that nothing tells apart are compared
/// in their order.
fn items<T: Serialize + PartialEq>(
    kind: DefinitionKind,
    [before, after]: [&Vec<T>; 2],
    id: impl Fn(&T) -> String,
    found: &mut Vec<DefinitionChange>,
) {
    let by_id = |list: &[T]| -> BTreeMap<(String, usize), usize> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let key = |(place, item): (usize, &T)| {
            let id = id(item);
            let count = seen.entry(id.clone()).or_default();
            *count += 1;
            ((id, *count), place)
        };
        list.iter().enumerate().map(key).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let mut ids: Vec<&(String, usize)> = old.keys().chain(new.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    for key in ids {
        let left = old.get(key).and_then(|place| before.get(*place));
        let right = new.get(key).and_then(|place| after.get(*place));
        if left == right {
            continue;
        }
        let fields = left
            .zip(right)
            .map_or_else(Vec::new, |(left, right)| fields(&object(left), &object(right)));
        found.push(DefinitionChange {
            kind,
            id: key.0.clone(),
            change: ChangeKind::of(left, right),
            fields,
        });
    }
}

/// Compares some fields of a document as a whole.
fn whole<T: Serialize>(
    kind: DefinitionKind,
    [before_id, after_id]: [&str; 2],
    [before, after]: [&T; 2],
    own: &[&str],
    found: &mut Vec<DefinitionChange>,
) {
    let part = |document: &T, id: &str| {
        let mut fields = object(document);
        fields.retain(|field, _| own.contains(&field.as_str()));
        fields.insert("id".to_owned(), Json::from(id));
        fields
    };
    let fields = fields(&part(before, before_id), &part(after, after_id));
    if !fields.is_empty() {
        found.push(DefinitionChange {
            kind,
            id: after_id.to_owned(),
            change: ChangeKind::Changed,
            fields,
        });
    }
}

/// The columns of a membership, which a release writes as a list.
const MEMBERSHIP: [&str; 5] = ["grouping", "area", "group", "first_year", "last_year"];

/// An item as it stands in a release.
fn object<T: Serialize>(item: &T) -> Map<String, Json> {
    match serde_json::to_value(item) {
        Ok(Json::Object(fields)) => fields,
        Ok(Json::Array(values)) => {
            let named = MEMBERSHIP.into_iter().zip(values);
            named.map(|(name, value)| (name.to_owned(), value)).collect()
        }
        Ok(_) | Err(_) => Map::new(),
    }
}

/// The fields in which two items differ, by name.
fn fields(before: &Map<String, Json>, after: &Map<String, Json>) -> Vec<FieldChange> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let differing = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name));
    let change = |name: &String| FieldChange {
        field: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
    };
    differing.map(change).collect()
}
