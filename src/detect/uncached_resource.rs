//! Files of the tag that every page view loads again.

use super::shared::{Delivery, is_declared, kind};
use super::{Arms, Detector, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Exchange;

pub const DETECTOR: Detector = Detector {
    id: "uncached_resource",
    name: "files that are not cached",
    severity: Severity::Warning,
    what: "Scripts, styles, fonts and images of the tag whose response forbids caching, or says neither how long they may be kept nor by what they are known. Only where the scenario tells the response's headers.",
    example: "A chat widget's bundle is sent with `cache-control: no-store`.",
    needs_steps: &[],
    why: "Every page of the visit loads them anew, and on a phone that is seconds and megabytes.",
    fix: "Ask the owner to send files whose name changes with their content with `cache-control: max-age=31536000, immutable`, and others with a max-age of minutes and an ETag.",
    thresholds: &[BYTES],
    detect,
};

#[rustfmt::skip]
const BYTES: Threshold = Threshold {
    id: "bytes", name: "bytes of the tag that must not be kept or cannot be", value: 5000.0, unit: Unit::Bytes,
    source: "a loader of one or two kB is often sent afresh on purpose, so that a new version is there at once; what it loads need not be",
};

const DELIVERY: Delivery = Delivery {
    detector: &DETECTOR,
    limit: &BYTES,
    is: is_uncached,
    did: "may not be kept by the browser and is loaded anew on every page",
    figure: "files of the tag that are not cached",
};

fn is_uncached(exchange: &Exchange) -> bool {
    if !is_declared(exchange) || !is_static(exchange) {
        return false;
    }
    let has = |name| exchange.header(name).is_some_and(|value| !value.is_empty());
    let known_by = has("etag") || has("last-modified");
    let control = exchange.header("cache-control").map(str::to_lowercase);
    match control {
        Some(control) if control.contains("no-store") => true,
        Some(control) if control.contains("no-cache") || control.contains("max-age=0") => !known_by,
        Some(_) => false,
        None => !known_by && !has("expires"),
    }
}

fn is_static(exchange: &Exchange) -> bool {
    matches!(
        kind(exchange).as_str(),
        "script" | "stylesheet" | "style" | "font" | "image"
    )
}

fn detect(arms: &Arms) -> Vec<Finding> {
    DELIVERY.detect(arms)
}
