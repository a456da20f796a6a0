use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Certificate, Fingerprint, Interval, Speed};

/// An accepted run: its raw samples, what they were measured with, and who accepted it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of this format: [`Baseline::FORMAT`].
    pub format: u32,
    /// SHA-256 over all the rest, hexadecimal: tells an edit by hand. It is no signature.
    pub hash: String,
    pub scenario: String,
    /// The scenario's file, as given to the run.
    pub scenario_file: String,
    /// Name of the run: the UTC time it began.
    pub run: String,
    pub seed: u64,
    pub approval: Approval,
    /// As the browser says: `HeadlessChrome/156.0.8078.79`.
    pub browser: String,
    /// Version of tagperf that measured.
    pub tagperf: String,
    pub fingerprint: Fingerprint,
    pub speed: Speed,
    /// What the page measured against itself proved on this machine; `null` when it was accepted without.
    pub certificate: Option<Certificate>,
    /// By tag, then by metric.
    pub tags: BTreeMap<String, BTreeMap<String, BaselineCell>>,
    /// Runs that were accepted before, the oldest first.
    pub history: Vec<PastRun>,
}

impl Baseline {
    pub const FORMAT: u32 = 2;
}

/// Who accepted a run, when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub reason: String,
    pub commit: Option<String>,
}

/// One tag × metric of an accepted run, in the metric's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineCell {
    /// In the gated family when it was accepted.
    pub gated: bool,
    pub estimate: Option<f64>,
    pub interval: Option<Interval>,
    /// What the gate tolerated when it was accepted.
    pub margin: f64,
    /// Noise floor: the smallest effect that the run would have shown with 80 % probability; `null` when its
    /// pairs were too few for any.
    pub detectable: Option<f64>,
    /// Samples without the tag, in block order; `null` where there was none.
    pub without: Vec<Option<f64>>,
    /// Samples with the tag: the same blocks as `without`.
    pub with: Vec<Option<f64>>,
}

impl BaselineCell {
    /// With minus without, of the blocks that have both.
    pub fn differences(&self) -> Vec<f64> {
        let pairs = self.with.iter().zip(&self.without);
        pairs
            .filter_map(|(with, without)| Some((*with)? - (*without)?))
            .collect()
    }
}

/// A run that was the baseline once, without its samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastRun {
    pub run: String,
    pub approval: Approval,
    pub speed: Speed,
    /// By tag, then by metric.
    pub tags: BTreeMap<String, BTreeMap<String, PastCell>>,
}

/// A cost as it once was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastCell {
    pub estimate: Option<f64>,
    pub interval: Option<Interval>,
    /// Number of pairs.
    pub n: usize,
}
