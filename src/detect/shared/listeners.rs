//! Listeners that are there because of the tag.

use std::collections::BTreeSet;

use super::acts::documents;
use super::{Arms, Culprit};
use crate::model::Listener;
use crate::trace::{Evidence, Place};

impl<'e, 'v> Arms<'e, 'v> {
    /// The listeners of these kinds that are left at the end of a trial with the tag: in its code, or in code that
    /// does not listen without it.
    pub fn listeners<'w>(&self, evidence: &Evidence<'w>, kinds: &[&str]) -> Vec<&'w Listener> {
        let mut places: BTreeSet<(&str, Place)> = BTreeSet::new();
        for without in self.without {
            let documents = documents(without);
            let there = of_kinds(without, kinds);
            places.extend(there.map(|one| (one.kind.as_str(), Place::of(&one.code, &documents))));
        }
        let documents = documents(evidence);
        let own = of_kinds(evidence, kinds).filter(|one| {
            evidence.is_tags(&one.code, one.script)
                || !places.contains(&(one.kind.as_str(), Place::of(&one.code, &documents)))
        });
        own.collect()
    }

    /// The code of the first such listener that `is` holds of.
    pub fn blame_listeners(
        &self,
        kinds: &[&str],
        is: impl Fn(&Listener) -> bool,
    ) -> Option<Culprit> {
        self.blame_places(|evidence| {
            let own = self.listeners(evidence, kinds).into_iter();
            let wanted = own.filter(|one| is(one));
            wanted.map(|one| (&one.code, one.script, 1.0)).collect()
        })
    }
}

fn of_kinds<'v>(evidence: &Evidence<'v>, kinds: &[&str]) -> impl Iterator<Item = &'v Listener> {
    let all = evidence.inventory().map_or(&[][..], |all| &all.listeners);
    all.iter().filter(|one| kinds.contains(&one.kind.as_str()))
}
