//! Is this machine fit to judge? Readings of it, and a page measured against itself → checks with advice.
//!
//! What reads `/proc` and drives the browser is elsewhere: the same readings give the same words.

pub mod checks;
mod power;
mod readings;
mod session;

pub use power::power;
pub use readings::{Clock, Cpus, Launched, Played, Readings, Watched};
pub use session::{Asked, contrast, noise, noisiest, session};

use crate::model::{
    Arm, Certificate, Contrast, Fitness, Gate, Longest, MachineCheck, MetricInfo, Needed, Noise,
    Plan, Power, Purpose, Sample, Schedule, Session, Stop, Unit,
};
use crate::stats;

/// All checks that have something to say of these readings, and the worst of their words.
pub fn examine(readings: &Readings) -> (Fitness, Vec<MachineCheck>) {
    let checks: Vec<MachineCheck> = checks::ALL
        .iter()
        .filter_map(|check| {
            let judged = (check.judge)(readings)?;
            Some(MachineCheck {
                id: check.id.into(),
                fitness: judged.fitness,
                seen: judged.seen,
                advice: judged.advice,
            })
        })
        .collect();
    let worst = checks.iter().map(|check| check.fitness).max();
    (worst.unwrap_or(Fitness::Unfit), checks)
}

/// A figure with its unit and without idle digits: `80 ms`.
fn plain(unit: Unit, value: f64) -> String {
    unit.show(value).replacen(".0 ", " ", 1)
}

#[cfg(test)]
mod tests;
