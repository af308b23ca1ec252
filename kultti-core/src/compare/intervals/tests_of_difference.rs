//! Tests of the differences between areas and groups, each with each.

use super::result::{DifferenceTest, TestSide};
use super::rule::{Rule, refused};
use crate::compare::aggregate::Entered;
use crate::compare::label::area_name;
use crate::compare::members::Grouper;
use crate::compare::members::grouping_and_group;
use crate::compare::notes::with_word;
use crate::error::Result;
use crate::language::Text;
use crate::model::{Indicator, Missing};
use crate::panel::Slice;
use crate::stats::{Chance, benjamini_hochberg, conditional_test, newcombe_difference};
use crate::territory::Territory;
use std::collections::BTreeSet;

/// An area or a group that was named.
struct Named {
    code: String,
    name: Text,
    areas: Vec<usize>,
    is_group: bool,
    missing: Option<Missing>,
}

/// What the tests are made of.
pub(super) struct Tests<'a> {
    pub(super) territory: &'a Territory,
    pub(super) indicator: &'a Indicator,
    pub(super) slice: &'a Slice,
    pub(super) rule: &'a Rule,
}

impl Tests<'_> {
    /// The tests of every pair of the areas and groups named, with p-values adjusted for being many.
    pub(super) fn of(&self, grouper: &Grouper, names: &[String]) -> Result<Vec<DifferenceTest>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut named: Vec<Named> = Vec::new();
        for name in names {
            let one = self.named(grouper, name.trim())?;
            if named.iter().all(|known| known.code != one.code) {
                named.push(one);
            }
        }
        if named.len() < 2 {
            return Err(refused(self.indicator, "word.test", "reason.test-sides"));
        }
        let mut tests = Vec::new();
        for (place, one) in named.iter().enumerate() {
            for other in &named[place + 1..] {
                tests.push(self.pair(one, other)?);
            }
        }
        let p_values: Vec<f64> = tests.iter().filter_map(|test| test.p_value).collect();
        let adjusted = benjamini_hochberg(&p_values);
        let tested = tests.iter_mut().filter(|test| test.p_value.is_some());
        for (test, p) in tested.zip(adjusted) {
            test.p_adjusted = Some(p);
        }
        Ok(tests)
    }

    fn named(&self, grouper: &Grouper, token: &str) -> Result<Named> {
        let (grouping, _) = grouping_and_group(token);
        if self.territory.is_grouping(grouping) {
            let (label, areas) = grouper.group(token)?;
            let entered = Entered::of(self.slice, &areas, true);
            return Ok(Named {
                code: token.to_owned(),
                name: label.name,
                areas: entered.entered().to_vec(),
                is_group: true,
                missing: entered.insufficient(self.slice),
            });
        }
        let code = grouper.named(token)?;
        let index = self.slice.position(&code).unwrap_or_default();
        Ok(Named {
            name: area_name(self.territory, &code),
            code: code.to_string(),
            areas: vec![index],
            is_group: false,
            missing: self.slice.missing(index),
        })
    }

    /// The test of two; a group that the other lies in is taken without it, for nothing differs from itself by chance.
    fn pair(&self, one: &Named, other: &Named) -> Result<DifferenceTest> {
        let (left, right): (BTreeSet<usize>, BTreeSet<usize>) = (
            one.areas.iter().copied().collect(),
            other.areas.iter().copied().collect(),
        );
        let rest =
            |of: &BTreeSet<usize>, without: &BTreeSet<usize>| of.difference(without).copied().collect();
        let (left_rest, right_rest) = (
            one.is_group && right.is_subset(&left),
            other.is_group && left.is_subset(&right),
        );
        if !left_rest && !right_rest && !left.is_disjoint(&right) {
            return Err(refused(self.indicator, "word.test", "reason.test-overlap"));
        }
        let left_areas: Vec<usize> = if left_rest && !right_rest {
            rest(&left, &right)
        } else {
            one.areas.clone()
        };
        let right_areas: Vec<usize> = if right_rest {
            rest(&right, &left)
        } else {
            other.areas.clone()
        };
        let sides = (
            self.side(one, &left_areas, left_rest && !right_rest),
            self.side(other, &right_areas, right_rest),
        );
        let missing = one.missing.or(other.missing);
        Ok(self.tested(sides, missing))
    }

    fn side(&self, named: &Named, areas: &[usize], rest: bool) -> TestSide {
        let (numerator, denominator) = Rule::sums(self.slice, areas);
        TestSide {
            code: named.code.clone(),
            name: if rest {
                with_word("word.rest-of", &named.name)
            } else {
                named.name.clone()
            },
            numerator,
            denominator,
            value: (denominator > 0.0).then(|| self.indicator.multiplier * numerator / denominator),
            rest,
            areas: areas.to_vec(),
        }
    }

    fn tested(&self, (one, other): (TestSide, TestSide), missing: Option<Missing>) -> DifferenceTest {
        let (first, second) = (
            (one.numerator, one.denominator),
            (other.numerator, other.denominator),
        );
        let unsuitable = || {
            let both = [first, second].into_iter();
            both.filter_map(|side| self.rule.checked(side.0, side.1).err())
                .next()
        };
        let mut test = DifferenceTest {
            difference: one.value.zip(other.value).map(|(one, other)| one - other),
            ratio: None,
            interval: None,
            p_value: None,
            p_adjusted: None,
            missing: missing.or_else(unsuitable),
            one,
            other,
        };
        if test.missing.is_some() {
            test.difference = None;
            return test;
        }
        match self.rule.chance {
            Chance::Count => {
                test.p_value = conditional_test(first, second);
                let both = test.one.value.zip(test.other.value.filter(|value| *value > 0.0));
                test.ratio = both.map(|(one, other)| one / other);
            }
            Chance::Proportion => {
                let found = newcombe_difference(first, second, self.rule.level.alpha());
                test.p_value = found.map(|found| found.p_value);
                test.interval = found.map(|found| found.interval.scaled(self.indicator.multiplier));
            }
        }
        test
    }
}
