//! What a request asks for: the absolute URL, and what the browser says of its use.

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Uri};
use url::Url;

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// A request's head.
pub(super) struct Asked {
    pub(super) url: Url,
    parts: Parts,
}

impl Asked {
    /// None if the request names no host, or none that a URL can have.
    pub(super) fn read(parts: Parts, secure: bool) -> Option<Self> {
        let scheme = match (is_websocket(&parts.headers), secure) {
            (false, false) => "http",
            (false, true) => "https",
            (true, false) => "ws",
            (true, true) => "wss",
        };
        let authority = match parts.uri.authority() {
            Some(authority) => authority.as_str(),
            None => parts.headers.get(header::HOST)?.to_str().ok()?,
        };
        let mut url = Url::parse(&format!("{scheme}://{authority}{}", path(&parts.uri))).ok()?;
        // No browser sends these; as part of the URL they would hide the host from patterns.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(Self { url, parts })
    }

    pub(super) fn method(&self) -> &Method {
        &self.parts.method
    }

    pub(super) fn header(&self, name: HeaderName) -> Option<&HeaderValue> {
        self.parts.headers.get(name)
    }

    fn text(&self, name: HeaderName) -> &str {
        self.header(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// As in a played origin: lower case, without port.
    pub(super) fn host(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.strip_suffix('.').unwrap_or(host)
    }

    /// `GET` or `HEAD`.
    pub(super) fn is_reading(&self) -> bool {
        matches!(*self.method(), Method::GET | Method::HEAD)
    }

    pub(super) fn is_websocket(&self) -> bool {
        is_websocket(&self.parts.headers)
    }

    /// `OPTIONS` with which a browser asks before it sends: <https://fetch.spec.whatwg.org/#cors-preflight-request>.
    pub(super) fn is_preflight(&self) -> bool {
        self.method() == Method::OPTIONS
            && self.header(header::ORIGIN).is_some()
            && self.header(header::ACCESS_CONTROL_REQUEST_METHOD).is_some()
    }

    /// `Sec-Fetch-Dest` as it was sent; empty if it was not.
    pub(super) fn destination(&self) -> &str {
        self.text(SEC_FETCH_DEST)
    }

    /// What the response is for.
    ///
    /// Chromium sends no `Sec-Fetch-Dest` to an insecure origin (<https://w3c.github.io/webappsec-fetch-metadata/>).
    /// Then `Accept` tells, which does not tell a frame from a document.
    pub(super) fn purpose(&self) -> Purpose {
        let accept = self.text(header::ACCEPT);
        match self.destination() {
            "document" => Purpose::Document,
            "image" => Purpose::Image,
            "script" => Purpose::Script,
            "style" => Purpose::Style,
            "empty" | "report" => Purpose::Data,
            "" if accept.starts_with("text/html") => Purpose::Document,
            "" if accept.starts_with("image/") => Purpose::Image,
            "" if accept.starts_with("text/css") => Purpose::Style,
            "" => Purpose::Data,
            _ => Purpose::Other,
        }
    }
}

/// What a response is for, as far as the stage must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A top-level document.
    Document,
    Image,
    Script,
    Style,
    /// `fetch`, `XMLHttpRequest`, `sendBeacon`, pings and reports.
    Data,
    Other,
}

fn is_websocket(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// `OPTIONS *` and `CONNECT` have no path.
fn path(uri: &Uri) -> &str {
    match uri.path_and_query() {
        Some(path) if path.as_str().starts_with('/') => path.as_str(),
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &str, headers: &[(&'static str, &str)], secure: bool) -> Option<Asked> {
        let mut request = hyper::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Asked::read(request.body(()).unwrap().into_parts().0, secure)
    }

    #[test]
    fn the_url_is_absolute_and_in_normal_form() {
        let cases = [
            (
                "/a/../b?q=1",
                "Shop.Example",
                true,
                Some("https://shop.example/b?q=1"),
            ),
            (
                "/",
                "shop.example:8443",
                true,
                Some("https://shop.example:8443/"),
            ),
            ("/", "shop.example:443", true, Some("https://shop.example/")),
            (
                "/",
                "[2001:db8::1]:81",
                false,
                Some("http://[2001:db8::1]:81/"),
            ),
            (
                "/",
                "user:pass@shop.example",
                false,
                Some("http://shop.example/"),
            ),
            ("/", "", true, None),
            ("/", "a b", true, None),
        ];
        for (path, host, secure, expected) in cases {
            let asked = asked(path, &[("host", host)], secure);
            assert_eq!(
                asked.as_ref().map(|a| a.url.as_str()),
                expected,
                "{path} {host}"
            );
        }
        assert!(asked("/", &[], true).is_none());
        let absolute = asked("http://b.example/x", &[("host", "a.example")], false).unwrap();
        assert_eq!(absolute.url.as_str(), "http://b.example/x");
    }

    #[test]
    fn a_websocket_has_its_own_scheme() {
        let headers = [("host", "chat.example"), ("upgrade", "WebSocket")];
        let asked = asked("/s", &headers, true).unwrap();
        assert!(asked.is_websocket());
        assert_eq!(asked.url.as_str(), "wss://chat.example/s");
    }

    #[test]
    fn accept_tells_the_purpose_where_no_destination_is_sent() {
        let cases = [
            ("document", "*/*", Purpose::Document),
            ("iframe", "text/html", Purpose::Other),
            ("", "text/html,application/xhtml+xml", Purpose::Document),
            ("", "image/avif,image/webp,*/*", Purpose::Image),
            ("", "*/*", Purpose::Data),
            ("report", "*/*", Purpose::Data),
        ];
        for (destination, accept, purpose) in cases {
            let mut headers = vec![("host", "a.example"), ("accept", accept)];
            if !destination.is_empty() {
                headers.push(("sec-fetch-dest", destination));
            }
            let asked = asked("/", &headers, true).unwrap();
            assert_eq!(asked.purpose(), purpose, "{destination} {accept}");
        }
    }
}
