//! `expected`: the cost that a municipality with such a structure typically has.

mod fit;
mod options;
mod result;
mod variables;

pub use options::{ExpectedMethod, ExpectedOptions, VariableChoice};
pub use result::{
    CapacityIndicator, Expected, ExpectedModel, ExpectedModelVariable, ExpectedRow, UnmodelledArea,
    VariableContribution,
};

use super::comparability::Flags;
use super::compare_verb::{context, slice};
use super::label::unit_symbol;
use super::members::Grouper;
use super::notes::{self, Notes};
use super::result::{AreaLabel, Note};
use crate::catalogue::{Expectation, UnitKind};
use crate::error::{Error, Result};
use crate::language::{Language, Message, Param, Text};
use crate::model::{Indicator, Period};
use crate::panel::{Borders, Slice, Slicer};
use crate::release::Release;
use crate::territory::Territory;
use fit::Fitted;
use std::collections::BTreeMap;
use variables::{Variable, variables};

/// One question, read.
struct Question<'a, 'r> {
    slicer: &'a Slicer<'r>,
    indicator: &'a Indicator,
    slice: &'a Slice,
    variables: &'a [Variable<'r>],
    options: &'a ExpectedOptions,
}

impl Release {
    /// The cost that is typical of a municipality with such a structure, indicatively, and how far the reported one is from
    /// it.
    ///
    /// `log`: ln(n/d) on the structural variables, weights w = √d, Huber (k = 1.345) on √w·e, σ̂ = 1.4826·MAD; expected
    /// = m·exp(ŷ), the typical municipality, no smearing; interval m·exp(ŷ ± t·σ̂·√(1/w + x′(X′WX)⁻¹x)).
    /// `quasi-poisson`: log link with the offset ln d, for zeros and for a mean in euros; the interval has φ for σ̂² and
    /// d·exp(ŷ) for w. The model is that of all areas of the country in the measures' scope.
    ///
    /// The variables are those that the catalogue declares for the indicator, or those asked for. A cost is not explained
    /// by itself. Tax capacity is shown apart, never in the model: capacity is not need.
    ///
    /// # Missing values
    /// An area without a value, without a variable, with n ≤ 0 (n < 0 for quasi-Poisson) or with a joint figure does not
    /// enter the model and is named in `left_out` with the reason. It still gets an expected cost where its variables are
    /// known.
    ///
    /// # Errors
    /// [`Error::TooFewAreas`] under ten areas a variable; [`Error::TooManyNotPositive`] above 10 % with n ≤ 0;
    /// [`Error::CollinearVariables`], [`Error::RegressorWithoutSpread`], [`Error::CircularVariable`],
    /// [`Error::RegressorNotPositive`] for a logarithm; [`Error::MethodRefused`] for an indicator without a denominator or
    /// without declared variables; otherwise as [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::compare::ExpectedOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let indicator = "library.net_operating_cost_per_inhabitant";
    /// let expected = release.expected(indicator, ExpectedOptions::from("Kokkola"))?;
    /// let row = &expected.rows[0];
    /// let (value, usual) = (row.cell.value.unwrap(), row.expected.unwrap());
    /// assert_eq!(row.difference, Some(value - usual));
    /// // The expected cost is the one at the means of the variables times the factor of each.
    /// let factors: f64 = expected.contributions.iter().map(|one| one.factor).product();
    /// assert!((expected.model.at_means * factors - usual).abs() < 1e-9 * usual);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: Huber (1964); McCullagh & Nelder (1989) for quasi-likelihood; weights and refusals are Kultti's own.
    pub fn expected(&self, indicator: &str, options: impl Into<ExpectedOptions>) -> Result<Expected> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        check_options(indicator, &options)?;
        let (slice, period) = slice(&slicer, indicator, options.period, options.borders, None)?;
        let area = asked_area(self.territory(), &slice, options.area.as_deref())?;
        let (declared, variables) = variables(&slicer, indicator, &slice, &options)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, period.calendar_year());
        let (country, _) = grouper.within(None)?;
        let question = Question {
            slicer: &slicer,
            indicator,
            slice: &slice,
            variables: &variables,
            options: &options,
        };
        let fitted = Fitted::new(&question, &country)?;
        let capacity = declared.and_then(|model| question.capacity(model)).transpose()?;
        let asked = area.as_ref().and_then(|area| slice.position(&area.code));
        let shown: Vec<usize> = match asked {
            Some(index) => vec![index],
            None => country.clone(),
        };
        let rows = shown
            .iter()
            .map(|index| fitted.row(&question, *index, capacity.as_ref().map(|(_, slice)| slice)))
            .collect();
        Ok(Expected {
            context: context(&slicer, indicator, options.borders, None).asked(options.query(
                indicator,
                area.as_ref(),
                period,
            )),
            period,
            level: options.level,
            model: fitted.model(&question, declared, country.len()),
            rows,
            contributions: asked
                .map(|index| fitted.contributions(&question, index))
                .unwrap_or_default(),
            notes: question.notes(&fitted, asked, capacity.as_ref()),
            left_out: fitted.left_out,
            capacity: capacity.map(|(capacity, _)| capacity),
            area,
        })
    }
}

fn check_options(indicator: &Indicator, options: &ExpectedOptions) -> Result<()> {
    if indicator.formula.denominator.is_none() {
        return Err(Error::MethodRefused {
            indicator: indicator.id.to_string(),
            method: Message::new("word.expected-cost"),
            reason: Message::new("reason.no-denominator"),
        });
    }
    if options.level > 0.0 && options.level < 100.0 {
        return Ok(());
    }
    Err(Error::InvalidArgument {
        name: "level".into(),
        expected: "0 < level < 100".into(),
        found: options.level.to_string(),
    })
}

fn asked_area(territory: &Territory, slice: &Slice, area: Option<&str>) -> Result<Option<AreaLabel>> {
    let found = area
        .map(|area| territory.resolve_on(area, slice.date))
        .transpose()?;
    Ok(found.map(AreaLabel::of))
}

impl<'r> Question<'_, 'r> {
    fn label(&self, index: usize) -> AreaLabel {
        AreaLabel::at(self.slicer.release().territory(), self.slice, index)
    }

    /// Whether the cost is money per something.
    fn is_money(&self) -> bool {
        let catalogue = self.slicer.release().catalogue();
        catalogue.power_of(UnitKind::Money, &self.indicator.unit) == 1
    }

    /// What the areas can afford, where the catalogue names it and the release has figures of the period.
    fn capacity(&self, model: &Expectation) -> Option<Result<(CapacityIndicator, Slice)>> {
        let declared = model.capacity.as_ref()?;
        let catalogue = self.slicer.release().catalogue();
        let found = || -> Result<Option<(CapacityIndicator, Slice)>> {
            let indicator = catalogue.indicator(declared.indicator.as_str())?;
            let period: Period = declared.period.unwrap_or(self.slice.period);
            let known = self
                .slicer
                .periods(indicator)
                .is_ok_and(|periods| periods.contains(&period));
            if !known {
                return Ok(None);
            }
            let slice = self
                .slicer
                .slice(indicator, period, Borders::On(self.slice.date), None)?;
            let capacity = CapacityIndicator {
                indicator: indicator.id.clone(),
                label: indicator.label.clone(),
                unit_symbol: unit_symbol(self.slicer.release().catalogue(), &indicator.unit),
                decimals: indicator.decimals,
                period,
            };
            Ok(Some((capacity, slice)))
        };
        found().transpose()
    }

    /// Variables of another period than the cost.
    fn fixed_periods(&self) -> Vec<Note> {
        let mut periods: BTreeMap<Period, Vec<Param>> = BTreeMap::new();
        for variable in self
            .variables
            .iter()
            .filter(|one| one.slice.period != self.slice.period)
        {
            let labels = periods.entry(variable.slice.period).or_default();
            labels.push(Param::from(&variable.indicator.label));
        }
        let note = |(period, labels): (Period, Vec<Param>)| {
            let message = Message::new("note.variable-period").with("period", period.to_string());
            notes::info(message.with("variables", Param::List(labels)))
        };
        periods.into_iter().map(note).collect()
    }

    fn notes(
        &self,
        fitted: &Fitted,
        asked: Option<usize>,
        capacity: Option<&(CapacityIndicator, Slice)>,
    ) -> Vec<Note> {
        let mut all = vec![notes::warning(Message::new("note.expected-indicative"))];
        all.push(notes::info(Message::new(match self.options.method {
            ExpectedMethod::Log => "note.expected-typical",
            ExpectedMethod::QuasiPoisson => "note.expected-mean",
        })));
        all.push(notes::info(Message::new("note.expected-not-in-model")));
        let capacity_note = match capacity {
            Some((capacity, _)) => Message::new("note.capacity-apart").with("capacity", &capacity.label),
            None => Message::new("note.capacity-not-need"),
        };
        all.push(notes::info(capacity_note));
        all.extend(self.fixed_periods());
        let gathered = Notes::new(self.slicer, self.indicator, self.slice);
        all.extend(asked.map(|index| gathered.of_area(index)).unwrap_or_default());
        if let Some(out) = asked.and_then(|index| {
            let code = self.slice.code(index)?;
            fitted.left_out.iter().find(|out| out.area.code == *code)
        }) {
            let message = Message::new("note.expected-outside").with("area", &out.area.name);
            all.push(notes::warning(message.with("reason", rendered(&out.reason))));
        }
        all.extend(left_out_notes(&fitted.left_out));
        let mut compared = fitted.areas();
        compared.extend(asked.filter(|index| compared.binary_search(index).is_err()));
        all.extend(Flags::new(self.slicer, self.indicator, self.slice).notes(&compared));
        all.extend(gathered.of_indicator());
        all
    }
}

/// A reason inside another message.
fn rendered(reason: &Message) -> Param {
    Param::Text(Text::each(|language| reason.render(language)))
}

/// Who did not enter the model, reason by reason.
fn left_out_notes(left_out: &[UnmodelledArea]) -> Vec<Note> {
    let mut reasons: BTreeMap<String, (&Message, Vec<Param>)> = BTreeMap::new();
    for out in left_out {
        let entry = reasons.entry(out.reason.render(Language::En));
        entry
            .or_insert_with(|| (&out.reason, Vec::new()))
            .1
            .push(Param::Text(out.area.name.clone()));
    }
    let note = |(reason, areas): (&Message, Vec<Param>)| {
        let message = Message::new("note.expected-left-out").with("reason", rendered(reason));
        notes::info(message.with("areas", Param::List(areas)))
    };
    reasons.into_values().map(note).collect()
}
