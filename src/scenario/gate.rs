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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;

    fn vocabulary() -> Vocabulary {
        let rule = |id, unit, weight| MetricRule {
            id,
            unit,
            floor: 4.0,
            margin: Margin {
                absolute: 50.0,
                relative: 0.05,
            },
            weight,
        };
        Vocabulary {
            metrics: vec![
                rule("cpu", Unit::Ms, 0.3),
                rule("lcp", Unit::Ms, 0.2),
                rule("bytes", Unit::Bytes, 0.0),
                rule("long_tasks", Unit::Count, 0.0),
            ],
            findings: vec!["endless_timer", "runaway_scroll"],
        }
    }

    fn gate(toml: &str) -> Gate {
        let text = format!("[gate]\n{toml}");
        let gate = reader::read("gate.toml", &text, |top| {
            top.required("gate", |value| read(value, &vocabulary()))
        });
        gate.unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn weights(metrics: &[GatedMetric]) -> Vec<(&str, f64)> {
        let rounded = |weight: f64| (weight * 1e4).round() / 1e4;
        metrics
            .iter()
            .map(|metric| (metric.metric.as_str(), rounded(metric.weight)))
            .collect()
    }

    fn margin(toml: &str, metric: &str) -> (f64, f64) {
        let gate = gate(toml);
        let mut all = gate.metrics.iter().chain(&gate.exploratory);
        let margin = all.find(|gated| gated.metric == metric).unwrap().margin;
        (margin.absolute, margin.relative)
    }

    #[test]
    fn weighty_metrics_are_the_family_of_who_names_none() {
        let gate = gate("");
        assert_eq!(gate, default(&vocabulary()));
        assert_eq!(weights(&gate.metrics), [("cpu", 0.6), ("lcp", 0.4)]);
        let others = [("bytes", 0.0), ("long_tasks", 0.0)];
        assert_eq!(weights(&gate.exploratory), others);
        assert_eq!(gate.forbid, ["endless_timer", "runaway_scroll"]);
        assert_eq!(gate.inconclusive, Inconclusive::Report);
        assert!(!gate.require_baseline);
    }

    #[test]
    fn a_margin_brings_its_metric_into_the_family() {
        let gate = gate("bytes = '20kB'\nlcp = '30ms'");
        let family = [("cpu", 0.5), ("lcp", 0.3333), ("bytes", 0.1667)];
        assert_eq!(weights(&gate.metrics), family);
        assert_eq!(weights(&gate.exploratory), [("long_tasks", 0.0)]);
    }

    #[test]
    fn a_chosen_family_stays_as_it_was_chosen() {
        let gate = gate("metrics = ['long_tasks', 'cpu']\nlcp = '30ms'\nforbid = []");
        let family = [("cpu", 0.75), ("long_tasks", 0.25)];
        assert_eq!(weights(&gate.metrics), family);
        assert_eq!(gate.exploratory[0].metric, "lcp");
        assert_eq!(gate.exploratory[0].margin.absolute, 30.0);
        assert!(gate.forbid.is_empty());
    }

    #[test]
    fn margins_are_read_in_the_unit_of_their_metric() {
        assert_eq!(margin("", "lcp"), (50.0, 0.05));
        assert_eq!(margin("lcp = '1.5s'", "lcp"), (1500.0, 0.0));
        assert_eq!(margin("lcp = '10%'", "lcp"), (4.0, 0.1));
        assert_eq!(margin("bytes = '20kB'", "bytes"), (20_000.0, 0.0));
        assert_eq!(margin("long_tasks = 2", "long_tasks"), (2.0, 0.0));
        assert_eq!(margin("long_tasks = 0.5", "long_tasks"), (0.5, 0.0));
        assert_eq!(margin("long_tasks = '50%'", "long_tasks"), (4.0, 0.5));
        let both = "lcp = { absolute = '20ms', relative = '7%' }";
        assert_eq!(margin(both, "lcp"), (20.0, 0.07));
        assert_eq!(margin("lcp = { relative = '7%' }", "lcp"), (4.0, 0.07));
        assert_eq!(margin("lcp = { absolute = '20ms' }", "lcp"), (20.0, 0.0));
    }
}
