//! Carries out slots on a bench, keeps every trial at once, and retries a fault once in its block.

mod journal;

pub use journal::{Journal, JournalError, Recorded, write_whole};

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::model::{Calibration, Fault, Slot, TagFired, Trial, Visit};

/// Something that can make one visit: the browser on the stage, or a pretend one in tests.
#[expect(
    async_fn_in_trait,
    reason = "trials run one after another on one thread"
)]
pub trait Bench {
    /// Makes one visit; every wait within has its own deadline.
    async fn visit(&mut self, slot: &Slot) -> Result<Visit, Fault>;

    /// A fixed loop in the page tells how fast the machine is now. `None` if it could not be measured.
    async fn calibrate(&mut self) -> Option<Calibration>;

    /// Which tags ran in a visit that should have (or should not have): pure, asked of the same bench since
    /// only it knows the tags' sources.
    fn firing(&self, slot: &Slot, visit: &Visit) -> Vec<TagFired>;

    /// The longest that one visit may take before it is given up.
    fn patience(&self) -> Duration;
}

/// The end of a run, asked for from outside.
pub type Interrupt = watch::Receiver<bool>;

/// Why a block was not finished.
#[derive(Debug)]
pub enum Halt {
    Interrupted,
    /// What was measured cannot be kept: disk full, folder gone.
    CannotKeep(JournalError),
}

/// One trial with what is known of its tags.
#[derive(Clone, Debug)]
pub struct Kept {
    pub trial: Trial,
    pub firing: Vec<TagFired>,
    /// File of the visit within the run's folder.
    pub file: Option<String>,
}

/// Runs `slots` in order. Each trial is on disk before the next begins; `seen` hears of it then.
///
/// A fault is retried once, right away, so that the retry stays within its block.
pub async fn run(
    slots: &[Slot],
    bench: &mut impl Bench,
    journal: &mut Journal,
    began: Instant,
    interrupt: &mut Interrupt,
    mut seen: impl FnMut(&Kept),
) -> Result<Vec<Kept>, (Vec<Kept>, Halt)> {
    let mut kept = Vec::new();
    for slot in slots {
        for attempt in 1..=2 {
            let at_s = began.elapsed().as_secs_f64();
            let outcome = tokio::select! {
                biased;
                () = raised(interrupt) => return Err((kept, Halt::Interrupted)),
                outcome = patient(bench, slot) => outcome,
            };
            let firing = outcome
                .as_ref()
                .map_or(Vec::new(), |visit| bench.firing(slot, visit));
            let trial = Trial {
                slot: slot.clone(),
                attempt,
                at_s,
                outcome,
            };
            let failed = trial.outcome.is_err();
            let one = match journal.append(&trial, &firing) {
                Ok(file) => Kept {
                    trial,
                    firing,
                    file,
                },
                Err(error) => {
                    kept.push(Kept {
                        trial,
                        firing,
                        file: None,
                    });
                    return Err((kept, Halt::CannotKeep(error)));
                }
            };
            seen(&one);
            kept.push(one);
            if !failed {
                break;
            }
        }
    }
    Ok(kept)
}

async fn patient(bench: &mut impl Bench, slot: &Slot) -> Result<Visit, Fault> {
    let patience = bench.patience();
    tokio::time::timeout(patience, bench.visit(slot))
        .await
        .unwrap_or_else(|_| {
            Err(Fault::TimedOut {
                what: "the visit".into(),
                after_ms: patience.as_secs_f64() * 1e3,
            })
        })
}

async fn raised(interrupt: &mut Interrupt) {
    // A sender that is gone can raise nothing any more.
    if interrupt.wait_for(|raised| *raised).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
