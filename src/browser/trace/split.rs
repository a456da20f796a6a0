//! Cuts the array `traceEvents` into its elements while the text is still arriving, so that a trace of
//! hundreds of megabytes is never in memory as a whole.

const KEY: &[u8] = b"\"traceEvents\"";

/// Longer elements are passed over: no event of a real page comes near.
const MOST_BYTES: usize = 16 << 20;

#[derive(Default)]
pub(super) struct Splitter {
    place: Place,
    /// What has arrived of an element, or of the key, whose end has not.
    pending: Vec<u8>,
    /// Open brackets within the current element.
    depth: usize,
    in_string: bool,
    escaped: bool,
    too_long: bool,
    lost: bool,
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
        match self.place {
            Place::After => {}
            Place::Before => {
                self.pending.extend_from_slice(chunk);
                let Some(at) = find(&self.pending, KEY) else {
                    // The key may have been cut in two.
                    let kept = self.pending.len().saturating_sub(KEY.len());
                    self.pending.drain(..kept);
                    return;
                };
                let head = std::mem::take(&mut self.pending);
                self.place = Place::Key;
                self.scan(&head[at + KEY.len()..], &mut each);
            }
            Place::Key | Place::Array => self.scan(chunk, &mut each),
        }
    }

    /// Whether all elements were seen and the array was closed.
    pub fn is_complete(&self) -> bool {
        self.place == Place::After && !self.lost
    }

    fn scan(&mut self, text: &[u8], each: &mut impl FnMut(&[u8])) {
        let mut at = 0;
        if self.place == Place::Key {
            let Some(opened) = text.iter().position(|byte| *byte == b'[') else {
                return;
            };
            self.place = Place::Array;
            at = opened + 1;
        }
        while at < text.len() {
            let start = at;
            if self.depth == 0 {
                let begins = text[at..].iter().position(|b| matches!(b, b'{' | b']'));
                let Some(begins) = begins else {
                    return;
                };
                at += begins;
                if text[at] == b']' {
                    self.place = Place::After;
                    return;
                }
                self.depth = 1;
                match self.end_of_element(&text[at + 1..]) {
                    Some(end) => {
                        each(&text[at..=at + end]);
                        at += 1 + end;
                    }
                    None => return self.keep(&text[at..]),
                }
            } else {
                match self.end_of_element(&text[at..]) {
                    Some(end) => at += end,
                    None => return self.keep(&text[at..]),
                }
                self.keep(&text[start..at]);
                if !std::mem::take(&mut self.too_long) {
                    each(&self.pending);
                }
                self.pending.clear();
            }
        }
    }

    /// Keeps a part of an element until its end arrives.
    fn keep(&mut self, part: &[u8]) {
        if self.too_long || self.pending.len() + part.len() > MOST_BYTES {
            self.too_long = true;
            self.lost = true;
            self.pending = Vec::new();
        } else {
            self.pending.extend_from_slice(part);
        }
    }

    /// One past the last byte of the element that is open; `None` if it goes on beyond `text`.
    fn end_of_element(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        if !text.is_empty() && std::mem::take(&mut self.escaped) {
            at = 1;
        }
        while at < text.len() {
            let rest = &text[at..];
            if self.in_string {
                at += rest.iter().position(|b| matches!(b, b'"' | b'\\'))?;
                if text[at] == b'"' {
                    self.in_string = false;
                } else {
                    // What is escaped may be in the next piece.
                    at += 1;
                    self.escaped = at == text.len();
                }
            } else {
                at += rest
                    .iter()
                    .position(|b| matches!(b, b'"' | b'{' | b'}' | b'[' | b']'))?;
                match text[at] {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    _ => self.depth -= 1,
                }
            }
            at += 1;
            if self.depth == 0 {
                return Some(at);
            }
        }
        None
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
