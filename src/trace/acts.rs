//! When the page's code called interfaces, on the trace's clock.

use super::Evidence;
use crate::model::Act;

/// Turns follow each other; only the last few can reach a time.
const NEAR: usize = 4;

impl<'v> Evidence<'v> {
    /// The calls of one kind of interface; none in a visit that was not spied on.
    pub fn acts(&self, kind: &'static str) -> impl Iterator<Item = &'v Act> {
        let acts = self.inventory().into_iter().flat_map(|all| &all.acts);
        acts.filter(move |act| act.kind == kind)
    }

    /// The same, of the tag in question and what it brought.
    pub fn tags_acts(&self, kind: &'static str) -> impl Iterator<Item = &'v Act> {
        self.acts(kind).filter(|act| self.is_tags(&act.code, 0))
    }

    /// When an interface was called, as far as that was written down; microseconds of the trace's clock. Empty when
    /// the trace does not tell when the document's own clock began.
    pub fn times_of(&self, act: &'v Act) -> impl Iterator<Item = f64> + use<'v> {
        let began = self.document_began_us();
        let times = began.map_or(&[][..], |_| &act.times_ms);
        times
            .iter()
            .map(move |ms| began.unwrap_or_default() + ms * 1e3)
            .filter(|time| time.is_finite())
    }

    /// Navigation start of the last document.
    fn document_began_us(&self) -> Option<f64> {
        let mut nodes = self.tree().nodes.iter().rev();
        let start = nodes.find(|node| node.event.name == "navigationStart")?;
        Some(start.start_us)
    }

    /// The turn of code that was under way at a time, or not further from it than `near_us`: an index into the
    /// visit's turns. Of several the last that is the tag's, otherwise the last.
    pub fn turn_at(&self, time_us: f64, near_us: f64) -> Option<usize> {
        let turns = &self.turns().all;
        let after = turns.partition_point(|turn| turn.start_us <= time_us + near_us);
        let near = (after.saturating_sub(NEAR)..after).rev();
        let near: Vec<usize> = near
            .filter(|index| time_us <= turns[*index].end_us + near_us)
            .collect();
        let mut tags = near.iter();
        let tags = tags.find(|&&index| self.is_tags(turns[index].code, turns[index].script));
        tags.or(near.first()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeLocation, Inventory, Trace, TraceEvent, Visit};

    #[test]
    fn a_call_of_an_interface_is_found_in_the_call_that_made_it() {
        let call = |start_us| TraceEvent {
            name: "FunctionCall".into(),
            start_us,
            wall_us: 500.0,
            code: Some(CodeLocation::default()),
            ..TraceEvent::default()
        };
        let start = TraceEvent {
            name: "navigationStart".into(),
            start_us: 1_000_000.0,
            ..TraceEvent::default()
        };
        let act = Act {
            kind: "storage_write".into(),
            times_ms: vec![5.2, 9.9, f64::NAN],
            ..Act::default()
        };
        let visit = Visit {
            trace: Some(Trace {
                events: vec![start, call(1_005_000.0), call(1_007_000.0)],
                ..Trace::default()
            }),
            inventory: Some(Inventory {
                acts: vec![act],
                ..Inventory::default()
            }),
            ..Visit::default()
        };
        let evidence = Evidence::new(&visit);
        let act = evidence.acts("storage_write").next().unwrap();
        let times: Vec<f64> = evidence.times_of(act).collect();
        assert_eq!(times, [1_005_200.0, 1_009_900.0]);
        let calls = times.iter().map(|time| evidence.turn_at(*time, 300.0));
        assert_eq!(calls.collect::<Vec<_>>(), [Some(0), None]);
    }
}
