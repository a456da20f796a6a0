use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CodeLocation, Unit};

/// A named misbehaviour, seen with the tag and not without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The detector's id: `runaway_scroll`.
    pub id: String,
    pub severity: Severity,
    pub tag: String,
    /// The code that does it, where the trace names it.
    pub culprit: Option<CodeLocation>,
    /// One sentence with the decisive figures.
    pub summary: String,
    /// The step during which it happened, as in the scenario.
    pub step: Option<String>,
    pub figures: Vec<Figure>,
    /// Traced trials with the tag that show it.
    pub seen_in: usize,
    /// Traced trials with the tag.
    pub seen_of: usize,
}

/// One figure of evidence: median over the traced trials of each arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    pub name: String,
    pub unit: Unit,
    pub with: f64,
    pub without: f64,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Costs users something.
    Warning,
    /// Brings the page down.
    Severe,
}
