//! The difference between two releases for people: how much of what changed, then the largest changes.

use super::{Writer, title};
use crate::compare::{
    DefinitionChange, DiffPart, GroupChange, GroupFigures, IndicatorChanges, IndicatorPeriodChanges,
    MeasureChanges, RankChange, RankReason, RankedFigure, ReleaseDiff, ValueChange,
};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};
use crate::model::Missing;
use crate::panel::span;
use crate::release::{CellChange, PeriodChanges};

/// Rows of each table unless others are asked for.
pub(in crate::export) const DIFF_ROWS: usize = 10;

pub(in crate::export) fn release_diff(result: &ReleaseDiff, limit: usize, language: Language) -> Document {
    let writer = Writer { language };
    let page = Page {
        writer,
        result,
        limit,
    };
    let mut blocks = vec![title(writer.word("word.diff-title"), String::new())];
    let sides = [
        ("word.diff-before", &result.before),
        ("word.diff-after", &result.after),
    ];
    for (code, side) in sides {
        let origin = writer.borders_and_release(&side.territory.to_string(), &side.release);
        let line = format!("{}: {} · {origin}", writer.word(code), side.name);
        blocks.push(Block::Paragraph(line));
    }
    if result.is_empty() {
        blocks.push(Block::Paragraph(writer.word("word.diff-same")));
        return writer.document(blocks);
    }
    blocks.push(Block::Grid(page.summary()));
    for (grid, rows) in [
        page.definitions(),
        page.measures(),
        page.cells(),
        page.groups(),
        page.ranks(),
    ] {
        if rows > 0 {
            blocks.push(Block::Grid(grid));
        }
        if rows > limit {
            let more = Message::new("word.more-rows").with("count", rows - limit);
            blocks.push(Block::Paragraph(more.render(language)));
        }
    }
    if !result.notes.is_empty() {
        blocks.push(writer.notes(&result.notes));
    }
    writer.document(blocks)
}

struct Page<'r> {
    writer: Writer,
    result: &'r ReleaseDiff,
    limit: usize,
}

impl Page<'_> {
    fn grid(&self, caption: &'static str, headers: &[(&'static str, Align)], rows: Vec<Vec<String>>) -> Grid {
        Grid {
            caption: self.writer.word(caption),
            headers: headers
                .iter()
                .map(|(code, align)| self.writer.header(code, *align))
                .collect(),
            rows,
        }
    }

    /// How much of everything changed.
    fn summary(&self) -> Grid {
        let result = self.result;
        let sum = |of: fn(&MeasureChanges) -> usize| result.measures.iter().map(of).sum::<usize>();
        let ranks = |reason: RankReason| result.ranks().filter(|(.., rank)| rank.reason == reason).count();
        let lines = [
            (
                DiffPart::Definitions,
                "word.diff-n-definitions",
                result.definitions.len(),
            ),
            (DiffPart::Cells, "word.diff-n-measures", result.measures.len()),
            (DiffPart::Cells, "word.diff-n-added", sum(|measure| measure.added)),
            (
                DiffPart::Cells,
                "word.diff-n-removed",
                sum(|measure| measure.removed),
            ),
            (
                DiffPart::Cells,
                "word.diff-n-changed",
                sum(|measure| measure.changed),
            ),
            (DiffPart::Cells, "word.diff-n-texts", sum(|measure| measure.texts)),
            (DiffPart::Groups, "word.diff-n-groups", result.groups().count()),
            (DiffPart::Ranks, "word.diff-n-ranks", result.ranks().count()),
            (DiffPart::Ranks, "word.diff-n-own", ranks(RankReason::Own)),
            (DiffPart::Ranks, "word.diff-n-others", ranks(RankReason::Others)),
        ];
        let shown = lines.into_iter().filter(|(part, ..)| result.has(*part));
        let row = |(_, code, count): (_, &'static str, usize)| {
            vec![self.writer.word(code), self.writer.count_of(count as u64)]
        };
        Grid {
            caption: String::new(),
            headers: vec![
                self.writer.header("word.figure", Align::Left),
                self.writer.header("word.diff-count", Align::Right),
            ],
            rows: shown.map(row).collect(),
        }
    }

    fn definitions(&self) -> (Grid, usize) {
        let row = |change: &DefinitionChange| {
            let fields: Vec<&str> = change.fields.iter().map(|field| field.field.as_str()).collect();
            vec![
                self.writer.word(change.kind.word()),
                change.id.clone(),
                self.writer.word(change.change.word()),
                fields.join(", "),
            ]
        };
        let all = &self.result.definitions;
        let headers = [
            ("word.diff-kind", Align::Left),
            ("word.code", Align::Left),
            ("word.change", Align::Left),
            ("word.diff-fields", Align::Left),
        ];
        let rows = all.iter().take(self.limit).map(row).collect();
        (self.grid("word.diff-n-definitions", &headers, rows), all.len())
    }

    /// The measures with the most changed cells.
    fn measures(&self) -> (Grid, usize) {
        let mut all: Vec<&MeasureChanges> = self.result.measures.iter().collect();
        let size = |measure: &MeasureChanges| measure.added + measure.removed + measure.changed;
        all.sort_by_key(|measure| std::cmp::Reverse(size(measure)));
        let row = |measure: &&MeasureChanges| {
            let count = |of: usize| self.writer.count_of(of as u64);
            let (first, last) = measure.periods;
            let periods = if first == last {
                vec![first]
            } else {
                vec![first, last]
            };
            vec![
                measure.label.get(self.writer.language).to_owned(),
                if first == last {
                    span(&periods)
                } else {
                    format!("{first}–{last}")
                },
                count(measure.added),
                count(measure.removed),
                count(measure.changed),
                count(measure.texts),
            ]
        };
        let headers = [
            ("word.measure", Align::Left),
            ("word.periods", Align::Left),
            ("word.diff-added", Align::Right),
            ("word.diff-removed", Align::Right),
            ("word.diff-changed", Align::Right),
            ("word.diff-texts", Align::Right),
        ];
        let rows = all.iter().take(self.limit).map(row).collect();
        (self.grid("word.diff-measures", &headers, rows), all.len())
    }

    /// The cells whose values changed most, relatively.
    fn cells(&self) -> (Grid, usize) {
        let pair = |cell: &CellChange| Some((cell.before.as_ref()?.value?, cell.after.as_ref()?.value?));
        let mut all: Vec<(&PeriodChanges, &CellChange, (f64, f64))> = Vec::new();
        for period in &self.result.cells {
            let moved = period
                .cells
                .iter()
                .filter_map(|cell| Some((period, cell, pair(cell)?)));
            all.extend(moved.filter(|(.., (before, after))| before.total_cmp(after).is_ne()));
        }
        let size = |(.., (before, after)): &(_, _, (f64, f64))| {
            ValueChange::between(Some(*before), Some(*after)).size()
        };
        all.sort_by(|left, right| size(right).total_cmp(&size(left)));
        let row = |(period, cell, pair): &(&PeriodChanges, &CellChange, (f64, f64))| {
            let measures = &self.result.measures;
            let measure = measures.binary_search_by(|known| known.measure.cmp(&period.measure));
            let measure = measure.ok().and_then(|place| measures.get(place));
            let decimals = measure.map_or(0, |measure| measure.decimals);
            let label = measure.map_or("", |measure| measure.label.get(self.writer.language));
            let name = self.result.area_names.get(&cell.area);
            let mut row = vec![
                label.to_owned(),
                period.period.to_string(),
                name.map_or_else(
                    || cell.area.to_string(),
                    |name| name.get(self.writer.language).to_owned(),
                ),
            ];
            row.extend(self.pair(*pair, decimals));
            row
        };
        let mut headers = vec![
            ("word.measure", Align::Left),
            ("word.period", Align::Left),
            ("word.area", Align::Left),
            ("word.diff-before", Align::Right),
            ("word.diff-after", Align::Right),
            ("word.change", Align::Right),
        ];
        let shown = &all[..all.len().min(self.limit)];
        let mut rows: Vec<Vec<String>> = shown.iter().map(row).collect();
        let notes: Vec<&str> = shown.iter().map(|(_, cell, _)| new_note(cell)).collect();
        if notes.iter().any(|note| !note.is_empty()) {
            headers.push(("word.note", Align::Left));
            for (row, note) in rows.iter_mut().zip(notes) {
                row.push(note.to_owned());
            }
        }
        (self.grid("word.diff-largest-cells", &headers, rows), all.len())
    }

    /// The figure of one side; a letter beside the number says that it is not an ordinary one.
    fn figure(&self, figure: Option<(Option<f64>, char, Option<Missing>)>, decimals: usize) -> String {
        let Some((value, status, missing)) = figure else {
            return "–".to_owned();
        };
        let text = self.writer.value(value, missing, decimals);
        if value.is_some() && status != 'A' {
            return format!("{text} {status}");
        }
        text
    }

    /// Two values and the change between them.
    fn pair(&self, (before, after): (f64, f64), decimals: usize) -> [String; 3] {
        [
            self.writer.number(before, decimals),
            self.writer.number(after, decimals),
            self.writer
                .signed_percent(ValueChange::between(Some(before), Some(after)).relative),
        ]
    }

    /// The groups whose values changed most, relatively; those that gained or lost a value come first.
    fn groups(&self) -> (Grid, usize) {
        type One<'o> = (&'o IndicatorChanges, &'o IndicatorPeriodChanges, &'o GroupChange);
        let mut all: Vec<One> = self.result.groups().collect();
        let value = |side: &Option<GroupFigures>| side.as_ref().and_then(|side| side.value);
        let between = |(.., change): &One| ValueChange::between(value(&change.before), value(&change.after));
        let moved = |one: &One| {
            let valueless = value(&one.2.before).is_none() && value(&one.2.after).is_none();
            if valueless { -1.0 } else { between(one).size() }
        };
        all.sort_by(|left, right| moved(right).total_cmp(&moved(left)));
        let row = |one: &One| {
            let (indicator, period, change) = one;
            let shown = |side: &Option<GroupFigures>| {
                let figure = side.as_ref().map(|side| (side.value, side.status, side.missing));
                self.figure(figure, indicator.decimals)
            };
            let covered = |side: &Option<GroupFigures>| {
                side.as_ref()
                    .map_or_else(|| "–".to_owned(), |side| self.writer.of(side.n, side.members))
            };
            vec![
                indicator.label.get(self.writer.language).to_owned(),
                period.period.to_string(),
                change.name.get(self.writer.language).to_owned(),
                shown(&change.before),
                shown(&change.after),
                self.writer.signed_percent(between(one).relative),
                covered(&change.before),
                covered(&change.after),
            ]
        };
        let headers = [
            ("word.indicator", Align::Left),
            ("word.period", Align::Left),
            ("word.group", Align::Left),
            ("word.diff-before", Align::Right),
            ("word.diff-after", Align::Right),
            ("word.change", Align::Right),
            ("word.areas", Align::Right),
            ("word.areas", Align::Right),
        ];
        let rows = all.iter().take(self.limit).map(row).collect();
        (self.grid("word.diff-largest-groups", &headers, rows), all.len())
    }

    /// The ranks that moved most; those that came or went come first.
    fn ranks(&self) -> (Grid, usize) {
        type One<'o> = (&'o IndicatorChanges, &'o IndicatorPeriodChanges, &'o RankChange);
        let mut all: Vec<One> = self.result.ranks().collect();
        let moved = |(.., change): &One| change.places().map_or(f64::INFINITY, f64::abs);
        // Among equals the areas come first whose own figure is the cause.
        let cause = |(.., change): &One| change.reason;
        all.sort_by(|left, right| {
            moved(right)
                .total_cmp(&moved(left))
                .then_with(|| cause(left).cmp(&cause(right)))
        });
        let row = |(indicator, period, change): &One| {
            let rank = |side: &Option<RankedFigure>, n: Option<usize>| {
                let rank = side.as_ref().and_then(|side| side.rank);
                let of = rank.zip(n).map(|(rank, n)| {
                    let rank = self.writer.number(rank, 0);
                    Message::new("word.diff-rank-of").with("rank", rank).with("n", n)
                });
                of.map_or_else(|| "–".to_owned(), |of| of.render(self.writer.language))
            };
            let value = |side: &Option<RankedFigure>| {
                let figure = side.as_ref().map(|side| (side.value, side.status, side.missing));
                self.figure(figure, indicator.decimals)
            };
            vec![
                indicator.label.get(self.writer.language).to_owned(),
                period.period.to_string(),
                change.area.name.get(self.writer.language).to_owned(),
                rank(&change.before, period.before.map(|by| by.n)),
                rank(&change.after, period.after.map(|by| by.n)),
                value(&change.before),
                value(&change.after),
                self.writer.word(change.reason.word()),
            ]
        };
        let headers = [
            ("word.indicator", Align::Left),
            ("word.period", Align::Left),
            ("word.area", Align::Left),
            ("word.diff-rank-before", Align::Right),
            ("word.diff-rank-after", Align::Right),
            ("word.diff-before", Align::Right),
            ("word.diff-after", Align::Right),
            ("word.why", Align::Left),
        ];
        let rows = all.iter().take(self.limit).map(row).collect();
        (self.grid("word.diff-largest-ranks", &headers, rows), all.len())
    }
}

/// What a changed cell says now and did not say before, such as the reason of a correction; empty for nothing.
fn new_note(cell: &CellChange) -> &str {
    let note = cell.after.as_ref().map_or("", |after| &after.note);
    let before = cell.before.as_ref().map_or("", |before| &before.note);
    if note == before { "" } else { note }
}
