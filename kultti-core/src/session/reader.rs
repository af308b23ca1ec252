//! The session that reads tables of any size.

use datafusion::error::Result;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::sync::Arc;

/// What a reading may keep in memory; beyond it, rows are sorted on disk.
const MEMORY: usize = 256 << 20;

/// A session whose memory is bounded, and whose names are taken as they are written.
pub(crate) fn reader() -> Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(MEMORY)))
        .build_arc()?;
    let config = SessionConfig::new()
        // Rows are compared with the condition while a file is decoded, column by column.
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_bool("datafusion.sql_parser.enable_ident_normalization", false);
    Ok(SessionContext::new_with_config_rt(config, runtime))
}
