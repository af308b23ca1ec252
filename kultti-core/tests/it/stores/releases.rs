//! Releases at addresses: what is written is what is read, and what goes wrong is told.

use super::s3::nobody;
use super::web::{Answer, answering, object, plain};
use super::{wait, with_s3, with_settings};
use crate::data::Northland;
use crate::oracle;
use kultti_core::model::{Date, Observation, Period, Status};
use kultti_core::release::{Release, build_at, write};
use kultti_core::{Error, ErrorKind};
use std::path::Path;
use std::time::{Duration, Instant};

const INDICATOR: &str = "library.loans_per_inhabitant";

fn example() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example")
}

/// What must be the same wherever a release stands.
fn assert_same(found: &Release, expected: &Release) {
    assert_eq!(found.verify().expect("verified").id, expected.id());
    let answer = |release: &Release| {
        let compared = release.compare(INDICATOR, "Kokkola").expect("compared");
        (compared.cell, compared.position)
    };
    assert_eq!(answer(found), answer(expected));
}

fn refused(address: &str) -> Error {
    let begun = Instant::now();
    let error = wait(Release::open_at(address)).expect_err(address);
    let taken = begun.elapsed();
    // A minute is what nobody waits for; what a store is given before it counts as silent is half of one.
    assert!(taken < Duration::from_secs(60), "{address}: {taken:?}");
    error
}

/// A release of 20 MB: 24,000 rows with notes of 900 letters that nothing can shorten much.
fn large() -> Vec<u8> {
    let example = example();
    let mut state = 1_u64;
    let mut letters = || {
        // The generator of Knuth's MMIX; its upper bits are as good as drawn.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + ((state >> 33) % 90) as u8)
    };
    let row = |at: u32, note: String| Observation {
        measure: "library.loans".into(),
        period: Period::year(2019),
        area: format!("{at:05}").as_str().into(),
        value: Some(f64::from(at)),
        status: Status::Normal,
        missing: None,
        territory: Date::new(2020, 1, 1).expect("a day"),
        origin: "made".into(),
        note,
    };
    let rows: Vec<Observation> = (0..24_000)
        .map(|at| row(at, (0..900).map(|_| letters()).collect()))
        .collect();
    let (catalogue, territory) = (example.catalogue().document(), example.territory().document());
    write(&rows, catalogue, territory, example.provenance()).expect("written")
}

#[test]
fn a_release_on_s3_is_the_release() {
    with_s3("stores::releases::a_release_on_s3_is_the_release", || {
        let (release, address) = (example(), "s3://kultti/open data/2019.parquet");
        wait(release.write_at(address)).expect("written");
        let found = wait(Release::open_at(address)).expect("opened");
        assert_eq!(found.name(), address);
        assert_same(&found, &release);
        let theirs = oracle::run(
            "read_object.py",
            &[Path::new("kultti"), Path::new("open data/2019.parquet")],
        );
        let theirs = theirs.expect("where the server is, so is its client");
        assert_eq!(theirs["bytes"], kultti_datasets::EXAMPLE_RELEASE.len());
        assert_eq!(theirs["same"], true);
        // Another in its place, larger than one request: boto3 finds it whole, and so do we.
        let bytes = large();
        assert!(bytes.len() > 2 * (8 << 20), "{}", bytes.len());
        let large = Release::from_bytes("large", bytes.clone()).expect("a release");
        wait(large.write_at(address)).expect("written");
        let found = wait(Release::open_at(address)).expect("opened");
        assert_eq!(found.verify().expect("verified").id, large.id());
        let theirs = oracle::run(
            "read_object.py",
            &[Path::new("kultti"), Path::new("open data/2019.parquet")],
        );
        assert_eq!(theirs.expect("read")["bytes"], bytes.len());
    });
}

#[test]
fn a_release_is_built_to_an_address() {
    with_s3("stores::releases::a_release_is_built_to_an_address", || {
        let (sources, address) = (Northland::new(), "s3://kultti/northland.parquet");
        let folder = std::path::PathBuf::from(sources.path(""));
        let built = wait(build_at(&folder, address)).expect("built");
        let expected = sources.release();
        let found = wait(Release::open_at(address)).expect("opened");
        assert_eq!((found.id(), built.id.as_str()), (expected.id(), expected.id()));
        // What cannot be built leaves what stood there.
        let _broken = sources.written("observations/costs.csv", "measure\nnothing\n");
        wait(build_at(&folder, address)).expect_err("a broken table");
        assert_eq!(wait(Release::open_at(address)).expect("opened").id(), built.id);
    });
}

#[test]
fn files_are_read_by_address_and_by_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a b.parquet");
    let url = format!("file://{}/a%20b.parquet", folder.path().display());
    wait(example().write_at(&url)).expect("written");
    for address in [url.as_str(), path.to_str().expect("text")] {
        assert_same(&wait(Release::open_at(address)).expect("opened"), &example());
    }
    let error = Release::open("s3://kultti/2019.parquet").expect_err("an address");
    assert_eq!(
        (error.code(), error.kind()),
        ("K1111", ErrorKind::InvalidArgument)
    );
    let error = example()
        .write_file(Path::new("s3://kultti/x"))
        .expect_err("an address");
    assert_eq!(error.code(), "K1111");
}

#[test]
fn a_web_server_is_read_and_never_written() {
    let server = answering(|request| match request.path.as_str() {
        "/open/2019.parquet" | "/open/2019.parquet?signature=secret" => {
            plain("200 OK", kultti_datasets::EXAMPLE_RELEASE)
        }
        "/cut.parquet" => plain("200 OK", &kultti_datasets::EXAMPLE_RELEASE[..100_000]),
        "/broken.parquet" => Answer {
            sent: 100_000,
            ..plain("200 OK", kultti_datasets::EXAMPLE_RELEASE)
        },
        "/page.html" => plain("200 OK", b"<html>Welcome</html>"),
        "/private.parquet" => plain("403 Forbidden", b"no"),
        "/members.parquet" => plain("401 Unauthorized", b"who are you"),
        "/silent.parquet" => {
            std::thread::sleep(Duration::from_secs(120));
            plain("200 OK", b"")
        }
        "/failing.parquet" => plain("500 Internal Server Error", b"oh"),
        _ => plain("404 Not Found", b"nothing"),
    });
    for name in ["open/2019.parquet", "open/2019.parquet?signature=secret"] {
        let found = wait(Release::open_at(&format!("{server}/{name}"))).expect("opened");
        assert_same(&found, &example());
        assert!(!found.name().contains("secret"), "{}", found.name());
    }
    for (name, code) in [
        ("none.parquet?signature=secret", "K1113"),
        ("cut.parquet", "K0103"),
        ("broken.parquet", "K1118"),
        ("page.html", "K0102"),
        ("private.parquet", "K1117"),
        ("members.parquet", "K1116"),
        ("failing.parquet", "K1119"),
        ("silent.parquet", "K1118"),
    ] {
        let error = refused(&format!("{server}/{name}"));
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(
            error
                .to_string()
                .contains(name.split('?').next().expect("a name")),
            "{error}"
        );
    }
    assert_eq!(refused(&format!("{}/x.parquet", nobody())).code(), "K1118");
    assert_eq!(refused(&server).code(), "K1112");
    let error = wait(example().write_at(&format!("{server}/new.parquet"))).expect_err("for reading only");
    assert_eq!(error.code(), "K1047");
}

/// A server that says what Azure says.
fn azure() -> String {
    answering(
        |request| match request.path.split('?').next().unwrap_or_default() {
            "/devstoreaccount1/data/2019.parquet" => object(request, kultti_datasets::EXAMPLE_RELEASE),
            path if path.starts_with("/devstoreaccount1/none/") => plain(
                "404 Not Found",
                b"<Error><Code>ContainerNotFound</Code><Message>No.</Message></Error>",
            ),
            _ => plain(
                "403 Forbidden",
                b"<Error><Code>AuthenticationFailed</Code><Message>No.</Message></Error>",
            ),
        },
    )
}

#[test]
fn azure_is_read_by_the_same_code() {
    let settings = vec![
        ("AZURE_STORAGE_USE_EMULATOR", "true".to_owned()),
        ("AZURITE_BLOB_STORAGE_URL", azure()),
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ];
    with_settings(
        "stores::releases::azure_is_read_by_the_same_code",
        settings,
        || {
            let found = wait(Release::open_at("az://data/2019.parquet")).expect("opened");
            assert_same(&found, &example());
            assert_eq!(refused("az://none/2019.parquet").code(), "K1114");
            assert_eq!(refused("az://data/other.parquet").code(), "K1116");
        },
    );
}

#[test]
fn google_is_read_by_the_same_code() {
    // Every sign of a name that is no letter comes encoded.
    let server = answering(|request| match request.path.replace("%2E", ".").as_str() {
        "/data/2019.parquet" => object(request, kultti_datasets::EXAMPLE_RELEASE),
        path if path.starts_with("/none/") => plain(
            "404 Not Found",
            b"<Error><Code>NoSuchBucket</Code><Message>No.</Message></Error>",
        ),
        _ => plain(
            "403 Forbidden",
            b"<Error><Code>AccessDenied</Code><Message>No.</Message></Error>",
        ),
    });
    let settings = vec![
        ("GOOGLE_BASE_URL", server),
        ("GOOGLE_ALLOW_HTTP", "true".to_owned()),
        ("GOOGLE_SKIP_SIGNATURE", "true".to_owned()),
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ];
    with_settings(
        "stores::releases::google_is_read_by_the_same_code",
        settings,
        || {
            let found = wait(Release::open_at("gs://data/2019.parquet")).expect("opened");
            assert_same(&found, &example());
            assert_eq!(refused("gs://none/2019.parquet").code(), "K1114");
            assert_eq!(refused("gs://data/other.parquet").code(), "K1117");
        },
    );
}

/// Settings of a server of our own in the place of S3.
fn instead_of_s3(endpoint: String) -> super::Settings {
    vec![
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIA".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "a secret".to_owned()),
        ("AWS_TIMEOUT", "1 second".to_owned()),
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ]
}

#[test]
fn a_bucket_of_another_region_is_told() {
    let settings = instead_of_s3(answering(|_| plain("301 Moved Permanently", b"")));
    with_settings(
        "stores::releases::a_bucket_of_another_region_is_told",
        settings,
        || {
            let error = refused("s3://kultti/2019.parquet");
            assert_eq!(
                (error.code(), error.kind()),
                ("K1120", ErrorKind::InvalidArgument)
            );
            assert!(error.to_string().contains("AWS_REGION"), "{error}");
        },
    );
}

#[test]
fn a_release_that_is_replaced_while_it_is_read_is_no_mixture() {
    let bytes = vec![7_u8; 20 << 20];
    let server = answering(move |request| {
        if request.header("if-match").is_some() {
            return plain(
                "412 Precondition Failed",
                b"<Error><Code>PreconditionFailed</Code><Message>It has changed.</Message></Error>",
            );
        }
        object(request, &bytes)
    });
    let name = "stores::releases::a_release_that_is_replaced_while_it_is_read_is_no_mixture";
    with_settings(name, instead_of_s3(server), || {
        let error = refused("s3://kultti/2019.parquet");
        assert_eq!(error.code(), "K1119", "{error}");
        assert!(error.to_string().contains("PreconditionFailed"), "{error}");
    });
}

#[test]
fn a_server_that_never_answers_is_not_waited_for() {
    let server = answering(|_| {
        std::thread::sleep(Duration::from_secs(120));
        plain("200 OK", b"")
    });
    let name = "stores::releases::a_server_that_never_answers_is_not_waited_for";
    with_settings(name, instead_of_s3(server), || {
        let error = refused("s3://kultti/2019.parquet");
        assert_eq!(error.code(), "K1118", "{error}");
        assert!(error.to_string().contains("http://127.0.0.1:"), "{error}");
    });
}
