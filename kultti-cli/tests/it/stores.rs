//! Releases and ledgers at addresses, as people type them.

use super::failure;

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
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream};
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

    const GOOD: &str = "s3://kultti/example.parquet";

    /// Asks a release, which must end with an exit code, an error code and some words, and without a secret.
    fn assert_refused(settings: &Settings, release: &str, (exit, code): (i32, &str), words: &str) {
        let (found, said) = refused(settings, &["areas", "--release", release]);
        assert!(
            found == exit && said.contains(code) && said.contains(words),
            "{release}: {found} {said}"
        );
        let secrets = settings.iter().filter(|(name, _)| name.ends_with("KEY"));
        let mut secrets = secrets.map(|(_, value)| value.as_str()).chain(["AKIA"]);
        assert!(secrets.all(|secret| !said.contains(secret)), "{said}");
    }

    #[test]
    fn what_is_typed_wrongly_is_named() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        for (release, told, words) in [
            (
                "s3://kultti/exampel.parquet",
                (4, "K1113"),
                "Did you mean example.parquet",
            ),
            ("s3://kultti/no/such.parquet", (4, "K1113"), "nothing at s3://"),
            ("s3://kulti/example.parquet", (4, "K1114"), "no bucket kulti "),
            ("s3://kultti/cut-example.parquet", (3, "K0103"), "cut off"),
            ("s3://kultti/empty-example.parquet", (3, "K0102"), "empty-example"),
            ("s3://kultti", (2, "K1112"), "s3://kultti/name.parquet"),
            ("s4://kultti/example.parquet", (2, "K1047"), "Did you mean s3://"),
        ] {
            assert_refused(&owner, release, told, words);
        }
        for (lang, words) in [("fi", "Tarkoititko example."), ("sv", "Menade du example.")] {
            let args = [
                "areas",
                "--release",
                "s3://kultti/exampel.parquet",
                "--lang",
                lang,
            ];
            assert!(refused(&owner, &args).1.contains(words), "{lang}");
        }
    }

    #[test]
    fn what_is_set_wrongly_is_named() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let (key, secret, endpoint) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL");
        let unheard = nobody();
        let wrong = "0123456789secret0123456789secret01234567";
        assert_refused(&changed(&owner, secret, wrong), GOOD, (3, "K1116"), secret);
        let unknown = server.settings("unknown");
        assert_refused(&unknown, GOOD, (3, "K1116"), "InvalidAccessKeyId");
        let stranger = server.settings("stranger");
        assert_refused(&stranger, GOOD, (3, "K1117"), "AccessDenied");
        let nothing = changed(
            &without(&owner, &[key, secret]),
            "AWS_METADATA_ENDPOINT",
            &unheard,
        );
        assert_refused(&nothing, GOOD, (3, "K1115"), key);
        assert_refused(&without(&owner, &[secret]), GOOD, (2, "K1122"), "SecretAccessKey");
        assert_refused(
            &without(&owner, &["AWS_ALLOW_HTTP"]),
            GOOD,
            (2, "K1121"),
            "AWS_ALLOW_HTTP=true",
        );
        assert_refused(&changed(&owner, endpoint, &unheard), GOOD, (3, "K1118"), &unheard);
        let nowhere = changed(&owner, endpoint, "http://nowhere.invalid");
        assert_refused(&nowhere, GOOD, (3, "K1118"), "nowhere.invalid");
    }

    #[test]
    fn what_is_wrong_with_a_ledger_is_named() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let unheard = changed(&owner, "AWS_ENDPOINT_URL", &nobody());
        for (settings, ledger, exit, code) in [
            (&owner, "s3://kultti/none", 4, "K1042"),
            (&owner, "s3://kulti/ledger", 4, "K1114"),
            (&owner, "https://kultti.example/ledger", 2, "K1047"),
            (&server.settings("unknown"), LEDGER, 3, "K1116"),
            (&server.settings("stranger"), LEDGER, 3, "K1117"),
            (&unheard, LEDGER, 3, "K1118"),
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

    /// A server before the server: it passes everything on, and loses the answer to the first commit of version 1.
    fn losing(server: &str) -> String {
        let server = server.strip_prefix("http://").expect("a server").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        std::thread::spawn(move || {
            let mut lost = false;
            for mut client in listener.incoming().flatten() {
                let Some(request) = request(&client) else { continue };
                let first = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
                let mut behind = TcpStream::connect(&server).expect("the server");
                behind.write_all(&request).expect("asked");
                behind.shutdown(Shutdown::Write).expect("asked");
                let mut answer = Vec::new();
                behind.read_to_end(&mut answer).expect("answered");
                if !lost && first.starts_with("PUT ") && first.contains("00000000000000000001.json") {
                    lost = true;
                    continue;
                }
                // Whoever asked may be gone.
                let _ = client.write_all(&answer);
            }
        });
        address
    }

    /// A whole request, which asks for the connection to be closed after it.
    fn request(client: &TcpStream) -> Option<Vec<u8>> {
        let mut reader = BufReader::new(client);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().ok()?;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut request = format!("{head}Connection: close\r\n\r\n").into_bytes();
        reader.take(length).read_to_end(&mut request).ok()?;
        Some(request)
    }

    #[test]
    fn a_commit_whose_answer_is_lost_is_neither_lost_nor_doubled() {
        let Some(server) = S3::start() else { return };
        let owner = server.settings("owner");
        let endpoint = &owner
            .iter()
            .find(|(name, _)| *name == "AWS_ENDPOINT_URL")
            .expect("an endpoint")
            .1;
        let lossy = changed(&owner, "AWS_ENDPOINT_URL", &losing(endpoint));
        let desk = Desk::new(&["Kokkola"]);
        let file = desk.filled(0, 5, sound(5));
        let submit = |settings: &Settings| {
            let mut command = desk.submit(&file, &["--format", "json"]);
            command
                .envs(settings.iter().cloned())
                .env("KULTTI_LEDGER", LEDGER);
            command.output().expect("run")
        };
        // Told to have landed, or to try again; what was taken is recognised.
        let first = submit(&lossy);
        assert!(
            [Some(0), Some(3), Some(5)].contains(&first.status.code()),
            "{first:?}"
        );
        let again = submit(&owner);
        let again: Value = serde_json::from_slice(&again.stdout).expect("JSON");
        assert_eq!(
            (&again[0]["written"], &again[0]["version"]),
            (&0.into(), &"1".into())
        );
        let args = [
            "log",
            &desk.round(),
            "Kokkola",
            "--ledger",
            LEDGER,
            "--format",
            "json",
        ];
        let lines: Value = serde_json::from_str(&stdout(&owner, &args)).expect("JSON");
        let lines = lines.as_array().expect("lines");
        assert_eq!(
            lines
                .iter()
                .filter(|line| line["measure"] == "library.visits")
                .count(),
            1
        );
        crate::collections::assert_whole(lines);
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
