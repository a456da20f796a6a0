use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a screen of many tags shows beyond each tag's effect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Screen {
    /// Pairs of trials that were measured.
    pub pairs: usize,
    /// Two tags that together cost more, or less, than the sum of both; exploratory.
    pub interactions: Vec<TagInteraction>,
    /// Pairs of tags that the design could hardly tell apart.
    pub confounded: Vec<Confounding>,
    /// The largest absolute correlation between two tags' columns of the design as it was measured.
    pub largest_correlation: f64,
}

/// A cost that two tags have only together (positive), or that one of them takes from the other (negative).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TagInteraction {
    pub tags: [String; 2],
    pub metric: String,
    /// Cost of both together beyond the sum of their costs alone, in the metric's unit.
    pub estimate: f64,
    pub interval: super::Interval,
    /// Pairs of trials that it rests on.
    pub pairs: usize,
}

/// Two tags whose presence was correlated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confounding {
    pub tags: [String; 2],
    /// From −1 to 1.
    pub correlation: f64,
}
