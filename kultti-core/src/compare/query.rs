//! A question as it can be put again: the verb, the indicator and every option that was not left as it is, written as a
//! command line. What was left open (the last period, the borders of the release) is written out, so that the same release
//! answers the same in ten years.

use super::change::ChangeOptions;
use super::composition::CompositionOptions;
use super::cost_per_use::CostPerUseOptions;
use super::expected::ExpectedOptions;
use super::inequality::InequalityOptions;
use super::intervals::{FunnelDispersion, IntervalsOptions};
use super::options::{Chain, CompareOptions, ExplainOptions, GroupsOptions, RankOptions, TrendOptions};
use super::peers::PeersOptions;
use super::result::{AreaLabel, Context};
use super::standing::Bands;
use crate::model::{Aggregate, AreaCode, Indicator, Period};
use crate::stats::Order;
use crate::territory::Territory;
use std::fmt::Display;

/// A command line that is being written.
pub(super) struct Query(String);

impl Query {
    fn new(verb: &str, indicator: Option<&str>) -> Self {
        let indicator = indicator.map(|id| format!(" {}", quoted(id)));
        Self(format!("kultti {verb}{}", indicator.unwrap_or_default()))
    }

    fn of(verb: &str, indicator: &Indicator) -> Self {
        Self::new(verb, Some(indicator.id.as_str()))
    }

    /// Adds an option with its value; nothing without one.
    fn with(mut self, name: &str, value: Option<impl Display>) -> Self {
        if let Some(value) = value {
            let dashes = if name.len() == 1 { "-" } else { "--" };
            self.0
                .push_str(&format!(" {dashes}{name} {}", quoted(&value.to_string())));
        }
        self
    }

    /// Adds an option that takes several values; nothing without any.
    fn list(self, name: &str, values: &[impl Display]) -> Self {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        self.with(name, Some(values.join(",")).filter(|values| !values.is_empty()))
    }

    /// Adds an option that stands alone.
    fn switch(mut self, name: &str, on: bool) -> Self {
        if on {
            self.0.push_str(&format!(" --{name}"));
        }
        self
    }
}

/// A word of a command line, in quotation marks where the shell would take it apart.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "._-:,@+=/%".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

impl Context {
    /// Writes down what was asked.
    pub(super) fn asked(mut self, query: Query) -> Self {
        self.query = query.with("territory", Some(&self.territory)).0;
        self
    }
}

impl CompareOptions {
    pub(super) fn query(&self, indicator: &Indicator, area: &AreaLabel, period: Period) -> Query {
        let source = match &self.bands {
            Some(Bands::Absolute { source, .. }) => source.as_ref(),
            _ => None,
        };
        Query::of("compare", indicator)
            .with("area", Some(&area.code))
            .with("period", Some(period))
            .list("peers", &self.peers)
            .with("aggregate", self.aggregate.map(Aggregate::name))
            .with("as-of-year", self.as_of_year)
            .with("real", self.real.as_ref())
            .with("bands", self.bands.as_ref())
            .with("bands-source", source)
            .switch("list", self.list)
            .with("intervals", self.intervals.map(|level| level.name()))
            .switch("three-year", self.three_year)
    }
}

impl RankOptions {
    pub(super) fn query(&self, indicator: &Indicator, order: Order, period: Period) -> Query {
        let order = if order == Order::Ascending { "asc" } else { "desc" };
        Query::of("rank", indicator)
            .with("period", Some(period))
            .with("within", self.within.as_ref())
            .with("order", Some(order))
            .with("as-of-year", self.as_of_year)
            .switch("three-year", self.three_year)
    }
}

impl GroupsOptions {
    pub(super) fn query(&self, indicator: &Indicator, period: Period) -> Query {
        Query::of("groups", indicator)
            .with("by", Some(&self.by))
            .with("period", Some(period))
            .with("aggregate", self.aggregate.map(Aggregate::name))
            .with("as-of-year", self.as_of_year)
            .with("intervals", self.intervals.map(|level| level.name()))
    }
}

impl ChangeOptions {
    pub(super) fn query(&self, indicator: &Indicator, (from, to): (Period, Period)) -> Query {
        Query::of("change", indicator)
            .with("by", Some(&self.by))
            .with("from", Some(from))
            .with("to", Some(to))
            .with("method", Some(self.method))
            .with("panel", Some(self.panel))
            .with("real", self.real.as_ref())
            .with("as-of-year", self.as_of_year)
            .switch("list", self.list)
    }
}

impl TrendOptions {
    pub(super) fn query(&self, territory: &Territory, indicator: &Indicator, periods: &[Period]) -> Query {
        let areas = self.areas.iter().filter_map(|text| territory.resolve(text).ok());
        let areas: Vec<&AreaCode> = areas.map(|area| &area.code).collect();
        let chain = self.chain.map(|chain| match chain {
            Chain::Stated => "stated".to_owned(),
            Chain::Factor(factor) => factor.to_string(),
        });
        Query::of("trend", indicator)
            .list("area", &areas)
            .with("from", periods.first())
            .with("to", periods.last())
            .with("real", self.real.as_ref())
            .with("index", self.index)
            .with("chain", chain)
            .with("group", self.group.as_ref())
            .switch("three-year", self.three_year)
    }
}

impl InequalityOptions {
    pub(super) fn query(&self, indicator: &Indicator, period: Period) -> Query {
        Query::of("inequality", indicator)
            .with("by", self.by.as_ref())
            .with("period", Some(period))
            .with("real", self.real.as_ref())
            .with("as-of-year", self.as_of_year)
    }
}

impl IntervalsOptions {
    pub(super) fn query(&self, indicator: &Indicator, period: Period) -> Query {
        let funnel = self.funnel.map(|funnel| match funnel {
            FunnelDispersion::Auto => "auto",
            FunnelDispersion::As(form) => form.name(),
        });
        Query::of("intervals", indicator)
            .with("by", self.by.as_ref())
            .with("within", self.within.as_ref())
            .with("period", Some(period))
            .with("level", Some(self.level.name()))
            .with("method", self.method.map(|method| method.name()))
            .with("funnel", funnel)
            .list("test", &self.test)
            .with("as-of-year", self.as_of_year)
    }
}

impl ExpectedOptions {
    pub(super) fn query(&self, indicator: &Indicator, area: Option<&AreaLabel>, period: Period) -> Query {
        Query::of("expected", indicator)
            .with("area", area.map(|area| &area.code))
            .with("period", Some(period))
            .list("variables", &self.variables)
            .with("method", Some(self.method.name()))
            .with("level", Some(self.level))
    }
}

impl CostPerUseOptions {
    pub(super) fn query(&self, indicator: &Indicator, area: &AreaLabel, period: Period) -> Query {
        Query::of("cost-per-use", indicator)
            .with("area", Some(&area.code))
            .with("period", Some(period))
            .list("peers", &self.peers)
            .with("as-of-year", self.as_of_year)
    }
}

impl CompositionOptions {
    pub(super) fn query(&self, indicator: &Indicator, area: &AreaLabel, period: Period) -> Query {
        Query::of("composition", indicator)
            .with("area", Some(&area.code))
            .with("period", Some(period))
            .list("peers", &self.peers)
            .with("as-of-year", self.as_of_year)
    }
}

impl ExplainOptions {
    pub(super) fn query(&self, indicator: &Indicator, area: &AreaLabel, period: Period) -> Query {
        Query::of("explain", indicator)
            .with("area", Some(&area.code))
            .with("period", Some(period))
            .with("real", self.real.as_ref())
    }
}

impl PeersOptions {
    pub(super) fn query(&self, area: &AreaLabel, period: Period) -> Query {
        Query::new("peers", self.indicator.as_deref())
            .with("area", Some(&area.code))
            .with("model", self.model.as_ref())
            .list("variables", &self.variables)
            .list("log", &self.log)
            .with("candidates", self.candidates.as_ref())
            .with("k", self.k)
            .with("max-distance", self.max_distance)
            .with("period", Some(period))
            .with("as-of-year", self.as_of_year)
    }
}
