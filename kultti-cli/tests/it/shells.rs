//! What shells and `man` get: completions of every verb and option, and a page for each verb.

use super::{failure, run, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "nushell"];

/// The verbs as the help lists them, those of `release` among them.
fn verbs() -> Vec<Vec<String>> {
    let listed = |args: &[&str]| -> Vec<String> {
        let help = stdout(args);
        let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
        let lines = commands.lines().take_while(|line| !line.is_empty());
        // A long description goes on in the next line, further in.
        let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        names
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let mut found = Vec::new();
    for verb in listed(&["--help"]) {
        if ["cluster", "release", "round"].contains(&verb.as_str()) {
            let below = listed(&[&verb, "--help"]).into_iter();
            found.extend(below.map(|below| vec![verb.clone(), below]));
        }
        found.push(vec![verb]);
    }
    assert!(found.len() > 20, "{found:?}");
    found
}

/// The long options that the help of a verb tells of.
fn options(verb: &[String]) -> Vec<String> {
    let mut args: Vec<&str> = verb.iter().map(String::as_str).collect();
    args.push("--help");
    let help = stdout(&args);
    let lines = help.lines().map(str::trim_start);
    let named = lines.filter(|line| line.starts_with('-'));
    let long = named.filter_map(|line| line.split_whitespace().find(|word| word.starts_with("--")));
    long.map(|word| word.trim_end_matches(',').to_owned()).collect()
}

fn script(shell: &str) -> String {
    stdout(&["completions", shell])
}

/// A folder that is empty when the test begins.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn every_verb_and_option_is_completed() {
    for shell in SHELLS {
        let script = script(shell);
        for verb in verbs() {
            let name = verb.last().unwrap();
            assert!(script.contains(name.as_str()), "{shell}: {verb:?}");
            for option in options(&verb) {
                // fish writes `-l name`.
                let written = if shell == "fish" {
                    format!("-l {}", option.trim_start_matches('-'))
                } else {
                    option.clone()
                };
                assert!(script.contains(&written), "{shell}: {verb:?} {option}");
            }
        }
    }
}

#[test]
fn a_shell_that_is_there_can_read_its_script() {
    let folder = folder("completions");
    for (shell, program, check) in [
        ("bash", "bash", "-n"),
        ("zsh", "zsh", "-n"),
        ("fish", "fish", "--no-execute"),
    ] {
        let path = folder.join(shell);
        let path = path.to_str().unwrap();
        assert_eq!(stdout(&["completions", shell, "-o", path]), "");
        assert_eq!(fs::read_to_string(path).unwrap(), script(shell));
        match Command::new(program).args([check, path]).output() {
            Ok(checked) => assert!(
                checked.status.success() && checked.stderr.is_empty(),
                "{shell}: {}",
                String::from_utf8_lossy(&checked.stderr)
            ),
            Err(_) => {
                eprintln!("NOT CHECKED: {program} is not installed, its completions were not read by it")
            }
        }
    }
}

#[test]
fn bash_completes_verbs_options_and_values() {
    let path = folder("bash").join("kultti");
    fs::write(&path, script("bash")).unwrap();
    let completed = |words: &str, current: &str, previous: &str| -> Vec<String> {
        let program = format!(
            "source {}; COMP_WORDS=(kultti {words} {current}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _kultti kultti '{current}' '{previous}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            path.display()
        );
        let done = Command::new("bash").args(["--norc", "-c", &program]).output();
        let Ok(done) = done else {
            eprintln!("NOT CHECKED: bash is not installed");
            return Vec::new();
        };
        assert!(
            done.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let text = String::from_utf8(done.stdout).unwrap();
        text.split_whitespace().map(str::to_owned).collect()
    };
    for (words, current, previous, expected) in [
        (
            "",
            "comp",
            "kultti",
            vec!["compare", "composition", "compare-all", "completions"],
        ),
        ("compare", "--pe", "compare", vec!["--period", "--peers"]),
        ("rank --order", "d", "--order", vec!["desc"]),
        ("release", "ver", "release", vec!["verify"]),
    ] {
        let mut found = completed(words, current, previous);
        let mut expected = expected;
        found.sort_unstable();
        expected.sort_unstable();
        if !found.is_empty() {
            assert_eq!(found, expected, "{words} {current}");
        }
    }
}

#[test]
fn every_verb_has_a_page() {
    let folder = folder("man");
    assert_eq!(stdout(&["man", "-o", folder.to_str().unwrap()]), "");
    let mut found: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names = verbs()
        .into_iter()
        .map(|verb| format!("kultti-{}.1", verb.join("-")));
    let mut expected: Vec<String> = names.chain(["kultti.1".to_owned()]).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    for verb in verbs() {
        let page = fs::read_to_string(folder.join(format!("kultti-{}.1", verb.join("-")))).unwrap();
        let words: Vec<&str> = ["man"]
            .into_iter()
            .chain(verb.iter().map(String::as_str))
            .collect();
        assert_eq!(page, stdout(&words));
        // In roff a hyphen that is to be typed is `\-`.
        let page = page.replace("\\-", "-");
        for option in options(&verb) {
            assert!(page.contains(&option), "{verb:?} {option}");
        }
    }
    let root = stdout(&["man"]).replace("\\-", "-");
    for part in ["EXIT STATUS", "EXAMPLES", "KULTTI_RELEASE", "kultti-release(1)"] {
        assert!(root.contains(part), "{part}: {root}");
    }
}

#[test]
fn pages_are_set_without_a_warning() {
    let folder = folder("pages");
    stdout(&["man", "-o", folder.to_str().unwrap()]);
    for (program, options) in [
        ("man", vec!["--warnings", "-l"]),
        ("mandoc", vec!["-T", "lint", "-W", "error"]),
    ] {
        for page in fs::read_dir(&folder).unwrap() {
            let page = page.unwrap().path();
            let set = Command::new(program)
                .args(&options)
                .arg(&page)
                .env("LC_ALL", "C.UTF-8")
                .env("MANWIDTH", "80")
                .env("MAN_KEEP_FORMATTING", "")
                .output();
            let Ok(set) = set else {
                eprintln!("NOT CHECKED: {program} is not installed, no page was set with it");
                break;
            };
            assert!(
                set.status.success() && set.stderr.is_empty(),
                "{}: {}{}",
                page.display(),
                String::from_utf8_lossy(&set.stdout),
                String::from_utf8_lossy(&set.stderr)
            );
        }
    }
}

#[test]
fn what_cannot_be_written_or_is_no_verb_is_said() {
    let (code, said) = failure(&["man", "comprae", "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(said.contains("comprae") && said.contains("compare"), "{said}");
    let (code, _) = failure(&["completions", "tcsh"]);
    assert_eq!(code, 2);
    let (code, said) = failure(&["completions", "bash", "-o", "/nowhere/kultti", "--lang", "en"]);
    assert_eq!(code, 3);
    assert!(said.contains("/nowhere/kultti"), "{said}");
    assert!(
        run(&["completions", "bash", "--release", "/nowhere.parquet"])
            .status
            .success()
    );
}
