//! Who is to blame: of all code that ran, the place that made the difference.

use std::collections::BTreeMap;

use super::arms::{Arms, median};
use crate::model::CodeLocation;
use crate::trace::{Callback, Evidence, Place, without_query};

/// Code to blame, as one of the trials names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Culprit {
    pub code: CodeLocation,
    /// Its script in the first trial with the tag that has it; 0 is unknown.
    pub script: u32,
    /// It is the tag's own code, or that of something the tag brought.
    pub tags: bool,
}

impl<'e, 'v> Arms<'e, 'v> {
    /// The function to blame, when `weight` says how much of the trouble each call by the browser has.
    ///
    /// See [`Self::blame_places`].
    pub fn blame(&self, weight: impl Fn(&Evidence<'v>, &Callback<'v>) -> f64) -> Option<Culprit> {
        self.blame_places(|evidence| {
            let calls = evidence.callbacks().calls.iter();
            let weighed = calls.map(|call| (call.code, call.script, weight(evidence, call)));
            weighed.collect()
        })
    }

    /// The place to blame, when `weights` says how much of the trouble each piece of code has in a trial.
    ///
    /// A place's excess is its median with the tag less its most without. Of the places with at least half of the
    /// largest excess: first the tag's own code, then code that does not run without the tag, then the largest
    /// excess. So a listener of the page's own that must hear all that a tag sets off is not blamed for it, and
    /// a trifle of the tag's is not blamed for its child's work.
    pub fn blame_places(
        &self,
        weights: impl Fn(&Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)>,
    ) -> Option<Culprit> {
        let with: Vec<Places<'v>> = self.with.iter().map(|e| Places::new(e, &weights)).collect();
        let without: Vec<Places<'v>> = self
            .without
            .iter()
            .map(|e| Places::new(e, &weights))
            .collect();
        let mut places: Vec<Place<'v>> = with.iter().flat_map(|p| p.0.keys().copied()).collect();
        places.sort();
        places.dedup();
        let rated: Vec<(Place<'v>, f64, bool)> = places
            .into_iter()
            .map(|place| {
                let most = without.iter().map(|p| p.weight(&place)).fold(0.0, f64::max);
                let excess = median(with.iter().map(|p| p.weight(&place))) - most;
                (place, excess, most > 0.0)
            })
            .collect();
        let largest = rated.iter().map(|rated| rated.1).fold(0.0, f64::max);
        let suspects = rated
            .into_iter()
            .filter(|(_, excess, _)| *excess > 0.0 && *excess >= largest / 2.0);
        let named = suspects.filter_map(|(place, excess, also)| {
            let (index, code, script) = with
                .iter()
                .enumerate()
                .find_map(|(index, p)| p.0.get(&place).map(|at| (index, at.code, at.script)))?;
            let tags = self.with[index].is_tags(code, script);
            Some((
                (tags, !also),
                excess,
                Culprit {
                    code: code.clone(),
                    script,
                    tags,
                },
            ))
        });
        let first = named.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        first.map(|(_, _, culprit)| culprit)
    }
}

struct Weighed<'v> {
    code: &'v CodeLocation,
    script: u32,
    weight: f64,
}

/// The weights of one trial.
struct Places<'v>(BTreeMap<Place<'v>, Weighed<'v>>);

impl<'v> Places<'v> {
    fn new(
        evidence: &Evidence<'v>,
        weights: impl Fn(&Evidence<'v>) -> Vec<(&'v CodeLocation, u32, f64)>,
    ) -> Self {
        let pages = evidence.visit.pages.iter();
        let documents: Vec<&str> = pages.map(|page| without_query(&page.url)).collect();
        let mut places: BTreeMap<Place<'v>, Weighed<'v>> = BTreeMap::new();
        for (code, script, weight) in weights(evidence) {
            if weight > 0.0 {
                let entry = places.entry(Place::of(code, &documents));
                let at = entry.or_insert(Weighed {
                    code,
                    script,
                    weight: 0.0,
                });
                at.weight += weight;
            }
        }
        Self(places)
    }

    fn weight(&self, place: &Place<'v>) -> f64 {
        self.0.get(place).map_or(0.0, |at| at.weight)
    }
}
