//! Small multiples: a small picture for each series, all on the same scale.

use super::model::{Chart, ChartKind, Role, Row};
use super::trend::{rows, turns};
use super::words::Words;
use crate::compare::Trend;
use crate::error::{Error, Result};
use crate::language::{Language, Message};

impl Chart {
    /// Several series as small pictures side by side, on one scale and one axis of time: those of several indicators in one
    /// unit, such as what an area spends on each function, each with the groups that were asked for beside it.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where there is nothing to draw, and for series in different units or prices, which no
    /// scale can hold.
    ///
    /// ```
    /// use kultti_core::chart::{Chart, ChartKind};
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let library = release.trend("library.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// let museum = release.trend("museum.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// let chart = Chart::of_trends(&[&library, &museum], Language::En)?;
    /// assert_eq!((chart.kind, chart.rows.len()), (ChartKind::Multiples, 2));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn of_trends(trends: &[&Trend], language: Language) -> Result<Self> {
        let words = Words::new(language);
        let Some(first) = trends.first() else {
            return Err(unlike("1", "0"));
        };
        let axis = words.axis(&first.context);
        let several = trends
            .iter()
            .any(|trend| trend.context.indicator != first.context.indicator);
        let mut all = Vec::new();
        let mut marked = Vec::new();
        let mut source: Vec<String> = Vec::new();
        for trend in trends {
            let other = words.axis(&trend.context);
            if other.label != axis.label {
                return Err(unlike(&axis.label, &other.label));
            }
            let mut own = rows(trend, language);
            marked.extend(turns(trend, &own, words));
            if several {
                name_after(&mut own, trend.context.label.get(language));
            }
            all.extend(panels(own));
            let lines = words.source(&trend.context);
            source.extend(
                lines
                    .into_iter()
                    .filter(|line| !source.contains(line))
                    .collect::<Vec<_>>(),
            );
        }
        marked.sort_by(|left, right| (left.period, &left.label).cmp(&(right.period, &right.label)));
        marked.dedup();
        Ok(Self {
            kind: ChartKind::Multiples,
            language,
            title: title(first, &all, (several, words)),
            description: described(&all, words, axis.decimals),
            axis,
            rows: all,
            turns: marked,
            bands: None,
            source,
        })
    }
}

fn unlike(expected: &str, found: &str) -> Error {
    Error::InvalidArgument {
        name: "trends".into(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// Each area with the groups behind it, as each small picture shows them.
pub(super) fn panels(rows: Vec<Row>) -> Vec<Row> {
    let (mut areas, mut groups): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.role == Role::Area);
    if areas.is_empty() {
        // Groups alone are what it is about.
        areas = std::mem::take(&mut groups);
        for row in &mut areas {
            row.role = Role::Area;
        }
    }
    let with_groups = |area: Row| std::iter::once(area).chain(groups.clone());
    areas.into_iter().flat_map(with_groups).collect()
}

/// Names the lines after what they show; the name of the area stays with its figures, and behind the indicator where it shows several.
fn name_after(rows: &mut [Row], label: &str) {
    let areas = rows.iter().filter(|row| row.role == Role::Area).count();
    for row in rows {
        row.name = if row.role == Role::Area && areas > 1 {
            format!("{label}: {}", row.name)
        } else {
            label.to_owned()
        };
    }
}

fn span(rows: &[Row]) -> String {
    let periods = || rows.iter().flat_map(|row| &row.marks).map(|mark| mark.period);
    match periods().min().zip(periods().max()) {
        Some((first, last)) if first != last => format!("{first}–{last}"),
        Some((first, _)) => first.to_string(),
        None => String::new(),
    }
}

fn title(first: &Trend, rows: &[Row], (several, words): (bool, Words)) -> String {
    if !several {
        return words.title_in(&first.context, &span(rows));
    }
    let mut areas: Vec<&str> = Vec::new();
    for mark in rows.iter().flat_map(|row| &row.marks) {
        if mark.role == Role::Area && !areas.contains(&mark.name.as_str()) {
            areas.push(&mark.name);
        }
    }
    let unit = words.axis(&first.context).label;
    format!("{}\u{a0}{}, {unit}", areas.join(", "), span(rows))
}

/// How many series there are, and from what to what each goes.
pub(super) fn described(rows: &[Row], words: Words, decimals: usize) -> String {
    let own: Vec<&Row> = rows.iter().filter(|row| row.role == Role::Area).collect();
    let ends = |row: &&Row| {
        let at =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| words.number(value, decimals));
        let first = at(row.marks.first().and_then(|mark| mark.value));
        let last = at(row.marks.last().and_then(|mark| mark.value));
        format!("{}\u{a0}{first}\u{a0}→\u{a0}{last}", row.name)
    };
    let message = Message::new("chart.multiples")
        .with("n", own.len())
        .with("span", span(rows))
        .with("lines", own.iter().map(ends).collect::<Vec<_>>().join("; "));
    words.render(&message)
}
