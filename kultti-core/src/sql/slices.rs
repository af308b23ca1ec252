//! The table functions of one indicator or measure: what the verbs answer, with the columns that SQL is promised.

use super::arguments::Arguments;
use super::columns::{Holds, schema_of};
use super::failure::{external, made};
use super::keys::in_order;
use super::leaf::{LeafExec, Take, Work};
use crate::error::Result;
use crate::language::Language;
use crate::release::Release;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, SchemaRef};
use async_trait::async_trait;
use datafusion::arrow::compute::cast;
use datafusion::catalog::{Session, TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use std::fmt;
use std::sync::Arc;

/// A table function that makes the rows of one question at once.
#[derive(Debug)]
pub(super) struct SliceFunction {
    pub(super) name: &'static str,
    pub(super) signature: &'static str,
    /// The code of what it is described by.
    pub(super) description: &'static str,
    /// Its columns: the name in SQL, the name in the table of the verb's answer, and what it holds.
    pub(super) columns: &'static [(&'static str, &'static str, Holds)],
    /// Asks the verb.
    pub(super) answer: fn(&Arc<Release>, Language, Arguments) -> Result<RecordBatch>,
}

impl SliceFunction {
    pub(super) fn schema(&self) -> SchemaRef {
        schema_of(self.columns.iter().map(|(name, _, holds)| (*name, *holds)))
    }
}

/// A function of a release, as SQL calls it.
#[derive(Debug)]
pub(super) struct Callable {
    pub(super) function: &'static SliceFunction,
    pub(super) release: Arc<Release>,
    pub(super) language: Language,
}

impl TableFunctionImpl for Callable {
    fn call_with_args(&self, given: TableFunctionArgs) -> EngineResult<Arc<dyn TableProvider>> {
        let arguments = Arguments::read(self.function.signature, given.exprs()).map_err(external)?;
        Ok(Arc::new(Called {
            function: self.function,
            release: Arc::clone(&self.release),
            language: self.language,
            arguments,
        }))
    }
}

/// A function with its arguments.
#[derive(Debug, Clone)]
struct Called {
    function: &'static SliceFunction,
    release: Arc<Release>,
    language: Language,
    arguments: Arguments,
}

#[async_trait]
impl TableProvider for Called {
    fn schema(&self) -> SchemaRef {
        self.function.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let columns = match projection {
            Some(columns) => columns.clone(),
            None => (0..self.function.columns.len()).collect(),
        };
        let schema = Arc::new(self.schema().project(&columns)?);
        let properties = in_order(&schema, &[], &[])?;
        let work = CallWork {
            called: self.clone(),
            columns,
            schema,
        };
        Ok(Arc::new(LeafExec::new(Arc::new(work), properties, limit)))
    }
}

/// Asks the verb and hands over the columns asked for.
struct CallWork {
    called: Called,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl CallWork {
    fn picked(&self, answer: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let arrays = self
            .columns
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| {
                let (_, name, _) = self.called.function.columns[*column];
                let missing = || ArrowError::SchemaError(format!("no column {name}"));
                cast(
                    answer.column_by_name(name).ok_or_else(missing)?,
                    field.data_type(),
                )
            });
        let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(answer.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &rows)
    }
}

impl fmt::Debug for CallWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f)
    }
}

impl Work for CallWork {
    fn name(&self) -> &'static str {
        "FunctionExec"
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<&str> = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        write!(
            f,
            "{}({}), columns=[{}]",
            self.called.function.name,
            self.called.arguments,
            columns.join(", ")
        )
    }

    fn rows(&self, _: usize) -> Option<usize> {
        None
    }

    fn run(&self, _: usize, take: &mut Take) -> Result<()> {
        let called = &self.called;
        let answer = (called.function.answer)(&called.release, called.language, called.arguments.clone())?;
        take(self.picked(&answer).map_err(|cause| made(&cause))?)
    }
}
