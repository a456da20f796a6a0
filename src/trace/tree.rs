//! The main thread's events as a tree: what ran within what.

use std::ops::Range;

use crate::model::TraceEvent;

/// A trace that claims to last longer than this many microseconds (eleven days) is damaged.
const LONGEST_US: f64 = 1e12;

/// One event in its place. Times are microseconds of the trace's clock, and always finite.
pub struct Node<'v> {
    pub event: &'v TraceEvent,
    pub start_us: f64,
    /// Never negative.
    pub wall_us: f64,
    /// Never negative.
    pub cpu_us: f64,
    /// The innermost event within which this one began.
    pub parent: Option<usize>,
    /// One past the last event that began within this one.
    pub end: usize,
}

impl Node<'_> {
    pub fn end_us(&self) -> f64 {
        self.start_us + self.wall_us
    }
}

/// All events in order of their start, each before its children.
#[derive(Default)]
pub struct Tree<'v> {
    pub nodes: Vec<Node<'v>>,
}

impl<'v> Tree<'v> {
    /// Events without a usable start are left out; an unusable length counts as none.
    pub fn new(events: impl IntoIterator<Item = &'v TraceEvent>) -> Self {
        let length = |value: f64| {
            if value > 0.0 {
                value.min(LONGEST_US)
            } else {
                0.0
            }
        };
        let sound = events
            .into_iter()
            .filter(|event| event.start_us.abs() <= LONGEST_US * 1e3);
        let mut nodes: Vec<Node> = sound
            .map(|event| Node {
                event,
                start_us: event.start_us,
                wall_us: length(event.wall_us),
                cpu_us: length(event.cpu_us),
                parent: None,
                end: 0,
            })
            .collect();
        nodes.sort_by(|a, b| {
            let by_start = a.start_us.total_cmp(&b.start_us);
            by_start.then(b.wall_us.total_cmp(&a.wall_us))
        });

        let mut open: Vec<usize> = Vec::new();
        for index in 0..nodes.len() {
            while let Some(&top) = open.last() {
                if nodes[top].end_us() > nodes[index].start_us {
                    break;
                }
                nodes[top].end = index;
                open.pop();
            }
            nodes[index].parent = open.last().copied();
            open.push(index);
        }
        for index in open {
            nodes[index].end = nodes.len();
        }
        Self { nodes }
    }

    /// Indices of the events in `within` that `is` is true of, without those inside another such event.
    pub fn outermost(
        &self,
        within: Range<usize>,
        is: impl Fn(&TraceEvent) -> bool,
    ) -> impl Iterator<Item = usize> {
        let mut next = within.start;
        std::iter::from_fn(move || {
            while next < within.end {
                let index = next;
                let found = is(self.nodes[index].event);
                next = if found {
                    self.nodes[index].end
                } else {
                    index + 1
                };
                if found {
                    return Some(index);
                }
            }
            None
        })
    }

    /// What each event spent outside its children: (wall, CPU), never negative.
    pub fn own_time(&self) -> Vec<(f64, f64)> {
        let mut own: Vec<(f64, f64)> = self.nodes.iter().map(|n| (n.wall_us, n.cpu_us)).collect();
        for node in &self.nodes {
            if let Some(parent) = node.parent {
                own[parent].0 -= node.wall_us;
                own[parent].1 -= node.cpu_us;
            }
        }
        own.into_iter()
            .map(|(wall, cpu)| (wall.max(0.0), cpu.max(0.0)))
            .collect()
    }

    /// The innermost event at each of `times`, which ascend.
    pub fn innermost(&self, times: impl IntoIterator<Item = f64>) -> Vec<Option<usize>> {
        let mut open: Vec<usize> = Vec::new();
        let mut next = 0;
        let mut at = |time: f64| {
            while self
                .nodes
                .get(next)
                .is_some_and(|node| node.start_us <= time)
            {
                while open
                    .last()
                    .is_some_and(|&top| self.nodes[top].end_us() <= self.nodes[next].start_us)
                {
                    open.pop();
                }
                open.push(next);
                next += 1;
            }
            while open
                .last()
                .is_some_and(|&top| self.nodes[top].end_us() <= time)
            {
                open.pop();
            }
            open.last().copied()
        };
        times.into_iter().map(&mut at).collect()
    }

    /// Every index.
    pub fn all(&self) -> Range<usize> {
        0..self.nodes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            start_us,
            wall_us,
            ..TraceEvent::default()
        }
    }

    #[test]
    fn events_nest_by_time() {
        let events = [
            event("task", 0.0, 100.0),
            event("dispatch", 10.0, 50.0),
            event("call", 20.0, 10.0),
            event("call", 30.0, 10.0),
            event("paint", 70.0, 10.0),
            event("task", 100.0, 5.0),
        ];
        let tree = Tree::new(&events);
        let parents: Vec<Option<usize>> = tree.nodes.iter().map(|node| node.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(1), Some(0), None]);
        let ends: Vec<usize> = tree.nodes.iter().map(|node| node.end).collect();
        assert_eq!(ends, [5, 4, 3, 4, 5, 6]);
    }

    #[test]
    fn the_innermost_event_at_a_time_is_found() {
        let events = [
            event("task", 0.0, 100.0),
            event("call", 10.0, 50.0),
            event("gc", 20.0, 10.0),
            event("task", 200.0, 10.0),
        ];
        let tree = Tree::new(&events);
        let times = [-5.0, 0.0, 15.0, 20.0, 29.0, 30.0, 70.0, 150.0, 205.0, 999.0];
        let found = tree.innermost(times);
        let expected = [
            None,
            Some(0),
            Some(1),
            Some(2),
            Some(2),
            Some(1),
            Some(0),
            None,
            Some(3),
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_event_inside_another_of_its_kind_is_not_outermost() {
        let events = [
            event("dispatch", 0.0, 100.0),
            event("call", 10.0, 80.0),
            event("dispatch", 20.0, 10.0),
            event("dispatch", 200.0, 10.0),
        ];
        let tree = Tree::new(&events);
        let found = tree.outermost(tree.all(), |event| event.name == "dispatch");
        assert_eq!(found.collect::<Vec<_>>(), [0, 3]);
    }

    #[test]
    fn a_parent_given_after_its_child_is_still_its_parent() {
        let events = [event("call", 10.0, 5.0), event("task", 0.0, 20.0)];
        let tree = Tree::new(&events);
        assert_eq!(tree.nodes[0].event.name, "task");
        assert_eq!(tree.nodes[1].parent, Some(0));
    }

    #[test]
    fn absurd_times_leave_a_sound_tree() {
        let mut negative = event("call", 5.0, -10.0);
        negative.cpu_us = f64::NAN;
        let events = [
            event("task", f64::NAN, 10.0),
            event("task", f64::INFINITY, 10.0),
            event("task", 0.0, f64::INFINITY),
            negative,
            event("overlap", 6.0, f64::MAX),
        ];
        let tree = Tree::new(&events);
        let names: Vec<&str> = tree.nodes.iter().map(|n| n.event.name.as_str()).collect();
        assert_eq!(names, ["task", "call", "overlap"]);
        let lengths: Vec<f64> = tree.nodes.iter().map(|node| node.wall_us).collect();
        assert_eq!(lengths, [LONGEST_US, 0.0, LONGEST_US]);
        assert_eq!(tree.nodes[1].cpu_us, 0.0);
        let parents: Vec<Option<usize>> = tree.nodes.iter().map(|node| node.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(0)]);
    }
}
