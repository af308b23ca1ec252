//! What a query may not do: it reaches no file, no setting and nothing of the machine.

use super::{example, refusal, rows};

#[test]
fn a_refusal_says_what_works() {
    let database = example(1);
    let (code, said) = refusal(&database, "DROP TABLE observations");
    assert_eq!(code, "K1082");
    assert!(said.contains("DROP TABLE") && said.contains("SELECT"), "{said}");
    let (_, said) = refusal(&database, "SELECT *\nFROM observations\nWHERE measure = = 2");
    assert!(said.contains("line 3") && said.contains("column 17"), "{said}");
    let (_, said) = refusal(&database, "SELECT * FROM observation");
    assert!(said.contains("observations"), "{said}");
    let (_, said) = refusal(&database, "SELECT valeu FROM observations");
    assert!(said.contains("Did you mean value"), "{said}");
    let (_, said) = refusal(&database, "SELECT * FROM compare");
    assert!(said.contains("compare(indicator"), "{said}");
    let (_, said) = refusal(&database, "SELECT * FROM compare('library.loans_per_inhabitnat')");
    assert!(said.contains("library.loans_per_inhabitant"), "{said}");
}

#[test]
fn no_file_is_read_or_written() {
    let folder = crate::data::Folder::new();
    folder.write("secret.csv", "a\n1\n");
    let path = folder.path("secret.csv").display().to_string();
    let database = example(1);
    for sql in [
        format!("SELECT * FROM '{path}'"),
        format!("SELECT * FROM \"{path}\""),
        format!("SELECT * FROM read_csv('{path}')"),
        format!("SELECT * FROM parquet_metadata('{path}')"),
        format!("CREATE EXTERNAL TABLE s STORED AS CSV LOCATION '{path}'"),
        format!("COPY (SELECT 1) TO '{path}.out'"),
        "SELECT * FROM information_schema.df_settings".to_owned(),
        "SELECT getenv('HOME')".to_owned(),
        "SHOW datafusion.execution.batch_size".to_owned(),
    ] {
        let (code, said) = refusal(&database, &sql);
        assert!(["K1082", "K1084", "K1086"].contains(&code), "{sql}: {said}");
    }
    assert!(!folder.path("secret.csv.out").exists());
}

#[test]
fn what_there_is_can_be_listed() {
    let database = example(1);
    let listed = rows(&database, "SHOW TABLES");
    let names: Vec<&str> = listed.iter().map(|row| row[0].as_str()).collect();
    for name in [
        "observations",
        "indicators",
        "areas",
        "groupings",
        "notes",
        "theme_economy",
        "compare",
        "compare_all",
        "trend",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    // Whatever is listed can be asked as it says, and has the columns that it says.
    for object in database.objects() {
        assert!(
            !object.columns.is_empty() && !object.description.is_empty(),
            "{}",
            object.name
        );
        if object.signature == object.name {
            let sql = format!("SELECT {} FROM {} LIMIT 1", columns(&object.columns), object.name);
            rows(&database, &sql);
        }
    }
}

fn columns(columns: &[(String, String)]) -> String {
    let names = columns.iter().map(|(name, _)| format!("\"{name}\""));
    names.collect::<Vec<_>>().join(", ")
}
