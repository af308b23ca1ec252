//! Forms: written in every format and language and read back, seen by other programs' eyes, and edited by other programs.

use crate::oracle;
use crate::rounds::{RECIPE, defined_in, round};
use kultti_core::collection::{Answers, Form, FormFile, FormFormat, Remark, Round};
use kultti_core::language::Language;
use kultti_core::model::{AreaCode, MeasureId, Missing, Status};
use kultti_core::rules::Severity;
use serde_json::{Value, json};
use std::path::Path;

const KOKKOLA: &str = "272";

fn form(round: &Round, language: Language) -> Form<'_> {
    Form::new(round, &AreaCode::from(KOKKOLA), language).expect("a form")
}

fn read(round: &Round, name: &str, bytes: Vec<u8>) -> Answers {
    let file = FormFile::from_bytes(name, bytes).expect("a form");
    file.answers(round).expect("answers")
}

/// Measure, value, status, reason and note.
type Said = (String, Option<f64>, Status, Option<Missing>, String);

/// What was answered, without the file that it stood in.
fn said(answers: &Answers) -> Vec<Said> {
    let figure = |answer: &kultti_core::collection::Answer| {
        let figure = answer.figure.clone();
        (
            answer.measure.to_string(),
            figure.value,
            figure.status,
            figure.missing,
            figure.note,
        )
    };
    answers.answers.iter().map(figure).collect()
}

#[test]
fn an_empty_form_is_not_answered_whatever_it_is_written_as() {
    let round = round();
    for language in Language::ALL {
        for format in FormFormat::ALL {
            let bytes = form(&round, language).to_bytes(format).expect("a form");
            let again = form(&round, language).to_bytes(format).expect("a form");
            assert_eq!(bytes, again, "the same form is the same bytes");
            let file = FormFile::from_bytes("kokkola", bytes).expect("a form");
            assert_eq!((file.format(), file.language()), (format, language));
            assert_eq!(
                (file.round(), file.round_sha256()),
                ("culture-2019", round.sha256())
            );
            let answers = file.answers(&round).expect("answers");
            assert_eq!(answers.area.as_str(), KOKKOLA);
            assert_eq!((answers.consent, answers.author.as_str()), (None, ""));
            assert!(
                answers.unreadable.is_empty(),
                "{format:?}: {:?}",
                answers.unreadable
            );
            // Last year's values stand in the form, and none of them is an answer.
            for answer in &answers.answers {
                assert_eq!(
                    (answer.figure.value, answer.figure.missing),
                    (None, None),
                    "{format:?}"
                );
            }
            assert_eq!(answers.answers.len(), 4);
        }
    }
}

/// A filled form in JSON, which is the shortest to write by hand.
fn filled(round: &Round, language: Language, values: [(&str, &str, &str); 4]) -> Answers {
    let bytes = form(round, language).to_bytes(FormFormat::Json).expect("a form");
    let mut document: Value = serde_json::from_slice(&bytes).expect("JSON");
    document["author"] = json!("Aino Åkerö");
    document["consent"] = json!(true);
    for (place, (value, status, note)) in values.into_iter().enumerate() {
        let row = &mut document["answers"][place];
        row["value"] = serde_json::from_str(value).unwrap_or(json!(value));
        row["status"] = json!(status);
        row["note"] = json!(note);
    }
    read(round, "kokkola.json", document.to_string().into_bytes())
}

#[test]
fn answers_come_back_from_every_format_in_every_language() {
    let round = round();
    let values = [
        ("2850000", "", "=HYPERLINK(\"x\") uusi \"kirjasto\"; kesä"),
        ("-1234.5", "E", ""),
        ("null", "K", "Kruunupyy hoitaa"),
        ("12.125", "P", "-5 % edellisestä"),
    ];
    for language in Language::ALL {
        let answers = filled(&round, language, values);
        assert!(answers.unreadable.is_empty(), "{:?}", answers.unreadable);
        let expected = [
            (Some(2_850_000.0), Status::Normal, None),
            (Some(-1234.5), Status::Estimated, None),
            (None, Status::Included, Some(Missing::Included)),
            (Some(12.125), Status::Provisional, None),
        ];
        for (answer, (value, status, missing)) in answers.answers.iter().zip(expected) {
            assert_eq!(
                (answer.figure.value, answer.figure.status, answer.figure.missing),
                (value, status, missing)
            );
        }
        for format in FormFormat::ALL {
            let bytes = form(&round, language)
                .filled(&answers)
                .to_bytes(format)
                .expect("a form");
            let again = read(&round, "kokkola", bytes);
            assert_eq!(said(&again), said(&answers), "{format:?} {language:?}");
            assert_eq!((again.author.as_str(), again.consent), ("Aino Åkerö", Some(true)));
            assert!(again.unreadable.is_empty());
        }
    }
}

#[test]
fn an_annotated_copy_is_a_form_that_reads_the_same() {
    let round = round();
    let answers = filled(
        &round,
        Language::Sv,
        [("1", "", ""), ("2", "", ""), ("3", "", ""), ("4", "", "")],
    );
    let remarks = vec![
        Remark {
            measure: Some(MeasureId::from("library.net_operating_cost")),
            severity: Severity::Error,
            text: "För litet: skrev du tusen euro?".into(),
        },
        Remark {
            measure: None,
            severity: Severity::Note,
            text: "Tack.".into(),
        },
    ];
    for format in FormFormat::ALL {
        let copy = form(&round, Language::Sv)
            .filled(&answers)
            .remarked(remarks.clone());
        let bytes = copy.to_bytes(format).expect("a form");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(format == FormFormat::Xlsx || text.contains("Tack."), "{text}");
        assert_eq!(said(&read(&round, "copy", bytes)), said(&answers), "{format:?}");
    }
    let copy = form(&round, Language::Sv).filled(&answers).remarked(remarks);
    let Some(seen) = seen(&copy.to_bytes(FormFormat::Xlsx).expect("a form")) else {
        return;
    };
    let sheet = &seen["sheets"][1];
    assert_eq!(sheet["comments"]["D2"], "Fel: För litet: skrev du tusen euro?");
    assert_eq!(sheet["fills"]["D2"], "FFF8CBAD");
    assert_eq!(sheet["cells"]["H2"], "Fel: För litet: skrev du tusen euro?");
    let first = seen["sheets"][0]["cells"].as_object().expect("cells");
    assert!(
        first.values().any(|cell| cell == "Tack."),
        "what is said of the whole form stands on the first sheet"
    );
}

/// What could not be read is not wiped out: the copy that goes back to the answerer still shows it.
#[test]
fn a_copy_keeps_what_could_not_be_read() {
    let round = round();
    let values = [
        ("noin 500", "", "ks. liite"),
        ("\"1,500\"", "", ""),
        ("5 %", "", ""),
        ("\"1e3\"", "", ""),
    ];
    let answers = filled(&round, Language::Fi, values);
    assert_eq!(answers.unreadable.len(), 4, "{:?}", answers.unreadable);
    for format in FormFormat::ALL {
        let bytes = form(&round, Language::Fi)
            .filled(&answers)
            .to_bytes(format)
            .expect("a form");
        let again = read(&round, "copy", bytes);
        assert_eq!(again.unreadable, answers.unreadable, "{format:?}");
        assert_eq!(said(&again), said(&answers), "{format:?}");
    }
}

/// A workbook as openpyxl sees it; `None`, said loudly, where there is no python for it.
fn seen(bytes: &[u8]) -> Option<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("form.xlsx");
    std::fs::write(&path, bytes).expect("written");
    oracle::run("read_form.py", &[&path])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn openpyxl_sees_a_locked_form_with_rules_names_and_a_hidden_map() {
    let round = round();
    let bytes = form(&round, Language::Fi)
        .to_bytes(FormFormat::Xlsx)
        .expect("a form");
    let Some(seen) = seen(&bytes) else { return };
    let sheets = seen["sheets"].as_array().expect("sheets");
    let names: Vec<(&str, &str)> = sheets
        .iter()
        .map(|sheet| {
            (
                sheet["name"].as_str().expect("a name"),
                sheet["state"].as_str().expect("a state"),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("Ohje", "visible"),
            ("Kulttuuritoiminnan talous", "visible"),
            ("Kulttuuritoiminnan tarjonta", "visible"),
            ("Luettelot", "hidden"),
            ("kultti", "veryHidden")
        ],
        "instructions first, then the themes in the order asked; a long name is cut at a word"
    );
    for sheet in sheets {
        assert_eq!(sheet["protected"], true, "{}", sheet["name"]);
        assert_eq!(sheet["merged"], json!([]), "{}", sheet["name"]);
        assert_eq!(sheet["formulas"], 0, "{}", sheet["name"]);
    }
    let economy = &sheets[1];
    assert_eq!(economy["frozen"], "B2");
    assert_eq!(economy["titles"], "$1:$1", "the header is repeated in print");
    assert_eq!(
        economy["unlocked"],
        json!(["D2", "E2", "F2", "D3", "E3", "F3"]),
        "answers, and nothing else"
    );
    assert_eq!(
        economy["validations"]["D2"],
        json!(["custom", "OR(ISNUMBER(D2),D2=\".\",D2=\"..\")"]),
        "net costs may be negative"
    );
    assert_eq!(
        economy["validations"]["E2"],
        json!(["list", "'Luettelot'!$A$1:$A$8"])
    );
    assert_eq!(
        sheets[2]["validations"]["D2"],
        json!(["custom", "OR(AND(ISNUMBER(D2),D2>=0),D2=\".\",D2=\"..\")"]),
        "events are counted"
    );
    let header = ["A1", "B1", "C1", "D1", "E1", "F1", "G1"]
        .map(|cell| economy["cells"][cell].as_str().unwrap_or("").to_owned());
    assert_eq!(
        header,
        [
            "Kysymys",
            "Yksikkö",
            "Luku 2018",
            "Vastaus 2019",
            "Tila",
            "Selvitys",
            "Mitä kysytään"
        ]
    );
    // Kokkola's libraries in 2018, from datasets/finland/observations/net_operating_costs.csv.
    assert_eq!(economy["cells"]["C2"], 2_704_000);
    assert_eq!(economy["cells"]["D2"], Value::Null);
    assert_eq!(economy["formats"]["D2"], "#,##0");
    assert_eq!(
        seen["names"]["answer.library.net_operating_cost"],
        "'Kulttuuritoiminnan talous'!$D$2"
    );
    assert_eq!(
        seen["names"]["answers_on_sheet_1"],
        "'Kulttuuritoiminnan talous'!$D$2:$D$3"
    );
    assert_eq!(seen["title"], "Kulttuurin kustannukset 2019: Kokkola (272)");
    assert_eq!(seen["custom"]["Language"], "fi");
    assert_eq!(seen["custom"]["kultti_round_sha256"], round.sha256());
    let map = &sheets[4]["cells"];
    assert_eq!(
        (&map["A7"], &map["B7"], &map["C7"]),
        (
            &json!("library.net_operating_cost"),
            &json!("Kulttuuritoiminnan talous"),
            &json!("D2")
        )
    );
    let words = &sheets[0]["cells"];
    for (cell, text) in [
        ("B2", "Kokkola (272)"),
        ("B3", "2019"),
        ("B4", "30.4.2020"),
        ("B5", "30.6.2020"),
        ("B6", "keruu@example.org"),
    ] {
        assert_eq!(words[cell], text);
    }
    assert_eq!(
        sheets[0]["unlocked"],
        json!(["B7", "B8"]),
        "the name and the consent"
    );
}

/// Alters a form with openpyxl: `edits` are what the script does, one after another.
fn altered(bytes: &[u8], edits: &Value) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, list) = (folder.path().join("form.xlsx"), folder.path().join("edits.json"));
    std::fs::write(&path, bytes).expect("written");
    std::fs::write(&list, edits.to_string()).expect("written");
    oracle::run("alter_form.py", &[&path, &list])?;
    Some(std::fs::read(&path).expect("the form"))
}

/// What stands in the cell of an answer, its status, and the value or the code of the message.
type Case<'t> = (Value, &'t str, Result<Option<f64>, &'t str>);

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_people_type_is_read_or_found() {
    let round = round();
    let empty = form(&round, Language::Fi)
        .to_bytes(FormFormat::Xlsx)
        .expect("a form");
    let sheet = "Kulttuuritoiminnan talous";
    let cases: [Case<'_>; 20] = [
        (json!("1 500,0"), "", Ok(Some(1500.0))),
        (json!("1\u{a0}500"), "", Ok(Some(1500.0))),
        (json!("1\u{202f}234\u{202f}567 €"), "", Ok(Some(1_234_567.0))),
        (json!(-5.5), "", Ok(Some(-5.5))),
        (json!(0), "", Ok(Some(0.0))),
        (json!("."), "", Ok(None)),
        (json!(".."), "ei voi olla", Ok(None)),
        (json!(12), "Uppskattning", Ok(Some(12.0))),
        (json!("1,500"), "", Err("form.found-either")),
        (json!("-"), "", Err("form.found-dash")),
        (json!("noin 500"), "", Err("form.found-text")),
        (json!("5 %"), "", Err("form.found-percent")),
        (json!("=1+1"), "", Err("form.found-formula")),
        (json!(true), "", Err("form.found-truth")),
        (json!("#REF!"), "", Err("form.found-failed")),
        (json!(1e17), "", Err("form.found-too-large")),
        (json!(5), "tieto puuttuu", Err("form.found-both")),
        (json!(null), "arvio", Err("form.found-no-figure")),
        (json!(".."), "tieto puuttuu", Err("form.found-two-marks")),
        (json!(5), "ehkä", Err("form.found-status")),
    ];
    for (value, status, expected) in cases {
        let edits = json!([
            ["set", sheet, "D2", value],
            ["set", sheet, "E2", status],
            ["set", sheet, "F2", "selitys"]
        ]);
        let Some(bytes) = altered(&empty, &edits) else {
            return;
        };
        let answers = read(&round, "kokkola.xlsx", bytes);
        let answer = &answers.answers[0];
        assert_eq!(answer.place.to_string(), "Kulttuuritoiminnan talous!D2");
        assert_eq!(answer.figure.note, "selitys", "{value}");
        match expected {
            Ok(figure) => {
                assert_eq!(answer.figure.value, figure, "{value}");
                assert!(answers.unreadable.is_empty(), "{value}: {:?}", answers.unreadable);
                assert!(figure.is_some() || answer.figure.missing.is_some(), "{value}");
            }
            Err(code) => {
                assert_eq!(
                    (answer.figure.value, answer.figure.missing),
                    (None, None),
                    "{value}"
                );
                let [finding] = answers.unreadable.as_slice() else {
                    panic!("{value}: {:?}", answers.unreadable)
                };
                assert_eq!(finding.message.code(), code, "{value}");
                assert_eq!(
                    (finding.rule.as_str(), finding.severity),
                    ("type", Severity::Error)
                );
                assert_eq!(finding.measures, [MeasureId::from("library.net_operating_cost")]);
                for language in Language::ALL {
                    assert!(!finding.message.render(language).contains('{'));
                }
            }
        }
    }
    // A cell that a spreadsheet took for a day.
    let Some(bytes) = altered(&empty, &json!([["date", sheet, "D2"]])) else {
        return;
    };
    assert_eq!(
        read(&round, "x", bytes).unreadable[0].message.code(),
        "form.found-date"
    );
    let Some(bytes) = altered(
        &empty,
        &json!([["set", "Ohje", "B8", "JA"], ["set", "Ohje", "B7", "Aino"]]),
    ) else {
        return;
    };
    let answers = read(&round, "x", bytes);
    assert_eq!((answers.consent, answers.author.as_str()), (Some(true), "Aino"));
    let Some(bytes) = altered(&empty, &json!([["set", "Ohje", "B8", "kai"]])) else {
        return;
    };
    assert_eq!(
        read(&round, "x", bytes).unreadable[0].message.code(),
        "form.found-consent"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_form_whose_structure_changed_is_refused_by_name() {
    let round = round();
    let empty = form(&round, Language::Fi)
        .to_bytes(FormFormat::Xlsx)
        .expect("a form");
    let sheet = "Kulttuuritoiminnan talous";
    for (edits, code, part) in [
        (
            json!([["delete_row", sheet, 2]]),
            "K1010",
            "Kulttuuritoiminnan talous!A2",
        ),
        (
            json!([["insert_row", sheet, 2]]),
            "K1010",
            "Kulttuuritoiminnan talous!A2",
        ),
        (
            json!([["delete_column", sheet, 2]]),
            "K1010",
            "Kulttuuritoiminnan talous!D1",
        ),
        (json!([["set", sheet, "A3", "Teatteri"]]), "K1010", "Teatteri"),
        (
            json!([["rename", sheet, "../../etc/passwd"]]),
            "K1010",
            "Kulttuuritoiminnan talous",
        ),
        (
            json!([["delete_sheet", sheet]]),
            "K1010",
            "Kulttuuritoiminnan talous",
        ),
        (json!([["delete_sheet", "kultti"]]), "K1009", "kultti"),
        (json!([["set", "kultti", "B4", "598"]]), "K1008", "Kokkola (272)"),
        (
            json!([["set", "Ohje", "B2", "Pietarsaari (598)"]]),
            "K1008",
            "Ohje!B2",
        ),
        (json!([["set", "kultti", "B4", "005"]]), "K1004", "005"),
        (json!([["set", "kultti", "B1", "2"]]), "K1009", "2"),
        (
            json!([["set", "kultti", "B2", "culture-2018"]]),
            "K1006",
            "culture-2018",
        ),
        (json!([["set", "kultti", "B3", "00"]]), "K1007", "culture-2019"),
        (json!([["set", "kultti", "B5", "se"]]), "K1009", "se"),
        (json!([["set", "kultti", "C7", "C2"]]), "K1010", "kultti!C7"),
        (
            json!([["set", "kultti", "A11", "library.events"]]),
            "K1010",
            "kultti!A11",
        ),
    ] {
        let Some(bytes) = altered(&empty, &edits) else {
            return;
        };
        let read = FormFile::from_bytes("kokkola.xlsx", bytes).and_then(|file| file.answers(&round));
        let error = read.expect_err(&edits.to_string());
        assert_eq!(error.code(), code, "{edits}: {error}");
        assert!(error.to_string().contains(part), "{edits}: {error}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_table_that_a_spreadsheet_saved_anew_still_reads() {
    let round = round();
    let answers = filled(
        &round,
        Language::Fi,
        [
            ("1500.5", "", "Åke"),
            ("2", "E", ""),
            ("0", "", ""),
            ("null", "O", ""),
        ],
    );
    let bytes = form(&round, Language::Fi)
        .filled(&answers)
        .to_bytes(FormFormat::Csv)
        .expect("a form");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let tabs = text.replace(';', "\t");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            tabs.trim_start_matches('\u{feff}')
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let latin: Vec<u8> = text
        .trim_start_matches('\u{feff}')
        .chars()
        .map(|symbol| match symbol {
            '€' => 0x80,
            symbol => u8::try_from(u32::from(symbol)).expect("Windows-1252"),
        })
        .collect();
    // Sorted by the measure, and with empty rows below.
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].sort_unstable();
    let sorted = format!("{}\r\n;;;;;;;;;;;;\r\n", lines.join("\r\n"));
    for bytes in [tabs.into_bytes(), utf16, latin, sorted.into_bytes()] {
        let again = read(&round, "kokkola.csv", bytes);
        assert_eq!(said(&again), said(&answers));
        assert_eq!(again.consent, Some(true));
    }
    let row = |id: &str| {
        text.lines()
            .find(|line| line.contains(id))
            .expect("a row")
            .to_owned()
    };
    for (old, new, code) in [
        (row("library.staff"), String::new(), "K1010"),
        (
            row("library.staff"),
            format!("{0}\r\n{0}", row("library.staff")),
            "K1010",
        ),
        (
            row("library.staff"),
            row("library.staff").replace(";272;", ";598;"),
            "K1008",
        ),
        (
            row("library.staff"),
            row("library.staff").replace("library.staff", "library.wine"),
            "K1010",
        ),
        (
            row("library.staff"),
            row("library.staff").replace("culture-2019", "culture-2018"),
            "K1010",
        ),
        ("kultti_form".to_owned(), "kultti".to_owned(), "K1009"),
    ] {
        let changed = text.replacen(&old, &new, 1).into_bytes();
        let error = FormFile::from_bytes("kokkola.csv", changed).and_then(|file| file.answers(&round));
        assert_eq!(error.expect_err(&new).code(), code, "{new}");
    }
    let formula = text.replace(";1500,5;", ";=1500+1;");
    assert_eq!(
        read(&round, "x", formula.into_bytes()).unreadable[0]
            .message
            .code(),
        "form.found-formula"
    );
    // A code that lost its zeros to a spreadsheet.
    let folder = tempfile::tempdir().expect("a folder");
    let small = defined_in(folder.path(), &RECIPE.replace("\"Kokkola\"", "\"049\"")).expect("a round");
    let espoo = Form::new(&small, &AreaCode::from("049"), Language::Fi).expect("a form");
    let csv = String::from_utf8(espoo.to_bytes(FormFormat::Csv).expect("a form")).expect("UTF-8");
    let answers = read(&small, "espoo.csv", csv.replace(";049;", ";49;").into_bytes());
    assert_eq!(answers.area.as_str(), "049");
}

#[test]
fn a_json_form_is_refused_where_it_is_not_one() {
    let round = round();
    let bytes = form(&round, Language::En)
        .to_bytes(FormFormat::Json)
        .expect("a form");
    let whole: Value = serde_json::from_slice(&bytes).expect("JSON");
    for (place, value, code) in [
        ("/kultti_form", json!(2), "K1009"),
        ("/language", json!("de"), "K1009"),
        ("/area", json!("Kokkolaa"), "K1004"),
        ("/answers/0/measure", json!("x"), "K1010"),
        ("/answers", json!([]), "K1010"),
        ("/round", json!("culture-2018"), "K1006"),
    ] {
        let mut edited = whole.clone();
        *edited.pointer_mut(place).expect("a part") = value;
        let read = FormFile::from_bytes("x.json", edited.to_string().into_bytes())
            .and_then(|file| file.answers(&round));
        assert_eq!(read.expect_err(place).code(), code, "{place}");
    }
    let mut extra = whole.clone();
    extra["formula"] = json!("=1");
    assert_eq!(
        FormFile::from_bytes("x.json", extra.to_string().into_bytes())
            .expect_err("extra")
            .code(),
        "K1009"
    );
}

/// LibreOffice saves a form without what it does not know: it must still read, and what was typed in it too.
#[test]
fn a_form_that_libreoffice_saved_still_reads() {
    let round = round();
    let folder = tempfile::tempdir().expect("a folder");
    let values = [
        ("2850000", "", "uusi"),
        ("-1234.5", "E", ""),
        ("null", "M", ""),
        ("12.25", "", ""),
    ];
    let answers = filled(&round, Language::Sv, values);
    let path = folder.path().join("kokkola.xlsx");
    form(&round, Language::Sv)
        .filled(&answers)
        .write_file(FormFormat::Xlsx, &path)
        .expect("written");
    let Some(saved) = libreoffice(&path, "xlsx") else {
        return;
    };
    let again = read(&round, "kokkola.xlsx", saved);
    assert_eq!(said(&again), said(&answers));
    assert_eq!((again.author.as_str(), again.consent), ("Aino Åkerö", Some(true)));
    assert!(again.unreadable.is_empty(), "{:?}", again.unreadable);
    let Some(saved) = libreoffice(&path, "ods") else {
        return;
    };
    let error = FormFile::from_bytes("kokkola.ods", saved).expect_err("another format");
    assert_eq!(error.code(), "K0846");
    assert!(error.to_string().contains(".xlsx"), "{error}");
}

/// A file as LibreOffice converts it; `None`, said loudly, where there is none.
fn libreoffice(path: &Path, format: &str) -> Option<Vec<u8>> {
    let folder = path.parent()?.join(format!("as-{format}"));
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        path.parent()?.display()
    );
    let run = std::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", format, "--outdir"])
        .arg(&folder)
        .arg(path)
        .output();
    let Ok(output) = run else {
        eprintln!("SKIPPED: no soffice on this machine; no form was edited in LibreOffice");
        return None;
    };
    let made = folder.join(path.file_name()?).with_extension(format);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(std::fs::read(made).unwrap_or_else(|cause| panic!("{cause}: {text}")))
}
