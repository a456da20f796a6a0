//! The evidence in figures, the same for every symptom.

use std::collections::BTreeMap;

use super::super::shared::median;
use super::case::{Case, Facts, per};
use super::endless::run;
use crate::model::{CodeLocation, Figure, Unit};
use crate::trace::Place;

type OfPage = fn(&Facts) -> f64;
type OfPlace = for<'v> fn(&Facts<'_, 'v>, &Place<'v>) -> f64;

/// Of all listeners.
#[rustfmt::skip]
const ALL: &[(&str, Unit, OfPage)] = &[
    ("scroll events in scroll steps", Unit::Count, |facts| facts.events()),
    ("scroll events per second of scrolling", Unit::Count, |facts| facts.events_per_s()),
    ("script CPU per scroll event", Unit::Ms, |facts| facts.script().per_event),
    ("main-thread CPU per second of scrolling", Unit::Ms, |facts| facts.main().per_event * facts.events_per_s()),
    ("main-thread CPU per second after scrolling", Unit::Ms, |facts| facts.main_after()),
    ("scroll events per second after scrolling", Unit::Count, |facts| facts.scroll_events_after()),
    ("events dispatched within a scroll event", Unit::Count, |facts| facts.nested_per_event()),
];

/// Of the culprit alone.
#[rustfmt::skip]
const CULPRIT: &[(&str, Unit, OfPlace)] = &[
    ("culprit's CPU per scroll event", Unit::Ms, |facts, place| facts.at(place).per_event),
    ("culprit's calls per scroll event, first quarter", Unit::Count, |facts, place| facts.calls_first_and_last(place).0),
    ("culprit's calls per scroll event, last quarter", Unit::Count, |facts, place| facts.calls_first_and_last(place).1),
    ("culprit's forced layouts per scroll event", Unit::Count, |facts, place| per(facts.forced_layouts(place), facts.events())),
    ("seconds for which the culprit went on after scrolling", Unit::Count, |facts, place| run(facts, place).seconds),
    ("culprit's calls per second while it went on", Unit::Count, |facts, place| run(facts, place).calls_per_s),
];

/// Every figure that is not zero in both arms.
pub fn all<'v>(case: &Case<'_, 'v>, culprit: Option<&Place<'v>>) -> Vec<Figure> {
    let page = ALL
        .iter()
        .map(|(name, unit, of)| figure(case, name, *unit, of));
    let places = culprit.into_iter();
    let own = places.flat_map(|place| {
        CULPRIT.iter().map(move |(name, unit, of)| {
            figure(case, name, *unit, |facts: &Facts<'_, 'v>| of(facts, place))
        })
    });
    page.chain(own)
        .filter(|figure| figure.with != 0.0 || figure.without != 0.0)
        .collect()
}

fn figure<'e, 'v>(
    case: &Case<'e, 'v>,
    name: &str,
    unit: Unit,
    of: impl Fn(&Facts<'e, 'v>) -> f64,
) -> Figure {
    Figure {
        name: name.into(),
        unit,
        with: median(case.with.iter().map(&of)),
        without: median(case.without.iter().map(&of)),
    }
}

/// Where the layouts that the culprit forced come from mostly, by CPU time.
pub fn forces_most<'v>(case: &Case<'_, 'v>, culprit: &Place<'v>) -> Option<&'v CodeLocation> {
    let mut by_code: BTreeMap<&'v CodeLocation, f64> = BTreeMap::new();
    for facts in &case.with {
        for (code, cpu_us) in facts.forced_by(culprit) {
            *by_code.entry(code).or_default() += cpu_us;
        }
    }
    let most = by_code.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    most.map(|(code, _)| code)
}
