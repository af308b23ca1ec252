//! A round from its recipe: who is asked what, with everything that the recipe names looked up and checked.

use super::recipe::{Recipe, RecipeFile};
use super::{Asked, Before, Reporter, Round, RoundDocument, RuleFile, bytes_of, known};
use crate::catalogue::{Catalogue, Document};
use crate::error::{Error, Result};
use crate::language::{Language, near_matches};
use crate::model::{AreaCode, Date, Measure, MeasureId, Period};
use crate::panel::Borders;
use crate::release::Release;
use crate::source::read_text;
use crate::territory::{COUNTRY, Territory};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::Spanned;

impl Round {
    /// Makes a round of its recipe, `round.toml`, and of what a release knows from before.
    ///
    /// The recipe names the measures that are asked, the areas that are expected to answer (`areas`: codes, names,
    /// `grouping:group`, or `country` for all), the period, the days on which the round opens, is due and closes, the files of
    /// catalogues (without any, the release's catalogue) and of rules beside it, and the ledger. The borders are those in
    /// force on the last day of the period. The language of a form is that of the reporter's group in the grouping that
    /// `[languages]` names, else `default`, else Finnish.
    ///
    /// The release gives the inhabitants (of the period asked for, else of the latest year before it that has them), the size
    /// class, and the values of the same period a year before, on the borders of the round. A value that is missing there
    /// stays missing; where none is known, the round has no previous period.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::MalformedToml`], [`Error::InvalidField`], [`Error::MissingText`], [`Error::DuplicateId`],
    /// [`Error::UnknownReference`] for a measure, [`Error::RoundReference`] for an area, group or file, each with file and
    /// line; those of the catalogues; [`Error::ThenRefused`] for a period before the first known borders.
    ///
    /// ```
    /// use kultti_core::collection::{Form, FormFile, FormFormat, Round};
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// # let folder = std::env::temp_dir().join(format!("kultti-doc-round-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).expect("a folder");
    /// let recipe = folder.join("round.toml");
    /// std::fs::write(&recipe, r#"
    ///     schema = 1
    ///     id = "libraries-2019"
    ///     label = { fi = "Kirjastot 2019", sv = "Biblioteken 2019", en = "Libraries 2019" }
    ///     instructions = { fi = "Luvut tilinpäätöksestä.", sv = "Tal ur bokslutet.", en = "Figures of the accounts." }
    ///     contact = "collection@example.org"
    ///     period = "2019"
    ///     opens = "2020-03-01"
    ///     due = "2020-04-30"
    ///     areas = ["Kokkola", "region:15"]
    ///     source = "municipal_finance"
    ///     languages = { grouping = "language", sv = ["2", "3"] }
    ///     measure = [{ id = "library.net_operating_cost" }, { id = "library.visits", required = false }]
    /// "#).expect("written");
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let round = Round::define(&recipe, &release)?;
    /// let kokkola = round.resolve("Karleby")?;
    /// let before = round.before(&kokkola.area).expect("known");
    /// assert_eq!(before.previous, [Some(2_704_000.0), None]);
    ///
    /// let form = Form::new(&round, &kokkola.area, Language::Sv)?.to_bytes(FormFormat::Xlsx)?;
    /// let answers = FormFile::from_bytes("kokkola.xlsx", form)?.answers(&round)?;
    /// assert!(answers.answers.iter().all(|answer| answer.figure.value.is_none()));
    /// # std::fs::remove_dir_all(&folder).expect("removed");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn define(path: impl AsRef<Path>, release: &Release) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = read_text(path)?;
        let file = RecipeFile::read(&name, &text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let document = Definition {
            file,
            folder,
            release,
        }
        .document()?;
        let bytes = bytes_of(&document)?;
        Self::checked(&name, document, &bytes)
    }
}

/// What a round is made of.
struct Definition<'a> {
    file: RecipeFile<'a>,
    folder: &'a Path,
    release: &'a Release,
}

impl Definition<'_> {
    fn recipe(&self) -> &Recipe {
        &self.file.recipe
    }

    fn period(&self) -> Period {
        *self.recipe().period.get_ref()
    }

    fn document(&self) -> Result<RoundDocument> {
        let catalogue = self.catalogue()?;
        let catalogue = catalogue.as_ref().unwrap_or(self.release.catalogue());
        let measures = self.measures(catalogue)?;
        let source = self.source(catalogue, &measures)?;
        let territory = self.release.territory();
        let day = Borders::Then.date(territory, self.period())?;
        let reporters = self.reporters(day)?;
        let asked: Vec<MeasureId> = measures.iter().map(|measure| measure.id.clone()).collect();
        let (previous_period, before) = self.before(&asked, day)?;
        let recipe = self.recipe();
        let required = recipe.measures.iter().map(|asked| asked.required);
        Ok(RoundDocument {
            schema: 1,
            id: recipe.id.get_ref().clone(),
            label: recipe.label.get_ref().clone(),
            instructions: recipe.instructions.get_ref().clone(),
            contact: recipe.contact.get_ref().clone(),
            period: self.period(),
            territory: borders_since(territory, day),
            scenario: recipe.scenario,
            opens: *recipe.opens.get_ref(),
            due: *recipe.due.get_ref(),
            closes: recipe.closes.as_ref().map(|closes| *closes.get_ref()),
            ledger: recipe.ledger.clone(),
            asked: asked
                .into_iter()
                .zip(required)
                .map(|(measure, required)| Asked { measure, required })
                .collect(),
            reporters,
            catalogue: excerpt(catalogue.header(), &measures, &source),
            rules: self.rules()?,
            source,
            release: self.release.id().to_owned(),
            previous_period,
            before,
        })
    }

    /// The catalogue of the files that the recipe names; `None` where it names none.
    fn catalogue(&self) -> Result<Option<Catalogue>> {
        let mut whole: Option<Document> = None;
        for file in &self.recipe().catalogues {
            let path = self.folder.join(file.get_ref());
            let document = Catalogue::load(&path)?.document().clone();
            whole = Some(match whole {
                None => document,
                Some(mut joined) => {
                    joined.join(document).map_err(|id| Error::DuplicateId {
                        path: path.display().to_string(),
                        line: read_text(&path).map_or(1, |text| crate::source::line_declaring(&text, &id)),
                        id,
                    })?;
                    joined
                }
            });
        }
        whole.map(Catalogue::from_document).transpose()
    }

    /// The measures asked, each of which must be one that people can give a figure for in this period.
    fn measures<'c>(&self, catalogue: &'c Catalogue) -> Result<Vec<&'c Measure>> {
        let known: Vec<&MeasureId> = catalogue.measures().map(|measure| &measure.id).collect();
        let period = self.period();
        let found = self.recipe().measures.iter().map(|asked| {
            let id = MeasureId::from(asked.id.get_ref().as_str());
            let measure = catalogue
                .measure(&id)
                .ok_or_else(|| self.file.unknown_measure(&asked.id, &known))?;
            let refused = |expected: &str, found: String| {
                Err(self
                    .file
                    .invalid(&asked.id, "measure", expected, &format!("{id}: {found}")))
            };
            if !measure.valid.contains(period) {
                return refused(&format!("a measure valid in {period}"), measure.valid.to_string());
            }
            if measure.derived.is_some() {
                return refused("a measure that is observed", "derived".to_owned());
            }
            match known::same_unit(self.release, measure) {
                Ok(()) => Ok(measure),
                Err((expected, found)) => refused(&format!("the unit {expected} of the release"), found),
            }
        });
        let found = found.collect::<Result<Vec<_>>>()?;
        if found.is_empty() {
            let id = &self.recipe().id;
            return Err(self.file.invalid(id, "measure", "at least one [[measure]]", ""));
        }
        Ok(found)
    }

    /// The register that the answers are published as.
    fn source(&self, catalogue: &Catalogue, measures: &[&Measure]) -> Result<String> {
        let known: Vec<&str> = catalogue
            .header()
            .sources
            .iter()
            .map(|source| source.id.as_str())
            .collect();
        if let Some(asked) = &self.recipe().source {
            let id = asked.get_ref();
            if known.contains(&id.as_str()) {
                return Ok(id.clone());
            }
            let near = near_matches(id, known.iter().copied(), 3);
            let expected = if near.is_empty() {
                known.join(", ")
            } else {
                near.join(", ")
            };
            return Err(self.file.invalid(asked, "source", &expected, id));
        }
        let of_measures: BTreeSet<&str> = measures.iter().map(|measure| measure.source.as_str()).collect();
        match of_measures.first() {
            Some(only) if of_measures.len() == 1 => Ok((*only).to_owned()),
            _ => {
                let expected = format!("source = one of {}", known.join(", "));
                Err(self.file.invalid(&self.recipe().id, "source", &expected, ""))
            }
        }
    }

    /// The reporters by code, each once.
    fn reporters(&self, day: Date) -> Result<Vec<Reporter>> {
        let territory = self.release.territory();
        let mut codes = BTreeSet::new();
        for entry in &self.recipe().areas {
            codes.extend(self.areas(entry, day)?);
        }
        if codes.is_empty() {
            let id = &self.recipe().id;
            return Err(self.file.invalid(id, "areas", "at least one area", ""));
        }
        let languages = self.languages(day)?;
        let reporter = |code: AreaCode| Reporter {
            name: territory
                .area(code.as_str())
                .map_or_else(Default::default, |area| area.name.clone()),
            language: languages
                .get(&code)
                .copied()
                .unwrap_or(self.default_language())
                .code()
                .to_owned(),
            area: code,
        };
        Ok(codes.into_iter().map(reporter).collect())
    }

    fn default_language(&self) -> Language {
        let code = self.recipe().languages.default.as_ref();
        code.and_then(|code| Language::of_code(code.get_ref()))
            .unwrap_or_default()
    }

    /// The areas that an entry names: all of the country, those of a group, or one.
    fn areas(&self, entry: &Spanned<String>, day: Date) -> Result<Vec<AreaCode>> {
        let territory = self.release.territory();
        let text = entry.get_ref().trim();
        if text == COUNTRY {
            return Ok(territory.areas_on(day).codes().to_vec());
        }
        let because = |error: Error| self.file.because(entry, error.message());
        match text.split_once(':') {
            Some((grouping, group)) => self.members(grouping, group, day).map_err(because),
            None => {
                let area = territory.resolve_on(text, day).map_err(because)?;
                Ok(vec![area.code.clone()])
            }
        }
    }

    /// The areas of a group on a day.
    fn members(&self, grouping: &str, group: &str, day: Date) -> Result<Vec<AreaCode>> {
        let territory = self.release.territory();
        let year = self.period().calendar_year();
        let group = territory.group(grouping, group, year)?;
        if territory.is_size(grouping) {
            let people = known::inhabitants(self.release, self.period(), day)?;
            let class = |persons: f64| {
                let class = territory.size_class(persons)?;
                Some(territory.groups(grouping, year).ok()?.get(class)?.code.clone())
            };
            let of_class = |(_, persons): &(AreaCode, Option<f64>)| {
                persons.and_then(class).is_some_and(|code| code == group.code)
            };
            let members = people.into_iter().filter(of_class);
            return Ok(members.map(|(code, _)| code).collect());
        }
        let assigned = territory.assignment(grouping, day, year)?;
        let place = assigned.groups.iter().position(|known| known.code == group.code);
        let areas = territory.areas_on(day);
        let codes = areas.codes().iter().zip(&assigned.of);
        let members = codes.filter(|(_, of)| of.is_some() && **of == place);
        Ok(members.map(|(code, _)| code.clone()).collect())
    }

    /// The language of the areas whose group has one.
    fn languages(&self, day: Date) -> Result<BTreeMap<AreaCode, Language>> {
        let languages = &self.recipe().languages;
        let mut found = BTreeMap::new();
        for (language, group) in languages.groups() {
            let Some(grouping) = &languages.grouping else {
                let expected = "the grouping of the groups listed under fi, sv and en";
                return Err(self.file.invalid(group, "languages.grouping", expected, ""));
            };
            let members = self.members(grouping.get_ref(), group.get_ref(), day);
            let members = members.map_err(|error| self.file.because(group, error.message()))?;
            found.extend(members.into_iter().map(|area| (area, language)));
        }
        Ok(found)
    }

    /// The texts of the files of rules.
    fn rules(&self) -> Result<Vec<RuleFile>> {
        let read = |file: &Spanned<String>| {
            let path = self.folder.join(file.get_ref());
            let text = read_text(&path).map_err(|error| self.file.because(file, error.message()))?;
            let name = path.file_name().unwrap_or(path.as_os_str());
            Ok(RuleFile {
                name: name.to_string_lossy().into_owned(),
                text,
            })
        };
        self.recipe().rules.iter().map(read).collect()
    }

    /// What is known of every area of the country, and the period that the values are of.
    fn before(&self, asked: &[MeasureId], day: Date) -> Result<(Option<Period>, Vec<Before>)> {
        let period = known::year_before(self.period());
        let before = known::of_every_area(self.release, (asked, period), (self.period(), day))?;
        let any = before
            .iter()
            .any(|area| area.previous.iter().any(Option::is_some));
        Ok((any.then_some(period), before))
    }
}

/// The first day on which the borders of a day hold.
fn borders_since(territory: &Territory, day: Date) -> Date {
    let changes = territory.document().changes.iter().map(|change| change.date);
    changes
        .filter(|change| *change <= day)
        .max()
        .unwrap_or(territory.first())
}

/// The catalogue of the measures asked: they themselves in the order asked, with their themes, sources, units and functions.
fn excerpt(header: &Document, measures: &[&Measure], source: &str) -> Document {
    let mut excerpt = header.clone();
    excerpt.indicators = Vec::new();
    excerpt.peer_models = Vec::new();
    excerpt.expectations = Vec::new();
    excerpt.pairs = Vec::new();
    excerpt.scopes = Vec::new();
    let used = |of: &dyn Fn(&Measure) -> bool| measures.iter().any(|measure| of(measure));
    excerpt
        .themes
        .retain(|theme| used(&|measure| measure.theme.as_deref() == Some(&theme.id)));
    excerpt
        .sources
        .retain(|known| known.id == source || used(&|measure| measure.source == known.id));
    excerpt.functions.retain(|function| {
        used(&|measure| {
            measure
                .function
                .as_ref()
                .is_some_and(|id| id.as_str() == function.id)
        })
    });
    excerpt
        .units
        .retain(|unit| used(&|measure| measure.unit.power(&unit.id) != 0));
    excerpt.measures = measures.iter().map(|measure| (*measure).clone()).collect();
    excerpt
}
