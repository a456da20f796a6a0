mod limits;
#[cfg(test)]
mod tests;

use crate::model::{Gate, GatedMetric, Inconclusive, Margin, Severity};
use crate::reader::{Fields, Noted, Value};

use super::{FindingRule, MetricRule, Vocabulary, margin};

/// What a metric weighs that has no weight of its own and is gated all the same.
const PLAIN_WEIGHT: f64 = 0.10;

const CHOICES: &[(&str, Inconclusive)] = &[
    ("report", Inconclusive::Report),
    ("pass", Inconclusive::Pass),
    ("fail", Inconclusive::Fail),
];

/// What a gate is read against.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub vocabulary: &'a Vocabulary,
    /// Kinds of the scenario's steps; `None` when they are mistaken.
    pub steps: Option<&'a [&'static str]>,
}

impl Ground<'_> {
    /// Why a metric cannot be gated in this scenario, and what to do.
    fn objection(&self, rule: &MetricRule) -> Option<(&'static str, String)> {
        let id = rule.id;
        if rule.needs_trace {
            let why = "is read from traced trials, which are too few to decide anything";
            return Some((
                why,
                format!("leave `{id}` out: reports show it all the same"),
            ));
        }
        let why = "has no value in this scenario: no step gives it one";
        Some((why, self.missing_step(id, rule.needs_steps)?))
    }

    /// What to do where no step of the scenario is one of those that `id` needs.
    fn missing_step(&self, id: &str, needs: &[&str]) -> Option<String> {
        let steps = self.steps?;
        if needs.is_empty() || needs.iter().any(|kind| steps.contains(kind)) {
            return None;
        }
        let kinds: Vec<String> = needs.iter().map(|kind| format!("`{kind}`")).collect();
        let kinds = kinds.join(" or ");
        Some(format!("add a step {kinds}, or leave `{id}` out"))
    }

    fn refuse_metric(&self, value: &Value<'_>, rule: &MetricRule) -> Result<(), Noted> {
        refuse(value, rule.id, self.objection(rule))
    }

    /// That nothing was found must not be said of what had no chance to be seen.
    fn refuse_finding(&self, value: &Value<'_>, rule: &FindingRule) -> Result<(), Noted> {
        let why = "cannot be seen in this scenario: no step would bring it about";
        let help = self.missing_step(rule.id, rule.needs_steps);
        refuse(value, rule.id, help.map(|help| (why, help)))
    }
}

fn refuse(value: &Value<'_>, id: &str, objection: Option<(&str, String)>) -> Result<(), Noted> {
    match objection {
        Some((why, help)) => {
            let message = format!("`{id}` {why}");
            Err(value.notes().refuse_with(value.span(), message, help))
        }
        None => Ok(()),
    }
}

/// Reads `[gate]`.
pub(super) fn read(value: Value<'_>, ground: Ground<'_>) -> Result<Gate, Noted> {
    value.table(|fields| read_fields(fields, ground))
}

/// The gate of scenarios that have no `[gate]`.
pub(super) fn default(ground: Ground<'_>) -> Gate {
    let vocabulary = ground.vocabulary;
    let margins = vec![None; vocabulary.metrics.len()];
    build(ground, &margins, None)
}

/// What brings the page down.
fn severe(vocabulary: &Vocabulary) -> Vec<String> {
    let rules = vocabulary.findings.iter();
    let severe = rules.filter(|rule| rule.severity == Severity::Severe);
    severe.map(|rule| rule.id.to_owned()).collect()
}

fn read_fields(fields: &mut Fields<'_>, ground: Ground<'_>) -> Result<Gate, Noted> {
    let vocabulary = ground.vocabulary;
    let family = fields.optional("metrics", |value| read_family(value, ground));
    let forbid = fields.optional("forbid", |value| read_forbid(value, ground));
    let limits = fields.or("limits", vec![], |value| limits::read(value, vocabulary));
    let inconclusive = fields.or("inconclusive", Inconclusive::default(), |value| {
        value.choice(CHOICES)
    });
    let require_baseline = fields.or("require_baseline", false, Value::boolean);
    let has_family = !matches!(family, Ok(None));
    let rules = vocabulary.metrics.iter();
    let margins: Vec<_> = rules
        .map(|rule| {
            fields.optional(rule.id, |value| {
                let place = value.clone();
                let margin = margin::read(value, rule)?;
                // A chosen family may leave the metric out: then its margin only marks.
                if !has_family {
                    ground.refuse_metric(&place, rule)?;
                }
                Ok(margin)
            })
        })
        .collect();

    let margins: Result<Vec<_>, _> = margins.into_iter().collect();
    let gate = build(ground, &margins?, family?.as_deref());
    let forbid = forbid?;
    Ok(Gate {
        forbid_chosen: forbid.is_some(),
        forbid: forbid.unwrap_or(gate.forbid),
        limits: limits?,
        inconclusive: inconclusive?,
        require_baseline: require_baseline?,
        ..gate
    })
}

fn read_family(value: Value<'_>, ground: Ground<'_>) -> Result<Vec<String>, Noted> {
    let place = value.clone();
    let rules = &ground.vocabulary.metrics;
    let known: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    let family = names(value, "metric", &known, |value, at| {
        ground.refuse_metric(value, &rules[at])
    })?;
    if family.is_empty() {
        return Err(place.refuse("is empty: a gate needs a metric"));
    }
    Ok(family)
}

fn read_forbid(value: Value<'_>, ground: Ground<'_>) -> Result<Vec<String>, Noted> {
    let rules = &ground.vocabulary.findings;
    let known: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    names(value, "finding", &known, |value, at| {
        ground.refuse_finding(value, &rules[at])
    })
}

/// Which metrics are gated, and with which share; `family` are the user's choice.
fn build(ground: Ground<'_>, margins: &[Option<Margin>], family: Option<&[String]>) -> Gate {
    let mut metrics = Vec::new();
    let mut exploratory = Vec::new();
    for (rule, margin) in ground.vocabulary.metrics.iter().zip(margins) {
        let gated = match family {
            Some(family) => family.iter().any(|id| id == rule.id),
            None if margin.is_some() => true,
            None => rule.weight > 0.0 && ground.objection(rule).is_none(),
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
        forbid_chosen: false,
        limits: vec![],
        metrics,
        exploratory,
        forbid: severe(ground.vocabulary),
        inconclusive: Inconclusive::default(),
        require_baseline: false,
    }
}

/// A list of known names, each once; `check` is given a name's place in `known`.
fn names(
    value: Value<'_>,
    noun: &str,
    known: &[&'static str],
    check: impl Fn(&Value<'_>, usize) -> Result<(), Noted>,
) -> Result<Vec<String>, Noted> {
    let mut seen = Vec::new();
    value.list(|value| {
        let place = value.clone();
        let name = value.text()?;
        let Some(at) = known.iter().position(|known| *known == name) else {
            let notes = place.notes();
            return Err(notes.refuse_name(place.span(), noun, &name, known));
        };
        if seen.contains(&name) {
            return Err(place.refuse(format!("{name:?} is named twice")));
        }
        check(&place, at)?;
        seen.push(name.clone());
        Ok(name)
    })
}
