//! What of a visit is one tag's: its own code, and all that this code brought.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::lineage::{Bringer, Lineage};
use crate::model::{CodeLocation, Fetch, Inventory, Script, TagInfo, ThreadKind, Visit};

/// No address that a tag is known by is longer; data URLs are.
const LONGEST_URL: usize = 4096;

/// The scripts, frames and threads that a tag brought.
#[derive(Default)]
pub struct Owned {
    scripts: HashSet<u32>,
    /// Of scripts that are owned wherever they run.
    urls: HashSet<String>,
    frames: HashSet<String>,
    threads: HashSet<u32>,
}

impl Owned {
    pub fn new<'v>(visit: &'v Visit, lineage: &Lineage<'v>, tag: &TagInfo) -> Self {
        let mut owned = Self::default();
        let mut known = HashMap::new();
        for script in lineage.scripts() {
            if is_tags(lineage, tag, script, &mut known, 0) {
                owned.scripts.insert(script.id);
                if !script.url.is_empty() && !lineage.is_document(&script.url) {
                    owned.urls.insert(script.url.clone());
                }
            }
        }
        let Some(trace) = &visit.trace else {
            return owned;
        };
        for frame in &trace.frames {
            let brought = lineage.frame_bringer(&frame.id);
            if owned.frames.contains(&frame.parent)
                || owned.bringer(brought, tag)
                || matches(tag, &frame.url)
            {
                owned.frames.insert(frame.id.clone());
            }
        }
        for (index, thread) in trace.threads.iter().enumerate() {
            let is = match thread.kind {
                ThreadKind::Page => false,
                ThreadKind::Frame => owned.frames.contains(&thread.frame),
                ThreadKind::Worker => {
                    owned.frames.contains(&thread.frame)
                        || matches(tag, &thread.url)
                        || owned.urls.contains(&thread.url)
                        || owned.opened(visit.inventory.as_ref(), &thread.url, tag)
                }
            };
            if is {
                owned.threads.extend(u32::try_from(index));
            }
        }
        owned
    }

    /// The code is the tag's or that of something it brought.
    pub fn code(&self, code: &CodeLocation, script: u32, tag: &TagInfo) -> bool {
        self.scripts.contains(&script)
            || self.urls.contains(&code.url)
            || (!code.url.is_empty() && matches(tag, &code.url))
    }

    /// The tag, or something it brought, asked for this, or it is the tag's own code.
    pub fn fetch<'v>(&self, fetch: &'v Fetch, lineage: &Lineage<'v>, tag: &TagInfo) -> bool {
        matches(tag, &fetch.url)
            || self.frames.contains(&fetch.frame)
            || self.threads.contains(&fetch.thread)
            || self.bringer(lineage.fetch_bringer(fetch), tag)
    }

    pub fn frame(&self, id: &str) -> bool {
        self.frames.contains(id)
    }

    /// Index into the trace's threads.
    pub fn thread(&self, index: u32) -> bool {
        self.threads.contains(&index)
    }

    fn bringer(&self, bringer: Option<Bringer>, tag: &TagInfo) -> bool {
        match bringer {
            None => false,
            Some(Bringer::Script(script)) => self.scripts.contains(&script.id),
            Some(Bringer::Url(url)) => self.urls.contains(url) || matches(tag, url),
        }
    }

    /// A call that opened the worker came from the tag's code.
    fn opened(&self, inventory: Option<&Inventory>, url: &str, tag: &TagInfo) -> bool {
        let mut acts = inventory.into_iter().flat_map(|all| &all.acts);
        acts.any(|act| act.kind == "worker" && act.what == url && self.code(&act.code, 0, tag))
    }
}

fn is_tags<'v>(
    lineage: &Lineage<'v>,
    tag: &TagInfo,
    script: &'v Script,
    known: &mut HashMap<u32, bool>,
    depth: usize,
) -> bool {
    if let Some(&known) = known.get(&script.id) {
        return known;
    }
    // A script that is its own ancestor is damage, and nobody's.
    known.insert(script.id, false);
    let is = is_own(lineage, tag, script)
        || match lineage.bringer(script) {
            Some(Bringer::Script(parent)) if depth < 64 => {
                is_tags(lineage, tag, parent, known, depth + 1)
            }
            Some(Bringer::Url(url)) => matches(tag, url),
            _ => false,
        };
    known.insert(script.id, is);
    is
}

/// The script is the tag's own code, and not only brought by it.
pub fn is_own(lineage: &Lineage, tag: &TagInfo, script: &Script) -> bool {
    if script.url.is_empty() || lineage.is_document(&script.url) {
        has_text(tag, script)
    } else {
        matches(tag, &script.url)
    }
}

/// The address is one that the tag's own code has.
pub fn matches(tag: &TagInfo, url: &str) -> bool {
    url.len() <= LONGEST_URL && tag.urls.iter().any(|pattern| pattern.matches(url))
}

/// The script's text is one of the inline scripts of the tag's HTML.
fn has_text(tag: &TagInfo, script: &Script) -> bool {
    let Some(source) = script.source.as_ref().filter(|_| !tag.inline.is_empty()) else {
        return false;
    };
    tag.inline.contains(&digest(source))
}

/// SHA-256 of a script's text, hexadecimal, as in [`TagInfo::inline`].
pub fn digest(source: &str) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(source.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
