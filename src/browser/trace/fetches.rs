//! Requests, put together from the events of their stations.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::super::Fetch;
use super::super::stack::{self, Counting, RawFrame};
use super::Thread;
use super::event::Raw;
use super::threads::Place;

const MOST: usize = 100_000;

#[derive(Default)]
pub(super) struct Fetches {
    /// With the slot of the asking thread.
    all: Vec<(u32, Fetch)>,
    /// The last of a process and Chromium's number for it.
    open: HashMap<(i64, String), usize>,
    /// When the browser's own process asked for a document, which its renderer tells only afterwards.
    documents: HashMap<String, f64>,
}

impl Fetches {
    /// `false` if there are too many.
    #[must_use]
    pub fn take(&mut self, raw: &Raw, slot: u32) -> bool {
        let Args { data } = raw.args();
        let (process, _): Thread = raw.thread();
        let key = (process, stack::name(&data.request));
        match &*raw.name {
            "ResourceSendRequest" => return self.send(raw.ts, slot, key, &data),
            "ResourceReceiveResponse" => self.change(&key, |fetch| {
                fetch.response_us = Some(raw.ts);
                fetch.status = data.status;
                fetch.from_cache = data.from_cache;
            }),
            "ResourceReceivedData" => self.change(&key, |fetch| {
                fetch.encoded_bytes += data.encoded.max(0.0);
            }),
            "ResourceFinish" => self.change(&key, |fetch| {
                fetch.end_us = Some(raw.ts);
                fetch.decoded_bytes = data.decoded.max(0.0);
                // The head's bytes too.
                fetch.encoded_bytes = fetch.encoded_bytes.max(data.encoded);
            }),
            _ => {}
        }
        true
    }

    /// The browser's own process begins to load a document.
    pub fn document(&mut self, raw: &Raw) {
        let Args { data } = raw.args();
        if self.documents.len() < MOST {
            self.documents.insert(stack::name(&data.request), raw.ts);
        }
    }

    fn change(&mut self, key: &(i64, String), change: impl FnOnce(&mut Fetch)) {
        if let Some(&at) = self.open.get(key) {
            change(&mut self.all[at].1);
        }
    }

    fn send(&mut self, at_us: f64, slot: u32, key: (i64, String), data: &Data) -> bool {
        if self.all.len() >= MOST {
            return false;
        }
        let began = self.documents.remove(&key.1);
        let mut fetch = data.fetch();
        fetch.start_us = began.unwrap_or(at_us).min(at_us);
        // The same number again is a redirect, whose initiator is whatever is at work when it comes.
        if let Some(&before) = self.open.get(&key) {
            let before = &mut self.all[before].1;
            before.end_us.get_or_insert(at_us);
            fetch.initiator.clone_from(&before.initiator);
            fetch.api.clone_from(&before.api);
            fetch.initiator_url.clone_from(&before.initiator_url);
            fetch.stack.clone_from(&before.stack);
            fetch.preload = before.preload;
        }
        self.open.insert(key, self.all.len());
        self.all.push((slot, fetch));
        true
    }

    /// Those of kept threads, in order of their start.
    pub fn finish(self, places: &[Option<Place>]) -> Vec<Fetch> {
        let own = self.all.into_iter().filter_map(|(slot, mut fetch)| {
            let place = places[slot as usize]?;
            fetch.thread = place.thread;
            if !place.scripts {
                fetch.stack.iter_mut().for_each(|frame| frame.script = 0);
            }
            Some(fetch)
        });
        let mut fetches: Vec<Fetch> = own.collect();
        fetches.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        fetches
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Args<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow, rename = "requestId")]
    request: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow, rename = "requestMethod")]
    method: Cow<'a, str>,
    #[serde(borrow, rename = "resourceType")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    frame: Cow<'a, str>,
    #[serde(borrow)]
    initiator: Initiator<'a>,
    #[serde(rename = "isLinkPreload")]
    preload: bool,
    #[serde(borrow)]
    priority: Cow<'a, str>,
    #[serde(borrow, rename = "renderBlocking")]
    blocking: Cow<'a, str>,
    #[serde(borrow, rename = "stackTrace")]
    stack: Vec<RawFrame<'a>>,
    #[serde(rename = "statusCode")]
    status: u16,
    #[serde(rename = "fromCache")]
    from_cache: bool,
    #[serde(rename = "encodedDataLength")]
    encoded: f64,
    #[serde(rename = "decodedBodyLength")]
    decoded: f64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Initiator<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, rename = "fetchType")]
    api: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

impl Data<'_> {
    fn fetch(&self) -> Fetch {
        let stack = stack::frames(&self.stack, Counting::FromOne);
        let asker = match &*self.initiator.url {
            "" => stack.first().map(|frame| frame.code.url.clone()),
            url => Some(stack::url(url)),
        };
        let initiator = match (&*self.initiator.kind, &*self.initiator.api) {
            // Chromium calls it the parser's: the style sheet's.
            (_, "css") => "css",
            ("", _) => "other",
            (kind, _) => kind,
        };
        Fetch {
            url: stack::url(&self.url),
            method: stack::name(&self.method),
            kind: stack::name(&self.kind),
            preload: self.preload,
            render_blocking: stack::name(&self.blocking),
            priority: stack::name(&self.priority),
            initiator: stack::name(initiator),
            api: stack::name(&self.initiator.api),
            initiator_url: asker.unwrap_or_default(),
            stack,
            frame: stack::name(&self.frame),
            ..Fetch::default()
        }
    }
}
