//! `sql`: statements and commands in a pipe and from files. What it does at a terminal is tested from Python, which can make one.

use super::kultti;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Exit code, standard output and standard error of a session that is told everything at once.
fn told(text: &str, args: &[&str]) -> (i32, String, String) {
    let args = [&["sql", "--lang", "en"], args].concat();
    let mut command = kultti(&args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A session that ends early does not read everything.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn statements_are_answered_one_after_the_other() {
    let text = "-- two lines\nSELECT 1\n  AS one; SELECT ';' AS two;\n;;\nSELECT 3 AS three";
    assert_eq!(
        told(text, &[]),
        (0, "one\n1\ntwo\n;\nthree\n3\n".to_owned(), String::new())
    );
    assert_eq!(told("", &[]), (0, String::new(), String::new()));
}

#[test]
fn the_first_error_ends_a_script() {
    let (code, out, said) = told("SELECT 1 AS n;\nSELECT * FROM nothing;\nSELECT 2 AS n;", &[]);
    assert_eq!((code, out.as_str()), (4, "n\n1\n"), "{said}");
    assert!(said.contains("nothing") && said.contains("(K10"), "{said}");
    let (code, _, said) = told(".tabels\n", &[]);
    assert!(
        code == 2 && said.contains("K1102") && said.contains(".tables"),
        "{said}"
    );
    let (code, _, said) = told(".schema observation\n", &[]);
    assert!(
        code == 4 && said.contains("K1084") && said.contains("observations"),
        "{said}"
    );
}

#[test]
fn commands_show_what_there_is() {
    let (code, out, _) = told(".tables\n", &["--format", "csv"]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("name,kind,signature,description,columns\n"),
        "{out}"
    );
    for part in [
        "\nobservations,table,",
        "\nareas,table,",
        "\ncompare,function,\"compare(",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (_, out, _) = told(".schema observations\n", &[]);
    assert!(out.starts_with("column\ttype\nmeasure\t"), "{out}");
    let (_, out, _) = told(".help\n", &["--format", "table"]);
    for command in [
        ".help",
        ".tables",
        ".schema NAME",
        ".read FILE",
        ".register NAME FILE",
        ".format FORMAT",
        ".quit",
    ] {
        assert!(out.contains(command), "{command}: {out}");
    }
    let (code, out, _) = told("SELECT 1 AS n;\n.quit\nSELECT 2 AS n;", &[]);
    assert_eq!((code, out.as_str()), (0, "n\n1\n"));
    let (_, out, _) = told(".format json\nSELECT 1 AS n;\n.format csv\nSELECT 2 AS n;", &[]);
    assert_eq!(out, "[\n{\"n\":1}\n]\nn\n2\n");
}

#[test]
fn files_of_ones_own_become_tables_and_files_of_statements_are_read() {
    let folder = folder("shell-files");
    let at = |name: &str| folder.join(name).display().to_string();
    fs::write(at("my visits.csv"), "area,visits\n272,95362\n").unwrap();
    let register = format!(".register mine {}\n", at("my visits.csv"));
    let (code, out, said) = told(&format!("{register}SELECT sum(visits) AS n FROM mine;\n"), &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        out.starts_with("table mine") && out.ends_with("n\n95362\n"),
        "{out}"
    );

    fs::write(at("inner.sql"), "SELECT 2 AS n").unwrap();
    fs::write(
        at("outer.sql"),
        format!("SELECT 1 AS n;\n.read {}\nSELECT 3 AS n;", at("inner.sql")),
    )
    .unwrap();
    let (_, out, said) = told(&format!(".read {}\nSELECT 4 AS n;", at("outer.sql")), &[]);
    assert_eq!(out, "n\n1\nn\n2\nn\n3\nn\n4\n", "{said}");

    fs::write(at("round.sql"), format!(".read {}\n", at("round.sql"))).unwrap();
    let (code, _, said) = told(&format!(".read {}\n", at("round.sql")), &[]);
    assert!(
        code == 2 && said.contains("K1103") && said.contains("round.sql"),
        "{said}"
    );
    let (code, _, said) = told(".read nowhere.sql\n", &[]);
    assert!(code == 3 && said.contains("nowhere.sql"), "{said}");
}

#[test]
fn an_answer_to_a_file_is_asked_of_query() {
    let (code, _, said) = told("SELECT 1;", &["-o", "answer.csv"]);
    assert!(code == 2 && said.contains("kultti query"), "{said}");
}
