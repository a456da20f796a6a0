//! Animation frames that are asked for without end, and for nothing or at a price.

use super::idle::{CPU_SOURCE, of, step, told};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Kind, Loop};

pub const DETECTOR: Detector = Detector {
    id: "animation_loop",
    name: "endless animation loop",
    severity: Severity::Warning,
    what: "A requestAnimationFrame loop that goes on while nobody touches the page, and changes nothing that can be seen or takes too much CPU time. Loops that run without the tag as well do not count, nor do those that poll geometry, which has a name of its own.",
    example: "A widget looks in every frame whether the shop's cart has changed.",
    needs_steps: &[],
    why: "The browser makes a frame sixty times per second for nothing: the main thread never comes to rest, and phones get hot and lose charge.",
    fix: "Ask the owner to listen for the change instead of looking for it in every frame; to animate by CSS or element.animate(), which need no script; and to end the loop when the animation has ended or is out of view.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const FRAMES: Threshold = Threshold {
    id: "frames", name: "animation frames per second at rest that change nothing, beyond the control arm", value: 25.0, unit: Unit::Count,
    source: "a loop has 60, on a busy machine 30; tags that behave ask for a frame when something has happened",
};
#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU time of animation frames per second at rest, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: CPU_SOURCE,
};

const THRESHOLDS: &[Threshold] = &[FRAMES, CPU];

/// What a frame does when something that can be seen has changed.
const VISIBLE: &[&str] = &["Paint", "UpdateLayer"];

fn detect(arms: &Arms) -> Vec<Finding> {
    let frames = of(Kind::Frame);
    let busy = told(arms, "animation frames", None, Some(&CPU), &frames);
    let told = busy.or_else(|| {
        told(
            arms,
            "animation frames",
            Some(&FRAMES),
            None,
            |evidence, at| frames(evidence, at) && !is_visible(evidence, at),
        )
    });
    let Some(told) = told else {
        return Vec::new();
    };
    let sighting = Sighting {
        did: format!(
            "goes on in animation frames while nobody touches the page: {:.0} per second, which take {} of CPU",
            told.per_s,
            Unit::Ms.show(told.cpu_ms_per_s),
        ),
        seen: told.seen,
        culprit: told.culprit,
        step: step(arms),
        figures: told.figures,
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// Most of the loop's frames show something new.
fn is_visible(evidence: &Evidence, at: &Loop) -> bool {
    let (tree, turns) = (evidence.tree(), &evidence.turns().all);
    let own = &evidence.rest().going[at.going].turns;
    let shows = own.iter().filter(|&&turn| {
        let mut root = turns[turn].nodes.start;
        while let Some(parent) = tree.nodes[root].parent {
            root = parent;
        }
        evidence.has(root..tree.nodes[root].end, VISIBLE)
    });
    shows.count() * 2 > own.len()
}
