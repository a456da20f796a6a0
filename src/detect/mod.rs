//! Named misbehaviours: one file per detector.

mod animation_loop;
mod anti_flicker;
mod blocking_dialog;
mod blocking_listener;
mod busy_frame;
mod busy_worker;
mod competing_preload;
mod document_write;
mod duplicate_library;
mod endless_animation;
mod eval_heavy;
mod focus_stealing;
mod geometry_polling;
mod heavy_evaluation;
mod heavy_input_handler;
mod hidden_work;
mod history_spam;
mod idle;
mod idle_cpu;
mod input;
mod layout_shift;
mod layout_thrashing;
mod lcp_delayed;
mod lcp_replaced;
mod listener_growth;
mod long_task;
mod message_loop;
mod observer_loop;
mod parser_blocking_script;
mod promise_loop;
mod render_blocking_style;
mod requests_per_event;
mod runaway_scroll;
mod scroll_hijack;
mod shared;
mod slow_interaction;
mod storage_writes_per_event;
mod sync_request;
mod timer_storm;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Arm, Catalogue, Contrast, Fault, Finding, Limit, NoTrace, Purpose, Severity, TagInfo, Trial,
    Unit, Unseen, Visit, WithoutChance,
};
use crate::trace::Evidence;

pub use shared::{Arms, Culprit, Sighting};

/// A misbehaviour that can be told from the traced trials of a tag's two arms.
pub struct Detector {
    /// Stable, and the name of its file.
    pub id: &'static str,
    /// A few words for people.
    pub name: &'static str,
    pub severity: Severity,
    /// What it looks for.
    pub what: &'static str,
    /// A tag that does it, in a sentence.
    pub example: &'static str,
    /// Kinds of steps, one of which a scenario must have for it to be seen; empty when every traced trial will do.
    pub needs_steps: &'static [&'static str],
    /// What it does to the people on the page.
    pub why: &'static str,
    /// What to ask of the tag's owner.
    pub fix: &'static str,
    pub thresholds: &'static [Threshold],
    /// What happens without the tag as well is not the tag's.
    pub detect: fn(&Arms) -> Vec<Finding>,
}

/// Where a detector draws a line, and on what ground.
pub struct Threshold {
    /// Unique within the detector: users set it in `[gate.limits]`.
    pub id: &'static str,
    pub name: &'static str,
    /// In `unit`.
    pub value: f64,
    pub unit: Unit,
    pub source: &'static str,
}

#[rustfmt::skip]
pub static ALL: &[Detector] = &[
    runaway_scroll::DETECTOR,
    heavy_input_handler::DETECTOR,
    layout_thrashing::DETECTOR,
    listener_growth::DETECTOR,
    blocking_listener::DETECTOR,
    requests_per_event::DETECTOR,
    storage_writes_per_event::DETECTOR,
    timer_storm::DETECTOR,
    animation_loop::DETECTOR,
    observer_loop::DETECTOR,
    message_loop::DETECTOR,
    promise_loop::DETECTOR,
    geometry_polling::DETECTOR,
    endless_animation::DETECTOR,
    idle_cpu::DETECTOR,
    busy_worker::DETECTOR,
    busy_frame::DETECTOR,
    hidden_work::DETECTOR,
    // at load
    long_task::DETECTOR,
    heavy_evaluation::DETECTOR,
    eval_heavy::DETECTOR,
    parser_blocking_script::DETECTOR,
    sync_request::DETECTOR,
    document_write::DETECTOR,
    anti_flicker::DETECTOR,
    lcp_delayed::DETECTOR,
    lcp_replaced::DETECTOR,
    render_blocking_style::DETECTOR,
    competing_preload::DETECTOR,
    duplicate_library::DETECTOR,
    // interaction and layout
    slow_interaction::DETECTOR,
    layout_shift::DETECTOR,
    focus_stealing::DETECTOR,
    scroll_hijack::DETECTOR,
    blocking_dialog::DETECTOR,
    history_spam::DETECTOR,
];

impl Detector {
    /// A visit with steps of these kinds gives it a chance.
    pub fn has_chance<'s>(&self, steps: impl IntoIterator<Item = &'s str>) -> bool {
        let needs = self.needs_steps;
        needs.is_empty() || steps.into_iter().any(|kind| needs.contains(&kind))
    }
}

/// What visits with steps of these kinds are searched for; everything, where the steps are not known.
pub fn catalogue(steps: &BTreeSet<&str>) -> Catalogue {
    let (able, unable): (Vec<&Detector>, Vec<&Detector>) = ALL
        .iter()
        .partition(|detector| steps.is_empty() || detector.has_chance(steps.iter().copied()));
    Catalogue {
        looked_for: able.iter().map(|detector| detector.id.into()).collect(),
        without_chance: unable
            .iter()
            .map(|detector| WithoutChance {
                finding: detector.id.into(),
                needs_steps: detector
                    .needs_steps
                    .iter()
                    .map(|kind| (*kind).into())
                    .collect(),
            })
            .collect(),
    }
}

/// What the traced trials show, and of which tags they cannot show anything.
#[derive(Debug, Default)]
pub struct Findings {
    pub found: Vec<Finding>,
    pub unseen: Vec<Unseen>,
}

/// What every detector finds in the traced trials, tag by tag. The arms of a contrast must differ by its tag alone.
///
/// A tag is only judged when both its arms have a traced trial. Control trials whose trace is incomplete
/// are left out: they would make the tag look worse than it is.
pub fn findings<'t>(
    tags: &[TagInfo],
    contrasts: &[Contrast],
    limits: &[Limit],
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Findings {
    let traced = Traced::new(trials);
    let mut all = Findings::default();
    for tag in tags {
        let contrast = contrasts.iter().find(|contrast| contrast.tag == tag.id);
        all.unseen.extend(traced.unseen(tag, contrast));
        if let Some(contrast) = contrast {
            all.found.extend(traced.found(tag, contrast, limits));
        }
    }
    all
}

/// The traced trials, by arm.
struct Traced<'t>(BTreeMap<&'t Arm, Vec<&'t Trial>>);

impl<'t> Traced<'t> {
    fn new(trials: impl IntoIterator<Item = &'t Trial>) -> Self {
        let mut arms: BTreeMap<&Arm, Vec<&Trial>> = BTreeMap::new();
        for trial in trials {
            if trial.slot.purpose == Purpose::Explain {
                arms.entry(&trial.slot.arm).or_default().push(trial);
            }
        }
        Self(arms)
    }

    fn of(&self, arm: &Arm) -> &[&'t Trial] {
        self.0.get(arm).map_or(&[], Vec::as_slice)
    }

    fn visits(&self, arm: &Arm, complete: bool) -> Vec<&'t Visit> {
        let trials = self.of(arm).iter();
        let visits = trials.filter_map(|trial| trial.outcome.as_ref().ok());
        let usable = visits.filter(|visit| {
            let trace = visit.trace.as_ref();
            trace.is_some_and(|trace| !(complete && trace.incomplete))
        });
        usable.collect()
    }

    /// Why the arm cannot show that there is nothing: a trace that breaks off may have missed it.
    fn lacks(&self, arm: &Arm) -> Option<NoTrace> {
        if !self.visits(arm, true).is_empty() {
            return None;
        }
        let trials = self.of(arm).iter();
        let faults: Vec<&Fault> = trials
            .filter_map(|trial| trial.outcome.as_ref().err())
            .collect();
        Some(match faults.first() {
            Some(first) if faults.len() == self.of(arm).len() => NoTrace::Failed((*first).clone()),
            None if self.of(arm).is_empty() => NoTrace::NotMade,
            _ => NoTrace::Incomplete,
        })
    }

    fn unseen(&self, tag: &TagInfo, contrast: Option<&Contrast>) -> Option<Unseen> {
        let (with, why) = match contrast {
            None => (true, NoTrace::NotMade),
            Some(contrast) => {
                let with = self.lacks(&contrast.with).map(|why| (true, why));
                with.or_else(|| Some((false, self.lacks(&contrast.without)?)))?
            }
        };
        Some(Unseen {
            tag: tag.id.clone(),
            with,
            why,
        })
    }

    fn found(&self, tag: &TagInfo, contrast: &Contrast, limits: &[Limit]) -> Vec<Finding> {
        let evidence = |arm: &Arm, complete| -> Vec<Evidence> {
            let visits = self.visits(arm, complete).into_iter();
            visits.map(|visit| Evidence::about(visit, tag)).collect()
        };
        let with = evidence(&contrast.with, false);
        let without = evidence(&contrast.without, true);
        if with.is_empty() || without.is_empty() {
            return Vec::new();
        }
        let arms = Arms::new(tag, &with, &without);
        let detectors = ALL.iter();
        detectors
            .flat_map(|detector| (detector.detect)(&arms.asked_by(detector, limits)))
            .collect()
    }
}
