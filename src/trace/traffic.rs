//! What a tag asked the network for: the page's side and the stage's side of each request, joined.

use std::collections::{HashMap, VecDeque};

use super::readable::{READ_AT_MOST, readings};
use super::{Evidence, Lineage, Node, hosts, without_query};
use crate::model::{Answer, CodeLocation, Fetch, Request};

/// Events in which the page's code runs.
const RUNS: &[&str] = &["FunctionCall", "EvaluateScript"];

/// Kinds of Chromium's that bring code.
const CODE: &[&str] = &["Script", "Document", "Stylesheet"];

/// One request of a visit.
pub struct Exchange<'v> {
    pub url: &'v str,
    pub asked_by: AskedBy,
    /// As the page made it; `None` where the trace does not tell who asked.
    pub fetch: Option<&'v Fetch>,
    /// As the stage saw it; `None` where it never came there, as from the browser's cache.
    pub request: Option<&'v Request>,
}

impl<'v> Exchange<'v> {
    pub fn host(&self) -> Option<String> {
        hosts::host(self.url)
    }

    /// It brought code: a script, a style sheet, a document in a frame.
    pub fn is_code(&self) -> bool {
        match (self.fetch, self.request) {
            (Some(fetch), _) => CODE.contains(&fetch.kind.as_str()),
            (None, Some(request)) => matches!(
                request.destination.as_str(),
                "script" | "style" | "iframe" | "document" | "worker"
            ),
            (None, None) => false,
        }
    }

    /// What it carries goes out: data that is sent, or a picture that is asked for only to tell of something.
    pub fn is_beacon(&self) -> bool {
        if let Some(request) = self.request
            && (request.answer == Answer::Beacon || request.received_bytes > 0)
        {
            return true;
        }
        let api = self.fetch.map_or("", |fetch| fetch.api.as_str());
        match api {
            "beacon" => true,
            "fetch" | "xmlhttprequest" | "img" | "image" => self.received() < SMALL,
            _ => false,
        }
    }

    pub fn method(&self) -> &'v str {
        let page = self.fetch.map(|fetch| fetch.method.as_str());
        let stage = self.request.map(|request| request.method.as_str());
        page.or(stage).unwrap_or("GET")
    }

    pub fn status(&self) -> u16 {
        let stage = self.request.map(|request| request.status);
        let page = self.fetch.map(|fetch| fetch.status);
        stage.filter(|status| *status > 0).or(page).unwrap_or(0)
    }

    /// It did not get what it asked for.
    pub fn failed(&self) -> bool {
        let refused = self
            .request
            .is_some_and(|request| matches!(request.answer, Answer::Refused | Answer::Missing));
        refused || self.status() >= 400
    }

    /// Bytes that came.
    pub fn received(&self) -> f64 {
        let stage = self.request.map(|request| request.sent_bytes as f64);
        let page = self.fetch.map(|fetch| fetch.encoded_bytes.max(0.0));
        stage.or(page).unwrap_or(0.0)
    }

    /// Bytes of the body that went out.
    pub fn sent(&self) -> f64 {
        self.request
            .map_or(0.0, |request| request.received_bytes as f64)
    }

    /// When it began, on the trace's clock.
    pub fn start_us(&self) -> Option<f64> {
        self.fetch.map(|fetch| fetch.start_us)
    }

    /// A header of the response, where the origin says what it sends.
    pub fn header(&self, name: &str) -> Option<&'v str> {
        let headers = self.request.map_or(&[][..], |request| &request.headers);
        let found = headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The address and the body as a person would read them; see [`readings`].
    pub fn readings(&self) -> Vec<(Part, String)> {
        let body = self.request.and_then(|request| request.body.as_deref());
        let parts = [(Part::Address, Some(self.url)), (Part::Body, body)];
        let mut all = Vec::new();
        for (part, text) in parts {
            let text = text.filter(|text| text.len() <= READ_AT_MOST);
            all.extend(text.into_iter().flat_map(readings).map(|text| (part, text)));
        }
        all
    }
}

/// Who asked for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// The tag in question, or something it brought.
    Tag,
    /// Other code, or a frame that other code brought.
    Others,
    /// The trace does not say: images that script makes are asked for after it has returned.
    Unknown,
}

/// Answers to beacons are no larger.
const SMALL: f64 = 1000.0;

/// Where in a request something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Address,
    Body,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Part::Address => "address",
            Part::Body => "body",
        })
    }
}

impl<'v> Evidence<'v> {
    /// All requests that were not cut off, in order of their start; those that the stage saw and the trace did not
    /// are at the end. Empty in a visit that was not traced.
    pub fn traffic(&self) -> &[Exchange<'v>] {
        self.traffic.get_or_init(|| {
            let Some(trace) = self.trace() else {
                return Vec::new();
            };
            let mut seen = BySource::new(&self.visit.requests);
            let mut all = Vec::new();
            for fetch in &trace.fetches {
                let request = seen.take(&fetch.method, &fetch.url);
                let cut = request.is_some_and(|request| request.answer == Answer::Blocked);
                if !cut && hosts::host(&fetch.url).is_some() {
                    all.push(Exchange {
                        url: &fetch.url,
                        asked_by: self.asked_by(fetch),
                        fetch: Some(fetch),
                        request,
                    });
                }
            }
            let rest = seen
                .left()
                .filter(|request| request.answer != Answer::Blocked && request.method != "OPTIONS");
            all.extend(rest.map(|request| Exchange {
                url: &request.url,
                asked_by: if self.is_tags(&at(&request.url), 0) {
                    AskedBy::Tag
                } else {
                    AskedBy::Unknown
                },
                fetch: None,
                request: Some(request),
            }));
            all
        })
    }

    fn asked_by(&self, fetch: &'v Fetch) -> AskedBy {
        // The page may have wrapped what the tag called.
        let mut stack = fetch.stack.iter();
        let on_stack = stack.any(|frame| self.is_tags(&frame.code, frame.script));
        if on_stack || self.asked_by_tag(fetch) {
            return AskedBy::Tag;
        }
        let lineage = self.lineage();
        let told = !fetch.stack.is_empty()
            || lineage.fetch_bringer(fetch).is_some()
            || lineage.frame(&fetch.frame).is_some();
        if told {
            AskedBy::Others
        } else {
            AskedBy::Unknown
        }
    }

    /// The code that asked for it: of the stack the first that is the tag's, else the innermost; the page's own
    /// functions are on the way when the page has wrapped the browser's. Without a stack, what the browser called
    /// last in the same task; for the tag's requests, failing that, the first of its scripts that ran.
    pub fn asker(&self, exchange: &Exchange<'v>) -> Option<(&'v CodeLocation, u32)> {
        let fetch = exchange.fetch?;
        let own = fetch
            .stack
            .iter()
            .find(|frame| self.is_tags(&frame.code, frame.script));
        if let Some(frame) = own.or(fetch.stack.first()) {
            return Some((&frame.code, frame.script));
        }
        let tags = |node: &&Node<'v>| {
            let code = node.event.code.as_ref();
            RUNS.contains(&node.event.name.as_str())
                && code.is_some_and(|code| self.is_tags(code, node.event.script))
        };
        let nodes = &self.tree().nodes;
        let before = nodes.partition_point(|node| node.start_us <= fetch.start_us);
        let task = nodes[..before]
            .iter()
            .rposition(|node| node.parent.is_none());
        let within = nodes
            .get(task.unwrap_or(before)..before)
            .unwrap_or_default();
        let last = within.iter().rev().find(tags);
        let node = last.or_else(|| nodes.iter().find(tags))?;
        Some((node.event.code.as_ref()?, node.event.script))
    }

    /// How many scripts had to come one after the other before this one: 1 for one that the document asks for.
    pub fn scripts_before(&self, exchange: &Exchange<'v>) -> usize {
        let lineage: &Lineage<'v> = self.lineage();
        let Some(bringer) = exchange
            .fetch
            .and_then(|fetch| lineage.fetch_bringer(fetch))
        else {
            return 1;
        };
        let super::Bringer::Script(script) = bringer else {
            return 2;
        };
        let mut urls: Vec<&str> = Vec::new();
        for ancestor in lineage.ancestry(script) {
            let url = match ancestor {
                super::Bringer::Script(script) => script.url.as_str(),
                super::Bringer::Url(url) => url,
            };
            if !url.is_empty() && !lineage.is_document(url) && !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls.len() + 1
    }

    /// The host of the page under test.
    pub fn page_host(&self) -> Option<String> {
        hosts::host(&self.page().ok()?.url)
    }

    /// The host is neither the page's nor one of the same owner.
    pub fn is_third_party(&self, host: &str) -> bool {
        self.page_host()
            .is_some_and(|page| hosts::site(&page) != hosts::site(host))
    }
}

/// Requests that the stage saw, by method and address, the first first.
struct BySource<'v>(HashMap<(&'v str, &'v str), VecDeque<&'v Request>>);

impl<'v> BySource<'v> {
    fn new(requests: &'v [Request]) -> Self {
        let mut all: HashMap<(&str, &str), VecDeque<&Request>> = HashMap::new();
        for request in requests {
            let key = (request.method.as_str(), whole(&request.url));
            all.entry(key).or_default().push_back(request);
        }
        Self(all)
    }

    fn take(&mut self, method: &'v str, url: &'v str) -> Option<&'v Request> {
        self.0.get_mut(&(method, whole(url)))?.pop_front()
    }

    fn left(self) -> impl Iterator<Item = &'v Request> {
        let mut left: Vec<&Request> = self.0.into_values().flatten().collect();
        left.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
        left.into_iter()
    }
}

fn whole(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

fn at(url: &str) -> CodeLocation {
    CodeLocation {
        url: url.into(),
        ..CodeLocation::default()
    }
}

/// What two requests for the same thing have in common in two visits: method, and address without query.
pub fn endpoint<'v>(method: &'v str, url: &'v str) -> (&'v str, &'v str) {
    (method, without_query(url))
}
