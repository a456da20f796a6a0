//! One file per thing that is looked at: readings → fit, noisy or unfit, what was seen, and what to do.

mod browser;
mod busy;
mod clock;
mod cpus;
mod disk;
mod drift;
mod false_alarms;
mod noise;
mod pressure;
mod sandbox;
mod speed;
mod steal;
mod throttle;
mod trials;
mod waiting;

use super::{Fitness, Played, Readings, Watched, plain, stats};
use super::{Needed, Schedule, Stop};

/// Something that is looked at.
pub struct Check {
    /// Stable, and the name of its file.
    pub id: &'static str,
    /// Why it matters, for people.
    pub what: &'static str,
    /// `None` if there is nothing to look at: no browser, no session.
    pub judge: fn(&Readings) -> Option<Judged>,
}

/// What is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub fitness: Fitness,
    /// What was seen, with its unit.
    pub seen: String,
    /// Empty when there is nothing to do.
    pub advice: String,
}

#[rustfmt::skip]
pub static ALL: &[Check] = &[
    browser::CHECK,
    sandbox::CHECK,
    cpus::CHECK,
    busy::CHECK,
    steal::CHECK,
    pressure::CHECK,
    speed::CHECK,
    throttle::CHECK,
    clock::CHECK,
    disk::CHECK,
    trials::CHECK,
    waiting::CHECK,
    drift::CHECK,
    noise::CHECK,
    false_alarms::CHECK,
];

fn fit(seen: impl Into<String>) -> Option<Judged> {
    said(Fitness::Fit, seen, "")
}

fn noisy(seen: impl Into<String>, advice: impl Into<String>) -> Option<Judged> {
    said(Fitness::Noisy, seen, advice)
}

fn unfit(seen: impl Into<String>, advice: impl Into<String>) -> Option<Judged> {
    said(Fitness::Unfit, seen, advice)
}

/// What this system does not tell is no fault of the machine.
fn untold(why: &str) -> Option<Judged> {
    fit(format!("cannot be told here: {why}"))
}

fn said(fitness: Fitness, seen: impl Into<String>, advice: impl Into<String>) -> Option<Judged> {
    Some(Judged {
        fitness,
        seen: seen.into(),
        advice: advice.into(),
    })
}

/// The session that ran.
fn played(readings: &Readings) -> Option<&Played> {
    readings.session.as_ref()?.as_ref().ok()
}

/// The time in which a figure was worst, and that figure.
fn worst(readings: &Readings, figure: impl Fn(&Watched) -> Option<f64>) -> Option<(&Watched, f64)> {
    let known = readings
        .watched
        .iter()
        .filter_map(|watched| Some((watched, figure(watched)?)));
    known.max_by(|a, b| a.1.total_cmp(&b.1))
}
