//! What a database holds, as a table and for people.

use super::{DatabaseObject, DatabaseObjectKind};
use crate::export::{Align, Block, Document, Export, Grid, Table, Value};
use crate::language::{Language, near_matches, word};
use crate::{Error, Result};
use serde_json::{Value as Json, json};

/// The tables, views, functions and own data of a database.
///
/// ```
/// use kultti_core::export::Export;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// use kultti_core::sql::{Database, DatabaseOptions, ObjectList};
/// use std::sync::Arc;
/// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
/// let database = Database::new(release, DatabaseOptions::default())?;
/// let list = ObjectList(database.objects());
/// assert!(list.table(Language::En).rows.len() > 5);
/// assert_eq!(list.find("Observations")?.object().name, "observations");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ObjectList(
    /// What there is, in the order in which it is shown.
    pub Vec<DatabaseObject>,
);

/// One object of a database with its columns.
#[derive(Debug, Clone)]
pub struct ObjectCard(DatabaseObject);

impl ObjectList {
    /// An object by its name; case does not count.
    ///
    /// # Errors
    /// [`Error::SqlTable`] with names like it.
    pub fn find(&self, name: &str) -> Result<ObjectCard> {
        let is_it = |object: &&DatabaseObject| object.name.eq_ignore_ascii_case(name);
        let found = self.0.iter().find(is_it).cloned().map(ObjectCard);
        found.ok_or_else(|| Error::SqlTable {
            table: name.to_owned(),
            near: near_matches(name, self.0.iter().map(|object| object.name.as_str()), 3)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }
}

impl ObjectCard {
    /// The object.
    pub fn object(&self) -> &DatabaseObject {
        &self.0
    }
}

/// The kind of an object for people.
fn kind(object: &DatabaseObject, language: Language) -> String {
    let code = match object.kind {
        DatabaseObjectKind::Table => "word.sql-table",
        DatabaseObjectKind::View => "word.sql-view",
        DatabaseObjectKind::Function => "word.sql-function",
        DatabaseObjectKind::Own => "word.sql-own",
    };
    word(code, language).to_owned()
}

impl Export for ObjectList {
    fn table(&self, language: Language) -> Table {
        let row = |object: &DatabaseObject| {
            let columns: Vec<String> = object
                .columns
                .iter()
                .map(|(name, holds)| format!("{name} {holds}"))
                .collect();
            vec![
                text(&object.name),
                text(object.kind.name()),
                text(&object.signature),
                text(&object.description),
                text(&columns.join(", ")),
            ]
        };
        Table {
            columns: vec!["name", "kind", "signature", "description", "columns"],
            rows: self.0.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    /// An array of objects, the columns of each as an array of its own.
    fn json(&self, _: Language) -> Json {
        let column = |(name, holds): &(String, String)| json!({ "name": name, "type": holds });
        let object = |object: &DatabaseObject| {
            json!({
                "name": object.name,
                "kind": object.kind.name(),
                "signature": object.signature,
                "description": object.description,
                "columns": object.columns.iter().map(column).collect::<Vec<_>>(),
            })
        };
        self.0.iter().map(object).collect()
    }

    fn document(&self, language: Language) -> Document {
        let row = |object: &DatabaseObject| {
            vec![
                object.signature.clone(),
                kind(object, language),
                object.description.clone(),
            ]
        };
        let headers = ["word.name", "word.sql-kind", "word.sql-description"];
        grid(
            headers.as_slice(),
            self.0.iter().map(row).collect(),
            language,
            Vec::new(),
        )
    }
}

impl Export for ObjectCard {
    fn table(&self, language: Language) -> Table {
        let row = |(name, holds): &(String, String)| vec![text(name), text(holds)];
        Table {
            columns: vec!["column", "type"],
            rows: self.0.columns.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let heading = Block::Heading {
            text: self.0.signature.clone(),
            aside: kind(&self.0, language),
            level: 1,
        };
        let row = |(name, holds): &(String, String)| vec![name.clone(), holds.clone()];
        let headers = ["word.column", "word.sql-type"];
        let before = vec![heading, Block::Paragraph(self.0.description.clone())];
        grid(
            headers.as_slice(),
            self.0.columns.iter().map(row).collect(),
            language,
            before,
        )
    }
}

fn text(text: &str) -> Value {
    Value::Text(Some(text.to_owned()))
}

fn grid(
    headers: &[&'static str],
    rows: Vec<Vec<String>>,
    language: Language,
    mut blocks: Vec<Block>,
) -> Document {
    let header = |code: &&'static str| (word(code, language).to_owned(), Align::Left);
    blocks.push(Block::Grid(Grid {
        caption: String::new(),
        headers: headers.iter().map(header).collect(),
        rows,
    }));
    Document {
        language: language.code(),
        blocks,
    }
}
