//! Tables become observations: worked out by hand, and every way in which they must not.

use kultti_core::Error;
use kultti_core::formats::{
    Absent, Category, Cells, Cube, Dimension, ImportContext, ImportMapping, Imported, Labels, Mark, Note,
    NotePlace, Role, import_cube,
};
use kultti_core::release::Release;

fn release() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

fn categories(codes: &[&str]) -> Vec<Category> {
    codes.iter().map(|code| Category::new(*code)).collect()
}

fn marked(symbol: &str, status: Option<&str>) -> Mark {
    Mark {
        symbol: Some(symbol.into()),
        status: status.map(str::to_owned),
        ..Mark::default()
    }
}

/// Loans and costs (in thousands) of Helsinki, Kokkola and the whole country in 2018 and 2019.
///
/// | area  | figure | 2018 | 2019 |
/// |-------|--------|------|------|
/// | KU091 | loans  | 10   | 11   |
/// | KU091 | costs  | 1.5  | ..   |
/// | KU272 | loans  | -    | 21   |
/// | KU272 | costs  | 2.25 | 2.3* |
/// | MK01  | loans  | 90   | 91   |
/// | MK01  | costs  | 9    | 9    |
fn table() -> Cube {
    let area = Dimension::new("Alue", Role::Geo, categories(&["KU091", "KU272", "MK01"]));
    let mut figures = Dimension::new("Tiedot", Role::Metric, categories(&["lainat", "kulut"]));
    figures.categories[1].label = Labels::new("fi", "Nettokustannukset");
    let year = Dimension::new("Vuosi", Role::Time, categories(&["2018", "2019"]));
    let mut cube = Cube::new(vec![area, figures, year]);
    cube.languages = vec!["fi".into()];
    let mut cells = Cells::dense();
    for (value, mark) in [
        (Some(10.0), Mark::default()),
        (Some(11.0), Mark::default()),
        (Some(1.5), Mark::default()),
        (None, marked("..", Some("M"))),
        (Some(0.0), marked("-", Some("A"))),
        (Some(21.0), Mark::default()),
        (Some(2.25), Mark::default()),
        (Some(2.3), marked("*", Some("P"))),
        (Some(90.0), Mark::default()),
        (Some(91.0), Mark::default()),
        (Some(9.0), Mark::default()),
        (Some(9.0), Mark::default()),
    ] {
        cells.push(value, mark);
    }
    cube.cells = cells;
    cube.notes.push(Note {
        text: Labels::new("fi", "Arvio; tarkentuu"),
        mandatory: false,
        place: NotePlace::Cells(vec![Some(1), Some(1), None]),
    });
    cube
}

fn mapping() -> ImportMapping {
    ImportMapping {
        measures: [(
            "Nettokustannukset".to_owned(),
            "library.net_operating_cost".to_owned(),
        )]
        .into(),
        area_prefix: Some("KU".into()),
        skip_areas: vec!["MK*".into()],
        territory: Some("then".into()),
        multiply: Some(1000.0),
        ..ImportMapping::default()
    }
}

fn import(cube: &Cube, mapping: &ImportMapping) -> Result<Imported, Error> {
    let release = release();
    let context = ImportContext {
        name: "kta.px",
        catalogue: release.catalogue(),
        territory: release.territory(),
    };
    import_cube(cube, mapping, context)
}

#[test]
fn figures_statuses_symbols_and_footnotes_arrive_and_what_is_left_out_is_said() {
    let imported = import(&table(), &mapping()).unwrap();
    let found: Vec<_> = imported
        .observations
        .iter()
        .map(|one| {
            let missing = one.missing.map(|missing| missing.code());
            let text = format!(
                "{} {} {} {:?} {} {missing:?} {} {:?}",
                one.measure,
                one.period,
                one.area,
                one.value,
                one.status.letter(),
                one.territory,
                one.note
            );
            text
        })
        .collect();
    let cost = "library.net_operating_cost";
    // 1.5 thousand is 1500, 2.25 is 2250 and 2.3 is 2300; the footnote stands on every cell of Kokkola's costs, and its
    // semicolon, which separates codes, is a comma.
    assert_eq!(
        found,
        [
            format!("{cost} 2018 091 Some(1500.0) A None 2018-12-31 \"\""),
            format!("{cost} 2018 272 Some(2250.0) A None 2018-12-31 \"footnote(Arvio, tarkentuu)\""),
            format!("{cost} 2019 091 None M Some(\"not-applicable\") 2019-12-31 \"symbol(..)\""),
            format!(
                "{cost} 2019 272 Some(2300.0) P None 2019-12-31 \"symbol(*);footnote(Arvio, tarkentuu)\""
            ),
        ]
    );
    let left_out: Vec<String> = imported
        .left_out
        .iter()
        .map(|(of, code)| format!("{of}={code}"))
        .collect();
    assert_eq!(left_out, ["Tiedot=lainat", "Alue=MK01"]);
}

#[test]
fn one_measure_takes_one_category_of_every_other_dimension() {
    let with = |keep: Option<&str>| ImportMapping {
        measures: [].into(),
        measure: Some("library.loans".into()),
        keep: keep
            .map(|code| ("Tiedot".to_owned(), code.to_owned()))
            .into_iter()
            .collect(),
        multiply: None,
        ..mapping()
    };
    let imported = import(&table(), &with(Some("lainat"))).unwrap();
    let values: Vec<_> = imported.observations.iter().map(|one| one.value).collect();
    // 2018: 091, 272 (a dash is a true zero); 2019: 091, 272.
    assert_eq!(values, [Some(10.0), Some(0.0), Some(11.0), Some(21.0)]);
    let several = import(&table(), &with(None)).unwrap_err();
    assert_eq!(several.code(), "K0804");
    assert!(
        several.to_string().contains("lainat, kulut (Nettokustannukset)"),
        "{several}"
    );
}

#[test]
fn absent_cells_are_zeros_only_where_the_format_says_so() {
    for (absent, expected) in [
        (Absent::Zero, vec![Some(5.0), Some(0.0)]),
        (Absent::NotGiven, vec![Some(5.0)]),
    ] {
        let area = Dimension::new("area", Role::Geo, categories(&["091", "272"]));
        let year = Dimension::new("year", Role::Time, categories(&["2019"]));
        let mut cube = Cube::new(vec![area, year]);
        cube.cells = Cells::sparse(absent);
        cube.cells.push_at(0, Some(5.0), Mark::default());
        let mapping = ImportMapping {
            measure: Some("library.loans".into()),
            territory: Some("then".into()),
            ..ImportMapping::default()
        };
        let values: Vec<_> = import(&cube, &mapping)
            .unwrap()
            .observations
            .iter()
            .map(|one| one.value)
            .collect();
        assert_eq!(values, expected);
    }
}

/// The table or its mapping, changed, is refused with this code and these words.
fn refused(change: &dyn Fn(&mut Cube, &mut ImportMapping), code: &str, words: &[&str]) {
    let (mut cube, mut mapping) = (table(), mapping());
    change(&mut cube, &mut mapping);
    let error = import(&cube, &mapping).expect_err(code);
    assert_eq!(error.code(), code, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "{word:?} in {error}");
    }
}

#[test]
fn what_cannot_be_an_observation_is_refused_with_its_place() {
    refused(&|_, mapping| mapping.skip_areas.clear(), "K0205", &["MK01"]);
    refused(&|_, mapping| mapping.territory = None, "K0804", &["territory"]);
    refused(
        &|_, mapping| mapping.territory = Some("1950-01-01".into()),
        "K0804",
        &["1950-01-01"],
    );
    refused(
        &|_, mapping| drop(mapping.measures.insert("kulutt".into(), "library.loans".into())),
        "K0804",
        &["kulutt", "Did you mean kulut?"],
    );
    refused(
        &|_, mapping| drop(mapping.measures.insert("lainat".into(), "library.loan".into())),
        "K0206",
        &["library.loan", "library.loans"],
    );
    refused(
        &|_, mapping| mapping.period = Some("Kuukausi".into()),
        "K0804",
        &["Kuukausi", "Vuosi"],
    );
    refused(
        &|cube, _| cube.dimensions[2].categories[0].code = "kesä".into(),
        "K0804",
        &["kesä", "[import.periods]"],
    );
}

#[test]
fn a_symbol_needs_a_meaning_and_a_figure_the_decimals_of_its_measure() {
    // A symbol whose meaning nobody gave.
    let unknown = |cube: &mut Cube| {
        let mut cells = Cells::dense();
        for cell in cube.cells.iter() {
            let mark = if cell.position == 3 {
                marked("??", None)
            } else {
                cell.mark.clone()
            };
            cells.push(cell.value, mark);
        }
        cube.cells = cells;
    };
    refused(
        &|cube, _| unknown(cube),
        "K0805",
        &["Alue=KU091, Tiedot=kulut, Vuosi=2019", "??", "[import.status]"],
    );
    let mapped = |cube: &mut Cube, mapping: &mut ImportMapping, status: &str| {
        unknown(cube);
        mapping.status.insert("??".into(), status.into());
    };
    refused(
        &|cube, mapping| mapped(cube, mapping, "P"),
        "K0805",
        &["K L M O Q"],
    );
    let (mut cube, mut known) = (table(), mapping());
    mapped(&mut cube, &mut known, "Q");
    let observations = import(&cube, &known).unwrap().observations;
    assert_eq!(observations[2].status.letter(), 'Q');
    // 1.5 loans are not a number of loans: the measure has no decimals.
    refused(
        &|_, mapping| {
            mapping.multiply = None;
            mapping.measures = [("kulut".to_owned(), "library.loans".to_owned())].into();
        },
        "K0805",
        &["Alue=KU091, Tiedot=kulut, Vuosi=2018", "1.5"],
    );
    refused(
        &|_, mapping| drop(mapping.areas.insert("KU272".into(), "091".into())),
        "K0804",
        &["library.net_operating_cost, 2018, 091"],
    );
}
