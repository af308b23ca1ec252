//! How a plan with parts travels, and what whoever takes it checks.

use super::failure::Failure;
use super::members::Members;
use super::parts::PartsExec;
use super::question::{Question, VERSION};
use super::releases::Releases;
use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use std::sync::Arc;

/// The first bytes of a node of ours; Ballista's own never begin with a letter.
const MARK: &[u8] = b"kultti ";

/// Ballista's way of writing plans, with one node more.
#[derive(Debug, Default)]
pub(super) struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
    role: Role,
}

/// Who reads and writes.
#[derive(Debug, Default)]
pub(super) enum Role {
    /// Who asks.
    #[default]
    Client,
    /// Who hands out the work. It refuses what its executors could not do.
    Scheduler(Arc<Members>),
    /// Who does the work.
    Executor(Arc<Releases>),
}

impl Codec {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            ..Self::default()
        }
    }

    fn node(&self, json: &[u8], inputs: &[Arc<dyn ExecutionPlan>]) -> Result<PartsExec> {
        self.check_version(json)?;
        let unread = |cause: serde_json::Error| DataFusionError::External(Box::new(cause));
        let question: Question = serde_json::from_slice(json).map_err(unread)?;
        let [numbers] = inputs else {
            return Err(DataFusionError::Internal("one input".into()));
        };
        let releases = match &self.role {
            Role::Client => None,
            Role::Scheduler(members) => {
                members.ready().map_err(Failure::into_engine)?;
                None
            }
            Role::Executor(releases) => Some(Arc::clone(releases)),
        };
        PartsExec::new(Arc::new(question), Arc::clone(numbers), releases)
    }

    /// A question of another version is refused before it is read: it may have other words.
    fn check_version(&self, json: &[u8]) -> Result<()> {
        let asked: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
        let asked = asked["version"].as_str().unwrap_or("?");
        if asked == VERSION {
            return Ok(());
        }
        let who = match &self.role {
            Role::Client => "client".to_owned(),
            Role::Scheduler(_) => "scheduler".to_owned(),
            Role::Executor(releases) => format!("executor {}", releases.name()),
        };
        let failure = Failure::OtherVersion {
            who,
            expected: asked.to_owned(),
            found: VERSION.to_owned(),
        };
        Err(failure.into_engine())
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match bytes.strip_prefix(MARK) {
            Some(json) => Ok(Arc::new(self.node(json, inputs)?)),
            None => self.ballista.try_decode(bytes, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(parts) = node.downcast_ref::<PartsExec>() else {
            return self.ballista.try_encode(node, bytes, converter);
        };
        bytes.extend_from_slice(MARK);
        let written = serde_json::to_writer(bytes, parts.question());
        written.map_err(|cause| DataFusionError::External(Box::new(cause)))
    }
}
