use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arm, Visit};

/// One place in the plan: an arm in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// Block 0 is the warm-up; traced blocks count on their own.
    pub block: usize,
    /// Position within the block, from 0: the order was drawn by lot.
    pub position: usize,
    pub arm: Arm,
    pub purpose: Purpose,
}

/// What a trial is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Recorded and left out of every effect.
    WarmUp,
    /// Counts.
    Measure,
    /// Counts as a fresh trial that confirms or clears a suspicion.
    Confirm,
    /// Traced: it explains and never gates.
    Explain,
}

/// One trial: what came of one slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub slot: Slot,
    /// 1, or 2 when a fault was retried in the same block.
    pub attempt: u32,
    /// Seconds since the run began.
    pub at_s: f64,
    pub outcome: Result<Visit, Fault>,
}

/// Why a trial gave no evidence. This is data, not an error: the run goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fault {
    /// The page or the browser did not answer in time.
    TimedOut { what: String, after_ms: f64 },
    /// The page's process ended.
    PageCrashed,
    /// The browser ended or closed its connection.
    BrowserDied { why: String },
    /// The whole trace was to be kept and could not be written: disk full, folder gone.
    TraceNotKept { why: String },
    /// The stage could not play this arm: a file is gone, or the document has no place for a tag.
    NotStaged { why: String },
    /// A step of the scenario could not be carried out.
    StepFailed {
        /// From 0.
        step: usize,
        text: String,
        /// Line in the scenario file, from 1.
        line: usize,
        why: String,
        /// Screenshot in the run's folder.
        screenshot: Option<String>,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::TimedOut { what, after_ms } => {
                write!(f, "{what} did not end within {:.1} s", after_ms / 1e3)
            }
            Fault::PageCrashed => f.write_str("the page's process crashed"),
            Fault::BrowserDied { why } => write!(f, "the browser ended: {why}"),
            Fault::TraceNotKept { why } => write!(f, "the trace could not be kept in {why}"),
            Fault::NotStaged { why } => write!(f, "the arm could not be staged: {why}"),
            Fault::StepFailed {
                step,
                text,
                line,
                why,
                ..
            } => {
                write!(f, "step {} ({text}, line {line}) failed: {why}", step + 1)
            }
        }
    }
}

impl std::error::Error for Fault {}
