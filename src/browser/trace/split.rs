//! Cuts the array `traceEvents` into its elements while the text is still arriving, so that a trace of
//! hundreds of megabytes is never in memory as a whole.

const KEY: &[u8] = b"\"traceEvents\"";

#[derive(Default)]
pub(super) struct Splitter {
    place: Place,
    /// What has arrived and is not yet dealt with.
    buffer: Vec<u8>,
    /// How far the buffer has been looked at.
    seen: usize,
    /// Open brackets within the current element.
    depth: usize,
    in_string: bool,
    escaped: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Before,
    Key,
    Array,
    After,
}

impl Splitter {
    /// Hands every element that is now complete to `each`.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&[u8])) {
        if self.place == Place::After {
            return;
        }
        self.buffer.extend_from_slice(chunk);
        if self.place == Place::Before {
            let Some(at) = find(&self.buffer, KEY) else {
                // The key may have been cut in two.
                self.buffer
                    .drain(..self.buffer.len().saturating_sub(KEY.len()));
                return;
            };
            self.seen = at + KEY.len();
            self.place = Place::Key;
        }
        let mut start = 0;
        while self.seen < self.buffer.len() && self.place != Place::After {
            let byte = self.buffer[self.seen];
            self.seen += 1;
            if self.place == Place::Key {
                if byte == b'[' {
                    self.place = Place::Array;
                }
                start = self.seen;
            } else if self.depth == 0 {
                match byte {
                    b'{' => {
                        start = self.seen - 1;
                        self.depth = 1;
                    }
                    b']' => self.place = Place::After,
                    _ => {}
                }
            } else if self.step(byte) {
                each(&self.buffer[start..self.seen]);
                start = self.seen;
            }
        }
        let rest = if self.depth == 0 { self.seen } else { start };
        self.buffer.drain(..rest);
        self.seen -= rest;
    }

    /// Whether the array was closed.
    pub fn is_complete(&self) -> bool {
        self.place == Place::After
    }

    /// Takes one byte of an element; `true` when it was the last.
    fn step(&mut self, byte: u8) -> bool {
        match (self.in_string, byte) {
            (true, _) if self.escaped => self.escaped = false,
            (true, b'\\') => self.escaped = true,
            (_, b'"') => self.in_string = !self.in_string,
            (false, b'{' | b'[') => self.depth += 1,
            (false, b'}' | b']') => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
