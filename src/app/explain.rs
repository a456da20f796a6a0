//! `tagperf explain`: what an id means, from the tables that define it.

use crate::detect::{self, Detector, Threshold};
use crate::fitness::checks;
use crate::metrics::{self, Metric};
use crate::model::{Fitness, Limit, Outcome, Severity, Unit};

/// One thing that can be explained.
pub struct Topic {
    pub id: String,
    /// What it is: `metric`, `finding`.
    pub kind: &'static str,
    /// What it is listed under.
    pub group: &'static str,
    /// A few words for a list.
    pub name: String,
    pub text: String,
}

/// Everything that can be explained, group by group.
pub fn topics() -> Vec<Topic> {
    let mut detectors: Vec<&Detector> = detect::ALL.iter().collect();
    detectors.sort_by_key(|detector| std::cmp::Reverse(detector.severity));
    let metrics = metrics::ALL.iter().map(metric);
    let checks = checks::ALL.iter().map(|check| Topic {
        id: check.id.into(),
        kind: "check",
        group: "Checks of the machine, by `tagperf doctor`",
        name: check.what.split_inclusive('?').next().unwrap_or("").into(),
        text: format!("{}\n\nLooked at by `tagperf doctor`.", check.what),
    });
    metrics
        .chain(detectors.into_iter().map(finding))
        .chain(checks)
        .chain(fitness())
        .chain(outcomes())
        .collect()
}

fn metric(metric: &Metric) -> Topic {
    let margin = match metric.margin.relative {
        0.0 => metric.unit.show(metric.margin.absolute),
        share => format!(
            "{} or {:.0} % of the page without the tag, whichever is larger",
            metric.unit.show(metric.margin.absolute),
            share * 100.0
        ),
    };
    Topic {
        id: metric.id.into(),
        kind: "metric",
        group: "Metrics",
        name: metric.name.into(),
        text: format!(
            "{}\n\n{}\n\nDefault margin: {margin}.",
            metric.name, metric.what
        ),
    }
}

fn finding(detector: &Detector) -> Topic {
    let (group, standing) = match detector.severity {
        Severity::Severe => (
            "Findings that are severe: forbidden unless `forbid` in [gate] says otherwise",
            "severe: it brings the page down. Forbidden unless `forbid` in [gate] says otherwise.",
        ),
        Severity::Warning => (
            "Findings that are warnings: forbidden where `forbid` in [gate] names them",
            "a warning: it costs users something. Forbidden only where `forbid` in [gate] names it.",
        ),
        Severity::Note => (
            "Findings that are notes: worth knowing",
            "a note: worth knowing. Forbidden only where `forbid` in [gate] names it.",
        ),
    };
    let steps: Vec<String> = detector
        .needs_steps
        .iter()
        .map(|kind| format!("`{kind}`"))
        .collect();
    let needs = match steps.is_empty() {
        true => "every traced trial can show it".into(),
        false => format!(
            "only a scenario with a step {} can show it",
            steps.join(" or ")
        ),
    };
    let thresholds: String = detector.thresholds.iter().map(threshold).collect();
    Topic {
        id: detector.id.into(),
        kind: "finding",
        group,
        name: detector.name.into(),
        text: format!(
            "{}; {standing}\n\nWhat it is: {}\n\nFor example: {}\n\nWhy it hurts: {}\n\nHow to fix it: {}\n\n\
             What it takes: {needs}.\n\nWhere the lines are drawn, and how to draw them elsewhere:\n\n\
             [gate.limits.{}]{thresholds}",
            detector.name, detector.what, detector.example, detector.why, detector.fix, detector.id
        ),
    }
}

/// As it stands in a scenario, with what it means.
fn threshold(of: &Threshold) -> String {
    format!(
        "\n{} = {}\n    {}\n    ({})",
        of.id,
        written(of.unit, of.value),
        of.name,
        of.source
    )
}

/// An amount as a scenario writes it.
fn written(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Ms => format!("\"{value}ms\""),
        Unit::Bytes if value >= 1000.0 => format!("\"{}kB\"", value / 1000.0),
        Unit::Bytes => format!("\"{value}B\""),
        Unit::Count | Unit::Score => value.to_string(),
    }
}

/// A threshold that the user set and the detector's own, both as a scenario writes them.
pub fn limit(of: &Limit) -> (String, String) {
    let mut detectors = detect::ALL.iter();
    let detector = detectors.find(|detector| detector.id == of.finding);
    let mut thresholds = detector.into_iter().flat_map(|it| it.thresholds);
    match thresholds.find(|threshold| threshold.id == of.threshold) {
        Some(own) => (written(own.unit, of.value), written(own.unit, own.value)),
        // A run of another version may know more of them.
        None => (of.value.to_string(), "an unknown one".into()),
    }
}

fn fitness() -> impl Iterator<Item = Topic> {
    [
        (Fitness::Fit, "nothing that was looked at speaks against its judgement"),
        (Fitness::Noisy, "verdicts hold, since the arms are interleaved and the test is exact, but many will be inconclusive"),
        (Fitness::Unfit, "it cannot measure, or what it measures is wrong: no verdict from it counts"),
    ]
    .into_iter()
    .map(|(fitness, text)| Topic {
        id: fitness.to_string(),
        kind: "fitness",
        group: "What `tagperf doctor` says of the machine",
        name: format!("exit code {}", fitness.exit_code()),
        text: format!("Exit code {} of `tagperf doctor`: {text}.", fitness.exit_code()),
    })
}

fn outcomes() -> impl Iterator<Item = Topic> {
    [
        (Outcome::Pass, "every gated effect is within its margin, and no forbidden finding that the scenario can show was found"),
        (Outcome::Fail, "an effect is beyond its margin, or a forbidden misbehaviour was found"),
        (Outcome::Inconclusive, "the budget of trials or time ended before a decision: measure more blocks, choose a wider margin, or a quieter machine"),
        (Outcome::NotComparable, "the baseline was measured under other conditions, or one is required and there is none, or it lacks a gated effect"),
        (Outcome::NotMeasured, "a metric is missing, a tag did not run, a pattern matched nothing, too many trials failed, or no trace could have shown what is forbidden"),
    ]
    .into_iter()
    .map(|(outcome, text)| Topic {
        id: outcome.to_string().replace(' ', "_"),
        kind: "outcome",
        group: "Outcomes of a run",
        name: format!("exit code {}", outcome.exit_code()),
        text: format!("Exit code {}: {text}.", outcome.exit_code()),
    })
}

/// Finds a topic by id, or the nearest ids.
pub fn explain(id: &str) -> Result<Topic, Vec<String>> {
    let mut all = topics();
    if let Some(at) = all.iter().position(|topic| topic.id == id) {
        return Ok(all.swap_remove(at));
    }
    let mut near: Vec<(f64, String)> = all
        .into_iter()
        .map(|topic| (strsim::jaro_winkler(id, &topic.id), topic.id))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    Err(near
        .into_iter()
        .filter(|(likeness, _)| *likeness > 0.75)
        .take(3)
        .map(|(_, id)| id)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_it_is_read() {
        assert_eq!(written(Unit::Ms, 4.0), "\"4ms\"");
        assert_eq!(written(Unit::Bytes, 1500.0), "\"1.5kB\"");
        assert_eq!(written(Unit::Bytes, 512.0), "\"512B\"");
        assert_eq!(written(Unit::Score, 0.25), "0.25");
        assert_eq!(written(Unit::Count, 3.0), "3");
    }

    #[test]
    fn topics_of_a_group_stand_together_and_no_id_twice() {
        let all = topics();
        let mut groups: Vec<&str> = all.iter().map(|topic| topic.group).collect();
        groups.dedup();
        let names = groups.len();
        groups.sort_unstable();
        groups.dedup();
        assert_eq!(groups.len(), names);
        let mut ids: Vec<&str> = all.iter().map(|topic| topic.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
    }
}
