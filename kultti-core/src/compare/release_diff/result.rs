//! What differs between two releases, as records.

use super::super::result::{AreaLabel, GroupRow, Note};
use super::options::DiffPart;
use crate::language::Text;
use crate::model::{Aggregate, AreaCode, Date, GroupCode, IndicatorId, MeasureId, Missing, Period, Unit};
use crate::release::PeriodChanges;
use crate::stats::{Order, absolute_change, relative_change};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Whether something came, went, or is another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is only in the later release.
    Added,
    /// It is only in the earlier release.
    Removed,
    /// It is in both and differs.
    Changed,
}

impl ChangeKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// The code of the word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "word.diff-added",
            Self::Removed => "word.diff-removed",
            Self::Changed => "word.diff-changed",
        }
    }

    pub(super) fn of<T>(before: Option<T>, after: Option<T>) -> Self {
        match (before.is_some(), after.is_some()) {
            (false, true) => Self::Added,
            (true, false) => Self::Removed,
            _ => Self::Changed,
        }
    }
}

/// One of the two releases.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedRelease {
    /// Its id.
    pub release: String,
    /// What it is called: the file.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its present borders, on which its groups and ranks stand.
    pub territory: Date,
}

/// What lies between two values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueChange {
    /// After − before; `None` where one of them is not there.
    pub difference: Option<f64>,
    /// The same as a fraction of the value before, which must be positive.
    pub relative: Option<f64>,
}

impl ValueChange {
    /// The change between two values.
    ///
    /// ```
    /// use kultti_core::compare::ValueChange;
    /// let change = ValueChange::between(Some(40.0), Some(50.0));
    /// assert_eq!((change.difference, change.relative), (Some(10.0), Some(0.25)));
    /// assert_eq!(ValueChange::between(None, Some(50.0)).difference, None);
    /// ```
    pub fn between(before: Option<f64>, after: Option<f64>) -> Self {
        let pair = before.zip(after);
        Self {
            difference: pair.map(|(before, after)| absolute_change(before, after)),
            relative: pair.and_then(|(before, after)| relative_change(before, after).ok()),
        }
    }

    /// How large it is, relatively: a value that came, went or changed from a base without relative changes is larger than
    /// any other.
    pub fn size(&self) -> f64 {
        self.relative.map_or(f64::INFINITY, f64::abs)
    }
}

/// Something that gives figures their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinitionKind {
    /// The catalogue as such: its version, name, description.
    Catalogue,
    /// An indicator.
    Indicator,
    /// A measure.
    Measure,
    /// A register that figures come from.
    Source,
    /// A base unit.
    Unit,
    /// A scope.
    Scope,
    /// A model of expected costs.
    Expectation,
    /// A pair of cost and use.
    Pair,
    /// A model of similar areas.
    PeerModel,
    /// The territory as such: its borders, its size classes, the usual groupings.
    Territory,
    /// An area.
    Area,
    /// A merger or split.
    AreaChange,
    /// A grouping.
    Grouping,
    /// A group.
    Group,
    /// An area's membership of a group.
    Membership,
    /// A joint arrangement.
    JointArrangement,
    /// A comparability flag.
    Comparability,
    /// A break in series.
    Break,
    /// A table that a release was built from.
    Table,
}

impl DefinitionKind {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Indicator => "indicator",
            Self::Measure => "measure",
            Self::Source => "source",
            Self::Unit => "unit",
            Self::Scope => "scope",
            Self::Expectation => "expectation",
            Self::Pair => "pair",
            Self::PeerModel => "peer_model",
            Self::Territory => "territory",
            Self::Area => "area",
            Self::AreaChange => "area_change",
            Self::Grouping => "grouping",
            Self::Group => "group",
            Self::Membership => "membership",
            Self::JointArrangement => "joint_arrangement",
            Self::Comparability => "comparability",
            Self::Break => "break",
            Self::Table => "table",
        }
    }

    /// The code of the word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalogue => "word.diff-catalogue",
            Self::Indicator => "word.indicator",
            Self::Measure => "word.measure",
            Self::Source => "word.diff-source",
            Self::Unit => "word.diff-unit",
            Self::Scope => "word.diff-scope",
            Self::Expectation => "word.diff-expectation",
            Self::Pair => "word.diff-pair",
            Self::PeerModel => "word.diff-peer-model",
            Self::Territory => "word.diff-territory",
            Self::Area => "word.area",
            Self::AreaChange => "word.diff-area-change",
            Self::Grouping => "word.diff-grouping",
            Self::Group => "word.group",
            Self::Membership => "word.diff-membership",
            Self::JointArrangement => "word.diff-joint",
            Self::Comparability => "word.diff-comparability",
            Self::Break => "word.diff-break",
            Self::Table => "word.diff-table",
        }
    }
}

/// A field of a definition that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field, as it is named in the release.
    pub field: String,
    /// What it said; `None` where it was not there.
    pub before: Option<Json>,
    /// What it says; `None` where it is not there.
    pub after: Option<Json>,
}

/// A definition that came, went or differs.
#[derive(Debug, Clone, PartialEq)]
pub struct DefinitionChange {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its id, or what tells it from others of its kind.
    pub id: String,
    /// Whether it came, went or differs.
    pub change: ChangeKind,
    /// The fields that differ; none where it came or went.
    pub fields: Vec<FieldChange>,
}

/// How many cells of a measure changed.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureChanges {
    /// The measure.
    pub measure: MeasureId,
    /// Its name.
    pub label: Text,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals of its figures.
    pub decimals: usize,
    /// Cells that came.
    pub added: usize,
    /// Cells that went.
    pub removed: usize,
    /// Cells whose value, status, reason or borders differ.
    pub changed: usize,
    /// Cells of which only the origin or the note differs.
    pub texts: usize,
    /// The first and the last period with such a cell.
    pub periods: (Period, Period),
}

/// The figures of a group on one side.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupFigures {
    /// How it was summarised.
    pub aggregate: Aggregate,
    /// The value.
    pub value: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Members that entered.
    pub n: usize,
    /// Members where the figure can exist.
    pub members: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' denominator that entered.
    pub coverage_denominator: Option<f64>,
}

impl From<&GroupRow> for GroupFigures {
    fn from(row: &GroupRow) -> Self {
        Self {
            aggregate: row.aggregate,
            value: row.value,
            status: row.status,
            missing: row.missing,
            n: row.n,
            members: row.members,
            coverage_areas: row.coverage_areas,
            coverage_denominator: row.coverage_denominator,
        }
    }
}

/// A group whose figures differ.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupChange {
    /// The grouping.
    pub grouping: String,
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// Its figures before; `None` where there was no such group, or no figure of the indicator in the period.
    pub before: Option<GroupFigures>,
    /// Its figures after.
    pub after: Option<GroupFigures>,
}

/// The figure of an area on one side, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedFigure {
    /// The value.
    pub value: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Rank, 1 first; `None` for an area without one.
    pub rank: Option<f64>,
}

/// Why a rank moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankReason {
    /// The area's own figure differs.
    Own,
    /// The area's own figure is the same; those of others differ.
    Others,
    /// The area stands on the borders of one release only.
    Borders,
    /// The indicator's direction differs, so that another end is first.
    Order,
}

impl RankReason {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Others => "others",
            Self::Borders => "borders",
            Self::Order => "order",
        }
    }

    /// The code of the word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Own => "word.diff-own",
            Self::Others => "word.diff-others",
            Self::Borders => "word.diff-borders",
            Self::Order => "word.diff-order",
        }
    }
}

/// An area whose rank is another than before.
#[derive(Debug, Clone, PartialEq)]
pub struct RankChange {
    /// The area.
    pub area: AreaLabel,
    /// Its figure and rank before; `None` where it is not on the borders, or the indicator had no figures in the period.
    pub before: Option<RankedFigure>,
    /// Its figure and rank after.
    pub after: Option<RankedFigure>,
    /// Why.
    pub reason: RankReason,
}

impl RankChange {
    /// Places lost: the rank after minus the rank before; `None` where one of them is not there.
    pub fn places(&self) -> Option<f64> {
        let rank = |figure: &Option<RankedFigure>| figure.as_ref().and_then(|figure| figure.rank);
        Some(rank(&self.after)? - rank(&self.before)?)
    }
}

/// Which end was first, and how many areas were ranked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedBy {
    /// Which end is first: the better one, or the largest where neither is.
    pub order: Order,
    /// Areas ranked.
    pub n: usize,
}

/// What differs of an indicator in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorPeriodChanges {
    /// The period.
    pub period: Period,
    /// How areas were ranked before; `None` where there was no figure.
    pub before: Option<RankedBy>,
    /// How they are ranked after.
    pub after: Option<RankedBy>,
    /// Groups whose figures differ, by grouping and code.
    pub groups: Vec<GroupChange>,
    /// Areas whose rank moved, by code.
    pub ranks: Vec<RankChange>,
}

/// What differs of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorChanges {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub label: Text,
    /// Its unit.
    pub unit: Unit,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// Its definition before, as `id@version`; `None` where it was not there.
    pub definition_before: Option<String>,
    /// Its definition after.
    pub definition_after: Option<String>,
    /// Whether the definition of the indicator or of one of its measures differs.
    pub redefined: bool,
    /// The periods in which groups or ranks differ.
    pub periods: Vec<IndicatorPeriodChanges>,
}

/// The answer of [`crate::release::Release::diff`].
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseDiff {
    /// The earlier release.
    pub before: ComparedRelease,
    /// The later release.
    pub after: ComparedRelease,
    /// Definitions, by kind and id.
    pub definitions: Vec<DefinitionChange>,
    /// How many cells changed, measure by measure.
    pub measures: Vec<MeasureChanges>,
    /// The cells, by measure, period and area.
    pub cells: Vec<PeriodChanges>,
    /// Groups and ranks, indicator by indicator.
    pub indicators: Vec<IndicatorChanges>,
    /// The names of the areas of the cells.
    pub area_names: BTreeMap<AreaCode, Text>,
    /// The parts that were asked for; all when empty.
    pub parts: Vec<DiffPart>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

impl ReleaseDiff {
    /// Whether nothing that was asked for differs.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty() && self.measures.is_empty() && self.indicators.is_empty()
    }

    /// Whether a part was asked for.
    pub fn has(&self, part: DiffPart) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// The same difference with one of its parts only.
    #[must_use]
    pub fn only(&self, part: DiffPart) -> Self {
        let mut only = Self {
            parts: vec![part],
            ..self.clone()
        };
        if part != DiffPart::Definitions {
            only.definitions.clear();
        }
        if part != DiffPart::Cells {
            only.measures.clear();
            only.cells.clear();
            only.area_names.clear();
        }
        for period in only
            .indicators
            .iter_mut()
            .flat_map(|indicator| &mut indicator.periods)
        {
            if part != DiffPart::Groups {
                period.groups.clear();
            }
            if part != DiffPart::Ranks {
                period.ranks.clear();
            }
        }
        only.indicators.retain_mut(|indicator| {
            indicator
                .periods
                .retain(|period| !period.groups.is_empty() || !period.ranks.is_empty());
            !indicator.periods.is_empty()
        });
        only
    }

    /// Every rank that moved, with the indicator and the period it is of.
    pub fn ranks(&self) -> impl Iterator<Item = (&IndicatorChanges, &IndicatorPeriodChanges, &RankChange)> {
        self.periods()
            .flat_map(|(indicator, period)| period.ranks.iter().map(move |rank| (indicator, period, rank)))
    }

    /// Every group whose figures differ, with the indicator and the period they are of.
    pub fn groups(&self) -> impl Iterator<Item = (&IndicatorChanges, &IndicatorPeriodChanges, &GroupChange)> {
        self.periods()
            .flat_map(|(indicator, period)| period.groups.iter().map(move |group| (indicator, period, group)))
    }

    fn periods(&self) -> impl Iterator<Item = (&IndicatorChanges, &IndicatorPeriodChanges)> {
        let indicators = self.indicators.iter();
        indicators.flat_map(|indicator| indicator.periods.iter().map(move |period| (indicator, period)))
    }
}
