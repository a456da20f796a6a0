use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CodeLocation, Fault, Unit};

/// A named misbehaviour, seen with the tag and not without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The detector's id: `runaway_scroll`.
    pub id: String,
    pub severity: Severity,
    /// The tag's id; `all tags together` for what comes with all tags of a screen and is no tag's own.
    pub tag: String,
    /// The code that does it, where the trace names it.
    pub culprit: Option<CodeLocation>,
    /// The same place before it was bundled, by the code's source map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<CodeLocation>,
    /// The line below the culprit that took most of the time, where another function than the culprit did the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hot: Option<CodeLocation>,
    /// The code around the culprit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Who brought the culprit: URLs from the page to the culprit's own; `(inline)` for code without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<String>,
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

/// A few lines of code as they were run; long lines are cut.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Excerpt {
    /// Number of the first line.
    pub line: u32,
    pub lines: Vec<String>,
    /// Which of `lines` the culprit is on, from 0.
    pub at: usize,
    /// The culprit's column within the line as it stands here, from 1.
    pub column: u32,
}

/// A tag whose misbehaviour could not have been seen: that nothing was found says nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseen {
    pub tag: String,
    /// The trace is missing from the trials with the tag; otherwise from those without it.
    pub with: bool,
    pub why: NoTrace,
}

/// Why an arm has no trace that could show a misbehaviour.
#[derive(Clone, Debug, PartialEq)]
pub enum NoTrace {
    /// No trial was traced.
    NotMade,
    /// All traced trials failed; this is the first fault.
    Failed(Fault),
    /// All traces that there are break off.
    Incomplete,
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
