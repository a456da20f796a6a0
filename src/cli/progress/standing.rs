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
    /// Nothing but traced trials is to come.
    tracing: bool,
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
            traced: plan.traced_blocks * plan.traced_arms().len(),
            tracing: false,
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

    /// There are no more looks.
    pub fn trace(&mut self) {
        self.tracing = true;
        self.expected = self.done + self.traced;
    }

    /// Time to the next look or to the end, from the mean of the trials so far, and which of them it is.
    pub fn left(&self) -> Option<(Duration, &'static str)> {
        let ran = self.done.checked_sub(self.resumed).filter(|ran| *ran > 0)?;
        let each = self.began.elapsed() / u32::try_from(ran).ok()?;
        let (trials, to) = self.ahead();
        Some((each * u32::try_from(trials).ok()?, to))
    }

    /// Trials to the next look, or to the end: the traced ones come after all looks.
    fn ahead(&self) -> (usize, &'static str) {
        match self.tracing {
            true => (self.expected.saturating_sub(self.done), "end"),
            false => (
                self.expected.saturating_sub(self.traced + self.done),
                "next look",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Contrast, Schedule};

    #[test]
    fn traced_trials_come_after_the_looks() {
        let plan = Plan {
            seed: 1,
            arms: vec![Arm::control(), Arm(vec!["a".into()])],
            contrasts: vec![Contrast {
                tag: "a".into(),
                with: Arm(vec!["a".into()]),
                without: Arm::control(),
            }],
            design: Design::Blocks,
            factors: vec![],
            schedule: Schedule {
                looks: vec![10, 20],
                weights: vec![0.5, 0.5],
            },
            warm_up_blocks: 1,
            traced_blocks: 3,
        };
        let mut standing = Standing::new(&plan, 0);
        standing.done = 4;
        assert_eq!(standing.ahead(), (2 * 11 - 4, "next look"));
        assert_eq!(standing.expected, 2 * 11 + 2 * 3);
        standing.done = 22;
        standing.expect_look(10);
        assert_eq!(standing.ahead(), (20, "next look"));
        standing.trace();
        assert_eq!((standing.ahead(), standing.expected), ((6, "end"), 28));
    }
}
