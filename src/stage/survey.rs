//! Where things stand in an HTML document: the ends of its head and body, and the elements that load something.
//!
//! HTML may omit the tags of `html`, `head` and `body`. The places are then where a browser opens or closes
//! these elements: <https://html.spec.whatwg.org/#parsing-main-inhead>.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use lol_html::errors::RewritingError;
use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HandlerResult, HtmlRewriter, Settings, doc_text, element, end_tag};
use url::Url;

/// Elements that do not close the head.
const IN_HEAD: &[&str] = &[
    "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style",
    "template", "title",
];

/// Elements that load a URL, with the attribute that names it.
const LOADING: &[(&str, &str)] = &[
    ("iframe", "src"),
    ("img", "src"),
    ("link", "href"),
    ("script", "src"),
];

const HTML: &str = "http://www.w3.org/1999/xhtml";

/// All positions are byte offsets.
#[derive(Debug)]
pub(super) struct Survey {
    /// Behind the start of the head.
    pub(super) head_start: usize,
    /// Before the end of the head.
    pub(super) head_end: usize,
    /// Before the end of the body, else before that of the document.
    pub(super) body_end: usize,
    /// Something before `body_end` opens the body.
    pub(super) has_body: bool,
    /// The document has frames in place of a body.
    pub(super) has_frames: bool,
    pub(super) loads: Vec<Load>,
}

/// An element that loads a URL.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) url: Url,
    /// From its start tag to its end tag.
    pub(super) span: Range<usize>,
}

/// Reads `html`, which was loaded from `url`.
pub(super) fn survey(html: &[u8], url: &Url) -> Result<Survey, RewritingError> {
    let reading = Rc::new(RefCell::new(Reading::new(url, html.len())));
    read(
        html,
        |tag| start_tag(&reading, tag),
        |text| {
            let blank = |c: char| c.is_ascii_whitespace();
            if text.text_type() == TextType::Data && !text.as_str().chars().all(blank) {
                let at = text.source_location().bytes().start;
                reading.borrow_mut().body_content(at);
            }
        },
    )?;
    let mut reading = reading.borrow_mut();
    let end = html.len();
    Ok(Survey {
        head_start: reading.head_start.unwrap_or(end),
        head_end: reading.head_end.unwrap_or(end),
        body_end: reading.body_end.unwrap_or(end),
        has_body: reading.has_body,
        has_frames: reading.has_frames,
        loads: std::mem::take(&mut reading.loads),
    })
}

/// Whether an element put at `place` becomes an element of the document, and not text of a script,
/// part of a comment, or content of a template or a drawing that was never closed.
pub(super) fn is_reachable(html: &[u8], place: usize) -> Result<bool, RewritingError> {
    const PROBE: &str = "tagperf-probe";
    let probe = format!("<{PROBE}>");
    let probed = [&html[..place], probe.as_bytes(), &html[place..]].concat();
    let depth = Rc::new(RefCell::new(0));
    let mut reached = false;
    read(
        &probed,
        |tag| {
            let at = tag.source_location().bytes().start;
            if at == place && tag.tag_name() == PROBE {
                reached = tag.namespace_uri() == HTML && *depth.borrow() == 0;
            }
            if tag.tag_name() == "template" {
                let depth = depth.clone();
                *depth.borrow_mut() += 1;
                tag.on_end_tag(end_tag!(move |_| {
                    *depth.borrow_mut() -= 1;
                    Ok(())
                }))?;
            }
            Ok(())
        },
        |_| {},
    )?;
    Ok(reached)
}

/// Passes every start tag and every piece of text.
fn read(
    html: &[u8],
    mut on_tag: impl FnMut(&mut Element<'_, '_>) -> HandlerResult,
    mut on_text: impl FnMut(&TextChunk<'_>),
) -> Result<(), RewritingError> {
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!("*", |tag: &mut Element<'_, '_>| on_tag(tag)))
        .append_document_content_handler(doc_text!(|text| {
            on_text(text);
            Ok(())
        }));
    let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
    reader.write(html)?;
    reader.end()
}

/// What is known between two tags.
struct Reading {
    base: Url,
    has_base: bool,
    end: usize,
    templates: usize,
    head_start: Option<usize>,
    head_end: Option<usize>,
    body_end: Option<usize>,
    has_body: bool,
    has_frames: bool,
    loads: Vec<Load>,
}

impl Reading {
    fn new(url: &Url, end: usize) -> Self {
        Self {
            base: url.clone(),
            has_base: false,
            end,
            templates: 0,
            head_start: None,
            head_end: None,
            body_end: None,
            has_body: false,
            has_frames: false,
            loads: Vec::new(),
        }
    }

    /// Something at `at` that belongs into the body, and so ends the head.
    fn body_content(&mut self, at: usize) {
        if self.templates == 0 {
            self.head_start.get_or_insert(at);
            self.head_end.get_or_insert(at);
            self.has_body = true;
        }
    }

    fn open(&mut self, name: &str, span: Range<usize>) {
        if self.templates > 0 {
            return;
        }
        match name {
            "html" => {}
            "head" => {
                self.head_start.get_or_insert(span.end);
            }
            "frameset" => {
                self.head_start.get_or_insert(span.start);
                self.head_end.get_or_insert(span.start);
                self.has_frames |= !self.has_body;
            }
            _ if IN_HEAD.contains(&name) => {
                self.head_start.get_or_insert(span.start);
            }
            _ => self.body_content(span.start),
        }
    }

    fn close(&mut self, name: &str, at: usize) {
        match name {
            "template" => self.templates -= 1,
            _ if self.templates > 0 => {}
            "head" => {
                self.head_end.get_or_insert(at);
            }
            // "html" comes after "body", and counts where that has no end tag.
            _ => {
                self.head_start.get_or_insert(at);
                self.head_end.get_or_insert(at);
                self.body_end.get_or_insert(at);
            }
        }
    }
}

fn start_tag(reading: &Rc<RefCell<Reading>>, tag: &mut Element<'_, '_>) -> HandlerResult {
    let name = tag.tag_name();
    let span = tag.source_location().bytes();
    let mut now = reading.borrow_mut();
    now.open(&name, span.clone());
    if name == "base"
        && !now.has_base
        && let Some(url) = attribute_url(tag, "href", &now.base)
    {
        now.base = url;
        now.has_base = true;
    }
    let attribute = LOADING.iter().find(|row| row.0 == name).map(|row| row.1);
    if let Some(url) = attribute.and_then(|attribute| attribute_url(tag, attribute, &now.base)) {
        let span = if tag.can_have_content() {
            span.start..now.end
        } else {
            span
        };
        let index = now.loads.len();
        now.loads.push(Load { url, span });
        if tag.can_have_content() {
            let reading = reading.clone();
            tag.on_end_tag(end_tag!(move |end| {
                reading.borrow_mut().loads[index].span.end = end.source_location().bytes().end;
                Ok(())
            }))?;
        }
    }
    if name == "template" {
        now.templates += 1;
    }
    if matches!(name.as_str(), "html" | "head" | "body" | "template") {
        let reading = reading.clone();
        tag.on_end_tag(end_tag!(move |end| {
            let at = end.source_location().bytes().start;
            reading.borrow_mut().close(&name, at);
            Ok(())
        }))?;
    }
    Ok(())
}

fn attribute_url(tag: &Element<'_, '_>, name: &str, base: &Url) -> Option<Url> {
    base.join(&unescape(&tag.get_attribute(name)?)).ok()
}

/// Resolves the character references that occur in URLs: `&amp;` and numbers.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let reference = rest.split_once(';').and_then(|(name, tail)| {
            let number = name.strip_prefix('#');
            let hex = number.and_then(|n| n.strip_prefix(['x', 'X']));
            let code = match (name, number, hex) {
                ("amp", ..) => Some(u32::from('&')),
                (_, _, Some(hex)) => u32::from_str_radix(hex, 16).ok(),
                (_, Some(number), _) => number.parse().ok(),
                _ => None,
            };
            Some((char::from_u32(code?)?, tail))
        });
        match reference {
            Some((character, tail)) => {
                text.push(character);
                rest = tail;
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    text
}
