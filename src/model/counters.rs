use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Chromium's own counters for the page (`Performance.getMetrics` with `timeDomain: threadTicks`).
///
/// Times are main-thread CPU time in milliseconds, not wall time: waiting for a busy machine does not
/// count. In a visit these are the differences between its end and its beginning; in a step, those
/// between the step's end and its beginning. They cover the process of the page's main frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Counters {
    /// `TaskDuration`: all main-thread tasks.
    pub task_ms: f64,
    /// `ScriptDuration`.
    pub script_ms: f64,
    /// `LayoutDuration`, forced or not.
    pub layout_ms: f64,
    /// `RecalcStyleDuration`, forced or not.
    pub style_ms: f64,
    pub layout_count: f64,
    pub style_count: f64,
    /// CPU time of all processes of the browser, where the system tells.
    pub processes_ms: Option<f64>,
    /// How long the page's main thread was ready to run and had to wait for a core, where the system tells.
    pub waited_ms: Option<f64>,
}

/// What the page holds at the end of the visit, after a forced garbage collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Holdings {
    pub heap_bytes: f64,
    pub dom_nodes: f64,
    pub listeners: f64,
}
