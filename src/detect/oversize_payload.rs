//! More bytes than a tag can be worth.

use super::shared::{address, file};
use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Exchange, discreet};

pub const DETECTOR: Detector = Detector {
    id: "oversize_payload",
    name: "oversize payload",
    severity: Severity::Warning,
    what: "Bytes on the wire of everything that the tag loads, and the largest body that it sends in one request.",
    example: "A survey widget brings a framework, three fonts and a film before anybody has asked for it.",
    needs_steps: &[],
    why: "On a slow line every 100 kB take half a second in which the page's own images wait, and every script byte is parsed and compiled as well; large bodies go up at a tenth of that speed.",
    fix: "Ask the owner for a smaller build, for loading parts only when they are wanted, and for sending differences in small batches.",
    thresholds: &[LOADED, SENT],
    detect,
};

#[rustfmt::skip]
const LOADED: Threshold = Threshold {
    id: "loaded", name: "bytes that the tag loads in a visit, beyond the control arm", value: 600e3, unit: Unit::Bytes,
    source: "eight vendor bundles as they are published, uncompressed: 20 to 400 kB; the median web page has some 600 kB of script in all (HTTP Archive, 2024)",
};
#[rustfmt::skip]
const SENT: Threshold = Threshold {
    id: "sent", name: "largest body that the tag sends in one request", value: 200e3, unit: Unit::Bytes,
    source: "sendBeacon and keepalive requests carry at most 64 kB (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch); a session recorder's first snapshot of a usual page is some 100 kB",
};

fn loaded(arms: &Arms, evidence: &Evidence) -> f64 {
    let traffic = arms.traffic(evidence).into_iter();
    traffic.map(Exchange::received).sum()
}

fn sent(arms: &Arms, evidence: &Evidence) -> f64 {
    let traffic = arms.traffic(evidence).into_iter();
    traffic.map(Exchange::sent).fold(0.0, f64::max)
}

/// The exchange with the most of something in the first trial that has any.
fn largest<'a, 'v>(
    arms: &Arms<'a, 'v>,
    of: fn(&Exchange) -> f64,
) -> Option<(&'a Evidence<'v>, &'a Exchange<'v>)> {
    let trials = arms.with.iter();
    let all = trials.flat_map(|evidence| {
        let traffic = arms.traffic(evidence).into_iter();
        traffic.map(move |exchange| (evidence, exchange))
    });
    all.max_by(|a, b| of(a.1).total_cmp(&of(b.1)))
}

fn culprit<'v>(evidence: &Evidence<'v>, exchange: &Exchange<'v>) -> Culprit {
    match evidence.asker(exchange) {
        Some((code, script)) if !exchange.is_code() => Culprit {
            code: code.clone(),
            script,
            tags: evidence.is_tags(code, script),
        },
        _ => file(exchange),
    }
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let heavy = arms.exceeds(&LOADED, |evidence| loaded(arms, evidence));
    let long = arms.exceeds(&SENT, |evidence| sent(arms, evidence));
    let mut texts = Vec::new();
    let mut most = None;
    if long.is_some() {
        most = largest(arms, |it| it.sent());
        let bytes = arms.with(|evidence| sent(arms, evidence));
        texts.push(format!("sends {} in one request", Unit::Bytes.show(bytes)));
    }
    if heavy.is_some() {
        most = largest(arms, |it| it.received());
        let bytes = arms.with(|evidence| loaded(arms, evidence));
        let part = most.map_or_else(String::new, |(_, exchange)| {
            let bytes = Unit::Bytes.show(exchange.received());
            format!(", {bytes} of them from {}", address(exchange.url))
        });
        texts.push(format!(
            "is part of a tag that loads {}{part}",
            Unit::Bytes.show(bytes)
        ));
    }
    let Some(seen) = heavy.or(long) else {
        return Vec::new();
    };
    let figures = vec![
        arms.figure("bytes loaded by the tag", Unit::Bytes, |evidence| {
            loaded(arms, evidence)
        }),
        arms.figure("largest body sent by the tag", Unit::Bytes, |evidence| {
            sent(arms, evidence)
        }),
        arms.figure("requests of the tag", Unit::Count, |evidence| {
            arms.traffic(evidence).len() as f64
        }),
    ];
    let step = most.and_then(|(evidence, exchange)| evidence.step_at(exchange.start_us()?));
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: most.map(|(evidence, exchange)| culprit(evidence, exchange)),
            did: texts.join("; "),
            step: step.map(discreet),
            figures,
        },
    )]
}
