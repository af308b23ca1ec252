//! TIMEVAL: the periods of a time variable and their scale.

use super::document::Value;
use super::foreign::TimeVal;
use crate::formats::{Dimension, TimePeriod};

/// What a TIMEVAL says: `TLIST(A1),"1994","1995"`, `TLIST(A1,"1994"-"1996")`, `TLIST(A1),"1994"-"1996"` or
/// `TLIST(A1,"1994-1996")`. A range is written out, at most `most` periods of it.
pub(super) fn read(values: &[Value], most: usize) -> Option<TimeVal> {
    let (scale, inside) = values.iter().find_map(|value| match value {
        Value::TimeList(scale, inside) => Some((scale, inside)),
        _ => None,
    })?;
    let mut periods = Vec::new();
    for value in inside.iter().chain(values) {
        match value {
            Value::Text(text) => match text.split_once('-') {
                Some((from, to)) if from.len() == to.len() && !inside.is_empty() => {
                    periods.extend(range(scale, from, to, most));
                }
                _ => periods.push(text.clone()),
            },
            Value::Range(from, to) => periods.extend(range(scale, from, to, most)),
            _ => {}
        }
    }
    Some(TimeVal {
        scale: scale.trim().to_owned(),
        periods,
    })
}

/// The period that a text stands for in a scale: `20061` is a quarter in Q1 and a half-year in H1, `200610` a month in M1.
fn period(scale: &str, text: &str) -> Option<TimePeriod> {
    let letter = scale.chars().next()?;
    let (year, rest) = text.split_at_checked(4)?;
    let digits = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    match letter {
        'H' | 'Q' | 'M' | 'W' if digits => TimePeriod::parse(&format!("{year}{letter}{rest}")),
        'T' if digits => TimePeriod::parse(&format!("{year}H{rest}")),
        _ => TimePeriod::parse(text),
    }
}

/// How PX spells a period in TIMEVAL: digits only, the scale says the rest.
pub(super) fn spelling(period: TimePeriod) -> String {
    period.px().chars().filter(char::is_ascii_digit).collect()
}

fn range(scale: &str, from: &str, to: &str, most: usize) -> Vec<String> {
    let (Some(first), Some(last)) = (period(scale, from.trim()), period(scale, to.trim())) else {
        return vec![from.to_owned(), to.to_owned()];
    };
    let steps = std::iter::successors(Some(first), |one| next(*one));
    let within = steps.take_while(|one| *one <= last).take(most.saturating_add(1));
    within.map(spelling).collect()
}

fn next(period: TimePeriod) -> Option<TimePeriod> {
    let after = |year: u16, part: u8, parts: u8| {
        if part < parts {
            Some((year, part + 1))
        } else {
            Some((year.checked_add(1)?, 1))
        }
    };
    match period {
        TimePeriod::Year(year) => Some(TimePeriod::Year(year.checked_add(1)?)),
        TimePeriod::HalfYear(year, half) => {
            after(year, half, 2).map(|(year, half)| TimePeriod::HalfYear(year, half))
        }
        TimePeriod::Quarter(year, part) => {
            after(year, part, 4).map(|(year, part)| TimePeriod::Quarter(year, part))
        }
        TimePeriod::Month(year, month) => {
            after(year, month, 12).map(|(year, month)| TimePeriod::Month(year, month))
        }
        TimePeriod::Week(year, week) => {
            after(year, week, weeks(year)).map(|(year, week)| TimePeriod::Week(year, week))
        }
        TimePeriod::Day(year, month, day) => {
            let date = chrono::NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))?;
            let text = date.succ_opt()?.format("%Y-%m-%d").to_string();
            TimePeriod::parse(&text)
        }
    }
}

/// How many ISO weeks a year has: its last one holds the 28th of December.
fn weeks(year: u16) -> u8 {
    use chrono::Datelike;
    chrono::NaiveDate::from_ymd_opt(i32::from(year), 12, 28)
        .and_then(|date| u8::try_from(date.iso_week().week()).ok())
        .unwrap_or(52)
}

/// What TIMEVAL a dimension has by its codes alone, where all are periods of one scale.
pub(super) fn of_codes(dimension: &Dimension) -> Option<TimeVal> {
    let periods = dimension.periods()?;
    let scale = periods.first()?.scale();
    let one_scale = periods.iter().all(|period| period.scale() == scale);
    one_scale.then(|| TimeVal {
        scale: scale.to_owned(),
        periods: periods.into_iter().map(spelling).collect(),
    })
}

/// Whether two say the same, however they spell the periods.
pub(super) fn same(left: &TimeVal, right: &TimeVal) -> bool {
    let periods = |value: &TimeVal| -> Vec<Option<TimePeriod>> {
        value
            .periods
            .iter()
            .map(|text| period(&value.scale, text))
            .collect()
    };
    left == right
        || (left.scale == right.scale && !periods(left).contains(&None) && periods(left) == periods(right))
}

/// `20241022 08:00` as `2024-10-22T08:00`, `20241022` and `2007-10-10` as dates; anything else as it stands.
pub(super) fn date_from_px(text: &str) -> String {
    let text = text.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (date, time) = text
        .split_once(' ')
        .map_or((text, None), |(date, time)| (date, Some(time.trim())));
    if date.len() != 8 || !digits(date) {
        return text.to_owned();
    }
    let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
    match time {
        None => date,
        Some(time) if time.len() == 5 && time.as_bytes().get(2) == Some(&b':') => format!("{date}T{time}"),
        Some(_) => text.to_owned(),
    }
}

/// The way back: minutes are all that PX has.
pub(super) fn date_to_px(text: &str) -> String {
    let (date, time) = text
        .split_once(['T', ' '])
        .map_or((text, None), |(date, time)| (date, Some(time)));
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() != 3 || !parts.iter().all(digits) || date.len() != 10 {
        return text.to_owned();
    }
    let date = parts.concat();
    match time.and_then(|time| time.get(..5)) {
        Some(time) if time.as_bytes().get(2) == Some(&b':') => format!("{date} {time}"),
        _ => date,
    }
}
