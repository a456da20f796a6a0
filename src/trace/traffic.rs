//! What a tag asked the network for: the page's side and the stage's side of each request, joined.

use std::collections::{HashMap, VecDeque};

use super::readable::{READ_AT_MOST, readings};
use super::{Evidence, Lineage, hosts, without_query};
use crate::model::{Answer, CodeLocation, Fetch, Request};

/// Kinds of Chromium's that bring code.
const CODE: &[&str] = &["Script", "Document", "Stylesheet"];

/// One request of the tag's, or of something it brought.
pub struct Exchange<'v> {
    pub url: &'v str,
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
    /// The requests of the tag in question and of what it brought, in order of their start; those that the stage
    /// saw and the trace did not are at the end.
    pub fn traffic(&self) -> &[Exchange<'v>] {
        self.traffic.get_or_init(|| {
            let Some(trace) = self.trace() else {
                return Vec::new();
            };
            let mut seen = BySource::new(&self.visit.requests);
            let mut own = Vec::new();
            for fetch in &trace.fetches {
                let request = seen.take(&fetch.method, &fetch.url);
                let cut = request.is_some_and(|request| request.answer == Answer::Blocked);
                if !cut && hosts::host(&fetch.url).is_some() && self.asked_by_tag(fetch) {
                    own.push(Exchange {
                        url: &fetch.url,
                        fetch: Some(fetch),
                        request,
                    });
                }
            }
            let rest = seen.left().filter(|request| {
                !matches!(request.answer, Answer::Blocked)
                    && request.method != "OPTIONS"
                    && self.is_tags(&at(&request.url), 0)
            });
            own.extend(rest.map(|request| Exchange {
                url: &request.url,
                fetch: None,
                request: Some(request),
            }));
            own
        })
    }

    /// The code that asked for it: of the stack the first that is the tag's, else the innermost. The page's own
    /// functions are on the way when the page has wrapped the browser's.
    pub fn asker(&self, exchange: &Exchange<'v>) -> Option<(&'v CodeLocation, u32)> {
        let stack = &exchange.fetch?.stack;
        let own = stack
            .iter()
            .find(|frame| self.is_tags(&frame.code, frame.script));
        let frame = own.or(stack.first())?;
        Some((&frame.code, frame.script))
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
