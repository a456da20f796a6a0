//! Listeners that are added again and again and never taken away.

use std::collections::{HashMap, HashSet};

use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{CodeLocation, Finding, Severity, Unit};
use crate::trace::{Evidence, Place, without_query};

pub const DETECTOR: Detector = Detector {
    id: "listener_growth",
    name: "listeners without end",
    severity: Severity::Severe,
    what: "Listeners that the same code of the tag adds again and again, and that are still there after a garbage collection. What is added once, as when a widget comes into view, does not count, nor what is added without the tag as well.",
    example: "A widget adds a click listener to the document each time that the page is scrolled.",
    needs_steps: &[],
    why: "Every event then calls all of them: the page becomes slower the longer it is used, and what the listeners hold on to is never freed.",
    fix: "Ask the owner to add the listener once, outside the handler; otherwise to remove it (AbortController, { once: true }) before it is added again.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const GROWTH: Threshold = Threshold {
    id: "growth", name: "listeners that stay, from the first step's end to the last's, beyond the control arm", value: 8.0, unit: Unit::Count,
    source: "one per event in the leak: 61 within a second of scrolling; listeners that are added once: none later, or a few",
};
#[rustfmt::skip]
const TIMES: Threshold = Threshold {
    id: "times", name: "moments at which code of one place added them", value: 6.0, unit: Unit::Count,
    source: "set-up code runs once or twice; what runs for each event or tick, as often as it comes",
};

const THRESHOLDS: &[Threshold] = &[GROWTH, TIMES];

/// Calls that are closer than this are one moment, microseconds.
const MOMENT_US: f64 = 15e3;

fn detect(arms: &Arms) -> Vec<Finding> {
    let times = arms.limit(&TIMES);
    let most = arms.most_without(growth);
    let limit = arms.limit(&GROWTH);
    let seen = arms.seen(|evidence| {
        growth(evidence) - most >= limit && moments(evidence).iter().any(|at| at.2 >= times)
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let sighting = Sighting {
        seen,
        culprit: culprit(arms),
        did: format!(
            "adds listeners again and again: {:.0} more at the visit's end than after its first step",
            arms.with(growth)
        ),
        step: step(arms),
        figures: vec![
            arms.figure("listeners added and kept", Unit::Count, growth),
            arms.figure("moments of adding", Unit::Count, |evidence| {
                let moments = moments(evidence);
                moments.iter().map(|at| at.2).fold(0.0, f64::max)
            }),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

/// How many more listeners there are after the last step than after the first.
fn growth(evidence: &Evidence) -> f64 {
    let steps = evidence.visit.steps.iter();
    let counts: Vec<f64> = steps
        .filter_map(|step| Some(step.after?.listeners))
        .collect();
    match counts[..] {
        [first, .., last] if first.is_finite() && last.is_finite() => (last - first).max(0.0),
        _ => 0.0,
    }
}

/// The tag's calls that add listeners, where they are known; otherwise its code that ran whenever there were more.
fn moments<'v>(evidence: &Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)> {
    let mut told = Vec::new();
    for act in evidence.tags_acts("listen") {
        let mut times: Vec<f64> = evidence.times_of(act).collect();
        times.sort_by(f64::total_cmp);
        let apart = times
            .windows(2)
            .filter(|pair| pair[1] - pair[0] >= MOMENT_US);
        told.push((&act.code, 0, 1.0 + apart.count() as f64));
    }
    told.extend(rises(evidence));
    told
}

/// By code of the tag: in how many stretches between two counts it ran and there were more listeners afterwards.
fn rises<'v>(evidence: &Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)> {
    let pages = evidence.visit.pages.iter();
    let documents: Vec<&str> = pages.map(|page| without_query(&page.url)).collect();
    let gauges = evidence.trace().map_or(&[][..], |trace| &trace.gauges);
    let turns = &evidence.turns().all;
    let mut by_place: HashMap<Place<'v>, (&'v CodeLocation, u32, f64)> = HashMap::new();
    let pairs = gauges.windows(2);
    for pair in pairs.filter(|pair| pair[1].listeners > pair[0].listeners) {
        let from = turns.partition_point(|turn| turn.end_us <= pair[0].at_us);
        let ran = turns[from.min(turns.len())..].iter();
        let ran = ran.take_while(|turn| turn.start_us <= pair[1].at_us);
        let mut here = HashSet::new();
        for turn in ran.filter(|turn| evidence.is_tags(turn.code, turn.script)) {
            let place = Place::of(turn.code, &documents);
            if here.insert(place) {
                by_place
                    .entry(place)
                    .or_insert((turn.code, turn.script, 0.0))
                    .2 += 1.0;
            }
        }
    }
    by_place.into_values().collect()
}

/// The code that adds, where the interface was watched; otherwise what ran whenever there were more.
fn culprit(arms: &Arms) -> Option<Culprit> {
    let times = arms.limit(&TIMES);
    let watched = arms.blame_places(|evidence| {
        let acts = evidence.tags_acts("listen");
        let often = acts.filter(|act| f64::from(act.count) >= times);
        often
            .map(|act| (&act.code, 0, f64::from(act.count)))
            .collect()
    });
    watched.or_else(|| arms.blame_places(rises))
}

/// The step with the largest growth.
fn step(arms: &Arms) -> Option<String> {
    let steps = &arms.with.first()?.visit.steps;
    let counted = steps
        .iter()
        .filter_map(|step| Some((step, step.after?.listeners)));
    let counted: Vec<_> = counted.collect();
    let pairs = counted.windows(2);
    let most = pairs.max_by(|a, b| (a[1].1 - a[0].1).total_cmp(&(b[1].1 - b[0].1)))?;
    Some(most[1].0.text.clone())
}
