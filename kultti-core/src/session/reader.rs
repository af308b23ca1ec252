//! The session that reads tables of any size.

use datafusion::error::Result;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::sync::Arc;

/// What a reading may keep in memory; beyond it, rows are sorted on disk.
const MEMORY: usize = 256 << 20;

/// A session whose memory is bounded, and whose names are taken as they are written. What sorts more than memory holds works in one
/// partition: several would each keep batches for their merging, which nothing can put on disk.
pub(crate) fn reader(partitions: Option<usize>) -> Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(MEMORY)))
        .build_arc()?;
    let config = SessionConfig::new()
        // Rows are compared with the condition while a file is decoded, column by column.
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_bool("datafusion.sql_parser.enable_ident_normalization", false);
    let config = match partitions {
        Some(partitions) => config.with_target_partitions(partitions),
        None => config,
    };
    Ok(SessionContext::new_with_config_rt(config, runtime))
}
