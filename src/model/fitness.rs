use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Design, Environment, Fingerprint};

/// What a look at the machine, and a page measured against itself on it, say of its judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Examination {
    /// Version of this format: [`Examination::FORMAT`].
    pub format: u32,
    pub scenario: String,
    pub environment: Environment,
    pub fingerprint: Fingerprint,
    pub fitness: Fitness,
    pub checks: Vec<MachineCheck>,
    /// `None` without a scenario, or when the machine could not run it.
    pub session: Option<Session>,
}

impl Examination {
    pub const FORMAT: u32 = 1;
}

/// Can this machine judge?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Fitness {
    Fit,
    /// Verdicts hold, but many will be inconclusive.
    Noisy,
    /// It cannot measure, or what it measures is wrong.
    Unfit,
}

impl Fitness {
    /// The doctor's exit code; 2 is for bad input and is no examination.
    pub fn exit_code(self) -> u8 {
        match self {
            Fitness::Fit => 0,
            Fitness::Noisy => 3,
            Fitness::Unfit => 5,
        }
    }
}

impl std::fmt::Display for Fitness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Fitness::Fit => "fit",
            Fitness::Noisy => "noisy",
            Fitness::Unfit => "unfit",
        })
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineCheck {
    /// Stable id: `browser`, `steal`, `throttle`.
    pub id: String,
    pub fitness: Fitness,
    /// What was seen, with its unit.
    pub seen: String,
    /// What to do about it; empty when there is nothing to do.
    pub advice: String,
}

/// A page measured against itself: two arms that are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    pub certificate: Certificate,
    /// Of the gated metrics, in the gate's order.
    pub noise: Vec<Noise>,
    /// Mean wall seconds of a trial, everything included.
    pub trial_s: f64,
}

/// What a page measured against itself proves, short enough to stand in a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Name of the session: the UTC time it began.
    pub run: String,
    pub fitness: Fitness,
    /// Pairs of identical trials.
    pub blocks: usize,
    /// Gated effects, all of them truly zero.
    pub effects: usize,
    /// Of these, how many the gate called regressed.
    pub regressed: usize,
    /// How often a gate without margins fails when the session's arms are relabelled by lot, from 0 to 1;
    /// 0.01 is what it promises.
    pub false_alarms: f64,
    /// Number of relabellings.
    pub relabelled: usize,
}

/// How noisy a metric is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Noise {
    pub metric: String,
    /// Pairs with a value.
    pub pairs: usize,
    /// Standard deviation of a paired difference, in the metric's unit; `None` below two pairs.
    pub sd: Option<f64>,
    /// Smallest effect seen with 80 % probability, for 10, 20 and 40 blocks; `None` when the pairs were too
    /// few to tell.
    pub detectable: Option<[f64; 3]>,
    /// Median of the page without its tags; `None` without a pair.
    pub without: Option<f64>,
    /// The margin that the gate would have had.
    pub margin: f64,
    /// The level drifted during the session.
    pub drifted: bool,
}

/// How many blocks the gate's margins need on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// In the gate's order.
    pub metrics: Vec<Needed>,
    /// What is counted: blocks, or pairs of a screen.
    pub design: Design,
    /// The most blocks that the plan allows.
    pub budget: usize,
    /// Blocks until every gated metric is decided; `None` when the noise of one is not known.
    pub blocks: Option<usize>,
    /// Trials and wall seconds that these blocks take, warm-up and traced trials included.
    pub effort: Option<(usize, f64)>,
    /// What asks for more blocks than all else, and what would spare them.
    pub longest: Option<Longest>,
}

impl Power {
    /// Gated metrics that the plan's budget cannot be expected to decide.
    pub fn beyond(&self) -> impl Iterator<Item = &Needed> {
        self.metrics
            .iter()
            .filter(|needed| needed.blocks.is_some_and(|blocks| blocks > self.budget))
    }
}

/// How many blocks one gated metric needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    pub metric: String,
    /// Standard deviation of a paired difference, in the metric's unit.
    pub sd: Option<f64>,
    pub margin: f64,
    /// After so many blocks a cost of nothing is shown ok, and one of twice the margin regressed, with 80 %
    /// probability each; `None` when the noise is not known.
    pub blocks: Option<usize>,
    /// The smallest margin that the whole budget decides.
    pub least_margin: Option<f64>,
}

/// The metric that takes longest.
#[derive(Clone, Debug, PartialEq)]
pub struct Longest {
    pub metric: String,
    /// With this margin `blocks` blocks would do.
    pub margin: f64,
    pub blocks: usize,
}
