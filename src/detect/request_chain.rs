//! Scripts that load scripts that load scripts.

use super::shared::address;
use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Bringer, Evidence, Exchange, discreet, without_query};

pub const DETECTOR: Detector = Detector {
    id: "request_chain",
    name: "long chain of requests",
    severity: Severity::Warning,
    what: "Scripts of which each is loaded by the one before, so that the last one comes only after as many round trips.",
    example: "A tag manager loads a consent tool, which loads a loader, which loads a bundle, which loads its settings and then its plug-in.",
    needs_steps: &[],
    why: "Each link is a round trip, to a new host three of them: on a phone half a second and more, in which the tag does nothing and its requests compete with the page's.",
    fix: "Ask the owner for one bundle, or to let the first script name all others at once; put preconnect hints for their hosts into the page.",
    thresholds: &[DEPTH],
    detect,
};

#[rustfmt::skip]
const DEPTH: Threshold = Threshold {
    id: "depth", name: "scripts that are loaded one after the other", value: 5.0, unit: Unit::Count,
    source: "a loader with its bundle has 2, a tag manager in front of it 3, and a plug-in behind it 4",
};

/// The script of the tag that most others had to come before.
fn deepest<'a, 'v>(arms: &Arms, evidence: &'a Evidence<'v>) -> Option<(usize, &'a Exchange<'v>)> {
    let scripts = arms.traffic(evidence).into_iter().filter(|exchange| {
        let fetch = exchange.fetch.filter(|fetch| fetch.kind == "Script");
        fetch.is_some()
    });
    let depths = scripts.map(|exchange| (evidence.scripts_before(exchange), exchange));
    depths.max_by_key(|(depth, _)| *depth)
}

fn depth(arms: &Arms, evidence: &Evidence) -> f64 {
    deepest(arms, evidence).map_or(0.0, |(depth, _)| depth as f64)
}

/// The script's loaders from the page on, as addresses.
fn chain(evidence: &Evidence, last: &Exchange) -> Vec<String> {
    let lineage = evidence.lineage();
    let bringer = last.fetch.and_then(|fetch| lineage.fetch_bringer(fetch));
    let mut urls = vec![address(last.url)];
    if let Some(Bringer::Script(script)) = bringer {
        for ancestor in lineage.ancestry(script) {
            let url = match ancestor {
                Bringer::Script(script) => script.url.as_str(),
                Bringer::Url(url) => url,
            };
            let url = without_query(url);
            if !url.is_empty() && !lineage.is_document(url) {
                urls.push(address(url));
            }
        }
    }
    urls.dedup();
    urls.reverse();
    urls
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&DEPTH, |evidence| depth(arms, evidence)) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let Some((count, last)) = deepest(arms, evidence) else {
        return Vec::new();
    };
    let culprit = evidence.asker(last).map(|(code, script)| Culprit {
        code: code.clone(),
        script,
        tags: evidence.is_tags(code, script),
    });
    let step = last.start_us().and_then(|at| evidence.step_at(at));
    let chain = chain(evidence, last);
    let shown = chain[chain.len().saturating_sub(8)..].join(" → ");
    let did =
        format!("is one link of {count} scripts that are loaded one after the other: {shown}");
    let figures = vec![arms.figure("scripts in a row", Unit::Count, |evidence| {
        depth(arms, evidence)
    })];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: step.map(discreet),
            figures,
        },
    )]
}
