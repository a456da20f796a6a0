use crate::model::{Gate, GatedMetric, Inconclusive, Margin};
use crate::reader::{Fields, Noted, Value};

use super::{MetricRule, Vocabulary, margin};

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
        let steps = self.steps?;
        let needs = rule.needs_steps;
        if needs.is_empty() || needs.iter().any(|kind| steps.contains(kind)) {
            return None;
        }
        let kinds: Vec<String> = needs.iter().map(|kind| format!("`{kind}`")).collect();
        let kinds = kinds.join(" or ");
        let why = "has no value in this scenario: no step gives it one";
        Some((why, format!("add a step {kinds}, or leave `{id}` out")))
    }

    fn refuse(&self, value: &Value<'_>, rule: &MetricRule) -> Result<(), Noted> {
        match self.objection(rule) {
            Some((why, help)) => {
                let message = format!("`{}` {why}", rule.id);
                let notes = value.notes();
                Err(notes.refuse_with(value.span(), message, help))
            }
            None => Ok(()),
        }
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
    let findings = vocabulary.findings.iter();
    let findings = findings.map(|id| (*id).to_owned()).collect();
    build(ground, &margins, None, findings)
}

fn read_fields(fields: &mut Fields<'_>, ground: Ground<'_>) -> Result<Gate, Noted> {
    let vocabulary = ground.vocabulary;
    let family = fields.optional("metrics", |value| read_family(value, ground));
    let forbid = fields.optional("forbid", |value| {
        let known = &vocabulary.findings;
        names(value, "finding", known, |_, _| Ok(()))
    });
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
                    ground.refuse(&place, rule)?;
                }
                Ok(margin)
            })
        })
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
        ..build(ground, &margins?, family?.as_deref(), forbid)
    })
}

fn read_family(value: Value<'_>, ground: Ground<'_>) -> Result<Vec<String>, Noted> {
    let place = value.clone();
    let rules = &ground.vocabulary.metrics;
    let known: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    let family = names(value, "metric", &known, |value, at| {
        ground.refuse(value, &rules[at])
    })?;
    if family.is_empty() {
        return Err(place.refuse("is empty: a gate needs a metric"));
    }
    Ok(family)
}

/// Which metrics are gated, and with which share; `family` are the user's choice.
fn build(
    ground: Ground<'_>,
    margins: &[Option<Margin>],
    family: Option<&[String]>,
    forbid: Vec<String>,
) -> Gate {
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
        forbid,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Unit;
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
            needs_trace: id == "forced_layout",
            needs_steps: if id == "scroll_cpu" { &["scroll"] } else { &[] },
        };
        Vocabulary {
            metrics: vec![
                rule("cpu", Unit::Ms, 0.3),
                rule("lcp", Unit::Ms, 0.2),
                rule("bytes", Unit::Bytes, 0.0),
                rule("long_tasks", Unit::Count, 0.0),
                rule("scroll_cpu", Unit::Ms, 0.1),
                rule("forced_layout", Unit::Ms, 0.1),
            ],
            findings: vec!["endless_timer", "runaway_scroll"],
        }
    }

    const STILL: &[&str] = &["load", "idle"];
    const SCROLLING: &[&str] = &["load", "scroll"];

    fn try_gate(toml: &str, steps: &[&'static str]) -> Result<Gate, String> {
        let text = format!("[gate]\n{toml}");
        let vocabulary = vocabulary();
        let ground = Ground {
            vocabulary: &vocabulary,
            steps: Some(steps),
        };
        let gate = reader::read("gate.toml", &text, |top| {
            top.required("gate", |value| read(value, ground))
        });
        gate.map_err(|mistakes| mistakes.to_string())
    }

    fn gate(toml: &str) -> Gate {
        try_gate(toml, STILL).unwrap_or_else(|mistakes| panic!("{mistakes}"))
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
        let ground = Ground {
            vocabulary: &vocabulary(),
            steps: Some(STILL),
        };
        assert_eq!(gate, default(ground));
        assert_eq!(weights(&gate.metrics), [("cpu", 0.6), ("lcp", 0.4)]);
        let others = weights(&gate.exploratory);
        let others: Vec<&str> = others.iter().map(|(id, _)| *id).collect();
        let idle = ["bytes", "long_tasks", "scroll_cpu", "forced_layout"];
        assert_eq!(others, idle);
        assert_eq!(gate.forbid, ["endless_timer", "runaway_scroll"]);
        assert_eq!(gate.inconclusive, Inconclusive::Report);
        assert!(!gate.require_baseline);
    }

    #[test]
    fn a_margin_brings_its_metric_into_the_family() {
        let gate = gate("bytes = '20kB'\nlcp = '30ms'");
        let family = [("cpu", 0.5), ("lcp", 0.3333), ("bytes", 0.1667)];
        assert_eq!(weights(&gate.metrics), family);
        assert_eq!(weights(&gate.exploratory)[0], ("long_tasks", 0.0));
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

    #[test]
    fn what_no_step_gives_a_value_is_not_gated() {
        let gate = try_gate("", SCROLLING).unwrap();
        let family = [("cpu", 0.5), ("lcp", 0.3333), ("scroll_cpu", 0.1667)];
        assert_eq!(weights(&gate.metrics), family);
        for toml in ["scroll_cpu = '5ms'", "metrics = ['cpu', 'scroll_cpu']"] {
            let mistakes = try_gate(toml, STILL).unwrap_err();
            let why = "`scroll_cpu` has no value in this scenario";
            assert!(mistakes.contains(why), "{mistakes}");
            assert!(mistakes.contains("add a step `scroll`"), "{mistakes}");
            assert!(try_gate(toml, SCROLLING).is_ok());
        }
        let marked = try_gate("metrics = ['cpu']\nscroll_cpu = '5ms'", STILL);
        assert!(marked.is_ok(), "its margin only marks");
    }

    #[test]
    fn what_only_explains_is_not_gated() {
        for toml in ["forced_layout = '5ms'", "metrics = ['forced_layout']"] {
            let mistakes = try_gate(toml, SCROLLING).unwrap_err();
            assert!(
                mistakes.contains("is read from traced trials"),
                "{mistakes}"
            );
        }
    }
}
