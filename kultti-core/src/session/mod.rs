//! The only maker of DataFusion sessions: configuration, memory limit, functions.
//!
//! [`Session`] compiles expressions over named columns of numbers and evaluates them on record batches, at once and in the
//! thread that asks: no runtime, no tables, no files. Sessions that read tables of any size are made for the ledger and for SQL.

mod allowed;
mod compiled;
mod database;
#[cfg(feature = "ledger")]
mod reader;
mod texts_as_numbers;

pub use allowed::{FUNCTIONS, Problem, ProblemKind};
pub use compiled::{Comparison, Compiled, Operator, number_batch};
pub(crate) use database::{Limits, database};
#[cfg(feature = "ledger")]
pub(crate) use reader::reader;

use allowed::Translated;
use datafusion::common::{DataFusionError, not_impl_err};
use datafusion::execution::config::SessionConfig;
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::{core, math};
use datafusion::object_store::ObjectStore;
use std::collections::BTreeSet;
use std::sync::Arc;
use url::Url;

/// What all expressions of a session may take together, in bytes. They are evaluated on a few hundred rows at a time.
const MEMORY_LIMIT: usize = 256 << 20;

/// Compiles expressions.
///
/// An expression is of SQL, over columns of numbers. A column's name may have dots (`library.visits`) and may be one within
/// parentheses (`previous(library.visits)`); case counts. Of functions only [`FUNCTIONS`] are known. Division by zero is missing;
/// so is whatever is computed from something missing.
///
/// ```
/// use kultti_core::session::{Session, number_batch};
/// let session = Session::new()?;
/// let columns = ["library.visits", "inhabitants"].map(String::from).into();
/// let ratio = session.expression("library.visits / inhabitants > 2", &columns).unwrap();
/// let batch = number_batch(ratio.columns(), 3, |column, row| {
///     let visits = [Some(700.0), Some(9.0), None];
///     let inhabitants = [Some(100.0), Some(0.0), Some(50.0)];
///     if column == "inhabitants" { inhabitants[row] } else { visits[row] }
/// })?;
/// assert_eq!(ratio.truths(&batch)?, [Some(true), None, None]);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct Session {
    state: SessionState,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("functions", &FUNCTIONS).finish()
    }
}

impl Session {
    /// A session with the functions of [`FUNCTIONS`], without tables, and without a way to any file or address.
    ///
    /// # Errors
    /// [`crate::Error::Engine`] when the engine cannot be set up.
    pub fn new() -> crate::Result<Self> {
        let config = SessionConfig::new()
            .with_target_partitions(1)
            .with_create_default_catalog_and_schema(false)
            .with_information_schema(false);
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(runtime().map_err(|cause| engine(&cause))?)
            .with_scalar_functions(vec![
                math::abs(),
                math::ceil(),
                math::floor(),
                math::round(),
                math::signum(),
                core::greatest(),
                core::least(),
                core::nullif(),
            ])
            .build();
        Ok(Self { state })
    }

    /// Compiles an expression over some of the columns.
    ///
    /// # Errors
    /// [`Problem`], with its place in the text, for what cannot be read, for a column or function that is not known, and for
    /// what has no place in an expression: queries, aggregates, windows, texts.
    pub fn expression(&self, sql: &str, columns: &BTreeSet<String>) -> Result<Compiled, Problem> {
        compiled::compile(&self.state, Translated::read(sql, columns)?)
    }

    /// Compiles a comparison of two numbers (`a <= b + c`) with both of its sides; `None` for an expression that is none.
    ///
    /// # Errors
    /// As [`Session::expression`].
    pub fn comparison(&self, sql: &str, columns: &BTreeSet<String>) -> Result<Option<Comparison>, Problem> {
        let Some((left, operator, right)) = Translated::sides(sql, columns)? else {
            return Ok(None);
        };
        Ok(Some(Comparison {
            left: compiled::compile(&self.state, left)?,
            operator,
            right: compiled::compile(&self.state, right)?,
        }))
    }
}

/// The error for what the engine itself cannot do.
fn engine(cause: &DataFusionError) -> crate::Error {
    crate::Error::Engine {
        cause: cause.strip_backtrace(),
    }
}

fn runtime() -> Result<Arc<RuntimeEnv>, DataFusionError> {
    RuntimeEnvBuilder::new()
        .with_memory_limit(MEMORY_LIMIT, 1.0)
        .with_object_store_registry(Arc::new(NoStores))
        .build_arc()
}

/// Without it every session could read the files of the machine.
#[derive(Debug)]
struct NoStores;

impl ObjectStoreRegistry for NoStores {
    fn register_store(&self, _: &Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>, DataFusionError> {
        not_impl_err!("a session for expressions opens nothing: {url}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_reaches_no_file_and_knows_no_other_function() {
        let session = Session::new().expect("a session");
        let stores = session.state.runtime_env();
        for url in ["file:///etc/hostname", "s3://bucket/x", "https://example.org/x"] {
            let url = datafusion::datasource::listing::ListingTableUrl::parse(url).expect("an address");
            assert!(
                stores.object_store(url.object_store()).is_err(),
                "{url} was opened"
            );
        }
        let mut known: Vec<&str> = session
            .state
            .scalar_functions()
            .keys()
            .map(String::as_str)
            .collect();
        known.sort_unstable();
        // The engine's own name of what is called `sign` here; `coalesce` is written as cases.
        let mut allowed: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|name| **name != "coalesce")
            .map(|name| if *name == "sign" { "signum" } else { name })
            .collect();
        allowed.sort_unstable();
        assert_eq!(known, allowed);
        assert!(session.state.aggregate_functions().is_empty());
        assert!(session.state.window_functions().is_empty());
        assert!(session.state.table_functions().is_empty());
    }
}
