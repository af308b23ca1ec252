//! What a report says in short: sentences made of its figures, each with what is to be known of them.

use super::facts::Report;
use crate::compare::{Comparison, Order, PeerGroup, Trend};
use crate::export::Writer;
use crate::language::{Message, Param};

/// The sentences, the leading figure first.
pub(super) fn summary(report: &Report, writer: Writer) -> Vec<String> {
    let Some(headline) = report.headline() else {
        return vec![
            Message::new("report.summary-nothing")
                .with("area", &report.area.name)
                .render(writer.language),
        ];
    };
    let mut sentences = vec![value(headline, writer)];
    sentences.extend(beside_groups(headline, writer));
    sentences.extend(over_time(report, writer));
    let missing = report
        .figures
        .iter()
        .filter(|figure| figure.comparison.cell.value.is_none())
        .count();
    if missing > 0 {
        sentences.push(
            Message::new("report.summary-missing")
                .with("n", missing)
                .with("all", report.figures.len())
                .render(writer.language),
        );
    }
    sentences
}

/// The figure with its place, or why there is none.
fn value(headline: &Comparison, writer: Writer) -> String {
    let context = &headline.context;
    let unit = context.unit_symbol.get(writer.language);
    let message = |code| {
        Message::new(code)
            .with("label", &context.label)
            .with("area", &headline.area.name)
            .with("period", headline.period.to_string())
    };
    let Some(value) = headline.cell.value else {
        let reason = headline
            .cell
            .missing
            .map(|reason| reason.message_code())
            .unwrap_or("missing.missing");
        let sentence = message("report.summary-no-value");
        return sentence
            .with("reason", Param::Word(reason.to_owned()))
            .render(writer.language);
    };
    let status = super::sections::status_word(headline.cell.letter())
        .map(|code| format!(" ({})", writer.word(code)))
        .unwrap_or_default();
    let sentence = message("report.summary-value")
        .with(
            "value",
            format!("{}\u{a0}{unit}{status}", writer.number(value, context.decimals)),
        )
        .with("position", position(headline, writer));
    sentence.render(writer.language)
}

/// Its place among all; of a figure without a direction, that the place says nothing good or bad.
fn position(headline: &Comparison, writer: Writer) -> String {
    let position = &headline.position;
    let directed = !headline.notes.iter().any(|note| note.code() == "direction-none");
    let code = match (position.rank, position.order, directed) {
        (None, _, _) => "word.not-ranked",
        (_, Order::Descending, false) => "report.place-largest",
        (_, Order::Ascending, false) => "report.place-smallest",
        (_, _, true) => "word.position-best",
    };
    let rank = position
        .rank
        .map_or_else(String::new, |rank| writer.number(rank, 0));
    Message::new(code)
        .with("rank", rank)
        .with("n", position.n)
        .render(writer.language)
}

/// More groups than these make no sentence; all of them stand in a table.
const GROUPS: usize = 3;

/// How it differs from each group.
fn beside_groups(headline: &Comparison, writer: Writer) -> Option<String> {
    let own = headline.cell.value?;
    let items: Vec<String> = headline
        .peers
        .iter()
        .filter_map(|peer| beside(headline, own, peer, writer))
        .take(GROUPS)
        .collect();
    (!items.is_empty()).then(|| {
        Message::new("report.summary-groups")
            .with("items", items.join("; "))
            .render(writer.language)
    })
}

fn beside(headline: &Comparison, own: f64, peer: &PeerGroup, writer: Writer) -> Option<String> {
    let context = &headline.context;
    let value = peer.row.value?;
    let difference = peer.difference?;
    // What would be read as no difference is said to be none.
    let same = writer.number(own, context.decimals) == writer.number(value, context.decimals);
    let code = match difference {
        _ if same => "report.as-much-as",
        more if more > 0.0 => "report.more-than",
        _ => "report.less-than",
    };
    let by = match peer.difference_relative {
        Some(relative) if !context.unit.is_percent() => writer.percent(Some(relative.abs()), 1),
        _ => {
            let number = writer.number(difference.abs(), context.decimals);
            let unit = match context.unit.is_percent() {
                true => writer.word("word.percentage-points"),
                false => context.unit_symbol.get(writer.language).to_owned(),
            };
            format!("{number}\u{a0}{unit}")
        }
    };
    Some(
        Message::new(code)
            .with("by", by)
            .with("group", &peer.row.name)
            .with("value", writer.number(value, context.decimals))
            .render(writer.language),
    )
}

/// How it changed from the first period to the last, in nominal and in real prices.
fn over_time(report: &Report, writer: Writer) -> Option<String> {
    let nominal = report.nominal.as_ref()?;
    let (first, last, change) = whole_change(nominal)?;
    let real = report.real.as_ref().and_then(|real| real.as_ref().ok());
    let message = match real.and_then(|real| whole_change(real).map(|change| (real, change))) {
        Some((real, (_, _, real_change))) => {
            let year = real
                .context
                .price_basis
                .as_ref()
                .map(|basis| basis.year.to_string());
            Message::new("report.summary-change-real")
                .with("real", writer.signed_percent(Some(real_change)))
                .with("year", year.unwrap_or_default())
        }
        None => Message::new("report.summary-change"),
    };
    let message = message
        .with("from", first)
        .with("to", last)
        .with("nominal", writer.signed_percent(Some(change)));
    Some(message.render(writer.language))
}

/// The change from the first to the last figure: nothing across a break, from nothing, or of a series with one figure.
fn whole_change(trend: &Trend) -> Option<(String, String, f64)> {
    let mut with_value = trend.points.iter().filter(|point| point.cell.value.is_some());
    let first = with_value.next()?;
    let last = with_value.next_back()?;
    // The index says what the change is, and that there is none across a break.
    let (base, end) = (first.index?, last.index?);
    let broken = trend.points.iter().any(|point| {
        point.change_missing == Some(crate::model::Missing::BreakInSeries) && point.period > first.period
    });
    (!broken && base == 100.0).then(|| {
        (
            first.period.to_string(),
            last.period.to_string(),
            end / base - 1.0,
        )
    })
}
