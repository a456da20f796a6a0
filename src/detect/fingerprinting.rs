//! Interfaces that together tell one browser from all others.

use std::collections::BTreeSet;

use super::shared::listed;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "fingerprinting",
    name: "fingerprinting",
    severity: Severity::Warning,
    what: "Calls by the tag to several kinds of interfaces whose answers differ from machine to machine: what a canvas or WebGL draws, how audio is computed, which fonts, devices and plug-ins there are. One of them alone is no fingerprint, nor are the screen's size and the number of cores.",
    example: "A fraud tag draws a text, reads its pixels, asks for the graphics card and adds both up with the list of fonts.",
    needs_steps: &[],
    why: "It makes a visitor known again without a cookie and without a way to refuse; in the EU it needs consent like a cookie does, and drawing and reading cost time on the main thread.",
    fix: "Ask the owner what it is for; turn it off, or put it behind consent.",
    thresholds: &[TELLING, FAMILIES],
    detect,
};

#[rustfmt::skip]
const TELLING: Threshold = Threshold {
    id: "telling", name: "families of interfaces that tell much", value: 2.0, unit: Unit::Count,
    source: "a chart uses a canvas, a 3D view WebGL, a player audio: two of them in one tag, and read back, are rare (S. Englehardt, A. Narayanan, Online tracking: a 1-million-site measurement, 2016)",
};
#[rustfmt::skip]
const FAMILIES: Threshold = Threshold {
    id: "families", name: "families of interfaces in all, those that tell little included", value: 3.0, unit: Unit::Count,
    source: "analytics read the screen's size and perhaps the number of cores",
};

/// What an interface tells of: the beginning of its name, the family, and whether it tells much.
#[rustfmt::skip]
const INTERFACES: &[(&str, &str, bool)] = &[
    ("canvas.measureText",                 "fonts",        true),
    ("canvas.",                            "canvas",       true),
    ("webgl.",                             "graphics card", true),
    ("audio",                              "audio",        true),
    ("AudioContext",                       "audio",        true),
    ("OfflineAudioContext",                "audio",        true),
    ("RTCPeerConnection",                  "network",      true),
    ("navigator.enumerateDevices",         "devices",      true),
    ("navigator.getHighEntropyValues",     "client hints", true),
    ("navigator.plugins",                  "plug-ins",     true),
    ("navigator.mimeTypes",                "plug-ins",     true),
    ("navigator.hardwareConcurrency",      "cores",        false),
    ("navigator.deviceMemory",             "memory",       false),
    ("screen.",                            "screen",       false),
];

fn families(arms: &Arms, evidence: &Evidence) -> BTreeSet<(bool, &'static str)> {
    let acts = arms.acts(evidence, KIND).acts.into_iter();
    let rows = acts.filter_map(|act| {
        let mut rows = INTERFACES.iter();
        let row = rows.find(|(name, ..)| act.what.starts_with(name))?;
        Some((row.2, row.1))
    });
    rows.collect()
}

const KIND: &str = "fingerprint";

fn telling(arms: &Arms, evidence: &Evidence) -> f64 {
    families(arms, evidence).iter().filter(|row| row.0).count() as f64
}

fn in_all(arms: &Arms, evidence: &Evidence) -> f64 {
    families(arms, evidence).len() as f64
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let seen = arms.seen(|evidence| {
        telling(arms, evidence) >= arms.limit(&TELLING)
            && in_all(arms, evidence) >= arms.limit(&FAMILIES)
    });
    let Some(seen) = seen else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let found = families(arms, &arms.with[first]);
    let names: Vec<String> = found
        .iter()
        .rev()
        .map(|(_, name)| (*name).to_owned())
        .collect();
    let figures = vec![
        arms.figure(
            "families of interfaces that tell much",
            Unit::Count,
            |evidence| telling(arms, evidence),
        ),
        arms.figure("families of interfaces in all", Unit::Count, |evidence| {
            in_all(arms, evidence)
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: arms.blame_acts(KIND),
            did: format!(
                "reads what tells one browser from all others: {}",
                listed(&names, 12)
            ),
            step: None,
            figures,
        },
    )]
}
