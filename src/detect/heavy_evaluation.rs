//! Scripts whose first run takes long.

use super::shared::{Culprit, median};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Figure, Finding, Severity, Unit};
use crate::trace::{Evidence, Run};

pub const DETECTOR: Detector = Detector {
    id: "heavy_evaluation",
    name: "heavy script evaluation",
    severity: Severity::Warning,
    what: "CPU time that the main thread spends on compiling the tag's scripts and on running them for the first time, all of them together. Functions that are called later do not count.",
    example: "A bundle of 2 MB sets up two thousand modules, and builds its tables of countries and emoji, before anybody has opened the widget.",
    needs_steps: &[],
    why: "The page cannot answer while it runs, on a phone four to eight times as long, and every visitor pays for features that few use.",
    fix: "Ask for a smaller build, or for one that loads its parts when they are used; start it when the page is idle or the widget is opened.",
    thresholds: &[CPU],
    detect,
};

#[rustfmt::skip]
pub const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU for compiling and first running the tag's scripts", value: 100.0, unit: Unit::Ms,
    source: "two long tasks' worth; 300 kB of ordinary libraries take about 40 ms in Chromium 156, with a profiler 60 ms",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&CPU, evaluated_ms) else {
        return vec![];
    };
    let Some((evidence, costliest)) = arms.with.iter().find_map(|evidence| {
        let costliest = evaluations(evidence).max_by(|a, b| a.cpu_us.total_cmp(&b.cpu_us))?;
        Some((evidence, costliest))
    }) else {
        return vec![];
    };
    // An evaluation is the whole script: the profile knows the function in it that does the work.
    let named = evidence.busiest(costliest.start_us, costliest.end_us);
    let (code, script) = named.unwrap_or((costliest.code, costliest.script));
    let cpu = arms.figure(
        "CPU for compiling and first running the tag's scripts",
        Unit::Ms,
        evaluated_ms,
    );
    let scripts = Figure {
        name: "scripts of the tag".into(),
        unit: Unit::Count,
        with: median(
            arms.with
                .iter()
                .map(|evidence| evaluations(evidence).count() as f64),
        ),
        without: 0.0,
    };
    let did = format!(
        "takes long when its script is first run: {} of main-thread CPU for the tag's scripts",
        Unit::Ms.show(cpu.with)
    );
    vec![
        arms.finding(
            &DETECTOR,
            Sighting {
                seen,
                step: evidence
                    .step_at(costliest.start_us)
                    .map(|step| step.text.clone()),
                culprit: Some(Culprit {
                    code: code.clone(),
                    script,
                    tags: true,
                }),
                did,
                figures: vec![cpu, scripts],
            },
        ),
    ]
}

/// CPU time of the tag's evaluations, milliseconds.
pub fn evaluated_ms(evidence: &Evidence) -> f64 {
    evaluations(evidence)
        .map(|run| run.cpu_us)
        .fold(0.0, |a, b| a + b)
        / 1e3
}

fn evaluations<'v>(evidence: &Evidence<'v>) -> impl Iterator<Item = Run<'v>> {
    let runs = evidence.runs().into_iter();
    runs.filter(|run| run.evaluates && evidence.is_tags(run.code, run.script))
}
