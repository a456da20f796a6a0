//! Numbers that join the asking with the running.
//!
//! Chromium counts timers, animation frames and idle callbacks from 1 in each document, so that their numbers
//! mean something only together with the frame. Here they become unique in the trace.

use std::collections::HashMap;

/// What an event's number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Join {
    /// It has none.
    None,
    Timer,
    AnimationFrame,
    IdleCallback,
    /// Of `scheduler.postTask`.
    Task,
    /// It is sent from one thread to another.
    Message,
}

#[derive(Default)]
pub(super) struct Ids {
    frames: HashMap<Box<str>, u32>,
    known: HashMap<(Join, u32, u32, u64), u32>,
}

impl Ids {
    /// The unique number; 0 for an event without one. A number that a later document of the frame counts
    /// again stays the same, as what the earlier one asked for never runs.
    pub fn join(&mut self, join: Join, slot: u32, frame: &str, number: Option<u64>) -> u32 {
        let Some(number) = number.filter(|_| join != Join::None) else {
            return 0;
        };
        let key = match join {
            Join::Message => (join, 0, 0, number),
            _ => (join, slot, self.frame(frame), number),
        };
        let next = u32::try_from(self.known.len() + 1).unwrap_or(0);
        *self.known.entry(key).or_insert(next)
    }

    fn frame(&mut self, frame: &str) -> u32 {
        if let Some(&known) = self.frames.get(frame) {
            return known;
        }
        let next = u32::try_from(self.frames.len()).unwrap_or(0);
        // A frame's id has 32 characters; anything else is none.
        if frame.len() <= 64 {
            self.frames.insert(frame.into(), next);
        }
        next
    }
}
