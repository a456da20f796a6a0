//! Calls of interfaces that are only made with the tag.

use std::collections::BTreeSet;

use super::super::Threshold;
use super::arms::Arms;
use super::culprit::Culprit;
use crate::model::Act;
use crate::trace::{Evidence, Place, without_query};

/// What the tag's presence adds to the calls of an interface.
pub struct Calls<'v> {
    /// By trial with the tag.
    pub seen: Vec<bool>,
    pub culprit: Option<Culprit>,
    /// The first such act of the first trial that has one.
    pub first: Option<&'v Act>,
    /// When it was first called, on the trace's clock.
    pub at_us: Option<f64>,
}

impl<'v> Arms<'_, 'v> {
    /// Calls of the interfaces `kinds` from places that call them only with the tag: `counts` says how many calls
    /// of an act matter. `None` unless they exceed the trials without the tag by `limit` in most trials.
    ///
    /// A tag that wraps an interface, as recorders and error trackers do, adds a place and no calls.
    pub fn calls(
        &self,
        kinds: &[&str],
        limit: &Threshold,
        counts: impl Fn(&Evidence<'v>, &Act) -> f64,
    ) -> Option<Calls<'v>> {
        let of = |evidence: &Evidence<'v>| -> Vec<(&'v Act, Place<'v>, f64)> {
            let pages = evidence.visit.pages.iter();
            let documents: Vec<&str> = pages.map(|page| without_query(&page.url)).collect();
            let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
            let acts = acts.filter(|act| kinds.contains(&act.kind.as_str()));
            let counted = acts.map(|act| {
                let place = Place::of(&act.code, &documents);
                (act, place, counts(evidence, act))
            });
            counted.filter(|(_, _, count)| *count > 0.0).collect()
        };
        let without = self.without.iter().flat_map(&of);
        let known: BTreeSet<Place<'v>> = without.map(|(_, place, _)| place).collect();
        let new = |evidence: &Evidence<'v>| {
            let mut acts = of(evidence);
            acts.retain(|(_, place, _)| !known.contains(place));
            acts
        };
        let sum = |acts: Vec<(&'v Act, Place<'v>, f64)>| {
            acts.iter()
                .map(|(_, _, count)| count)
                .fold(0.0, |a, b| a + b)
        };
        let most = self.most_without(|evidence| sum(of(evidence)));
        let limit = self.limit(limit);
        let seen =
            self.seen(|evidence| (sum(of(evidence)) - most).min(sum(new(evidence))) >= limit)?;
        let culprit = self.blame_places(|evidence| {
            let acts = new(evidence).into_iter();
            acts.map(|(act, _, count)| (&act.code, 0, count)).collect()
        });
        let found = self.with.iter().find_map(|evidence| {
            let first = new(evidence).first()?.0;
            let time_ms = first.times_ms.first().copied();
            Some((first, time_ms.and_then(|time| evidence.at_us(time))))
        });
        Some(Calls {
            seen,
            culprit,
            first: found.map(|(act, _)| act),
            at_us: found.and_then(|(_, at_us)| at_us),
        })
    }

    /// The step of the first trial with the tag that ran at a time of its trace's clock.
    pub fn step_at(&self, time_us: Option<f64>) -> Option<String> {
        let evidence = self.with.first()?;
        evidence.step_at(time_us?).map(|step| step.text.clone())
    }
}

/// How often a visit calls an interface, from whatever code.
pub fn count(evidence: &Evidence, kind: &str) -> f64 {
    let acts = evidence.inventory().into_iter().flat_map(|all| &all.acts);
    let acts = acts.filter(|act| act.kind == kind);
    acts.map(|act| f64::from(act.count)).fold(0.0, |a, b| a + b)
}
