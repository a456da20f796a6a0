use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CodeLocation;

/// What a traced visit found on the page beside its trace: calls of interfaces that matter, and what was left
/// behind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Inventory {
    pub acts: Vec<Act>,
    /// Listeners at the end of the visit, of the window, the document, its root and body, and of form fields.
    pub listeners: Vec<Listener>,
    pub cookies: Vec<Cookie>,
    /// Keys of `localStorage` and `sessionStorage` at the end.
    pub stored: Vec<Stored>,
    /// Stretches in which the page's root or body could not be seen: `visibility`, `opacity` or `display`.
    pub hidden: Vec<Hidden>,
    /// Why the browser would not keep the page for going back to: the browser's own words, such as
    /// `UnloadHandlerExistsInMainFrame`. `None` when it was not asked.
    pub not_restored: Option<Vec<String>>,
}

/// Calls of one interface from one place of the page's code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Act {
    /// Which interface: `storage_write`, `cookie_write`, `document_write`, `focus`, `scroll`, `fingerprint`,
    /// `worker`, `geometry`, `listen`.
    pub kind: String,
    /// What of it: a storage key, an element, `canvas.toDataURL`, an event type.
    pub what: String,
    /// The innermost frame of the page's own code.
    pub code: CodeLocation,
    pub count: u32,
    /// When, milliseconds since the document's navigation start; the first of many.
    pub times_ms: Vec<f64>,
    /// `document_write`, `storage_write`: characters in all.
    pub length: f64,
}

/// A listener that is still there at the end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Listener {
    /// `window`, `document`, `html`, `body`, or a form field such as `input[type=password]#pw`.
    pub target: String,
    /// The event type.
    pub kind: String,
    pub passive: bool,
    pub capture: bool,
    pub code: CodeLocation,
    /// [`super::Script::id`]; 0 is unknown.
    pub script: u32,
}

/// A cookie at the end of the visit. Its value is not kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Cookie {
    pub name: String,
    pub domain: String,
    /// Name and value.
    pub bytes: f64,
    pub http_only: bool,
    pub secure: bool,
    /// Days until it expires; `None` for a session's.
    pub days: Option<f64>,
}

/// A key of the page's storage. Its value is not kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Stored {
    /// `local` or `session`.
    pub area: String,
    pub key: String,
    /// Key and value, UTF-16 units.
    pub length: f64,
}

/// A stretch in which the page was hidden by style.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Hidden {
    /// Milliseconds since the document's navigation start.
    pub start_ms: f64,
    pub end_ms: f64,
    /// `html` or `body`, and the property: `body opacity`.
    pub how: String,
}

/// What the page is like when a step has ended, after a garbage collection; only in traced trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct After {
    pub nodes: f64,
    /// Elements in the document; what `nodes` has beyond is text, comments and nodes outside the document.
    pub elements: f64,
    pub listeners: f64,
    pub heap_bytes: f64,
    /// UTF-16 units in `localStorage` and `sessionStorage`.
    pub storage_length: f64,
    pub cookies: f64,
    /// How far the page is scrolled, CSS pixels.
    pub scroll_y: f64,
    /// The root or the body cannot be scrolled: `overflow: hidden`, or a fixed body.
    pub locked: bool,
}
