//! Too much work for each move, turn of the wheel, or key.

use std::collections::BTreeMap;

use super::input::{ENOUGH_EVENTS, per_event, step, works, worst};
use super::{Arms, Detector, Sighting, Threshold, blocking_listener};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "heavy_input_handler",
    name: "heavy handler of moves or keys",
    severity: Severity::Warning,
    what: "Script CPU time for each wheel, touchmove, pointermove, mousemove, resize, key or input event, with the frames and timers that the listener asks for, beyond that without the tag. Scroll events are runaway_scroll's.",
    example: "A heat map serialises the whole page for each mousemove.",
    needs_steps: &["hover", "scroll", "type", "press", "click"],
    why: "These events come up to sixty times per second: the pointer, the wheel and the letters that are typed lag behind the hand. Each call is too short for a long task.",
    fix: "Ask the owner to note the position in the listener and to do the work at most a few times per second, in an idle callback, or when the hand rests.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "script CPU time per event, beyond the control arm", value: 4.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 0.4 ms in those that behave, more than 20 ms in those that do not; a frame at 60 Hz has 16.7 ms for everything",
};

const THRESHOLDS: &[Threshold] = &[CPU];

/// Set-up work on the first event is no burden of each: so many of the costliest events are left out.
const LEFT_OUT: usize = 3;

fn detect(arms: &Arms) -> Vec<Finding> {
    let blocks = arms.also_found(&blocking_listener::DETECTOR);
    let wanted =
        |kind: &str| kind != "scroll" && !(blocks && blocking_listener::KINDS.contains(&kind));
    let Some(worst) = worst(arms, &CPU, wanted, cost_ms, |_, _| true) else {
        return Vec::new();
    };
    let kind = worst.kind;
    let culprit = arms.blame_places(|evidence| {
        let turns = &evidence.turns().all;
        works(evidence, kind)
            .map(|work| (turns[work.turn].code, turns[work.turn].script, work.cpu_us))
            .collect()
    });
    let sighting = Sighting {
        seen: worst.seen,
        culprit,
        did: format!(
            "takes part in {} of CPU for each {kind} event",
            Unit::Ms.show(worst.per_event)
        ),
        step: step(arms, kind),
        figures: vec![
            arms.figure(format!("{kind} events"), Unit::Count, |evidence| {
                evidence.inputs().count(kind) as f64
            }),
            arms.figure(
                format!("script CPU per {kind} event"),
                Unit::Ms,
                |evidence| cost_ms(evidence, kind),
            ),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// Script CPU per event, the costliest events left out, milliseconds.
fn cost_ms(evidence: &Evidence, kind: &str) -> f64 {
    let count = evidence.inputs().count(kind);
    if count < ENOUGH_EVENTS {
        return 0.0;
    }
    let mut costs: BTreeMap<usize, f64> = BTreeMap::new();
    for work in works(evidence, kind) {
        *costs.entry(work.event).or_default() += work.cpu_us;
    }
    let mut costs: Vec<f64> = costs.into_values().collect();
    costs.sort_by(|a, b| b.total_cmp(a));
    let left_out = (count / 4).clamp(1, LEFT_OUT);
    let total = costs.iter().skip(left_out).fold(0.0, |a, b| a + b);
    // The mean of what is left.
    per_event(evidence, kind, total / 1e3) * count as f64 / (count - left_out) as f64
}
