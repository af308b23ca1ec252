//! Generated cubes with every awkward thing that real tables have, for the round trips of all formats.

use kultti_core::formats::{
    Attribute, Category, Cells, Cube, Dimension, Labels, Mark, Note, NotePlace, Role, Unit,
};
use proptest::prelude::*;

/// Texts that break naive writers.
const AWKWARD: [&str; 16] = [
    "",
    " ",
    "Åland åäö ÅÄÖ",
    "a \"quoted\" word",
    "semi;colon, comma\ttab",
    "two\nlines",
    "=SUM(A1:A9)",
    "-",
    "..",
    "0123",
    "1e5",
    "[sv]",
    "KEYWORD(\"x\")=1;",
    "#hash#",
    "null",
    "a text that is rather longer than others, long enough to be broken over several lines of a file whose lines may not have more than two hundred and fifty-six characters, which some readers take to the letter and others do not take at all, so that it is tried here once",
];

/// A text of one line or several.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(AWKWARD.as_slice()).prop_map(str::to_owned),
        "[a-zA-Zåäö ]{1,12}",
        "\\PC{0,8}",
    ]
}

fn labels(languages: Vec<String>) -> impl Strategy<Value = Labels> {
    proptest::collection::vec(text(), languages.len()).prop_map(move |texts| {
        let mut labels = Labels::default();
        for (language, text) in languages.iter().zip(texts) {
            labels.set(language, text);
        }
        labels
    })
}

/// A number that a table may hold: whole, with decimals, large, small, negative, zero.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-1_000_000i32..1_000_000).prop_map(f64::from),
        (-1_000_000i32..1_000_000).prop_map(|number| f64::from(number) / 100.0),
        Just(0.0),
        Just(9_007_199_254_740_991.0),
        (1i32..1000).prop_map(|number| f64::from(number) * 1e-9),
    ]
}

fn mark(attributes: usize) -> impl Strategy<Value = (Option<f64>, Mark)> {
    let missing = proptest::sample::select(vec![
        (".", "O"),
        ("..", "M"),
        ("...", "Q"),
        ("....", "L"),
        ("......", "O"),
    ]);
    let missing = missing.prop_map(|(symbol, status)| (None, Some(symbol), Some(status)));
    let value = prop_oneof![
        6 => number().prop_map(|value| (Some(value), None, None)),
        1 => Just((Some(0.0), Some("-"), Some("A"))),
        1 => number().prop_map(|value| (Some(value), None, Some("P"))),
        2 => missing,
    ];
    let own = proptest::collection::vec(proptest::option::weighted(0.2, "[A-Z]{1,2}"), attributes);
    (value, own).prop_map(|((value, symbol, status), mut attributes)| {
        while attributes.last() == Some(&None) {
            attributes.pop();
        }
        let mark = Mark {
            status: status.map(str::to_owned),
            symbol: symbol.map(str::to_owned),
            text: None,
            attributes,
        };
        (value, mark)
    })
}

/// Codes that are distinct whatever the case of their letters.
fn codes(count: usize, role: Role) -> Vec<String> {
    let code = |place: usize| match role {
        Role::Time => format!("{}", 2000 + place),
        Role::Geo => format!("{:03}", place * 7),
        _ => format!("c{place}"),
    };
    (0..count).map(code).collect()
}

/// Sizes of up to 12 dimensions with at most some hundred cells.
fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        proptest::collection::vec(1usize..5, 1..5),
        proptest::collection::vec(1usize..3, 6..8),
        Just(vec![1; 12]),
        Just(vec![2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 2]),
    ]
}

fn dimension(place: usize, size: usize, role: Role, languages: Vec<String>) -> BoxedStrategy<Dimension> {
    let names = proptest::collection::vec(labels(languages.clone()), size);
    let units = proptest::collection::vec((labels(languages.clone()), 0u8..4), size);
    (names, units, "[a-zåäö]{1,8}", labels(languages))
        .prop_map(move |(names, units, code, mut label)| {
            // A dimension whose name is empty, or that of another, has none in the formats that know it by name.
            let named: Vec<(String, String)> = label
                .iter()
                .map(|(language, text)| {
                    (
                        language.to_owned(),
                        format!("{} {}", text.trim(), place).trim().to_owned(),
                    )
                })
                .collect();
            for (language, text) in named {
                label.set(&language, text);
            }
            let category = |((code, label), (unit, decimals)): ((String, Labels), (Labels, u8))| Category {
                code,
                label,
                unit: (role == Role::Metric).then_some(Unit {
                    label: unit,
                    ..Unit::default()
                }),
                decimals: (role == Role::Metric).then_some(decimals),
                ..Category::default()
            };
            let categories = codes(size, role).into_iter().zip(names).zip(units).map(category);
            Dimension {
                code: format!("{code}{place}"),
                label,
                role,
                categories: categories.collect(),
            }
        })
        .boxed()
}

fn dimensions(languages: Vec<String>) -> impl Strategy<Value = Vec<Dimension>> {
    (sizes(), any::<[bool; 3]>()).prop_flat_map(move |(sizes, roles)| {
        let special = [Role::Geo, Role::Metric, Role::Time];
        let dimensions: Vec<_> = sizes
            .into_iter()
            .enumerate()
            .map(|(place, size)| {
                let wanted = special.get(place).copied().filter(|_| roles[place]);
                dimension(place, size, wanted.unwrap_or_default(), languages.clone())
            })
            .collect();
        dimensions
    })
}

fn notes(dimensions: &[Dimension], languages: Vec<String>) -> impl Strategy<Value = Vec<Note>> + use<> {
    let sizes: Vec<usize> = dimensions
        .iter()
        .map(|dimension| dimension.categories.len())
        .collect();
    let some = sizes.clone();
    let place = (0..sizes.len()).prop_flat_map(move |dimension| {
        let cells: Vec<_> = some.iter().map(|size| proptest::option::of(0..*size)).collect();
        prop_oneof![
            Just(NotePlace::Cube),
            Just(NotePlace::Dimension(dimension)),
            (0..some[dimension]).prop_map(move |category| NotePlace::Category(dimension, category)),
            cells.prop_map(NotePlace::Cells),
        ]
    });
    // A note of nothing is no note: several formats have no way to write one.
    let said = labels(languages).prop_map(|text| {
        let mut kept = Labels::default();
        for (language, text) in text.iter() {
            kept.set(language, format!("Note: {}", text.trim()).trim());
        }
        kept
    });
    let note = (said, any::<bool>(), place).prop_map(|(text, mandatory, place)| Note {
        text,
        mandatory,
        place,
    });
    proptest::collection::vec(note, 0..4)
}

/// Any cube; its cells are all there, and some, many or all of them are missing.
pub(crate) fn any_cube() -> impl Strategy<Value = Cube> {
    let languages = proptest::sample::select(vec![vec!["fi"], vec!["en", "fi"], vec!["fi", "sv", "en"]]);
    languages.prop_flat_map(|languages| {
        let languages: Vec<String> = languages.into_iter().map(str::to_owned).collect();
        let kept = languages.clone();
        let all = (
            dimensions(languages.clone()),
            0usize..3,
            any::<bool>(),
            labels(languages.clone()),
            labels(languages.clone()),
        );
        all.prop_flat_map(move |(dimensions, attributes, all_missing, label, source)| {
            let languages = kept.clone();
            let count: usize = dimensions
                .iter()
                .map(|dimension| dimension.categories.len())
                .product();
            let cells = proptest::collection::vec(mark(attributes), count);
            let notes = notes(&dimensions, languages.clone());
            (cells, notes).prop_map(move |(given, notes)| {
                let mut cube = Cube::new(dimensions.clone());
                cube.languages = languages.clone();
                cube.id = Some("table_1".into());
                cube.label = label.clone();
                cube.source = source.clone();
                cube.updated = Some("2026-01-31T09:00:00Z".into());
                cube.notes = notes;
                cube.decimals = Some(2);
                cube.attributes = (0..attributes)
                    .map(|place| Attribute {
                        code: format!("ATTRIBUTE_{place}"),
                        label: Labels::default(),
                    })
                    .collect();
                cube.cells = Cells::dense();
                for (value, mark) in given {
                    let missing = Mark {
                        symbol: Some("..".into()),
                        status: Some("M".into()),
                        ..Mark::default()
                    };
                    let (value, mark) = if all_missing {
                        (None, missing)
                    } else {
                        (value, mark)
                    };
                    cube.cells.push(value, mark);
                }
                cube
            })
        })
    })
}

proptest! {
    #[test]
    fn keys_and_positions_are_each_others_inverse(cube in any_cube()) {
        for cell in cube.cells.iter() {
            prop_assert_eq!(cube.position(&cube.key(cell.position)), Some(cell.position));
        }
        prop_assert_eq!(cube.size(), Some(cube.cells.len() as u64));
    }

    #[test]
    fn the_metadata_of_a_cube_survive_json(cube in any_cube()) {
        let json = serde_json::to_string(&cube).unwrap();
        let mut back: Cube = serde_json::from_str(&json).unwrap();
        back.cells = cube.cells.clone();
        prop_assert_eq!(back, cube);
    }
}
