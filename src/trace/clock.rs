//! The page's own times, and the user's input, on the trace's clock.

use super::Evidence;
use crate::model::PageRecord;

/// Input with which a user asks for something there and then; moving, scrolling and typing are none.
const ASKING: &[&str] = &[
    "click",
    "mousedown",
    "pointerdown",
    "touchstart",
    "touchend",
];

impl Evidence<'_> {
    /// A time of a document, milliseconds since its navigation start, on the trace's clock.
    ///
    /// `None` when the trace does not say when the visit's first document began.
    pub fn page_us(&self, page: &PageRecord, time_ms: f64) -> Option<f64> {
        let first = self.page().ok()?;
        let later_ms = page.time_origin_ms - first.time_origin_ms;
        let time_us = self.first_us()? + (later_ms + time_ms) * 1e3;
        time_us.is_finite().then_some(time_us)
    }

    /// The same, for the first document.
    pub fn at_us(&self, time_ms: f64) -> Option<f64> {
        self.page_us(self.page().ok()?, time_ms)
    }

    /// Times at which the user clicked or touched the page, in order; what a script dispatches is not the user's.
    pub fn asked_us(&self) -> Vec<f64> {
        let tree = self.tree();
        let by_user = tree.all().filter(|&index| {
            let event = tree.nodes[index].event;
            let kind = event.kind.as_deref().unwrap_or_default();
            let asks = event.name == "EventDispatch" && ASKING.contains(&kind);
            asks && !self.is_within_script(index)
        });
        by_user.map(|index| tree.nodes[index].start_us).collect()
    }

    /// When the first document showed anything at all, on the trace's clock.
    pub fn first_paint_us(&self) -> Option<f64> {
        self.at_us(self.page().ok()?.first_contentful_paint_ms?)
    }

    /// When the first document showed its largest content, on the trace's clock.
    pub fn largest_paint_us(&self) -> Option<f64> {
        let paint = self.page().ok()?.largest_contentful_paint.as_ref()?;
        self.at_us(paint.time_ms)
    }

    fn first_us(&self) -> Option<f64> {
        let events = &self.trace()?.events;
        let start = events.iter().find(|event| event.name == "navigationStart");
        let loads = self.steps("load").filter_map(|step| step.trace_us);
        start
            .map(|event| event.start_us)
            .or_else(|| loads.map(|(start_us, _)| start_us).next())
    }
}

/// One of the ascending `times` is at most `within_us` before `time_us`.
pub fn soon_after(times: &[f64], time_us: f64, within_us: f64) -> bool {
    let until = times.partition_point(|time| *time <= time_us);
    until > 0 && time_us - times[until - 1] <= within_us
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Trace, TraceEvent, Visit};

    fn event(name: &str, kind: Option<&str>, start_us: f64, wall_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            kind: kind.map(Into::into),
            start_us,
            wall_us,
            ..TraceEvent::default()
        }
    }

    #[test]
    fn times_of_later_documents_count_from_their_own_start() {
        let page = |time_origin_ms| PageRecord {
            time_origin_ms,
            ..PageRecord::default()
        };
        let visit = Visit {
            pages: vec![page(5_000.0), page(7_000.0)],
            trace: Some(Trace {
                events: vec![event("navigationStart", None, 1e6, 0.0)],
                ..Trace::default()
            }),
            ..Visit::default()
        };
        let evidence = Evidence::new(&visit);
        assert_eq!(evidence.at_us(10.0), Some(1.01e6));
        assert_eq!(evidence.page_us(&visit.pages[1], 10.0), Some(3.01e6));
        assert_eq!(evidence.at_us(f64::NAN), None);
        assert_eq!(Evidence::new(&Visit::default()).at_us(0.0), None);
    }

    #[test]
    fn only_the_user_asks() {
        let events = vec![
            event("EventDispatch", Some("click"), 10.0, 5.0),
            event("FunctionCall", None, 20.0, 10.0),
            event("EventDispatch", Some("click"), 21.0, 5.0),
            event("EventDispatch", Some("keydown"), 40.0, 5.0),
        ];
        let visit = Visit {
            trace: Some(Trace {
                events,
                ..Trace::default()
            }),
            ..Visit::default()
        };
        let asked = Evidence::new(&visit).asked_us();
        assert_eq!(asked, [10.0]);
        let soon = [5.0, 10.0, 12.0, 30.0].map(|time| soon_after(&asked, time, 5.0));
        assert_eq!(soon, [false, true, true, false]);
    }
}
