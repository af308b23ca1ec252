//! What is known of a message after the first walk through its rows.

use super::SdmxLabels;
use super::header::{Header, Use};
use super::plan::Plan;
use super::rows::Row;
use super::structure::{Component, DataStructure};
use super::survey::{Survey, code_and_name};

/// Header, survey, plan and structure of a message.
pub(super) struct Found {
    pub(super) header: Header,
    pub(super) survey: Survey,
    pub(super) plan: Plan,
    pub(super) known: Option<DataStructure>,
    /// The columns whose cells are `code: name`.
    split: Vec<bool>,
}

impl Found {
    pub(super) fn new(header: Header, survey: Survey, plan: Plan, known: Option<DataStructure>) -> Self {
        let labelled = |place: usize| {
            let named = survey.columns.get(place).is_some_and(|seen| seen.names.is_some());
            let column = header.columns.get(place);
            header.labels == SdmxLabels::Both
                && column.is_some_and(|column| column.label.is_some())
                && (named || plan.dimensions.contains(&place))
                && !plan.measures.contains(&place)
        };
        let split = (0..header.columns.len()).map(labelled).collect();
        Self {
            header,
            survey,
            plan,
            known,
            split,
        }
    }

    /// The id of a column.
    pub(super) fn id(&self, place: usize) -> &str {
        self.header
            .columns
            .get(place)
            .map_or("", |column| column.id.as_str())
    }

    /// The code that stands in a cell, without its name.
    pub(super) fn code<'a>(&self, place: usize, cell: &'a str) -> &'a str {
        if self.split.get(place).copied().unwrap_or_default() {
            code_and_name(cell).0
        } else {
            cell
        }
    }

    /// The name of the code in a cell, in the cell itself or in the column beside it.
    pub(super) fn name<'a>(&self, place: usize, row: &'a Row) -> Option<&'a str> {
        let name = match self.header.labels {
            SdmxLabels::Id => None,
            SdmxLabels::Name => self.header.names_of(place).map(|names| row.text(names)),
            SdmxLabels::Both => {
                let split = self.split.get(place).copied().unwrap_or_default();
                split.then(|| code_and_name(row.text(place)).1).flatten()
            }
        };
        name.filter(|name| !name.is_empty())
    }

    /// Whether a measure holds texts: the structure says so, or no cell of it is a number.
    pub(super) fn is_text(&self, place: usize) -> bool {
        let structure = self.known.as_ref();
        let declared = structure.and_then(|structure| structure.measure(self.id(place)));
        declared.map_or_else(
            || {
                let seen = self.survey.columns.get(place);
                seen.is_some_and(|seen| seen.texts > 0 && seen.numbers() == 0)
            },
            |measure| !measure.numeric,
        )
    }

    /// What the structure says of a component.
    pub(super) fn component(&self, place: usize) -> Option<&Component> {
        self.known.as_ref()?.component(self.id(place))
    }

    /// Whether a column is part of what a row says, and not derived from others.
    pub(super) fn is_content(&self, place: usize) -> bool {
        let column = self.header.columns.get(place);
        column.is_some_and(|column| match column.column_use {
            Use::Action | Use::Component => true,
            Use::Id => self.survey.versions().len() > 1,
            Use::Kind | Use::Name | Use::Key | Use::NamesOf(_) => false,
        })
    }
}
