//! In which encoding an HTML file is written, as a browser would find out from its bytes.

use std::cell::RefCell;

use hyper::header::HeaderValue;
use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, Settings, element};

/// So many bytes are looked through: <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>.
const PRESCAN: usize = 1024;

/// Labels of encodings in which a tag's ASCII characters would be read as something else, or not at all:
/// <https://encoding.spec.whatwg.org/#names-and-labels>.
const NOT_ASCII: &[&str] = &[
    "csiso2022jp",
    "csiso2022kr",
    "hz-gb-2312",
    "iso-2022-cn",
    "iso-2022-cn-ext",
    "iso-2022-jp",
    "iso-2022-kr",
    "replacement",
];

const BOM: &[u8] = b"\xef\xbb\xbf";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// Declared, or nothing is.
    Utf8,
    /// Another in which ASCII is ASCII, by its label.
    Other(String),
    /// One in which it is not.
    NotAscii(String),
}

impl Charset {
    pub(super) fn content_type(&self) -> HeaderValue {
        let label = match self {
            Charset::Utf8 => "utf-8",
            Charset::Other(label) | Charset::NotAscii(label) => label,
        };
        HeaderValue::try_from(format!("text/html; charset={label}"))
            .unwrap_or(HeaderValue::from_static("text/html"))
    }
}

/// The encoding of `html`: by its byte order mark, else by its first `meta` element that names one, else UTF-8.
pub(super) fn of(html: &[u8]) -> Charset {
    match html {
        [0xfe, 0xff, ..] => return Charset::NotAscii("utf-16be".into()),
        [0xff, 0xfe, ..] => return Charset::NotAscii("utf-16le".into()),
        _ if html.starts_with(BOM) => return Charset::Utf8,
        _ => {}
    }
    let Some(label) = declared(html) else {
        return Charset::Utf8;
    };
    match label.as_str() {
        "utf-8" | "utf8" | "unicode-1-1-utf-8" => Charset::Utf8,
        // A page that can say so in ASCII is not in UTF-16, and browsers take it for UTF-8.
        other if other.starts_with("utf-16") => Charset::Utf8,
        other if NOT_ASCII.contains(&other) => Charset::NotAscii(label),
        _ => Charset::Other(label),
    }
}

/// `html` without the byte order mark of UTF-8, in front of which nothing can be put.
pub(super) fn without_mark(html: &[u8]) -> &[u8] {
    html.strip_prefix(BOM).unwrap_or(html)
}

fn declared(html: &[u8]) -> Option<String> {
    let found = RefCell::new(None);
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!("meta", |meta: &mut Element| {
            let mut found = found.borrow_mut();
            if found.is_none() {
                *found = label(meta);
            }
            Ok(())
        }));
    let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
    let read = reader.write(&html[..html.len().min(PRESCAN)]);
    drop(reader);
    read.ok()?;
    found.into_inner()
}

fn label(meta: &Element) -> Option<String> {
    let named = match meta.get_attribute("charset") {
        Some(charset) => charset,
        None => {
            let kind = meta.get_attribute("http-equiv")?;
            let content = meta.get_attribute("content")?.to_ascii_lowercase();
            let (_, charset) = content.split_once("charset=")?;
            if !kind.trim().eq_ignore_ascii_case("content-type") {
                return None;
            }
            charset.split(';').next()?.to_owned()
        }
    };
    let label = named
        .trim_matches(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'')
        .to_ascii_lowercase();
    let fit = |c: char| c.is_ascii_alphanumeric() || "-_:.()+".contains(c);
    (!label.is_empty() && label.len() < 40 && label.chars().all(fit)).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_then_meta_then_utf_8() {
        let other = |label: &str| Charset::Other(label.into());
        let not = |label: &str| Charset::NotAscii(label.into());
        let late = format!("<!--{}--><meta charset=latin1>", "x".repeat(PRESCAN));
        let cases: &[(&[u8], Charset)] = &[
            (b"", Charset::Utf8),
            (b"<p>hi", Charset::Utf8),
            (b"\xef\xbb\xbf<meta charset=latin1>", Charset::Utf8),
            (b"\xff\xfe<\0", not("utf-16le")),
            (b"\xfe\xff\0<", not("utf-16be")),
            (b"<META CHARSET='UTF-8'>", Charset::Utf8),
            (b"<meta charset=utf-16>", Charset::Utf8),
            (b"<meta charset=\" Windows-1252 \">", other("windows-1252")),
            (b"<meta charset=iso-2022-jp>", not("iso-2022-jp")),
            (
                b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
                other("koi8-r"),
            ),
            (b"<meta name=x content='charset=koi8-r'>", Charset::Utf8),
            (b"<!-- <meta charset=koi8-r> -->", Charset::Utf8),
            (b"<script>'<meta charset=koi8-r>'</script>", Charset::Utf8),
            (b"<meta charset='a\r\nb'>", Charset::Utf8),
            (late.as_bytes(), Charset::Utf8),
        ];
        for (html, expected) in cases {
            assert_eq!(of(html), *expected, "{}", String::from_utf8_lossy(html));
        }
    }
}
