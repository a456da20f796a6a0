//! Requests of the page's own document that the tag asked for.

use std::collections::BTreeSet;

use super::super::Threshold;
use super::arms::Arms;
use super::culprit::Culprit;
use crate::model::{CodeLocation, Fetch};
use crate::trace::{Evidence, without_query};

/// Requests that the tag asked for, and nobody without it.
pub struct Asked<'v> {
    /// By trial with the tag.
    pub seen: Vec<bool>,
    /// The costliest request's asker; the file itself when the document asks for it.
    pub culprit: Culprit,
    /// The costliest request of the first trial that has one.
    pub fetch: &'v Fetch,
    /// By trial with the tag, the cost of all of them.
    pub costs: Vec<f64>,
}

impl<'v> Arms<'_, 'v> {
    /// The tag's requests with a `cost`; `None` unless their costs add up to `limit` in most trials.
    ///
    /// Requests of frames within the page are left out, and those for which the trials without the tag pay as well.
    pub fn asked(
        &self,
        limit: &Threshold,
        cost: impl Fn(&Evidence<'v>, &'v Fetch) -> f64,
    ) -> Option<Asked<'v>> {
        let of = |evidence: &Evidence<'v>| -> Vec<(&'v Fetch, f64)> {
            let fetches = evidence.trace().map_or(&[][..], |trace| &trace.fetches);
            let own = fetches.iter().filter(|fetch| {
                fetch.thread == 0 && evidence.lineage().frame(&fetch.frame).is_none()
            });
            let costs = own.map(|fetch| (fetch, cost(evidence, fetch)));
            costs.filter(|(_, cost)| *cost > 0.0).collect()
        };
        let without = self.without.iter().flat_map(&of);
        let known: BTreeSet<&str> = without
            .map(|(fetch, _)| without_query(&fetch.url))
            .collect();
        let tags = |evidence: &Evidence<'v>| {
            let mut asked = of(evidence);
            asked.retain(|(fetch, _)| {
                !known.contains(without_query(&fetch.url)) && evidence.asked_by_tag(fetch)
            });
            asked
        };
        let sum = |evidence: &Evidence<'v>| {
            tags(evidence)
                .iter()
                .map(|(_, cost)| cost)
                .fold(0.0, |a, b| a + b)
        };
        let limit = self.limit(limit);
        let seen = self.seen(|evidence| sum(evidence) >= limit)?;
        let (evidence, fetch) = self.with.iter().find_map(|evidence| {
            let asked = tags(evidence).into_iter();
            let costliest = asked.max_by(|a, b| a.1.total_cmp(&b.1))?;
            Some((evidence, costliest.0))
        })?;
        Some(Asked {
            seen,
            culprit: asker(evidence, fetch),
            fetch,
            costs: self.with.iter().map(sum).collect(),
        })
    }
}

/// The tag's code that asked; the beginning of the file itself where it stands in the document.
pub fn asker<'v>(evidence: &Evidence<'v>, fetch: &'v Fetch) -> Culprit {
    let mut stack = fetch.stack.iter();
    let own = stack.find(|frame| evidence.is_tags(&frame.code, frame.script));
    match own.or(fetch.stack.first()) {
        Some(frame) => Culprit {
            code: frame.code.clone(),
            script: frame.script,
            tags: evidence.is_tags(&frame.code, frame.script),
        },
        None => Culprit {
            code: beginning(&fetch.url),
            script: 0,
            tags: true,
        },
    }
}

/// The first character of a file.
pub fn beginning(url: &str) -> CodeLocation {
    CodeLocation {
        url: url.into(),
        function: String::new(),
        line: 1,
        column: 1,
    }
}
