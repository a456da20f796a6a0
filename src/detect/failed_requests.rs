//! Requests that fail, and are made again.

use std::collections::BTreeMap;

use super::shared::address;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Answer, Finding, Severity, Unit};
use crate::trace::{Evidence, Exchange, discreet, endpoint};

pub const DETECTOR: Detector = Detector {
    id: "failed_requests",
    name: "requests that fail again and again",
    severity: Severity::Warning,
    what: "Requests of the tag to one address that are answered with an error or not at all, and that it repeats.",
    example: "A tag whose collector is gone tries again every hundred milliseconds.",
    needs_steps: &[],
    why: "A storm of retries takes connections, battery and data for nothing, and brings a server that is coming back down again.",
    fix: "Ask the owner to wait longer after each failure and to give up after a few; correct the address if it is out of date.",
    thresholds: &[FAILED, REFUSED],
    detect,
};

#[rustfmt::skip]
const FAILED: Threshold = Threshold {
    id: "failed", name: "requests to one address that were answered with an error, beyond the control arm", value: 5.0, unit: Unit::Count,
    source: "assumed, not measured: two or three tries with growing pauses are usual",
};
#[rustfmt::skip]
const REFUSED: Threshold = Threshold {
    id: "refused", name: "requests to one address that nobody answers in the scenario, beyond the control arm", value: 10.0, unit: Unit::Count,
    source: "that nobody plays a host is the scenario's fault, and only a storm the tag's",
};

/// Requests that failed, by address.
#[derive(Clone, Copy, Default)]
struct Failures {
    failed: usize,
    refused: usize,
}

fn failures<'v>(arms: &Arms, evidence: &Evidence<'v>) -> BTreeMap<(&'v str, &'v str), Failures> {
    let mut all: BTreeMap<_, Failures> = BTreeMap::new();
    for exchange in arms.traffic(evidence) {
        if exchange.failed() {
            let key = endpoint("", exchange.url);
            let at = all.entry(key).or_default();
            let refused = exchange
                .request
                .is_some_and(|request| request.answer == Answer::Refused);
            if refused {
                at.refused += 1;
            } else {
                at.failed += 1;
            }
        }
    }
    all
}

/// The address with most of them, and how many.
fn worst<'v>(arms: &Arms, evidence: &Evidence<'v>) -> Option<(&'v str, usize)> {
    let all = failures(arms, evidence).into_iter();
    let bad = all.filter(|(_, count)| {
        count.failed as f64 >= arms.limit(&FAILED) || count.refused as f64 >= arms.limit(&REFUSED)
    });
    let counts = bad.map(|((_, url), count)| (url, count.failed + count.refused));
    counts.max_by_key(|(_, count)| *count)
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.seen(|evidence| worst(arms, evidence).is_some()) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let Some((url, count)) = worst(arms, evidence) else {
        return Vec::new();
    };
    let traffic = arms.traffic(evidence);
    let is = |exchange: &Exchange| exchange.failed() && endpoint("", exchange.url).1 == url;
    let last = traffic.iter().rev().find(|exchange| is(exchange));
    let how = match last.map(|last| (last.status(), last.request)) {
        Some((0, _)) | None => "nobody answers".to_owned(),
        Some((_, Some(request))) if request.answer == Answer::Refused => "nobody answers".into(),
        Some((status, _)) => format!("the answer is {status}"),
    };
    let step = last.and_then(|last| evidence.step_at(last.start_us()?));
    let figures = vec![
        arms.figure("requests that failed", Unit::Count, |evidence| {
            let counts = failures(arms, evidence).into_values();
            counts
                .map(|count| (count.failed + count.refused) as f64)
                .sum()
        }),
    ];
    let at_url = |_: &Evidence, exchange: &Exchange| f64::from(u8::from(is(exchange)));
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            culprit: arms.blame_traffic(at_url),
            did: format!("asks {count} times for {}, and {how}", address(url)),
            step: step.map(discreet),
            figures,
            seen,
        },
    )]
}
