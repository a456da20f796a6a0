//! Who brought which code: what a script made, loaded or opened counts for it.

use std::collections::HashMap;

use crate::model::{ChildFrame, CodeLocation, Fetch, Script, StackFrame, Visit};

/// Longer chains than this are no chains but damage.
const LONGEST_CHAIN: usize = 64;

/// Code without a URL, in a chain.
const INLINE: &str = "(inline)";

/// The scripts, frames and requests of a traced visit, and how each came about.
#[derive(Default)]
pub struct Lineage<'v> {
    scripts: HashMap<u32, &'v Script>,
    by_url: HashMap<&'v str, u32>,
    frames: HashMap<&'v str, &'v ChildFrame>,
    /// The first request for a URL tells who brought it.
    fetches: HashMap<&'v str, &'v Fetch>,
    documents: Vec<&'v str>,
}

impl<'v> Lineage<'v> {
    pub fn new(visit: &'v Visit) -> Self {
        let Some(trace) = &visit.trace else {
            return Self::default();
        };
        let pages = visit.pages.iter().map(|page| page.url.as_str());
        let frames = trace.frames.iter().map(|frame| frame.url.as_str());
        let mut lineage = Self {
            documents: pages.chain(frames).map(whole).collect(),
            ..Self::default()
        };
        for script in &trace.scripts {
            lineage.scripts.insert(script.id, script);
            if !lineage.is_document(&script.url) && !script.url.is_empty() {
                lineage.by_url.entry(&script.url).or_insert(script.id);
            }
        }
        for frame in &trace.frames {
            lineage.frames.insert(&frame.id, frame);
        }
        for fetch in &trace.fetches {
            lineage.fetches.entry(&fetch.url).or_insert(fetch);
        }
        lineage
    }

    pub fn script(&self, id: u32) -> Option<&'v Script> {
        self.scripts.get(&id).copied()
    }

    pub fn frame(&self, id: &str) -> Option<&'v ChildFrame> {
        self.frames.get(id).copied()
    }

    /// All scripts, in no order.
    pub fn scripts(&self) -> impl Iterator<Item = &'v Script> {
        self.scripts.values().copied()
    }

    /// The script that holds the code: by its number, or by its URL where that is a file's.
    pub fn script_of(&self, code: &CodeLocation, script: u32) -> Option<&'v Script> {
        let by_number = self.script(script);
        by_number.or_else(|| self.script(*self.by_url.get(code.url.as_str())?))
    }

    /// The URL is that of the page or of a frame in it: code there is inline code.
    pub fn is_document(&self, url: &str) -> bool {
        self.documents.contains(&whole(url))
    }

    /// Who brought a script; `None` for what stands in a document.
    pub fn bringer(&self, script: &'v Script) -> Option<Bringer<'v>> {
        if let Some(maker) = script.made_by.first() {
            return self.by_stack(maker);
        }
        if script.url.is_empty() || self.is_document(&script.url) {
            return self.frame_bringer(&script.frame);
        }
        let fetch = self.fetches.get(script.url.as_str())?;
        self.fetch_bringer(fetch)
            .or_else(|| self.frame_bringer(&script.frame))
    }

    /// Who asked for a request; `None` for what the document itself asks for.
    pub fn fetch_bringer(&self, fetch: &'v Fetch) -> Option<Bringer<'v>> {
        if let Some(asker) = fetch.stack.first() {
            return self.by_stack(asker);
        }
        let asker = &fetch.initiator_url;
        if asker.is_empty() || self.is_document(asker) || *asker == fetch.url {
            return self.frame_bringer(&fetch.frame);
        }
        let script = self.script(*self.by_url.get(asker.as_str())?)?;
        Some(Bringer::Script(script))
    }

    /// Who attached a frame; `None` for the page's own, and for frames that stand in its document.
    pub fn frame_bringer(&self, frame: &str) -> Option<Bringer<'v>> {
        let mut id = frame;
        // Frames that stand in each other are damage.
        for _ in 0..LONGEST_CHAIN {
            let frame = self.frame(id)?;
            if let Some(maker) = frame.made_by.first() {
                return self.by_stack(maker);
            }
            id = &frame.parent;
        }
        None
    }

    /// The script, then who brought it, and so on to the page.
    pub fn ancestry(&self, script: &'v Script) -> Vec<Bringer<'v>> {
        let mut line = vec![Bringer::Script(script)];
        let mut at = Some(script);
        while let Some(bringer) = at.and_then(|script| self.bringer(script)) {
            if line.len() >= LONGEST_CHAIN {
                break;
            }
            line.push(bringer);
            at = match bringer {
                Bringer::Script(script) => Some(script),
                Bringer::Url(_) => None,
            };
        }
        line
    }

    /// The URLs from the page to the script: `(inline)` for code without one of its own.
    pub fn chain(&self, script: &'v Script) -> Vec<String> {
        let page = self.documents.first().map(|url| (*url).to_owned());
        let line = self.ancestry(script);
        let name = |bringer: &Bringer<'v>| match bringer {
            Bringer::Script(script) if script.url.is_empty() || self.is_document(&script.url) => {
                INLINE.to_owned()
            }
            Bringer::Script(script) => script.url.clone(),
            Bringer::Url(url) => (*url).to_owned(),
        };
        page.into_iter()
            .chain(line.iter().rev().map(name))
            .collect()
    }

    fn by_stack(&self, frame: &'v StackFrame) -> Option<Bringer<'v>> {
        if let Some(script) = self.script_of(&frame.code, frame.script) {
            return Some(Bringer::Script(script));
        }
        let url = frame.code.url.as_str();
        (!url.is_empty()).then_some(Bringer::Url(url))
    }
}

/// What brought something: a script that was seen, or only its URL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bringer<'v> {
    Script(&'v Script),
    Url(&'v str),
}

fn whole(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}
