use crate::model::{Margin, Unit};
use crate::reader::{DURATION, Noted, PERCENT, Quantity, SIZE, Value};

use super::MetricRule;

/// `"50ms"`, `"5%"`, `3`, or both kinds: `{ absolute = "50ms", relative = "5%" }`.
pub(super) fn read(value: Value<'_>, rule: &MetricRule) -> Result<Margin, Noted> {
    let place = value.clone();
    if value.is_table() {
        let (absolute, relative) = value.table(|fields| {
            let absolute = fields.optional("absolute", |value| read_absolute(value, rule.unit));
            let relative = fields.optional("relative", |value| above_zero(value, Value::percent));
            Ok((absolute?, relative?))
        })?;
        let none_named = "names neither `absolute` nor `relative`";
        return match (absolute, relative) {
            (None, None) => Err(place.refuse(none_named)),
            (absolute, relative) => Ok(Margin {
                absolute: absolute.unwrap_or(rule.floor),
                relative: relative.unwrap_or(0.0),
            }),
        };
    }
    let absolute = |absolute| Margin {
        absolute,
        relative: 0.0,
    };
    let margin = match quantity(rule.unit) {
        Some(kind) => match value.quantity(&[kind, &PERCENT])? {
            (0, amount) => absolute(amount),
            (_, percent) => share(percent, rule),
        },
        None if value.is_text() => share(value.quantity(&[&PERCENT])?.1, rule),
        None => absolute(value.number(0.0..=f64::MAX)?),
    };
    if margin.absolute.max(margin.relative) > 0.0 {
        return Ok(margin);
    }
    Err(place.refuse(NO_ZERO))
}

const NO_ZERO: &str =
    "must be more than zero: no number of trials shows an effect of exactly nothing";

/// Of a small control, a share is less than can matter: the floor holds.
fn share(percent: f64, rule: &MetricRule) -> Margin {
    let relative = percent / 100.0;
    Margin {
        absolute: if relative > 0.0 { rule.floor } else { 0.0 },
        relative,
    }
}

fn read_absolute(value: Value<'_>, unit: Unit) -> Result<f64, Noted> {
    match quantity(unit) {
        Some(kind) => above_zero(value, |value| Ok(value.quantity(&[kind])?.1)),
        None => above_zero(value, |value| value.number(0.0..=f64::MAX)),
    }
}

fn above_zero<'t>(
    value: Value<'t>,
    read: impl FnOnce(Value<'t>) -> Result<f64, Noted>,
) -> Result<f64, Noted> {
    let place = value.clone();
    match read(value)? {
        amount if amount > 0.0 => Ok(amount),
        _ => Err(place.refuse(NO_ZERO)),
    }
}

/// How amounts of a unit are written, if not as plain numbers.
pub(super) fn quantity(unit: Unit) -> Option<&'static Quantity> {
    match unit {
        Unit::Ms => Some(&DURATION),
        Unit::Bytes => Some(&SIZE),
        Unit::Count | Unit::Score => None,
    }
}
