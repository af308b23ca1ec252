//! The territory as it is written: tables of an author, JSON in a release.

use crate::language::Text;
use crate::model::{AreaCode, Date, GroupCode, GroupingId, MeasureId, Period};
use serde::{Deserialize, Serialize};

/// Everything that is known of a country's areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerritoryDocument {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The whole country.
    pub country: Country,
    /// The first date whose borders are known as a whole.
    pub first: Date,
    /// The last date whose borders are known.
    pub now: Date,
    /// How many characters a code has.
    pub code_length: usize,
    /// The groupings that an area is compared with unless others are asked for; all of them when empty.
    #[serde(default)]
    pub peers: Vec<String>,
    /// Where the classification comes from.
    pub source: String,
    /// Its licence.
    pub license: String,
    /// Named parts of the country.
    pub scopes: Vec<PartScope>,
    /// Size classes.
    pub size: Option<SizeClasses>,
    /// Areas.
    pub areas: Vec<Area>,
    /// Mergers and splits.
    pub changes: Vec<Change>,
    /// Groupings.
    pub groupings: Vec<Grouping>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Which area belonged to which group.
    pub memberships: Vec<Membership>,
    /// Joint arrangements.
    pub joint_units: Vec<JointArrangement>,
    /// Comparability flags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comparability: Vec<ComparabilityFlag>,
    /// Breaks in series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
}

/// The whole country, under the code that sources publish its figures with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// Code.
    pub code: AreaCode,
    /// Name.
    pub name: Text,
}

/// A part of the country that a measure may be limited to: everything outside some groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartScope {
    /// Identifier, as measures name it.
    pub id: String,
    /// The grouping.
    pub grouping: GroupingId,
    /// The groups left out.
    pub exclude: Vec<GroupCode>,
    /// Name.
    pub label: Text,
}

/// Size classes by the value of a measure at the end of the reference year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeClasses {
    /// The id of the grouping.
    pub grouping: GroupingId,
    /// The measure, usually population.
    pub measure: MeasureId,
    /// Upper bounds, each inclusive; the last class has none.
    pub bounds: Vec<u64>,
    /// Name.
    pub label: Text,
}

/// An area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Code.
    pub code: AreaCode,
    /// Name; Swedish and English fall back to Finnish where there is no other.
    pub name: Text,
    /// First day; absent for one that existed before the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day; absent while it exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Area {
    /// Whether the area existed on that day.
    pub fn exists_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// The share of a source area that goes to a target, by what is being moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Of its inhabitants.
    pub population: f64,
    /// Of its euros.
    pub euros: f64,
    /// Of its area.
    pub area: f64,
}

/// One line of a merger or split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first day of the new borders.
    pub date: Date,
    /// The area before.
    pub source: AreaCode,
    /// The area after.
    pub target: AreaCode,
    /// How much of the source goes to the target.
    pub weights: Weights,
}

/// A grouping and the years it is valid in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grouping {
    /// Identifier.
    pub id: GroupingId,
    /// Name.
    pub name: Text,
    /// First year.
    pub first_year: Option<i32>,
    /// Last year.
    pub last_year: Option<i32>,
}

/// A group and the years it exists in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The grouping.
    pub grouping: GroupingId,
    /// Code.
    pub code: GroupCode,
    /// Name.
    pub name: Text,
    /// First year.
    pub first_year: Option<i32>,
    /// Last year.
    pub last_year: Option<i32>,
}

/// An area's membership of a group; written as `[grouping, area, group, first_year, last_year]`, for there are
/// thousands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "MembershipRow", into = "MembershipRow")]
pub struct Membership {
    /// The grouping.
    pub grouping: GroupingId,
    /// The area.
    pub area: AreaCode,
    /// The group.
    pub group: GroupCode,
    /// First year.
    pub first_year: Option<i32>,
    /// Last year.
    pub last_year: Option<i32>,
}

type MembershipRow = (GroupingId, AreaCode, GroupCode, Option<i32>, Option<i32>);

impl From<MembershipRow> for Membership {
    fn from((grouping, area, group, first_year, last_year): MembershipRow) -> Self {
        Self {
            grouping,
            area,
            group,
            first_year,
            last_year,
        }
    }
}

impl From<Membership> for MembershipRow {
    fn from(membership: Membership) -> Self {
        (
            membership.grouping,
            membership.area,
            membership.group,
            membership.first_year,
            membership.last_year,
        )
    }
}

/// An entry of the register of joint arrangements: in those periods the host's value of the measure holds the member's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointArrangement {
    /// The measure.
    pub measure: MeasureId,
    /// The area whose value holds the whole.
    pub host: AreaCode,
    /// The area that is inside it.
    pub member: AreaCode,
    /// First period.
    pub first: Option<Period>,
    /// Last period.
    pub last: Option<Period>,
    /// The service.
    pub service: String,
    /// How the value could be split; absent where no key is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation_key: Option<String>,
    /// Why it is believed.
    pub origin: String,
}

impl JointArrangement {
    /// Whether it is in force throughout `period`.
    pub fn covers(&self, period: Period) -> bool {
        self.first
            .is_none_or(|first| first.first_day() <= period.first_day())
            && self.last.is_none_or(|last| period.last_day() <= last.last_day())
    }
}

/// A break in series: from a period on, figures of some measures are not of the same kind as before.
///
/// Nothing is compared across it, unless a chaining factor is given: the newer level is kept, the older is multiplied by
/// new/old at the overlap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Break {
    /// The measures.
    pub measures: Vec<MeasureId>,
    /// The area; absent for a break in all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The first period of the new kind.
    pub period: Period,
    /// What changed.
    pub cause: Text,
    /// Who says so.
    pub source: String,
    /// New/old at the overlap; absent where nobody has measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
}

/// What areas' figures may hold or not: of two areas that differ in one, the figures are not of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Rents between the municipality's own units.
    InternalRent,
    /// Other items between its own units.
    InternalItems,
    /// Whether it produces the service itself.
    OwnProduction,
    /// Whether grants and purchases are in the figure.
    GrantsAndPurchases,
    /// A share of the common administration.
    Overhead,
    /// Value added tax.
    Vat,
    /// The accounting classification: before and from 2021.
    AccountingClass,
}

impl FlagKind {
    /// Every flag.
    pub const ALL: [Self; 7] = [
        Self::InternalRent,
        Self::InternalItems,
        Self::OwnProduction,
        Self::GrantsAndPurchases,
        Self::Overhead,
        Self::Vat,
        Self::AccountingClass,
    ];

    /// The name in registers.
    pub fn name(self) -> &'static str {
        match self {
            Self::InternalRent => "internal_rent",
            Self::InternalItems => "internal_items",
            Self::OwnProduction => "own_production",
            Self::GrantsAndPurchases => "grants_and_purchases",
            Self::Overhead => "overhead",
            Self::Vat => "vat",
            Self::AccountingClass => "accounting_class",
        }
    }

    /// The flag of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The code of the word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::InternalRent => "word.flag-internal-rent",
            Self::InternalItems => "word.flag-internal-items",
            Self::OwnProduction => "word.flag-own-production",
            Self::GrantsAndPurchases => "word.flag-grants-and-purchases",
            Self::Overhead => "word.flag-overhead",
            Self::Vat => "word.flag-vat",
            Self::AccountingClass => "word.flag-accounting-class",
        }
    }
}

/// What is known of an area's figures of some measures for a time. Where nothing is known, nothing is assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparabilityFlag {
    /// The area.
    pub area: AreaCode,
    /// The measures.
    pub measures: Vec<MeasureId>,
    /// First period; absent without a beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Period>,
    /// Last period; absent without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Period>,
    /// What is flagged.
    pub kind: FlagKind,
    /// The value, such as `included` or `excluded`.
    pub value: String,
    /// Who says so.
    pub source: String,
}

impl ComparabilityFlag {
    /// Whether it is about a period.
    pub fn covers(&self, period: Period) -> bool {
        self.from
            .is_none_or(|from| from.first_day() <= period.first_day())
            && self.to.is_none_or(|to| period.last_day() <= to.last_day())
    }
}
