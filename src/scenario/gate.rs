use crate::model::{Gate, GatedMetric, Inconclusive, Margin, Unit};
use crate::reader::{DURATION, Fields, Noted, PERCENT, Quantity, SIZE, Value};

use super::{MetricRule, Vocabulary};

/// What a metric weighs that has no weight of its own and is gated all the same.
const PLAIN_WEIGHT: f64 = 0.10;

const CHOICES: &[(&str, Inconclusive)] = &[
    ("report", Inconclusive::Report),
    ("pass", Inconclusive::Pass),
    ("fail", Inconclusive::Fail),
];

/// Reads `[gate]`.
pub(super) fn read(value: Value<'_>, vocabulary: &Vocabulary) -> Result<Gate, Noted> {
    value.table(|fields| read_fields(fields, vocabulary))
}

/// The gate of scenarios that have no `[gate]`.
pub(super) fn default(vocabulary: &Vocabulary) -> Gate {
    let margins = vec![None; vocabulary.metrics.len()];
    let findings = vocabulary.findings.iter();
    let findings = findings.map(|id| (*id).to_owned()).collect();
    build(vocabulary, &margins, None, findings)
}

fn read_fields(fields: &mut Fields<'_>, vocabulary: &Vocabulary) -> Result<Gate, Noted> {
    let metrics: Vec<&str> = vocabulary.metrics.iter().map(|rule| rule.id).collect();
    let family = fields.optional("metrics", |value| {
        let place = value.clone();
        let family = names(value, "metric", &metrics)?;
        if family.is_empty() {
            return Err(place.refuse("is empty: a gate needs a metric"));
        }
        Ok(family)
    });
    let forbid = fields.optional("forbid", |value| {
        names(value, "finding", &vocabulary.findings)
    });
    let inconclusive = fields.or("inconclusive", Inconclusive::default(), |value| {
        value.choice(CHOICES)
    });
    let require_baseline = fields.or("require_baseline", false, Value::boolean);
    let rules = vocabulary.metrics.iter();
    let margins: Vec<_> = rules
        .map(|rule| fields.optional(rule.id, |value| read_margin(value, rule)))
        .collect();

    let margins: Result<Vec<_>, _> = margins.into_iter().collect();
    let all = || {
        vocabulary
            .findings
            .iter()
            .map(|id| (*id).to_owned())
            .collect()
    };
    let forbid = forbid?.unwrap_or_else(all);
    Ok(Gate {
        inconclusive: inconclusive?,
        require_baseline: require_baseline?,
        ..build(vocabulary, &margins?, family?.as_deref(), forbid)
    })
}

/// Which metrics are gated, and with which share; `family` are the user's choice.
fn build(
    vocabulary: &Vocabulary,
    margins: &[Option<Margin>],
    family: Option<&[String]>,
    forbid: Vec<String>,
) -> Gate {
    let mut metrics = Vec::new();
    let mut exploratory = Vec::new();
    for (rule, margin) in vocabulary.metrics.iter().zip(margins) {
        let gated = match family {
            Some(family) => family.iter().any(|id| id == rule.id),
            None => rule.weight > 0.0 || margin.is_some(),
        };
        let weight = match (gated, rule.weight > 0.0) {
            (true, true) => rule.weight,
            (true, false) => PLAIN_WEIGHT,
            (false, _) => 0.0,
        };
        let part = if gated {
            &mut metrics
        } else {
            &mut exploratory
        };
        part.push(GatedMetric {
            metric: rule.id.to_owned(),
            margin: margin.unwrap_or(rule.margin),
            weight,
        });
    }
    let sum: f64 = metrics.iter().map(|metric| metric.weight).sum();
    for metric in &mut metrics {
        metric.weight /= sum;
    }
    Gate {
        metrics,
        exploratory,
        forbid,
        inconclusive: Inconclusive::default(),
        require_baseline: false,
    }
}

/// A list of known names, each once.
fn names(value: Value<'_>, noun: &str, known: &[&'static str]) -> Result<Vec<String>, Noted> {
    let mut seen = Vec::new();
    value.list(|value| {
        let place = value.clone();
        let name = value.text()?;
        if !known.contains(&name.as_str()) {
            let notes = place.notes();
            return Err(notes.refuse_name(place.span(), noun, &name, known));
        }
        if seen.contains(&name) {
            return Err(place.refuse(format!("{name:?} is named twice")));
        }
        seen.push(name.clone());
        Ok(name)
    })
}

/// `"50ms"`, `"5%"`, `3`, or both kinds: `{ absolute = "50ms", relative = "5%" }`.
fn read_margin(value: Value<'_>, rule: &MetricRule) -> Result<Margin, Noted> {
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
fn quantity(unit: Unit) -> Option<&'static Quantity> {
    match unit {
        Unit::Ms => Some(&DURATION),
        Unit::Bytes => Some(&SIZE),
        Unit::Count | Unit::Score => None,
    }
}
