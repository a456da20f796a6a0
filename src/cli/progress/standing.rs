//! Where a run stands, and when it will be done.

use std::time::{Duration, Instant};

use crate::model::{Arm, Confirmation, Design, Plan};

/// Trials that are done and trials to come.
pub struct Standing {
    began: Instant,
    /// Trials of earlier parts of the run.
    resumed: usize,
    /// Trials before the first block that is counted.
    before: usize,
    /// Trials of a block.
    per_block: usize,
    looks: Vec<usize>,
    traced: usize,
    pub done: usize,
    /// Trials up to the next look, and the traced ones.
    pub expected: usize,
}

impl Standing {
    pub fn new(plan: &Plan, resumed: usize) -> Self {
        let per_block = match plan.design {
            Design::Blocks => plan.arms.len(),
            Design::Screen => 2,
        };
        let mut standing = Self {
            began: Instant::now(),
            resumed,
            before: plan.warm_up_blocks * per_block,
            per_block,
            looks: plan.schedule.looks.clone(),
            traced: plan.traced_blocks * plan.arms.len(),
            done: resumed,
            expected: 0,
        };
        standing.expect_look(0);
        standing
    }

    /// From here on, blocks are fresh ones; how many trials they have.
    pub fn confirm(&mut self, confirmation: &Confirmation) -> usize {
        let mut arms: Vec<&Arm> = Vec::new();
        for contrast in &confirmation.contrasts {
            for arm in [&contrast.without, &contrast.with] {
                if !arms.contains(&arm) {
                    arms.push(arm);
                }
            }
        }
        self.before = self.done;
        self.per_block = arms.len();
        self.looks.clone_from(&confirmation.schedule.looks);
        self.expect_look(0);
        self.per_block
    }

    /// The next look after `blocks` blocks; what comes after it cannot be known yet.
    pub fn expect_look(&mut self, blocks: usize) {
        let next = self.looks.iter().find(|look| **look > blocks);
        let next = next.copied().unwrap_or(blocks);
        self.expected = self.before + next * self.per_block + self.traced;
    }

    /// Time to the next look, from the mean of the trials so far.
    pub fn left(&self) -> Option<Duration> {
        let ran = self.done.checked_sub(self.resumed).filter(|ran| *ran > 0)?;
        let each = self.began.elapsed() / u32::try_from(ran).ok()?;
        Some(each * u32::try_from(self.expected.saturating_sub(self.done)).ok()?)
    }
}
