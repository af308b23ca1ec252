//! What a person reads: every result as a document in Finnish, Swedish or English.

use super::document::{Align, Block, Document, Grid};
use super::table::{Table, Value, text};
use crate::compare::{
    AreaLabel, AreaList, Comparison, Context, Explanation, GroupRow, Groups, IndicatorList, MeasureUse, Note,
    Order, PeerGroup, Ranking, Trend, Unranked,
};
use crate::language::{
    Language, Message, Param, compare_names, format_number, format_percent, format_signed, word,
};
use crate::model::{Aggregate, Direction, Missing, Period};
use crate::panel::{Cell, span};
use crate::release::Release;

/// Writes for one language.
#[derive(Clone, Copy)]
struct Writer {
    language: Language,
}

impl Writer {
    fn word(self, code: &'static str) -> String {
        word(code, self.language).to_owned()
    }

    fn number(self, value: f64, decimals: usize) -> String {
        format_number(value, decimals, self.language)
    }

    /// A value, or why there is none.
    fn value(self, value: Option<f64>, missing: Option<Missing>, decimals: usize) -> String {
        match (value, missing) {
            (Some(value), _) => self.number(value, decimals),
            (None, Some(reason)) => word(reason.message_code(), self.language).to_owned(),
            (None, None) => "–".to_owned(),
        }
    }

    fn cell(self, cell: &Cell, decimals: usize) -> String {
        let text = self.value(cell.value, cell.missing, decimals);
        // A letter beside the number says that it is not an ordinary one.
        if cell.value.is_some() && cell.letter() != 'A' {
            format!("{text} {}", cell.letter())
        } else {
            text
        }
    }

    fn percent(self, fraction: Option<f64>, decimals: usize) -> String {
        fraction.map_or_else(
            || "–".to_owned(),
            |fraction| format_percent(fraction, decimals, self.language),
        )
    }

    fn signed(self, value: Option<f64>, decimals: usize) -> String {
        value.map_or_else(
            || "–".to_owned(),
            |value| format_signed(value, decimals, self.language),
        )
    }

    fn signed_percent(self, fraction: Option<f64>) -> String {
        fraction.map_or_else(
            || "–".to_owned(),
            |fraction| format!("{}\u{a0}%", format_signed(fraction * 100.0, 1, self.language)),
        )
    }

    /// A name with the other official one behind it: Kokkola (Karleby).
    fn name(self, area: &AreaLabel) -> String {
        let own = area.name.get(self.language);
        let other = if self.language == Language::Sv {
            Language::Fi
        } else {
            Language::Sv
        };
        let other = area.name.get(other);
        if own == other {
            own.to_owned()
        } else {
            format!("{own} ({other})")
        }
    }

    fn title(self, context: &Context) -> String {
        format!(
            "{}, {}",
            context.label.get(self.language),
            context.unit_symbol.get(self.language)
        )
    }

    fn notes(self, notes: &[Note]) -> Block {
        let items = notes
            .iter()
            .map(|note| note.message.render(self.language))
            .collect();
        Block::List {
            title: self.word("word.keep-in-mind"),
            items,
        }
    }

    fn footer(self, context: &Context) -> Block {
        let borders = if context.territory == "then" {
            self.word("word.borders-then")
        } else {
            Message::new("word.borders")
                .with("date", context.territory.clone())
                .render(self.language)
        };
        let short: String = context.release.chars().take(12).collect();
        let release = Message::new("word.release")
            .with("id", short)
            .render(self.language);
        let sources: Vec<&str> = context
            .sources
            .iter()
            .map(|source| source.get(self.language))
            .collect();
        Block::Footer(vec![
            format!("{borders} · {release} · {}", context.definition),
            format!("{}: {}", self.word("word.source"), sources.join("; ")),
        ])
    }

    fn document(self, blocks: Vec<Block>) -> Document {
        Document {
            language: self.language.code(),
            blocks,
        }
    }

    fn header(self, code: &'static str, align: Align) -> (String, Align) {
        (self.word(code), align)
    }

    /// n of members, or members alone.
    fn count(self, row: &GroupRow) -> String {
        Message::new("word.of")
            .with("n", row.n)
            .with("members", row.members)
            .render(self.language)
    }
}

fn title(text: String, aside: String) -> Block {
    Block::Heading {
        text,
        aside,
        level: 1,
    }
}

pub(super) fn comparison(result: &Comparison, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let aside = result
        .cell
        .value
        .map_or_else(String::new, |_| writer.cell(&result.cell, context.decimals));
    let mut blocks = vec![
        title(writer.title(context), result.period.to_string()),
        Block::Heading {
            text: format!("{} {}", writer.name(&result.area), result.area.code),
            aside,
            level: 2,
        },
    ];
    if result.cell.value.is_none() {
        blocks.push(Block::Paragraph(writer.cell(&result.cell, context.decimals)));
    }
    blocks.push(strip(writer, result));
    if !result.peers.is_empty() {
        blocks.push(Block::Grid(peers(writer, result)));
    }
    blocks.push(writer.notes(&result.notes));
    blocks.push(writer.footer(context));
    writer.document(blocks)
}

fn strip(writer: Writer, result: &Comparison) -> Block {
    let position = &result.position;
    // With a direction the first is the best; without one it is only the largest or the smallest.
    let code = match (position.rank, position.order) {
        (None, _) => "word.not-ranked",
        (_, Order::Descending) if !direction_is_known(result) => "word.position-descending",
        (_, Order::Ascending) if !direction_is_known(result) => "word.position-ascending",
        _ => "word.position-best",
    };
    let rank = position
        .rank
        .map_or_else(|| Param::from(""), |rank| Param::Number(rank, 0));
    let label = Message::new(code)
        .with("rank", rank)
        .with("n", position.n)
        .render(writer.language);
    let end = |code, value: Option<&f64>| {
        value.map(|value| {
            format!(
                "{} {}",
                writer.word(code),
                writer.number(*value, result.context.decimals)
            )
        })
    };
    let low = end("word.lowest", result.distribution.first()).unwrap_or_default();
    let high = result.distribution.last();
    let high = high.map(|value| {
        format!(
            "{} {}",
            writer.number(*value, result.context.decimals),
            writer.word("word.highest")
        )
    });
    Block::Strip {
        label,
        values: result.distribution.clone(),
        marked: result.cell.value,
        ends: (low, high.unwrap_or_default()),
    }
}

fn direction_is_known(result: &Comparison) -> bool {
    !result.notes.iter().any(|note| note.code() == "direction-none")
}

fn peers(writer: Writer, result: &Comparison) -> Grid {
    let usual = result
        .peers
        .iter()
        .map(|peer| peer.row.aggregate)
        .find(|aggregate| *aggregate != Aggregate::Published);
    let decimals = result.context.decimals;
    let row = |peer: &PeerGroup| {
        let row = &peer.row;
        let name = row.name.get(writer.language);
        let name = match usual {
            Some(usual) if usual != row.aggregate => {
                format!("{name} ({})", word(row.aggregate.word_code(), writer.language))
            }
            _ => name.to_owned(),
        };
        vec![
            name,
            writer.value(row.value, row.missing, decimals),
            writer.signed(peer.difference, decimals),
            writer.signed_percent(peer.difference_relative),
            writer.count(row),
            writer.percent(row.coverage_denominator.or(row.coverage_areas), 0),
        ]
    };
    Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.compared-with", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.difference", Align::Right),
            (String::new(), Align::Right),
            writer.header("word.areas", Align::Right),
            writer.header("word.covered", Align::Right),
        ],
        rows: result.peers.iter().map(row).collect(),
    }
}

pub(super) fn ranking(result: &Ranking, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let row = |row: &crate::compare::RankRow| {
        vec![
            row.rank
                .map_or_else(|| "–".to_owned(), |rank| writer.number(rank, 0)),
            row.area.code.to_string(),
            writer.name(&row.area),
            writer.cell(&row.cell, context.decimals),
            row.percent_rank
                .map_or_else(|| "–".to_owned(), |rank| writer.number(rank, 3)),
        ]
    };
    let grid = Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.rank", Align::Right),
            writer.header("word.code", Align::Left),
            writer.header("word.name", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.percent-rank", Align::Right),
        ],
        rows: result.rows.iter().map(row).collect(),
    };
    writer.document(vec![
        title(writer.title(context), result.period.to_string()),
        Block::Grid(grid),
        writer.notes(&result.notes),
        writer.footer(context),
    ])
}

pub(super) fn groups(result: &Groups, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let row = |row: &GroupRow| {
        vec![
            row.group.to_string(),
            row.name.get(language).to_owned(),
            writer.value(row.value, row.missing, context.decimals),
            word(row.aggregate.word_code(), language).to_owned(),
            writer.count(row),
            writer.percent(row.coverage_denominator.or(row.coverage_areas), 0),
        ]
    };
    let grid = Grid {
        caption: result.grouping_name.get(language).to_owned(),
        headers: vec![
            writer.header("word.code", Align::Left),
            writer.header("word.group", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.aggregate", Align::Left),
            writer.header("word.areas", Align::Right),
            writer.header("word.covered", Align::Right),
        ],
        rows: result.rows.iter().map(row).collect(),
    };
    writer.document(vec![
        title(writer.title(context), result.period.to_string()),
        Block::Grid(grid),
        writer.notes(&result.notes),
        writer.footer(context),
    ])
}

pub(super) fn trend(result: &Trend, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let real = context.price_basis.is_some();
    let mut headers = vec![
        writer.header("word.period", Align::Left),
        writer.header("word.value", Align::Right),
        writer.header("word.change", Align::Right),
        writer.header("word.change-relative", Align::Right),
        writer.header("word.index", Align::Right),
    ];
    if real {
        headers.push(writer.header("word.nominal", Align::Right));
    }
    let mut blocks = vec![title(writer.title(context), String::new())];
    for area in distinct(result.points.iter().map(|point| &point.area)) {
        let points = result.points.iter().filter(|point| point.area == *area);
        let row = |point: &crate::compare::TrendPoint| {
            let mut row = vec![
                point.period.to_string(),
                writer.cell(&point.cell, context.decimals),
                writer.signed(point.change, context.decimals),
                writer.signed_percent(point.change_relative),
                point
                    .index
                    .map_or_else(|| "–".to_owned(), |index| writer.number(index, 1)),
            ];
            if real {
                row.push(
                    point
                        .nominal
                        .map_or_else(|| "–".to_owned(), |value| writer.number(value, context.decimals)),
                );
            }
            row
        };
        blocks.push(Block::Grid(Grid {
            caption: format!("{} {}", writer.name(area), area.code),
            headers: headers.clone(),
            rows: points.map(row).collect(),
        }));
    }
    blocks.push(writer.notes(&result.notes));
    blocks.push(writer.footer(context));
    writer.document(blocks)
}

fn distinct<'a>(areas: impl Iterator<Item = &'a AreaLabel>) -> Vec<&'a AreaLabel> {
    let mut found: Vec<&AreaLabel> = Vec::new();
    for area in areas {
        if !found.contains(&area) {
            found.push(area);
        }
    }
    found
}

pub(super) fn explanation(result: &Explanation, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let aside = writer.cell(&result.cell, context.decimals);
    let mut blocks = vec![
        title(writer.title(context), result.period.to_string()),
        Block::Heading {
            text: format!("{} {}", writer.name(&result.area), result.area.code),
            aside,
            level: 2,
        },
        Block::Paragraph(format!(
            "{}: {}",
            writer.word("word.definition"),
            context.description.get(language)
        )),
        Block::Paragraph(format!("{}: {}", writer.word("word.formula"), result.formula)),
        Block::Paragraph(format!(
            "= {} = {}",
            result.formula_with_numbers,
            result.cell.value.map_or_else(
                || aside_missing(writer, &result.cell),
                |value| writer.number(value, context.decimals + 4)
            )
        )),
    ];
    if let Some(factor) = &result.factor {
        let sentence = format!(
            "× {} / {}",
            writer.number(factor.base, 1),
            writer.number(factor.index, 1)
        );
        blocks.push(Block::Paragraph(sentence));
    }
    blocks.push(Block::Grid(observations(writer, result)));
    if !result.left_out.is_empty() {
        blocks.push(Block::List {
            title: writer.word("word.left-out"),
            items: left_out(writer, &result.left_out),
        });
    }
    blocks.push(writer.notes(&result.notes));
    blocks.push(writer.footer(context));
    writer.document(blocks)
}

fn aside_missing(writer: Writer, cell: &Cell) -> String {
    writer.value(None, cell.missing, 0)
}

fn observations(writer: Writer, result: &Explanation) -> Grid {
    let mut rows = Vec::new();
    for used in &result.measures {
        if used.parts.is_empty() {
            let value = writer.value(used.value, used.missing, used.decimals);
            let blank = String::new;
            rows.push(vec![
                measure_name(writer, used),
                blank(),
                blank(),
                value,
                used.status.to_string(),
                blank(),
                blank(),
            ]);
        }
        for (position, part) in used.parts.iter().enumerate() {
            rows.push(vec![
                // The measure stands once, on the first of its observations.
                if position == 0 {
                    measure_name(writer, used)
                } else {
                    String::new()
                },
                part.area.to_string(),
                part.period.to_string(),
                writer.value(part.value, None, used.decimals),
                part.status.letter().to_string(),
                part.territory.to_string(),
                part.origin.clone(),
            ]);
        }
    }
    Grid {
        caption: writer.word("word.observations"),
        headers: vec![
            writer.header("word.measure", Align::Left),
            writer.header("word.code", Align::Left),
            writer.header("word.period", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.status", Align::Left),
            writer.header("word.territory", Align::Left),
            writer.header("word.origin", Align::Left),
        ],
        rows,
    }
}

fn measure_name(writer: Writer, used: &MeasureUse) -> String {
    format!(
        "{}, {}",
        used.label.get(writer.language),
        used.unit_symbol.get(writer.language)
    )
}

/// Reason by reason, the areas in alphabetical order.
fn left_out(writer: Writer, areas: &[Unranked]) -> Vec<String> {
    let mut reasons: Vec<Option<Missing>> = areas.iter().map(|area| area.missing).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let line = |reason: &Option<Missing>| {
        let mut names: Vec<&str> = areas
            .iter()
            .filter(|area| area.missing == *reason)
            .map(|area| area.area.name.get(writer.language))
            .collect();
        names.sort_by(|left, right| compare_names(left, right, writer.language));
        let why = reason.map_or("", |reason| word(reason.message_code(), writer.language));
        format!("{why}: {}", names.join(", "))
    };
    reasons.iter().map(line).collect()
}

impl super::Export for IndicatorList {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "indicator",
            "label",
            "unit",
            "direction",
            "scope",
            "first_period",
            "last_period",
            "definition",
            "release",
        ];
        let end = |period: Option<&Period>| Value::Text(period.map(ToString::to_string));
        let row = |row: &crate::compare::IndicatorRow| {
            vec![
                text(&row.declared.id),
                text(row.declared.label.get(language)),
                text(&row.declared.unit),
                text(match row.declared.direction {
                    Direction::Higher => "higher",
                    Direction::Lower => "lower",
                    Direction::None => "none",
                }),
                Value::Text(row.declared.scope.as_ref().map(ToString::to_string)),
                end(row.periods.first()),
                end(row.periods.last()),
                text(row.declared.definition.get(language)),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let row = |row: &crate::compare::IndicatorRow| {
            let periods = if row.periods.is_empty() {
                writer.word("word.no-data")
            } else {
                span(&row.periods)
            };
            vec![
                row.declared.id.to_string(),
                row.declared.label.get(language).to_owned(),
                row.unit_symbol.get(language).to_owned(),
                periods,
            ]
        };
        let headers = ["word.indicator", "word.name", "word.unit", "word.periods"];
        let headers = headers.map(|code| writer.header(code, Align::Left)).to_vec();
        let rows = self.rows.iter().map(row).collect();
        writer.document(vec![Block::Grid(Grid {
            caption: String::new(),
            headers,
            rows,
        })])
    }
}

impl super::Export for AreaList {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "code",
            "name",
            "name_fi",
            "name_sv",
            "valid_from",
            "valid_to",
            "successor",
            "release",
        ];
        let row = |row: &crate::compare::AreaRow| {
            vec![
                text(&row.area.code),
                text(row.area.name.get(language)),
                text(row.area.name.get(Language::Fi)),
                Value::Text(
                    Some(row.area.name.get(Language::Sv).to_owned())
                        .filter(|_| !row.area.name.is_fallback(Language::Sv)),
                ),
                Value::Text(row.from.map(|day| day.to_string())),
                Value::Text(row.to.map(|day| day.to_string())),
                Value::Text(row.successor.as_ref().map(|area| area.code.to_string())),
                text(&self.release),
            ]
        };
        Table {
            columns,
            rows: self.rows.iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let row = |row: &crate::compare::AreaRow| {
            let end = |day: Option<crate::model::Date>| day.map(|day| day.to_string()).unwrap_or_default();
            let existed = if row.to.is_some() || row.from.is_some() {
                format!("{}–{}", end(row.from), end(row.to))
            } else {
                String::new()
            };
            let next = row
                .successor
                .as_ref()
                .map(|area| format!("{} {}", area.code, area.name.get(language)));
            vec![
                row.area.code.to_string(),
                writer.name(&row.area),
                existed,
                next.unwrap_or_default(),
            ]
        };
        let headers = ["word.code", "word.name", "word.existed", "word.successor"];
        let headers = headers.map(|code| writer.header(code, Align::Left)).to_vec();
        let rows = self.rows.iter().map(row).collect();
        writer.document(vec![Block::Grid(Grid {
            caption: String::new(),
            headers,
            rows,
        })])
    }
}

/// What a release holds: title, id, tables with their registers, measures with periods and rows.
pub struct ReleaseCard<'a>(pub &'a Release);

impl super::Export for ReleaseCard<'_> {
    fn table(&self, language: Language) -> Table {
        let columns = vec![
            "measure",
            "label",
            "first_period",
            "last_period",
            "rows",
            "sha256",
            "release",
        ];
        let release = self.0;
        let row = |content: &crate::release::MeasureContent| {
            let label = release
                .catalogue()
                .measure(&content.measure)
                .map(|measure| measure.label.get(language).to_owned());
            let end = |period: Option<&crate::release::PeriodContent>| {
                Value::Text(period.map(|known| known.period.to_string()))
            };
            vec![
                text(&content.measure),
                Value::Text(label),
                end(content.periods.first()),
                end(content.periods.last()),
                Value::Count(content.rows()),
                text(&content.sha256),
                text(release.id()),
            ]
        };
        Table {
            columns,
            rows: release.content().iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let release = self.0;
        let provenance = release.provenance();
        let row = |content: &crate::release::MeasureContent| {
            let periods: Vec<Period> = content.periods.iter().map(|known| known.period).collect();
            vec![
                content.measure.to_string(),
                span(&periods),
                writer.number(count(content.rows()), 0),
            ]
        };
        let headers = vec![
            writer.header("word.measure", Align::Left),
            writer.header("word.periods", Align::Left),
            writer.header("word.observations", Align::Right),
        ];
        let rows = release.content().iter().map(row).collect();
        let tables = provenance.tables.iter().map(|table| {
            let source = release.catalogue().source(&table.source);
            let cited =
                source.map(|source| format!("{} ({})", source.citation.get(language), source.license));
            format!(
                "{}: {} {}",
                table.file,
                table.description.get(language),
                cited.unwrap_or_default()
            )
        });
        let borders = Message::new("word.borders").with("date", release.territory().now().to_string());
        writer.document(vec![
            title(provenance.title.get(language).to_owned(), String::new()),
            Block::Paragraph(provenance.publisher.get(language).to_owned()),
            Block::Grid(Grid {
                caption: String::new(),
                headers,
                rows,
            }),
            Block::List {
                title: writer.word("word.source"),
                items: tables.collect(),
            },
            Block::Footer(vec![format!("{} · {}", borders.render(language), release.id())]),
        ])
    }
}

#[expect(clippy::cast_precision_loss, reason = "row counts are below 2^53")]
fn count(rows: usize) -> f64 {
    rows as f64
}
