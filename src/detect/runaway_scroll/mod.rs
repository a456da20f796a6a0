//! Scroll listeners that do too much, feed themselves, or multiply.

mod case;
mod endless;
mod figures;
mod growth;
mod heavy;
mod nested;

use super::shared::{bounded, mostly, shown};
use super::{Arms, Detector, Threshold};
use crate::model::{Finding, Severity, StepRecord, Unit};
use crate::trace::{Evidence, Place};
use case::Case;

pub const DETECTOR: Detector = Detector {
    id: "runaway_scroll",
    name: "runaway scroll handler",
    severity: Severity::Severe,
    what: "A scroll listener of the tag, or what it schedules, that takes too much CPU time per scroll event, goes on when nobody scrolls, dispatches scroll events itself, or is called more often with every event. Listeners that run without the tag as well do not count.",
    example: "A heat map measures all elements in each scroll event and then scrolls by a pixel, which makes the next scroll event.",
    needs_steps: &["scroll"],
    why: "Scrolling stutters or freezes for everyone on the page, and phones get hot and lose charge. Long-task metrics miss it, because the work comes in pieces below 50 ms.",
    fix: "Ask the owner to observe with IntersectionObserver instead of scroll events; otherwise to read no geometry in the listener, to do its work at most once per animation frame, to scroll or dispatch nothing from within it, and to add it once. Until then, publish without the tag.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const SCRIPT_PER_EVENT: Threshold = Threshold {
    id: "script_per_event", name: "script CPU per scroll event, beyond the control arm", value: 4.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 0.4 ms in those that behave (0.7 ms in eight vendor bundles on a busy machine), more than 20 ms in those that do not; a frame at 60 Hz has 16.7 ms for everything",
};
#[rustfmt::skip]
const MAIN_PER_SECOND: Threshold = Threshold {
    id: "main_per_second", name: "main-thread CPU per second of scrolling, beyond the control arm", value: 100.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: at most 16 ms in those that behave (40 ms in eight vendor bundles on a busy machine), at least 130 ms in those that do not",
};
#[rustfmt::skip]
const TIMES: Threshold = Threshold {
    id: "times", name: "the same, as a multiple of the control arm's", value: 1.0, unit: Unit::Count,
    source: "eight vendor bundles on a real page: at most 0.75; it does not depend on the machine's speed",
};
#[rustfmt::skip]
const GOES_ON: Threshold = Threshold {
    id: "goes_on", name: "seconds for which scroll events go on by themselves", value: 1.5, unit: Unit::Count,
    source: "twice Chromium's longest smooth scroll of 0.7 s; touch scrolling flings on for about 1 s; self-made scroll events never end",
};
#[rustfmt::skip]
const GOES_ON_MORE: Threshold = Threshold {
    id: "goes_on_more", name: "the same, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "a page's own smooth scrolling differs by less between visits",
};
#[rustfmt::skip]
const CALLS_PER_SECOND: Threshold = Threshold {
    id: "calls_per_second", name: "calls per second that scrolling set off and that go on", value: 250.0, unit: Unit::Count,
    source: "an animation loop has 60; self-dispatching listeners have thousands",
};
#[rustfmt::skip]
const CPU_PER_SECOND: Threshold = Threshold {
    id: "cpu_per_second", name: "main-thread CPU per second that scrolling set off and that goes on", value: 50.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156, nobody touching the page: at most 16 ms in those that behave, at least 150 ms in endless work",
};
#[rustfmt::skip]
const GROWTH: Threshold = Threshold {
    id: "growth", name: "calls per scroll event by which the last quarter of the events exceeds the first", value: 8.0, unit: Unit::Count,
    source: "a listener added per event: from 1 to 61 within 61 events; listeners added once: no growth",
};
#[rustfmt::skip]
const GROWTH_PER_EVENT: Threshold = Threshold {
    id: "growth_per_event", name: "calls that each further scroll event adds", value: 0.3, unit: Unit::Count,
    source: "one in the leak, none otherwise; widgets that come into view add a few in all",
};
#[rustfmt::skip]
const NESTED: Threshold = Threshold {
    id: "nested", name: "scroll, wheel, touchmove or resize events dispatched within a scroll event", value: 10.0, unit: Unit::Count,
    source: "a listener that tells others of a change dispatches one or two; recursion ends at a guard or at the stack's end",
};

const THRESHOLDS: &[Threshold] = &[
    SCRIPT_PER_EVENT,
    MAIN_PER_SECOND,
    TIMES,
    GOES_ON,
    GOES_ON_MORE,
    CALLS_PER_SECOND,
    CPU_PER_SECOND,
    GROWTH,
    GROWTH_PER_EVENT,
    NESTED,
];

/// One way in which scrolling runs away.
struct Symptom<'v> {
    /// By trial with the tag.
    seen: Vec<bool>,
    culprit: Option<Place<'v>>,
    /// What the culprit did, with figures: the rest of a sentence.
    text: String,
    /// It shows after scrolling, and not while the page is scrolled.
    after: bool,
}

/// Causes before consequences: what multiplies or feeds itself is heavy as well.
const SYMPTOMS: &[for<'a, 'e, 'v> fn(&'a Case<'e, 'v>) -> Option<Symptom<'v>>] =
    &[nested::look, endless::look, growth::look, heavy::look];

fn detect(arms: &Arms) -> Vec<Finding> {
    if arms.with.is_empty() || arms.without.is_empty() {
        return Vec::new();
    }
    let case = Case::new(arms);
    let symptoms = SYMPTOMS.iter().filter_map(|look| look(&case));
    let mut found: Vec<Symptom> = Vec::new();
    for symptom in symptoms.filter(|symptom| mostly(&symptom.seen)) {
        match found
            .iter_mut()
            .find(|before| before.culprit == symptom.culprit)
        {
            Some(before) => before.add(symptom),
            None => found.push(symptom),
        }
    }
    found
        .into_iter()
        .map(|symptom| finding(&case, symptom))
        .collect()
}

impl Symptom<'_> {
    fn add(&mut self, other: Self) {
        self.text = format!("{}; {}", self.text, other.text);
        for (seen, also) in self.seen.iter_mut().zip(other.seen) {
            *seen |= also;
        }
    }
}

fn finding<'v>(case: &Case<'_, 'v>, symptom: Symptom<'v>) -> Finding {
    let code = symptom.culprit.and_then(|place| case.code(&place));
    let subject = code.map_or_else(|| "code that the trace does not name".into(), shown);
    let mut summary = format!("{subject} {}", symptom.text);
    if let Some(place) = symptom.culprit {
        if let Some(layout) = figures::forces_most(case, &place) {
            summary += &format!("; most of the layouts it forced are from {}", shown(layout));
        }
        if case.also_without(&place) {
            summary += "; this code runs without the tag as well, but costs less there";
        }
    }
    Finding {
        chain: vec![],
        excerpt: None,
        hot: None,
        original: None,
        id: DETECTOR.id.into(),
        severity: DETECTOR.severity,
        tag: case.arms.tag.id.clone(),
        culprit: code.map(bounded),
        summary,
        step: case
            .with
            .first()
            .and_then(|facts| step(facts.evidence, symptom.after)),
        figures: figures::all(case, symptom.culprit.as_ref()),
        seen_in: symptom.seen.iter().filter(|seen| **seen).count(),
        seen_of: symptom.seen.len(),
    }
}

/// The first scroll step, or the first idle step after it, as in the scenario.
fn step(evidence: &Evidence, after: bool) -> Option<String> {
    let mut steps = evidence.visit.steps.iter();
    let scroll = steps.find(|step| step.kind == "scroll")?;
    let found = if after {
        steps.find(|step| step.kind == "idle" || step.kind == StepRecord::QUIET)?
    } else {
        scroll
    };
    Some(found.text.clone())
}
