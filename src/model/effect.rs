use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a tag does to a metric: with minus without, from paired samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    pub tag: String,
    pub metric: String,
    pub basis: Basis,
    /// Measured on fresh trials, to confirm what the first ones made suspect.
    #[serde(default)]
    pub fresh: bool,
    /// Blocks in which both arms have a value; in a screen, pairs of trials in which both have one.
    pub pairs: usize,
    /// Measured blocks that gave no pair.
    pub dropped: usize,
    /// Why, for the first of them.
    pub dropped_because: Option<String>,
    /// Median of the samples without the tag, in the metric's unit.
    pub without: Option<f64>,
    /// Median of the samples with the tag.
    pub with: Option<f64>,
    /// Hodges–Lehmann estimate of the difference.
    pub estimate: Option<f64>,
    pub interval: Option<Interval>,
    /// The effect that the gate tolerates, frozen at the first look.
    pub margin: f64,
    /// Repeated p-value of "the effect is at most the margin": small means regressed.
    pub p_regressed: Option<f64>,
    /// Repeated p-value of "the effect is at least the margin": small means ok.
    pub p_ok: Option<f64>,
    /// The smallest effect that so many pairs show with 80 % probability at a one-sided 1 %; `None` when they
    /// are too few for any.
    #[serde(default)]
    pub detectable: Option<f64>,
}

/// What an effect is measured against.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The same run's arm without the tag.
    Control,
    /// A screen of many tags: the tag's cost averaged over the other tags being on and off, by a joint fit.
    Screen,
    /// The tag's cost in the accepted baseline: now minus then.
    Baseline,
}

/// A two-sided interval in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// 0.98 for a 98 % interval.
    pub confidence: f64,
}
