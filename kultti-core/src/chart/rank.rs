//! A ranking as dots in order.

use super::model::{Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row};
use super::words::Words;
use crate::compare::{RankRow, Ranking};
use crate::error::{Error, Result};
use crate::language::{Language, Message, Param, Text, near_matches};

impl Drawn for Ranking {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Rank]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        ChartKind::among(self.kinds(), options.kind)?;
        let words = Words::new(language);
        let areas = self
            .rows
            .iter()
            .map(|row| (row.area.code.as_str(), &row.area.name));
        let marked = chosen(&options.mark, areas)?;
        let row = |row: &RankRow| {
            let is_marked = marked.contains(&row.area.code.as_str());
            let role = if is_marked { Role::Area } else { Role::Other };
            let name = row.area.name.get(language).to_owned();
            Row {
                role,
                name: name.clone(),
                marks: vec![Mark {
                    role,
                    code: row.area.code.to_string(),
                    name,
                    period: self.period,
                    value: row.cell.value,
                    status: row.cell.letter(),
                    missing: row.cell.missing,
                    rank: row.rank,
                    after_break: false,
                }],
            }
        };
        let rows: Vec<Row> = self.rows.iter().map(row).collect();
        Ok(Chart {
            kind: ChartKind::Rank,
            language,
            title: words.title_in(&self.context, &self.period.to_string()),
            description: described(self, &rows, words),
            axis: words.axis(&self.context),
            rows,
            turns: Vec::new(),
            bands: None,
            source: words.source(&self.context),
        })
    }
}

/// The codes of what is to be marked, given as codes or as names in any language.
pub(super) fn chosen<'r>(
    asked: &[String],
    known: impl Iterator<Item = (&'r str, &'r Text)> + Clone,
) -> Result<Vec<&'r str>> {
    let find = |text: &String| {
        let is = |(code, name): &(&str, &Text)| {
            let named = |language| name.get(language).to_lowercase() == text.trim().to_lowercase();
            *code == text.trim() || Language::ALL.into_iter().any(named)
        };
        let found = known.clone().find(is);
        found
            .map(|(code, _)| code)
            .ok_or_else(|| unknown(text, known.clone()))
    };
    asked.iter().map(find).collect()
}

fn unknown<'r>(text: &str, known: impl Iterator<Item = (&'r str, &'r Text)> + Clone) -> Error {
    let names = known.clone().map(|(_, name)| name.get(Language::Fi));
    let near = near_matches(text, names, 3);
    let label = |name: &str| {
        let found = known.clone().find(|(_, known)| known.get(Language::Fi) == name);
        found.map_or_else(|| name.to_owned(), |(code, _)| format!("{name} ({code})"))
    };
    Error::UnknownArea {
        area: text.to_owned(),
        near: near.iter().map(|name| label(name)).collect(),
    }
}

/// The ends of the ranking, and where the marked areas stand.
fn described(result: &Ranking, rows: &[Row], words: Words) -> String {
    let axis = words.axis(&result.context);
    let ranked: Vec<&Mark> = rows
        .iter()
        .flat_map(|row| &row.marks)
        .filter(|mark| mark.rank.is_some())
        .collect();
    let said = |mark: &Mark| {
        let value = mark.value.map(|value| words.figure(value, &axis));
        format!("{}\u{a0}{}", mark.name, value.unwrap_or_default())
    };
    let ends = ranked.first().zip(ranked.last());
    let place = |mark: &&&Mark| {
        let rank = mark
            .rank
            .map_or_else(|| Param::from(""), |rank| Param::Number(rank, 0));
        let message = Message::new("chart.marked")
            .with("area", said(mark))
            .with("rank", rank);
        words.render(&message)
    };
    let marked = ranked.iter().filter(|mark| mark.role == Role::Area);
    let marked: Vec<String> = marked.collect::<Vec<_>>().iter().map(place).collect();
    let message = Message::new("chart.ranked")
        .with("n", result.n)
        .with("first", ends.map_or_else(String::new, |ends| said(ends.0)))
        .with("last", ends.map_or_else(String::new, |ends| said(ends.1)))
        .with("marked", marked.join("; "));
    words.render(&message)
}
