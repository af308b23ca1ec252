//! Releases and ledgers at addresses, as people type them.

use super::failure;

#[cfg(not(feature = "ledger"))]
#[test]
fn a_build_without_stores_says_which_has_them() {
    let (code, said) = failure(&["areas", "--release", "s3://kultti/example.parquet"]);
    assert!(
        code == 2 && said.contains("K1111") && said.contains("ledger"),
        "{said}"
    );
}

#[test]
fn what_is_no_release_is_not_written_to_addresses() {
    let (code, said) = failure(&["indicators", "-o", "s3://kultti/list.csv"]);
    assert!(code == 2 && said.contains("K1111"), "{said}");
}

#[cfg(feature = "ledger")]
mod stored {
    use crate::collections::{Desk, act, sound};
    use crate::kultti;
    use crate::s3::{EXAMPLE, S3, Settings, nobody};
    use serde_json::Value;
    use std::process::{Command, Output, Stdio};
    use std::time::Duration;

    const LEDGER: &str = "s3://kultti/pilot/ledger";

    fn at(settings: &Settings, args: &[&str]) -> Command {
        let mut command = kultti(args);
        command.env("KULTTI_LANG", "en").envs(settings.iter().cloned());
        command
    }

    fn run(settings: &Settings, args: &[&str]) -> Output {
        at(settings, args).output().expect("the program starts")
    }

    /// Standard output of a run that must succeed.
    fn stdout(settings: &Settings, args: &[&str]) -> String {
        let output = run(settings, args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Exit code and message of a run that must fail.
    fn refused(settings: &Settings, args: &[&str]) -> (i32, String) {
        let output = run(settings, args);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code().expect("an exit code"), said)
    }

    fn changed(settings: &Settings, name: &'static str, value: &str) -> Settings {
        let mut settings: Settings = settings
            .iter()
            .filter(|(known, _)| *known != name)
            .cloned()
            .collect();
        settings.push((name, value.to_owned()));
        settings
    }

    fn without(settings: &Settings, names: &[&str]) -> Settings {
        settings
            .iter()
            .filter(|(known, _)| !names.contains(known))
            .cloned()
            .collect()
    }

    #[test]
    fn a_release_is_asked_where_it_stands() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let question = [
            "compare",
            "library.loans_per_inhabitant",
            "--area",
            "Kokkola",
            "--format",
            "json",
        ];
        let answer = |release: &str| -> Value {
            let said = stdout(&owner, &[&question[..], &["--release", release]].concat());
            serde_json::from_str(&said).expect("JSON")
        };
        let (there, here) = (answer("s3://kultti/example.parquet"), answer(EXAMPLE));
        let figures = |answer: &Value| {
            (
                answer["value"].clone(),
                answer["groups"].clone(),
                answer["position"].clone(),
            )
        };
        assert_eq!(figures(&there), figures(&here));
        stdout(&owner, &["release", "verify", "s3://kultti/example.parquet"]);
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/finland");
        let built = stdout(
            &owner,
            &["release", "build", sources, "-o", "s3://kultti/built.parquet"],
        );
        assert!(
            built.contains("s3://kultti/built.parquet") || built.trim().len() == 64,
            "{built}"
        );
        let diff = [
            "release",
            "diff",
            "s3://kultti/example.parquet",
            "s3://kultti/built.parquet",
            "--exit-code",
        ];
        stdout(&owner, &diff);
    }

    /// What somebody sets or types wrongly, and what they are told: exit code, code, and words that must be there.
    #[test]
    fn what_is_wrong_is_named() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let secret = "0123456789secret0123456789secret01234567";
        let none = without(&owner, &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
        let good = "s3://kultti/example.parquet";
        let unheard = nobody();
        let cases: [(&Settings, &str, i32, &str, &str); 15] = [
            (
                &owner,
                "s3://kultti/exampel.parquet",
                4,
                "K1113",
                "Did you mean example.parquet",
            ),
            (
                &owner,
                "s3://kultti/no/such/folder.parquet",
                4,
                "K1113",
                "nothing at s3://",
            ),
            (
                &owner,
                "s3://kulti/example.parquet",
                4,
                "K1114",
                "no bucket kulti ",
            ),
            (&owner, "s3://kultti/cut-example.parquet", 3, "K0103", "cut off"),
            (
                &owner,
                "s3://kultti/empty-example.parquet",
                3,
                "K0102",
                "s3://kultti/empty-example.parquet",
            ),
            (&owner, "s3://kultti", 2, "K1112", "s3://kultti/name.parquet"),
            (
                &owner,
                "s4://kultti/example.parquet",
                2,
                "K1047",
                "Did you mean s3://",
            ),
            (
                &changed(&owner, "AWS_SECRET_ACCESS_KEY", secret),
                good,
                3,
                "K1116",
                "AWS_SECRET_ACCESS_KEY",
            ),
            (
                &server.settings("unknown"),
                good,
                3,
                "K1116",
                "InvalidAccessKeyId",
            ),
            (&server.settings("stranger"), good, 3, "K1117", "AccessDenied"),
            (
                &changed(&none, "AWS_METADATA_ENDPOINT", &unheard),
                good,
                3,
                "K1115",
                "AWS_ACCESS_KEY_ID",
            ),
            (
                &without(&owner, &["AWS_SECRET_ACCESS_KEY"]),
                good,
                2,
                "K1122",
                "SecretAccessKey",
            ),
            (
                &without(&owner, &["AWS_ALLOW_HTTP"]),
                good,
                2,
                "K1121",
                "AWS_ALLOW_HTTP=true",
            ),
            (
                &changed(&owner, "AWS_ENDPOINT_URL", &unheard),
                good,
                3,
                "K1118",
                &unheard,
            ),
            (
                &changed(&owner, "AWS_ENDPOINT_URL", "http://nowhere.invalid"),
                good,
                3,
                "K1118",
                "nowhere.invalid",
            ),
        ];
        for (settings, release, exit, code, words) in cases {
            let (found, said) = refused(settings, &["areas", "--release", release]);
            assert!(
                found == exit && said.contains(code) && said.contains(words),
                "{release}: {found} {said}"
            );
            for (name, value) in settings {
                let hidden = !name.ends_with("KEY") || !said.contains(value);
                assert!(hidden && !said.contains("AKIA"), "{name} is in: {said}");
            }
        }
        for (lang, words) in [
            ("fi", "Tarkoititko example.parquet"),
            ("sv", "Menade du example.parquet"),
        ] {
            let args = [
                "areas",
                "--release",
                "s3://kultti/exampel.parquet",
                "--lang",
                lang,
            ];
            assert!(refused(&owner, &args).1.contains(words), "{lang}");
        }
        for (settings, ledger, exit, code) in [
            (&owner, "s3://kultti/none", 4, "K1042"),
            (&owner, "s3://kulti/ledger", 4, "K1114"),
            (&owner, "https://kultti.example/ledger", 2, "K1047"),
            (&server.settings("unknown"), LEDGER, 3, "K1116"),
            (&server.settings("stranger"), LEDGER, 3, "K1117"),
            (&changed(&owner, "AWS_ENDPOINT_URL", &unheard), LEDGER, 3, "K1118"),
        ] {
            let (found, said) = refused(settings, &["publish", ledger, "-o", "release.parquet"]);
            assert!(found == exit && said.contains(code), "{ledger}: {found} {said}");
        }
    }

    /// The same acts on a folder and on S3 leave the same lines and publish the same release.
    #[test]
    fn a_collection_on_s3_is_that_of_a_folder() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let desk = Desk::new(&["Kokkola", "Kannus"]);
        let forms = [desk.filled(0, 5, sound(5)), desk.filled(1, 6, sound(6))];
        let folder = desk.path("ledger");
        let told = |ledger: &str, args: &[&str]| {
            let output = act(args)
                .envs(owner.iter().cloned())
                .env("KULTTI_LEDGER", ledger)
                .output()
                .expect("run");
            assert!(
                output.status.success(),
                "{ledger} {args:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout)
                .expect("UTF-8")
                .replace(ledger, "LEDGER")
        };
        let everything = |ledger: &str, release: &str| {
            let round = desk.round();
            let submit = [
                "submit",
                &forms[0],
                &forms[1],
                "--now",
                "2021-04-01T09:00:00Z",
                "--format",
                "json",
            ];
            [
                told(ledger, &submit),
                told(ledger, &submit),
                told(ledger, &["approve", &round, "--now", "2021-05-01T09:00:00Z"]),
                told(ledger, &["status", &round, "--format", "json"]),
                told(
                    ledger,
                    &["status", &round, "--as-of", "2021-03-01", "--format", "json"],
                ),
                told(ledger, &["log", &round, "Kokkola", "--format", "json"]),
                told(ledger, &["publish", ledger, "--round", &round, "-o", release])
                    .replace(release, "RELEASE"),
                told(ledger, &["release", "verify", release]),
            ]
        };
        let there = everything(LEDGER, "s3://kultti/pilot/2020.parquet");
        let here = everything(&folder, &desk.path("2020.parquet"));
        for (there, here) in there.iter().zip(&here) {
            assert_eq!(there, here);
        }
    }

    #[test]
    #[cfg(unix)]
    fn eight_write_at_once_on_s3_and_whoever_is_killed_leaves_whole_forms() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let areas = [
            "Kokkola", "Kannus", "Pori", "Vaasa", "Kajaani", "Rauma", "Eura", "Sotkamo",
        ];
        let desk = Desk::new(&areas);
        let submit = |file: &str| {
            let mut command = desk.submit(file, &["--reason", "again"]);
            command.envs(owner.iter().cloned()).env("KULTTI_LEDGER", LEDGER);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command
        };
        for (turn, form) in (0_u64..3).zip([0, 1, 0]) {
            let file = desk.filled(form, 100 + turn as u32, sound(100 + turn as u32));
            let mut child = submit(&file).spawn().expect("run");
            std::thread::sleep(Duration::from_millis(150 + 170 * turn));
            let _ = child.kill();
            child.wait().expect("ended");
        }
        let files: Vec<String> = (0..areas.len())
            .map(|form| desk.filled(form, 7, sound(7)))
            .collect();
        let mut waiting: Vec<&String> = files.iter().collect();
        while !waiting.is_empty() {
            let children: Vec<_> = waiting
                .iter()
                .map(|file| (*file, submit(file).spawn().expect("run")))
                .collect();
            waiting.clear();
            for (file, child) in children {
                let output = child.wait_with_output().expect("ended");
                match output.status.code() {
                    Some(0) => {}
                    Some(5) => waiting.push(file),
                    other => panic!("{file}: {other:?} {}", String::from_utf8_lossy(&output.stderr)),
                }
            }
        }
        for area in areas {
            let args = ["log", &desk.round(), area, "--ledger", LEDGER, "--format", "json"];
            let lines: Value = serde_json::from_str(&stdout(&owner, &args)).expect("JSON");
            let lines = lines.as_array().expect("lines");
            crate::collections::assert_whole(lines);
            assert_eq!(crate::collections::visits(lines), Some(7.0), "{area}");
        }
    }
}
