//! How often a turn of code asks for geometry or style.

use std::collections::HashMap;

use super::super::{Evidence, Place, without_query};

/// A page's clock is coarser than the trace's, microseconds.
const NEAR_US: f64 = 300.0;

/// So many calls of an interface are all written down, then one in about [`GAP`].
const ALL: f64 = 50.0;
const GAP: f64 = 50.0;

/// Calls of the tag's that ask for geometry or style, per turn of each place.
pub fn per_turn<'v>(evidence: &Evidence<'v>) -> HashMap<Place<'v>, f64> {
    let pages = evidence.visit.pages.iter();
    let documents: Vec<&str> = pages.map(|page| without_query(&page.url)).collect();
    let turns = &evidence.turns().all;
    let mut reads: HashMap<Place<'v>, (f64, f64)> = HashMap::new();
    for (time_us, weight) in reads_by_time(evidence) {
        let Some(turn) = evidence.turn_at(time_us, NEAR_US) else {
            continue;
        };
        let at = reads
            .entry(Place::of(turns[turn].code, &documents))
            .or_default();
        at.0 += weight;
        at.1 = at.1.max(turns[turn].start_us);
    }
    let mut counts: HashMap<Place<'v>, f64> = HashMap::new();
    for turn in turns {
        let place = Place::of(turn.code, &documents);
        if reads
            .get(&place)
            .is_some_and(|(_, last)| turn.start_us <= *last)
        {
            *counts.entry(place).or_default() += 1.0;
        }
    }
    let each = |(place, (reads, _))| {
        let count = counts.get(&place).copied().unwrap_or(1.0);
        (place, reads / count)
    };
    reads.into_iter().map(each).collect()
}

/// How often an interface was called, and when that was written down; whether it was the tag that called.
#[derive(Default)]
struct Interface {
    total: f64,
    times: Vec<(f64, bool)>,
}

/// When the tag asked, and how many times each time that was written down stands for.
fn reads_by_time(evidence: &Evidence) -> Vec<(f64, f64)> {
    let mut interfaces: HashMap<&str, Interface> = HashMap::new();
    for act in evidence.acts("geometry") {
        let at = interfaces.entry(&act.what).or_default();
        at.total += f64::from(act.count);
        let tags = evidence.is_tags(&act.code, 0);
        at.times
            .extend(evidence.times_of(act).map(|time| (time, tags)));
    }
    let mut reads = Vec::new();
    for Interface { total, mut times } in interfaces.into_values() {
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sparse = times.len() as f64 - ALL;
        // An act keeps only so many times: what it lost at the end must not count for what it kept.
        let weight = if sparse > 0.0 {
            ((total - ALL) / sparse).clamp(1.0, GAP)
        } else {
            1.0
        };
        let weighed = times.into_iter().enumerate();
        reads.extend(weighed.filter_map(|(nth, (time, tags))| {
            tags.then_some((time, if (nth as f64) < ALL { 1.0 } else { weight }))
        }));
    }
    reads
}
