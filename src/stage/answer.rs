//! The response to a request, once it is decided.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};

use super::asked::Asked;
use super::beacon::{Beacon, EMPTY_GIF};
use super::body::Body;
use super::decide::Reply;
use super::files::Content;
use super::headers::Declared;
use super::range::{Part, part};

/// The response to `asked`, with the headers that are declared for it.
pub(super) async fn respond(
    asked: &Asked,
    reply: Reply,
    declared: &Declared,
) -> io::Result<Response<Body>> {
    let mut response = match reply {
        Reply::Preflight => {
            let mut response = plain(StatusCode::NO_CONTENT);
            allow_request(response.headers_mut(), asked);
            response
        }
        Reply::Beacon(beacon) => {
            let mut response = plain(beacon.status());
            if beacon == Beacon::Pixel {
                let gif = HeaderValue::from_static("image/gif");
                response.headers_mut().insert(header::CONTENT_TYPE, gif);
                *response.body_mut() = Body::from(Bytes::from_static(EMPTY_GIF));
            }
            cache(response.headers_mut(), "no-store");
            response
        }
        Reply::File {
            content,
            content_type,
        } if declared.gzips(asked.header(header::ACCEPT_ENCODING)) => {
            gzipped(&content, content_type).await?
        }
        Reply::File {
            content,
            content_type,
        } => file(asked, &content, content_type).await?,
        Reply::Redirect(to) => {
            let mut response = plain(StatusCode::FOUND);
            response.headers_mut().insert(header::LOCATION, to);
            response
        }
        Reply::Moved(url) => {
            let mut response = plain(StatusCode::MOVED_PERMANENTLY);
            let url = HeaderValue::try_from(String::from(url)).map_err(io::Error::other)?;
            response.headers_mut().insert(header::LOCATION, url);
            response
        }
        Reply::Failed(status) => failed(status),
    };
    declared.put(response.headers_mut());
    share(response.headers_mut(), asked);
    if asked.method() == Method::HEAD {
        let length = response.body().len().into();
        let headers = response.headers_mut();
        headers.entry(header::CONTENT_LENGTH).or_insert(length);
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A short text for the person who looks at it.
pub(super) fn failed(status: StatusCode) -> Response<Body> {
    let mut response = plain(status);
    let headers = response.headers_mut();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(
            header::ALLOW,
            HeaderValue::from_static("GET, HEAD, OPTIONS"),
        );
    }
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, text);
    *response.body_mut() = Body::from(Bytes::from(format!("{status}\n")));
    response
}

async fn file(
    asked: &Asked,
    content: &Content,
    content_type: HeaderValue,
) -> io::Result<Response<Body>> {
    let length = content.len();
    let range = match asked.header(header::RANGE) {
        // Without validators no `If-Range` can hold.
        Some(range)
            if asked.method() == Method::GET && asked.header(header::IF_RANGE).is_none() =>
        {
            range.to_str().ok()
        }
        _ => None,
    };
    let (status, bytes) = match part(range, length) {
        Part::Whole => (StatusCode::OK, 0..length),
        Part::Bytes(bytes) => (StatusCode::PARTIAL_CONTENT, bytes),
        Part::Outside => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
    };
    let content_range = match status {
        StatusCode::PARTIAL_CONTENT => {
            Some(format!("bytes {}-{}/{length}", bytes.start, bytes.end - 1))
        }
        StatusCode::RANGE_NOT_SATISFIABLE => Some(format!("bytes */{length}")),
        _ => None,
    };
    let mut response = plain(status);
    let headers = response.headers_mut();
    if let Some(range) = content_range {
        let range = HeaderValue::try_from(range).map_err(io::Error::other)?;
        headers.insert(header::CONTENT_RANGE, range);
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // As static hosts do: documents are asked for again each time, all else lives for an hour.
    let is_html = content_type.as_bytes().starts_with(b"text/html");
    cache(
        headers,
        if is_html {
            "no-cache"
        } else {
            "public, max-age=3600"
        },
    );
    headers.insert(header::CONTENT_TYPE, content_type);
    *response.body_mut() = Body::part(content, bytes).await?;
    Ok(response)
}

/// The whole file; a part of what is encoded is of no use to anybody.
async fn gzipped(content: &Content, content_type: HeaderValue) -> io::Result<Response<Body>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    match content {
        Content::Kept(bytes) => encoder.write_all(bytes)?,
        Content::OnDisk { path, .. } => encoder.write_all(&tokio::fs::read(path).await?)?,
    }
    let mut response = plain(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    *response.body_mut() = Body::from(Bytes::from(encoder.finish()?));
    Ok(response)
}

fn cache(headers: &mut HeaderMap, how: &'static str) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(how));
}

/// Lets every page read the response and its timing: <https://fetch.spec.whatwg.org/#http-cors-protocol>,
/// <https://www.w3.org/TR/resource-timing/#sec-timing-allow-origin>.
fn share(headers: &mut HeaderMap, asked: &Asked) {
    const ANY: HeaderValue = HeaderValue::from_static("*");
    const TIMING: HeaderName = HeaderName::from_static("timing-allow-origin");
    headers.insert(TIMING, ANY);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    match asked.header(header::ORIGIN) {
        // A star is not enough for requests with cookies.
        Some(origin) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
        None => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        }
    }
}

/// Allows what a preflight asks about.
fn allow_request(headers: &mut HeaderMap, asked: &Asked) {
    let pairs = [
        (
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_ALLOW_METHODS,
        ),
        (
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
        ),
    ];
    for (wanted, allowed) in pairs {
        if let Some(value) = asked.header(wanted) {
            headers.insert(allowed, value.clone());
        }
    }
}
