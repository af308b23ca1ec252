//! Periods as offices spell them: PX, SDMX and ISO 8601.

use std::fmt;

/// A period of a table's time dimension. Wider than [`crate::model::Period`]: a file may hold half-years, weeks and days.
///
/// ```
/// use kultti_core::formats::TimePeriod;
/// for (text, px, sdmx) in [
///     ("2019", "2019", "2019"),
///     ("2019H2", "2019H2", "2019-S2"),
///     ("2019-Q1", "2019Q1", "2019-Q1"),
///     ("2019K1", "2019Q1", "2019-Q1"), // Swedish kvartal
///     ("2019M08", "2019M08", "2019-08"),
///     ("2019-08", "2019M08", "2019-08"),
///     ("2019W05", "2019W05", "2019-W05"),
///     ("2019-08-31", "20190831", "2019-08-31"),
/// ] {
///     let period = TimePeriod::parse(text).unwrap();
///     assert_eq!((period.px(), period.sdmx()), (px.to_owned(), sdmx.to_owned()), "{text}");
/// }
/// assert_eq!(TimePeriod::parse("2019M13"), None);
/// assert_eq!(TimePeriod::parse("kesä 2019"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimePeriod {
    /// A year.
    Year(u16),
    /// A half-year, 1 or 2.
    HalfYear(u16, u8),
    /// A quarter, 1 to 4.
    Quarter(u16, u8),
    /// A month, 1 to 12.
    Month(u16, u8),
    /// An ISO week, 1 to 53.
    Week(u16, u8),
    /// A day: year, month, day of the month.
    Day(u16, u8, u8),
}

impl TimePeriod {
    /// Reads a spelling of PX, SDMX or ISO 8601; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_at_checked(4)?;
        let year = number(year)?;
        let part = |text: &str, most: u16| {
            let part = number(text).filter(|part| (1..=most).contains(part))?;
            u8::try_from(part).ok()
        };
        if rest.is_empty() {
            return Some(Self::Year(year));
        }
        let dashed = rest.strip_prefix('-');
        let rest = dashed.unwrap_or(rest);
        let (letter, digits) = rest.split_at_checked(1)?;
        match (letter, digits.len()) {
            ("A", 1) if digits == "1" => Some(Self::Year(year)),
            ("H" | "S", 1) => Some(Self::HalfYear(year, part(digits, 2)?)),
            ("Q" | "K" | "T", 1) => Some(Self::Quarter(year, part(digits, 4)?)),
            ("M", 1 | 2) => Some(Self::Month(year, part(digits, 12)?)),
            ("W" | "V", 1 | 2) => Some(Self::Week(year, part(digits, 53)?)),
            _ if dashed.is_some() && rest.len() == 2 => Some(Self::Month(year, part(rest, 12)?)),
            _ => {
                let (month, day) = match rest.split_once('-') {
                    Some(parts) if dashed.is_some() => parts,
                    _ => rest.split_at_checked(2).filter(|_| dashed.is_none())?,
                };
                let two = |text: &str, most: u16| part(text, most).filter(|_| text.len() == 2);
                Some(Self::Day(year, two(month, 12)?, two(day, 31)?))
            }
        }
    }

    /// The year it lies in.
    pub fn year(self) -> u16 {
        match self {
            Self::Year(year)
            | Self::HalfYear(year, _)
            | Self::Quarter(year, _)
            | Self::Month(year, _)
            | Self::Week(year, _)
            | Self::Day(year, ..) => year,
        }
    }

    /// The time scale of PX's TLIST: `A1`, `H1`, `Q1`, `M1`, `W1` or `D1`.
    pub fn scale(self) -> &'static str {
        match self {
            Self::Year(_) => "A1",
            Self::HalfYear(..) => "H1",
            Self::Quarter(..) => "Q1",
            Self::Month(..) => "M1",
            Self::Week(..) => "W1",
            Self::Day(..) => "D1",
        }
    }

    /// The spelling of PX: `2019`, `2019H1`, `2019Q1`, `2019M01`, `2019W01`, `20190131`.
    pub fn px(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::HalfYear(year, half) => format!("{year:04}H{half}"),
            Self::Quarter(year, quarter) => format!("{year:04}Q{quarter}"),
            Self::Month(year, month) => format!("{year:04}M{month:02}"),
            Self::Week(year, week) => format!("{year:04}W{week:02}"),
            Self::Day(year, month, day) => format!("{year:04}{month:02}{day:02}"),
        }
    }

    /// The spelling of SDMX: `2019`, `2019-S1`, `2019-Q1`, `2019-01`, `2019-W01`, `2019-01-31`.
    pub fn sdmx(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::HalfYear(year, half) => format!("{year:04}-S{half}"),
            Self::Quarter(year, quarter) => format!("{year:04}-Q{quarter}"),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Week(year, week) => format!("{year:04}-W{week:02}"),
            Self::Day(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for TimePeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sdmx())
    }
}

fn number(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
