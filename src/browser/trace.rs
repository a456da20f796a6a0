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
pub fn read_trace<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>, frame: &str) -> Trace {
    let mut reader = Reader::new(frame);
    for piece in pieces {
        reader.push(piece.as_ref());
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
mod tests;
