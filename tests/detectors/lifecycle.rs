//! What happens when the page is left.

use super::made::*;
use super::*;
use tagperf::model::{Severity, Visit};

fn listens(kind: &'static str, by: fn() -> CodeLocation) -> impl Fn() -> Visit {
    move || {
        inventory(visit(), |all| {
            all.listeners = vec![listener("window", kind, by())]
        })
    }
}

#[test]
fn a_listener_for_unload_is_told_and_one_for_pagehide_is_not() {
    let finding = told("unload_listener", listens("unload", by_tag), without);
    assert_eq!(function(&finding), "act");
    assert_eq!(finding.severity, Severity::Warning);
    let milder = told("unload_listener", listens("beforeunload", by_tag), without);
    assert_eq!(milder.severity, Severity::Note);
    silent("unload_listener", listens("pagehide", by_tag), without);
    silent(
        "unload_listener",
        listens("unload", by_page),
        listens("unload", by_page),
    );
}

#[test]
fn a_listener_that_is_taken_away_again_is_told() {
    let added = || {
        inventory(visit(), |all| {
            all.acts = vec![act("listen", "unload passive=false", 1, 10.0)]
        })
    };
    assert_eq!(function(&told("unload_listener", added, without)), "act");
}

fn blocked(reasons: &'static [&'static str]) -> impl Fn() -> Visit {
    move || {
        inventory(visit(), |all| {
            all.not_restored = Some(reasons.iter().map(|reason| (*reason).to_owned()).collect());
        })
    }
}

#[test]
fn the_browsers_own_reasons_are_told_in_words() {
    let finding = told(
        "bfcache_blocked",
        blocked(&["WebSocket", "Novelty"]),
        blocked(&["Other"]),
    );
    let words = "a WebSocket is open (WebSocket)";
    assert!(finding.summary.contains("Novelty") && finding.summary.contains(words));
    silent(
        "bfcache_blocked",
        blocked(&["WebSocket"]),
        blocked(&["WebSocket"]),
    );
    silent(
        "bfcache_blocked",
        blocked(&["OutstandingNetworkRequestFetch"]),
        without,
    );
    let not_asked = || inventory(visit(), |all| all.not_restored = None);
    silent("bfcache_blocked", blocked(&["WebSocket"]), not_asked);
}

#[test]
fn an_unload_listener_is_told_once() {
    let both = || {
        inventory(blocked(&["UnloadHandlerExistsInMainFrame"])(), |all| {
            all.listeners = vec![listener("window", "unload", by_tag())];
        })
    };
    told("unload_listener", both, without);
    silent("bfcache_blocked", both, without);
    told(
        "bfcache_blocked",
        blocked(&["UnloadHandlerExistsInMainFrame"]),
        without,
    );
}
