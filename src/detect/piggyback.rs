//! Vendors that come along with the tag and that nobody declared.

use std::collections::{BTreeMap, BTreeSet};

use super::shared::listed;
use super::{Arms, Culprit, Detector, Sighting, Threshold};
use crate::model::{Answer, Finding, Severity, TagInfo, Unit};
use crate::trace::{Evidence, Exchange, host, site};

pub const DETECTOR: Detector = Detector {
    id: "piggyback",
    name: "vendors that come along",
    severity: Severity::Note,
    what: "Hosts that the tag, or what it brought, loads code from or tells of the visit, and that belong neither to the page nor to the hosts that the tag is declared with. A single host that only receives data is taken for the tag's own.",
    example: "A share button loads the scripts of two advertising exchanges.",
    needs_steps: &[],
    why: "Their code runs with all rights on the page, they learn of the visit, and nobody at the client has agreed to either; what they cost is paid for under the tag's name.",
    fix: "Ask the owner who they are and what for; declare those that are wanted as tags of their own, and have the others turned off.",
    thresholds: &[SITES, DATA_SITES],
    detect,
};

#[rustfmt::skip]
const SITES: Threshold = Threshold {
    id: "sites", name: "owners of hosts that code comes from, and that were not declared", value: 1.0, unit: Unit::Count,
    source: "a convention: code of one undeclared owner is one too many",
};
#[rustfmt::skip]
const DATA_SITES: Threshold = Threshold {
    id: "data_sites", name: "owners of hosts that receive data only, and that were not declared", value: 2.0, unit: Unit::Count,
    source: "a convention: one may be the vendor's collector under another name",
};

/// Of the tag's addresses; a star says nothing about whose they are.
fn declared(tag: &TagInfo) -> BTreeSet<String> {
    let hosts = tag.urls.iter().filter_map(|pattern| {
        let rest = pattern.0.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', ':']).next()?;
        let host = host.trim_start_matches("*.").to_lowercase();
        (!host.is_empty() && !host.contains('*')).then(|| site(&host).to_owned())
    });
    hosts.collect()
}

/// Owners that nobody declared: which hosts of theirs, and whether code came from there.
type Strangers = BTreeMap<String, (BTreeSet<String>, bool)>;

fn strangers(arms: &Arms, evidence: &Evidence) -> Strangers {
    let declared = declared(arms.tag);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for without in arms.without {
        let made = without.visit.requests.iter();
        let made = made.filter(|request| request.answer != Answer::Blocked);
        let asked = without.trace().into_iter().flat_map(|trace| &trace.fetches);
        let urls = made.map(|request| &request.url);
        let urls = urls.chain(asked.map(|fetch| &fetch.url));
        known.extend(urls.filter_map(|url| Some(site(&host(url)?).to_owned())));
    }
    let mut found = Strangers::new();
    for exchange in arms.traffic(evidence) {
        let Some((host, owner)) = owner(evidence, exchange) else {
            continue;
        };
        if declared.contains(&owner) || known.contains(&owner) {
            continue;
        }
        let (hosts, code) = found.entry(owner).or_default();
        hosts.insert(host);
        *code |= exchange.is_code();
    }
    found
}

/// Host and owner of a request to a third party.
fn owner(evidence: &Evidence, exchange: &Exchange) -> Option<(String, String)> {
    let host = exchange.host()?;
    let third = evidence.is_third_party(&host);
    let owner = site(&host).to_owned();
    third.then_some((host, owner))
}

fn with_code(arms: &Arms, evidence: &Evidence) -> f64 {
    let all = strangers(arms, evidence);
    all.values().filter(|(_, code)| *code).count() as f64
}

fn with_data(arms: &Arms, evidence: &Evidence) -> f64 {
    let all = strangers(arms, evidence);
    all.values().filter(|(_, code)| !*code).count() as f64
}

fn detect(arms: &Arms) -> Vec<Finding> {
    // A tag that is known by a pattern for all hosts has declared nothing, and so has nothing to go by.
    if declared(arms.tag).is_empty() {
        return Vec::new();
    }
    let seen = arms.seen(|evidence| {
        with_code(arms, evidence) >= arms.limit(&SITES)
            || with_data(arms, evidence) >= arms.limit(&DATA_SITES)
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let found = strangers(arms, evidence);
    let mut hosts: Vec<String> = found
        .values()
        .flat_map(|(hosts, _)| hosts.clone())
        .collect();
    hosts.sort();
    let code: Vec<String> = found
        .iter()
        .filter(|(_, (_, code))| *code)
        .map(|(owner, _)| owner.clone())
        .collect();
    let loads = if code.is_empty() {
        String::new()
    } else {
        format!("; code comes from {}", listed(&code, 5))
    };
    let did = format!(
        "brings along {} that nobody declared: {}{loads}",
        if hosts.len() == 1 { "a host" } else { "hosts" },
        listed(&hosts, 8),
    );
    let culprit: Option<Culprit> = arms.blame_traffic(|evidence, exchange| {
        let owner = owner(evidence, exchange);
        let strange = owner.is_some_and(|(_, owner)| found.contains_key(&owner));
        // Who brought them in, and not what they do among themselves.
        f64::from(u8::from(strange)) / evidence.scripts_before(exchange) as f64
    });
    let figures = vec![
        arms.figure("undeclared owners of code", Unit::Count, |evidence| {
            with_code(arms, evidence)
        }),
        arms.figure(
            "undeclared owners that receive data",
            Unit::Count,
            |evidence| with_data(arms, evidence),
        ),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: None,
            figures,
        },
    )]
}
