//! More calls for each scroll event than for the one before.

use super::case::{ANYWAY, Case, Facts};
use super::{GROWTH, GROWTH_PER_EVENT, Symptom};
use crate::model::Unit;
use crate::trace::Place;

/// How many times the first quarter's calls the last quarter's may be.
const TIMES: f64 = 4.0;

/// With fewer scroll events a quarter says little.
const ENOUGH_EVENTS: usize = 8;

/// Between the middles of the first and the last quarter lie three quarters of the events.
const APART: f64 = 0.75;

pub fn look<'v>(case: &Case<'_, 'v>) -> Option<Symptom<'v>> {
    let culprit = case.culprit(|place| {
        let more = case.with(|facts| growth(facts, place));
        more - case.most_without(|facts| growth(facts, place))
    })?;
    // Calls that merely moved to another place, as under a wrapper, do not grow in all.
    let in_all = case.most_without(growth_in_all);
    let at_place = case.most_without(|facts| growth(facts, &culprit));
    let trial = |facts: &Facts<'_, 'v>| {
        let (first, last) = facts.calls_first_and_last(&culprit);
        let events = facts.scrolling.beats.len();
        let more = (last - first - at_place).min(growth_in_all(facts) - in_all);
        let anyway = facts.calm_calls_per_s(&culprit) >= ANYWAY * last * facts.events_per_s();
        events >= ENOUGH_EVENTS
            && !anyway
            && more >= case.arms.limit(&GROWTH)
            && more >= case.arms.limit(&GROWTH_PER_EVENT) * APART * events as f64
            && last >= TIMES * first
    };
    let seen = case.with.iter().map(trial).collect();
    let text = format!(
        "was called {} times per scroll event at first and {} times at the end",
        Unit::Count.show(rounded(
            case.with(|facts| facts.calls_first_and_last(&culprit).0)
        )),
        Unit::Count.show(rounded(
            case.with(|facts| facts.calls_first_and_last(&culprit).1)
        )),
    );
    Some(Symptom {
        seen,
        culprit: Some(culprit),
        text,
        after: false,
    })
}

fn growth<'v>(facts: &Facts<'_, 'v>, place: &Place<'v>) -> f64 {
    let (first, last) = facts.calls_first_and_last(place);
    last - first
}

fn growth_in_all(facts: &Facts) -> f64 {
    let calls = facts.scrolling.beats.iter().map(|beat| beat.calls);
    let (first, last) = facts.scrolling.first_and_last(calls.enumerate());
    last - first
}

fn rounded(calls: f64) -> f64 {
    (calls * 10.0).round() / 10.0
}
