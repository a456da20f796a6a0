use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{After, Counters, Holdings, Inventory, PageRecord, Request, Trace};

/// The raw evidence of one trial. This is the stored format; everything that is reported derives from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Visit {
    /// Version of this format: [`Visit::FORMAT`].
    pub format: u32,
    pub pages: Vec<PageRecord>,
    pub steps: Vec<StepRecord>,
    /// Over all steps of the scenario.
    pub counters: Counters,
    pub holdings: Holdings,
    pub requests: Vec<Request>,
    /// Whole visit, milliseconds of wall time, from new context to closed context.
    pub wall_ms: f64,
    /// Of `wall_ms`, what the steps took; the rest is the harness.
    pub steps_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
    /// Only in traced trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
}

impl Visit {
    pub const FORMAT: u32 = 1;
}

/// One step as it was carried out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StepRecord {
    /// As in the scenario: `scroll by 3000px over 1.5s`.
    pub text: String,
    /// The step's id in the table of steps: `scroll`. Traced trials end with steps of the harness's own:
    /// [`StepRecord::QUIET`], [`StepRecord::HIDDEN`].
    pub kind: String,
    /// Wall time since the first step began, milliseconds.
    pub start_ms: f64,
    pub duration_ms: f64,
    /// The step's own share.
    pub counters: Counters,
    /// Start on the trace's clock in microseconds, and end; only in traced trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_us: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
}

impl StepRecord {
    /// Nobody touches the page, after the scenario's last step.
    pub const QUIET: &'static str = "quiet";
    /// The page's window is minimised.
    pub const HIDDEN: &'static str = "hidden";

    /// A step that no scenario has: what it takes is no part of what the scenario's steps take.
    pub fn is_harness(&self) -> bool {
        [Self::QUIET, Self::HIDDEN].contains(&self.kind.as_str())
    }
}
