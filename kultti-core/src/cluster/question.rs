//! What an executor is asked, in words that travel.

use crate::compare::{Column, CompareAll, CompareAllOptions, bare_schema};
use crate::error::{Error, Result};
use crate::stats::Order;
use arrow_schema::SchemaRef;
use serde::{Deserialize, Serialize};

/// The version of Kultti, which everybody in a cluster shares: the same question has the same answer only from the same program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A comparison of everything, cut into parts. Its parts are those that the client has planned, as the release is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Question {
    /// The version of Kultti that asks.
    pub(super) version: String,
    /// Where executors find the release.
    pub(super) release: String,
    /// The id that it must have.
    pub(super) id: String,
    /// In how many parts everything is cut at most.
    pub(super) parts: usize,
    indicators: Option<String>,
    from: Option<String>,
    to: Option<String>,
    columns: Vec<String>,
    order: Option<String>,
    borders: String,
}

impl Question {
    pub(super) fn of(all: &CompareAll, release: &str, parts: usize) -> Self {
        let options = all.options();
        Self {
            version: VERSION.to_owned(),
            release: release.to_owned(),
            id: all.release().to_owned(),
            parts,
            indicators: options.indicators.clone(),
            from: options.from.map(|period| period.to_string()),
            to: options.to.map(|period| period.to_string()),
            columns: options.columns.iter().map(ToString::to_string).collect(),
            order: options.order.map(|order| order.name().to_owned()),
            borders: options.borders.to_string(),
        }
    }

    /// The options as the client had them.
    pub(super) fn options(&self) -> Result<CompareAllOptions> {
        let period = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        let order = |name: &String| {
            let known = [Order::Ascending, Order::Descending].into_iter();
            known
                .clone()
                .find(|order| order.name() == name)
                .ok_or_else(|| Error::InvalidArgument {
                    name: "order".into(),
                    expected: known.map(Order::name).collect::<Vec<_>>().join(", "),
                    found: name.clone(),
                })
        };
        Ok(CompareAllOptions {
            indicators: self.indicators.clone(),
            from: period(&self.from)?,
            to: period(&self.to)?,
            columns: self.columns()?,
            order: self.order.as_ref().map(order).transpose()?,
            borders: self.borders.parse()?,
            // A part is computed on the thread that asks for it.
            threads: None,
        })
    }

    fn columns(&self) -> Result<Vec<Column>> {
        self.columns.iter().map(|column| column.parse()).collect()
    }

    /// The columns of the answer.
    pub(super) fn schema(&self) -> Result<SchemaRef> {
        Ok(bare_schema(&self.columns()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;
    use std::sync::Arc;

    #[test]
    fn a_question_arrives_as_it_was_asked() {
        let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example");
        let release = Arc::new(release);
        let mut options = CompareAllOptions::columns(["rank", "difference:region:median", "index:2015"])
            .expect("columns")
            .with_order(Order::Descending)
            .with_periods(2015, 2019);
        options.indicators = Some("library.*".into());
        options.borders = "then".parse().expect("borders");
        let all = release.compare_all(options.clone()).expect("a plan");
        let sent = Question::of(&all, "/releases/a.parquet", 4);
        let text = serde_json::to_string(&sent).expect("JSON");
        let taken: Question = serde_json::from_str(&text).expect("a question");
        assert_eq!(taken, sent);
        assert_eq!(taken.options(), Ok(options));
        assert_eq!(taken.schema().expect("columns").fields(), all.schema().fields());
    }
}
