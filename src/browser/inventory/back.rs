//! Whether the browser would keep the page for going back to.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::{
    GetNavigationHistoryParams, NavigateParams, NavigateToHistoryEntryParams,
};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::super::tab::Session;
use super::super::transport::{CallError, Event};

/// The whole way there and back.
const DEADLINE: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(20);

/// A page of another site, for Chromium keeps nothing within one; and one that is on no network.
const ELSEWHERE: &str = "chrome://version";

/// Goes away and back, and returns the `news` that this brings; `None` when it brings none in time.
pub(super) async fn ask(
    session: &Session,
    news: &watch::Sender<Option<Vec<String>>>,
) -> Option<Vec<String>> {
    news.send_replace(None);
    let mut news = news.subscribe();
    let asking = async {
        let history: History = session
            .call_for(GetNavigationHistoryParams::default(), DEADLINE)
            .await
            .ok()?;
        let entry = history.entries.get(history.current)?.id;
        session
            .call_for(NavigateParams::new(ELSEWHERE), DEADLINE)
            .await
            .map(|serde::de::IgnoredAny| ())
            .ok()?;
        // Until the other page is there, the session has no page that could go back.
        loop {
            let back = NavigateToHistoryEntryParams::new(entry);
            match session.call(back, DEADLINE).await {
                Ok(_) => break,
                Err(CallError::Refused { .. }) => sleep(POLL).await,
                Err(_) => return None,
            }
        }
        let told = news.wait_for(Option::is_some).await.ok()?;
        told.clone()
    };
    timeout(DEADLINE, asking).await.ok().flatten()
}

/// What of the browser's reasons is the page's own doing; `None` when the event is not understood.
pub(super) fn reasons(event: &Event) -> Option<Vec<String>> {
    let NotUsed { explanations, tree } = event.read()?;
    let own = |one: &Explanation| one.kind != CIRCUMSTANTIAL;
    let mut found: Vec<String> = explanations
        .into_iter()
        .filter(own)
        .map(|one| one.reason)
        .collect();
    let mut open = tree.map(|tree| tree.children).unwrap_or_default();
    while let Some(frame) = open.pop() {
        let needed = frame.explanations.into_iter();
        let needed = needed.filter(|one| one.kind == PAGE_SUPPORT_NEEDED);
        found.extend(needed.map(|one| one.reason));
        open.extend(frame.children);
    }
    found.sort();
    found.dedup();
    Some(found)
}

/// Says nothing of the page: the cache is off, or the other page was of the same site.
const CIRCUMSTANTIAL: &str = "Circumstantial";
const PAGE_SUPPORT_NEEDED: &str = "PageSupportNeeded";

#[derive(Deserialize)]
struct History {
    #[serde(rename = "currentIndex")]
    current: usize,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: i64,
}

#[derive(Deserialize)]
struct NotUsed {
    #[serde(rename = "notRestoredExplanations")]
    explanations: Vec<Explanation>,
    #[serde(rename = "notRestoredExplanationsTree")]
    tree: Option<Frame>,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    explanations: Vec<Explanation>,
    #[serde(default)]
    children: Vec<Frame>,
}

#[derive(Deserialize)]
struct Explanation {
    #[serde(rename = "type")]
    kind: String,
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circumstances_are_no_reasons() {
        let params = r#"{"notRestoredExplanations": [
            {"type": "Circumstantial", "reason": "BackForwardCacheDisabled"},
            {"type": "SupportPending", "reason": "Printing"},
            {"type": "PageSupportNeeded", "reason": "UnloadHandlerExistsInMainFrame"}],
          "notRestoredExplanationsTree": {"url": "", "explanations": [], "children": [
            {"url": "", "explanations": [{"type": "SupportPending", "reason": "WebLocks"}], "children": [
              {"url": "", "explanations": [{"type": "PageSupportNeeded", "reason": "UnloadHandlerExistsInSubFrame"}],
               "children": []}]}]}}"#;
        let event = Event {
            method: "Page.backForwardCacheNotUsed".into(),
            params: serde_json::value::RawValue::from_string(params.into()).unwrap(),
        };
        assert_eq!(
            reasons(&event).unwrap(),
            [
                "Printing",
                "UnloadHandlerExistsInMainFrame",
                "UnloadHandlerExistsInSubFrame"
            ]
        );
    }
}
