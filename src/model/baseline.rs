use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fingerprint, Interval};

/// An accepted run: its raw samples, what they were measured with, and who accepted it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    /// Version of this format: [`Baseline::FORMAT`].
    pub format: u32,
    pub scenario: String,
    pub run: String,
    pub approval: Approval,
    pub fingerprint: Fingerprint,
    /// By tag, then by metric.
    pub tags: BTreeMap<String, BTreeMap<String, BaselineCell>>,
}

impl Baseline {
    pub const FORMAT: u32 = 1;
}

/// Who accepted a run, when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub reason: String,
    pub commit: Option<String>,
}

/// One tag × metric of an accepted run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineCell {
    pub estimate: Option<f64>,
    pub interval: Option<Interval>,
    /// Samples without the tag, in block order, in the metric's unit; `null` where there was none.
    pub without: Vec<Option<f64>>,
    /// Samples with the tag: the same blocks as `without`.
    pub with: Vec<Option<f64>>,
}
