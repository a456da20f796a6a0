//! Reads Chromium's trace format as it arrives, keeping only what attribution needs:
//! <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.

mod event;
mod split;

use std::collections::HashSet;

use self::event::{Kept, Raw};
use self::split::Splitter;
use super::{Trace, TraceEvent};

/// A page at work for minutes stays below; beyond, the trace is marked as incomplete.
const MOST_EVENTS: usize = 1_000_000;

/// Builds a [`Trace`] from the pieces of a stream.
pub(super) struct Reader {
    frame: String,
    splitter: Splitter,
    threads: HashSet<Thread>,
    kept: Vec<(Thread, TraceEvent, Ending)>,
    last_us: f64,
    incomplete: bool,
}

/// Process and thread.
type Thread = (i64, i64);

/// Whether an event's end is in the trace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Known,
    Cut,
}

impl Reader {
    /// For the page whose main frame is `frame`.
    pub fn new(frame: &str) -> Self {
        Self {
            frame: frame.into(),
            splitter: Splitter::default(),
            threads: HashSet::new(),
            kept: Vec::new(),
            last_us: 0.0,
            incomplete: false,
        }
    }

    pub fn push(&mut self, chunk: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(chunk, |event| self.take(event));
        self.splitter = splitter;
    }

    fn take(&mut self, bytes: &[u8]) {
        // One event that cannot be read must not cost the others.
        let Ok(raw) = serde_json::from_slice::<Raw>(bytes) else {
            self.incomplete = true;
            return;
        };
        self.last_us = self.last_us.max(raw.ts + raw.dur);
        let thread = raw.thread();
        match raw.read(&self.frame) {
            Kept::No => {}
            Kept::Yes(_) if self.kept.len() >= MOST_EVENTS => self.incomplete = true,
            Kept::Yes(event) => {
                let ending = if raw.is_cut() {
                    Ending::Cut
                } else {
                    Ending::Known
                };
                if event.name == "navigationStart" {
                    self.threads.insert(thread);
                }
                self.kept.push((thread, event, ending));
            }
        }
    }

    /// What belongs to the page's main thread, parents before their children.
    pub fn finish(self) -> Trace {
        let Self {
            threads,
            kept,
            last_us,
            ..
        } = self;
        let mut events: Vec<TraceEvent> = kept
            .into_iter()
            .filter(|(thread, _, _)| threads.contains(thread))
            .map(|(_, mut event, ending)| {
                if ending == Ending::Cut {
                    event.wall_us = last_us - event.start_us;
                }
                event
            })
            .collect();
        events.sort_by(|a, b| {
            a.start_us
                .total_cmp(&b.start_us)
                .then(b.wall_us.total_cmp(&a.wall_us))
        });
        Trace {
            events,
            incomplete: self.incomplete || !self.splitter.is_complete(),
            ..Trace::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Trace {
        let mut reader = Reader::new("MAIN");
        reader.push(text.as_bytes());
        reader.finish()
    }

    /// A trace whose page is thread 7 of process 7, with these events besides.
    fn trace(events: &str) -> String {
        let start =
            r#"{"name":"navigationStart","ph":"R","pid":7,"tid":7,"ts":1,"args":{"frame":"MAIN"}}"#;
        format!("{{\"traceEvents\":[\n{start},\n{events}],\"metadata\":{{\"traceEvents\":[1]}}}}")
    }

    fn names(trace: &Trace) -> Vec<&str> {
        trace
            .events
            .iter()
            .map(|event| event.name.as_str())
            .collect()
    }

    #[test]
    fn only_the_pages_main_thread_and_known_events_are_kept() {
        let trace = read(&trace(
            r#"{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"tdur":4,"args":{}},
               {"name":"RunTask","ph":"X","pid":7,"tid":8,"ts":6,"dur":9,"args":{}},
               {"name":"RunTask","ph":"X","pid":9,"tid":9,"ts":7,"dur":9,"args":{}},
               {"name":"navigationStart","ph":"R","pid":9,"tid":9,"ts":7,"args":{"frame":"OTHER"}},
               {"name":"AnimationFrame","ph":"b","pid":7,"tid":7,"ts":8,"args":{}},
               {"name":"largestContentfulPaint::Candidate","ph":"R","pid":7,"tid":7,"ts":8,"args":{"frame":"CHILD"}}"#,
        ));
        assert_eq!(names(&trace), ["navigationStart", "RunTask"]);
        let task = &trace.events[1];
        assert_eq!((task.start_us, task.wall_us, task.cpu_us), (5.0, 9.0, 4.0));
        assert!(!trace.incomplete);
    }

    #[test]
    fn code_is_named_where_the_event_has_it() {
        let trace = read(&trace(
            r#"{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":2,"dur":9,"args":{"data":{"functionName":"f","url":"http://a/b.js","lineNumber":3,"columnNumber":14}}},
               {"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":3,"dur":1,"args":{"data":{"type":"scroll"}}},
               {"name":"Layout","ph":"X","pid":7,"tid":7,"ts":4,"dur":1,"args":{"beginData":{"stackTrace":[{"functionName":"inner","url":"u","lineNumber":1,"columnNumber":2},{"functionName":"outer","url":"u","lineNumber":9,"columnNumber":9}]}}},
               {"name":"Layout","ph":"X","pid":7,"tid":7,"ts":6,"dur":1,"args":{"beginData":{"frame":"MAIN"}}},
               {"name":"TimerInstall","ph":"I","pid":7,"tid":7,"ts":7,"args":{"data":{"stackTrace":[{"functionName":"asker","url":"u","lineNumber":-1,"columnNumber":0}]}}},
               {"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":8,"dur":1,"args":{"data":{}}}"#,
        ));
        let [_, call, dispatch, forced, layout, timer, anonymous] = &trace.events[..] else {
            panic!("{:?}", names(&trace));
        };
        assert_eq!(
            call.code.as_ref().unwrap().to_string(),
            "f http://a/b.js:3:14"
        );
        assert_eq!(dispatch.kind.as_deref(), Some("scroll"));
        assert_eq!(
            (
                forced.forced,
                forced.code.as_ref().unwrap().function.as_str()
            ),
            (true, "inner")
        );
        assert_eq!((layout.forced, &layout.code), (false, &None));
        assert_eq!(
            timer.code.as_ref().unwrap().line,
            0,
            "unknown, not minus one"
        );
        assert_eq!(anonymous.code, None);
    }

    #[test]
    fn parents_come_before_their_children() {
        let trace = read(&trace(
            r#"{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":5,"dur":3,"args":{}},
               {"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":5,"dur":8,"args":{}},
               {"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":4,"dur":9,"args":{}}"#,
        ));
        assert_eq!(
            names(&trace)[1..],
            ["RunTask", "EventDispatch", "FunctionCall"]
        );
    }

    #[test]
    fn what_was_going_on_at_the_end_lasts_until_the_end() {
        let trace = read(&trace(
            r#"{"name":"RunTask","ph":"B","pid":7,"tid":7,"ts":10,"args":{}},
               {"name":"Paint","ph":"X","pid":1,"tid":1,"ts":90,"dur":20,"args":{}}"#,
        ));
        assert_eq!(trace.events[1].wall_us, 100.0);
    }

    #[test]
    fn a_trace_that_breaks_off_is_incomplete_and_keeps_what_came() {
        let whole =
            trace(r#"{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"args":{}}"#);
        let broken = read(&whole[..whole.find("],\"metadata").unwrap()]);
        assert!(broken.incomplete);
        assert_eq!(names(&broken), ["navigationStart", "RunTask"]);
        for text in [
            "",
            "{",
            "[]",
            "{\"traceEvents\"",
            "no trace at all",
            "{\"traceEvents\":[{",
        ] {
            let trace = read(text);
            assert!(trace.incomplete && trace.events.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn events_that_cannot_be_read_cost_only_themselves() {
        let trace = read(&trace(
            r#"{"name":7},{"ph":"X"},{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":1,"args":{"data":"]}\"{["}}"#,
        ));
        assert_eq!(names(&trace), ["navigationStart", "RunTask"]);
        assert!(trace.incomplete);
    }

    #[test]
    fn the_pages_own_texts_are_cut() {
        let long = "x".repeat(100_000);
        let trace = read(&trace(&format!(
            r#"{{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":2,"args":{{"data":{{"functionName":"{long}","url":"data:{long}"}}}}}}"#
        )));
        let code = trace.events[1].code.as_ref().unwrap();
        assert!(code.function.len() <= 200 && code.url.len() <= 2000);
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same_trace(size in 1_usize..60) {
            let text = trace(
                r#"{"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":3,"dur":1,"args":{"data":{"type":"a\"]}\\"}}},
                   {"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"args":{"data":[[{}]]}}"#,
            );
            let mut reader = Reader::new("MAIN");
            for piece in text.as_bytes().chunks(size) {
                reader.push(piece);
            }
            prop_assert_eq!(reader.finish(), read(&text));
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut reader = Reader::new("MAIN");
            reader.push(b"{\"traceEvents\":[");
            reader.push(&bytes);
            reader.finish();
        }
    }
}
