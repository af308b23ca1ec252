//! Releases from frames: what Python cannot show. That frames of every library give the same release, and that their errors
//! are those of files, is tested there.

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use kultti_core::Error;
use kultti_core::catalogue::Catalogue;
use kultti_core::formats::{FrameLayout, read_frame};
use kultti_core::language::Language;
use kultti_core::release::{OwnTable, Release, ReleaseBuilder};
use std::sync::Arc;

fn example() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

fn frame(areas: &[&str], values: &[Option<f64>]) -> RecordBatch {
    let areas: ArrayRef = Arc::new(StringArray::from(areas.to_vec()));
    let values: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
    RecordBatch::try_from_iter([("area", areas), ("value", values)]).expect("two columns")
}

fn built(builder: ReleaseBuilder, name: &str, measure: &str, batch: RecordBatch) -> Result<Release, Error> {
    let layout = FrameLayout {
        period: Some("2019".into()),
        measure: Some(measure.into()),
        ..FrameLayout::default()
    };
    let mut builder = builder;
    let context = (builder.catalogue(), builder.territory());
    let read = read_frame(name, &batch.schema(), [Ok(batch)].into_iter(), &layout, context)?;
    let table = OwnTable {
        name: name.into(),
        ..OwnTable::default()
    };
    builder.add(table, read.observations)?;
    builder.build()
}

/// What the example's territory says of measures of culture is nothing to a catalogue without them, and a comparison with the
/// usual groups still works where there are no size classes.
#[test]
fn a_catalogue_of_its_own_needs_no_register_of_other_measures() {
    let catalogue = Catalogue::empty()
        .with_own(
            "own.toml",
            "unit = [{ id = \"point\" }]\nmeasure = [{ id = \"survey.score\", unit = \"point\", kind = \"share\" }]",
        )
        .expect("a catalogue");
    let example = example();
    let builder = ReleaseBuilder::new(catalogue, example.territory()).expect("a builder");
    let batch = frame(&["Kokkola", "Kannus", "091"], &[Some(4.0), Some(2.5), None]);
    let release = built(builder, "survey", "survey.score", batch).expect("a release");
    let document = release.territory().document();
    assert!(document.joint_units.is_empty() && document.breaks.is_empty() && document.size.is_none());
    let comparison = release.compare("survey.score", "Kokkola").expect("a comparison");
    assert_eq!((comparison.cell.value, comparison.position.n), (Some(4.0), 2));
    assert!(
        comparison
            .peers
            .iter()
            .all(|peer| peer.grouping.as_str() != "size")
    );
    assert_eq!(release.provenance().tables[0].retrieved, None);
    assert_eq!(release.provenance().tables[0].source, "own");
}

/// Every line of the text, not of the catalogue that it stands beside, is named.
#[test]
fn mistakes_of_own_declarations_have_their_place_in_the_text() {
    let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE).expect("a catalogue");
    for (text, place, words) in [
        (
            "\n[[measure]]\nid = \"a.b\"\nunit = \"visits\"",
            "own.toml:2",
            "visit",
        ),
        (
            "\n\n[[measure]]\nid = \"library.loans\"\nunit = \"loan\"",
            "own.toml:3",
            "library.loans",
        ),
        ("\n[[measure]]\nid = \"a.b\"", "own.toml:2:1", "unit"),
        (
            "[[indicator]]\nid = \"a.b\"\nformula = \"library.loans / x\"",
            "own.toml:3:28",
            "x",
        ),
        (
            "[[indicator]]\nid = \"a.b\"\nformula = \"library.loans + population.year_end\"",
            "own.toml:3:28",
            "inhabitant",
        ),
        ("[[unit]]\nid = \"EUR\"\n", "own.toml:2", "EUR"),
    ] {
        let error = catalogue.with_own("own.toml", text).expect_err(text).to_string();
        assert!(
            error.starts_with(place) && error.contains(words),
            "{text}: {error}"
        );
    }
}

/// Own declarations may use everything beside them; what they leave out is filled in as the documentation says.
#[test]
fn what_is_not_declared_is_filled_in() {
    let catalogue = Catalogue::from_toml("culture.toml", kultti_datasets::CULTURE).expect("a catalogue");
    let own = catalogue
        .with_own(
            "own",
            r#"{
                "measure": {"id": "survey.visits", "label": "Visits", "unit": "visit", "theme": null},
                "indicator": [
                    {"id": "survey.per_inhabitant", "formula": "survey.visits / population.year_end"},
                    {"id": "survey.cost_per_visit", "label": {"fi": "a", "sv": "b", "en": "c"}, "decimals": 1,
                     "formula": "museum.net_operating_cost / survey.visits", "scope": "museum"}
                ]
            }"#,
        )
        .expect("a catalogue");
    let unit = |id: &str| own.indicator(id).expect("an indicator").unit.to_string();
    assert_eq!(unit("survey.visits"), "visit");
    assert_eq!(unit("survey.per_inhabitant"), "visit/inhabitant");
    assert_eq!(unit("survey.cost_per_visit"), "EUR/visit");
    let visits = own.indicator("survey.visits").expect("an indicator");
    assert_eq!(
        (visits.label.get(Language::Sv), visits.decimals, visits.version),
        ("Visits", 0, 1)
    );
    assert_eq!(own.source("own").expect("a register").license, "not stated");
    assert_eq!(own.header().id, "culture");
}

/// Two frames, and a frame and the release beside it, may not say the same thing, nor be called the same.
#[test]
fn figures_that_are_known_already_are_refused() {
    let example = example();
    let again = || Catalogue::from_document(example.catalogue().document().clone()).expect("a catalogue");
    let beside = || ReleaseBuilder::beside(&example, again()).expect("a builder");
    let one = || frame(&["272"], &[Some(1.0)]);
    let taken = built(beside(), "observations/population.csv", "library.loans", one());
    assert!(matches!(taken, Err(Error::InvalidArgument { .. })), "{taken:?}");
    let two = built(
        beside(),
        "f",
        "library.loans",
        frame(&["272", "Kokkola"], &[Some(1.0), None]),
    );
    let Err(Error::DuplicateObservation { line, first, .. }) = two else {
        panic!("{two:?}")
    };
    assert_eq!((line, first.as_str()), (2, "f:1"));
}
