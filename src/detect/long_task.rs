//! Long pieces of work on the main thread.

use super::heavy_evaluation::{self, evaluated_ms};
use super::shared::{Culprit, median};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{CodeLocation, Figure, Finding, Severity, StepRecord, Unit};
use crate::trace::{Evidence, TagTask, reaction_at};

pub const DETECTOR: Detector = Detector {
    id: "long_task",
    name: "long task",
    severity: Severity::Warning,
    what: "Main-thread tasks in which the tag's own code takes 50 ms of CPU time or more, while the page loads, and one or a few of them later. Tasks that answer a click or a key, work for each scroll event, and work that never ends are other detectors' matter.",
    example: "A personalisation tag compares the whole catalogue with the visitor's profile in one go, as soon as it has loaded.",
    needs_steps: &[],
    why: "Nothing else happens on the page meanwhile: a click or a scroll that falls into it is answered late.",
    fix: "Ask the owner to cut the work into pieces with scheduler.yield() or requestIdleCallback, to do it in a worker, or not to do it before it is needed.",
    thresholds: &[CPU],
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU of the tag's code in one task", value: 50.0, unit: Unit::Ms,
    source: "the Long Tasks API's bound, in CPU time of the tag's own code: on a busy machine honest bundles have tasks of 125 to 290 ms wall time",
};

/// More long tasks than these after load are work that goes on.
const FEW: usize = 5;

/// A tag that wraps the page's functions moves work and does not add it: so much of it has to be more in all.
const ADDED: f64 = 0.3;

fn detect(arms: &Arms) -> Vec<Finding> {
    let limit = arms.limit(&CPU);
    let before = median(arms.without.iter().map(Evidence::all_script_us));
    let long_ms = |evidence: &Evidence| {
        let tasks = long_tasks(evidence, limit);
        tasks
            .iter()
            .map(|task| own_us(evidence, task))
            .fold(0.0, |a, b| a + b)
            / 1e3
    };
    let is_added = |evidence: &Evidence| {
        let long = long_ms(evidence);
        long > 0.0 && evidence.all_script_us() - before >= ADDED * long * 1e3
    };
    let Some(seen) = arms.seen(is_added) else {
        return vec![];
    };
    let culprit = arms.blame_places(|evidence| {
        let tasks = long_tasks(evidence, limit);
        let named = tasks.iter().map(|task| {
            let (code, script) = worker(evidence, task);
            (code, script, own_us(evidence, task))
        });
        named.collect()
    });
    finding(arms, seen, culprit, limit).into_iter().collect()
}

fn finding(arms: &Arms, seen: Vec<bool>, culprit: Option<Culprit>, limit: f64) -> Option<Finding> {
    let longest = |evidence: &Evidence| {
        let tasks = long_tasks(evidence, limit);
        tasks
            .iter()
            .map(|task| own_us(evidence, task))
            .fold(0.0, f64::max)
            / 1e3
    };
    let of_trial = arms
        .with
        .iter()
        .map(|evidence| long_tasks(evidence, limit).len() as f64);
    let figure = |name: &str, unit, with| Figure {
        name: name.into(),
        unit,
        with,
        without: 0.0,
    };
    let (count, longest) = (median(of_trial), arms.with(longest));
    let first = arms.with.iter().find_map(|evidence| {
        let task = long_tasks(evidence, limit).into_iter().next()?;
        Some(evidence.step_at(task.start_us)?.text.clone())
    });
    let did = format!(
        "holds the main thread for {} of CPU in one task",
        Unit::Ms.show(longest)
    );
    Some(arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: first,
            figures: vec![
                figure("tag's CPU in its longest task", Unit::Ms, longest),
                figure("long tasks of the tag", Unit::Count, count),
            ],
        },
    ))
}

/// Tasks of the tag that are nobody else's matter.
fn long_tasks<'v>(evidence: &Evidence<'v>, limit_ms: f64) -> Vec<TagTask<'v>> {
    let reactions = evidence.reactions();
    let mut tasks = evidence.tag_tasks();
    tasks.retain(|task| {
        let long = own_us(evidence, task) >= limit_ms * 1e3;
        long && reaction_at(&reactions, task.start_us).is_none()
    });
    let kind = |task: &TagTask| {
        evidence
            .step_at(task.start_us)
            .map(|step| step.kind.as_str())
    };
    let later = tasks
        .iter()
        .filter(|task| kind(task) != Some("load"))
        .count();
    tasks.retain(|task| match kind(task) {
        Some("load") => true,
        Some(StepRecord::HIDDEN) | None => false,
        Some(_) => later <= FEW,
    });
    tasks
}

/// The tag's CPU in the task, without evaluations where those are heavy in all.
fn own_us(evidence: &Evidence, task: &TagTask) -> f64 {
    let told = evaluated_ms(evidence) >= heavy_evaluation::CPU.value;
    let evaluated_us = if told { 0.0 } else { task.evaluated_us };
    task.called_us + evaluated_us
}

/// Who did the work: the function that was called; within an evaluation the one that the profile saw.
fn worker<'v>(evidence: &Evidence<'v>, task: &TagTask<'v>) -> (&'v CodeLocation, u32) {
    let named = (task.evaluated_us > task.called_us)
        .then(|| evidence.busiest(task.start_us, task.end_us))
        .flatten();
    named.unwrap_or((task.code, task.script))
}
