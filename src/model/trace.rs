use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is kept of a Chromium trace: the page's main thread, and only the events that attribution reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Trace {
    /// In order of start; children follow their parents.
    pub events: Vec<TraceEvent>,
    /// Chromium's buffer overflowed: counts are too low.
    pub incomplete: bool,
}

/// One event of the page's main thread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TraceEvent {
    /// Chromium's name: `RunTask`, `FunctionCall`, `EventDispatch`, `Layout`, `UpdateLayoutTree`…
    pub name: String,
    /// Start, microseconds of the trace's monotonic clock.
    pub start_us: f64,
    /// Wall time, microseconds.
    pub wall_us: f64,
    /// Thread CPU time, microseconds.
    pub cpu_us: f64,
    /// `EventDispatch`: the DOM event type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The code that ran, or for a forced layout the innermost JavaScript frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeLocation>,
    /// `Layout`, `UpdateLayoutTree`: caused by script that asked for geometry or style.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub forced: bool,
}

/// A place in a script. Lines and columns count from 1; 0 is unknown.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(default)]
pub struct CodeLocation {
    pub url: String,
    pub function: String,
    pub line: u32,
    pub column: u32,
}

impl std::fmt::Display for CodeLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let function = if self.function.is_empty() {
            "(anonymous)"
        } else {
            &self.function
        };
        write!(f, "{function} {}:{}:{}", self.url, self.line, self.column)
    }
}
