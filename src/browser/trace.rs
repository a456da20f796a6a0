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
        }
    }
}
