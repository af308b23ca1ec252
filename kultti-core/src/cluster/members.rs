//! Who is in a cluster, as its scheduler knows.

use super::failure::Failure;
use super::question::VERSION;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What the ids of Kultti's executors begin with.
const KULTTI: &str = "kultti";

/// The id of an executor of this version.
pub(super) fn executor_id(unique: &str) -> String {
    format!("{KULTTI}-{VERSION}-{unique}")
}

/// The version in an executor's id; `None` where it is not one of Kultti's.
fn version_of(id: &str) -> Option<&str> {
    let rest = id.strip_prefix(KULTTI)?.strip_prefix('-')?;
    rest.split_once('-').map(|(version, _)| version)
}

/// Whether an executor is one of this version, and so can be given work.
pub(super) fn is_ours(id: &str) -> bool {
    version_of(id) == Some(VERSION)
}

/// An executor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Where it is reached.
    pub address: String,
    /// Tasks that it works on at once.
    pub threads: usize,
    /// Its version of Kultti; absent where it is a program of somebody else.
    pub version: Option<String>,
}

impl Member {
    pub(super) fn new(id: &str, address: String, threads: usize) -> Self {
        Self {
            address,
            threads,
            version: version_of(id).map(str::to_owned),
        }
    }
}

/// Somebody came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// An executor joined.
    Joined(Member),
    /// An executor left, or was not heard of any more.
    Left(Member),
}

/// The executors of a scheduler, by their ids.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<BTreeMap<String, Member>>);

impl Members {
    /// Takes over who is there now, and answers what changed.
    pub(super) fn update(&self, now: BTreeMap<String, Member>) -> Vec<Membership> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = known.iter().filter(|(id, _)| !now.contains_key(*id));
        let left = left.map(|(_, member)| Membership::Left(member.clone()));
        let joined = now.iter().filter(|(id, _)| !known.contains_key(*id));
        let joined = joined.map(|(_, member)| Membership::Joined(member.clone()));
        let changes = left.chain(joined).collect();
        *known = now;
        changes
    }

    /// Whether work can be handed out: somebody is there, and everybody is of this version.
    pub(super) fn ready(&self) -> Result<(), Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return Err(Failure::NoExecutors);
        }
        let other = |member: &&Member| member.version.as_deref() != Some(VERSION);
        match known.values().find(other) {
            None => Ok(()),
            Some(other) => Err(Failure::OtherVersion {
                who: format!("executor {}", other.address),
                expected: VERSION.to_owned(),
                found: other.version.clone().unwrap_or_else(|| "?".to_owned()),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(ids: &[&str]) -> BTreeMap<String, Member> {
        let member = |id: &&str| ((*id).to_owned(), Member::new(id, format!("{id}:1"), 2));
        ids.iter().map(member).collect()
    }

    #[test]
    fn work_is_handed_out_to_executors_of_this_version_only() {
        let members = Members::default();
        assert_eq!(members.ready(), Err(Failure::NoExecutors));
        let ours = executor_id("a");
        assert_eq!(members.update(cluster(&[&ours])).len(), 1);
        assert_eq!(members.ready(), Ok(()));
        for (id, found) in [("kultti-0.0.1-b", "0.0.1"), ("5f2c-11", "?")] {
            members.update(cluster(&[&ours, id]));
            let refused = members.ready().expect_err("another version");
            let expected = Failure::OtherVersion {
                who: format!("executor {id}:1"),
                expected: VERSION.into(),
                found: found.into(),
            };
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn who_came_and_who_went_is_told_once() {
        let members = Members::default();
        let told = members.update(cluster(&["kultti-1-a", "kultti-1-b"]));
        assert!(told.iter().all(|change| matches!(change, Membership::Joined(_))));
        assert_eq!(told.len(), 2);
        let told = members.update(cluster(&["kultti-1-b"]));
        assert_eq!(
            told,
            [Membership::Left(Member::new(
                "kultti-1-a",
                "kultti-1-a:1".into(),
                2
            ))]
        );
        assert!(members.update(cluster(&["kultti-1-b"])).is_empty());
    }
}
