//! Requests that are sent from one address to the next.

use super::shared::{address, file};
use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Exchange, discreet};

pub const DETECTOR: Detector = Detector {
    id: "redirect_chain",
    name: "chain of redirects",
    severity: Severity::Warning,
    what: "Requests of the tag that are answered by another address, which is answered by another.",
    example: "A pixel goes through three partners' hosts, each of which sets its cookie and sends it on.",
    needs_steps: &[],
    why: "Each hop is a round trip, and to a new host three; a script behind a chain comes seconds late on a phone, and every host on the way learns of the visit.",
    fix: "Use the last address; ask the owner to leave out partners, or to exchange identifiers between servers.",
    thresholds: &[HOPS],
    detect,
};

#[rustfmt::skip]
const HOPS: Threshold = Threshold {
    id: "hops", name: "redirects in a row", value: 2.0, unit: Unit::Count,
    source: "one redirect is how a current version is found (`/latest` to `/1.2.3`); Lighthouse reports pages from two on",
};

/// A redirect's next hop begins when the one before ends; the trace's clock has microseconds.
const SAME_US: f64 = 2.0;

/// The longest chain of the trial: its requests in order, the last of which is no redirect.
fn longest<'a, 'v>(arms: &Arms, evidence: &'a Evidence<'v>) -> Vec<&'a Exchange<'v>> {
    let traffic = arms.traffic(evidence);
    let mut best: Vec<&Exchange> = Vec::new();
    let mut is_target = vec![false; traffic.len()];
    let next: Vec<Option<usize>> = (0..traffic.len())
        .map(|at| {
            let to = follows(&traffic, at)?;
            is_target[to] = true;
            Some(to)
        })
        .collect();
    for (start, _) in is_target.iter().enumerate().filter(|(_, target)| !**target) {
        let mut chain = vec![traffic[start]];
        let mut at = start;
        while let Some(to) = next[at].filter(|to| *to > at) {
            chain.push(traffic[to]);
            at = to;
        }
        if chain.len() > best.len() {
            best = chain;
        }
    }
    best
}

/// The request that a redirect became. The browser gives both the same origin.
fn follows(traffic: &[&Exchange], at: usize) -> Option<usize> {
    let from = traffic[at].fetch?;
    let end_us = from.end_us?;
    let told = (300..400).contains(&traffic[at].status());
    let silent = from.response_us.is_none() && traffic[at].status() == 0;
    if !(told || silent) {
        return None;
    }
    let later = traffic.iter().enumerate().skip(at + 1);
    let mut near = later.take_while(|(_, next)| {
        let start_us = next.start_us();
        start_us.is_some_and(|start_us| start_us - end_us <= SAME_US)
    });
    let found = near.find(|(_, next)| {
        next.fetch.is_some_and(|next| {
            (next.start_us - end_us).abs() <= SAME_US
                && next.stack == from.stack
                && next.initiator_url == from.initiator_url
                && next.url != from.url
        })
    });
    found.map(|(index, _)| index)
}

fn hops(arms: &Arms, evidence: &Evidence) -> f64 {
    longest(arms, evidence).len().saturating_sub(1) as f64
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&HOPS, |evidence| hops(arms, evidence)) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let chain = longest(arms, evidence);
    let Some(start) = chain.first() else {
        return Vec::new();
    };
    let culprit = evidence.asker(start).map(|(code, script)| Culprit {
        code: code.clone(),
        script,
        tags: evidence.is_tags(code, script),
    });
    let shown: Vec<String> = chain.iter().take(8).map(|hop| address(hop.url)).collect();
    let did = format!(
        "asks for what is reached only after {} redirects in a row: {}",
        chain.len() - 1,
        shown.join(" → ")
    );
    let step = start.start_us().and_then(|at| evidence.step_at(at));
    let figures = vec![arms.figure("redirects in a row", Unit::Count, |evidence| {
        hops(arms, evidence)
    })];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: Some(culprit.unwrap_or_else(|| file(start))),
            did,
            step: step.map(discreet),
            figures,
        },
    )]
}
