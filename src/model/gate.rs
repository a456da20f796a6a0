use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Margin;

/// What a publish must not exceed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// The gated family: few, chosen before the run. All other metrics are exploratory.
    pub metrics: Vec<GatedMetric>,
    /// Margins for metrics outside the family: they mark the exploratory ones.
    pub exploratory: Vec<GatedMetric>,
    /// Ids of findings that fail the gate.
    pub forbid: Vec<String>,
    /// The user named `forbid`: then each of them must have had its chance to be seen.
    #[serde(default)]
    pub forbid_chosen: bool,
    /// Thresholds of detectors that the user set.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// What an undecided gate counts as.
    pub inconclusive: Inconclusive,
    /// No comparable baseline fails the gate as not comparable.
    pub require_baseline: bool,
}

/// A detector's threshold as the user wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// The detector's id.
    pub finding: String,
    /// The threshold's id within the detector.
    pub threshold: String,
    /// In the threshold's unit.
    pub value: f64,
}

/// A metric with its margin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GatedMetric {
    pub metric: String,
    pub margin: Margin,
    /// Share of a tag's error budget; the family's weights add up to 1.
    pub weight: f64,
}

/// The user's explicit choice for an undecided gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Inconclusive {
    /// Its own exit code.
    #[default]
    Report,
    Pass,
    Fail,
}
