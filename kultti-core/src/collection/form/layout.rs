//! Where everything of a form stands: a sheet for each theme, a row for each measure.

use super::words::said;
use crate::catalogue::Catalogue;
use crate::collection::round::{Asked, Reporter, Round};
use crate::language::Language;
use crate::model::Measure;

/// The version of the layout: a form says by which it was written.
pub(super) const SCHEMA: u32 = 1;
/// The sheet with what programs read; nobody sees it.
pub(super) const HIDDEN: &str = "kultti";

/// Columns of a theme's sheet, from 0.
pub(super) const LABEL: u16 = 0;
pub(super) const UNIT: u16 = 1;
pub(super) const PREVIOUS: u16 = 2;
pub(super) const ANSWER: u16 = 3;
pub(super) const STATUS: u16 = 4;
pub(super) const NOTE: u16 = 5;
pub(super) const DEFINITION: u16 = 6;
pub(super) const REMARK: u16 = 7;

/// Rows of the sheet of instructions, from 0; what is said stands in the second column.
pub(super) const AREA_ROW: u32 = 1;
pub(super) const AUTHOR_ROW: u32 = 6;
pub(super) const CONSENT_ROW: u32 = 7;

/// Characters of the name of a sheet.
const LONGEST_NAME: usize = 31;

/// A row of a form.
#[derive(Debug, Clone)]
pub(super) struct Line<'r> {
    pub(super) asked: &'r Asked,
    pub(super) measure: &'r Measure,
    pub(super) previous: Option<f64>,
    /// The place of its sheet among those of the themes.
    pub(super) sheet: usize,
    /// The row of the sheet, from 0; the header is row 0.
    pub(super) row: u32,
}

/// A sheet of a form.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// The theme's whole name.
    pub(super) title: String,
    /// How many rows it has below the header.
    pub(super) rows: u32,
}

/// A form laid out.
#[derive(Debug)]
pub(super) struct Layout<'r> {
    pub(super) round: &'r Round,
    pub(super) reporter: &'r Reporter,
    pub(super) language: Language,
    /// The names of the first sheet and of that with the words to choose from.
    pub(super) instructions: String,
    pub(super) lists: String,
    pub(super) sheets: Vec<Sheet>,
    /// In the order of the round.
    pub(super) lines: Vec<Line<'r>>,
}

impl<'r> Layout<'r> {
    /// Lays a form out: a sheet for each theme in the order in which the round first asks of it.
    pub(super) fn new(round: &'r Round, reporter: &'r Reporter, language: Language) -> Self {
        let mut taken = vec![HIDDEN.to_owned()];
        let instructions = sheet_name(&said("form.instructions", language), &mut taken);
        let lists = sheet_name(&said("form.lists", language), &mut taken);
        let mut themes: Vec<Option<&str>> = Vec::new();
        let mut sheets: Vec<Sheet> = Vec::new();
        let previous = round
            .before(&reporter.area)
            .map(|before| before.previous.as_slice());
        let mut lines = Vec::new();
        for (place, asked) in round.document().asked.iter().enumerate() {
            let Some(measure) = round.catalogue().measure(&asked.measure) else {
                continue;
            };
            let theme = measure.theme.as_deref();
            let sheet = themes
                .iter()
                .position(|known| *known == theme)
                .unwrap_or_else(|| {
                    let title = title(round.catalogue(), theme, language);
                    sheets.push(Sheet {
                        name: sheet_name(&title, &mut taken),
                        title,
                        rows: 0,
                    });
                    themes.push(theme);
                    themes.len() - 1
                });
            let Some(on) = sheets.get_mut(sheet) else { continue };
            on.rows += 1;
            lines.push(Line {
                asked,
                measure,
                previous: previous.and_then(|values| values.get(place).copied().flatten()),
                sheet,
                row: on.rows,
            });
        }
        Self {
            round,
            reporter,
            language,
            instructions,
            lists,
            sheets,
            lines,
        }
    }

    /// The area as the form names it: `Kokkola (272)`, in the form's language.
    pub(super) fn area(&self) -> String {
        format!(
            "{} ({})",
            self.reporter.name.get(self.language),
            self.reporter.area
        )
    }

    /// What is asked on a line: the definition, and whether it may be left out.
    pub(super) fn definition(&self, line: &Line<'_>) -> String {
        let definition = line.measure.definition.get(self.language);
        if line.asked.required {
            return definition.to_owned();
        }
        format!("{} {definition}", said("form.optional", self.language))
    }

    /// The unit of a measure as the form writes it.
    pub(super) fn unit(&self, measure: &Measure) -> String {
        self.round.catalogue().unit_symbol(&measure.unit, self.language)
    }

    /// The heading of a column of a theme's sheet.
    pub(super) fn heading(&self, column: u16) -> String {
        let document = self.round.document();
        let code = match column {
            LABEL => "form.measure",
            UNIT => "form.unit",
            PREVIOUS => {
                let before = document.previous_period;
                let period = before.unwrap_or_else(|| super::super::round::year_before(document.period));
                let message = crate::language::Message::new("form.previous");
                return message.with("period", period.to_string()).render(self.language);
            }
            ANSWER => {
                let message = crate::language::Message::new("form.answer");
                return message
                    .with("period", document.period.to_string())
                    .render(self.language);
            }
            STATUS => "form.status",
            NOTE => "form.note",
            DEFINITION => "form.definition",
            _ => "form.remark",
        };
        said(code, self.language)
    }

    /// The sheet of a line.
    pub(super) fn sheet(&self, line: &Line<'_>) -> &str {
        self.sheets.get(line.sheet).map_or("", |sheet| &sheet.name)
    }
}

/// The letters of a column, from 0: the columns of a form have one letter.
pub(super) fn letter(column: u16) -> char {
    char::from(b'A' + u8::try_from(column.min(25)).unwrap_or(0))
}

fn title(catalogue: &Catalogue, theme: Option<&str>, language: Language) -> String {
    let label = theme.and_then(|theme| catalogue.theme(theme));
    label.map_or_else(
        || said("form.other", language),
        |label| label.get(language).to_owned(),
    )
}

/// A name that Excel takes for a sheet: no signs of paths, cut at a word, not taken.
fn sheet_name(text: &str, taken: &mut Vec<String>) -> String {
    let allowed = |letter: char| {
        let sign = "[]:*?/\\'".contains(letter) || letter.is_control();
        if sign { ' ' } else { letter }
    };
    let plain: String = text.chars().map(allowed).collect();
    let room = LONGEST_NAME - 3;
    let short = if plain.chars().count() <= LONGEST_NAME {
        plain.trim().to_owned()
    } else {
        let cut: String = plain.chars().take(room).collect();
        let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
        whole.trim().to_owned()
    };
    let short = if short.is_empty() { "–".to_owned() } else { short };
    let cut: String = short.chars().take(room).collect();
    let numbered = (2..).map(|number| format!("{} {number}", cut.trim()));
    let free = |name: &String| {
        !taken
            .iter()
            .any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let name = std::iter::once(short.clone())
        .chain(numbered)
        .find(free)
        .unwrap_or(short);
    taken.push(name.clone());
    name
}
