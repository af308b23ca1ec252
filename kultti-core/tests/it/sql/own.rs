//! Data of one's own beside the release.

use super::{asked, database, refusal, rows, wait};
use crate::data::{Folder, northland};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};
use kultti_core::sql::{Database, DatabaseObjectKind, OwnData};
use parquet::arrow::ArrowWriter;
use std::fs::File;
use std::sync::Arc;

/// Areas as some type of text, with a number each: 10 for 01, 30 for 03.
fn batch(areas: ArrayRef) -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![10.0, 30.0]));
    RecordBatch::try_from_iter([("area", areas), ("number", numbers)]).expect("a batch")
}

fn frame(batch: RecordBatch) -> OwnData {
    OwnData::Batches {
        schema: batch.schema(),
        batches: vec![batch],
    }
}

/// 01 reported 30,000 crowns of a in 2019, 03 40,000.
fn joins(database: &Database, table: &str) {
    let sql = format!(
        "SELECT o.area, value * number AS product FROM observations o JOIN {table} USING (area) \
         WHERE measure = 'cost.a' AND period = '2019' ORDER BY o.area"
    );
    assert_eq!(
        rows(database, &sql),
        [["01", "300000"], ["03", "1200000"]],
        "{table}"
    );
    let sql = format!(
        "SELECT c.area, number FROM compare('cost_a.per_inhabitant', '2019', 'then') c JOIN {table} m ON m.area = c.area ORDER BY 1"
    );
    assert_eq!(rows(database, &sql), [["01", "10"], ["03", "30"]], "{table}");
}

#[test]
fn frames_join_whatever_the_type_of_their_texts() {
    let codes = ["01", "03"];
    let database = database(northland(), 2);
    let types: [(&str, ArrayRef); 4] = [
        ("plain", Arc::new(StringArray::from(codes.to_vec()))),
        ("large", Arc::new(LargeStringArray::from(codes.to_vec()))),
        ("viewed", Arc::new(StringViewArray::from(codes.to_vec()))),
        (
            "numbered",
            Arc::new(codes.into_iter().collect::<DictionaryArray<Int32Type>>()),
        ),
    ];
    for (name, areas) in types {
        database.register(name, frame(batch(areas))).expect("registered");
        joins(&database, name);
    }
}

#[test]
fn files_join_as_frames_do() {
    let folder = Folder::new();
    let batch = batch(Arc::new(StringArray::from(vec!["01", "03"])));
    let create = |name: &str| File::create(folder.path(name)).expect("a file");
    let mut parquet = ArrowWriter::try_new(create("a.parquet"), batch.schema(), None).expect("a writer");
    parquet.write(&batch).expect("written");
    parquet.close().expect("closed");
    let mut file =
        arrow_ipc::writer::FileWriter::try_new(create("a.arrow"), &batch.schema()).expect("a writer");
    file.write(&batch).expect("written");
    file.finish().expect("finished");
    let mut stream =
        arrow_ipc::writer::StreamWriter::try_new(create("a.arrows"), &batch.schema()).expect("a writer");
    stream.write(&batch).expect("written");
    stream.finish().expect("finished");
    folder.write("100% [å] b#c.csv", "area,number\n01,10\n03,30\n");
    folder.write("a.tsv.csv", "area\tnumber\n01\t10\n03\t30\n");
    folder.write("semicolons.csv", "area;number;text\n01;10;a,b\n03;30;c,d\n");
    let database = database(northland(), 2);
    for (name, file) in [
        ("a_parquet", "a.parquet"),
        ("a_arrow", "a.arrow"),
        ("a_arrows", "a.arrows"),
        ("a_csv", "100% [å] b#c.csv"),
        ("a_tsv", "a.tsv.csv"),
        ("semicolons", "semicolons.csv"),
    ] {
        let data = OwnData::from_path(folder.path(file)).expect("a kind");
        database.register(name, data).expect("registered");
        joins(&database, name);
    }
}

#[test]
fn types_of_a_csv_are_inferred_and_said() {
    let folder = Folder::new();
    folder.write("own.csv", "area,period,kunta,postcode,euros,share,day,open,empty\n1,2019,1,00100,5,0.5,2020-01-31,true,\n3,2020,3,12345,7,1.5,2021-12-01,false,\n");
    let database = database(northland(), 1);
    database
        .register("own", OwnData::Csv(folder.path("own.csv")))
        .expect("registered");
    let found = rows(&database, "DESCRIBE own");
    // Codes with their zeros are texts, though they look like numbers.
    let expected = [
        ["area", "BIGINT"],
        ["period", "BIGINT"],
        ["kunta", "BIGINT"],
        ["postcode", "VARCHAR"],
        ["euros", "BIGINT"],
        ["share", "DOUBLE"],
        ["day", "DATE"],
        ["open", "BOOLEAN"],
        ["empty", "VARCHAR"],
    ];
    assert_eq!(found, expected);
    assert_eq!(
        rows(&database, "SELECT postcode FROM own ORDER BY 1"),
        [["00100"], ["12345"]]
    );
    let own = database
        .objects()
        .into_iter()
        .find(|object| object.name == "own")
        .expect("listed");
    assert_eq!(own.kind, DatabaseObjectKind::Own);
    assert!(own.description.contains("inferred"), "{}", own.description);
    // A number with the zeros of its code fits.
    let sql = "SELECT o.area, value FROM observations o JOIN own ON lpad(CAST(kunta AS VARCHAR), 2, '0') = o.area \
               AND CAST(2019 AS VARCHAR) = o.period WHERE measure = 'cost.a' ORDER BY 1";
    assert_eq!(rows(&database, sql), [["01", "30000"], ["03", "40000"]]);
}

#[test]
fn codes_that_have_lost_their_zeros_are_joined_too() {
    let folder = Folder::new();
    let database = database(northland(), 2);
    // 01 had 30,000 crowns of a in 2019, 03 40,000 in 2020.
    for (name, written, area) in [
        ("lost", "1,2019\n3,2020\n", "BIGINT"),
        ("kept", "01,2019\n03,2020\n", "VARCHAR"),
    ] {
        folder.write("own.csv", format!("area,period\n{written}"));
        database
            .register(name, OwnData::Csv(folder.path("own.csv")))
            .expect("registered");
        assert_eq!(rows(&database, &format!("DESCRIBE {name}"))[0], ["area", area]);
        let sql = format!(
            "SELECT value FROM observations JOIN {name} USING (area, period) WHERE measure = 'cost.a' ORDER BY 1"
        );
        assert_eq!(rows(&database, &sql), [["30000"], ["40000"]], "{name}");
        let sql = format!("SELECT name_fi FROM areas JOIN {name} USING (area) ORDER BY area");
        assert_eq!(rows(&database, &sql).len(), 2, "{name}");
    }
    folder.write("days.csv", "area,period\n1,2019-01-31\n");
    database
        .register("days", OwnData::Csv(folder.path("days.csv")))
        .expect("registered");
    assert_eq!(rows(&database, "DESCRIBE days")[1], ["period", "VARCHAR"]);
}

#[test]
fn a_number_equals_the_code_that_spells_it() {
    let numbers = RecordBatch::try_from_iter([
        ("kunta", Arc::new(Int64Array::from(vec![1, 3])) as ArrayRef),
        ("vuosi", Arc::new(Int64Array::from(vec![2019, 2020])) as ArrayRef),
    ]);
    let own = frame(numbers.expect("a batch"));
    let database = database(northland(), 2);
    database.register("own", own).expect("registered");
    // Of the country's area, NL, no number is made; 01 had 30,000 crowns of a in 2019, 03 40,000 in 2020.
    for join in [
        "observations o JOIN own ON o.area = own.kunta AND own.vuosi = o.period",
        "observations o, own WHERE own.kunta = o.area AND period = vuosi",
        "observations o JOIN own ON o.area = lpad(CAST(kunta AS VARCHAR), 2, '0') AND o.period = CAST(vuosi AS VARCHAR)",
    ] {
        let sql = format!("SELECT measure, o.area, value FROM {join}");
        let sql = format!("SELECT area, value FROM ({sql}) WHERE measure = 'cost.a' ORDER BY area");
        assert_eq!(rows(&database, &sql), [["01", "30000"], ["03", "40000"]], "{sql}");
    }
    assert_eq!(
        rows(
            &database,
            "SELECT name_fi FROM areas WHERE area = 1 OR area IN (3, 7) ORDER BY 1"
        ),
        [["Aapa"], ["Seeta"], ["Uusi"]]
    );
    assert_eq!(
        rows(
            &database,
            "SELECT DISTINCT area = 1 FROM observations WHERE area IN ('01', '02') ORDER BY 1"
        ),
        [["false"], ["true"]]
    );
    // A year is a year, with quotes or without.
    let counted = "SELECT count(*) FROM observations WHERE measure = 'cost.a' AND period";
    assert_eq!(rows(&database, &format!("{counted} = 2019")), [["6"]]);
    assert_eq!(rows(&database, &format!("{counted} IN (2019, 2020)")), [["12"]]);
    assert_eq!(rows(&database, &format!("{counted} >= 2021")), [["11"]]);
    // What has no place in an order is said.
    let (code, said) = refusal(&database, "SELECT * FROM observations WHERE area > 1");
    assert_eq!(code, "K1090");
    assert!(said.contains("'NL'"), "{said}");
}

#[test]
fn names_are_names_and_those_of_the_release_stay() {
    let data = || frame(batch(Arc::new(StringArray::from(vec!["01", "03"]))));
    let database = database(northland(), 1);
    for name in [
        "observations",
        "theme_economy",
        "compare",
        "compare_all",
        "generate_series",
    ] {
        assert_eq!(database.register(name, data()).expect_err(name).code(), "K1091");
    }
    for name in [
        "", "Mine", "1st", "my table", "my-table", "a.b", "select", "m\"", "_x",
    ] {
        assert_eq!(
            database.register(name, data()).expect_err(name).code(),
            "K1092",
            "{name}"
        );
    }
    database.register("mine", data()).expect("registered");
    let fewer = batch(Arc::new(StringArray::from(vec!["01", "03"]))).slice(0, 1);
    database.register("mine", frame(fewer)).expect("registered anew");
    assert_eq!(rows(&database, "SELECT count(*) FROM mine"), [["1"]]);
    assert_eq!(
        database
            .objects()
            .iter()
            .filter(|object| object.name == "mine")
            .count(),
        1
    );
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = Folder::new();
    folder.write("text.parquet", "no Parquet");
    folder.write("text.arrow", "no Arrow, but long enough to look like one");
    folder.write("ragged.csv", "a,b\n1,2\n3\n");
    folder.write("latin.csv", b"a\n\xe5\xe4\n".as_slice());
    let database = database(northland(), 1);
    for file in ["text.parquet", "text.arrow", "ragged.csv", "latin.csv"] {
        let data = OwnData::from_path(folder.path(file)).expect("a kind");
        let error = database.register("own", data).expect_err(file);
        assert_eq!(error.code(), "K1093", "{file}: {error}");
        assert!(error.to_string().contains(file), "{error}");
    }
    let error = database
        .register("own", OwnData::Csv(folder.path("none.csv")))
        .expect_err("no file");
    assert_eq!(error.code(), "K0101");
    assert_eq!(
        OwnData::from_path("figures.xlsx").expect_err("no table").code(),
        "K1093"
    );
    assert_eq!(refusal(&database, "SELECT * FROM own").0, "K1084");
}

#[test]
fn a_file_is_read_by_its_name_alone() {
    let folder = Folder::new();
    folder.write("mine.csv", "a\n1\n");
    folder.write("mine.csv.bak", "a\n2\n");
    folder.write("secret.csv", "a\n3\n");
    let database = database(northland(), 1);
    database
        .register("mine", OwnData::Csv(folder.path("mine.csv")))
        .expect("registered");
    assert_eq!(rows(&database, "SELECT a FROM mine"), [["1"]]);
    for sql in [
        "SELECT * FROM 'own://mine/secret.csv'",
        "SELECT * FROM \"own://mine/mine.csv\"",
    ] {
        assert_eq!(refusal(&database, sql).0, "K1084", "{sql}");
    }
    let outcome = wait(asked(&database, "SELECT count(*) FROM mine"));
    assert!(outcome.is_ok());
}
