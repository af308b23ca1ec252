//! What a report tells, before it is put into words: answers of the verbs, and what there is no answer to.

use super::options::ReportOptions;
use crate::catalogue::UnitKind;
use crate::compare::{
    AreaLabel, CompareOptions, Comparison, Composition, CompositionGroup, CompositionOptions, GroupRow,
    IndicatorRow, Note, PeerGroup, Peers, PeersOptions, Trend, TrendOptions,
};
use crate::error::{Error, Result};
use crate::export::Citation;
use crate::language::{Message, Text};
use crate::model::{IndicatorId, Period};
use crate::panel::{Borders, PriceBasis};
use crate::release::Release;
use crate::territory::COUNTRY;

/// The word that stands for similar municipalities where groups are named.
const SIMILAR: &str = "similar";
/// What stands for a grouping where areas were named one by one.
const NAMED: &str = "areas";

/// An indicator of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The area among all, and beside its groups.
    pub comparison: Comparison,
    /// Whether the period is an earlier one than was asked for, because the indicator has none for that.
    pub earlier: bool,
}

/// An indicator of the catalogue that the report says nothing about.
#[derive(Debug, Clone, PartialEq)]
pub struct Absent {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its name.
    pub label: Text,
    /// Its first period, where the release has later ones than was asked for; `None` where it has no figures of it.
    pub first: Option<Period>,
}

/// The municipalities that are most like the area.
#[derive(Debug, Clone, PartialEq)]
pub enum SimilarAreas {
    /// Those found.
    Found(Box<Peers>),
    /// Why none could be found.
    Failed(Error),
    /// The report is held against other groups.
    NotAsked,
}

/// The answer of [`Release::report`].
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The area.
    pub area: AreaLabel,
    /// The title of the release.
    pub title: Text,
    /// The figures, the leading one first, the others by theme in the order of the catalogue.
    pub figures: Vec<Figure>,
    /// Indicators without figures.
    pub absent: Vec<Absent>,
    /// What the leading figure is made of; `None` where it is no sum.
    pub composition: Option<Composition>,
    /// Its parts over time, those that are indicators of their own.
    pub parts: Vec<Trend>,
    /// The leading figure over time, in the money of each year.
    pub nominal: Option<Trend>,
    /// The same in the money of one year; an error says why there is none, and nothing stands where the figure is no money.
    pub real: Option<Result<Trend>>,
    /// Similar municipalities.
    pub similar: SimilarAreas,
    /// How it is cited.
    pub citation: Citation,
    /// The release.
    pub release: String,
    /// What was asked, as a command line that asks it again.
    pub query: String,
}

impl Report {
    /// The leading figure.
    pub fn headline(&self) -> Option<&Comparison> {
        self.figures.first().map(|figure| &figure.comparison)
    }

    /// Notes of all figures, each once, the weightiest first, with the indicators that it is about; a note of all figures
    /// names none.
    pub(super) fn notes(&self) -> Vec<(&Note, Vec<&Comparison>)> {
        let mut found: Vec<(&Note, Vec<&Comparison>)> = Vec::new();
        for figure in &self.figures {
            for note in &figure.comparison.notes {
                match found.iter_mut().find(|(known, _)| known.message == note.message) {
                    Some((_, about)) => about.push(&figure.comparison),
                    None => found.push((note, vec![&figure.comparison])),
                }
            }
        }
        found.sort_by_key(|(note, _)| std::cmp::Reverse(note.severity));
        for (_, about) in &mut found {
            if about.len() == self.figures.len() {
                about.clear();
            }
        }
        found
    }
}

impl Release {
    /// Everything that a page about one area tells: its figures among all areas and beside its groups, the leading one over
    /// time in nominal and real prices, and the municipalities it is likened to.
    ///
    /// Every figure is an answer of [`Release::compare`], [`Release::trend`] or [`Release::peers`]; nothing is computed here.
    /// An indicator has the period asked for, or its last one before that; those that have none are named in
    /// [`Report::absent`].
    ///
    /// # Missing values
    /// A figure that the area lacks is part of the report, with its reason. Where no similar municipalities can be found and
    /// nobody asked for them, the report says why and goes without.
    ///
    /// # Errors
    /// [`Error::UnknownArea`]; [`Error::AreaNotInTerritory`] for an area that has ended, with its successor: with
    /// [`Borders::Then`] it has a report of the years in which it existed. Otherwise those of the three verbs.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::report::ReportOptions;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let report = release.report(ReportOptions::from("Karleby").with_period(2019))?;
    /// let own = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// assert_eq!(report.headline().unwrap().cell, own.cell);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn report(&self, options: impl Into<ReportOptions>) -> Result<Report> {
        let options = options.into();
        let asked = Asked::new(self, &options)?;
        let (rows, absent) = asked.indicators()?;
        let mut similar = SimilarAreas::NotAsked;
        let mut peers = asked.groups();
        if let Some(place) = peers.iter().position(|peer| is_similar(peer)) {
            similar = asked.similar(&peers[place], rows.first())?;
            asked.settle(&mut peers, place, &similar);
        }
        let mut figures = Vec::new();
        for (place, (row, period)) in rows.iter().enumerate() {
            figures.push(asked.figure(row, *period, (place == 0, &peers), &similar)?);
        }
        let (nominal, real) = match rows.first() {
            Some((row, period)) => asked.series(row, *period)?,
            None => (None, None),
        };
        let composition = match rows.first() {
            Some((row, period)) => asked.composition(row, *period, (&peers, &similar))?,
            None => None,
        };
        let parts = asked.parts(composition.as_ref())?;
        let query = asked.query();
        let provenance = self.provenance();
        Ok(Report {
            area: asked.area.clone(),
            title: provenance.title.clone(),
            citation: Citation::of_release(self).with_query(&query),
            release: self.id().to_owned(),
            figures,
            absent,
            composition,
            parts,
            nominal,
            real,
            similar,
            query,
        })
    }
}

fn is_similar(peer: &str) -> bool {
    PeersOptions::similar(peer, "").is_some()
}

/// An indicator with its period.
type Chosen = (IndicatorRow, Period);

/// A question, with its area found.
struct Asked<'r> {
    release: &'r Release,
    options: &'r ReportOptions,
    area: AreaLabel,
    /// The last day of an area that has ended, where it is asked for on the borders of its time.
    until: Option<crate::model::Date>,
}

impl<'r> Asked<'r> {
    fn new(release: &'r Release, options: &'r ReportOptions) -> Result<Self> {
        let territory = release.territory();
        let area = match options.borders {
            Borders::Now => territory.resolve_on(&options.area, territory.now())?,
            Borders::On(date) => territory.resolve_on(&options.area, date)?,
            Borders::Then => territory.resolve(&options.area)?,
        };
        Ok(Self {
            until: area.to.filter(|_| options.borders == Borders::Then),
            area: AreaLabel {
                code: area.code.clone(),
                name: area.name.clone(),
            },
            release,
            options,
        })
    }

    /// The indicators with the period of each, the leading one first; and those without figures.
    fn indicators(&self) -> Result<(Vec<Chosen>, Vec<Absent>)> {
        let all = self.release.indicators("").rows;
        let chosen = if self.options.indicators.is_empty() {
            all
        } else {
            let named = |id: &String| {
                let declared = self.release.catalogue().declaration(id)?;
                let found = all.iter().find(|row| row.declared.id == declared.id);
                Ok::<_, Error>(found.cloned())
            };
            let named: Vec<_> = self.options.indicators.iter().map(named).collect::<Result<_>>()?;
            named.into_iter().flatten().collect()
        };
        let mut rows = Vec::new();
        let mut absent = Vec::new();
        for row in chosen {
            match self.period(&row.periods) {
                Some(period) => rows.push((row, period)),
                None => absent.push(Absent {
                    indicator: row.declared.id.clone(),
                    label: row.declared.label.clone(),
                    first: row.periods.first().copied(),
                }),
            }
        }
        if self.options.indicators.is_empty() {
            let leading = rows
                .iter()
                .position(|(row, _)| row.declared.formula.contains('/'));
            let leading = leading.map(|place| rows.remove(place));
            rows.splice(0..0, leading);
        }
        Ok((rows, absent))
    }

    /// The period asked for, or the last one before it in which the area was there.
    fn period(&self, periods: &[Period]) -> Option<Period> {
        let before = |period: &&Period| {
            self.options.period.is_none_or(|asked| **period <= asked)
                && self.until.is_none_or(|until| period.last_day() <= until)
        };
        periods.iter().rev().find(before).copied()
    }

    /// What the area is held against.
    fn groups(&self) -> Vec<String> {
        if !self.options.peers.is_empty() {
            return self.options.peers.clone();
        }
        let usual = self.release.territory().document().peers.first().cloned();
        let mut peers: Vec<String> = usual.filter(|usual| usual != COUNTRY).into_iter().collect();
        if !self.release.catalogue().peer_models().is_empty() {
            peers.push(SIMILAR.to_owned());
        }
        peers.push(COUNTRY.to_owned());
        peers
    }

    /// The municipalities most like the area, by the usual model of the leading indicator or the one asked for.
    fn similar(&self, token: &str, leading: Option<&Chosen>) -> Result<SimilarAreas> {
        let Some(options) = PeersOptions::similar(token, self.area.code.as_str()) else {
            return Ok(SimilarAreas::NotAsked);
        };
        let mut options = options?;
        options.borders = match (self.options.borders, leading) {
            (Borders::Then, Some((_, period))) => {
                Borders::On(Borders::Then.date(self.release.territory(), *period)?)
            }
            (borders, _) => borders,
        };
        if let Some((row, period)) = leading {
            options = options.with_indicator(row.declared.id.as_str());
            options.period = Some(*period);
        }
        match self.release.peers(options) {
            Ok(found) => Ok(SimilarAreas::Found(Box::new(found))),
            Err(error) if self.options.peers.is_empty() => Ok(SimilarAreas::Failed(error)),
            Err(error) => Err(error),
        }
    }

    /// Puts the municipalities that were found in the place of the word for them, so that every figure is held against the
    /// same; beside areas that were named one by one the word stays, and stands for the same model.
    fn settle(&self, peers: &mut Vec<String>, place: usize, similar: &SimilarAreas) {
        let SimilarAreas::Found(found) = similar else {
            peers.remove(place);
            return;
        };
        let territory = self.release.territory();
        let is_group = |peer: &String| {
            let grouping = peer.split(':').next().unwrap_or_default();
            territory.is_grouping(grouping.trim()) || is_similar(peer)
        };
        if peers.iter().all(is_group) && peers.iter().filter(|peer| is_similar(peer)).count() == 1 {
            let codes = found.peers.iter().map(|peer| peer.area.code.to_string());
            peers.splice(place..=place, codes);
        } else if found.model.version > 0 {
            peers[place] = format!("{SIMILAR}:{}@{}", found.model.k, found.model.id);
        }
    }

    /// Where the similar municipalities stand among the groups.
    fn place_of_similar(&self) -> usize {
        let place = self.groups().iter().position(|peer| is_similar(peer));
        place.unwrap_or_default()
    }

    fn figure(
        &self,
        row: &IndicatorRow,
        period: Period,
        (leading, peers): (bool, &[String]),
        similar: &SimilarAreas,
    ) -> Result<Figure> {
        let mut peers = peers.to_vec();
        if leading && self.options.peers.is_empty() {
            let usual = self.release.territory().document().peers.iter();
            let more: Vec<String> = usual.filter(|name| !peers.contains(name)).cloned().collect();
            peers.extend(more);
        }
        let options = CompareOptions {
            area: self.area.code.to_string(),
            period: Some(period),
            borders: self.options.borders,
            peers,
            ..CompareOptions::default()
        };
        let mut comparison = self.release.compare(row.declared.id.as_str(), options)?;
        fn of(peer: &mut PeerGroup) -> (String, &mut GroupRow) {
            (peer.grouping.clone(), &mut peer.row)
        }
        settle_similar(&mut comparison.peers, of, self.place_of_similar(), similar);
        Ok(Figure {
            earlier: self.options.period.is_some_and(|asked| asked != period),
            comparison,
        })
    }

    /// What the leading figure is made of.
    fn composition(
        &self,
        row: &IndicatorRow,
        period: Period,
        (peers, similar): (&[String], &SimilarAreas),
    ) -> Result<Option<Composition>> {
        let options = CompositionOptions {
            area: self.area.code.to_string(),
            period: Some(period),
            peers: peers.to_vec(),
            borders: self.options.borders,
            as_of_year: None,
        };
        let found = match self.release.composition(row.declared.id.as_str(), options) {
            Err(Error::NoParts { .. }) => return Ok(None),
            found => found?,
        };
        let mut composition = found;
        fn of(group: &mut CompositionGroup) -> (String, &mut GroupRow) {
            (group.grouping.clone(), &mut group.row)
        }
        settle_similar(&mut composition.groups, of, self.place_of_similar(), similar);
        Ok(Some(composition))
    }

    /// The parts of the leading figure over time.
    fn parts(&self, composition: Option<&Composition>) -> Result<Vec<Trend>> {
        let parts = composition.into_iter().flat_map(|whole| {
            let ids = whole.parts.iter().filter_map(|part| part.indicator.as_ref());
            ids.map(|id| (id, whole.period))
        });
        let series = |(id, period): (&IndicatorId, Period)| {
            let mut options = TrendOptions::from(self.area.code.as_str());
            options.to = Some(period);
            options.borders = self.options.borders;
            self.release.trend(id.as_str(), options)
        };
        parts.map(series).collect()
    }

    /// The leading figure over time, nominal and real.
    fn series(&self, row: &IndicatorRow, period: Period) -> Result<(Option<Trend>, Option<Result<Trend>>)> {
        let id = row.declared.id.as_str();
        let mut options = TrendOptions::from(self.area.code.as_str());
        options.to = Some(period);
        options.borders = self.options.borders;
        let with_country = TrendOptions {
            group: Some(COUNTRY.to_owned()),
            ..options.clone()
        };
        let nominal = match self.release.trend(id, with_country) {
            Err(Error::MethodRefused { .. }) => self.release.trend(id, options.clone())?,
            found => found?,
        };
        let catalogue = self.release.catalogue();
        if catalogue.power_of(UnitKind::Money, &row.declared.unit) == 0 {
            return Ok((Some(nominal), None));
        }
        let basis = match &self.options.real {
            Some(basis) => Some(basis.clone()),
            None => self.basis(period),
        };
        let Some(basis) = basis else {
            return Ok((Some(nominal), None));
        };
        options.real = Some(basis);
        let real = self.release.trend(id, options);
        match real {
            Err(error) if self.options.real.is_some() => Err(error),
            real => Ok((Some(nominal), Some(real))),
        }
    }

    /// The first price index of the catalogue that has numbers, in the money of a year.
    fn basis(&self, period: Period) -> Option<PriceBasis> {
        let measures = self.release.catalogue().measures();
        let mut known = measures.filter(|measure| !self.release.periods(&measure.id).is_empty());
        let index = known.find_map(|measure| measure.price_index.as_ref())?;
        format!("{}@{}", index.name, period.calendar_year()).parse().ok()
    }

    fn query(&self) -> String {
        let mut query = format!("kultti report --area {}", self.area.code);
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                query.push_str(&format!(" --{name} {value}"));
            }
        };
        add(
            "period",
            self.options
                .period
                .map(|period| period.to_string())
                .unwrap_or_default(),
        );
        add("peers", self.options.peers.join(","));
        add("indicators", self.options.indicators.join(","));
        add(
            "territory",
            match self.options.borders {
                Borders::Then => "then".to_owned(),
                borders => borders.name(self.release.territory()),
            },
        );
        add(
            "real",
            self.options
                .real
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        );
        query
    }
}

/// Gives the group of the similar municipalities its name and its place among the groups: to the verbs it is one of areas
/// that were named one by one, which come last.
fn settle_similar<T>(
    groups: &mut [T],
    of: impl Fn(&mut T) -> (String, &mut GroupRow),
    place: usize,
    similar: &SimilarAreas,
) {
    let SimilarAreas::Found(found) = similar else {
        return;
    };
    let mut codes: Vec<&str> = found.peers.iter().map(|peer| peer.area.code.as_str()).collect();
    codes.sort_unstable();
    let mut at = None;
    for (index, group) in groups.iter_mut().enumerate() {
        let (grouping, row) = of(group);
        let mut members: Vec<&str> = row.group.as_str().split(',').collect();
        members.sort_unstable();
        if grouping == NAMED && members == codes {
            row.name = Text::each(|language| {
                Message::new("word.similar-areas")
                    .with("n", codes.len())
                    .render(language)
            });
            at = Some(index);
        }
    }
    if let Some(at) = at.filter(|at| *at > place) {
        groups[place..=at].rotate_right(1);
    }
}
