//! The database: a session with the tables and functions of a release.

use super::answer::Answer;
use super::compare_all::{self, CompareAllFunction};
use super::failure::{failed, made, near};
use super::objects::{DatabaseObject, DatabaseObjectKind, described, listed, of_release};
use super::observations::Observations;
use super::own::{INFERRED_FROM, OwnData};
use super::slices::Callable;
use super::statement::{Question, is_name};
use super::tables::{OfRelease, TABLES};
use super::theme::{ThemeView, view_name};
use super::verbs::FUNCTIONS;
use crate::error::{Error, Result};
use crate::language::{Language, Message, word};
use crate::release::Release;
use crate::session::{Limits, database};
use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::context::{SQLOptions, SessionState};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Options of a [`Database`].
///
/// ```
/// use kultti_core::language::Language;
/// use kultti_core::sql::DatabaseOptions;
/// let options = DatabaseOptions::default().with_memory(256 << 20).with_language(Language::Sv);
/// assert_eq!((options.memory, options.threads), (268_435_456, None));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DatabaseOptions {
    /// Bytes of memory that queries may take: 1 GiB unless told.
    pub memory: usize,
    /// Parts of a query that are worked on at once; as many as the machine has when absent. Figures and rows do not depend on it; sums
    /// that a query makes of fractions over several parts do in their last digits, as they depend on the order of addition, and so does
    /// what a query leaves to chance, such as the rows that LIMIT takes without ORDER BY.
    pub threads: Option<usize>,
    /// The language of names and descriptions.
    pub language: Language,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            threads: None,
            language: Language::default(),
        }
    }
}

impl DatabaseOptions {
    /// Sets how many bytes of memory queries may take. What they sort or group beyond it goes to a temporary file.
    #[must_use]
    pub fn with_memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets how many parts of a query are worked on at once.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets the language of names and descriptions.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }
}

/// A release, asked in SQL; see [the module](crate::sql) for its tables and functions.
///
/// Queries are futures of a tokio runtime, which is the caller's: in debug builds its threads need a stack of 32 MiB.
///
/// ```
/// use kultti_core::release::Release;
/// use kultti_core::sql::{Database, DatabaseOptions};
/// use std::sync::Arc;
/// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
/// let database = Database::new(release, DatabaseOptions::default())?;
/// let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(32 << 20).build().unwrap();
/// let batches = runtime.block_on(async {
///     let sql = "SELECT name, value FROM compare('library.loans_per_inhabitant', '2019') WHERE area = '272'";
///     database.query(sql).await?.collect().await
/// })?;
/// assert_eq!(batches[0].num_rows(), 1);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct Database {
    release: Arc<Release>,
    session: SessionContext,
    options: DatabaseOptions,
    /// What was registered.
    own: Mutex<BTreeMap<String, DatabaseObject>>,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("release", &self.release.id())
            .finish_non_exhaustive()
    }
}

impl Database {
    /// A release with its tables and functions.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for 0 threads; [`Error::Engine`] when the engine cannot be set up.
    pub fn new(release: Arc<Release>, options: DatabaseOptions) -> Result<Self> {
        let available = || std::thread::available_parallelism().map_or(1, usize::from);
        let limits = Limits {
            memory: options.memory,
            threads: options.threads.unwrap_or_else(available),
        };
        if limits.threads == 0 {
            return Err(Error::InvalidArgument {
                name: "threads".into(),
                expected: "1 or more".into(),
                found: "0".into(),
            });
        }
        let refused = |cause: DataFusionError| Error::Engine {
            cause: cause.strip_backtrace(),
        };
        let session = database(limits).map_err(refused)?;
        let add = |name: &str, table: Arc<dyn TableProvider>| {
            session.register_table(name, table).map(drop).map_err(refused)
        };
        add("observations", Arc::new(Observations(Arc::clone(&release))))?;
        for table in &TABLES {
            add(table.name, Arc::new(OfRelease::new(table, &release)))?;
        }
        for theme in &release.catalogue().header().themes {
            add(
                &view_name(&theme.id),
                Arc::new(ThemeView::new(&release, &theme.id)),
            )?;
        }
        for function in &FUNCTIONS {
            let callable = Callable {
                function,
                release: Arc::clone(&release),
                language: options.language,
            };
            session.register_udtf(function.name, Arc::new(callable));
        }
        session.register_udtf(
            compare_all::NAME,
            Arc::new(CompareAllFunction(Arc::clone(&release))),
        );
        Ok(Self {
            release,
            session,
            options,
            own: Mutex::default(),
        })
    }

    /// The release.
    pub fn release(&self) -> &Arc<Release> {
        &self.release
    }

    /// Gives data of one's own a name, to be joined with the tables of the release. A name that was given before is given anew.
    ///
    /// Codes are text in the release (`area = '091'`); a number equals a code that spells it, so that a column with 91 joins too.
    ///
    /// # Errors
    /// [`Error::TableTaken`] for the name of a table or function of the release, [`Error::TableName`] for what is no name;
    /// [`Error::OwnTable`] for a file that is no such table, [`Error::Io`] for one that cannot be read.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::sql::{Database, DatabaseOptions, OwnData};
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let database = Database::new(release, DatabaseOptions::default())?;
    /// let refused = database.register("observations", OwnData::Csv("budget.csv".into())).unwrap_err();
    /// assert_eq!(refused.code(), "K1091");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn register(&self, name: &str, data: OwnData) -> Result<()> {
        if !is_name(name) {
            return Err(Error::TableName {
                name: name.to_owned(),
            });
        }
        let taken = of_release(&self.release, self.options.language);
        if taken.iter().any(|object| object.name == name) || self.is_function(name) {
            return Err(Error::TableTaken {
                name: name.to_owned(),
            });
        }
        let language = self.options.language;
        let description = match &data {
            OwnData::Csv(_) => Message::new("sql.own-inferred")
                .with("rows", INFERRED_FROM)
                .render(language),
            _ => word("sql.own", language).to_owned(),
        };
        let table = data.table(name, &self.session)?;
        let object = DatabaseObject::named(name, DatabaseObjectKind::Own, description, &table.schema());
        let registered = self
            .session
            .deregister_table(name)
            .and_then(|_| self.session.register_table(name, table));
        registered.map_err(|cause| made(&cause))?;
        self.own().insert(name.to_owned(), object);
        Ok(())
    }

    fn own(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, DatabaseObject>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_function(&self, name: &str) -> bool {
        self.session
            .state_ref()
            .read()
            .table_functions()
            .contains_key(name)
    }

    /// Everything that can be asked: tables, views, functions, and what was registered.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::sql::{Database, DatabaseObjectKind, DatabaseOptions};
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let objects = Database::new(release, DatabaseOptions::default())?.objects();
    /// let areas = objects.iter().find(|object| object.name == "areas").unwrap();
    /// assert_eq!(areas.kind, DatabaseObjectKind::Table);
    /// assert_eq!(areas.columns[0], ("area".to_owned(), "VARCHAR".to_owned()));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn objects(&self) -> Vec<DatabaseObject> {
        let mut objects = of_release(&self.release, self.options.language);
        objects.extend(self.own().values().cloned());
        objects
    }

    /// Asks: one statement that reads, SELECT, WITH, VALUES, EXPLAIN, SHOW TABLES or DESCRIBE.
    ///
    /// # Missing values
    /// What has no value is null, with its reason in the column `missing`.
    ///
    /// # Errors
    /// [`Error::SqlSyntax`], [`Error::SqlStatement`] for what does not only read, [`Error::SqlStatements`] for several;
    /// [`Error::SqlTable`], [`Error::SqlColumn`], [`Error::SqlFunction`]; [`Error::FunctionArgument`];
    /// [`Error::SqlMeaning`]; those of the verbs that functions stand for. Rows can fail as [`Answer::next`] says.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::sql::{Database, DatabaseOptions};
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let database = Database::new(release, DatabaseOptions::default())?;
    /// let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// let refused = runtime.block_on(database.query("DROP TABLE observations")).unwrap_err();
    /// assert_eq!(refused.code(), "K1082");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub async fn query(&self, sql: &str) -> Result<Answer> {
        self.query_with(sql, |state| state).await
    }

    /// Asks in another session than one's own, which is made of it.
    pub(crate) async fn query_with(
        &self,
        sql: &str,
        adapted: impl FnOnce(SessionState) -> SessionState,
    ) -> Result<Answer> {
        let (question, called) = Question::read(sql)?;
        match question {
            Question::Tables => listed(&self.objects()).map(Answer::ready),
            Question::Columns(table) => self.describe(&table).map(Answer::ready),
            Question::Other(statement) => {
                self.require_known(&statement, &called)?;
                self.ask(*statement, adapted(self.session.state())).await
            }
        }
    }

    fn describe(&self, table: &str) -> Result<arrow_array::RecordBatch> {
        let objects = self.objects();
        let name = table.to_lowercase();
        match objects.iter().find(|object| object.name == name) {
            Some(object) => described(object),
            None => Err(Error::SqlTable {
                near: near(&name, objects.iter().map(|object| object.name.as_str())),
                table: table.to_owned(),
            }),
        }
    }

    /// The engine's own words for a name that it does not know are of little help.
    fn require_known(&self, statement: &Statement, called: &[String]) -> Result<()> {
        let state = self.session.state();
        if let Some(unknown) = called
            .iter()
            .find(|name| !state.table_functions().contains_key(*name))
        {
            let known = state.table_functions().keys().map(String::as_str);
            return Err(Error::SqlFunction {
                near: near(unknown, known),
                function: unknown.clone(),
            });
        }
        let references = state
            .resolve_table_references(statement)
            .map_err(|error| self.failed(&error))?;
        for reference in references {
            let name = reference.table();
            let is_call = called.iter().any(|called| called == name);
            if is_call || self.session.table_exist(reference.clone()).unwrap_or(false) {
                continue;
            }
            let objects = self.objects();
            let function = objects.iter().find(|object| object.name == name);
            let near = match function {
                Some(function) => vec![function.signature.clone()],
                None => near(name, objects.iter().map(|object| object.name.as_str())),
            };
            return Err(Error::SqlTable {
                table: reference.to_string(),
                near,
            });
        }
        Ok(())
    }

    /// Bytes of memory that queries may take.
    #[cfg(feature = "cluster")]
    pub(crate) fn memory(&self) -> usize {
        self.options.memory
    }

    async fn ask(&self, statement: Statement, state: SessionState) -> Result<Answer> {
        let failed = |error: DataFusionError| self.failed(&error);
        let plan = state.statement_to_plan(statement).await.map_err(failed)?;
        let reading = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        reading.verify_plan(&plan).map_err(failed)?;
        let stream = DataFrame::new(state, plan)
            .execute_stream()
            .await
            .map_err(failed)?;
        Ok(Answer::new(stream, self.options.memory))
    }

    fn failed(&self, error: &DataFusionError) -> Error {
        failed(error, self.options.memory)
    }
}
