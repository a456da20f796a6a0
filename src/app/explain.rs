//! `tagperf explain`: what an id means, from the tables that define it.

use crate::detect;
use crate::fitness::checks;
use crate::metrics;
use crate::model::{Fitness, Outcome};

/// One thing that can be explained.
pub struct Topic {
    pub id: String,
    pub kind: &'static str,
    pub text: String,
}

/// Everything that can be explained, in the order of the tables.
pub fn topics() -> Vec<Topic> {
    let metrics = metrics::ALL.iter().map(|metric| {
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
            text: format!(
                "{}\n\n{}\n\nDefault margin: {margin}.",
                metric.name, metric.what
            ),
        }
    });
    let detectors = detect::ALL.iter().map(|detector| {
        let thresholds: String = detector
            .thresholds
            .iter()
            .map(|t| format!("\n  {} {} ({})", t.name, t.unit.show(t.value), t.source))
            .collect();
        Topic {
            id: detector.id.into(),
            kind: "finding",
            text: format!(
                "{}\n\n{}\n\nWhy it hurts: {}\n\nHow to fix it: {}\n\nThresholds:{thresholds}",
                detector.name, detector.what, detector.why, detector.fix
            ),
        }
    });
    let checks = checks::ALL.iter().map(|check| Topic {
        id: check.id.into(),
        kind: "check",
        text: format!("{}\n\nLooked at by `tagperf doctor`.", check.what),
    });
    metrics
        .chain(detectors)
        .chain(checks)
        .chain(fitness())
        .chain(outcomes())
        .collect()
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
        text: format!("Exit code {} of `tagperf doctor`: {text}.", fitness.exit_code()),
    })
}

fn outcomes() -> impl Iterator<Item = Topic> {
    [
        (Outcome::Pass, "every gated effect is within its margin, and nothing forbidden was found"),
        (Outcome::Fail, "an effect is beyond its margin, or a forbidden misbehaviour was found"),
        (Outcome::Inconclusive, "the budget of trials or time ended before a decision: measure more blocks, choose a wider margin, or a quieter machine"),
        (Outcome::NotComparable, "the baseline was measured under other conditions, or one is required and there is none, or it lacks a gated effect"),
        (Outcome::NotMeasured, "a metric is missing, a tag did not run, a pattern matched nothing, too many trials failed, or no trace could have shown what is forbidden"),
    ]
    .into_iter()
    .map(|(outcome, text)| Topic {
        id: outcome.to_string().replace(' ', "_"),
        kind: "outcome",
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
