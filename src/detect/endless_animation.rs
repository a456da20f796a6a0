//! Animations without script that cost the main thread every frame.

use super::idle::{main_figure, step};
use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{Animation, CodeLocation, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "endless_animation",
    name: "animation that repaints for ever",
    severity: Severity::Warning,
    what: "A CSS or SVG animation without end that makes the main thread work out styles anew in every frame while nobody touches the page. Animations of the compositor (transform, opacity) and those out of view cost nothing and do not count, nor does what is animated without the tag as well.",
    example: "A badge pulses by its box-shadow, for ever.",
    needs_steps: &[],
    why: "Style, layout and paint sixty times per second keep the main thread and the processor awake for as long as the page is open.",
    fix: "Ask the owner to animate transform or opacity, which the compositor does by itself, and to end an animation after a few rounds.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const STYLES: Threshold = Threshold {
    id: "styles", name: "style recalculations per second at rest that no script asked for, beyond the control arm", value: 10.0, unit: Unit::Count,
    source: "ninety tags in Chromium 156: at most 1.6 in those that behave, about 60 with a CSS animation without end; an SVG animation has 23",
};

const THRESHOLDS: &[Threshold] = &[STYLES];

/// An animation begins with the style recalculation after the code that asked for it, microseconds.
const SOON_US: f64 = 500e3;

/// Code that asks for style, from the surest.
const ASKS: &[&[&str]] = &[
    &["ScheduleStyleRecalculation", "InvalidateLayout"],
    &["FunctionCall", "EvaluateScript"],
];

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&STYLES, styles_per_s) else {
        return Vec::new();
    };
    let name = arms.with.iter().find_map(|evidence| {
        let (animation, _) = animated(evidence)?;
        Some(animation.name.as_str()).filter(|name| !name.is_empty())
    });
    let name = name.map_or(String::new(), |name| {
        format!(" ({})", super::shared::printable(name, 60))
    });
    let sighting = Sighting {
        seen,
        culprit: culprit(arms),
        did: format!(
            "put in an animation{name} for which the main thread works out styles {:.0} times per second while nobody touches the page",
            arms.with(styles_per_s)
        ),
        step: step(arms),
        figures: vec![
            arms.figure(
                "style recalculations without script per second at rest",
                Unit::Count,
                styles_per_s,
            ),
            main_figure(arms),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// Those beyond what code that goes on may have asked for.
fn styles_per_s(evidence: &Evidence) -> f64 {
    let rest = evidence.rest();
    let Some(span) = rest.span else { return 0.0 };
    let styles = rest.per_s(evidence.count("UpdateLayoutTree", span) as f64);
    let turns = rest.going.iter().map(|going| going.per_s);
    (styles - turns.fold(0.0, |a, b| a + b)).max(0.0)
}

/// The first trial whose trace has the animation names who asked for it.
fn culprit(arms: &Arms) -> Option<Culprit> {
    arms.with.iter().find_map(|evidence| {
        let (_, (code, script)) = animated(evidence)?;
        Some(Culprit {
            code: code.clone(),
            script,
            tags: true,
        })
    })
}

/// An animation that goes on at rest, and the tag's code that ran last before it began.
fn animated<'v>(evidence: &Evidence<'v>) -> Option<(&'v Animation, (&'v CodeLocation, u32))> {
    let span = evidence.rest().span?;
    let animations = evidence.trace()?.animations.iter();
    let goes_on = animations.filter(|at| {
        at.start_us < span.end_us && at.end_us.is_none_or(|end_us| end_us >= span.end_us)
    });
    let mut own: Vec<_> = goes_on
        .filter_map(|at| Some((at, asker(evidence, at.start_us)?)))
        .collect();
    own.sort_by_key(|(at, _)| !at.on_main_thread);
    own.into_iter().next()
}

fn asker<'v>(evidence: &Evidence<'v>, start_us: f64) -> Option<(&'v CodeLocation, u32)> {
    let nodes = &evidence.tree().nodes;
    let until = nodes.partition_point(|node| node.start_us <= start_us);
    ASKS.iter().find_map(|names| {
        let before = nodes[..until].iter().rev();
        let soon = before.take_while(|node| start_us - node.start_us <= SOON_US);
        let mut named = soon.filter(|node| names.contains(&node.event.name.as_str()));
        named.find_map(|node| {
            let code = node.event.code.as_ref()?;
            let script = node.event.script;
            evidence.is_tags(code, script).then_some((code, script))
        })
    })
}
