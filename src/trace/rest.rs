//! What goes on when nobody touches the page.

use std::collections::HashMap;
use std::ops::Range;

use super::{Evidence, Mechanism, Place, Span, Turn, without_query};
use crate::model::CodeLocation;

/// A shorter time tells nothing of what goes on without end, microseconds.
const ENOUGH_US: f64 = 400e3;

/// What was last heard of longer ago than twice its longest pause, and this, has ended; microseconds.
const ENDED_US: f64 = 150e3;

/// The last time in which nobody touches the page, and what goes on to its end.
#[derive(Default)]
pub struct Rest<'v> {
    /// `None` when there was no such time, or too little.
    pub span: Option<Span>,
    pub going: Vec<Going<'v>>,
}

/// Turns of one place that go on.
pub struct Going<'v> {
    pub place: Place<'v>,
    pub mechanism: Mechanism,
    pub code: &'v CodeLocation,
    pub script: u32,
    /// Those in the span: indices into the visit's turns.
    pub turns: Vec<usize>,
    pub per_s: f64,
    /// CPU time per second, milliseconds.
    pub cpu_ms_per_s: f64,
}

impl<'v> Rest<'v> {
    pub(super) fn new(evidence: &Evidence<'v>) -> Self {
        let long_enough = |span: &Span| span.length_us() >= ENOUGH_US;
        let mut untouched = evidence.untouched().into_iter();
        let Some(span) = untouched.rfind(long_enough) else {
            return Self::default();
        };
        let pages = evidence.visit.pages.iter();
        let documents: Vec<&str> = pages.map(|page| without_query(&page.url)).collect();
        let turns = &evidence.turns().all;
        let mut by_place: HashMap<(Place<'v>, Mechanism), Vec<usize>> = HashMap::new();
        let mut order = Vec::new();
        for (index, turn) in turns.iter().enumerate() {
            if span.holds(turn.start_us) {
                let key = (Place::of(turn.code, &documents), turn.mechanism);
                let at = by_place.entry(key).or_default();
                if at.is_empty() {
                    order.push(key);
                }
                at.push(index);
            }
        }
        let going = order.into_iter().filter_map(|key| {
            let own = by_place.remove(&key)?;
            goes_on(turns, &own, span).then(|| Going::new(key, own, turns, span))
        });
        Self {
            span: Some(span),
            going: going.collect(),
        }
    }

    /// `amount` in the span, per second; zero without a span.
    pub fn per_s(&self, amount: f64) -> f64 {
        self.span
            .map_or(0.0, |span| amount / (span.length_us() / 1e6))
    }
}

impl<'v> Going<'v> {
    fn new(
        (place, mechanism): (Place<'v>, Mechanism),
        own: Vec<usize>,
        turns: &[Turn<'v>],
        span: Span,
    ) -> Self {
        let seconds = span.length_us() / 1e6;
        let cpu_us = own.iter().map(|&turn| turns[turn].cpu_us);
        let first = &turns[own[0]];
        Self {
            place,
            mechanism,
            code: first.code,
            script: first.script,
            per_s: own.len() as f64 / seconds,
            cpu_ms_per_s: cpu_us.fold(0.0, |a, b| a + b) / 1e3 / seconds,
            turns: own,
        }
    }
}

fn goes_on(turns: &[Turn], own: &[usize], span: Span) -> bool {
    let (Some(&last), true) = (own.last(), own.len() >= 2) else {
        return false;
    };
    let pauses = own
        .windows(2)
        .map(|pair| turns[pair[1]].start_us - turns[pair[0]].start_us);
    let longest = pauses.fold(0.0, f64::max);
    // What a busy thread has not come round to has not ended.
    span.end_us - turns[last].end_us <= 2.0 * longest + ENDED_US
}

impl Evidence<'_> {
    /// Events of a name that began within `span`, without those that script forced.
    pub fn count(&self, name: &str, span: Span) -> usize {
        let nodes = self.tree().nodes.iter();
        let named = nodes.filter(|node| node.event.name == name && !node.event.forced);
        named.filter(|node| span.holds(node.start_us)).count()
    }

    /// An event of such a name is in `nodes`.
    pub fn has(&self, nodes: Range<usize>, names: &[&str]) -> bool {
        let mut nodes = self.tree().nodes[nodes].iter();
        nodes.any(|node| names.contains(&node.event.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{StepRecord, Trace, TraceEvent, Visit};

    fn visit(events: Vec<TraceEvent>) -> Visit {
        Visit {
            steps: vec![StepRecord {
                kind: StepRecord::QUIET.into(),
                trace_us: Some((0.0, 2_100_000.0)),
                ..StepRecord::default()
            }],
            trace: Some(Trace {
                events,
                ..Trace::default()
            }),
            ..Visit::default()
        }
    }

    fn calls(function: &str, times_ms: impl Iterator<Item = u32>) -> Vec<TraceEvent> {
        let call = |ms: u32| TraceEvent {
            name: "FunctionCall".into(),
            start_us: f64::from(ms) * 1e3,
            wall_us: 500.0,
            cpu_us: 400.0,
            code: Some(CodeLocation {
                url: "https://cdn.vendor.test/tag.js".into(),
                function: function.into(),
                line: function.len() as u32,
                column: 1,
            }),
            ..TraceEvent::default()
        };
        times_ms.map(call).collect()
    }

    #[test]
    fn what_has_ended_does_not_go_on() {
        let mut events = calls("fadeIn", (150..900).step_by(16));
        events.extend(calls("beat", (150..2_100).step_by(600)));
        events.extend(calls("once", 2_000..2_001));
        let visit = visit(events);
        let evidence = Evidence::new(&visit);
        let going: Vec<(&str, f64)> = evidence
            .rest()
            .going
            .iter()
            .map(|going| (going.code.function.as_str(), going.per_s))
            .collect();
        assert_eq!(going, [("beat", 2.0)]);
        assert!((evidence.rest().going[0].cpu_ms_per_s - 0.8).abs() < 1e-9);
    }
}
