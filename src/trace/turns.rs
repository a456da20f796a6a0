//! Turns of the page's code: each time the browser lets it run, why, and who asked for it.

use std::collections::HashMap;
use std::ops::Range;

use super::{Callbacks, Tree};
use crate::model::CodeLocation;

/// What lets code run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    Timer,
    /// `requestAnimationFrame`.
    Frame,
    /// `requestIdleCallback`.
    Idle,
    /// A message to a window, or a task of `scheduler.postTask`.
    Message,
    /// A task of its own without a name: a message at a port or from a worker, or an intersection.
    Task,
    /// A microtask with a call of its own: mutations, or `queueMicrotask`.
    Mutation,
    /// A part of rendering: a change of size.
    Rendering,
    /// A DOM event.
    Event,
    Other,
}

/// One turn.
pub struct Turn<'v> {
    pub mechanism: Mechanism,
    pub code: &'v CodeLocation,
    pub script: u32,
    pub start_us: f64,
    pub end_us: f64,
    /// Thread CPU time, with the microtasks that follow.
    pub cpu_us: f64,
    /// What ran in it.
    pub nodes: Range<usize>,
    /// The call: an index into [`Callbacks::calls`]. `None` when the browser ran only promises that waited for
    /// it; `code` is then who asked for the turn.
    pub call: Option<usize>,
    /// The call within which it was asked for: an index into [`Callbacks::calls`].
    pub asked_in: Option<usize>,
}

/// All turns, in order.
#[derive(Default)]
pub struct Turns<'v> {
    pub all: Vec<Turn<'v>>,
}

/// What runs, what asks for it, and why.
const JOINED: &[(&str, &str, Mechanism)] = &[
    ("TimerFire", "TimerInstall", Mechanism::Timer),
    (
        "FireAnimationFrame",
        "RequestAnimationFrame",
        Mechanism::Frame,
    ),
    ("FireIdleCallback", "RequestIdleCallback", Mechanism::Idle),
    (
        "RunPostTaskCallback",
        "SchedulePostTaskCallback",
        Mechanism::Message,
    ),
    (
        "HandlePostMessage",
        "SchedulePostMessage",
        Mechanism::Message,
    ),
];

/// Only tasks that render have these.
const RENDERING: &[&str] = &["PrePaint", "Layerize", "Commit"];

impl<'v> Turns<'v> {
    pub fn new(tree: &Tree<'v>, callbacks: &Callbacks<'v>) -> Self {
        let askers = askers(tree);
        let asked_in = |node: usize| within(callbacks, *askers.get(&node)?);
        let mut turns = Self::default();
        let mut called: Vec<bool> = vec![false; tree.nodes.len()];
        for (number, call) in callbacks.calls.iter().enumerate() {
            let cause = tree.nodes[call.nodes.start].parent;
            let mechanism = cause.map_or(Mechanism::Other, |cause| {
                called[cause] = true;
                mechanism(tree, cause)
            });
            let last = call.nodes.clone().next_back();
            let end_us = last.map_or(call.end_us, |last| tree.nodes[last].end_us());
            turns.all.push(Turn {
                mechanism,
                code: call.code,
                script: call.script,
                start_us: call.start_us,
                end_us: end_us.max(call.end_us),
                cpu_us: call.cpu_us,
                nodes: call.nodes.clone(),
                call: Some(number),
                asked_in: cause.and_then(asked_in),
            });
        }
        for (index, node) in tree.nodes.iter().enumerate() {
            let asker = askers.get(&index).filter(|_| !called[index]);
            let Some(&asker) = asker else { continue };
            let Some(code) = &tree.nodes[asker].event.code else {
                continue;
            };
            turns.all.push(Turn {
                mechanism: mechanism(tree, index),
                code,
                script: tree.nodes[asker].event.script,
                start_us: node.start_us,
                end_us: node.end_us(),
                cpu_us: node.cpu_us,
                nodes: index..node.end,
                call: None,
                asked_in: within(callbacks, asker),
            });
        }
        turns.all.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        turns
    }
}

/// The call in which a node is.
fn within(callbacks: &Callbacks, node: usize) -> Option<usize> {
    let calls = &callbacks.calls;
    let after = calls.partition_point(|call| call.nodes.start <= node);
    let last = after.checked_sub(1)?;
    calls[last].nodes.contains(&node).then_some(last)
}

/// For each node that was asked for: the node that asked.
fn askers(tree: &Tree) -> HashMap<usize, usize> {
    let mut asked: HashMap<(&str, u32), usize> = HashMap::new();
    let mut askers = HashMap::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        let (name, id) = (node.event.name.as_str(), node.event.id);
        if id == 0 {
            continue;
        }
        for (runs, asks, _) in JOINED {
            if name == *asks {
                asked.insert((runs, id), index);
            } else if name == *runs
                && let Some(asker) = asked.get(&(*runs, id))
            {
                askers.insert(index, *asker);
            }
        }
    }
    askers
}

fn mechanism(tree: &Tree, cause: usize) -> Mechanism {
    let node = &tree.nodes[cause];
    let name = node.event.name.as_str();
    if let Some((_, _, mechanism)) = JOINED.iter().find(|(runs, _, _)| *runs == name) {
        return *mechanism;
    }
    match name {
        "RunMicrotasks" => Mechanism::Mutation,
        "EventDispatch" if node.event.kind.as_deref() == Some("message") => Mechanism::Message,
        "EventDispatch" => Mechanism::Event,
        "RunTask" => {
            let mut within = tree.nodes[cause..node.end].iter();
            if within.any(|node| RENDERING.contains(&node.event.name.as_str())) {
                Mechanism::Rendering
            } else {
                Mechanism::Task
            }
        }
        _ => Mechanism::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TraceEvent;

    fn event(name: &str, id: u32, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            id,
            start_us,
            wall_us,
            cpu_us: wall_us,
            ..TraceEvent::default()
        }
    }

    fn coded(function: &str, event: TraceEvent) -> TraceEvent {
        TraceEvent {
            code: Some(CodeLocation {
                url: "https://cdn.vendor.test/tag.js".into(),
                function: function.into(),
                line: 1,
                column: 1,
            }),
            ..event
        }
    }

    #[test]
    fn a_turn_knows_who_asked_for_it() {
        let events = [
            event("EventDispatch", 0, 0.0, 100.0),
            coded("onClick", event("FunctionCall", 0, 10.0, 80.0)),
            coded("onClick", event("TimerInstall", 7, 20.0, 0.0)),
            event("TimerFire", 7, 200.0, 50.0),
            coded("later", event("FunctionCall", 0, 210.0, 30.0)),
        ];
        let tree = Tree::new(&events);
        let callbacks = Callbacks::new(&tree, &[], &super::super::wrapped::Wrapped::default());
        let turns = Turns::new(&tree, &callbacks).all;
        let told: Vec<_> = turns
            .iter()
            .map(|turn| (turn.mechanism, turn.code.function.as_str(), turn.asked_in))
            .collect();
        assert_eq!(
            told,
            [
                (Mechanism::Event, "onClick", None),
                (Mechanism::Timer, "later", Some(0))
            ]
        );
    }

    #[test]
    fn a_timer_that_only_wakes_a_promise_is_its_askers() {
        let events = [
            coded("sleep", event("TimerInstall", 3, 0.0, 0.0)),
            event("TimerFire", 3, 100.0, 50.0),
            event("RunMicrotasks", 0, 110.0, 30.0),
            // Asked for before the trace began.
            event("TimerFire", 2, 200.0, 50.0),
        ];
        let tree = Tree::new(&events);
        let turns = Turns::new(
            &tree,
            &Callbacks::new(&tree, &[], &super::super::wrapped::Wrapped::default()),
        )
        .all;
        let [turn] = &turns[..] else {
            panic!("one turn is wanted");
        };
        assert_eq!((turn.code.function.as_str(), turn.call), ("sleep", None));
        assert_eq!(turn.cpu_us, 50.0);
    }

    #[test]
    fn what_renders_is_told_from_a_message() {
        let events = [
            event("RunTask", 0, 0.0, 100.0),
            coded("resized", event("FunctionCall", 0, 10.0, 30.0)),
            event("PrePaint", 0, 50.0, 10.0),
            event("RunTask", 0, 200.0, 100.0),
            coded("onmessage", event("FunctionCall", 0, 210.0, 30.0)),
            event("RunTask", 0, 400.0, 100.0),
            event("RunMicrotasks", 0, 400.0, 90.0),
            coded("mutated", event("FunctionCall", 0, 410.0, 30.0)),
        ];
        let tree = Tree::new(&events);
        let turns = Turns::new(
            &tree,
            &Callbacks::new(&tree, &[], &super::super::wrapped::Wrapped::default()),
        )
        .all;
        let told: Vec<_> = turns.iter().map(|turn| turn.mechanism).collect();
        assert_eq!(
            told,
            [Mechanism::Rendering, Mechanism::Task, Mechanism::Mutation]
        );
    }
}
