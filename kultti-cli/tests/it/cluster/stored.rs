//! A release in an object store that is gone, or another, when an executor comes for it.

use super::{Cluster, S3, Settings, between, kultti, question, refused, release};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ADDRESS: &str = "s3://kultti/asked.parquet";

/// Deletes the release from its store.
const DELETE: &str = "import sys, boto3
endpoint, region, key, secret = sys.argv[1:]
store = boto3.client('s3', endpoint_url=endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret)
store.delete_object(Bucket='kultti', Key='asked.parquet')";

/// A release in a store, and a cluster that may read it.
struct Stored {
    server: S3,
    cluster: Cluster,
    folder: tempfile::TempDir,
}

impl Stored {
    fn new() -> Option<Self> {
        let server = S3::start()?;
        let cluster = Cluster::with(&server.settings("owner"), 1);
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self {
            server,
            cluster,
            folder,
        })
    }

    /// What a release is built from; another `seed` makes another.
    fn source(&self, name: &str, seed: usize) -> PathBuf {
        release(self.folder.path(), name, 20, seed).with_extension("source")
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("all.parquet")
    }

    /// Asks, and does something once the client has opened the release and before an executor has.
    fn ask(&self, then: impl FnOnce() + Send + 'static) -> Output {
        let scheduler = between(&self.cluster.address, then);
        let output = self.output().display().to_string();
        let args = [
            &question(ADDRESS)[..],
            &["--cluster", &scheduler, "--output", &output],
        ];
        let mut command = kultti(&args.concat());
        command.envs(self.server.settings("owner"));
        command.output().expect("the program starts")
    }

    /// What is said where nothing was computed.
    fn refused(&self, output: &Output) -> String {
        let said = refused(output);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(!self.output().exists(), "something was written");
        assert!(said.contains(ADDRESS) && said.contains("127.0.0.1:"), "{said}");
        said
    }
}

/// Builds a release from a folder into the store; its id comes back.
fn put(owner: &Settings, folder: &Path) -> String {
    let folder = folder.display().to_string();
    let mut command = kultti(&["release", "build", &folder, "-o", ADDRESS, "--format", "json"]);
    let output = command.envs(owner.clone()).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let built: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    built["release"].as_str().expect("an id").to_owned()
}

/// Deletes the release, with a program that is not ours.
fn delete(owner: &Settings) {
    let named = |name: &str| {
        let setting = owner.iter().find(|(known, _)| *known == name);
        setting.expect("a setting").1.clone()
    };
    let settings = [
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ];
    let python = std::env::var_os("KULTTI_ORACLES").expect("a python");
    let mut command = Command::new(python);
    let done = command.args(["-c", DELETE]).args(settings.map(named)).status();
    assert!(done.expect("python").success());
}

#[test]
fn a_release_that_is_deleted_from_its_store_is_missed_by_name() {
    let Some(stored) = Stored::new() else { return };
    let owner = stored.server.settings("owner");
    put(&owner, &stored.source("asked", 1));
    let output = stored.ask(move || delete(&owner));
    let said = stored.refused(&output);
    assert!(said.contains("K1135"), "{said}");
}

#[test]
fn a_release_that_is_replaced_in_its_store_is_never_computed() {
    let Some(stored) = Stored::new() else { return };
    let owner = stored.server.settings("owner");
    let (one, another) = (stored.source("one", 1), stored.source("another", 2));
    let (found, expected) = (put(&owner, &another), put(&owner, &one));
    assert_ne!(found, expected);
    let output = stored.ask(move || drop(put(&owner, &another)));
    let said = stored.refused(&output);
    assert!(said.contains("K1136"), "{said}");
    assert!(said.contains(&expected) && said.contains(&found), "{said}");
}
