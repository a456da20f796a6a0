use super::super::LimitRule;
use super::*;
use crate::model::{Limit, Unit};
use crate::reader;

fn finding(
    id: &'static str,
    severity: Severity,
    needs_steps: &'static [&'static str],
) -> FindingRule {
    FindingRule {
        id,
        severity,
        needs_steps,
        thresholds: vec![
            LimitRule {
                id: "cpu_per_event",
                unit: Unit::Ms,
            },
            LimitRule {
                id: "calls",
                unit: Unit::Count,
            },
        ],
    }
}

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
        findings: vec![
            finding("endless_timer", Severity::Severe, &[]),
            finding("runaway_scroll", Severity::Severe, &["scroll", "touch"]),
            finding("beacons", Severity::Note, &[]),
        ],
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

#[test]
fn severe_findings_are_forbidden_by_who_names_none() {
    let default = gate("");
    assert_eq!(default.forbid, ["endless_timer", "runaway_scroll"]);
    assert!(!default.forbid_chosen);
    let chosen = gate("forbid = ['beacons']");
    assert_eq!(chosen.forbid, ["beacons"]);
    assert!(chosen.forbid_chosen);
    assert!(gate("forbid = []").forbid_chosen);
}

#[test]
fn what_no_step_brings_about_is_not_forbidden_by_name() {
    let toml = "forbid = ['endless_timer', 'runaway_scroll']";
    let mistakes = try_gate(toml, STILL).unwrap_err();
    let why = "`runaway_scroll` cannot be seen in this scenario";
    assert!(mistakes.contains(why), "{mistakes}");
    let help = "add a step `scroll` or `touch`, or leave `runaway_scroll` out";
    assert!(mistakes.contains(help), "{mistakes}");
    assert!(try_gate(toml, SCROLLING).is_ok());
}

#[test]
fn limits_are_read_in_the_unit_of_their_threshold() {
    let limit = |threshold: &str, value| Limit {
        finding: "runaway_scroll".into(),
        threshold: threshold.into(),
        value,
    };
    let nested = "[gate.limits.runaway_scroll]\ncpu_per_event = '0.5s'\ncalls = 2.5";
    let dotted = "limits.runaway_scroll.cpu_per_event = '500ms'\nlimits.runaway_scroll.calls = 2.5";
    for toml in [nested, dotted] {
        let wanted = [limit("cpu_per_event", 500.0), limit("calls", 2.5)];
        assert_eq!(gate(toml).limits, wanted);
    }
}

#[test]
fn limits_of_nothing_known_are_refused() {
    for (toml, message) in [
        (
            "limits.runaway_scrol.calls = 1",
            "did you mean `runaway_scroll`?",
        ),
        ("limits.beacons.cals = 1", "did you mean `calls`?"),
        (
            "limits.beacons.zeal = 1",
            "thresholds here: `cpu_per_event`, `calls`",
        ),
        (
            "limits.beacons.calls = '3ms'",
            "expected a number not below 0",
        ),
        ("limits.beacons.calls = 0", "must be more than zero"),
        ("limits.beacons.cpu_per_event = 3", "write it with its unit"),
        ("limits.beacons = 3", "expected a table"),
    ] {
        let mistakes = try_gate(toml, STILL).unwrap_err();
        assert!(mistakes.contains(message), "{toml}: {mistakes}");
    }
}
