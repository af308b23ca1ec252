//! Failures that travel: Ballista hands on the text of an error only, wrapped in its own words.

use super::ClusterAddress;
use crate::error::Error;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use datafusion::error::DataFusionError;
use serde::{Deserialize, Serialize};

/// What scheduler and executors refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Failure {
    /// Somebody is of another version of Kultti, or not of Kultti.
    OtherVersion {
        who: String,
        expected: String,
        found: String,
    },
    /// Nobody is there to compute.
    NoExecutors,
    /// An executor cannot open the release.
    NoRelease {
        executor: String,
        release: String,
        cause: String,
    },
    /// An executor finds another release in its place.
    OtherRelease {
        executor: String,
        release: String,
        expected: String,
        found: String,
    },
    /// A query has a mistake that only rows can tell, or too little memory: everybody who answered it would say so.
    Query(QueryFailure),
    /// A computation failed.
    Computation { executor: String, cause: String },
}

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum QueryFailure {
    Meaning { cause: String },
    Execution { cause: String },
    Memory { limit: String },
}

impl QueryFailure {
    /// What an error says of a query; `None` for any other.
    pub(super) fn of(error: &Error) -> Option<Self> {
        Some(match error.clone() {
            Error::SqlMeaning { cause } => Self::Meaning { cause },
            Error::SqlExecution { cause } => Self::Execution { cause },
            Error::SqlMemory { limit } => Self::Memory { limit },
            _ => return None,
        })
    }

    fn into_error(self) -> Error {
        match self {
            Self::Meaning { cause } => Error::SqlMeaning { cause },
            Self::Execution { cause } => Error::SqlExecution { cause },
            Self::Memory { limit } => Error::SqlMemory { limit },
        }
    }
}

/// Around a failure in the text of an error. What is between has no character that anybody would escape.
const BEGIN: &str = "kultti-failure<";
const END: char = '>';

impl Failure {
    /// The failure as an error of the engine.
    pub(super) fn into_engine(self) -> DataFusionError {
        // A failure is plain text in plain fields: it always has a JSON form.
        let json = serde_json::to_vec(&self).unwrap_or_default();
        DataFusionError::Execution(format!("{BEGIN}{}{END}", BASE64_STANDARD_NO_PAD.encode(json)))
    }

    /// The failure in the text of an error that has come a long way.
    pub(super) fn within(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(BEGIN)?;
        let (coded, _) = rest.split_once(END)?;
        let json = BASE64_STANDARD_NO_PAD.decode(coded).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// The error for who asked.
    pub(super) fn into_error(self, address: &ClusterAddress) -> Error {
        match self {
            Self::OtherVersion { who, expected, found } => Error::OtherKulttiVersion { who, expected, found },
            Self::NoExecutors => Error::NoExecutors {
                address: address.to_string(),
            },
            Self::NoRelease {
                executor,
                release,
                cause,
            } => Error::ExecutorWithoutRelease {
                executor,
                release,
                cause,
            },
            Self::OtherRelease {
                executor,
                release,
                expected,
                found,
            } => Error::ExecutorWithOtherRelease {
                executor,
                release,
                expected,
                found,
            },
            Self::Query(failure) => failure.into_error(),
            Self::Computation { executor, cause } => Error::ClusterJobFailed {
                address: address.to_string(),
                cause: format!("{executor}: {cause}"),
            },
        }
    }
}

/// What lies at the bottom of an error: "transport error" alone tells nobody anything.
pub(super) fn cause_of(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_in_whatever_words_surround_it() {
        let failure = Failure::NoRelease {
            executor: "127.0.0.1:50051".into(),
            release: "/a \"b\"/ä.parquet".into(),
            cause: "No such file".into(),
        };
        let error = failure.clone().into_engine();
        for text in [
            error.to_string(),
            format!("Job 1 failed: {:?}", format!("{error:?}")),
        ] {
            assert_eq!(Failure::within(&text), Some(failure.clone()), "{text}");
        }
        assert_eq!(Failure::within("connection refused"), None);
    }
}
