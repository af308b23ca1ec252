//! The funnel of the rows: how far each lies from their common value, and how far chance goes.

use super::result::{FunnelFigures, FunnelPlace, FunnelPoint, IntervalRow};
use super::rule::{Rule, refused};
use crate::compare::notes;
use crate::compare::result::Note;
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::Indicator;
use crate::stats::{Dispersion, FUNNEL_MINIMUM, Funnel, Interval, funnel, normal_quantile};

/// Fewer events than this are expected: the limits are approximate.
const FEW_EXPECTED: f64 = 10.0;

/// Puts the rows into a funnel.
pub(super) fn place(
    rule: &Rule,
    indicator: &Indicator,
    rows: &mut [IntervalRow],
    form: Option<Dispersion>,
) -> Result<(FunnelFigures, Vec<Note>)> {
    let counted = |row: &IntervalRow| {
        let pair = row.numerator.zip(row.denominator);
        pair.filter(|_| row.interval.is_some())
    };
    let pairs: Vec<(f64, f64)> = rows.iter().filter_map(counted).collect();
    if pairs.len() < FUNNEL_MINIMUM {
        return Err(refused(indicator, "word.funnel", "reason.funnel-few"));
    }
    let made = funnel(&pairs, rule.chance, form)
        .ok_or_else(|| refused(indicator, "word.funnel", "reason.funnel-no-variation"))?;
    for row in rows.iter_mut() {
        row.funnel = counted(row).and_then(|pair| point(&made, pair, indicator.multiplier));
    }
    let few = pairs
        .iter()
        .filter(|pair| pair.1 * made.target < FEW_EXPECTED)
        .count();
    let figures = FunnelFigures {
        target: indicator.multiplier * made.target,
        phi: made.phi,
        tau_squared: made.tau_squared * indicator.multiplier * indicator.multiplier,
        dispersion: made.dispersion,
        n: pairs.len(),
    };
    Ok((figures, remarks(&figures, few)))
}

fn point(made: &Funnel, (numerator, denominator): (f64, f64), multiplier: f64) -> Option<FunnelPoint> {
    let score = made.score(numerator, denominator);
    let (usual, far) = (normal_quantile(0.05)?, normal_quantile(0.002)?);
    let limits = |z: f64| {
        let (lower, upper) = made.limits(denominator, z);
        Interval { lower, upper }.scaled(multiplier)
    };
    let place = match score {
        score if score < -far => FunnelPlace::FarBelow,
        score if score < -usual => FunnelPlace::Below,
        score if score > far => FunnelPlace::FarAbove,
        score if score > usual => FunnelPlace::Above,
        _ => FunnelPlace::Within,
    };
    Some(FunnelPoint {
        score,
        limits_95: limits(usual),
        limits_998: limits(far),
        place,
    })
}

/// How the funnel allows for more variation than chance, and where its limits are rough.
fn remarks(figures: &FunnelFigures, few: usize) -> Vec<Note> {
    let code = match figures.dispersion {
        Dispersion::None if figures.phi > 1.0 => "note.funnel-chance-only",
        Dispersion::None => "note.funnel-chance",
        Dispersion::Multiplicative => "note.funnel-multiplicative",
        Dispersion::Additive => "note.funnel-additive",
    };
    let mut found = vec![notes::info(
        Message::new(code).with("phi", Param::Number(figures.phi, 1)),
    )];
    if few > 0 {
        let message = Message::new("note.funnel-few-expected").with("count", few);
        found.push(notes::warning(
            message.with("bound", Param::Number(FEW_EXPECTED, 0)),
        ));
    }
    found
}
