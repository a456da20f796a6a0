//! How what the page holds grows: with each interaction, or second by second when nobody touches it.

use super::slope::{Slope, theil_sen};
use super::{Evidence, Span};
use crate::model::{After, Gauge, StepRecord};

/// Points within one step; more would say no more.
const POINTS_PER_STEP: usize = 24;

/// A part of the growth below this share is none.
const SMALL_PART: f64 = 0.05;
/// Something that is made once comes in one part, and endless growth in many.
const LARGE_PART: f64 = 0.6;
const FEWEST_PARTS: usize = 3;

/// A way of spending time on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The steps that spend it.
    steps: &'static [&'static str],
    /// DOM events that count as one interaction; none: seconds count.
    events: &'static [&'static str],
    /// One of what it is counted in: `click`.
    pub unit: &'static str,
    /// `while the page was scrolled`
    pub when: &'static str,
}

#[rustfmt::skip]
pub static WAYS: &[Way] = &[
    Way { steps: &["idle", StepRecord::QUIET], events: &[],                   unit: "second",       when: "while nobody touched the page" },
    Way { steps: &["scroll"],                  events: &["scroll"],           unit: "scroll event", when: "while the page was scrolled" },
    Way { steps: &["click"],                   events: &["click"],            unit: "click",        when: "while the page was clicked" },
    Way { steps: &["type", "press"],           events: &["keydown"],          unit: "key",          when: "while keys were pressed" },
    Way { steps: &["hover"],                   events: &["mousemove"],        unit: "mouse move",   when: "while the mouse moved" },
];

/// Something that the page holds.
#[derive(Clone, Copy)]
pub struct Held {
    /// How much more there is after a step than before it, both times after a garbage collection.
    pub gain: fn(&After, &After) -> f64,
    /// What its course within a step is read from, at the step's ends and in between, garbage included: the same
    /// thing, or one that grows with it.
    pub level: fn(&After) -> f64,
    /// `None` where only the steps' ends tell.
    pub gauge: Option<fn(&Gauge) -> f64>,
}

/// How something grew in the steps of one way.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    /// In all, by the steps' ends.
    pub total: f64,
    /// Interactions or seconds.
    pub units: f64,
    /// For each interaction or second.
    pub slope: Slope,
    /// It came in many parts, the last of them late: not something that was made once.
    pub steady: bool,
    /// When.
    pub spans: Vec<Span>,
}

impl<'v> Evidence<'v> {
    /// By how much `held` is larger after the last step than after the first: never negative, and zero in a visit
    /// that was not traced.
    pub fn gained(&self, held: fn(&After) -> f64) -> f64 {
        let mut ends = self.visit.steps.iter().filter_map(|step| step.after);
        let (Some(first), Some(last)) = (ends.next(), ends.next_back()) else {
            return 0.0;
        };
        finite(held(&last) - held(&first)).max(0.0)
    }

    /// `None` when there are no such steps, or nothing tells what the page held.
    pub fn growth(&self, way: &Way, held: Held) -> Option<Growth> {
        let mut growth = Growth::default();
        let mut points = vec![(0.0, 0.0)];
        let mut parts = Vec::new();
        let mut level = 0.0;
        let mut before: Option<After> = None;
        for step in &self.visit.steps {
            let span = step.trace_us.and_then(|(start, end)| Span::new(start, end));
            if let (Some(before), Some(after), Some(span)) = (before, step.after, span)
                && way.steps.contains(&step.kind.as_str())
            {
                let gain = finite((held.gain)(&before, &after));
                let rise = finite((held.level)(&after) - (held.level)(&before));
                let begin = points.last().copied().unwrap_or_default();
                points.extend(self.curve(span, begin, rise, held));
                growth.total += gain;
                level += rise;
                growth.spans.push(span);
                parts.push(gain);
            }
            before = step.after.or(before);
        }
        if growth.spans.is_empty() {
            return None;
        }
        let within: Vec<f64> = points.windows(2).map(|two| two[1].1 - two[0].1).collect();
        growth.steady = come_steadily(&parts, growth.total) || come_steadily(&within, level);
        let seconds = super::seconds(&growth.spans);
        growth.units = self.units(way, &growth.spans);
        let per_unit = if growth.units > 0.0 && level > 0.0 {
            seconds / growth.units * growth.total / level
        } else {
            0.0
        };
        let slope = theil_sen(&points).unwrap_or_default();
        growth.slope = Slope {
            per_unit: slope.per_unit * per_unit,
            low: slope.low * per_unit,
            high: slope.high * per_unit,
        };
        Some(growth)
    }

    /// The step that grew most of those of a way.
    pub fn grew_in(&self, way: &Way, held: Held) -> Option<&'v StepRecord> {
        let mut most: Option<(f64, &StepRecord)> = None;
        let mut before: Option<After> = None;
        for step in &self.visit.steps {
            if let (Some(before), Some(after)) = (before, step.after)
                && way.steps.contains(&step.kind.as_str())
            {
                let gain = (held.gain)(&before, &after);
                if most.is_none_or(|(most, _)| gain > most) {
                    most = Some((gain, step));
                }
            }
            before = step.after.or(before);
        }
        most.map(|(_, step)| step)
    }

    /// The points of one step: seconds and how far the level had risen by then. What is gone by its end was never gained,
    /// so that garbage does not count.
    fn curve(&self, span: Span, begin: (f64, f64), rise: f64, held: Held) -> Vec<(f64, f64)> {
        let end = (begin.0 + span.length_us() / 1e6, begin.1 + rise);
        let gauges = self.trace().map_or(&[][..], |trace| &trace.gauges);
        let first = gauges.partition_point(|gauge| gauge.at_us < span.start_us);
        let after = gauges.partition_point(|gauge| gauge.at_us <= span.end_us);
        let during = gauges.get(first..after).unwrap_or_default();
        let Some((read, start)) = held.gauge.zip(during.first()) else {
            return vec![end];
        };
        let apart = during.len().div_ceil(POINTS_PER_STEP).max(1);
        let mut points: Vec<(f64, f64)> = during
            .iter()
            .step_by(apart)
            .map(|gauge| {
                let at_s = begin.0 + (gauge.at_us - span.start_us) / 1e6;
                (at_s, begin.1 + finite(read(gauge) - read(start)))
            })
            .collect();
        points.push(end);
        let mut least = f64::INFINITY;
        for point in points.iter_mut().rev() {
            least = least.min(point.1);
            point.1 = least;
        }
        points
    }

    fn units(&self, way: &Way, spans: &[Span]) -> f64 {
        if way.events.is_empty() {
            return super::seconds(spans);
        }
        let tree = self.tree();
        let is = |event: &crate::model::TraceEvent| {
            event.name == "EventDispatch"
                && event
                    .kind
                    .as_deref()
                    .is_some_and(|kind| way.events.contains(&kind))
        };
        let found = tree.outermost(tree.all(), is);
        let during = found.filter(|index| super::any_holds(spans, tree.nodes[*index].start_us));
        let events = during.count();
        // The page may have no listener, and then Chromium may dispatch nothing.
        if events > 0 {
            events as f64
        } else {
            spans.len() as f64
        }
    }
}

fn finite(gain: f64) -> f64 {
    if gain.abs() < 1e15 { gain } else { 0.0 }
}

fn come_steadily(parts: &[f64], total: f64) -> bool {
    let counts: Vec<usize> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| **part >= SMALL_PART * total)
        .map(|(at, _)| at)
        .collect();
    let largest = parts.iter().copied().fold(0.0, f64::max);
    let late = counts
        .last()
        .is_some_and(|last| (last + 1) * 3 > parts.len() * 2);
    total > 0.0 && counts.len() >= FEWEST_PARTS && largest <= LARGE_PART * total && late
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Trace, Visit};

    const NODES: Held = Held {
        gain: |before, after| after.nodes - before.nodes,
        level: |after| after.nodes,
        gauge: Some(|gauge| gauge.nodes),
    };

    fn step(kind: &str, at_s: f64, nodes: f64) -> StepRecord {
        StepRecord {
            kind: kind.into(),
            trace_us: Some((at_s * 1e6, (at_s + 1.0) * 1e6)),
            after: Some(After {
                nodes,
                ..After::default()
            }),
            ..StepRecord::default()
        }
    }

    /// A second of load, one of scrolling in which `gauge` tells the nodes at each of 50 moments, and one of quiet.
    fn scrolled(gauge: impl Fn(usize) -> f64, end: f64) -> Visit {
        let gauges = (0..50).map(|nth| Gauge {
            at_us: 1e6 + 2e4 * nth as f64,
            nodes: gauge(nth),
            ..Gauge::default()
        });
        Visit {
            steps: vec![
                step("load", 0.0, 100.0),
                step("scroll", 1.0, end),
                step("quiet", 2.0, end),
            ],
            trace: Some(Trace {
                gauges: gauges.collect(),
                ..Trace::default()
            }),
            ..Visit::default()
        }
    }

    fn growth(visit: &Visit, unit: &str) -> Growth {
        let way = WAYS.iter().find(|way| way.unit == unit).unwrap();
        Evidence::new(visit).growth(way, NODES).unwrap()
    }

    #[test]
    fn growth_all_along_is_steady_and_a_jump_is_not() {
        let steady = scrolled(|nth| 100.0 + 10.0 * nth as f64, 600.0);
        let steady = growth(&steady, "scroll event");
        assert!(steady.steady);
        assert_eq!(steady.total, 500.0);
        let per_s = steady.slope;
        assert!(per_s.low > 400.0 && per_s.high < 600.0, "{per_s:?}");
        let jump = scrolled(|nth| if nth < 20 { 100.0 } else { 600.0 }, 600.0);
        assert!(!growth(&jump, "scroll event").steady);
    }

    #[test]
    fn garbage_is_no_growth() {
        let garbage = scrolled(|nth| 100.0 + 50.0 * nth as f64, 110.0);
        let garbage = growth(&garbage, "scroll event");
        assert_eq!((garbage.total, garbage.steady), (10.0, false));
        let none = growth(&scrolled(|_| 100.0, 100.0), "second");
        assert_eq!((none.total, none.steady), (0.0, false));
    }

    #[test]
    fn the_same_with_each_of_three_clicks_is_steady_and_one_widget_is_not() {
        let clicks = |nodes: [f64; 5]| Visit {
            steps: nodes
                .iter()
                .enumerate()
                .map(|(nth, nodes)| {
                    step(if nth == 0 { "load" } else { "click" }, nth as f64, *nodes)
                })
                .collect(),
            ..Visit::default()
        };
        let leak = growth(&clicks([100.0, 100.0, 200.0, 300.0, 400.0]), "click");
        assert!(leak.steady);
        assert_eq!(leak.units, 4.0);
        let widget = growth(&clicks([100.0, 400.0, 401.0, 402.0, 402.0]), "click");
        assert!(!widget.steady);
    }

    #[test]
    fn a_visit_that_was_not_traced_says_nothing() {
        let visit = Visit::default();
        assert!(Evidence::new(&visit).growth(&WAYS[0], NODES).is_none());
    }
}
