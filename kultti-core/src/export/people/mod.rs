//! What a person reads: every result as a document in Finnish, Swedish or English.

mod change;
mod compare_all;
mod comparison;
mod composition;
mod cost_per_use;
mod derivation;
mod expected;
mod explanation;
mod format_card;
mod indicator_card;
mod inequality;
mod intervals;
mod join;
mod lists;
mod peers;
mod release_card;
mod release_diff;
#[cfg(feature = "ledger")]
mod round_card;
mod table_card;
mod tables;

pub(super) use change::change;
pub use compare_all::outline;
pub(super) use comparison::comparison;
pub(super) use composition::composition;
pub(super) use cost_per_use::cost_per_use;
pub(super) use derivation::derivation;
pub(super) use expected::expected;
pub(super) use explanation::explanation;
pub use format_card::FormatCard;
pub(super) use inequality::inequality;
pub(super) use intervals::intervals;
pub(super) use join::{joined, unmatched};
pub(super) use peers::{peer_models, peers};
pub use release_card::ReleaseCard;
pub(super) use release_diff::{DIFF_ROWS, release_diff};
#[cfg(feature = "ledger")]
pub use round_card::RoundCard;
pub use table_card::TableCard;
pub(super) use tables::{groups, ranking, trend};

use super::document::{Align, Block, Document};
use crate::compare::{AreaLabel, Context, GroupRow, Note};
use crate::language::{Language, Message, format_number, format_percent, format_signed, word};
use crate::model::Missing;
use crate::panel::Cell;

/// Writes for one language.
#[derive(Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) language: Language,
}

impl Writer {
    pub(crate) fn word(self, code: &'static str) -> String {
        word(code, self.language).to_owned()
    }

    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        format_number(value, decimals, self.language)
    }

    /// How many.
    #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    pub(crate) fn count_of(self, count: u64) -> String {
        self.number(count as f64, 0)
    }

    /// A value, or why there is none.
    pub(crate) fn value(self, value: Option<f64>, missing: Option<Missing>, decimals: usize) -> String {
        match (value, missing) {
            (Some(value), _) => self.number(value, decimals),
            (None, Some(reason)) => word(reason.message_code(), self.language).to_owned(),
            (None, None) => "–".to_owned(),
        }
    }

    pub(crate) fn cell(self, cell: &Cell, decimals: usize) -> String {
        let text = self.value(cell.value, cell.missing, decimals);
        // A letter beside the number says that it is not an ordinary one.
        if cell.value.is_some() && cell.letter() != 'A' {
            format!("{text} {}", cell.letter())
        } else {
            text
        }
    }

    /// A share of a group that is covered: all of it only where nothing is lacking.
    pub(crate) fn coverage(self, fraction: Option<f64>) -> String {
        let almost = fraction.is_some_and(|fraction| fraction < 1.0 && fraction > 0.994);
        self.percent(
            fraction.map(|fraction| if almost { fraction.min(0.999) } else { fraction }),
            usize::from(almost),
        )
    }

    /// A difference; of figures in per cent it is in percentage points.
    pub(crate) fn difference(self, value: Option<f64>, context: &Context) -> String {
        let text = self.signed(value, context.decimals);
        if context.unit.is_percent() && value.is_some() {
            return format!("{text}\u{a0}{}", self.word("word.percentage-points"));
        }
        text
    }

    pub(crate) fn percent(self, fraction: Option<f64>, decimals: usize) -> String {
        fraction.map_or_else(
            || "–".to_owned(),
            |fraction| format_percent(fraction, decimals, self.language),
        )
    }

    pub(crate) fn signed(self, value: Option<f64>, decimals: usize) -> String {
        value.map_or_else(
            || "–".to_owned(),
            |value| format_signed(value, decimals, self.language),
        )
    }

    pub(crate) fn signed_percent(self, fraction: Option<f64>) -> String {
        fraction.map_or_else(
            || "–".to_owned(),
            |fraction| format!("{}\u{a0}%", format_signed(fraction * 100.0, 1, self.language)),
        )
    }

    /// A name with the other official one behind it: Kokkola (Karleby).
    pub(crate) fn name(self, area: &AreaLabel) -> String {
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

    pub(crate) fn title(self, context: &Context) -> String {
        format!(
            "{}, {}",
            context.label.get(self.language),
            context.unit_symbol.get(self.language)
        )
    }

    pub(crate) fn notes(self, notes: &[Note]) -> Block {
        let items = notes
            .iter()
            .map(|note| note.message.render(self.language))
            .collect();
        Block::List {
            title: self.word("word.keep-in-mind"),
            items,
        }
    }

    /// On which borders, and from which release.
    pub(crate) fn borders_and_release(self, territory: &str, release: &str) -> String {
        let borders = if territory == "then" {
            self.word("word.borders-then")
        } else {
            Message::new("word.borders")
                .with("date", territory.to_owned())
                .render(self.language)
        };
        let short: String = release.chars().take(12).collect();
        let release = Message::new("word.release")
            .with("id", short)
            .render(self.language);
        format!("{borders} · {release}")
    }

    pub(crate) fn footer(self, context: &Context) -> Block {
        let origin = self.borders_and_release(&context.territory, &context.release);
        let sources: Vec<&str> = context
            .sources
            .iter()
            .map(|source| source.get(self.language))
            .collect();
        // A question with variables of its own has no definition that could be cited.
        let definition = Some(&context.definition).filter(|definition| !definition.is_empty());
        let definition = definition.map_or_else(String::new, |definition| format!(" · {definition}"));
        Block::Footer(vec![
            format!("{origin}{definition}"),
            format!("{}: {}", self.word("word.source"), sources.join("; ")),
        ])
    }

    /// A result: its title, its blocks, what to keep in mind, and where it comes from.
    pub(crate) fn sheet(
        self,
        context: &Context,
        aside: String,
        blocks: Vec<Block>,
        notes: &[Note],
    ) -> Document {
        let mut all = vec![title(self.title(context), aside)];
        all.extend(blocks);
        all.extend([self.notes(notes), self.footer(context)]);
        self.document(all)
    }

    pub(crate) fn document(self, blocks: Vec<Block>) -> Document {
        Document {
            language: self.language.code(),
            blocks,
        }
    }

    pub(crate) fn header(self, code: &'static str, align: Align) -> (String, Align) {
        (self.word(code), align)
    }

    /// n of the members of a group.
    pub(crate) fn count(self, row: &GroupRow) -> String {
        self.of(row.n, row.members)
    }

    /// n of members.
    pub(crate) fn of(self, n: usize, members: usize) -> String {
        Message::new("word.of")
            .with("n", n)
            .with("members", members)
            .render(self.language)
    }
}

pub(super) fn title(text: String, aside: String) -> Block {
    Block::Heading {
        text,
        aside,
        level: 1,
    }
}
