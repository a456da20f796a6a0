//! What the page is like when a step has ended.

use std::time::Duration;

use serde::Deserialize;

use super::super::tab::Tab;
use super::super::transport::CallError;
use super::super::{After, Holdings, probe};
use super::unread;

/// In the probe's world the prototypes are Chromium's own, and names in the document hide nothing of them.
const LOOK: &str = "(() => {
  const of = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get.call(document);
  const root = of(Document.prototype, 'documentElement');
  const body = of(Document.prototype, 'body');
  const style = (element) => element ? getComputedStyle(element) : { overflowY: 'visible', position: 'static' };
  const stops = (overflow) => overflow === 'hidden' || overflow === 'clip';
  const count = Object.getOwnPropertyDescriptor(Storage.prototype, 'length').get;
  const size = (area) => {
    try {
      const storage = self[area];
      let sum = 0;
      for (let at = Math.min(count.call(storage), 5000); at-- > 0;) {
        const key = Storage.prototype.key.call(storage, at);
        sum += key.length + Storage.prototype.getItem.call(storage, key).length;
      }
      return sum;
    } catch { return 0; }
  };
  const cookies = () => {
    try { return of(Document.prototype, 'cookie').split(';').filter((one) => one.trim()).length; } catch { return 0; }
  };
  const rootStyle = style(root), bodyStyle = style(body);
  return {
    elements: Document.prototype.getElementsByTagName.call(document, '*').length,
    storage_length: size('localStorage') + size('sessionStorage'),
    cookies: cookies(),
    scroll_y: scrollY,
    locked: stops(rootStyle.overflowY) || bodyStyle.position === 'fixed'
      || (rootStyle.overflowY === 'visible' && stops(bodyStyle.overflowY)),
  };
})()";

#[derive(Deserialize)]
struct Seen {
    elements: f64,
    storage_length: f64,
    cookies: f64,
    scroll_y: f64,
    locked: bool,
}

/// `holdings` are the page's after a garbage collection.
pub(super) async fn look(
    tab: &Tab,
    holdings: Holdings,
    deadline: Duration,
) -> Result<After, CallError> {
    let seen = probe::evaluate(tab, LOOK, deadline).await?;
    let seen: Seen = serde_json::from_value(seen.value().map_err(unread)?)
        .map_err(|error| unread(error.to_string()))?;
    Ok(After {
        nodes: holdings.dom_nodes,
        elements: seen.elements,
        listeners: holdings.listeners,
        heap_bytes: holdings.heap_bytes,
        storage_length: seen.storage_length,
        cookies: seen.cookies,
        scroll_y: seen.scroll_y,
        locked: seen.locked,
    })
}
