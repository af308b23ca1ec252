//! An expected cost for people: what is expected, how far the reported figure is from it, and what the expectation is made
//! of.

use super::Writer;
use crate::compare::{Expected, ExpectedMethod, ExpectedModelVariable, ExpectedRow, VariableContribution};
use crate::export::document::{Align, Block, Document, Grid};
use crate::language::{Language, Message};

pub(in crate::export) fn expected(result: &Expected, language: Language) -> Document {
    let writer = Writer { language };
    let context = &result.context;
    let mut blocks = match (&result.area, result.rows.first()) {
        (Some(_), Some(row)) => one_area(writer, result, row),
        _ => vec![
            Block::Grid(model(writer, result)),
            Block::Grid(areas(writer, result)),
        ],
    };
    blocks.push(Block::Paragraph(model_line(writer, result)));
    writer.sheet(context, result.period.to_string(), blocks, &result.notes)
}

fn one_area(writer: Writer, result: &Expected, row: &ExpectedRow) -> Vec<Block> {
    let decimals = result.context.decimals;
    let mut blocks = vec![Block::Heading {
        text: format!("{} {}", writer.name(&row.area), row.area.code),
        aside: writer.cell(&row.cell, decimals),
        level: 2,
    }];
    let mut facts = vec![vec![
        writer.word("word.expected"),
        writer.value(row.expected, None, decimals),
    ]];
    facts.push(vec![
        interval_word(writer, result),
        interval(writer, row, decimals),
    ]);
    let difference = writer.difference(row.difference, &result.context);
    facts.push(vec![
        writer.word("word.difference"),
        format!("{difference} ({})", writer.signed_percent(row.residual)),
    ]);
    if row.budget_difference.is_some() {
        let symbol = result.context.unit_symbol.get(writer.language);
        let symbol = symbol.split(" / ").next().unwrap_or_default();
        let label = format!("{}, {symbol}", writer.word("word.budget-difference"));
        facts.push(vec![label, writer.signed(row.budget_difference, 0)]);
    }
    facts.push(vec![
        writer.word("word.leave-one-out"),
        writer.signed_percent(row.leave_one_out),
    ]);
    if let Some(capacity) = &result.capacity {
        let label = capacity.label.get(writer.language);
        let symbol = capacity.unit_symbol.get(writer.language);
        let label = format!("{label} {}, {symbol}", capacity.period);
        facts.push(vec![label, writer.value(row.capacity, None, capacity.decimals)]);
    }
    blocks.push(Block::Grid(Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.figure", Align::Left),
            writer.header("word.value", Align::Right),
        ],
        rows: facts,
    }));
    if !result.contributions.is_empty() {
        blocks.push(Block::Grid(contributions(writer, result, row)));
    }
    blocks
}

/// From the typical municipality to the expected cost of this one, variable by variable.
fn contributions(writer: Writer, result: &Expected, row: &ExpectedRow) -> Grid {
    let decimals = result.context.decimals;
    let mut rows = vec![vec![
        writer.word("word.at-means"),
        String::new(),
        String::new(),
        writer.number(result.model.at_means, decimals),
    ]];
    let line = |(variable, one): (&ExpectedModelVariable, &VariableContribution)| {
        vec![
            variable_name(writer, result, variable),
            writer.number(one.value, variable.decimals),
            writer.number(one.typical, variable.decimals),
            writer.signed_percent(Some(one.factor - 1.0)),
        ]
    };
    rows.extend(result.model.variables.iter().zip(&result.contributions).map(line));
    rows.push(vec![
        writer.word("word.expected"),
        String::new(),
        String::new(),
        writer.value(row.expected, None, decimals),
    ]);
    Grid {
        caption: writer.word("word.expected-made-of"),
        headers: vec![
            writer.header("word.variable", Align::Left),
            writer.header("word.here", Align::Right),
            writer.header("word.typical", Align::Right),
            writer.header("word.effect", Align::Right),
        ],
        rows,
    }
}

fn model(writer: Writer, result: &Expected) -> Grid {
    let constant = &result.model.constant;
    let mut rows = vec![vec![
        writer.word("word.constant"),
        String::new(),
        writer.signed(Some(constant.estimate), 4),
        writer.number(constant.standard_error, 4),
        writer.signed(Some(constant.t()), 1),
    ]];
    let line = |variable: &ExpectedModelVariable| {
        let mean = if variable.log {
            variable.mean.exp()
        } else {
            variable.mean
        };
        vec![
            variable_name(writer, result, variable),
            writer.number(mean, variable.decimals),
            writer.signed(Some(variable.coefficient.estimate), 4),
            writer.number(variable.coefficient.standard_error, 4),
            writer.signed(Some(variable.coefficient.t()), 1),
        ]
    };
    rows.extend(result.model.variables.iter().map(line));
    Grid {
        caption: writer.word("word.model"),
        headers: vec![
            writer.header("word.variable", Align::Left),
            writer.header("word.typical", Align::Right),
            writer.header("word.coefficient", Align::Right),
            writer.header("word.standard-error", Align::Right),
            ("t".to_owned(), Align::Right),
        ],
        rows,
    }
}

fn areas(writer: Writer, result: &Expected) -> Grid {
    let decimals = result.context.decimals;
    let line = |row: &ExpectedRow| {
        vec![
            row.area.code.to_string(),
            row.area.name.get(writer.language).to_owned(),
            writer.cell(&row.cell, decimals),
            writer.value(row.expected, None, decimals),
            interval(writer, row, 0),
            writer.signed_percent(row.residual),
        ]
    };
    Grid {
        caption: String::new(),
        headers: vec![
            writer.header("word.code", Align::Left),
            writer.header("word.name", Align::Left),
            writer.header("word.value", Align::Right),
            writer.header("word.expected", Align::Right),
            (interval_word(writer, result), Align::Right),
            writer.header("word.difference", Align::Right),
        ],
        rows: result.rows.iter().map(line).collect(),
    }
}

fn variable_name(writer: Writer, result: &Expected, variable: &ExpectedModelVariable) -> String {
    let mut name = variable.label.get(writer.language).to_owned();
    // Only a percentage cannot be told from the name.
    if variable.unit_symbol.get(writer.language) == "%" {
        name.push_str(", %");
    }
    if variable.log {
        name.push_str(" (ln)");
    }
    if variable.period != result.period {
        name.push_str(&format!(" {}", variable.period));
    }
    name
}

fn interval_word(writer: Writer, result: &Expected) -> String {
    let decimals = usize::from(result.level.fract() != 0.0);
    let level = writer.number(result.level, decimals);
    Message::new("word.prediction-interval")
        .with("level", level)
        .render(writer.language)
}

fn interval(writer: Writer, row: &ExpectedRow, decimals: usize) -> String {
    row.lower.zip(row.upper).map_or_else(
        || "–".to_owned(),
        |(lower, upper)| {
            format!(
                "{}–{}",
                writer.number(lower, decimals),
                writer.number(upper, decimals)
            )
        },
    )
}

fn model_line(writer: Writer, result: &Expected) -> String {
    let model = &result.model;
    let method = match model.method {
        ExpectedMethod::Log => "word.method-log",
        ExpectedMethod::QuasiPoisson => "word.method-quasi-poisson",
    };
    Message::new("word.model-line")
        .with("model", model.definition.clone().unwrap_or_default())
        .with("method", writer.word(method))
        .with("n", model.n)
        .with("members", model.members)
        .with("r2", writer.percent(Some(model.r2), 0))
        .render(writer.language)
}
