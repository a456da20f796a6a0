//! Why the browser will not keep the page for going back, when that is the tag's doing.

use std::collections::BTreeSet;

use super::shared::printable;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "bfcache_blocked",
    name: "back/forward cache blocked",
    severity: Severity::Warning,
    what: "Reasons that the browser itself gives for not keeping the page in its back/forward cache, and that are not there without the tag. An `unload` listener whose code is known is left to the finding of that name.",
    example: "A chat widget keeps a WebSocket open from the first second on.",
    needs_steps: &[],
    why: "One page view in five on phones is a step back or forward: with the cache it is there at once, without it the page loads from scratch.",
    fix: "Ask the owner to close connections, locks and transactions on `pagehide` and to open them again on `pageshow`: https://web.dev/articles/bfcache.",
    thresholds: &[REASONS],
    detect,
};

#[rustfmt::skip]
const REASONS: Threshold = Threshold {
    id: "reasons", name: "reasons that the browser gives, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "one is enough: https://web.dev/articles/bfcache",
};

/// The browser's words, and ours. From Chromium's
/// `third_party/blink/public/mojom/back_forward_cache_not_restored_reasons.mojom` and
/// `content/browser/renderer_host/back_forward_cache_metrics.h`.
#[rustfmt::skip]
const REASONS_EXPLAINED: &[(&str, &str)] = &[
    ("UnloadHandlerExistsInMainFrame", "the page has an unload listener"),
    ("UnloadHandlerExistsInSubFrame", "a frame in the page has an unload listener"),
    ("BeforeUnloadHandlerExists", "the page has a beforeunload listener"),
    ("WebSocket", "a WebSocket is open"),
    ("WebSocketSticky", "a WebSocket was used"),
    ("WebTransport", "a WebTransport connection is open"),
    ("WebTransportSticky", "a WebTransport connection was used"),
    ("WebRTC", "a WebRTC connection is open"),
    ("WebRTCSticky", "a WebRTC connection was used"),
    ("WebLocks", "a lock of navigator.locks is held"),
    ("IndexedDBConnection", "a connection to IndexedDB is open"),
    ("IndexedDBEvent", "a connection to IndexedDB waits for an event"),
    ("BroadcastChannel", "a BroadcastChannel has a listener"),
    ("BroadcastChannelOnMessage", "a BroadcastChannel has a listener"),
    ("SharedWorker", "a shared worker is in use"),
    ("DedicatedWorkerOrWorklet", "a worker is in use"),
    ("SharedWorkerWithNoActiveClient", "a shared worker has no page left"),
    ("WebOTPService", "a one-time code is waited for"),
    ("SpeechRecognizer", "speech recognition is in use"),
    ("SpeechSynthesis", "speech synthesis is in use"),
    ("PictureInPicture", "a video is shown picture in picture"),
    ("Printing", "the page is being printed"),
    ("KeyboardLock", "the keyboard is locked"),
    ("PaymentManager", "a payment handler is in use"),
    ("IdleManager", "idle detection is in use"),
    ("WebHID", "a HID device is in use"),
    ("WebUSB", "a USB device is in use"),
    ("WebXR", "an XR device is in use"),
    ("WebDatabase", "a WebSQL database is in use"),
    ("WebNfc", "NFC is in use"),
    ("WebShare", "sharing is in use"),
    ("SmartCard", "a smart card is in use"),
    ("MainResourceHasCacheControlNoStore", "the document is sent with cache-control: no-store"),
    ("MainResourceHasCacheControlNoCache", "the document is sent with cache-control: no-cache"),
    ("JsNetworkRequestReceivedCacheControlNoStoreResource", "a response with cache-control: no-store came after a cookie had been changed"),
    ("RequestedMIDIPermission", "access to MIDI was asked for"),
    ("RequestedAudioCapturePermission", "access to the microphone was asked for"),
    ("RequestedVideoCapturePermission", "access to the camera was asked for"),
    ("RequestedBackForwardCacheBlockedSensors", "sensors are in use"),
    ("RequestedBackgroundWorkPermission", "background work was asked for"),
    ("RequestedStorageAccessGrant", "storage access was asked for"),
    ("ContainsPlugins", "the page has a plug-in"),
    ("EmbedderExtensions", "an extension is at work"),
    ("UnloadHandler", "there is an unload listener"),
];

/// Whether something was on its way at that moment says little about the tag, and differs from visit to visit.
const BY_CHANCE: &[&str] = &[
    "OutstandingNetworkRequest",
    "KeepaliveRequest",
    "Loading",
    "Timeout",
    "ParserAborted",
];

/// What `unload_listener` tells with function and line.
const LISTENER: &str = "UnloadHandlerExists";

fn reasons<'v>(evidence: &Evidence<'v>) -> BTreeSet<&'v str> {
    let told = evidence
        .inventory()
        .and_then(|all| all.not_restored.as_ref());
    let all = told.into_iter().flatten().map(String::as_str);
    all.filter(|reason| !BY_CHANCE.iter().any(|chance| reason.contains(chance)))
        .collect()
}

/// The reasons that only a trial with the tag has. When the browser was not asked without the tag, there are none.
fn added<'v>(arms: &Arms, evidence: &Evidence<'v>) -> BTreeSet<&'v str> {
    let mut without = arms.without.iter();
    let asked = |evidence: &Evidence| {
        let inventory = evidence.inventory();
        inventory.is_some_and(|all| all.not_restored.is_some())
    };
    if !without.any(asked) {
        return BTreeSet::new();
    }
    let anyway: BTreeSet<&str> = arms.without.iter().flat_map(reasons).collect();
    let added = arms.acts(evidence, "listen").acts;
    let listens = !arms.listeners(evidence, &["unload"]).is_empty()
        || added.iter().any(|act| act.what.starts_with("unload "));
    reasons(evidence)
        .into_iter()
        .filter(|reason| !(anyway.contains(reason) || listens && reason.starts_with(LISTENER)))
        .collect()
}

fn explained(reason: &str) -> String {
    let row = REASONS_EXPLAINED.iter().find(|(name, _)| *name == reason);
    let said = printable(reason, 80);
    row.map_or_else(|| said.clone(), |(_, words)| format!("{words} ({said})"))
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let count = |evidence: &Evidence| added(arms, evidence).len() as f64;
    let Some(seen) = arms.seen(|evidence| count(evidence) >= arms.limit(&REASONS)) else {
        return Vec::new();
    };
    let first = seen.iter().position(|seen| *seen).unwrap_or_default();
    let found = added(arms, &arms.with[first]);
    let words: Vec<String> = found
        .iter()
        .take(6)
        .map(|reason| explained(reason))
        .collect();
    let figures = vec![arms.figure(
        "reasons against keeping the page",
        Unit::Count,
        |evidence| reasons(evidence).len() as f64,
    )];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: None,
            did: format!(
                "keeps the browser from showing the page at once when somebody goes back: {}",
                words.join("; ")
            ),
            step: None,
            figures,
        },
    )]
}
