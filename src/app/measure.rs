//! The loop of measuring: ask the planner, run a block, look, until nothing is open. Works on any bench.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::judge;
use crate::lab::{self, Bench, Halt, Interrupt, Journal, JournalError, Kept, Recorded};
use crate::model::{Arm, Cell, Confirmation, Plan, Purpose, RunHeader, Slot, Stop};
use crate::plan::{self, Next, Progress};

use super::analyse;

/// After so many measured blocks without evidence from an arm, going on is pointless.
const GIVE_UP_AFTER: usize = 3;

/// What a run tells while it runs.
pub enum Event<'a> {
    Begin {
        header: &'a RunHeader,
        dir: &'a std::path::Path,
        resumed: usize,
    },
    Trial {
        kept: &'a Kept,
        done: usize,
    },
    /// The data were judged after this many blocks.
    Look {
        blocks: usize,
        cells: &'a [Cell],
        decided: usize,
        tags: usize,
    },
    /// What the looks so far made suspect is asked again; the looks that follow count fresh blocks.
    Suspects {
        confirmation: &'a Confirmation,
    },
    /// Measuring has ended; traced trials follow.
    Explain,
}

/// Hears what a run tells.
pub trait Watch {
    fn hear(&mut self, event: Event);
}

/// When a run must end although effects are still open.
pub struct Limits {
    pub time: Option<Duration>,
    pub began: Instant,
}

/// A run in memory.
pub struct Run {
    pub header: RunHeader,
    pub kept: Vec<Kept>,
    pub calibration_ms: Vec<f64>,
    pub stop: Stop,
    /// The run's folder could not be written.
    pub lost: Option<JournalError>,
}

impl Run {
    /// A run that goes on from what is recorded; nothing is recorded of a new one.
    pub fn new(recorded: Recorded) -> Self {
        Self {
            header: recorded.header,
            kept: recorded.trials,
            calibration_ms: recorded.calibration_ms,
            stop: Stop::Interrupted,
            lost: None,
        }
    }

    /// Measures until the planner says stop, then traces, and notes in the journal how it ended.
    pub async fn measure(
        &mut self,
        bench: &mut impl Bench,
        journal: &mut Journal,
        limits: &Limits,
        interrupt: &mut Interrupt,
        watch: &mut dyn Watch,
    ) {
        watch.hear(Event::Begin {
            header: &self.header,
            dir: journal.dir(),
            resumed: self.kept.len(),
        });
        self.stop = match self.blocks(bench, journal, limits, interrupt, watch).await {
            Ok(stop) => stop,
            Err(halt) => self.halted(halt),
        };
        if matches!(
            self.stop,
            Stop::Decided | Stop::BlocksSpent | Stop::TimeSpent
        ) {
            watch.hear(Event::Explain);
            let slots = self.left(plan::explain(&self.header.plan));
            if let Err(halt) = self
                .carry_out(&slots, bench, journal, limits, interrupt, watch)
                .await
            {
                self.stop = self.halted(halt);
            }
        }
        if self.lost.is_none() {
            self.lost = journal.end(&self.stop).err();
        }
    }

    fn halted(&mut self, halt: Halt) -> Stop {
        match halt {
            Halt::Interrupted => Stop::Interrupted,
            Halt::CannotKeep(error) => {
                let why = error.to_string();
                self.lost = Some(error);
                Stop::Broken(why)
            }
        }
    }

    async fn blocks(
        &mut self,
        bench: &mut impl Bench,
        journal: &mut Journal,
        limits: &Limits,
        interrupt: &mut Interrupt,
        watch: &mut dyn Watch,
    ) -> Result<Stop, Halt> {
        let mut progress = Progress::default();
        loop {
            let slots = match plan::next(&self.header.plan, &progress) {
                Next::Stop(stop) => return Ok(stop),
                Next::Block(slots) => slots,
            };
            let left = self.left(slots.clone());
            if !left.is_empty() {
                if limits
                    .time
                    .is_some_and(|most| limits.began.elapsed() + self.block_time(&left) > most)
                {
                    return Ok(Stop::TimeSpent);
                }
                self.calibrate(bench, journal, slots[0].block).await?;
                self.carry_out(&left, bench, journal, limits, interrupt, watch)
                    .await?;
            }
            match slots[0].purpose {
                Purpose::WarmUp => progress.warm_up += 1,
                Purpose::Measure | Purpose::Confirm | Purpose::Explain => progress.measured += 1,
            }
            if self.hopeless(progress.measured) {
                return Ok(Stop::TooManyFaults);
            }
            progress.decided.extend(self.never_ran(progress.measured));
            if progress.measured > 0 && plan::is_look(&self.header.plan, progress.measured) {
                let cells = analyse::cells(&self.header, &self.kept);
                progress.decided.extend(judge::tags_decided(&cells));
                watch.hear(Event::Look {
                    blocks: progress.measured,
                    cells: &cells,
                    decided: progress.decided.len(),
                    tags: self.header.plan.contrasts.len(),
                });
            }
        }
    }

    async fn calibrate(
        &mut self,
        bench: &mut impl Bench,
        journal: &mut Journal,
        block: usize,
    ) -> Result<(), Halt> {
        if let Some(cpu_ms) = bench.calibrate().await {
            journal
                .calibration(block, cpu_ms)
                .map_err(Halt::CannotKeep)?;
            self.calibration_ms.push(cpu_ms);
        }
        Ok(())
    }

    async fn carry_out(
        &mut self,
        slots: &[Slot],
        bench: &mut impl Bench,
        journal: &mut Journal,
        limits: &Limits,
        interrupt: &mut Interrupt,
        watch: &mut dyn Watch,
    ) -> Result<(), Halt> {
        let mut done = self.kept.len();
        let seen = |kept: &Kept| {
            done += 1;
            watch.hear(Event::Trial { kept, done });
        };
        let (kept, halt) =
            match lab::run(slots, bench, journal, limits.began, interrupt, seen).await {
                Ok(kept) => (kept, Ok(())),
                Err((kept, halt)) => (kept, Err(halt)),
            };
        self.kept.extend(kept);
        halt
    }

    /// Of these slots, those that no earlier part of the run has carried out.
    fn left(&self, slots: Vec<Slot>) -> Vec<Slot> {
        let done = |slot: &Slot| {
            let own = || self.kept.iter().filter(|kept| kept.trial.slot == *slot);
            own().any(|kept| kept.trial.outcome.is_ok()) || own().count() >= 2
        };
        slots.into_iter().filter(|slot| !done(slot)).collect()
    }

    /// The time that these slots will take, from the mean of the trials so far.
    fn block_time(&self, slots: &[Slot]) -> Duration {
        let walls: Vec<f64> = self
            .kept
            .iter()
            .filter_map(|kept| Some(kept.trial.outcome.as_ref().ok()?.wall_ms))
            .collect();
        let mean = walls.iter().sum::<f64>() / walls.len().max(1) as f64;
        Duration::from_secs_f64(mean * slots.len() as f64 / 1e3)
    }

    /// An arm of which the first blocks all failed.
    fn hopeless(&self, blocks: usize) -> bool {
        let Plan { arms, .. } = &self.header.plan;
        blocks >= GIVE_UP_AFTER
            && arms.iter().any(|arm: &Arm| {
                let mut own = self
                    .measured()
                    .filter(|kept| kept.trial.slot.arm == *arm)
                    .peekable();
                own.peek().is_some() && own.all(|kept| kept.trial.outcome.is_err())
            })
    }

    /// Tags that ran in none of their first measured trials: more trials would not make them run.
    fn never_ran(&self, blocks: usize) -> BTreeSet<String> {
        if blocks < GIVE_UP_AFTER {
            return BTreeSet::new();
        }
        let contrasts = self.header.plan.contrasts.iter();
        contrasts
            .filter(|contrast| {
                let mut fired = self
                    .measured()
                    .filter(|kept| kept.trial.slot.arm == contrast.with)
                    .filter_map(|kept| kept.firing.iter().find(|fired| fired.tag == contrast.tag))
                    .peekable();
                fired.peek().is_some() && fired.all(|fired| fired.problem.is_some())
            })
            .map(|contrast| contrast.tag.clone())
            .collect()
    }

    fn measured(&self) -> impl Iterator<Item = &Kept> {
        self.kept
            .iter()
            .filter(|kept| kept.trial.slot.purpose == Purpose::Measure)
    }
}
