//! Text of the tag that is sent as it is.

use super::shared::{Delivery, is_declared, kind};
use super::{Arms, Detector, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Exchange;

pub const DETECTOR: Detector = Detector {
    id: "uncompressed_resource",
    name: "text that is not compressed",
    severity: Severity::Warning,
    what: "Scripts, styles, JSON and SVG of the tag that are sent without content-encoding. Only where the scenario tells the response's headers.",
    example: "A consent banner's 300 kB of vendor lists come as plain JSON.",
    needs_steps: &[],
    why: "Text compresses to a quarter: three quarters of the bytes, and of the seconds on a slow line, are for nothing.",
    fix: "Ask the owner to turn on Brotli or gzip for text on their servers or their CDN.",
    thresholds: &[BYTES],
    detect,
};

#[rustfmt::skip]
const BYTES: Threshold = Threshold {
    id: "bytes", name: "bytes of text that the tag loads uncompressed", value: 10e3, unit: Unit::Bytes,
    source: "what fits into the first ten packets of a connection, some 14 kB, comes in one round trip either way (RFC 6928); Lighthouse reports files from 1.4 kB of savings on",
};

const DELIVERY: Delivery = Delivery {
    detector: &DETECTOR,
    limit: &BYTES,
    is: is_uncompressed,
    did: "is sent without compression",
    figure: "text of the tag sent without compression",
};

/// Types of content that are text, apart from `text/…`.
const TEXT: &[&str] = &["javascript", "ecmascript", "json", "xml", "svg"];

fn is_uncompressed(exchange: &Exchange) -> bool {
    let encoding = exchange.header("content-encoding").unwrap_or_default();
    let plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    is_declared(exchange) && plain && is_text(exchange)
}

fn is_text(exchange: &Exchange) -> bool {
    match exchange.header("content-type").map(str::to_lowercase) {
        Some(of) => of.starts_with("text/") || TEXT.iter().any(|text| of.contains(text)),
        None => matches!(kind(exchange).as_str(), "script" | "stylesheet" | "style"),
    }
}

fn detect(arms: &Arms) -> Vec<Finding> {
    DELIVERY.detect(arms)
}
