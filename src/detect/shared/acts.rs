//! Calls of interfaces that come with the tag.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arms, Culprit};
use crate::model::Act;
use crate::trace::{Evidence, Place, without_query};

/// Calls of one kind that come with the tag, and how they lie in time.
#[derive(Clone, Debug, Default)]
pub struct Acts<'v> {
    pub acts: Vec<&'v Act>,
}

impl<'v> Acts<'v> {
    pub fn count(&self) -> f64 {
        self.acts.iter().map(|act| f64::from(act.count)).sum()
    }

    /// Characters in all.
    pub fn length(&self) -> f64 {
        let lengths = self.acts.iter().map(|act| act.length);
        lengths.filter(|length| length.is_finite()).sum()
    }

    /// Seconds between the first tenth of the calls and the last.
    pub fn spread_s(&self) -> f64 {
        let times = self
            .acts
            .iter()
            .flat_map(|act| act.times_ms.iter().copied());
        let mut times: Vec<f64> = times.filter(|time| time.is_finite()).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 10).copied();
        at(1)
            .zip(at(9))
            .map_or(0.0, |(first, last)| (last - first).clamp(0.0, 1e9) / 1e3)
    }
}

impl<'e, 'v> Arms<'e, 'v> {
    /// The calls of one kind in a trial with the tag that are the tag's: made by its code or by code that does not
    /// make them without it, and more than without it. Code that stands in the document has no address of its own
    /// to be known by, and a tag that wraps an interface seems to call it for all others.
    pub fn acts<'w>(&self, evidence: &Evidence<'w>, kind: &str) -> Acts<'w> {
        let (mut anyway, mut places) = (BTreeMap::new(), BTreeSet::new());
        for without in self.without {
            let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
            let documents = documents(without);
            for act in of_kind(without, kind) {
                *counts.entry(&act.what).or_default() += f64::from(act.count);
                places.insert(Place::of(&act.code, &documents));
            }
            for (what, count) in counts {
                let most = anyway.entry(what).or_insert(0.0);
                *most = count.max(*most);
            }
        }
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        for act in of_kind(evidence, kind) {
            *counts.entry(&act.what).or_default() += f64::from(act.count);
        }
        let documents = documents(evidence);
        let own = of_kind(evidence, kind).filter(|act| {
            let what = act.what.as_str();
            let more = counts.get(what) > anyway.get(what);
            more && (evidence.is_tags(&act.code, 0)
                || !places.contains(&Place::of(&act.code, &documents)))
        });
        Acts {
            acts: own.collect(),
        }
    }

    /// The code with most of the tag's calls of one kind.
    pub fn blame_acts(&self, kind: &str) -> Option<Culprit> {
        self.blame_places(|evidence| {
            let own = self.acts(evidence, kind).acts.into_iter();
            own.map(|act| (&act.code, 0, f64::from(act.count)))
                .collect()
        })
    }
}

fn of_kind<'v>(evidence: &Evidence<'v>, kind: &str) -> impl Iterator<Item = &'v Act> {
    let acts = evidence.inventory().map_or(&[][..], |all| &all.acts);
    acts.iter().filter(move |act| act.kind == kind)
}

/// The visit's own documents, as [`Place::of`] wants them.
pub fn documents<'v>(evidence: &Evidence<'v>) -> Vec<&'v str> {
    let pages = evidence.visit.pages.iter();
    pages.map(|page| without_query(&page.url)).collect()
}
