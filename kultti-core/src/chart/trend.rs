//! Series over time as lines that stop where they break.

use super::model::{Axis, Chart, ChartKind, ChartOptions, Drawn, Mark, Role, Row, Turn, TurnKind};
use super::slope::ends;
use super::words::Words;
use crate::compare::{GroupPoint, GroupSeries, Note, Trend, TrendPoint};
use crate::error::Result;
use crate::language::{Language, Message, Param, word};
use crate::model::{Date, Missing, Period};

impl Drawn for Trend {
    fn kinds(&self) -> &'static [ChartKind] {
        &[ChartKind::Trend, ChartKind::Slope, ChartKind::Multiples]
    }

    fn chart(&self, options: &ChartOptions, language: Language) -> Result<Chart> {
        let kind = ChartKind::among(self.kinds(), options.kind)?;
        if kind == ChartKind::Multiples {
            return Chart::of_trends(&[self], language);
        }
        let words = Words::new(language);
        let mut rows = rows(self, language);
        let turns = turns(self, &rows, words);
        if kind == ChartKind::Slope {
            rows = ends(rows);
        }
        let axis = words.axis(&self.context);
        Ok(Chart {
            kind,
            language,
            title: title(self, &rows, words),
            description: described(&rows, &turns, &axis, words),
            axis,
            rows,
            turns,
            bands: None,
            source: words.source(&self.context),
        })
    }
}

/// The lines: those of the areas, then those of the groups.
pub(super) fn rows(result: &Trend, language: Language) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for point in &result.points {
        let mark = of_area(point, language);
        match rows
            .last_mut()
            .filter(|row| row.marks.iter().all(|last| last.code == mark.code))
        {
            Some(row) => row.marks.push(mark),
            None => rows.push(Row {
                role: Role::Area,
                name: mark.name.clone(),
                marks: vec![mark],
            }),
        }
    }
    rows.extend(result.groups.iter().map(|group| of_group(group, language)));
    rows
}

fn of_area(point: &TrendPoint, language: Language) -> Mark {
    Mark {
        role: Role::Area,
        code: point.area.code.to_string(),
        name: point.area.name.get(language).to_owned(),
        period: point.period,
        value: point.cell.value,
        status: point.cell.letter(),
        missing: point.cell.missing,
        rank: None,
        after_break: point.change_missing == Some(Missing::BreakInSeries),
    }
}

fn of_group(group: &GroupSeries, language: Language) -> Row {
    let name = group.name.get(language).to_owned();
    let mark = |point: &GroupPoint| Mark {
        role: Role::Group,
        code: group.group.to_string(),
        name: name.clone(),
        period: point.period,
        value: point.value,
        status: point.status,
        missing: point.missing,
        rank: None,
        after_break: false,
    };
    Row {
        role: Role::Group,
        marks: group.points.iter().map(mark).collect(),
        name,
    }
}

/// The most lines that a sentence describes one by one.
const SEVERAL: usize = 2;

/// `2015 → 2019, € / inhabitant: Kokkola 55.10 → 60.02; …`
fn briefly(rows: &[Row], axis: &Axis, words: Words) -> String {
    let periods = || rows.iter().flat_map(|row| &row.marks).map(|mark| mark.period);
    let span = periods().min().zip(periods().max());
    let span = span.map_or_else(String::new, |(first, last)| format!("{first} → {last}, "));
    let ends = |row: &Row| {
        let at = |mark: Option<&Mark>| match mark.and_then(|mark| mark.value) {
            Some(value) => words.number(value, axis.decimals),
            None => "–".to_owned(),
        };
        let (first, last) = (at(row.marks.first()), at(row.marks.last()));
        format!("{}\u{a0}{first}\u{a0}→\u{a0}{last}", row.name)
    };
    let lines: Vec<String> = rows.iter().map(ends).collect();
    format!("{span}{}: {}", axis.unit.replace(' ', "\u{a0}"), lines.join("; "))
}

/// The names of the lines while they are few, and the years.
fn title(result: &Trend, rows: &[Row], words: Words) -> String {
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let periods = || rows.iter().flat_map(|row| &row.marks).map(|mark| mark.period);
    let span = match periods().min().zip(periods().max()) {
        Some((first, last)) if first != last => format!("{first}–{last}"),
        Some((first, _)) => first.to_string(),
        None => String::new(),
    };
    if (1..=SEVERAL).contains(&names.len()) {
        return words.title(&result.context, &format!("{}\u{a0}{span}", names.join(", ")));
    }
    words.title_in(&result.context, &span)
}

/// Where series break and where areas merged: what the notes of the result say, on the periods of the chart.
pub(super) fn turns(result: &Trend, rows: &[Row], words: Words) -> Vec<Turn> {
    let periods: Vec<Period> = rows
        .iter()
        .flat_map(|row| &row.marks)
        .map(|mark| mark.period)
        .collect();
    let (Some(first), Some(last)) = (periods.iter().min(), periods.iter().max()) else {
        return Vec::new();
    };
    let mut found: Vec<(Period, TurnKind, Vec<String>)> = Vec::new();
    for note in &result.notes {
        let (key, kind) = match note.code() {
            "break" | "break-named" => ("period", TurnKind::Break),
            "merged" => ("date", TurnKind::Merger),
            _ => continue,
        };
        let area = param(note, "area", words);
        for day in param(note, key, words).split(", ") {
            let inside = |period: &&Period| *first < **period && **period <= *last;
            let Some(period) = periods.iter().filter(inside).find(|period| begins(**period, day)) else {
                continue;
            };
            match found
                .iter_mut()
                .find(|(at, known, _)| at == period && *known == kind)
            {
                Some((_, _, areas)) if areas.contains(&area) => {}
                Some((_, _, areas)) => areas.push(area.clone()),
                None => found.push((*period, kind, vec![area.clone()])),
            }
        }
    }
    found.sort_by_key(|(period, _, _)| *period);
    let turn = |(period, kind, areas): (Period, TurnKind, Vec<String>)| {
        let code = match kind {
            TurnKind::Break => "chart.break",
            TurnKind::Merger => "chart.merger",
        };
        // A picture of one line needs no name for it.
        let areas = if rows.len() > 1 {
            areas.join(", ")
        } else {
            String::new()
        };
        let message = Message::new(code)
            .with("period", period.to_string())
            .with("areas", areas);
        Turn {
            period,
            kind,
            label: words.render(&message),
        }
    };
    found.into_iter().map(turn).collect()
}

fn param(note: &Note, name: &str, words: Words) -> String {
    let found = note.message.params().iter().find(|(known, _)| *known == name);
    found.map_or_else(String::new, |(_, value): &(&str, Param)| {
        value.render(words.language)
    })
}

/// Whether a period is the first of a turn: the one named, or the one that holds the day.
fn begins(period: Period, day: &str) -> bool {
    let holds = |day: Date| period.first_day() <= day && day <= period.last_day();
    day.parse().is_ok_and(|named: Period| named == period) || day.parse().is_ok_and(holds)
}

/// `Kokkola 2015: 55.10 € / inhabitant, 2019: 60.02 € / inhabitant; breaks: 2017`.
fn described(rows: &[Row], turns: &[Turn], axis: &Axis, words: Words) -> String {
    let line = |row: &Row| {
        let mut known = row
            .marks
            .iter()
            .filter_map(|mark| mark.value.map(|value| (mark.period, value)));
        let Some((from, first)) = known.next() else {
            let nothing = Message::new("chart.line-without-values").with("name", &row.name);
            return words.render(&nothing);
        };
        let last = known.next_back();
        let message = Message::new("chart.line")
            .with("name", &row.name)
            .with("from", from.to_string())
            .with("first", words.figure(first, axis))
            .with("to", last.map_or_else(String::new, |(to, _)| to.to_string()))
            .with(
                "last",
                last.map_or_else(String::new, |(_, value)| words.figure(value, axis)),
            );
        words.render(&message)
    };
    let mut parts: Vec<String> = if rows.len() <= SEVERAL {
        rows.iter().map(line).collect()
    } else {
        vec![briefly(rows, axis, words)]
    };
    for (kind, code) in [
        (TurnKind::Break, "chart.breaks"),
        (TurnKind::Merger, "chart.mergers"),
    ] {
        let of_kind = turns.iter().filter(|turn| turn.kind == kind);
        let periods: Vec<String> = of_kind.map(|turn| turn.period.to_string()).collect();
        if !periods.is_empty() {
            parts.push(format!("{} {}", word(code, words.language), periods.join(", ")));
        }
    }
    format!("{}.", parts.join("; "))
}
