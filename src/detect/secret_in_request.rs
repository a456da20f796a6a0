//! Keys, tokens and card numbers that the tag sends to third parties.

use std::collections::BTreeSet;

use super::shared::{Secret, listed, secrets, without};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Exchange, discreet};

pub const DETECTOR: Detector = Detector {
    id: "secret_in_request",
    name: "secret sent to a third party",
    severity: Severity::Warning,
    what: "Secret keys, JSON web tokens, session tokens, passwords and card numbers in addresses and bodies of the tag's requests to hosts that are not the page's. Public keys and measurement ids are none, nor what the tag's own code holds under such a name. The finding never tells the value.",
    example: "A tag sends the page's address on as it is, with the `access_token` in it.",
    needs_steps: &[],
    why: "Whoever reads the third party's logs, or the referrer of the next request, can act as the visitor or as the shop.",
    fix: "Ask the owner to send addresses without their queries and no contents of fields; keep tokens out of addresses; replace a key that has already been sent.",
    thresholds: &[SECRETS],
    detect,
};

#[rustfmt::skip]
const SECRETS: Threshold = Threshold {
    id: "secrets", name: "secrets sent to third parties", value: 1.0, unit: Unit::Count,
    source: "one is enough",
};

/// A secret on its way.
struct Leak<'a, 'v> {
    secret: Secret,
    part: String,
    host: String,
    exchange: &'a Exchange<'v>,
}

fn leaks<'a, 'v>(arms: &Arms, evidence: &'a Evidence<'v>) -> Vec<Leak<'a, 'v>> {
    let mut found: Vec<Leak> = Vec::new();
    for exchange in arms.traffic(evidence) {
        let Some(host) = exchange.host().filter(|host| evidence.is_third_party(host)) else {
            continue;
        };
        for (part, text) in exchange.readings() {
            for secret in secrets(&text) {
                let known = found
                    .iter()
                    .any(|leak| leak.host == host && leak.secret.what == secret.what);
                let public = secret.by_name && is_in_code(evidence, &secret.value);
                if !(known || public) {
                    found.push(Leak {
                        secret,
                        part: part.to_string(),
                        host: host.clone(),
                        exchange,
                    });
                }
            }
        }
    }
    found
}

/// The value stands in code that is sent to everybody.
fn is_in_code(evidence: &Evidence, value: &str) -> bool {
    let mut scripts = evidence.lineage().scripts();
    scripts.any(|script| {
        let source = script.source.as_deref();
        source.is_some_and(|source| source.contains(value)) || script.url.contains(value)
    })
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let count = |evidence: &Evidence| leaks(arms, evidence).len() as f64;
    let Some(seen) = arms.seen(|evidence| count(evidence) >= arms.limit(&SECRETS)) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let found = leaks(arms, evidence);
    let whats: BTreeSet<String> = found
        .iter()
        .map(|leak| format!("{} (in the {})", leak.secret.what, leak.part))
        .collect();
    let hosts: BTreeSet<String> = found.iter().map(|leak| leak.host.clone()).collect();
    let culprit = arms.blame_places(|evidence| {
        let all = leaks(arms, evidence).into_iter();
        let askers = all.filter_map(|leak| evidence.asker(leak.exchange));
        askers.map(|(code, script)| (code, script, 1.0)).collect()
    });
    let values: BTreeSet<&str> = found
        .iter()
        .map(|leak| leak.secret.value.as_str())
        .collect();
    let step = found
        .first()
        .and_then(|leak| evidence.step_at(leak.exchange.start_us()?));
    let did = format!(
        "sends {} to {}",
        listed(&whats.into_iter().collect::<Vec<_>>(), 4),
        listed(&hosts.into_iter().collect::<Vec<_>>(), 4),
    );
    let figures = vec![arms.figure("kinds of secrets sent, by host", Unit::Count, count)];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: without(culprit, |text| {
                values.iter().any(|value| text.contains(value))
            }),
            did,
            step: step.map(discreet),
            figures,
        },
    )]
}
