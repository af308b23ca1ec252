//! What an executor is asked, in words that travel.

use super::fragment::{Fragment, LeafOf};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// The version of Kultti, which everybody in a cluster shares: the same question has the same answer only from the same program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Rows of a release and what is made of them, part by part. The parts are those that the client has planned, as the release is the
/// same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Question {
    /// The version of Kultti that asks.
    pub(super) version: String,
    /// Where executors find the release.
    pub(super) release: String,
    /// The id that it must have.
    pub(super) id: String,
    /// The parts of which everything consists.
    pub(super) parts: usize,
    /// Bytes of memory that the work on one part may take.
    pub(super) memory: usize,
    fragment: Coded,
    /// The columns of the answer, as a stream of Arrow without batches.
    columns: Coded,
}

/// Where a release is found, and which it must be.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) release: String,
    pub(super) id: String,
}

impl Question {
    /// Asks for a fragment with columns.
    pub(super) fn new(
        place: &Place,
        fragment: Fragment,
        columns: &SchemaRef,
        parts: usize,
        memory: usize,
    ) -> Result<Self, ArrowError> {
        let mut stream = StreamWriter::try_new(Vec::new(), columns)?;
        stream.finish()?;
        Ok(Self {
            version: VERSION.to_owned(),
            release: place.release.clone(),
            id: place.id.clone(),
            parts,
            memory,
            fragment: Coded(fragment.0),
            columns: Coded(stream.into_inner()?),
        })
    }

    /// The columns of the answer.
    pub(super) fn schema(&self) -> Result<SchemaRef> {
        Ok(StreamReader::try_new(self.columns.0.as_slice(), None)?.schema())
    }

    /// What is to be executed, with a leaf that can be.
    pub(super) fn plan(&self, leaf: LeafOf, context: &TaskContext) -> Result<Arc<dyn ExecutionPlan>> {
        Fragment::read(&self.fragment.0, leaf, context)
    }
}

/// Bytes, written in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Coded(Vec<u8>);

impl Serialize for Coded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Coded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_STANDARD.decode(text);
        bytes.map(Self).map_err(serde::de::Error::custom)
    }
}
