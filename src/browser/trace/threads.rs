//! Which threads run the page and what it embeds, and which documents they show.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::super::stack;
use super::super::{ChildFrame, ThreadKind, TraceThread};
use super::Thread;
use super::event::Raw;

/// A browser has some hundred.
const MOST_THREADS: usize = 10_000;
const MOST_FRAMES: usize = 5_000;

pub(super) struct Threads {
    /// The page's main frame.
    frame: String,
    slots: HashMap<Thread, u32>,
    known: Vec<Known>,
    /// Documents of frames within the page, by the frame's id.
    documents: HashMap<String, usize>,
    committed: Vec<(u32, ChildFrame)>,
}

/// What is known of a thread.
#[derive(Default)]
struct Known {
    /// Chromium gave it a name that no thread with a page's code has.
    foreign: bool,
    /// When the page's main frame last began to navigate on it.
    page_us: Option<f64>,
    /// The page's last document.
    page_url: Option<String>,
    /// The last document of another frame: URL and frame.
    document: Option<(String, String)>,
    /// The worker's script, and the frame that made it.
    worker: Option<(String, String)>,
}

/// Where a thread's events go.
pub(super) enum Slot {
    Kept(u32),
    Foreign,
    TooMany,
}

/// A thread in the finished trace.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub thread: u32,
    /// The numbers of its scripts are those of the page's last process.
    pub scripts: bool,
}

impl Threads {
    pub fn new(frame: &str) -> Self {
        Self {
            frame: frame.into(),
            slots: HashMap::new(),
            known: Vec::new(),
            documents: HashMap::new(),
            committed: Vec::new(),
        }
    }

    pub fn slot(&mut self, thread: Thread) -> Slot {
        let next = self.known.len();
        let slot = match self.slots.get(&thread) {
            Some(&slot) => slot,
            None if next >= MOST_THREADS => return Slot::TooMany,
            None => {
                let slot = u32::try_from(next).unwrap_or(u32::MAX);
                self.slots.insert(thread, slot);
                self.known.push(Known::default());
                slot
            }
        };
        if self.known[slot as usize].foreign {
            Slot::Foreign
        } else {
            Slot::Kept(slot)
        }
    }

    /// Takes what the event tells of its thread, if it does.
    pub fn note(&mut self, raw: &Raw, slot: u32) {
        let known = &mut self.known[slot as usize];
        match &*raw.name {
            "thread_name" => {
                let named: Named = raw.args();
                known.foreign = !runs_pages(&named.name);
            }
            "navigationStart" => {
                let started: Started = raw.args();
                if started.frame == self.frame {
                    let last = known.page_us.unwrap_or(0.0);
                    known.page_us = Some(raw.ts.max(last));
                }
            }
            "TracingSessionIdForWorker" => {
                let told: Told = raw.args();
                known.worker = Some((stack::url(&told.data.url), stack::name(&told.data.frame)));
            }
            "CommitLoad" => {
                let told: Told = raw.args();
                let Details { url, frame, parent } = told.data;
                let document = (stack::url(&url), stack::name(&frame));
                if frame == self.frame {
                    known.page_url = Some(document.0);
                } else if !frame.is_empty() {
                    self.commit(slot, &document, stack::name(&parent));
                    self.known[slot as usize].document = Some(document);
                }
            }
            _ => {}
        }
    }

    fn commit(&mut self, slot: u32, (url, frame): &(String, String), parent: String) {
        match self.documents.get(frame) {
            Some(&at) => {
                self.committed[at].0 = slot;
                self.committed[at].1.url.clone_from(url);
            }
            None if self.committed.len() >= MOST_FRAMES => {}
            None => {
                self.documents.insert(frame.clone(), self.committed.len());
                let frame = ChildFrame {
                    id: frame.clone(),
                    parent,
                    url: url.clone(),
                    made_by: Vec::new(),
                };
                self.committed.push((slot, frame));
            }
        }
    }

    /// The page's threads, its frames, and for each slot the thread that it is.
    pub fn finish(self) -> (Vec<TraceThread>, Vec<ChildFrame>, Vec<Option<Place>>) {
        let pages = self.known.iter().filter_map(|known| known.page_us);
        let last_us = pages.fold(0.0, f64::max);
        let mut threads = vec![TraceThread {
            frame: self.frame.clone(),
            ..TraceThread::default()
        }];
        let mut places = Vec::with_capacity(self.known.len());
        for known in self.known {
            places.push(match known.page_us {
                Some(page_us) => {
                    let scripts = page_us >= last_us;
                    if let Some(url) = known.page_url.filter(|_| scripts) {
                        threads[0].url = url;
                    }
                    Some(Place { thread: 0, scripts })
                }
                None => known.other().map(|thread| {
                    threads.push(thread);
                    Place {
                        thread: u32::try_from(threads.len() - 1).unwrap_or(0),
                        scripts: false,
                    }
                }),
            });
        }
        let kept = |slot: u32| places[slot as usize].is_some();
        let frames = self.committed.into_iter().filter(|(slot, _)| kept(*slot));
        let frames = frames.map(|(_, frame)| frame).collect();
        (threads, frames, places)
    }
}

impl Known {
    /// The thread of a worker, or of a frame in a process of its own.
    fn other(self) -> Option<TraceThread> {
        let (kind, (url, frame)) = match (self.worker, self.document) {
            (Some(worker), _) => (ThreadKind::Worker, worker),
            (None, Some(document)) => (ThreadKind::Frame, document),
            (None, None) => return None,
        };
        let schemes = ["http:", "https:", "blob:", "data:"];
        let shows = schemes.iter().any(|scheme| url.starts_with(scheme));
        if kind == ThreadKind::Frame && !shows {
            return None;
        }
        Some(TraceThread {
            kind,
            url,
            frame,
            cpu_us: 0.0,
        })
    }
}

/// Main threads of renderers, and workers; Chromium names a thread before its first event.
fn runs_pages(name: &str) -> bool {
    name == "CrRendererMain" || name.ends_with("Worker thread") || name.ends_with("Worklet thread")
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Started<'a> {
    #[serde(borrow)]
    frame: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told<'a> {
    #[serde(borrow)]
    data: Details<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    frame: Cow<'a, str>,
    #[serde(borrow)]
    parent: Cow<'a, str>,
}
