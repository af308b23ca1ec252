//! `inequality`: how unequally a figure is spread over the areas of the country, within groups and between them.

mod options;
mod result;

pub use options::InequalityOptions;
pub use result::{Inequality, InequalityGroup, InequalityWithoutZeros, TheilIndex};

use super::aggregate::{Entered, GroupMethod, ratio_of_sums_method, remarks, value_of};
use super::comparability::Flags;
use super::compare_verb::{context, real_prices, reference_year, slice};
use super::members::Grouper;
use super::notes::{self, Notes, word_text};
use super::position::not_entered;
use super::result::Note;
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::{Expression, Indicator, Missing};
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use crate::stats::{
    InequalityMissing, LorenzPoint, TheilDecomposition, TheilGroup, gini, lorenz, lorenz_share, theil,
    theil_decomposition,
};
use crate::territory::{COUNTRY, GroupLabel};

impl Release {
    /// How unequally a figure is spread over the areas of the country.
    ///
    /// With x = n/d, p = d/Σd and μ = Σn/Σd: the Gini coefficient ΣΣ p_i p_j |x_i − x_j| / 2μ, the Theil index
    /// Σ p (x/μ) ln(x/μ) and the Lorenz curve. Areas are weighted by their denominator, so that every inhabitant counts
    /// once, with the value of the own area; differences inside areas are not seen. With a grouping the Theil index is split exactly
    /// into Σ S_g T_g within and Σ S_g ln(μ_g/μ) between its groups, S_g the group's share of Σn.
    ///
    /// # Missing values
    /// Only areas with a value and d > 0 enter; the others are in `left_out` with the reason. Figures are given from a
    /// coverage of 0.6 of areas and of the denominator, of the country and of each group. A negative value or a mean that is
    /// not positive gives missing, and the areas are named. A joint unit enters whole, its n over the d of all its areas; where no
    /// group holds all of it, it stands with the areas without a group in a row of their own, so that the split stays
    /// exact. A zero is a value; where it may mean a joint arrangement both measures are also given without the zeros.
    ///
    /// # Errors
    /// [`crate::Error::MethodRefused`] for an indicator without a denominator or one that is published as a finished
    /// ratio; otherwise as [`Release::groups`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let inequality = release.inequality("library.net_operating_cost_per_inhabitant", "region")?;
    /// let theil = inequality.theil.unwrap();
    /// let parts = theil.within.unwrap() + theil.between.unwrap();
    /// assert!((parts - theil.total).abs() < 1e-12);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: Gini (1912); Theil (1967); Shorrocks (1980) for the split; Lorenz (1905).
    pub fn inequality(&self, indicator: &str, options: impl Into<InequalityOptions>) -> Result<Inequality> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let grouping = options.by.as_deref();
        let grouping_name = grouping
            .map(|by| self.territory().grouping_name(by).cloned())
            .transpose()?;
        let method = ratio_of_sums_method(self, indicator, "word.inequality")?;
        let real = options.real.as_ref();
        let (slice, period) = slice(&slicer, indicator, options.period, options.borders, real)?;
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let (country, _) = grouper.membership(COUNTRY)?;
        let members = country.areas_of(0);
        let question = Question {
            slicer: &slicer,
            method: &method,
            slice: &slice,
            whole: Entered::of(&slice, &members, true),
            flags: Flags::new(&slicer, indicator, &slice),
        };
        let mut found = Vec::new();
        let mut split = None;
        if let Some(by) = grouping {
            let (parts, noted) = question.split(&grouper, by)?;
            split = Some(parts);
            found = noted;
        }
        let label = country.labels().next().cloned();
        let whole = question.whole(label.clone());
        let (theil, groups) = question.theil(&whole, split);
        let pairs = question.pairs(question.whole.entered());
        let curve = whole
            .missing
            .map_or_else(|| lorenz(&pairs).ok(), |_| None)
            .unwrap_or_default();
        let mut notes = question.notes(&whole);
        notes.extend(
            label
                .iter()
                .flat_map(|label| remarks(&method, &slice, &question.whole, label)),
        );
        notes.extend(found);
        notes.extend(closing_notes(&slicer, (indicator, &slice), &members, &options));
        Ok(Inequality {
            context: context(&slicer, indicator, options.borders, real)
                .asked(options.query(indicator, period)),
            period,
            without_zeros: question.without_zeros(&whole),
            whole,
            theil,
            fifths: fifths(&curve),
            lorenz: curve,
            grouping: options.by,
            grouping_name,
            groups,
            left_out: not_entered(self.territory(), &slice, &members, question.whole.entered()),
            notes,
        })
    }
}

/// The shares of the 20, 40, 60 and 80 % that have least.
fn fifths(curve: &[LorenzPoint]) -> Vec<LorenzPoint> {
    let share = |denominator: f64| {
        lorenz_share(curve, denominator).map(|numerator| LorenzPoint {
            denominator,
            numerator,
        })
    };
    [0.2, 0.4, 0.6, 0.8].into_iter().filter_map(share).collect()
}

impl From<InequalityMissing> for Missing {
    fn from(reason: InequalityMissing) -> Self {
        match reason {
            InequalityMissing::NoValues => Self::NoMembers,
            InequalityMissing::NegativeValue => Self::NegativeValue,
            InequalityMissing::MeanNotPositive => Self::MeanNotPositive,
        }
    }
}

/// A part of a split: a group's label, who entered, and how much of it they are.
struct Part {
    label: Option<GroupLabel>,
    entered: Entered,
}

struct Question<'a> {
    slicer: &'a Slicer<'a>,
    method: &'a GroupMethod<'a>,
    slice: &'a Slice,
    whole: Entered,
    flags: Flags<'a>,
}

impl Question<'_> {
    /// (n, d) of areas that entered.
    fn pairs(&self, entered: &[usize]) -> Vec<(f64, f64)> {
        let pair = |index: &usize| (self.slice.numerators[*index], self.slice.denominators[*index]);
        entered.iter().map(pair).collect()
    }

    /// The groups of a grouping, and what must be said of them. Areas of the country that no group holds whole are the
    /// last part.
    fn split(&self, grouper: &Grouper, by: &str) -> Result<(Vec<Part>, Vec<Note>)> {
        let (membership, mut found) = grouper.membership(by)?;
        let mut rest = self.whole.entered().to_vec();
        let mut parts = Vec::new();
        for (position, label) in membership.labels().enumerate() {
            let entered = Entered::of(self.slice, &membership.areas_of(position), true);
            found.extend(remarks(self.method, self.slice, &entered, label));
            rest.retain(|index| entered.entered().binary_search(index).is_err());
            parts.push(Part {
                label: Some(label.clone()),
                entered,
            });
        }
        if !rest.is_empty() {
            parts.push(Part {
                label: None,
                entered: Entered::all(rest),
            });
        }
        let everyone: Vec<usize> = (0..self.slice.len()).collect();
        found.extend(grouper.across_note(&membership, &everyone));
        Ok((parts, found))
    }

    /// The row of all areas together.
    fn whole(&self, label: Option<GroupLabel>) -> InequalityGroup {
        let mut row = self.row(label, &self.whole, 1.0, 1.0);
        if row.missing.is_none() && row.n == 1 {
            row = without(row, Missing::NothingToCompare);
        }
        row
    }

    /// The figures of a group from those of its areas.
    fn row(&self, label: Option<GroupLabel>, entered: &Entered, share: f64, weight: f64) -> InequalityGroup {
        let coverage = entered.coverage(self.slice, true);
        let pairs = self.pairs(entered.entered());
        let unequal = || gini(&pairs).err().map(Missing::from);
        let missing = entered.insufficient(self.slice).or_else(unequal);
        let (code, name) = label.map_or_else(
            || (None, word_text("word.in-no-group")),
            |label| (Some(label.code), label.name),
        );
        let row = InequalityGroup {
            group: code,
            name,
            share: Some(share),
            weight: Some(weight),
            mean: value_of(self.method, self.slice, entered.entered()),
            theil: theil(&pairs).ok(),
            gini: gini(&pairs).ok(),
            status: entered.letter(self.slice, None),
            missing: None,
            n: coverage.n,
            members: coverage.members,
            coverage_areas: coverage.areas,
            coverage_denominator: coverage.denominator,
            zeros: self.method.zeros_among(self.slice, entered.entered()).len(),
            areas: entered.entered().to_vec(),
        };
        match missing {
            Some(reason) => without(row, reason),
            None => InequalityGroup {
                status: self.flags.letter(row.status, entered.entered()),
                ..row
            },
        }
    }

    /// The Theil index with its split, and the rows of the groups.
    fn theil(
        &self,
        whole: &InequalityGroup,
        split: Option<Vec<Part>>,
    ) -> (Option<TheilIndex>, Vec<InequalityGroup>) {
        let total = whole.theil.map(|total| TheilIndex {
            total,
            within: None,
            between: None,
        });
        let Some(parts) = split else {
            return (total, Vec::new());
        };
        let pairs: Vec<_> = parts
            .iter()
            .map(|part| self.pairs(part.entered.entered()))
            .collect();
        let decomposition = theil_decomposition(&pairs).ok();
        let groups = decomposition.as_ref().map(|found| found.groups.clone());
        let nothing = TheilGroup {
            share: f64::NAN,
            weight: f64::NAN,
            relative_mean: None,
            theil: None,
        };
        let shares = groups.unwrap_or_else(|| vec![nothing; parts.len()]);
        let row = |(part, group): (Part, TheilGroup)| {
            let mut row = self.row(part.label, &part.entered, group.share, group.weight);
            row.share = row.share.filter(|share| !share.is_nan());
            row.weight = row.weight.filter(|weight| !weight.is_nan());
            row
        };
        let rows = parts.into_iter().zip(shares).map(row).collect();
        let parts = |total: TheilIndex, found: TheilDecomposition| TheilIndex {
            within: Some(found.within),
            between: Some(found.between),
            ..total
        };
        (
            total.zip(decomposition).map(|(total, found)| parts(total, found)),
            rows,
        )
    }

    /// Both measures without the zeros that may mean a joint arrangement.
    fn without_zeros(&self, whole: &InequalityGroup) -> Option<InequalityWithoutZeros> {
        let zeros = self.method.zeros_among(self.slice, self.whole.entered());
        if zeros.is_empty() || whole.missing.is_some() {
            return None;
        }
        let mut others = self.whole.entered().to_vec();
        others.retain(|index| zeros.binary_search(index).is_err());
        let pairs = self.pairs(&others);
        Some(InequalityWithoutZeros {
            gini: gini(&pairs).ok()?,
            theil: theil(&pairs).ok()?,
        })
    }

    /// What the figures are, and who stands in the way where there are none.
    fn notes(&self, whole: &InequalityGroup) -> Vec<Note> {
        let mut found = Vec::new();
        let catalogue = self.slicer.release().catalogue();
        let below = self.method.indicator.formula.denominator.iter();
        let measures = below
            .flat_map(Expression::measures)
            .filter_map(|id| catalogue.measure(id));
        let labels = measures.map(|measure| Param::from(&measure.label)).collect();
        found.push(notes::info(
            Message::new("note.inequality-weighted").with("denominator", Param::List(labels)),
        ));
        if whole.missing == Some(Missing::NegativeValue) {
            let negative = |index: &usize| self.slice.numerators[*index] < 0.0;
            let entered = self.whole.entered().iter().copied();
            let negative: Vec<usize> = entered.filter(negative).collect();
            found.push(notes::negative_values(
                self.slicer.release().territory(),
                self.slice,
                &negative,
            ));
        }
        found.extend(self.flags.notes(self.whole.entered()));
        found
    }
}

/// A row that only says why it has no figures; the shares stand, for the split is made of them.
fn without(row: InequalityGroup, reason: Missing) -> InequalityGroup {
    InequalityGroup {
        mean: None,
        theil: None,
        gini: None,
        status: reason.status().letter(),
        missing: Some(reason),
        ..row
    }
}

/// Zeros, choices, those without a value, mergers, and what is to be said of the indicator.
fn closing_notes(
    slicer: &Slicer,
    (indicator, slice): (&Indicator, &Slice),
    members: &[usize],
    options: &InequalityOptions,
) -> Vec<Note> {
    let gathered = Notes::new(slicer, indicator, slice);
    let mut found = Vec::new();
    found.extend(gathered.zeros(members));
    found.extend(options.as_of_year.map(notes::frozen_groups));
    found.extend(options.real.as_ref().map(|basis| real_prices(slicer, basis)));
    found.extend(gathered.joint_values(members));
    found.extend(gathered.without_value(members));
    found.extend(gathered.merged_others(members, None));
    found.extend(gathered.of_indicator());
    found
}
