use crate::model::{Limit, Unit};
use crate::reader::{Noted, Value};

use super::super::margin::quantity;
use super::super::{FindingRule, LimitRule, Vocabulary};

/// Reads `[gate.limits]`: a table per finding, a key per threshold.
pub(super) fn read(value: Value<'_>, vocabulary: &Vocabulary) -> Result<Vec<Limit>, Noted> {
    value.table(|fields| {
        fields.call_keys("finding");
        let rules = vocabulary.findings.iter();
        let read: Vec<_> = rules
            .map(|rule| fields.optional(rule.id, |value| of_finding(value, rule)))
            .collect();
        let read: Result<Vec<_>, Noted> = read.into_iter().collect();
        Ok(read?.into_iter().flatten().flatten().collect())
    })
}

fn of_finding(value: Value<'_>, rule: &FindingRule) -> Result<Vec<Limit>, Noted> {
    value.table(|fields| {
        fields.call_keys("threshold");
        let thresholds = rule.thresholds.iter();
        let read: Vec<_> = thresholds
            .map(|threshold| {
                let limit = |value| {
                    Ok(Limit {
                        finding: rule.id.into(),
                        threshold: threshold.id.into(),
                        value: amount(value, threshold)?,
                    })
                };
                fields.optional(threshold.id, limit)
            })
            .collect();
        let read: Result<Vec<_>, Noted> = read.into_iter().collect();
        Ok(read?.into_iter().flatten().collect())
    })
}

fn amount(value: Value<'_>, threshold: &LimitRule) -> Result<f64, Noted> {
    let place = value.clone();
    let amount = match quantity(threshold.unit) {
        Some(kind) => value.quantity(&[kind])?.1,
        None => value
            .such_as(example(threshold.unit))
            .number(0.0..=f64::MAX)?,
    };
    if amount > 0.0 {
        return Ok(amount);
    }
    Err(place.refuse("must be more than zero: a limit of nothing finds something in every tag"))
}

fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Score => "0.25",
        Unit::Ms | Unit::Bytes | Unit::Count => "10",
    }
}
