//! How the cells of a form look. A colour never says anything alone.

use crate::rules::Severity;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The formats of a workbook.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) header: Format,
    pub(super) text: Format,
    /// A cell to fill in with words.
    pub(super) answer_text: Format,
}

const BORDER: Color = Color::RGB(0x007F_7F7F);
const ANSWER: Color = Color::RGB(0x00FF_F8DC);
const QUIET: Color = Color::RGB(0x0059_5959);

fn base() -> Format {
    Format::new().set_align(FormatAlign::Top).set_text_wrap()
}

fn boxed(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(BORDER)
}

/// The background of a cell with a remark; words say the same.
fn ground(severity: Option<Severity>) -> Color {
    match severity {
        None => ANSWER,
        Some(Severity::Note) => Color::RGB(0x00DD_EBF7),
        Some(Severity::Warning) => Color::RGB(0x00FF_E699),
        Some(Severity::Error) => Color::RGB(0x00F8_CBAD),
    }
}

impl Styles {
    pub(super) fn new() -> Self {
        Self {
            title: Format::new().set_bold().set_font_size(16),
            heading: base().set_bold(),
            header: boxed(base())
                .set_bold()
                .set_background_color(Color::RGB(0x00D9_E2EC)),
            text: base(),
            answer_text: boxed(base()).set_background_color(ANSWER).set_unlocked(),
        }
    }

    /// Last year's value: beside the answer, and not to be mistaken for one.
    pub(super) fn previous(decimals: u8) -> Format {
        let format = Format::new().set_align(FormatAlign::Top).set_italic();
        boxed(format)
            .set_font_color(QUIET)
            .set_num_format(number(decimals))
    }

    /// The cell of an answer.
    pub(super) fn answer(decimals: u8, severity: Option<Severity>) -> Format {
        let format = Format::new().set_align(FormatAlign::Top).set_unlocked();
        boxed(format)
            .set_num_format(number(decimals))
            .set_background_color(ground(severity))
    }

    /// The cell of a remark.
    pub(super) fn remark(severity: Option<Severity>) -> Format {
        match severity {
            None => base(),
            severity => boxed(base()).set_background_color(ground(severity)),
        }
    }
}

/// Digits in groups, with as many decimals as the measure has; the program shows them as its language does.
fn number(decimals: u8) -> String {
    match decimals {
        0 => "#,##0".to_owned(),
        decimals => format!("#,##0.{}", "0".repeat(usize::from(decimals))),
    }
}
