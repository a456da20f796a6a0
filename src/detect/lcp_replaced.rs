//! The tag's own element as the page's largest.

use super::shared::{Culprit, asker, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Fetch, Finding, LargestPaint, Severity, Unit};
use crate::trace::{Evidence, last_before, without_query};

pub const DETECTOR: Detector = Detector {
    id: "lcp_replaced",
    name: "largest content replaced by the tag's",
    severity: Severity::Warning,
    what: "With the tag the page's largest contentful paint is another element or image than without it, in every visit the same one, which is larger, or which the tag asked for.",
    example: "A consent tool covers the page with a dialog, whose text is now what the page's loading is measured by; an experiment swaps the hero image.",
    needs_steps: &[],
    why: "Visitors see the tag's element first, and the page's own content later or not at all. LCP, by which search engines rate the page, now tells how fast the tag is.",
    fix: "Ask for a smaller banner, or for one that comes after the page's own content; make experiments with images on the server.",
    thresholds: &[SIZE],
    detect,
};

#[rustfmt::skip]
const SIZE: Threshold = Threshold {
    id: "size", name: "size of the new element, in percent of the page's own", value: 105.0, unit: Unit::Count,
    source: "the largest element wins by definition; the same element differs by less than one percent between visits",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some((own, new)) = replaced(arms) else {
        return vec![];
    };
    let Some(seen) = arms.seen(|evidence| is_replaced(arms, evidence, own)) else {
        return vec![];
    };
    let culprit = arms.with.iter().find_map(|evidence| inserter(evidence));
    let did = format!(
        "puts in {}, which is now the page's largest content instead of {}",
        name(new),
        name(own)
    );
    let time = |evidence: &Evidence| largest(evidence).map_or(0.0, |paint| paint.time_ms);
    let size = |evidence: &Evidence| largest(evidence).map_or(0.0, |paint| paint.size);
    let at_us = arms.with.first().and_then(Evidence::largest_paint_us);
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: arms.step_at(at_us),
            figures: vec![
                arms.figure("largest contentful paint", Unit::Ms, time),
                arms.figure(
                    "size of the largest content, square pixels",
                    Unit::Count,
                    size,
                ),
            ],
        },
    )]
}

/// The largest content without the tag, and another one with it: where each arm agrees on one.
fn replaced<'v>(arms: &Arms<'_, 'v>) -> Option<(&'v LargestPaint, &'v LargestPaint)> {
    let own = largest(arms.without.first()?)?;
    let mut without = arms.without.iter();
    if !without.all(|evidence| largest(evidence).is_some_and(|paint| is_same(paint, own))) {
        return None;
    }
    let mut with = arms
        .with
        .iter()
        .filter(|evidence| is_replaced(arms, evidence, own));
    let new = largest(with.next()?)?;
    let agreed = with.all(|evidence| largest(evidence).is_some_and(|paint| is_same(paint, new)));
    agreed.then_some((own, new))
}

/// It is larger than the page's own, which would have been there without the tag as well, or the tag asked for it.
fn is_replaced<'v>(arms: &Arms<'_, 'v>, evidence: &Evidence<'v>, own: &LargestPaint) -> bool {
    largest(evidence).is_some_and(|paint| {
        let larger = paint.size * 100.0 >= own.size * arms.limit(&SIZE);
        !is_same(paint, own)
            && (larger || image(evidence).is_some_and(|fetch| evidence.asked_by_tag(fetch)))
    })
}

/// Same element and same image; a query may be drawn anew for each visit.
fn is_same(a: &LargestPaint, b: &LargestPaint) -> bool {
    let url = |paint: &LargestPaint| {
        let url = paint.url.as_deref().unwrap_or_default();
        without_query(url).to_owned()
    };
    a.element == b.element && url(a) == url(b)
}

pub fn largest<'v>(evidence: &Evidence<'v>) -> Option<&'v LargestPaint> {
    evidence.page().ok()?.largest_contentful_paint.as_ref()
}

/// The request of the largest image.
pub fn image<'v>(evidence: &Evidence<'v>) -> Option<&'v Fetch> {
    let url = largest(evidence)?.url.as_deref()?;
    let mut fetches = evidence.trace()?.fetches.iter();
    fetches.find(|fetch| fetch.url == url)
}

/// Who asked for the image, or changed the page last before the new content was painted.
fn inserter(evidence: &Evidence) -> Option<Culprit> {
    if let Some(fetch) = image(evidence).filter(|fetch| evidence.asked_by_tag(fetch)) {
        return Some(asker(evidence, fetch));
    }
    let painted_us = evidence.largest_paint_us()?;
    let (touches, runs) = (evidence.touches(), evidence.tag_runs());
    let touch = last_before(&touches, painted_us).or_else(|| last_before(&runs, painted_us))?;
    Some(Culprit {
        code: touch.code.clone(),
        script: touch.script,
        tags: true,
    })
}

fn name(paint: &LargestPaint) -> String {
    let element = printable(&paint.element, 80);
    match &paint.url {
        Some(url) => format!("{element} ({})", printable(url, 120)),
        None => element,
    }
}
