//! What threads beside the page's main thread do: workers, and frames of other sites.

use super::{Evidence, Span};
use crate::model::{CodeLocation, StepRecord, ThreadKind, TraceThread};

impl<'v> Evidence<'v> {
    /// The threads of one kind, with their numbers.
    pub fn threads(&self, kind: ThreadKind) -> impl Iterator<Item = (u32, &'v TraceThread)> {
        let threads = self.trace().map_or(&[][..], |trace| &trace.threads);
        let numbered = (0..).zip(threads);
        numbered.filter(move |(_, thread)| thread.kind == kind)
    }

    /// CPU time of the tasks of one thread that began within `span`, microseconds.
    pub fn thread_cpu_us(&self, thread: u32, span: Span) -> f64 {
        let events = self.trace().map_or(&[][..], |trace| &trace.events);
        let tasks = events
            .iter()
            .filter(|event| event.thread == thread && event.name == "RunTask");
        let during = tasks.filter(|event| span.holds(event.start_us));
        let lengths = during.map(|event| event.cpu_us);
        lengths
            .filter(|cpu| cpu.is_finite() && *cpu > 0.0)
            .fold(0.0, |a, b| a + b)
    }

    /// The functions that the browser called in one thread within `span`, with script and CPU time, microseconds.
    pub fn thread_calls(&self, thread: u32, span: Span) -> Vec<(&'v CodeLocation, u32, f64)> {
        let events = self.trace().map_or(&[][..], |trace| &trace.events);
        let calls = events.iter().filter(|event| {
            event.thread == thread && event.name == "FunctionCall" && span.holds(event.start_us)
        });
        let coded = calls.filter(|event| event.cpu_us.is_finite() && event.cpu_us > 0.0);
        coded
            .filter_map(|event| Some((event.code.as_ref()?, event.script, event.cpu_us)))
            .collect()
    }

    /// The span of the step in which the page was hidden.
    pub fn hidden(&self) -> Option<Span> {
        let mut spans = self.spans(StepRecord::HIDDEN).into_iter();
        let span = spans.rfind(|span| span.length_us() > SETTLES_US)?;
        Span::new(span.start_us + SETTLES_US, span.end_us)
    }
}

/// What the hiding itself sets off, such as a beacon with all that was gathered, is over by then; microseconds.
const SETTLES_US: f64 = 150e3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Trace, TraceEvent, Visit};

    #[test]
    fn a_worker_has_its_own_tasks() {
        let task = |thread, start_us, cpu_us| TraceEvent {
            name: "RunTask".into(),
            thread,
            start_us,
            cpu_us,
            ..TraceEvent::default()
        };
        let thread = |kind| TraceThread {
            kind,
            ..TraceThread::default()
        };
        let visit = Visit {
            trace: Some(Trace {
                events: vec![
                    task(0, 10.0, 7.0),
                    task(1, 10.0, 5.0),
                    task(1, 20.0, f64::NAN),
                    task(1, 200.0, 5.0),
                ],
                threads: vec![thread(ThreadKind::Page), thread(ThreadKind::Worker)],
                ..Trace::default()
            }),
            ..Visit::default()
        };
        let evidence = Evidence::new(&visit);
        let workers: Vec<u32> = evidence
            .threads(ThreadKind::Worker)
            .map(|(number, _)| number)
            .collect();
        assert_eq!(workers, [1]);
        let span = Span::new(0.0, 100.0).unwrap();
        assert_eq!(evidence.thread_cpu_us(1, span), 5.0);
    }
}
