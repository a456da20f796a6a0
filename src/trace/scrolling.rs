//! What the main thread did for each scroll event.

use super::{Callback, Callbacks, Span, Tree};
use crate::model::TraceEvent;

/// Work belongs to a scroll event when it begins at most this long after the event's dispatch: frames, timers
/// and messages that a listener asks for come within it, and one that waits for the end of scrolling does not.
pub const AFTER_US: f64 = 100e3;

/// Set-up work on the first scroll event is no burden of each: so many of the costliest events are left out.
const LEFT_OUT: usize = 3;

/// Events that scrolling makes, or that make a page scroll or lay itself out anew.
pub const KINDS: &[&str] = &["scroll", "wheel", "touchmove", "resize"];

/// Events whose CPU time is script's.
const SCRIPT: &[&str] = &[
    "EvaluateScript",
    "EventDispatch",
    "FireAnimationFrame",
    "FireIdleCallback",
    "FunctionCall",
    "RunMicrotasks",
    "TimerFire",
];

/// The time from one scroll event to the next, at most as long as the first can still be at work.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beat {
    /// When the event was dispatched, and when its listeners had run.
    pub start_us: f64,
    pub end_us: f64,
    /// CPU time of all script, in whatever function.
    pub script_us: f64,
    /// CPU time of all main-thread work: script, style, layout, paint.
    pub main_us: f64,
    /// Events of scrolling that listeners dispatched from within this one.
    pub nested: usize,
    /// Functions that the browser called.
    pub calls: usize,
}

/// One place's share in a beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub beat: usize,
    pub calls: usize,
    /// Script, and what it forced.
    pub cpu_us: f64,
}

/// The scroll events of a visit's scroll steps.
#[derive(Default)]
pub struct Scrolling {
    pub beats: Vec<Beat>,
    /// Length of the scroll steps, to the end of the last event, microseconds.
    pub wall_us: f64,
    /// By place, in order of beats; beats in which it was not called are absent.
    pub shares: Vec<Vec<Share>>,
}

impl Scrolling {
    pub fn new(tree: &Tree, callbacks: &Callbacks, steps: &[Span]) -> Self {
        let mut scrolling = Self {
            beats: beats(tree, steps),
            wall_us: 0.0,
            shares: vec![Vec::new(); callbacks.places.len()],
        };
        scrolling.wall_us = scrolling.wall(steps);
        for index in tree.outermost(tree.all(), is_script) {
            let node = &tree.nodes[index];
            if let Some(beat) = scrolling.beat_of(node.start_us, node.end_us()) {
                scrolling.beats[beat].script_us += node.cpu_us;
            }
        }
        for node in tree.nodes.iter().filter(|node| node.parent.is_none()) {
            if let Some(beat) = scrolling.beat_of(node.start_us, node.end_us()) {
                scrolling.beats[beat].main_us += node.cpu_us;
            }
        }
        for call in &callbacks.calls {
            scrolling.add(call);
        }
        scrolling
    }

    /// The sum of `cost` over all events, its costliest events left out.
    ///
    /// `cost` need not name every event: the others cost nothing.
    pub fn sustained(&self, cost: impl Iterator<Item = f64>) -> f64 {
        let mut costs: Vec<f64> = cost.collect();
        costs.sort_by(|a, b| b.total_cmp(a));
        let left_out = (self.beats.len() / 4).clamp(1, LEFT_OUT);
        costs
            .iter()
            .skip(left_out)
            .fold(0.0, |sum, cost| sum + cost)
    }

    /// The mean of `calls` in the first and in the last quarter of the events.
    pub fn first_and_last(&self, calls: impl Iterator<Item = (usize, usize)>) -> (f64, f64) {
        let quarter = (self.beats.len() / 4).max(1);
        let last_from = self.beats.len().saturating_sub(quarter);
        let (mut first, mut last) = (0, 0);
        for (beat, calls) in calls {
            if beat < quarter {
                first += calls;
            }
            if beat >= last_from {
                last += calls;
            }
        }
        (first as f64 / quarter as f64, last as f64 / quarter as f64)
    }

    /// The call is work for a scroll event.
    pub fn holds(&self, call: &Callback) -> bool {
        self.beat_of(call.start_us, call.end_us).is_some()
    }

    fn add(&mut self, call: &Callback) {
        let Some(beat) = self.beat_of(call.start_us, call.end_us) else {
            return;
        };
        self.beats[beat].calls += 1;
        let shares = &mut self.shares[call.place];
        match shares.last_mut().filter(|share| share.beat == beat) {
            Some(share) => {
                share.calls += 1;
                share.cpu_us += call.cpu_us;
            }
            None => shares.push(Share {
                beat,
                calls: 1,
                cpu_us: call.cpu_us,
            }),
        }
    }

    /// The last event dispatched before the end of the work: a task begins before the dispatch within it.
    fn beat_of(&self, start_us: f64, end_us: f64) -> Option<usize> {
        let after = self.beats.partition_point(|beat| beat.start_us <= end_us);
        let beat = after.checked_sub(1)?;
        (start_us <= self.beats[beat].end_us + AFTER_US).then_some(beat)
    }

    fn wall(&self, steps: &[Span]) -> f64 {
        let Some(last) = steps.last() else { return 0.0 };
        let late = self
            .beats
            .last()
            .map_or(0.0, |beat| beat.end_us - last.end_us);
        steps
            .iter()
            .map(Span::length_us)
            .fold(late.max(0.0), |a, b| a + b)
    }
}

/// Scroll events of the steps, and those that a busy main thread dispatched just after their end.
fn beats(tree: &Tree, steps: &[Span]) -> Vec<Beat> {
    let dispatches = tree.outermost(tree.all(), |event| is_dispatch(event, &["scroll"]));
    let during = dispatches.filter(|&index| {
        let start_us = tree.nodes[index].start_us;
        let mut steps = steps.iter();
        steps.any(|step| step.start_us <= start_us && start_us <= step.end_us + AFTER_US)
    });
    let beat = |index: usize| {
        let node = &tree.nodes[index];
        let within = tree.nodes[index + 1..node.end].iter();
        Beat {
            start_us: node.start_us,
            end_us: node.end_us(),
            nested: within.filter(|node| is_dispatch(node.event, KINDS)).count(),
            ..Beat::default()
        }
    };
    during.map(beat).collect()
}

pub fn is_script(event: &TraceEvent) -> bool {
    SCRIPT.contains(&event.name.as_str())
}

/// A DOM event of one of `kinds` was dispatched.
pub fn is_dispatch(event: &TraceEvent, kinds: &[&str]) -> bool {
    let kind = event.kind.as_deref();
    event.name == "EventDispatch" && kind.is_some_and(|kind| kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CodeLocation;

    fn event(name: &str, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            start_us,
            wall_us,
            cpu_us: wall_us,
            ..TraceEvent::default()
        }
    }

    fn dispatch(kind: &str, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            kind: Some(kind.into()),
            ..event("EventDispatch", start_us, wall_us)
        }
    }

    fn call(start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            code: Some(CodeLocation::default()),
            ..event("FunctionCall", start_us, wall_us)
        }
    }

    fn scrolling(events: &[TraceEvent], steps: &[(f64, f64)]) -> Scrolling {
        let tree = Tree::new(events);
        let steps = steps.iter().filter_map(|step| Span::new(step.0, step.1));
        let callbacks = Callbacks::new(&tree, &[], &super::super::wrapped::Wrapped::default());
        Scrolling::new(&tree, &callbacks, &steps.collect::<Vec<_>>())
    }

    #[test]
    fn work_belongs_to_the_scroll_event_before_it() {
        let events = [
            // A task before any scroll event.
            event("RunTask", 0.0, 500.0),
            // The frame of the first event: its dispatch, an animation frame, painting.
            event("RunTask", 10_000.0, 5_000.0),
            dispatch("scroll", 10_100.0, 1_000.0),
            call(10_200.0, 800.0),
            event("FireAnimationFrame", 11_200.0, 2_000.0),
            call(11_300.0, 1_800.0),
            event("Paint", 14_000.0, 900.0),
            // A timer before the second event.
            event("RunTask", 20_000.0, 400.0),
            event("TimerFire", 20_000.0, 390.0),
            call(20_010.0, 300.0),
            event("RunTask", 26_000.0, 100.0),
            dispatch("scroll", 26_010.0, 50.0),
            // Too late to have been asked for by a listener.
            event("RunTask", 200_000.0, 7_000.0),
            call(200_010.0, 6_000.0),
        ];
        let scrolling = scrolling(&events, &[(9_000.0, 30_000.0)]);
        let [first, second] = scrolling.beats[..] else {
            panic!("two events are wanted: {:?}", scrolling.beats);
        };
        assert_eq!(first.script_us, 1_000.0 + 2_000.0 + 390.0);
        assert_eq!(first.main_us, 5_000.0 + 400.0);
        assert_eq!(first.calls, 3);
        assert_eq!((second.script_us, second.main_us), (50.0, 100.0));
        let share = Share {
            beat: 0,
            calls: 3,
            cpu_us: 800.0 + 1_800.0 + 300.0,
        };
        // The calls' shares hold what follows them within their causes, too.
        assert_eq!(scrolling.shares[0][0].calls, share.calls);
        assert!(scrolling.shares[0][0].cpu_us >= share.cpu_us);
        assert_eq!(scrolling.wall_us, 21_000.0);
    }

    #[test]
    fn events_outside_scroll_steps_and_within_others_are_not_counted() {
        let events = [
            dispatch("scroll", 1_000.0, 100.0),
            dispatch("scroll", 50_000.0, 900.0),
            dispatch("scroll", 50_100.0, 300.0),
            dispatch("resize", 50_150.0, 100.0),
            dispatch("click", 50_500.0, 100.0),
            // Dispatched late by a busy main thread, and by itself after the step.
            dispatch("scroll", 150_000.0, 100.0),
            dispatch("scroll", 400_000.0, 100.0),
        ];
        let scrolling = scrolling(&events, &[(40_000.0, 100_000.0)]);
        let starts: Vec<f64> = scrolling.beats.iter().map(|beat| beat.start_us).collect();
        assert_eq!(starts, [50_000.0, 150_000.0]);
        assert_eq!(scrolling.beats[0].nested, 2);
        assert_eq!(scrolling.wall_us, 60_000.0 + 50_100.0);
    }

    #[test]
    fn the_costliest_events_are_left_out() {
        let with_events = |count: usize| Scrolling {
            beats: vec![Beat::default(); count],
            ..Scrolling::default()
        };
        let costs = [400.0, 1.0, 1.0, 1.0];
        assert_eq!(with_events(4).sustained(costs.into_iter()), 3.0);
        assert_eq!(with_events(40).sustained(costs.into_iter()), 1.0);
        assert_eq!(with_events(1).sustained([400.0].into_iter()), 0.0);
        assert_eq!(with_events(0).sustained(std::iter::empty()), 0.0);
    }

    #[test]
    fn quarters_are_told_apart() {
        let scrolling = Scrolling {
            beats: vec![Beat::default(); 8],
            ..Scrolling::default()
        };
        let rising = (0..8).map(|beat| (beat, beat));
        assert_eq!(scrolling.first_and_last(rising), (0.5, 6.5));
        assert_eq!(
            Scrolling::default().first_and_last(std::iter::empty()),
            (0.0, 0.0)
        );
    }
}
