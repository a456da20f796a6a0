use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arm, Contrast, Factor};

/// How a run is laid out. With the seed it fixes every slot, so that a run can be resumed or redone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    pub seed: u64,
    /// The control first. In a screen: the control, and everything; its pairs are drawn from the seed.
    pub arms: Vec<Arm>,
    /// One per tag, or per group of tags that move together, in the scenario's order.
    pub contrasts: Vec<Contrast>,
    #[serde(default)]
    pub design: Design,
    /// What varies, in the scenario's order.
    #[serde(default)]
    pub factors: Vec<Factor>,
    pub schedule: Schedule,
    /// Blocks before the first that counts.
    pub warm_up_blocks: usize,
    /// Traced trials per arm, after the measured ones.
    pub traced_blocks: usize,
}

impl Plan {
    /// Nothing is measured, so that nothing can be said of costs: the traced trials are all there is.
    pub fn only_traces(&self) -> bool {
        self.schedule.looks.is_empty()
    }

    /// The questions that traced trials answer: what happens with a tag and what it needs, and not without it.
    ///
    /// Also in a screen each is asked alone: a misbehaviour is that of a tag, and many harmless tags together
    /// may look like one.
    pub fn explained(&self) -> Vec<Contrast> {
        if self.design == Design::Blocks {
            return self.contrasts.clone();
        }
        let everything = self.arms.last().cloned().unwrap_or_default();
        let arm = |present: &dyn Fn(&String) -> bool| {
            Arm(everything
                .0
                .iter()
                .filter(|id| present(id))
                .cloned()
                .collect())
        };
        self.factors
            .iter()
            .map(|factor| Contrast {
                tag: factor.tag.clone(),
                with: arm(&|id| factor.members.contains(id) || factor.needs.contains(id)),
                without: arm(&|id| factor.needs.contains(id)),
            })
            .collect()
    }

    /// Every arm of [`Plan::explained`] once.
    pub fn traced_arms(&self) -> Vec<Arm> {
        let mut arms: Vec<Arm> = Vec::new();
        for contrast in self.explained() {
            for arm in [contrast.without, contrast.with] {
                if !arms.contains(&arm) {
                    arms.push(arm);
                }
            }
        }
        arms
    }
}

/// Which arms a block has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    /// Every arm once per block; a tag's effect comes from its own two arms.
    #[default]
    Blocks,
    /// Every block is a pair of trials: a random half of the tags, and the other half. Every trial informs
    /// every tag; effects come from a joint fit.
    Screen,
}

impl Design {
    /// What a schedule counts: `block`, in a screen `pair`.
    pub fn noun(self) -> &'static str {
        match self {
            Design::Blocks => "block",
            Design::Screen => "pair",
        }
    }
}

/// What is asked again of fresh trials before a suspicion counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmation {
    /// The suspected tags' questions. After a screen: everything against everything without the tag.
    pub contrasts: Vec<Contrast>,
    /// Counts fresh blocks.
    pub schedule: Schedule,
}

/// When the data are judged: after `looks[k]` blocks, at the share `weights[k]` of the error budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Numbers of measured blocks (in a screen: of pairs), ascending; the last is the budget.
    pub looks: Vec<usize>,
    /// They add up to 1.
    pub weights: Vec<f64>,
}

impl Schedule {
    /// The most blocks that may be asked for.
    pub const MOST: usize = 1000;

    /// The most blocks that may be measured.
    pub fn budget(&self) -> usize {
        self.looks.last().copied().unwrap_or(0)
    }
}

/// Why measuring ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Every gated effect is decided.
    Decided,
    /// All planned blocks were measured.
    BlocksSpent,
    /// The time limit was reached.
    TimeSpent,
    /// Ctrl-C or SIGTERM.
    Interrupted,
    /// So many trials failed that going on is pointless.
    TooManyFaults,
    /// The browser could not be started again, or the run's folder could not be written.
    Broken(String),
}

impl Stop {
    /// The run ended by itself: it cannot be resumed, for nothing is left of it.
    pub fn is_complete(&self) -> bool {
        matches!(self, Stop::Decided | Stop::BlocksSpent)
    }
}
