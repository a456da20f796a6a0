//! The tag's requests, without those that the page makes anyway.

use std::collections::BTreeMap;

use super::words::printable;
use super::{Arms, Culprit};
use crate::model::{Answer, CodeLocation};
use crate::trace::{AskedBy, Evidence, Exchange, endpoint, without_query};

impl<'e, 'v> Arms<'e, 'v> {
    /// The requests of the tag and of what it brought. What goes to the same address as often without the tag is
    /// left out: a tag that wraps `fetch` seems to ask for all that the page asks for. Where the trace does not say
    /// who asked, what is asked for with the tag alone is the tag's.
    pub fn traffic<'a, 'w>(&self, evidence: &'a Evidence<'w>) -> Vec<&'a Exchange<'w>> {
        let mut anyway: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for without in self.without {
            let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
            let made = without.visit.requests.iter();
            for request in made.filter(|request| request.answer != Answer::Blocked) {
                *counts
                    .entry(endpoint(&request.method, &request.url))
                    .or_default() += 1;
            }
            for (key, count) in counts {
                let most = anyway.entry(key).or_default();
                *most = count.max(*most);
            }
        }
        let traffic = evidence.traffic().iter();
        traffic
            .filter(|exchange| {
                let left = anyway.get_mut(&endpoint(exchange.method(), exchange.url));
                match (exchange.asked_by, left) {
                    (AskedBy::Others, _) | (AskedBy::Unknown, Some(_)) => false,
                    (_, None) => true,
                    (AskedBy::Tag, Some(left)) => {
                        let own = *left == 0;
                        *left = left.saturating_sub(1);
                        own
                    }
                }
            })
            .collect()
    }

    /// The code that asked for most of the requests that `is` holds of, by the weight that it gives them.
    pub fn blame_traffic(
        &self,
        weight: impl Fn(&Evidence<'v>, &Exchange<'v>) -> f64,
    ) -> Option<Culprit> {
        self.blame_places(|evidence| {
            let traffic = self.traffic(evidence).into_iter();
            let weighed = traffic.filter_map(|exchange| {
                let (code, script) = evidence.asker(exchange)?;
                Some((code, script, weight(evidence, exchange)))
            });
            weighed.collect()
        })
    }
}

/// The file itself: what is wrong with it is nobody's line.
pub fn file(exchange: &Exchange) -> Culprit {
    Culprit {
        code: CodeLocation {
            url: exchange.url.to_owned(),
            ..CodeLocation::default()
        },
        script: 0,
        tags: true,
    }
}

/// An address for a sentence, without its query, which may hold what is nobody's business.
pub fn address(url: &str) -> String {
    printable(without_query(url), 120)
}

/// `a.test, b.test and 3 more`
pub fn listed(names: &[String], most: usize) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(most)
        .map(|name| printable(name, 60))
        .collect();
    let rest = names.len().saturating_sub(most);
    let shown = shown.join(", ");
    if rest > 0 {
        format!("{shown} and {rest} more")
    } else {
        shown
    }
}

/// The most of `times`, which ascend, that lie within `length_us`.
pub fn busiest(times: &[f64], length_us: f64) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, time) in times.iter().enumerate() {
        while time - times[first] > length_us {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_stretch_is_found() {
        assert_eq!(busiest(&[], 1.0), 0);
        assert_eq!(busiest(&[1.0, 5.0, 5.5, 6.0, 9.0], 1.0), 3);
    }

    #[test]
    fn lists_and_addresses_are_short_and_say_nothing_of_queries() {
        let names = ["a.test", "b.test", "c.test"].map(String::from);
        assert_eq!(listed(&names, 2), "a.test, b.test and 1 more");
        assert_eq!(listed(&names[..1], 2), "a.test");
        assert_eq!(address("https://a.test/x?mail=jane"), "https://a.test/x");
    }
}
