//! What detectors of work per input event have in common.

use super::shared::median;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Unit};
use crate::trace::{Evidence, INPUTS, Work};

/// With fewer events of a kind than this, one of them says too much.
pub const ENOUGH_EVENTS: usize = 3;

/// A page's clock is coarser than the trace's, microseconds.
pub const NEAR_US: f64 = 300.0;

/// The kind of event with the most of what a detector counts.
pub struct Worst {
    pub kind: &'static str,
    /// By trial with the tag.
    pub seen: Vec<bool>,
    /// Medians of the trials with the tag.
    pub per_event: f64,
}

/// Of the kinds of events that `wanted` takes: the one for which `per_event` of it exceeds that without the tag by the
/// most, and by `limit` at least. `enough` has a say in each trial.
pub fn worst<'v>(
    arms: &Arms<'_, 'v>,
    limit: &Threshold,
    wanted: impl Fn(&str) -> bool,
    per_event: impl Fn(&Evidence<'v>, &str) -> f64,
    enough: impl Fn(&Evidence<'v>, &str) -> bool,
) -> Option<Worst> {
    let kinds = INPUTS.iter().copied().filter(|kind| wanted(kind));
    let seen = kinds.filter_map(|kind| {
        let value = |evidence: &Evidence<'v>| per_event(evidence, kind);
        let most = arms.most_without(value);
        let seen = arms.seen(|evidence| {
            evidence.inputs().count(kind) >= ENOUGH_EVENTS
                && value(evidence) - most >= arms.limit(limit)
                && enough(evidence, kind)
        })?;
        Some(Worst {
            kind,
            seen,
            per_event: median(arms.with.iter().map(value)),
        })
    });
    seen.max_by(|a, b| a.per_event.total_cmp(&b.per_event))
}

/// The work for events of one kind.
pub fn works<'e>(evidence: &'e Evidence, kind: &str) -> impl Iterator<Item = &'e Work> {
    let kind = kind.to_owned();
    let works = evidence.inputs().works.iter();
    works.filter(move |work| work.kind == kind)
}

/// The step during which the first event of the kind was worked for.
pub fn step(arms: &Arms, kind: &str) -> Option<String> {
    let evidence = arms.with.first()?;
    let first = works(evidence, kind).next()?;
    evidence
        .step_at(first.start_us)
        .map(|step| step.text.clone())
}

/// `amount` per event of a kind; zero when there was none.
pub fn per_event(evidence: &Evidence, kind: &str, amount: f64) -> f64 {
    let events = evidence.inputs().count(kind) as f64;
    if events > 0.0 { amount / events } else { 0.0 }
}

/// What a tag may do now and then, and not for each event.
pub struct Often {
    pub detector: &'static Detector,
    /// Per event, beyond the control arm.
    pub limit: &'static Threshold,
    /// In a visit.
    pub enough: &'static Threshold,
    /// A few words for it: `requests`.
    pub what: &'static str,
    /// The work for events within which the tag did it, once for each time.
    pub made: for<'e, 'v> fn(&'e Evidence<'v>) -> Vec<&'e Work>,
    /// A sentence without its subject, from the worst kind of event and the times in a visit.
    pub did: fn(&Worst, f64) -> String,
}

impl Often {
    pub fn detect(&self, arms: &Arms) -> Vec<Finding> {
        let count = |evidence: &Evidence, kind: &str| {
            let made = (self.made)(evidence).into_iter();
            made.filter(|work| work.kind == kind).count() as f64
        };
        let enough = arms.limit(self.enough);
        let each =
            |evidence: &Evidence, kind: &str| per_event(evidence, kind, count(evidence, kind));
        let many = |evidence: &Evidence, kind: &str| count(evidence, kind) >= enough;
        let Some(worst) = worst(arms, self.limit, |_| true, each, many) else {
            return Vec::new();
        };
        let kind = worst.kind;
        let culprit = arms.blame_places(|evidence| {
            let turns = &evidence.turns().all;
            let made = (self.made)(evidence).into_iter();
            made.filter(|work| work.kind == kind)
                .map(|work| (turns[work.turn].code, turns[work.turn].script, 1.0))
                .collect()
        });
        let times = arms.with(|evidence| count(evidence, kind));
        let events = |evidence: &Evidence| evidence.inputs().count(kind) as f64;
        let within = format!("{} within {kind} events", self.what);
        let sighting = Sighting {
            culprit,
            did: (self.did)(&worst, times),
            step: step(arms, kind),
            figures: vec![
                arms.figure(format!("{kind} events"), Unit::Count, events),
                arms.figure(within, Unit::Count, |evidence| count(evidence, kind)),
            ],
            seen: worst.seen,
        };
        vec![arms.finding(self.detector, sighting)]
    }
}
