//! Cookies that become more, or longer, as the visit goes on.

use super::shared::Acts;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Cookie, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "cookie_growth",
    name: "cookies that grow",
    severity: Severity::Warning,
    what: "Cookies that the tag writes again and again during the visit, each under a new name or longer than before.",
    example: "A personalisation tag adds every product that was looked at to one cookie.",
    needs_steps: &[],
    why: "All cookies go up with every request of the site, on the slow side of the line; beyond some 8 kB servers refuse the request, and the visitor sees an error on every page.",
    fix: "Ask the owner to keep such data in storage or on their side, and one identifier in the cookie.",
    thresholds: &[COOKIES, BYTES, WRITES],
    detect,
};

#[rustfmt::skip]
const COOKIES: Threshold = Threshold {
    id: "cookies", name: "cookies gained after the page has loaded, beyond the control arm", value: 5.0, unit: Unit::Count,
    source: "assumed, not measured: a start sets a few; RFC 6265 asks browsers for room for 50 cookies of a domain",
};
#[rustfmt::skip]
const BYTES: Threshold = Threshold {
    id: "bytes", name: "size of a cookie that became longer with each write", value: 250.0, unit: Unit::Bytes,
    source: "an identifier with a few time stamps stays below 200 B; the header's usual limit is 8 kB for all cookies, a cookie's own 4 kB (RFC 6265)",
};
#[rustfmt::skip]
const WRITES: Threshold = Threshold {
    id: "writes", name: "writes by the tag that lie at least half a second apart from first to last", value: 5.0, unit: Unit::Count,
    source: "fewer may be what one visit has to say",
};

const KIND: &str = "cookie_write";

const SPREAD_S: f64 = 0.5;

/// A cookie that grows evenly from nothing was half as long on average as at the end; one that is written over was
/// as long, and longer with its attributes.
const GROWING: f64 = 0.75;

/// Writes whose lengths are all noted.
const NOTED: f64 = 200.0;

fn gained(evidence: &Evidence) -> f64 {
    evidence.gained(|after| after.cookies)
}

/// The largest cookie that became longer with the tag's writes.
fn grown<'v>(arms: &Arms, evidence: &Evidence<'v>, written: &Acts) -> Option<&'v Cookie> {
    let cookies = evidence.inventory()?.cookies.iter();
    let grew = cookies.filter(|cookie| {
        let own = written.acts.iter().filter(|act| act.what == cookie.name);
        let own = Acts {
            acts: own.copied().collect(),
        };
        let mean = own.length() / own.count().max(1.0);
        own.count() >= arms.limit(&WRITES)
            && own.count() <= NOTED
            && mean <= GROWING * cookie.bytes
            && cookie.bytes >= arms.limit(&BYTES)
    });
    grew.max_by(|a, b| a.bytes.total_cmp(&b.bytes))
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let most = arms.most_without(gained);
    let seen = arms.seen(|evidence| {
        let written = arms.acts(evidence, KIND);
        let more = gained(evidence) - most >= arms.limit(&COOKIES)
            && written.count() >= arms.limit(&WRITES);
        written.spread_s() >= SPREAD_S && (more || grown(arms, evidence, &written).is_some())
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let longest = |evidence: &Evidence| {
        let cookies = evidence.inventory().map_or(&[][..], |all| &all.cookies);
        let sizes = cookies.iter().map(|cookie| cookie.bytes);
        sizes.fold(0.0, f64::max)
    };
    let did = format!(
        "keeps adding to the page's cookies: {} more of them after {} writes, the largest {}",
        arms.with(gained).round(),
        arms.with(|evidence| arms.acts(evidence, KIND).count())
            .round(),
        Unit::Bytes.show(arms.with(longest)),
    );
    let figures = vec![
        arms.figure("cookies gained", Unit::Count, gained),
        arms.figure("largest cookie", Unit::Bytes, longest),
        arms.figure("writes by the tag", Unit::Count, |evidence| {
            arms.acts(evidence, KIND).count()
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: arms.blame_acts(KIND),
            did,
            step: None,
            figures,
        },
    )]
}
