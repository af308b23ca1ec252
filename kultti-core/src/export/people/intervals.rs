//! Intervals of chance for people: the rows with their limits, and the tests.

use super::Writer;
use crate::compare::{AreaInterval, ComparedIntervals, DifferenceTest, IntervalRow, Intervals, TestSide};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message, Param, word};
use crate::stats::{Chance, Interval};

pub(in crate::export) fn intervals(result: &Intervals, language: Language) -> Document {
    let writer = Writer { language };
    let mut blocks = vec![
        Block::Heading {
            text: result.whole.name.get(language).to_owned(),
            aside: writer.value(result.whole.value, result.whole.missing, result.context.decimals),
            level: 2,
        },
        Block::Grid(rows(writer, result)),
    ];
    if !result.tests.is_empty() {
        blocks.push(Block::Grid(tests(writer, result)));
    }
    writer.sheet(&result.context, result.period.to_string(), blocks, &result.notes)
}

impl Writer {
    /// Lower – upper, or why there is no interval where the reader does not know it yet.
    pub(super) fn limits(self, interval: Option<Interval>, decimals: usize) -> String {
        interval.map_or_else(
            || "–".to_owned(),
            |interval| {
                let number = |limit| self.number(limit, decimals);
                // Beside a minus a dash without blanks would be read as another one.
                let dash = if interval.lower < 0.0 {
                    "\u{a0}–\u{a0}"
                } else {
                    "–"
                };
                format!("{}{dash}{}", number(interval.lower), number(interval.upper))
            },
        )
    }

    /// The limits of a group in a comparison.
    pub(super) fn limits_of(self, interval: Option<&AreaInterval>, decimals: usize) -> String {
        self.limits(interval.and_then(|interval| interval.interval), decimals)
    }

    /// The heading of a column of limits: `95 %`.
    pub(super) fn level(self, intervals: &ComparedIntervals) -> String {
        self.percent_of(intervals.level.percent())
    }

    fn percent_of(self, percent: f64) -> String {
        let decimals = usize::from(percent.fract() != 0.0);
        format!("{}\u{a0}%", self.number(percent, decimals))
    }
}

fn rows(writer: Writer, result: &Intervals) -> Grid {
    let decimals = result.context.decimals;
    let grouped = result.grouping.is_some();
    let row = |row: &IntervalRow| {
        // A value without an interval says why; without a value the reason stands in its place.
        let reason = row.interval_missing.filter(|_| row.value.is_some());
        let limits = reason.map_or_else(
            || writer.limits(row.interval, decimals),
            |reason| word(reason.message_code(), writer.language).to_owned(),
        );
        let mut cells = vec![
            row.code.clone(),
            row.name.get(writer.language).to_owned(),
            writer.value(row.value, row.missing, decimals),
            limits,
        ];
        // The place in the funnel stands where n and d would: side by side they would not fit on a narrow page.
        match row.funnel {
            Some(point) => cells.push(word(point.place.word_code(), writer.language).to_owned()),
            None if result.funnel.is_some() => cells.push("–".to_owned()),
            None => cells.extend([
                writer.value(row.numerator, None, 0),
                writer.value(row.denominator, None, 0),
            ]),
        }
        if grouped {
            let count = Message::new("word.of")
                .with("n", row.n)
                .with("members", row.members);
            cells.push(count.render(writer.language));
        }
        cells
    };
    let mut headers = vec![
        writer.header("word.code", Align::Left),
        writer.header(if grouped { "word.group" } else { "word.name" }, Align::Left),
        writer.header("word.value", Align::Right),
        (writer.percent_of(result.level.percent()), Align::Right),
    ];
    if result.funnel.is_some() {
        headers.push(writer.header("word.funnel-place", Align::Left));
    } else {
        headers.push(writer.header("word.numerator", Align::Right));
        headers.push(writer.header("word.denominator", Align::Right));
    }
    if grouped {
        headers.push(writer.header("word.areas", Align::Right));
    }
    let level = writer.percent_of(result.level.percent());
    let caption = Message::new("word.interval-of-area").with("level", level);
    let method = Param::Word(result.method.word_code().to_owned());
    Grid {
        caption: caption.with("method", method).render(writer.language),
        headers,
        rows: result.rows.iter().map(row).collect(),
    }
}

/// A p-value: never shown as nothing.
fn p_value(writer: Writer, p: Option<f64>) -> String {
    match p {
        Some(p) if p < 0.001 => format!("< {}", writer.number(0.001, 3)),
        Some(p) => writer.number(p, 3),
        None => "–".to_owned(),
    }
}

fn tests(writer: Writer, result: &Intervals) -> Grid {
    let decimals = result.context.decimals;
    let many = result.tests.len() > 1;
    let proportion = result.chance == Chance::Proportion;
    let side = |side: &TestSide| {
        format!(
            "{} {}",
            side.name.get(writer.language),
            writer.value(side.value, None, decimals)
        )
    };
    let row = |test: &DifferenceTest| {
        let mut cells = vec![
            format!("{} / {}", side(&test.one), side(&test.other)),
            test.missing.map_or_else(
                || writer.difference(test.difference, &result.context),
                |reason| word(reason.message_code(), writer.language).to_owned(),
            ),
            if proportion {
                writer.limits(test.interval, decimals)
            } else {
                test.ratio
                    .map_or_else(|| "–".to_owned(), |ratio| writer.number(ratio, 2))
            },
            p_value(writer, test.p_value),
        ];
        if many {
            cells.push(p_value(writer, test.p_adjusted));
        }
        cells
    };
    let third = if proportion {
        (writer.percent_of(result.level.percent()), Align::Right)
    } else {
        writer.header("word.ratio", Align::Right)
    };
    let mut headers = vec![
        writer.header("word.test-pair", Align::Left),
        writer.header("word.difference", Align::Right),
        third,
        writer.header("word.p-value", Align::Right),
    ];
    if many {
        headers.push(writer.header("word.p-adjusted", Align::Right));
    }
    Grid {
        caption: writer.word("word.tests"),
        headers,
        rows: result.tests.iter().map(row).collect(),
    }
}
