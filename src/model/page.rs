use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the page itself saw, written by the probe script: one record per document of a visit.
///
/// Times are milliseconds since the document's navigation start (`performance.timeOrigin`).
/// Chromium rounds paint times to 4 ms, event durations to 8 ms, long tasks to 1 ms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageRecord {
    pub url: String,
    /// Wall clock at navigation start, milliseconds since the epoch: tells documents apart.
    pub time_origin_ms: f64,
    pub first_contentful_paint_ms: Option<f64>,
    /// The last candidate: <https://www.w3.org/TR/largest-contentful-paint/>.
    pub largest_contentful_paint: Option<LargestPaint>,
    pub dom_content_loaded_ms: Option<f64>,
    pub load_ms: Option<f64>,
    pub shifts: Vec<LayoutShift>,
    pub interactions: Vec<Interaction>,
    /// Tasks above 50 ms of wall time: <https://www.w3.org/TR/longtasks-1/>.
    pub long_tasks: Vec<LongTask>,
    /// <https://www.w3.org/TR/long-animation-frames/>
    pub long_frames: Vec<LongFrame>,
    /// Script elements that loaded and ran, or failed to.
    pub scripts: Vec<ScriptLoad>,
    /// Ids of tags whose snippet is in the document.
    pub snippets: Vec<String>,
    /// Uncaught errors.
    pub errors: Vec<PageError>,
    pub csp_violations: Vec<CspViolation>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LargestPaint {
    pub time_ms: f64,
    /// A selector-like description: `img.hero`, `h1#title`.
    pub element: String,
    /// URL of the image, if it is one.
    pub url: Option<String>,
    /// Visible area in CSS pixels.
    pub size: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LayoutShift {
    pub time_ms: f64,
    /// Score of this shift: <https://wicg.github.io/layout-instability/>.
    pub score: f64,
    /// Shifts within 500 ms of an input do not count for CLS.
    pub after_input: bool,
    pub elements: Vec<String>,
}

/// All events of one user interaction; its duration is the longest of theirs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Interaction {
    pub id: f64,
    /// Event type of the longest event: `click`, `keydown`.
    pub kind: String,
    pub start_ms: f64,
    pub duration_ms: f64,
    pub target: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LongTask {
    pub start_ms: f64,
    pub duration_ms: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LongFrame {
    pub start_ms: f64,
    pub duration_ms: f64,
    pub blocking_ms: f64,
    pub scripts: Vec<FrameScript>,
}

/// A script's share of a long animation frame. The function is empty for cross-origin scripts without CORS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FrameScript {
    pub url: String,
    pub function: String,
    /// What called it: `DOMWindow.onscroll`, `TimerHandler:setTimeout`.
    pub invoker: String,
    pub duration_ms: f64,
    pub forced_layout_ms: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ScriptLoad {
    pub url: String,
    /// `true` after the element's `load` event, which follows execution; `false` after `error`.
    pub ran: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageError {
    pub message: String,
    pub url: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CspViolation {
    pub directive: String,
    /// The blocked URL, or `inline`, `eval`.
    pub blocked: String,
}
