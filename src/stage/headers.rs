//! Response headers that an origin or a played file declares.

use std::sync::Arc;

use hyper::Response;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::body::Body;

/// What is declared; `None` where nothing is, and the stage sends what a static host would.
#[derive(Clone, Default)]
pub(super) struct Declared(Option<Arc<Vec<(HeaderName, HeaderValue)>>>);

/// How a response may be kept and sent, as far as it is logged; of cookies the name alone.
const TOLD: &[HeaderName] = &[
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::LOCATION,
    header::VARY,
    header::SET_COOKIE,
];

impl Declared {
    /// The name of what no server could send.
    pub(super) fn new(pairs: Option<&Vec<(String, String)>>) -> Result<Self, String> {
        let Some(pairs) = pairs else {
            return Ok(Self(None));
        };
        let read = |(name, value): &(String, String)| {
            let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
            match header {
                (Ok(name), Ok(value)) => Ok((name, value)),
                _ => Err(name.clone()),
            }
        };
        let pairs: Result<Vec<_>, _> = pairs.iter().map(read).collect();
        Ok(Self(Some(Arc::new(pairs?))))
    }

    /// The same, for what is declared by being there: a redirect.
    pub(super) fn or_empty(self) -> Self {
        Self(Some(self.0.unwrap_or_default()))
    }

    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        let mut pairs = self.0.iter().flat_map(|pairs| pairs.iter());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The declared content encoding is gzip, and whoever asks with `accept` takes it.
    pub(super) fn gzips(&self, accept: Option<&HeaderValue>) -> bool {
        let gzip = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("gzip"));
        self.get(&header::CONTENT_ENCODING).is_some_and(gzip) && accept.is_some_and(gzip)
    }

    /// Puts what is declared in place of what the stage would send. The content's encoding is left to who
    /// encodes it.
    pub(super) fn put(&self, headers: &mut HeaderMap) {
        let Some(pairs) = &self.0 else { return };
        headers.remove(header::CACHE_CONTROL);
        for (name, value) in pairs.iter() {
            if *name != header::CONTENT_ENCODING {
                headers.insert(name, value.clone());
            }
        }
    }

    /// What the log keeps of a response with declared headers.
    pub(super) fn told(&self, response: &Response<Body>) -> Vec<(String, String)> {
        if !self.is_some() {
            return Vec::new();
        }
        let headers = response.headers();
        let text = |name: &HeaderName| {
            // The stage's own `Vary` is not the vendor's.
            let value = if *name == header::VARY {
                self.get(name)?
            } else {
                headers.get(name)?
            };
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let text = match text.split_once('=') {
                Some((cookie, _)) if *name == header::SET_COOKIE => cookie.trim().to_owned(),
                _ => text,
            };
            Some((name.as_str().to_owned(), text))
        };
        let mut told: Vec<_> = TOLD.iter().filter_map(text).collect();
        let length = response.body().len().to_string();
        told.push((header::CONTENT_LENGTH.as_str().to_owned(), length));
        told
    }
}
