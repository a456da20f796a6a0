//! What tells of a person, in the tag's requests to third parties.

use std::collections::BTreeSet;

use super::shared::{Needle, listed, named, without};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Exchange, discreet};

pub const DETECTOR: Detector = Detector {
    id: "personal_data",
    name: "personal data sent to a third party",
    severity: Severity::Warning,
    what: "What the scenario types into fields (other than search fields), and e-mail addresses and their hashes under names that say whose they are, in addresses and bodies of the tag's requests to hosts that are not the page's: as it is, escaped, in base64, compressed, or as a SHA-256 hash. The finding never tells the value.",
    example: "A session recorder sends every field's content along with the clicks.",
    needs_steps: &[],
    why: "Visitors have not agreed to it, and a hash of an address is as good as the address to whoever has a list of them; the site's owner answers for it to the supervisory authority.",
    fix: "Ask the owner to mask fields by default and to turn off automatic matching; declare the transfer where it is wanted, and ask for consent first.",
    thresholds: &[TRANSFERS],
    detect,
};

#[rustfmt::skip]
const TRANSFERS: Threshold = Threshold {
    id: "transfers", name: "kinds of personal data sent to a third party", value: 1.0, unit: Unit::Count,
    source: "one is enough",
};

/// Something personal on its way.
struct Leak<'a, 'v> {
    what: String,
    host: String,
    exchange: &'a Exchange<'v>,
    /// For comparing only.
    value: Option<String>,
}

fn leaks<'a, 'v>(arms: &Arms, evidence: &'a Evidence<'v>) -> Vec<Leak<'a, 'v>> {
    let needles: Vec<(f64, Needle)> = evidence
        .typed()
        .filter_map(|typed| {
            let since = typed.step.trace_us.map_or(f64::MIN, |(start, _)| start);
            Some((since, Needle::new(&typed)?))
        })
        .collect();
    let mut found: Vec<Leak> = Vec::new();
    for exchange in arms.traffic(evidence) {
        let Some(host) = exchange.host().filter(|host| evidence.is_third_party(host)) else {
            continue;
        };
        let start_us = exchange.start_us().unwrap_or(f64::MAX);
        for (part, text) in exchange.readings() {
            // What is sent before it was typed is the same by chance.
            let typed = needles.iter().filter(|(since, _)| *since <= start_us);
            let mut here: Vec<(String, Option<String>)> = typed
                .filter_map(|(_, needle)| {
                    let form = needle.form_in(&text)?;
                    Some((format!("{}, {form}, in the {part}", needle.what), None))
                })
                .collect();
            if here.is_empty() {
                let by_name = named(&text).into_iter();
                here.extend(
                    by_name.map(|(what, value)| (format!("{what}, in the {part}"), Some(value))),
                );
            }
            for (what, value) in here {
                if !found
                    .iter()
                    .any(|leak| leak.host == host && leak.what == what)
                {
                    found.push(Leak {
                        what,
                        host: host.clone(),
                        exchange,
                        value,
                    });
                }
            }
        }
    }
    found
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let count = |evidence: &Evidence| leaks(arms, evidence).len() as f64;
    let Some(seen) = arms.seen(|evidence| count(evidence) >= arms.limit(&TRANSFERS)) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let found = leaks(arms, evidence);
    let whats: BTreeSet<String> = found.iter().map(|leak| leak.what.clone()).collect();
    let hosts: BTreeSet<String> = found.iter().map(|leak| leak.host.clone()).collect();
    let culprit = arms.blame_places(|evidence| {
        let all = leaks(arms, evidence).into_iter();
        let askers = all.filter_map(|leak| evidence.asker(leak.exchange));
        askers.map(|(code, script)| (code, script, 1.0)).collect()
    });
    let needles: Vec<Needle> = evidence
        .typed()
        .filter_map(|typed| Needle::new(&typed))
        .collect();
    let tells = |text: &str| {
        let lower = text.to_lowercase();
        let mut values = found.iter().filter_map(|leak| leak.value.as_deref());
        needles.iter().any(|needle| needle.is_in(text)) || values.any(|value| lower.contains(value))
    };
    let step = found
        .first()
        .and_then(|leak| evidence.step_at(leak.exchange.start_us()?));
    let did = format!(
        "sends {} to {}",
        listed(&whats.into_iter().collect::<Vec<_>>(), 4),
        listed(&hosts.into_iter().collect::<Vec<_>>(), 4),
    );
    let figures = vec![arms.figure("kinds of personal data sent, by host", Unit::Count, count)];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: without(culprit, tells),
            did,
            step: step.map(discreet),
            figures,
        },
    )]
}
