//! Cookies that come with the tag.

use std::collections::BTreeSet;

use super::shared::listed;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Cookie, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "cookies_set",
    name: "cookies set",
    severity: Severity::Note,
    what: "Cookies that are only there with the tag, when they are many, live long, or belong to another site.",
    example: "A pixel's host sets a cookie of its own for two years.",
    needs_steps: &[],
    why: "They have to be declared and mostly consented to, and the site's own go up with each of its requests.",
    fix: "Compare the list with what the consent banner and the privacy notice say; ask the owner to shorten lifetimes and leave out what is not needed.",
    thresholds: &[COOKIES, DAYS, OTHERS],
    detect,
};

#[rustfmt::skip]
const COOKIES: Threshold = Threshold {
    id: "cookies", name: "cookies of the page's site, beyond the control arm", value: 4.0, unit: Unit::Count,
    source: "an analytics or consent tag that behaves has one to three: visitor, session, choice",
};
#[rustfmt::skip]
const DAYS: Threshold = Threshold {
    id: "days", name: "lifetime of one, in days", value: 396.0, unit: Unit::Count,
    source: "thirteen months are the most that the French authority CNIL lets go without new consent; Chromium cuts everything longer to 400 days",
};
#[rustfmt::skip]
const OTHERS: Threshold = Threshold {
    id: "others", name: "cookies of other sites, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "one is enough to be known again elsewhere",
};

type Key<'v> = (&'v str, &'v str);

fn key(cookie: &Cookie) -> Key<'_> {
    (&cookie.name, cookie.domain.trim_start_matches('.'))
}

fn all<'v>(evidence: &Evidence<'v>) -> impl Iterator<Item = &'v Cookie> {
    let inventory = evidence.inventory();
    inventory.map_or(&[][..], |all| &all.cookies).iter()
}

/// Those that no trial without the tag has.
fn added<'v>(arms: &Arms, evidence: &Evidence<'v>) -> Vec<&'v Cookie> {
    let anyway: BTreeSet<Key> = arms.without.iter().flat_map(all).map(key).collect();
    all(evidence)
        .filter(|cookie| !anyway.contains(&key(cookie)))
        .collect()
}

fn is_other(evidence: &Evidence, cookie: &Cookie) -> bool {
    evidence.is_third_party(key(cookie).1)
}

/// Of the page's site, and of others.
fn counts(arms: &Arms, evidence: &Evidence) -> (f64, f64) {
    let added = added(arms, evidence);
    let others = added.iter().filter(|cookie| is_other(evidence, cookie));
    let others = others.count();
    ((added.len() - others) as f64, others as f64)
}

fn longest(arms: &Arms, evidence: &Evidence) -> f64 {
    let days = added(arms, evidence)
        .into_iter()
        .filter_map(|cookie| cookie.days);
    days.filter(|days| days.is_finite()).fold(0.0, f64::max)
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let seen = arms.seen(|evidence| {
        let (own, others) = counts(arms, evidence);
        own >= arms.limit(&COOKIES)
            || others >= arms.limit(&OTHERS)
            || longest(arms, evidence) >= arms.limit(&DAYS)
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let evidence = &arms.with[first];
    let cookies = added(arms, evidence);
    let names: Vec<String> = cookies
        .iter()
        .map(|cookie| match is_other(evidence, cookie) {
            true => format!("{} ({})", cookie.name, key(cookie).1),
            false => cookie.name.clone(),
        })
        .collect();
    let days = longest(arms, evidence);
    let lasting = if days > 0.0 {
        format!(", for up to {} days", days.round())
    } else {
        String::new()
    };
    let did = format!(
        "sets {} {}{lasting}: {}",
        cookies.len(),
        if cookies.len() == 1 {
            "cookie"
        } else {
            "cookies"
        },
        listed(&names, 8)
    );
    let figures = vec![
        arms.figure("cookies of the page's site", Unit::Count, |evidence| {
            counts(arms, evidence).0
        }),
        arms.figure("cookies of other sites", Unit::Count, |evidence| {
            counts(arms, evidence).1
        }),
        arms.figure("longest lifetime in days", Unit::Count, |evidence| {
            longest(arms, evidence).round()
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: arms.blame_acts("cookie_write"),
            did,
            step: None,
            figures,
        },
    )]
}
