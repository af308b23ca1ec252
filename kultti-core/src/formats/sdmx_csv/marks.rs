//! What stands beside the values of a row: status, symbol and attributes, each combination held once.

use super::found::Found;
use super::plan::STATUS;
use super::rows::Row;
use crate::formats::{Attribute, Labels, Mark};
use std::collections::{BTreeMap, HashMap};

/// The codes of SDMX `CL_OBS_STATUS`; another letter is an office's own.
const STATUSES: &str = "ABDEFGHIJKLMNOPQSUVW";

/// The column of structures as an attribute, where a file has several versions of one.
pub(super) const STRUCTURE_ID: &str = "STRUCTURE_ID";
/// The column of actions as an attribute, where rows differ in it.
pub(super) const ACTION: &str = "ACTION";

/// The marks of a file.
#[derive(Debug, Default)]
pub(super) struct Marks {
    several_versions: bool,
    several_actions: bool,
    by_cells: HashMap<String, u32>,
    known: HashMap<Mark, u32>,
    distinct: Vec<Mark>,
    /// The cells of the row before and of this one, as one text.
    last: String,
    now: String,
    row: u32,
    /// Whether a status is an office's own.
    pub(super) own_status: bool,
    fallback: bool,
    /// Names of the codes of attributes.
    pub(super) names: BTreeMap<String, BTreeMap<String, Labels>>,
}

/// The action that a letter stands for: a merge of version 2.1 is what 2.0 calls to append.
pub(super) fn action(letter: &str) -> &str {
    match letter {
        "" => "I",
        "M" => "A",
        other => other,
    }
}

/// Whether a text is a code of `CL_OBS_STATUS`.
pub(super) fn is_status(text: &str) -> bool {
    text.len() == 1 && STATUSES.contains(text)
}

impl Marks {
    pub(super) fn new(found: &Found) -> Self {
        let mut actions: Vec<&str> = found.survey.actions.keys().map(|letter| action(letter)).collect();
        actions.dedup();
        Self {
            several_versions: found.survey.versions().len() > 1,
            several_actions: actions.iter().any(|letter| Some(letter) != actions.first()),
            known: HashMap::from([(Mark::default(), 0)]),
            distinct: vec![Mark::default()],
            ..Self::default()
        }
    }

    /// Takes what stands beside the values of a row.
    pub(super) fn row(&mut self, found: &Found, row: &Row, structure: &str, letter: &str) {
        self.now.clear();
        let plan = &found.plan;
        let special = [plan.status, plan.symbol, plan.text].into_iter().flatten();
        let cells = special.chain(plan.attributes.iter().copied());
        let extra = [
            self.several_versions.then_some(structure),
            self.several_actions.then_some(action(letter)),
        ];
        for cell in extra
            .into_iter()
            .flatten()
            .chain(cells.map(|place| row.text(place)))
        {
            self.now.push_str(cell);
            self.now.push('\u{1f}');
        }
        if self.now == self.last && !self.by_cells.is_empty() {
            return;
        }
        std::mem::swap(&mut self.now, &mut self.last);
        self.row = match self.by_cells.get(&self.last) {
            Some(known) => *known,
            None => {
                let mark = self.mark(found, row, extra);
                let number = self.intern(mark);
                self.by_cells.insert(self.last.clone(), number);
                number
            }
        };
    }

    fn mark(&mut self, found: &Found, row: &Row, extra: [Option<&str>; 2]) -> Mark {
        let plan = &found.plan;
        let cell = |place: Option<usize>| {
            let cell = place.map_or("", |place| found.code(place, row.text(place)));
            (!cell.is_empty()).then(|| cell.to_owned())
        };
        let mut mark = Mark {
            symbol: cell(plan.symbol),
            text: cell(plan.text),
            ..Mark::default()
        };
        let extra = extra.into_iter().flatten().map(|cell| Some(cell.to_owned()));
        mark.attributes = extra
            .chain(plan.attributes.iter().map(|place| cell(Some(*place))))
            .collect();
        match cell(plan.status) {
            Some(status) if is_status(&status) => mark.status = Some(status),
            Some(own) if mark.symbol.is_none() => {
                self.own_status = true;
                mark.symbol = Some(own);
            }
            Some(own) => {
                self.fallback = true;
                mark.attributes.push(Some(own));
            }
            None => {}
        }
        for place in plan.status.iter().chain(&plan.attributes) {
            if let (Some(code), Some(name)) = (cell(Some(*place)), found.name(*place, row)) {
                let names = self.names.entry(found.id(*place).to_owned()).or_default();
                names.entry(code).or_insert_with(|| Labels::new("", name));
            }
        }
        trim(&mut mark);
        mark
    }

    /// The number of the mark of a cell of this row, with what stands in place of its number.
    pub(super) fn cell(&mut self, missing: &str, text: &str) -> u32 {
        if missing.is_empty() && text.is_empty() {
            return self.row;
        }
        let mut mark = self.distinct.get(self.row as usize).cloned().unwrap_or_default();
        // A symbol of the file's own goes before the word that says there is no number.
        if !missing.is_empty() && mark.symbol.is_none() {
            mark.symbol = Some(missing.to_owned());
        } else {
            let text = if text.is_empty() { missing } else { text };
            mark.text = Some(text.to_owned());
        }
        self.intern(mark)
    }

    /// The mark with a number.
    pub(super) fn get(&self, number: u32) -> Mark {
        self.distinct.get(number as usize).cloned().unwrap_or_default()
    }

    /// The number of a mark.
    pub(super) fn intern(&mut self, mark: Mark) -> u32 {
        if let Some(known) = self.known.get(&mark) {
            return *known;
        }
        let number = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
        self.distinct.push(mark.clone());
        self.known.insert(mark, number);
        number
    }

    /// The attributes that the marks have values of, in their order.
    pub(super) fn attributes(&self, found: &Found) -> Vec<Attribute> {
        let columns = found.plan.attributes.iter();
        let own = columns.map(|place| {
            let column = found.header.columns.get(*place);
            let label = column.and_then(|column| column.label.clone());
            let label = label.map(|label| Labels::new("", label)).unwrap_or_default();
            let known = found.component(*place).map(|component| component.label.clone());
            Attribute {
                code: found.id(*place).to_owned(),
                label: known.filter(|label| !label.is_empty()).unwrap_or(label),
            }
        });
        let plain = |code: &str| Attribute {
            code: code.to_owned(),
            label: Labels::default(),
        };
        let first = [
            self.several_versions.then(|| plain(STRUCTURE_ID)),
            self.several_actions.then(|| plain(ACTION)),
        ];
        let last = self.fallback.then(|| plain(STATUS));
        first.into_iter().flatten().chain(own).chain(last).collect()
    }

    /// All marks, by number.
    pub(super) fn into_distinct(self) -> Vec<Mark> {
        self.distinct
    }
}

/// Takes off the attributes without value at the end, so that equal marks look equal.
pub(super) fn trim(mark: &mut Mark) {
    while mark.attributes.pop_if(|value| value.is_none()).is_some() {}
}
