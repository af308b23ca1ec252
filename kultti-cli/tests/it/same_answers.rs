//! 500 questions give the same records through the library and at a shell; the Python test of the same name asks the package.
//! `tests/questions/make.py` draws them.

use super::kultti;
use kultti_core::compare::{
    Bands, ChangeOptions, CompareOptions, CompositionOptions, CostPerUseOptions, ExpectedOptions,
    ExplainOptions, GroupsOptions, InequalityOptions, IntervalsOptions, Order, PeersOptions, RankOptions,
    TrendOptions,
};
use kultti_core::export::Export;
use kultti_core::language::Language;
use kultti_core::model::Period;
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use kultti_core::{Error, Result};
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::str::FromStr;

const QUESTIONS: &str = include_str!("../questions/questions.jsonl");

/// A question as it is typed: its verb and options.
struct Question(Map<String, Value>);

impl Question {
    fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn needed(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::Array(items)) => {
                let texts = items.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            _ => self.text(name).into_iter().collect(),
        }
    }

    fn is_set(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn read<T: FromStr<Err = Error>>(&self, name: &str) -> Result<Option<T>> {
        self.text(name).map(|text| text.parse()).transpose()
    }

    fn or_usual<T: FromStr<Err = Error> + Default>(&self, name: &str) -> Result<T> {
        Ok(self.read(name)?.unwrap_or_default())
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    fn order(&self) -> Option<Order> {
        Some(match self.text("order")?.as_str() {
            "asc" => Order::Ascending,
            _ => Order::Descending,
        })
    }

    /// The words of the command line.
    fn typed(&self) -> Vec<String> {
        let mut words = vec!["kultti".to_owned(), self.needed("verb")];
        for (name, value) in &self.0 {
            match (name.as_str(), value) {
                ("verb", _) => {}
                ("indicator" | "search", _) => words.push(self.needed(name)),
                ("k", _) => words.extend(["-k".to_owned(), self.needed(name)]),
                (_, Value::Bool(_)) => words.push(format!("--{name}")),
                _ => words.extend([format!("--{name}"), self.list(name).join(",")]),
            }
        }
        words.extend(["--lang", "en", "--error-format", "json"].map(str::to_owned));
        words
    }

    /// The answer of the library.
    #[expect(clippy::too_many_lines, reason = "one arm for each verb, with its options")]
    fn asked(&self, release: &Release) -> Result<Value> {
        let indicator = self.needed("indicator");
        let json = |result: &dyn Export| Ok(result.json(Language::En));
        let borders: Borders = self.or_usual("territory")?;
        let period: Option<Period> = self.read("period")?;
        let (from, to) = (self.read("from")?, self.read("to")?);
        let (area, peers) = (self.needed("area"), self.list("peers"));
        let (real, as_of_year) = (self.read("real")?, self.number("as-of-year"));
        let (list, three_year) = (self.is_set("list"), self.is_set("three-year"));
        let by = self.text("by");
        match self.needed("verb").as_str() {
            "compare" => json(&release.compare(
                &indicator,
                CompareOptions {
                    area,
                    period,
                    peers,
                    borders,
                    aggregate: self.read("aggregate")?,
                    as_of_year,
                    real,
                    bands: self.read::<Bands>("bands")?,
                    list,
                    intervals: self.read("intervals")?,
                    three_year,
                },
            )?),
            "rank" => json(&release.rank(
                &indicator,
                RankOptions {
                    period,
                    within: self.text("within"),
                    order: self.order(),
                    borders,
                    as_of_year,
                    three_year,
                },
            )?),
            "groups" => json(&release.groups(
                &indicator,
                GroupsOptions {
                    by: by.unwrap_or_default(),
                    period,
                    aggregate: self.read("aggregate")?,
                    borders,
                    as_of_year,
                    intervals: self.read("intervals")?,
                },
            )?),
            "change" => json(&release.change(
                &indicator,
                ChangeOptions {
                    by: by.unwrap_or_else(|| "country".to_owned()),
                    from,
                    to,
                    borders,
                    real,
                    method: self.or_usual("method")?,
                    panel: self.or_usual("panel")?,
                    as_of_year,
                    list,
                },
            )?),
            "trend" => json(&release.trend(
                &indicator,
                TrendOptions {
                    areas: self.list("area"),
                    from,
                    to,
                    borders,
                    real,
                    index: match self.text("index").as_deref() {
                        None | Some("first") => None,
                        Some(period) => Some(period.parse()?),
                    },
                    chain: self.read("chain")?,
                    group: self.text("group"),
                    three_year,
                },
            )?),
            "inequality" => json(&release.inequality(
                &indicator,
                InequalityOptions {
                    by,
                    period,
                    borders,
                    as_of_year,
                    real,
                },
            )?),
            "explain" => json(&release.explain(
                &indicator,
                ExplainOptions {
                    area,
                    period,
                    borders,
                    real,
                },
            )?),
            "composition" => json(&release.composition(
                &indicator,
                CompositionOptions {
                    area,
                    period,
                    peers,
                    borders,
                    as_of_year,
                },
            )?),
            "cost-per-use" => json(&release.cost_per_use(
                &indicator,
                CostPerUseOptions {
                    area,
                    period,
                    peers,
                    borders,
                    as_of_year,
                },
            )?),
            _ => self.asked_more(release, (period, borders)),
        }
    }

    /// The verbs with options of their own.
    fn asked_more(&self, release: &Release, (period, borders): (Option<Period>, Borders)) -> Result<Value> {
        let indicator = self.needed("indicator");
        let json = |result: &dyn Export| Ok(result.json(Language::En));
        let as_of_year = self.number("as-of-year");
        match self.needed("verb").as_str() {
            "peers" => json(&release.peers(PeersOptions {
                area: self.needed("area"),
                indicator: Some(indicator),
                model: self.text("model"),
                variables: self.list("variables"),
                log: self.list("log"),
                candidates: self.text("candidates"),
                k: self.number("k"),
                max_distance: self.number("max-distance"),
                period,
                borders,
                as_of_year,
            })?),
            "expected" => {
                let variables = self.list("variables").into_iter();
                let variables = variables.map(|text| text.parse()).collect::<Result<_>>()?;
                json(&release.expected(
                    &indicator,
                    ExpectedOptions {
                        area: self.text("area"),
                        period,
                        variables,
                        method: self.or_usual("method")?,
                        level: self.number("level").unwrap_or(95.0),
                        borders,
                    },
                )?)
            }
            "intervals" => json(&release.intervals(
                &indicator,
                IntervalsOptions {
                    period,
                    by: self.text("by"),
                    within: self.text("within"),
                    level: self.or_usual("level")?,
                    method: self.read("method")?,
                    funnel: self.read("funnel")?,
                    test: self.list("test"),
                    borders,
                    as_of_year,
                },
            )?),
            "indicators" => json(&release.indicators(&self.needed("search"))),
            "areas" => json(&release.areas(&self.needed("search"))),
            other => Err(Error::InvalidArgument {
                name: "verb".into(),
                expected: "a verb".into(),
                found: other.into(),
            }),
        }
    }
}

#[test]
fn the_library_and_the_shell_give_the_same_records() {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answer.json");
    let (mut answers, mut errors) = (0, 0);
    for line in QUESTIONS.lines() {
        let question = Question(serde_json::from_str(line).expect("JSON"));
        let typed = question.typed();
        match question.asked(&release) {
            Ok(Value::Array(rows)) if rows.is_empty() && question.is_set("search") => {
                // A list without entries is an answer of the library, and nothing to show at a shell.
                let output = run(&typed);
                assert_eq!(output.status.code(), Some(4), "{line}");
            }
            Ok(record) => {
                answers += 1;
                let mut words: Vec<OsString> = typed.iter().map(OsString::from).collect();
                words.extend([OsString::from("-o"), path.clone().into_os_string()]);
                assert_eq!(kultti_cli::run(words), 0, "{line}");
                let text = std::fs::read_to_string(&path).expect("an answer");
                let shell: Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(shell, record, "{line}");
            }
            Err(error) => {
                errors += 1;
                let output = run(&typed);
                let said: Value = serde_json::from_slice(&output.stderr).expect("JSON");
                assert_eq!(said["code"], error.code(), "{line}: {error}");
                assert!(output.stdout.is_empty(), "{line}");
            }
        }
    }
    assert!(answers > 250 && errors > 50, "{answers} answers, {errors} errors");
}

fn run(typed: &[String]) -> std::process::Output {
    let words: Vec<&str> = typed.iter().skip(1).map(String::as_str).collect();
    kultti(&words).output().expect("the program starts")
}
