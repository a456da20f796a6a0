//! Reads Chromium's trace format as it arrives, keeping only what attribution needs:
//! <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.

mod animations;
mod event;
mod fetches;
mod gauges;
mod ids;
mod split;
mod threads;

use self::animations::Animations;
use self::event::{CUT, Raw};
use self::fetches::Fetches;
use self::gauges::Gauges;
use self::ids::Ids;
use self::split::Splitter;
use self::threads::{Place, Slot, Threads};
use super::{Trace, TraceEvent, TraceThread};

/// A page at work for minutes stays below; beyond, the trace is marked as incomplete.
const MOST_EVENTS: usize = 1_000_000;

/// Reads a trace in Chromium's JSON format, cut into pieces anywhere, of the page whose main frame has the id
/// `frame`.
///
/// What is not well-formed costs itself and marks the trace as [`Trace::incomplete`]. The scripts and the
/// profile are not in a trace and stay empty; frames are there without who made them.
pub fn read_trace<'p>(pieces: impl IntoIterator<Item = &'p [u8]>, frame: &str) -> Trace {
    let mut reader = Reader::new(frame);
    for piece in pieces {
        reader.push(piece);
    }
    reader.finish()
}

/// Builds a [`Trace`] from the pieces of a stream.
pub(super) struct Reader {
    splitter: Splitter,
    taker: Taker,
}

/// Takes one event after another.
struct Taker {
    frame: String,
    threads: Threads,
    ids: Ids,
    /// Their thread is a slot until all threads are known.
    events: Vec<TraceEvent>,
    fetches: Fetches,
    gauges: Gauges,
    animations: Animations,
    last_us: f64,
    incomplete: bool,
}

/// Process and thread.
type Thread = (i64, i64);

impl Reader {
    /// For the page whose main frame is `frame`.
    pub fn new(frame: &str) -> Self {
        Self {
            splitter: Splitter::default(),
            taker: Taker {
                frame: frame.into(),
                threads: Threads::new(frame),
                ids: Ids::default(),
                events: Vec::new(),
                fetches: Fetches::default(),
                gauges: Gauges::default(),
                animations: Animations::default(),
                last_us: 0.0,
                incomplete: false,
            },
        }
    }

    pub fn push(&mut self, chunk: &[u8]) {
        let taker = &mut self.taker;
        self.splitter.push(chunk, |event| taker.take(event));
    }

    /// What belongs to the page, parents before their children.
    pub fn finish(self) -> Trace {
        let mut trace = self.taker.finish();
        trace.incomplete |= !self.splitter.is_complete();
        trace
    }
}

impl Taker {
    fn take(&mut self, bytes: &[u8]) {
        // One event that cannot be read must not cost the others.
        match serde_json::from_slice::<Raw>(bytes) {
            Ok(raw) if raw.is_sound() => self.sort_in(&raw),
            _ => self.incomplete = true,
        }
    }

    fn sort_in(&mut self, raw: &Raw) {
        self.last_us = self.last_us.max(raw.end_us());
        if raw.name == "ResourceWillSendRequest" {
            self.fetches.document(raw);
            return;
        }
        let slot = match self.threads.slot(raw.thread()) {
            Slot::Kept(slot) => slot,
            Slot::Foreign => return,
            Slot::TooMany => {
                self.incomplete = true;
                return;
            }
        };
        self.threads.note(raw, slot);
        let taken = match &*raw.name {
            "UpdateCounters" => self.gauges.take(raw, slot),
            "Animation" => self.animations.take(raw, slot),
            name if name.starts_with("Resource") => self.fetches.take(raw, slot),
            _ => match raw.read(&self.frame, slot, &mut self.ids) {
                Some(_) if self.events.len() >= MOST_EVENTS => false,
                Some(event) => {
                    self.events.push(event);
                    true
                }
                None => true,
            },
        };
        self.incomplete |= !taken;
    }

    fn finish(self) -> Trace {
        let (mut threads, frames, places) = self.threads.finish();
        let mut events = self.events;
        keep(&mut events, &places, self.last_us);
        events.sort_by(|a, b| {
            a.start_us
                .total_cmp(&b.start_us)
                .then(b.wall_us.total_cmp(&a.wall_us))
        });
        number_evaluations(&mut events);
        add_up(&events, &mut threads);
        Trace {
            events,
            incomplete: self.incomplete,
            threads,
            frames,
            fetches: self.fetches.finish(&places),
            gauges: self.gauges.finish(&places),
            animations: self.animations.finish(&places),
            ..Trace::default()
        }
    }
}

/// Leaves the events of the page's threads, and ends those that were going on with the trace.
fn keep(events: &mut Vec<TraceEvent>, places: &[Option<Place>], last_us: f64) {
    events.retain_mut(|event| {
        let Some(place) = places[event.thread as usize] else {
            return false;
        };
        event.thread = place.thread;
        if !place.scripts {
            event.script = 0;
        }
        if event.wall_us == CUT {
            event.wall_us = last_us - event.start_us;
        }
        true
    });
    events.shrink_to_fit();
}

/// Chromium knows a script's number only from its compilation on: within the evaluation.
fn number_evaluations(events: &mut [TraceEvent]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..events.len() {
        if events[at].thread != 0 {
            continue;
        }
        let start_us = events[at].start_us;
        while open
            .last()
            .is_some_and(|&last| events[last].start_us + events[last].wall_us <= start_us)
        {
            open.pop();
        }
        match (events[at].name.as_str(), open.last()) {
            ("EvaluateScript", _) => open.push(at),
            ("v8.compile", Some(&last)) if events[last].script == 0 => {
                events[last].script = events[at].script;
            }
            _ => {}
        }
    }
}

/// CPU time of the tasks of each thread, without those inside another.
fn add_up(events: &[TraceEvent], threads: &mut [TraceThread]) {
    let mut until_us = vec![0.0; threads.len()];
    for task in events.iter().filter(|event| event.name == "RunTask") {
        let thread = task.thread as usize;
        if task.start_us >= until_us[thread] {
            until_us[thread] = task.start_us + task.wall_us;
            threads[thread].cpu_us += task.cpu_us;
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
