//! Pages that scroll otherwise than the user does.

use super::focus_stealing::unasked;
use super::shared::{Calls, median};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Act, Figure, Finding, Severity, StepRecord, Unit};
use crate::trace::{Evidence, last_before};

pub const DETECTOR: Detector = Detector {
    id: "scroll_hijack",
    name: "scrolling taken over",
    severity: Severity::Warning,
    what: "After a step the page is scrolled elsewhere than without the tag, whose code scrolled it without a click or kept it from scrolling; or the page can no longer be scrolled at the end.",
    example: "A promotion layer sets overflow: hidden on the body and forgets it when it is closed; a survey scrolls the page to itself.",
    needs_steps: &[],
    why: "People lose their place, or believe that the page ends where it stopped.",
    fix: "Scroll only in answer to a click on the tag's own element; give back overflow when a layer is closed, or let the page scroll behind it.",
    thresholds: &[MOVED, MOVING, TAKEN],
    detect,
};

#[rustfmt::skip]
const MOVED: Threshold = Threshold {
    id: "moved", name: "CSS pixels by which a step ends elsewhere than in the control arm", value: 100.0, unit: Unit::Count,
    source: "a notch of a mouse wheel; the same steps end within some pixels of each other",
};
#[rustfmt::skip]
const MOVING: Threshold = Threshold {
    id: "moving", name: "calls that moved the page", value: 1.0, unit: Unit::Count,
    source: "where the page ends is the measure",
};
#[rustfmt::skip]
const TAKEN: Threshold = Threshold {
    id: "taken", name: "wheel or touch events that the tag cancels while it scrolls itself", value: 5.0, unit: Unit::Count,
    source: "smooth-scrolling scripts cancel all of them, some 50 per second; carousels and maps one or two that are theirs",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    if let Some(seen) =
        arms.seen(|evidence| is_locked(evidence) && !arms.without.iter().any(is_locked))
    {
        return vec![locked(arms, seen)];
    }
    let found = taken(arms).or_else(|| moved(arms));
    found.into_iter().collect()
}

fn locked(arms: &Arms, seen: Vec<bool>) -> Finding {
    let culprit = arms.blame_places(|evidence| {
        let last = locked_from(evidence).and_then(|until_us| {
            let (touches, runs) = (evidence.touches(), evidence.tag_runs());
            last_before(&touches, until_us)
                .or_else(|| last_before(&runs, until_us))
                .copied()
        });
        last.map(|touch| (touch.code, touch.script, 1.0))
            .into_iter()
            .collect()
    });
    let locked = |evidence: &Evidence| f64::from(u8::from(is_locked(evidence)));
    finding(
        arms,
        Calls {
            seen,
            culprit,
            first: None,
            at_us: arms.with.first().and_then(locked_from),
        },
        "leaves the page so that it cannot be scrolled (overflow: hidden or a fixed body)".into(),
        arms.figure(
            "visits at whose end the page cannot be scrolled",
            Unit::Count,
            locked,
        ),
    )
}

/// The tag cancels the user's scrolling and scrolls in its place.
fn taken(arms: &Arms) -> Option<Finding> {
    let cancels = arms.calls(&["prevent_default"], &TAKEN, |_, act| {
        if act.what.starts_with("wheel") || act.what.starts_with("touchmove") {
            f64::from(act.count)
        } else {
            0.0
        }
    })?;
    let scrolls = arms.calls(&["scroll"], &TAKEN, |_, act| whole_page(act))?;
    let count = |evidence: &Evidence| {
        let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
        let cancelled = acts.filter(|act| act.kind == "prevent_default");
        cancelled
            .map(|act| f64::from(act.count))
            .fold(0.0, |a, b| a + b)
    };
    let figure = arms.figure("wheel and touch events cancelled", Unit::Count, count);
    let calls = Calls {
        culprit: cancels.culprit.or(scrolls.culprit),
        ..cancels
    };
    let did = "cancels the user's scrolling and scrolls the page itself".into();
    Some(finding(arms, calls, did, figure))
}

/// Steps end elsewhere, since the tag scrolled the page or kept it from scrolling.
fn moved(arms: &Arms) -> Option<Finding> {
    let limit = arms.limit(&MOVED);
    let calls = arms.calls(&["scroll", "prevent_default"], &MOVING, |evidence, act| {
        let moves = act.kind == "prevent_default" || whole_page(act) > 0.0;
        if moves && most_moved(arms, evidence) >= limit {
            unasked(evidence, act)
        } else {
            0.0
        }
    })?;
    let pixels = median(arms.with.iter().map(|evidence| most_moved(arms, evidence)));
    let stops = calls.first.is_some_and(|act| act.kind == "prevent_default");
    let did = format!(
        "{} though nobody clicked: a step ends {pixels:.0} px elsewhere than without the tag",
        if stops {
            "keeps the page from scrolling"
        } else {
            "scrolls the page"
        }
    );
    let figure = Figure {
        name: "pixels by which a step ends elsewhere".into(),
        unit: Unit::Count,
        with: pixels,
        without: 0.0,
    };
    Some(finding(arms, calls, did, figure))
}

fn finding(arms: &Arms, calls: Calls, did: String, figure: Figure) -> Finding {
    let step = arms.step_at(calls.at_us);
    arms.finding(
        &DETECTOR,
        Sighting {
            seen: calls.seen,
            culprit: calls.culprit,
            did,
            step,
            figures: vec![figure],
        },
    )
}

/// How far a step ends from where it ended in any visit without the tag, at most; steps are compared one by one.
fn most_moved(arms: &Arms, evidence: &Evidence) -> f64 {
    let ends = |evidence: &Evidence| -> Vec<Option<f64>> {
        let steps = own_steps(evidence);
        steps
            .map(|step| step.after.map(|after| after.scroll_y))
            .collect()
    };
    let without: Vec<_> = arms.without.iter().map(ends).collect();
    let own = ends(evidence);
    let moved = own.iter().enumerate().filter_map(|(nth, end)| {
        let end = (*end)?;
        let distances = without.iter().filter_map(|ends| {
            let other = (*ends.get(nth)?)?;
            Some((end - other).abs())
        });
        distances.min_by(f64::total_cmp)
    });
    moved.fold(0.0, f64::max)
}

/// The page's own scrolling, not that of a list within it.
fn whole_page(act: &Act) -> f64 {
    let page = act.what.starts_with("window.")
        || act.what.starts_with("Element.scrollIntoView")
        || act.what.ends_with(" html")
        || act.what.ends_with(" body");
    if page { f64::from(act.count) } else { 0.0 }
}

/// The scenario's own steps; the harness hides the page after them.
fn own_steps<'v>(evidence: &Evidence<'v>) -> impl Iterator<Item = &'v StepRecord> {
    let steps = evidence.visit.steps.iter();
    steps.filter(|step| step.kind != StepRecord::HIDDEN)
}

/// The page cannot be scrolled after the last step.
fn is_locked(evidence: &Evidence) -> bool {
    let last = own_steps(evidence).filter_map(|step| step.after).last();
    last.is_some_and(|after| after.locked)
}

/// The end of the first of the last steps after which the page was locked.
fn locked_from(evidence: &Evidence) -> Option<f64> {
    let steps: Vec<&StepRecord> = own_steps(evidence).collect();
    let locked = |step: &&&StepRecord| step.after.is_some_and(|after| after.locked);
    let first = steps.iter().rev().take_while(locked).last()?;
    first.trace_us.map(|(_, end_us)| end_us)
}
