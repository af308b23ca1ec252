//! How everybody in a cluster is configured.

use ballista_core::config::BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK;
use ballista_core::extension::SessionConfigExt;
use datafusion::prelude::SessionConfig;

/// The configuration of client and scheduler.
pub(super) fn config() -> SessionConfig {
    let config = without_adapting(SessionConfig::new_with_ballista());
    // A part is a task: what an executor loses is no more than what it was working on.
    config.set_usize(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, 1)
}

/// Ballista's planner that adapts to what it finds has given wrong results without an error (windows within windows).
pub(super) fn without_adapting(config: SessionConfig) -> SessionConfig {
    config.with_ballista_adaptive_query_planner(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_adapts_unless_somebody_asks_for_it_behind_our_back() {
        let asked = SessionConfig::new_with_ballista().with_ballista_adaptive_query_planner(true);
        assert!(asked.ballista_adaptive_query_planner_enabled());
        assert!(!without_adapting(asked).ballista_adaptive_query_planner_enabled());
        assert!(!config().ballista_adaptive_query_planner_enabled());
    }
}
