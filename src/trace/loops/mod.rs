//! What kind of loop each thing is that goes on at rest.

mod reads;

use std::collections::{HashMap, HashSet};

use super::{Evidence, Going, Mechanism, Turn};

/// What drives a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Timer,
    Frame,
    /// It causes its own next call.
    Observer,
    Message,
    /// Timers and frames that ask for geometry or style, whatever wakes them.
    Geometry,
    /// Microtasks that queue each other.
    Promise,
    /// Part of a loop of another kind, or none of these.
    Other,
}

/// One loop.
pub struct Loop {
    /// An index into the visit's [`super::Rest::going`].
    pub going: usize,
    pub kind: Kind,
    /// How often it asks for geometry or style per second, as far as that is known.
    pub reads_per_s: f64,
}

/// Faster than any screen, calls per second: what a task of its own does as often is a message.
const FASTER_THAN_FRAMES: f64 = 90.0;

/// Fewer calls within one stretch of microtasks can be separate mutations.
const IN_ONE_STRETCH: usize = 3;

/// A loop that asks for geometry or style as often is polling, per second: a check of one element ten times a
/// second has 10, one in every frame 60.
pub const POLLS_PER_S: f64 = 20.0;

/// An animation loop, or another that keeps up with the screen; calls per second.
const KEEPS_UP_PER_S: f64 = 20.0;

/// All that goes on, in the order of [`super::Rest::going`].
pub(super) fn loops(evidence: &Evidence) -> Vec<Loop> {
    let going = &evidence.rest().going;
    let reads = reads::per_turn(evidence);
    let mut loops: Vec<Loop> = going
        .iter()
        .enumerate()
        .map(|(index, going)| {
            let forced = going.turns.iter().map(|&turn| forced(evidence, turn));
            let forced_per_s = evidence.rest().per_s(forced.sum::<usize>() as f64);
            let known = reads.get(&going.place).copied().unwrap_or(0.0) * going.per_s;
            Loop {
                going: index,
                kind: kind(evidence, going),
                reads_per_s: known.max(forced_per_s),
            }
        })
        .collect();
    let cycles: HashSet<_> = loops
        .iter()
        .filter(|at| matches!(at.kind, Kind::Observer | Kind::Message))
        .map(|at| going[at.going].place)
        .collect();
    let callbacks = evidence.callbacks();
    for at in &mut loops {
        if !matches!(at.kind, Kind::Timer | Kind::Frame) {
            continue;
        }
        let asked_by_cycle = most(evidence, &going[at.going], |turn| {
            let asker = turn.asked_in.map(|call| callbacks.calls[call].place);
            asker.is_some_and(|place| cycles.contains(&callbacks.places[place]))
        });
        if asked_by_cycle {
            at.kind = Kind::Other;
        } else if at.reads_per_s >= POLLS_PER_S {
            at.kind = Kind::Geometry;
        }
    }
    loops
}

/// Layouts and style recalculations that a turn forced.
fn forced(evidence: &Evidence, turn: usize) -> usize {
    let nodes = evidence.turns().all[turn].nodes.clone();
    let (mut layouts, mut styles) = (0, 0);
    for node in evidence.forced(nodes) {
        if node.event.name == "Layout" {
            layouts += 1;
        } else {
            styles += 1;
        }
    }
    // A question for geometry often costs one of each.
    layouts.max(styles)
}

fn kind(evidence: &Evidence, going: &Going) -> Kind {
    match going.mechanism {
        Mechanism::Timer => Kind::Timer,
        Mechanism::Frame => Kind::Frame,
        Mechanism::Message => Kind::Message,
        Mechanism::Task if is_message(evidence, going) => Kind::Message,
        Mechanism::Task if going.per_s >= KEEPS_UP_PER_S => Kind::Observer,
        Mechanism::Mutation if in_one_stretch(evidence, going) => {
            if observes(evidence, going) {
                Kind::Observer
            } else {
                Kind::Promise
            }
        }
        Mechanism::Mutation if woken_by_itself(evidence, going) => Kind::Observer,
        Mechanism::Rendering if resizes(evidence, going) => Kind::Observer,
        _ => Kind::Other,
    }
}

/// `is` holds for at least half of the turns.
fn most(evidence: &Evidence, going: &Going, is: impl Fn(&Turn) -> bool) -> bool {
    let turns = &evidence.turns().all;
    let count = going.turns.iter().filter(|&&turn| is(&turns[turn])).count();
    count * 2 >= going.turns.len()
}

/// The trace names neither ports nor intersections: the latter come at most once per frame, and only after the
/// browser has looked for them.
fn is_message(evidence: &Evidence, going: &Going) -> bool {
    let Some(span) = evidence.rest().span else {
        return false;
    };
    let looks = evidence.count("IntersectionObserverController::computeIntersections", span);
    let posts = evidence.acts("post_message");
    let posts = posts.filter(|act| act.code.url == going.code.url);
    let posted: f64 = posts.map(|act| f64::from(act.count)).sum();
    going.per_s > FASTER_THAN_FRAMES
        || evidence.rest().per_s(looks as f64) < going.per_s / 2.0
        || posted >= going.turns.len() as f64
}

/// Many calls follow each other without the browser doing anything else.
fn in_one_stretch(evidence: &Evidence, going: &Going) -> bool {
    let mut stretches: HashMap<usize, usize> = HashMap::new();
    for &turn in &going.turns {
        let nodes = &evidence.turns().all[turn].nodes;
        if let Some(cause) = evidence.tree().nodes[nodes.start].parent {
            *stretches.entry(cause).or_default() += 1;
        }
    }
    let many = stretches.values().filter(|count| **count >= IN_ONE_STRETCH);
    many.sum::<usize>() * 2 >= going.turns.len()
}

/// The script has an observer at all; otherwise its microtasks are of `queueMicrotask`.
fn observes(evidence: &Evidence, going: &Going) -> bool {
    let script = evidence.lineage().script_of(going.code, going.script);
    let source = script.and_then(|script| script.source.as_ref());
    source.is_none_or(|source| source.contains("MutationObserver"))
}

/// The turn in which the mutation was made was asked for by an earlier call.
fn woken_by_itself(evidence: &Evidence, going: &Going) -> bool {
    let tree = evidence.tree();
    let turns = &evidence.turns().all;
    let mut by_cause: HashMap<usize, usize> = HashMap::new();
    for turn in turns {
        let cause = tree.nodes[turn.nodes.start].parent;
        if let (Some(cause), Some(asked_in)) = (cause, turn.asked_in) {
            by_cause.insert(cause, asked_in);
        }
    }
    most(evidence, going, |turn| {
        let mut at = tree.nodes[turn.nodes.start].parent;
        while let Some(node) = at {
            if let Some(&asker) = by_cause.get(&node) {
                let place = evidence.callbacks().calls[asker].place;
                return evidence.callbacks().places[place] == going.place;
            }
            at = tree.nodes[node].parent;
        }
        false
    })
}

/// It changes layout or style, which makes the next frame look at sizes again.
fn resizes(evidence: &Evidence, going: &Going) -> bool {
    going.per_s >= KEEPS_UP_PER_S
        && most(evidence, going, |turn| {
            let changes = ["ScheduleStyleRecalculation", "InvalidateLayout"];
            evidence.has(turn.nodes.clone(), &changes)
        })
}
