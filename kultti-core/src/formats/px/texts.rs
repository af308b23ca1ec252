//! The texts of a cube as a PX file can have them: in every language, without quotes, each naming one thing.

use super::encoding::Codepage;
use super::foreign::{At, Foreign};
use crate::formats::{Cube, Dimension, Labels, Warning};
use crate::language::Message;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The names of a variable and its values in one language.
#[derive(Debug, Default)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    /// Which values another one equals.
    ambiguous: HashSet<usize>,
}

/// All texts, made fit.
pub(super) struct Texts {
    /// Languages of the file, and what the cube calls each of them.
    pub(super) languages: Vec<(String, String)>,
    /// By language and dimension.
    pub(super) variables: Vec<Vec<Variable>>,
    /// By dimension: its code and those of its categories.
    pub(super) codes: Vec<(String, Vec<String>)>,
    pub(super) content: Option<usize>,
    /// Where a code of the cube stands.
    places: HashMap<String, (usize, HashMap<String, usize>)>,
    fit: Fit,
}

/// Makes texts fit, and remembers the first of each sort that had to change.
struct Fit {
    codepage: Codepage,
    changed: BTreeMap<&'static str, (usize, String)>,
}

impl Fit {
    fn count(&mut self, code: &'static str, text: &str) {
        let (count, _) = self.changed.entry(code).or_insert_with(|| (0, text.to_owned()));
        *count += 1;
    }

    /// A text on one line.
    fn line(&mut self, text: &str) -> String {
        if text.contains(['\n', '\r']) {
            self.count("warning.px-line-break", text.lines().next().unwrap_or_default());
            let text = text
                .split(['\n', '\r'])
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>();
            return self.quotes(&text.join(" "));
        }
        self.quotes(text)
    }

    /// PX has no way to write a quotation mark inside a text.
    fn quotes(&mut self, text: &str) -> String {
        if !text.contains('"') {
            return text.to_owned();
        }
        self.count("warning.px-quotes", text);
        let mark = if self.codepage.encode("”").is_ok() {
            "”"
        } else {
            "'"
        };
        text.replace('"', mark)
    }
}

impl Texts {
    pub(super) fn new(cube: &Cube, languages: &[String], codepage: Codepage) -> Self {
        let mut texts = Self {
            languages: chosen(cube, languages),
            variables: Vec::new(),
            codes: Vec::new(),
            content: None,
            places: HashMap::new(),
            fit: Fit {
                codepage,
                changed: BTreeMap::new(),
            },
        };
        let mut known = HashSet::new();
        for (place, dimension) in cube.dimensions.iter().enumerate() {
            texts.add_codes(place, dimension, &mut known);
        }
        for language in 0..texts.languages.len() {
            let mut names = HashSet::new();
            let variables = cube.dimensions.iter().enumerate();
            let variables =
                variables.map(|(place, dimension)| texts.variable(language, place, dimension, &mut names));
            let variables = variables.collect();
            texts.variables.push(variables);
        }
        texts
    }

    fn add_codes(&mut self, place: usize, dimension: &Dimension, known: &mut HashSet<String>) {
        let code = unique(known, self.fit.line(&dimension.code));
        let mut own = HashSet::new();
        let codes = dimension
            .categories
            .iter()
            .map(|category| unique(&mut own, self.fit.line(&category.code)));
        let codes = codes.collect();
        let places = dimension.categories.iter().enumerate();
        let places = places
            .map(|(place, category)| (category.code.clone(), place))
            .collect();
        self.places.insert(dimension.code.clone(), (place, places));
        self.codes.push((code, codes));
    }

    fn variable(
        &mut self,
        language: usize,
        place: usize,
        dimension: &Dimension,
        names: &mut HashSet<String>,
    ) -> Variable {
        let (code, codes) = self.codes.get(place).cloned().unwrap_or_default();
        let name = self
            .label(language, &dimension.label)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| code.clone());
        let name = if names.contains(&name) {
            format!("{name} ({code})")
        } else {
            name
        };
        let mut variable = Variable {
            name: unique(names, name),
            ..Variable::default()
        };
        for (category, code) in dimension.categories.iter().zip(&codes) {
            let value = self
                .label(language, &category.label)
                .unwrap_or_else(|| code.clone());
            variable.values.push(value);
        }
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (place, value) in variable.values.iter().enumerate() {
            if let Some(before) = first.insert(value, place) {
                variable.ambiguous.extend([before, place]);
            }
        }
        // A value that another one equals is named by its code, which then must not be a third one's text.
        let of_other = |place: &usize| {
            codes
                .get(*place)
                .is_some_and(|code| first.get(code.as_str()).is_some_and(|at| at != place))
        };
        if variable.ambiguous.iter().any(of_other) {
            let mut ambiguous: Vec<usize> = variable.ambiguous.drain().collect();
            ambiguous.sort_unstable();
            let mut used: HashSet<String> = variable.values.iter().cloned().collect();
            for place in ambiguous {
                if let (Some(value), Some(code)) = (variable.values.get_mut(place), codes.get(place)) {
                    self.fit.count("warning.px-ambiguous", value);
                    *value = unique(&mut used, format!("{value} ({code})"));
                }
            }
        }
        variable
    }

    /// A label on one line; where the language has none, that of another. `None` without any.
    fn label(&mut self, language: usize, labels: &Labels) -> Option<String> {
        let text = self.in_language(language, labels)?;
        Some(self.fit.line(&text))
    }

    fn in_language(&mut self, language: usize, labels: &Labels) -> Option<String> {
        let (_, key) = self.languages.get(language)?;
        if let Some(text) = labels.get(key) {
            return Some(text.to_owned());
        }
        let keys: Vec<&str> = self.languages.iter().map(|(_, key)| key.as_str()).collect();
        let text = labels.in_order(&keys)?.to_owned();
        self.fit.count("warning.px-language-filled", &text);
        Some(text)
    }

    /// A text of the table in every language; none where there is none in any.
    pub(super) fn in_all(&mut self, labels: &Labels) -> Vec<(Option<String>, String)> {
        if labels.is_empty() {
            return Vec::new();
        }
        let all = (0..self.languages.len()).map(|language| {
            let text = self.label(language, labels).unwrap_or_default();
            (self.tag(language), text)
        });
        all.collect()
    }

    /// The texts of a note in the languages that it has; line breaks are `#`.
    pub(super) fn note(&mut self, labels: &Labels) -> Vec<(usize, String)> {
        let kept: Vec<(usize, String)> = self
            .languages
            .iter()
            .enumerate()
            .filter_map(|(language, (_, key))| Some((language, labels.get(key)?.to_owned())))
            .collect();
        let kept = if kept.is_empty() {
            let first = labels.iter().next().map(|(_, text)| (0, text.to_owned()));
            first.into_iter().collect()
        } else {
            kept
        };
        kept.into_iter()
            .map(|(language, text)| {
                if text.contains('#') {
                    self.fit.count("warning.px-hash", &text);
                }
                let text = self.fit.quotes(&text.replace("\r\n", "\n"));
                (language, text.replace(['\n', '\r'], "#"))
            })
            .collect()
    }

    /// Any other text.
    pub(super) fn line(&mut self, text: &str) -> String {
        self.fit.line(text)
    }

    /// How a keyword names a language: not at all where it is the default one.
    pub(super) fn tag(&self, language: usize) -> Option<String> {
        let (name, _) = self.languages.get(language)?;
        (language > 0).then(|| name.clone())
    }

    /// The place of a language by the cube's name of it.
    pub(super) fn language(&self, key: &str) -> Option<usize> {
        self.languages.iter().position(|(_, known)| known == key)
    }

    pub(super) fn name(&self, language: usize, dimension: usize) -> String {
        let variable = self
            .variables
            .get(language)
            .and_then(|variables| variables.get(dimension));
        variable.map(|variable| variable.name.clone()).unwrap_or_default()
    }

    /// The text that names a value as a subkey: its code where another value has the same text.
    pub(super) fn value(&self, language: usize, dimension: usize, place: usize) -> String {
        let variable = self
            .variables
            .get(language)
            .and_then(|variables| variables.get(dimension));
        let text = variable.filter(|variable| !variable.ambiguous.contains(&place));
        let text = text.and_then(|variable| variable.values.get(place));
        let code = || self.codes.get(dimension).and_then(|(_, codes)| codes.get(place));
        text.or_else(code).cloned().unwrap_or_default()
    }

    /// The subkeys for a place of a kept keyword; `None` where the table no longer has what it names.
    pub(super) fn subkeys(&self, language: usize, at: &At) -> Option<Vec<String>> {
        match at {
            At::Table => Some(Vec::new()),
            At::Subkeys(subkeys) => Some(subkeys.clone()),
            At::Dimension(code) => Some(vec![self.name(language, self.places.get(code)?.0)]),
            At::Category(dimension, code) => {
                let (dimension, places) = self.places.get(dimension)?;
                let value = self.value(language, *dimension, *places.get(code)?);
                Some(vec![self.name(language, *dimension), value])
            }
            At::Content(code) => {
                let content = self.content?;
                let place = self
                    .places
                    .values()
                    .find(|(place, _)| *place == content)?
                    .1
                    .get(code)?;
                Some(vec![self.value(language, content, *place)])
            }
            At::Cells(key) if key.len() == self.codes.len() => {
                let named = key.iter().zip(&self.codes).map(|(code, (_, codes))| match code {
                    None => Some("*".to_owned()),
                    Some(code) => codes.iter().find(|known| *known == code).cloned(),
                });
                named.collect()
            }
            At::Cells(_) => None,
        }
    }

    /// The value of a variable that a code names, as ELIMINATION does.
    pub(super) fn value_of_code(&self, language: usize, at: &At, code: &str) -> Option<String> {
        let At::Dimension(dimension) = at else {
            return None;
        };
        let (dimension, places) = self.places.get(dimension)?;
        Some(self.value(language, *dimension, *places.get(code)?))
    }

    /// What had to change.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Warning> {
        self.fit.changed.iter().map(|(code, (count, first))| {
            Warning(Message::new(code).with("count", *count).with("first", first))
        })
    }
}

/// The languages to write and the cube's names of them. One language asked for names that of a cube which does not.
fn chosen(cube: &Cube, asked: &[String]) -> Vec<(String, String)> {
    if let ([unnamed], [name]) = (cube.languages.as_slice(), asked)
        && unnamed.is_empty()
    {
        return vec![(name.clone(), String::new())];
    }
    let both = |language: &String| (language.clone(), language.clone());
    let known: Vec<_> = asked
        .iter()
        .filter(|language| cube.languages.contains(language))
        .map(both)
        .collect();
    if !known.is_empty() {
        return known;
    }
    if cube.languages.is_empty() {
        return vec![(String::new(), String::new())];
    }
    cube.languages.iter().map(both).collect()
}

fn unique(known: &mut HashSet<String>, text: String) -> String {
    let mut one = text.clone();
    let mut number = 2;
    while !known.insert(one.clone()) {
        one = format!("{text} ({number})");
        number += 1;
    }
    one
}

/// How many dimensions go into the stub: as the file had it, else all but the last.
pub(super) fn stub(cube: &Cube, foreign: &Foreign) -> usize {
    let count = cube.dimensions.len();
    foreign
        .stub
        .filter(|stub| *stub <= count)
        .unwrap_or(count.saturating_sub(1).max(1))
}
