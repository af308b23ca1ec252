//! A random country as a release: its territory, catalogue and provenance as documents.

use super::country::{Area, Country, Indicator, Measure};
use kultti_core::catalogue::{Document, IndicatorDeclaration};
use kultti_core::release::{Provenance, Release, write};
use kultti_core::territory::TerritoryDocument;
use serde_json::{Value, json};

impl Country {
    fn text(name: &str) -> Value {
        json!({"fi": name, "sv": name, "en": name})
    }

    pub(crate) fn territory(&self) -> TerritoryDocument {
        let area = |area: &Area| {
            json!({
                "code": area.code,
                "name": Self::text(&format!("Area {}", area.code)),
                "from": area.born.map(|born| format!("{born}-01-01")),
                "to": area.merged.as_ref().map(|(gone, _)| format!("{}-12-31", gone - 1)),
            })
        };
        let merged = self
            .areas
            .iter()
            .filter_map(|area| Some((area, area.merged.as_ref()?)));
        let changes = merged.map(|(area, (year, into))| {
            json!({
                "date": format!("{year}-01-01"), "source": area.code, "target": into,
                "weights": {"population": 1.0, "euros": 1.0, "area": 1.0},
            })
        });
        let of_region = self.areas.iter().flat_map(|area| {
            let regions = area.regions.iter();
            regions.map(move |(region, first, last)| json!(["region", area.code, region, first, last]))
        });
        let shore = |area: &Area| if area.isle { "isle" } else { "mainland" };
        let of_shore = self
            .areas
            .iter()
            .map(|area| json!(["shore", area.code, shore(area), null, null]));
        let group = |grouping: &str, code: &str| json!({"grouping": grouping, "code": code, "name": Self::text(code), "first_year": null, "last_year": null});
        let grouping = |id: &str, first: Option<i32>| json!({"id": id, "name": Self::text(id), "first_year": first, "last_year": null});
        let document = json!({
            "id": "random", "name": Self::text("Random"),
            "country": {"code": "ALL", "name": Self::text("Whole")},
            "first": format!("{}-01-01", self.first), "now": format!("{}-06-01", self.now),
            "code_length": 3, "source": "made up", "license": "CC0",
            "scopes": [{"id": "core", "grouping": "shore", "exclude": ["isle"], "label": Self::text("core")}],
            "size": null,
            "areas": self.areas.iter().map(area).collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "groupings": [grouping("region", self.regions_from), grouping("shore", None)],
            "groups": [
                group("region", "R0"), group("region", "R1"), group("region", "R2"), group("region", "R3"),
                group("region", "empty"), group("shore", "isle"), group("shore", "mainland"),
            ],
            "memberships": of_region.chain(of_shore).collect::<Vec<_>>(),
            "joint_units": [],
        });
        serde_json::from_value(document).expect("a territory")
    }

    pub(crate) fn catalogue(&self) -> Document {
        let measure = |measure: &Measure| {
            let mut item = json!({
                "id": measure.id, "label": Self::text(measure.id), "definition": Self::text(measure.id),
                "unit": measure.unit, "decimals": measure.decimals, "kind": "flow",
                "additivity": {"areas": measure.additivity, "time": "none"},
                "source": "office", "counted_at": "location",
            });
            if measure.core_only {
                item["area_scope"] = json!("core");
            }
            if !measure.lags.is_empty() {
                item["derived"] = json!({"measure": "pop", "lags": measure.lags});
            }
            item
        };
        let unit = |id: &str, kind: Option<&str>| {
            let mut unit = json!({"id": id, "label": Self::text(id), "symbol": Self::text(id)});
            if let Some(kind) = kind {
                unit["kind"] = json!(kind);
            }
            unit
        };
        let indicator = |item: &Indicator| -> IndicatorDeclaration {
            let mut declared = json!({
                "id": item.id, "label": Self::text(&item.id), "definition": Self::text(&item.id),
                "formula": item.formula, "multiplier": item.multiplier, "unit": item.unit, "decimals": 2,
                "direction": item.direction, "version": 1,
            });
            if let Some(minimum) = item.minimum {
                declared["minimum_denominator"] = json!(minimum);
            }
            if let Some(aggregate) = item.aggregate {
                declared["aggregate"] = json!(aggregate);
            }
            serde_json::from_value(declared).expect("an indicator")
        };
        let header = json!({
            "schema": 1, "id": "random", "version": "1", "label": Self::text("Random"),
            "description": Self::text("Random"),
            "source": [{
                "id": "office", "label": Self::text("Office"), "publisher": Self::text("Office"),
                "license": "CC0", "citation": Self::text("made up"),
            }],
            "unit": [unit("crown", Some("money")), unit("person", Some("persons")), unit("loan", None)],
            "measure": self.measures.iter().map(measure).collect::<Vec<_>>(),
        });
        let mut document: Document = serde_json::from_value(header).expect("a catalogue");
        document.indicators = self.indicators.iter().map(indicator).collect();
        document
    }

    pub(crate) fn provenance(&self) -> Provenance {
        let provenance = json!({
            "id": "random", "title": Self::text("Random"), "publisher": Self::text("Office"), "tables": [],
        });
        serde_json::from_value(provenance).expect("a provenance")
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let written = write(
            &self.observations,
            &self.catalogue(),
            &self.territory(),
            &self.provenance(),
        );
        written.expect("a release")
    }

    pub(crate) fn release(&self) -> Release {
        Release::from_bytes("random", self.bytes()).expect("opened")
    }
}
