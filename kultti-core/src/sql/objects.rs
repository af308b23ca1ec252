//! What there is to ask, for lists and completion.

use super::columns::sql_columns;
use super::compare_all;
use super::failure::made;
use super::tables::TABLES;
use super::theme::{ThemeView, view_name};
use super::verbs::FUNCTIONS;
use crate::error::Result;
use crate::language::{Language, Message, word};
use crate::model::observation_schema;
use crate::release::Release;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::Schema;
use std::sync::Arc;

/// What sort of thing can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatabaseObjectKind {
    /// A table of the release.
    Table,
    /// A view over it.
    View,
    /// A table function.
    Function,
    /// A registered table of one's own.
    Own,
}

impl DatabaseObjectKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::Function => "function",
            Self::Own => "own",
        }
    }
}

/// A table, view or function, with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseObject {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: DatabaseObjectKind,
    /// How it is written in FROM: the name, of a function with its parameters.
    pub signature: String,
    /// What it holds, in the language of the options.
    pub description: String,
    /// Its columns with their SQL types. `compare_all` has those asked for too.
    pub columns: Vec<(String, String)>,
}

impl DatabaseObject {
    /// A table or view, written as its name.
    pub(super) fn named(name: &str, kind: DatabaseObjectKind, description: String, schema: &Schema) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            signature: name.to_owned(),
            description,
            columns: sql_columns(schema),
        }
    }
}

/// What a release offers, without what was registered.
pub(super) fn of_release(release: &Arc<Release>, language: Language) -> Vec<DatabaseObject> {
    let table = |name, code, schema: &Schema| {
        DatabaseObject::named(
            name,
            DatabaseObjectKind::Table,
            word(code, language).to_owned(),
            schema,
        )
    };
    let mut objects = vec![table("observations", "sql.observations", &observation_schema())];
    objects.extend(
        TABLES
            .iter()
            .map(|small| table(small.name, small.description, &small.schema())),
    );
    objects.extend(release.catalogue().header().themes.iter().map(|theme| {
        let description = Message::new("sql.theme")
            .with("theme", &theme.label)
            .render(language);
        let view = ThemeView::new(release, &theme.id);
        let schema = datafusion::catalog::TableProvider::schema(&view);
        DatabaseObject::named(
            &view_name(&theme.id),
            DatabaseObjectKind::View,
            description,
            &schema,
        )
    }));
    let function = |name: &str, signature: &str, code, schema: &Schema| DatabaseObject {
        signature: signature.to_owned(),
        ..DatabaseObject::named(
            name,
            DatabaseObjectKind::Function,
            word(code, language).to_owned(),
            schema,
        )
    };
    let slices = FUNCTIONS.iter();
    objects.extend(slices.map(|one| function(one.name, one.signature, one.description, &one.schema())));
    let base = compare_all::base_schema();
    objects.push(function(
        compare_all::NAME,
        compare_all::SIGNATURE,
        "sql.compare-all",
        &base,
    ));
    objects
}

/// Objects as the answer of `SHOW TABLES`.
pub(super) fn listed(objects: &[DatabaseObject]) -> Result<RecordBatch> {
    let column = |of: &dyn Fn(&DatabaseObject) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(objects.iter().map(of)))
    };
    let columns = [
        ("name", column(&|object| object.name.clone())),
        ("kind", column(&|object| object.kind.name().to_owned())),
        ("signature", column(&|object| object.signature.clone())),
        ("description", column(&|object| object.description.clone())),
    ];
    RecordBatch::try_from_iter(columns).map_err(|cause| made(&cause))
}

/// The columns of an object as the answer of `DESCRIBE`.
pub(super) fn described(object: &DatabaseObject) -> Result<RecordBatch> {
    let column = |of: &dyn Fn(&(String, String)) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(object.columns.iter().map(of)))
    };
    let columns = [
        ("column_name", column(&|(name, _)| name)),
        ("data_type", column(&|(_, holds)| holds)),
    ];
    RecordBatch::try_from_iter(columns).map_err(|cause| made(&cause))
}
