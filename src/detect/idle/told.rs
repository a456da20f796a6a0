//! What one detector of endless work has to tell of its kind of loops.

use super::super::{Arms, Culprit, Threshold};
use crate::model::{CodeLocation, Figure, Unit};
use crate::trace::{Evidence, Going, Kind, Loop};

/// What a turn costs beside its CPU time when loops are weighed: a light one that runs thousands of times is to
/// blame before a heavy one that runs twice. Milliseconds.
const TURN_MS: f64 = 0.05;

/// Loops of one kind, more than without the tag.
pub struct Told {
    /// By trial with the tag.
    pub seen: Vec<bool>,
    pub culprit: Option<Culprit>,
    /// Medians of the trials with the tag, of all loops of the kind.
    pub per_s: f64,
    pub cpu_ms_per_s: f64,
    pub figures: Vec<Figure>,
}

/// The loops of one trial.
#[derive(Clone, Copy)]
struct Pace {
    per_s: f64,
    cpu_ms_per_s: f64,
}

/// `wanted` picks loops; they are told when they run `often` more or take `busy` more than without the tag.
///
/// `name` is what the figures call their turns.
pub fn told<'v>(
    arms: &Arms<'_, 'v>,
    name: &str,
    often: Option<&Threshold>,
    busy: Option<&Threshold>,
    wanted: impl Fn(&Evidence<'v>, &Loop) -> bool,
) -> Option<Told> {
    let of = |evidence: &Evidence<'v>| -> Vec<(&'v CodeLocation, u32, Pace)> {
        let loops = evidence.loops().iter().filter(|at| wanted(evidence, at));
        let going = loops.map(|at| &evidence.rest().going[at.going]);
        going
            .map(|going: &Going<'v>| {
                let pace = Pace {
                    per_s: going.per_s,
                    cpu_ms_per_s: going.cpu_ms_per_s,
                };
                (going.code, going.script, pace)
            })
            .collect()
    };
    let per_s = |evidence: &Evidence<'v>| sum(of(evidence).iter().map(|at| at.2.per_s));
    let cpu = |evidence: &Evidence<'v>| sum(of(evidence).iter().map(|at| at.2.cpu_ms_per_s));
    let most = (arms.most_without(per_s), arms.most_without(cpu));
    let limit = |threshold: Option<&Threshold>| threshold.map_or(f64::INFINITY, |t| arms.limit(t));
    let (often, busy) = (limit(often), limit(busy));
    let seen =
        arms.seen(|evidence| per_s(evidence) - most.0 >= often || cpu(evidence) - most.1 >= busy)?;
    let weigh = |pace: Pace| pace.cpu_ms_per_s + pace.per_s * TURN_MS;
    let culprit = arms.blame_places(|evidence| {
        let all = of(evidence).into_iter();
        all.map(|(code, script, pace)| (code, script, weigh(pace)))
            .collect()
    });
    Some(Told {
        seen,
        culprit,
        per_s: arms.with(per_s),
        cpu_ms_per_s: arms.with(cpu),
        figures: vec![
            arms.figure(format!("{name} per second at rest"), Unit::Count, per_s),
            arms.figure(format!("CPU of {name} per second at rest"), Unit::Ms, cpu),
            main_figure(arms),
        ],
    })
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |a, b| a + b)
}

/// Main-thread CPU time per second at rest, milliseconds.
pub fn main_ms_per_s(evidence: &Evidence) -> f64 {
    let rest = evidence.rest();
    rest.span
        .map_or(0.0, |span| rest.per_s(evidence.main_cpu_us(&[span]) / 1e3))
}

pub fn main_figure(arms: &Arms) -> Figure {
    arms.figure(
        "main-thread CPU per second at rest",
        Unit::Ms,
        main_ms_per_s,
    )
}

/// The step in which nobody touched the page, as in the scenario.
pub fn step(arms: &Arms) -> Option<String> {
    let evidence = arms.with.first()?;
    let span = evidence.rest().span?;
    let step = evidence.step_at(span.start_us)?;
    Some(step.text.clone())
}

/// Loops of one kind.
pub fn of(kind: Kind) -> impl Fn(&Evidence, &Loop) -> bool {
    move |_, at| at.kind == kind
}
