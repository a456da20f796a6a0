//! Layouts that script forces one after the other.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{CodeLocation, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "layout_thrashing",
    name: "layout thrashing",
    severity: Severity::Warning,
    what: "Code of the tag that changes the page and asks for geometry or style in turns, so that the browser lays the page out many times within one call instead of once per frame. The first two forced layouts of a call do not count.",
    example: "A widget sets the width of each of a hundred elements and reads its height before it goes on to the next.",
    needs_steps: &[],
    why: "Each forced layout works on the whole page: a hundred of them take as long as a hundred frames, and the page stands still meanwhile.",
    fix: "Ask the owner to read all geometry first and to change the page afterwards, or to observe with ResizeObserver and IntersectionObserver.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const LAYOUTS: Threshold = Threshold {
    id: "layouts", name: "forced layouts in a visit beyond two per call, and beyond the control arm", value: 30.0, unit: Unit::Count,
    source: "tags that behave force at most two per call; a loop over elements forces one for each, hundreds per scroll event",
};
#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of those, beyond the control arm", value: 2.0, unit: Unit::Ms,
    source: "thirty layouts of an empty page take 1 ms, of a shop's page 15 ms",
};

const THRESHOLDS: &[Threshold] = &[LAYOUTS, CPU];

/// A call may have to ask once before and once after it has changed something.
const ALLOWED: usize = 2;

/// What lets code run from start to end.
const STRETCHES: &[&str] = &[
    "FunctionCall",
    "EvaluateScript",
    "v8.evaluateModule",
    "RunMicrotasks",
];

/// The tag's forced layouts in one stretch of code.
struct Stretch<'v> {
    start_us: f64,
    /// Beyond those that are allowed.
    layouts: f64,
    cpu_us: f64,
    by: Vec<(&'v CodeLocation, u32, f64)>,
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let layouts = |evidence: &Evidence| {
        let all = stretches(evidence);
        all.iter().fold(0.0, |sum, at| sum + at.layouts)
    };
    let cpu = |evidence: &Evidence| {
        let all = stretches(evidence);
        all.iter().fold(0.0, |sum, at| sum + at.cpu_us) / 1e3
    };
    let Some(often) = arms.exceeds(&LAYOUTS, layouts) else {
        return Vec::new();
    };
    let Some(costly) = arms.exceeds(&CPU, cpu) else {
        return Vec::new();
    };
    let seen = often.iter().zip(costly).map(|(a, b)| *a && b).collect();
    let culprit = arms.blame_places(|evidence| {
        let all = stretches(evidence).into_iter();
        all.flat_map(|at| at.by).collect()
    });
    let most = |evidence: &Evidence| {
        let all = stretches(evidence);
        all.iter().map(|at| at.layouts).fold(0.0, f64::max)
    };
    let start_us = |evidence: &Evidence| {
        let all = stretches(evidence).into_iter();
        all.max_by(|a, b| a.layouts.total_cmp(&b.layouts))
            .map(|at| at.start_us)
    };
    let first = arms.with.first();
    let step = first.and_then(|evidence| evidence.step_at(start_us(evidence)?));
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "forces layout again and again: {:.0} times in a visit and up to {:.0} times within one call, {} of CPU in all",
            arms.with(layouts),
            arms.with(most),
            Unit::Ms.show(arms.with(cpu)),
        ),
        step: step.map(|step| step.text.clone()),
        figures: vec![
            arms.figure("forced layouts beyond two per call", Unit::Count, layouts),
            arms.figure("the most of them within one call", Unit::Count, most),
            arms.figure("CPU of forced layouts", Unit::Ms, cpu),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

fn stretches<'v>(evidence: &Evidence<'v>) -> Vec<Stretch<'v>> {
    let tree = evidence.tree();
    let found = tree.outermost(tree.all(), |event| STRETCHES.contains(&event.name.as_str()));
    let all = found.map(|index| stretch(evidence, index));
    all.filter(|at| at.layouts > 0.0).collect()
}

fn stretch<'v>(evidence: &Evidence<'v>, index: usize) -> Stretch<'v> {
    let node = &evidence.tree().nodes[index];
    let runs = node.event.code.as_ref();
    let own = runs.filter(|code| evidence.is_tags(code, node.event.script));
    let (mut layouts, mut styles, mut cpu_us) = (0_usize, 0_usize, 0.0);
    let mut by = Vec::new();
    for forced in evidence.forced(index..node.end) {
        let asks = forced.event.code.as_ref();
        let asks = asks.filter(|code| evidence.is_tags(code, forced.event.script));
        // A library of the page's that the tag calls forces for the tag.
        let named = asks.map(|code| (code, forced.event.script));
        let Some((code, script)) = named.or(own.map(|code| (code, node.event.script))) else {
            continue;
        };
        if forced.event.name == "Layout" {
            layouts += 1;
        } else {
            styles += 1;
        }
        cpu_us += forced.cpu_us;
        by.push((code, script, 1.0 + forced.cpu_us));
    }
    // A question for geometry often costs one of each.
    let count = layouts.max(styles);
    let beyond = count.saturating_sub(ALLOWED) as f64;
    Stretch {
        start_us: node.start_us,
        layouts: beyond,
        cpu_us: if count > 0 {
            cpu_us * beyond / count as f64
        } else {
            0.0
        },
        by,
    }
}
