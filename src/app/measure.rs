//! The loop of measuring: ask the planner, run a block, look, until nothing is open. Works on any bench.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::judge;
use crate::lab::{self, Bench, Halt, Interrupt, Journal, JournalError, Kept, Recorded};
use crate::model::{
    Calibration, Confirmation, Design, Judgement, Purpose, RunHeader, Slot, Stop, Trial,
};
use crate::plan::{self, Confirming, Next, Progress};

use super::analyse::{self, Record};
use super::standing::Accepted;

/// After so many measured blocks without evidence from an arm, going on is pointless.
const GIVE_UP_AFTER: usize = 3;

/// What a run tells while it runs.
pub enum Event<'a> {
    /// Before it begins: what the user should know of what was asked for.
    Doubt {
        text: &'a str,
    },
    Begin {
        header: &'a RunHeader,
        dir: &'a std::path::Path,
        resumed: usize,
    },
    Trial {
        kept: &'a Kept,
        done: usize,
    },
    /// The data were judged after this many blocks, or pairs of a screen.
    Look {
        blocks: usize,
        judgement: &'a Judgement,
        decided: usize,
        tags: usize,
        /// Of the first look: what the budget will hardly decide.
        forecast: &'a [String],
    },
    /// What is suspected is asked again; the looks that follow count fresh blocks.
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
    /// What earlier parts of the run took.
    pub before: Duration,
}

impl Limits {
    /// When the run would have begun if it were in one piece.
    fn run_began(&self) -> Instant {
        // A clock that has not run for so long yet: the parts then overlap in the record, and nothing else.
        self.began.checked_sub(self.before).unwrap_or(self.began)
    }
}

/// A run in memory.
pub struct Run {
    pub header: RunHeader,
    pub kept: Vec<Kept>,
    /// Trials of an earlier part of the run that the plan has not come to yet.
    ahead: Vec<Kept>,
    pub calibrations: Vec<Calibration>,
    /// What was suspected and is asked again.
    pub confirmation: Option<Confirmation>,
    pub stop: Stop,
    /// The run's folder could not be written.
    pub lost: Option<JournalError>,
}

impl Run {
    /// A run that goes on from what is recorded; nothing is recorded of a new one.
    pub fn new(recorded: Recorded) -> Self {
        Self {
            header: recorded.header,
            kept: Vec::new(),
            ahead: recorded.trials,
            calibrations: recorded.calibrations,
            confirmation: recorded.confirmation,
            stop: Stop::Interrupted,
            lost: None,
        }
    }

    pub fn record(&self) -> Record<'_> {
        Record {
            header: &self.header,
            trials: &self.kept,
            calibrations: &self.calibrations,
            confirmation: self.confirmation.as_ref(),
            stop: &self.stop,
        }
    }

    /// Measures until the planner says stop, then traces, and notes in the journal how it ended.
    pub async fn measure(
        &mut self,
        bench: &mut impl Bench,
        journal: &mut Journal,
        limits: &Limits,
        accepted: Option<&Accepted>,
        interrupt: &mut Interrupt,
        watch: &mut dyn Watch,
    ) {
        watch.hear(Event::Begin {
            header: &self.header,
            dir: journal.dir(),
            resumed: self.ahead.len(),
        });
        let blocks = self.blocks(bench, journal, limits, accepted, interrupt, watch);
        self.stop = match blocks.await {
            Ok(stop) => stop,
            Err(halt) => self.halted(halt),
        };
        if matches!(
            self.stop,
            Stop::Decided | Stop::BlocksSpent | Stop::TimeSpent
        ) {
            watch.hear(Event::Explain);
            let slots = plan::explain(&self.header.plan);
            let slots = self.left(&slots);
            if let Err(halt) = self
                .carry_out(&slots, bench, journal, limits, interrupt, watch)
                .await
            {
                self.stop = self.halted(halt);
            }
        }
        // What the plan did not come to again was measured all the same.
        self.kept.append(&mut self.ahead);
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
        accepted: Option<&Accepted>,
        interrupt: &mut Interrupt,
        watch: &mut dyn Watch,
    ) -> Result<Stop, Halt> {
        let mut progress = Progress::default();
        let mut stop = Stop::Decided;
        loop {
            let slots = match plan::next(&self.header.plan, &progress) {
                Next::Settled => return Ok(stop),
                Next::Suspects(because) => {
                    stop = because;
                    match self.ask_again(journal, accepted, watch)? {
                        None => return Ok(stop),
                        confirming => progress.confirming = confirming,
                    }
                    continue;
                }
                Next::Block(slots) => slots,
            };
            let left = self.left(&slots);
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
            match (slots[0].purpose, &mut progress.confirming) {
                (Purpose::WarmUp, _) => progress.warm_up += 1,
                (_, Some(confirming)) => confirming.measured += 1,
                (_, None) => progress.measured += 1,
            }
            if self.hopeless(progress.measured) {
                return Ok(Stop::TooManyFaults);
            }
            self.look(&mut progress, accepted, watch);
        }
    }

    /// At a look of the schedule: what is decided now?
    fn look(&self, progress: &mut Progress, accepted: Option<&Accepted>, watch: &mut dyn Watch) {
        let schedule = &self.header.plan.schedule;
        if let Some(confirming) = &mut progress.confirming {
            if plan::is_look(&confirming.confirmation.schedule, confirming.measured) {
                let judgement = analyse::look(self.record(), accepted);
                confirming.decided = judge::suspects_settled(&judgement);
                watch.hear(Event::Look {
                    blocks: confirming.measured,
                    judgement: &judgement,
                    decided: confirming.decided.len(),
                    tags: confirming.confirmation.contrasts.len(),
                    forecast: &[],
                });
            }
            return;
        }
        progress.decided.extend(self.never_ran(progress.measured));
        if progress.measured == 0 || !plan::is_look(schedule, progress.measured) {
            return;
        }
        let report = analyse::analyse(self.record(), accepted);
        let judgement = &report.judgement;
        progress.decided.extend(judge::tags_decided(judgement));
        let first = schedule.looks.first() == Some(&progress.measured);
        let forecast = match first {
            true => judge::forecast(&judgement.cells, &report.metrics, schedule.budget()),
            false => Vec::new(),
        };
        watch.hear(Event::Look {
            blocks: progress.measured,
            judgement,
            decided: progress.decided.len(),
            tags: self.header.plan.contrasts.len(),
            forecast: &forecast,
        });
    }

    /// What the measured trials made suspect, for fresh trials to decide; `None` when it is nothing. What was
    /// once decided to be asked again stays so when the run is resumed.
    fn ask_again(
        &mut self,
        journal: &mut Journal,
        accepted: Option<&Accepted>,
        watch: &mut dyn Watch,
    ) -> Result<Option<Confirming>, Halt> {
        if self.confirmation.is_none() {
            let judgement = analyse::look(self.record(), accepted);
            let (plan, gate) = (&self.header.plan, &self.header.gate);
            let suspects = judge::suspects(&judgement, gate);
            let Some(confirmation) = plan::confirmation(plan, &suspects) else {
                return Ok(None);
            };
            journal
                .confirmation(&confirmation)
                .map_err(Halt::CannotKeep)?;
            self.confirmation = Some(confirmation);
        }
        let Some(confirmation) = self.confirmation.clone() else {
            return Ok(None);
        };
        watch.hear(Event::Suspects {
            confirmation: &confirmation,
        });
        Ok(Some(Confirming {
            confirmation,
            measured: 0,
            decided: BTreeSet::new(),
        }))
    }

    async fn calibrate(
        &mut self,
        bench: &mut impl Bench,
        journal: &mut Journal,
        block: usize,
    ) -> Result<(), Halt> {
        if let Some(calibration) = bench.calibrate().await {
            journal
                .calibration(block, calibration)
                .map_err(Halt::CannotKeep)?;
            self.calibrations.push(calibration);
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
            match lab::run(slots, bench, journal, limits.run_began(), interrupt, seen).await {
                Ok(kept) => (kept, Ok(())),
                Err((kept, halt)) => (kept, Err(halt)),
            };
        self.kept.extend(kept);
        halt
    }

    /// Of these slots, those that no earlier part of the run has carried out. What it has is taken up here and
    /// not before: a look sees what a run in one piece would have seen at it.
    fn left(&mut self, slots: &[Slot]) -> Vec<Slot> {
        let own = |kept: &mut Kept| slots.contains(&kept.trial.slot);
        self.kept.extend(self.ahead.extract_if(.., own));
        let done = |slot: &Slot| {
            let own = || self.kept.iter().filter(|kept| kept.trial.slot == *slot);
            own().any(|kept| kept.trial.outcome.is_ok()) || own().count() >= 2
        };
        slots.iter().filter(|slot| !done(slot)).cloned().collect()
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

    /// An arm, or in a screen all trials with a tag, of which the first blocks all failed.
    fn hopeless(&self, blocks: usize) -> bool {
        if blocks < GIVE_UP_AFTER {
            return false;
        }
        // A fault is retried, so that a slot has two attempts; a tag of a screen is not in every block.
        let all_failed = |belongs: &dyn Fn(&Trial) -> bool| {
            let own = || {
                self.measured()
                    .map(|kept| &kept.trial)
                    .filter(|t| belongs(t))
            };
            let slots: BTreeSet<_> = own().map(|t| (t.slot.block, t.slot.position)).collect();
            slots.len() >= GIVE_UP_AFTER && own().all(|trial| trial.outcome.is_err())
        };
        let plan = &self.header.plan;
        match plan.design {
            Design::Blocks => plan
                .arms
                .iter()
                .any(|arm| all_failed(&|trial| trial.slot.arm == *arm)),
            Design::Screen => plan
                .factors
                .iter()
                .flat_map(|factor| &factor.members)
                .any(|id| all_failed(&|trial| trial.slot.arm.has(id))),
        }
    }

    /// Tags that ran in none of their first measured trials: more trials would not make them run.
    fn never_ran(&self, blocks: usize) -> BTreeSet<String> {
        if blocks < GIVE_UP_AFTER {
            return BTreeSet::new();
        }
        let never = |id: &String| {
            let fired: Vec<_> = self
                .measured()
                .filter(|kept| kept.trial.slot.arm.has(id))
                .filter_map(|kept| kept.firing.iter().find(|fired| fired.tag == *id))
                .collect();
            fired.len() >= GIVE_UP_AFTER && fired.iter().all(|fired| fired.problem.is_some())
        };
        let contrasts = self.header.plan.contrasts.iter();
        contrasts
            .filter(|contrast| contrast.moved().any(never))
            .map(|contrast| contrast.tag.clone())
            .collect()
    }

    fn measured(&self) -> impl Iterator<Item = &Kept> {
        self.kept
            .iter()
            .filter(|kept| kept.trial.slot.purpose == Purpose::Measure)
    }
}
