//! What the page's code does for each event that a user's hands send without end: moves, turns of the wheel, keys.

use std::collections::HashMap;

use super::{Evidence, Mechanism};

/// Events that come many at a time.
pub const INPUTS: &[&str] = &[
    "scroll",
    "wheel",
    "mousewheel",
    "touchmove",
    "pointermove",
    "mousemove",
    "resize",
    "keydown",
    "keypress",
    "keyup",
    "input",
];

/// What was asked for within an event and came later than this is not its own, microseconds.
const AFTER_US: f64 = 300e3;

/// One turn of code for an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Of [`INPUTS`].
    pub kind: &'static str,
    /// Which event of its kind, from 0.
    pub event: usize,
    /// An index into the visit's turns.
    pub turn: usize,
    pub start_us: f64,
    pub end_us: f64,
    pub cpu_us: f64,
}

/// The work for all such events.
#[derive(Default)]
pub struct Inputs {
    /// In order of start.
    pub works: Vec<Work>,
    counts: HashMap<&'static str, usize>,
}

impl Inputs {
    pub(super) fn new(evidence: &Evidence) -> Self {
        let tree = evidence.tree();
        let turns = &evidence.turns().all;
        let mut inputs = Self::default();
        let mut numbers: HashMap<usize, (&'static str, usize)> = HashMap::new();
        for (index, node) in tree.nodes.iter().enumerate() {
            if node.event.name == "EventDispatch"
                && let Some(kind) = known(node.event.kind.as_deref())
            {
                let count = inputs.counts.entry(kind).or_default();
                numbers.insert(index, (kind, *count));
                *count += 1;
            }
        }
        let mut by_call: HashMap<usize, Work> = HashMap::new();
        for (index, turn) in turns.iter().enumerate() {
            let cause = tree.nodes[turn.nodes.start].parent;
            let direct = cause.and_then(|cause| numbers.get(&cause).copied());
            let asked = || {
                let asker = by_call.get(&turn.asked_in?)?;
                let soon = turn.start_us - asker.end_us <= AFTER_US;
                (soon && turn.mechanism != Mechanism::Message).then_some((asker.kind, asker.event))
            };
            let direct = direct.filter(|_| turn.call.is_some());
            let Some((kind, event)) = direct.or_else(asked) else {
                continue;
            };
            let work = Work {
                kind,
                event,
                turn: index,
                start_us: turn.start_us,
                end_us: turn.end_us,
                cpu_us: turn.cpu_us,
            };
            // A turn that was only asked for hands nothing on: a loop is not the work of the event that began it.
            if let (Some(call), true) = (turn.call, direct.is_some()) {
                by_call.insert(call, work);
            }
            inputs.works.push(work);
        }
        inputs
    }

    /// How many events of a kind there were.
    pub fn count(&self, kind: &str) -> usize {
        self.counts.get(kind).copied().unwrap_or(0)
    }

    /// The work that was under way at a time, or not further from it than `near_us`.
    pub fn at(&self, time_us: f64, near_us: f64) -> Option<&Work> {
        let after = self
            .works
            .partition_point(|work| work.start_us <= time_us + near_us);
        // Works follow each other; only the last few can reach the time.
        let mut before = self.works[..after].iter().rev().take(4);
        before.find(|work| time_us <= work.end_us + near_us)
    }
}

fn known(kind: Option<&str>) -> Option<&'static str> {
    INPUTS.iter().copied().find(|known| Some(*known) == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeLocation, Trace, TraceEvent, Visit};

    fn event(name: &str, id: u32, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            id,
            start_us,
            wall_us,
            cpu_us: wall_us,
            code: (name == "FunctionCall").then(CodeLocation::default),
            ..TraceEvent::default()
        }
    }

    #[test]
    fn work_is_its_events_also_when_it_waits_for_a_frame() {
        let mut events = Vec::new();
        for nth in 0..3_u32 {
            let at = f64::from(nth) * 1e5;
            events.push(TraceEvent {
                kind: Some("wheel".into()),
                ..event("EventDispatch", 0, at, 100.0)
            });
            events.push(event("FunctionCall", 0, at + 10.0, 50.0));
            events.push(event("RequestAnimationFrame", nth + 1, at + 20.0, 0.0));
            events.push(event("FireAnimationFrame", nth + 1, at + 5e4, 500.0));
            events.push(event("FunctionCall", 0, at + 5e4 + 1.0, 400.0));
            // A loop that the first frame began.
            events.push(event(
                "RequestAnimationFrame",
                nth + 100,
                at + 5e4 + 2.0,
                0.0,
            ));
            events.push(event("FireAnimationFrame", nth + 100, at + 7e4, 500.0));
            events.push(event("FunctionCall", 0, at + 7e4 + 1.0, 400.0));
        }
        let visit = Visit {
            trace: Some(Trace {
                events,
                ..Trace::default()
            }),
            ..Visit::default()
        };
        let evidence = Evidence::new(&visit);
        let inputs = evidence.inputs();
        assert_eq!((inputs.count("wheel"), inputs.count("scroll")), (3, 0));
        let events: Vec<usize> = inputs.works.iter().map(|work| work.event).collect();
        assert_eq!(events, [0, 0, 1, 1, 2, 2]);
        assert_eq!(inputs.at(1e5 + 30.0, 0.0).unwrap().event, 1);
        assert_eq!(inputs.at(1e5 + 2e4, 100.0), None);
    }
}
