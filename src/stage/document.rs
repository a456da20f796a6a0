//! The page's document as an arm wants it: tags put in, and elements that load blocked URLs taken out.
//!
//! Every other byte stays as it is.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use hyper::header::HeaderValue;
use url::Url;

use super::charset::{self, Charset};
use super::files::Content;
use super::survey::{Survey, is_reachable, survey};
use crate::model::{Insert, Place, Staging};

/// A document that is ready to be sent.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) content: Arc<Content>,
    pub(super) content_type: HeaderValue,
    /// What the arm wants and the document does not allow.
    pub(super) problems: Vec<String>,
}

impl Document {
    /// Prepares `html`, the content of `file`, which is loaded from `url`.
    pub(super) fn stage(file: &Arc<Content>, html: &[u8], url: &Url, staging: &Staging) -> Self {
        let charset = charset::of(html);
        let mut document = Self {
            content: file.clone(),
            content_type: charset.content_type(),
            problems: Vec::new(),
        };
        if staging.inserts.is_empty() && staging.blocks.is_empty() {
            return document;
        }
        if let Charset::NotAscii(label) = &charset {
            document.problems.push(format!(
                "{url} is written in {label}, so that nothing was put into it or taken out: save it as utf-8"
            ));
            return document;
        }
        let text = charset::without_mark(html);
        match survey(text, url) {
            Ok(survey) => {
                let mut edits = Edits::new(text);
                edits.take_out(&survey, staging);
                document.problems = edits.put_in(&survey, staging, &charset, url);
                document.content = Arc::new(Content::Kept(edits.apply().into()));
            }
            Err(error) => document.problems.push(format!(
                "{url} could not be read as HTML, so that nothing was put into it or taken out: {error}"
            )),
        }
        document
    }
}

/// Changes to a text, each with the position at which it is made.
struct Edits<'a> {
    text: &'a [u8],
    edits: Vec<(usize, Edit<'a>)>,
}

enum Edit<'a> {
    PutIn(&'a str),
    /// Take out as far as this position.
    TakeOut(usize),
}

impl<'a> Edits<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            edits: Vec::new(),
        }
    }

    fn take_out(&mut self, survey: &Survey, staging: &Staging) {
        for load in &survey.loads {
            let url = load.url.as_str();
            if staging.blocks.iter().any(|pattern| pattern.matches(url)) {
                let Range { start, end } = load.span;
                self.edits.push((start, Edit::TakeOut(end)));
            }
        }
    }

    /// Returns what could not be put in.
    fn put_in(
        &mut self,
        survey: &Survey,
        staging: &'a Staging,
        charset: &Charset,
        url: &Url,
    ) -> Vec<String> {
        let mut problems = Vec::new();
        let mut has_body = survey.has_body;
        for place in [Place::HeadStart, Place::Head, Place::Body] {
            let at = position(survey, place);
            let mut fits = None;
            for insert in staging
                .inserts
                .iter()
                .filter(|insert| insert.place == place)
            {
                let fits = *fits.get_or_insert_with(|| check(self.text, survey, place));
                if let Err(why) = fits.and_then(|()| check_charset(insert, charset)) {
                    problems.push(Lost { insert, url, why }.to_string());
                    continue;
                }
                if place == Place::Body && !has_body {
                    self.edits.push((at, Edit::PutIn("<body>")));
                    has_body = true;
                }
                self.edits.push((at, Edit::PutIn(&insert.html)));
            }
        }
        problems
    }

    fn apply(mut self) -> Vec<u8> {
        self.edits.sort_by_key(|(position, _)| *position);
        let mut out = Vec::with_capacity(self.text.len());
        let mut at = 0;
        for (position, edit) in self.edits {
            if position > at {
                out.extend_from_slice(&self.text[at..position]);
                at = position;
            }
            match edit {
                Edit::PutIn(html) => out.extend_from_slice(html.as_bytes()),
                Edit::TakeOut(end) => at = at.max(end),
            }
        }
        out.extend_from_slice(&self.text[at..]);
        out
    }
}

fn position(survey: &Survey, place: Place) -> usize {
    match place {
        Place::HeadStart => survey.head_start,
        Place::Head => survey.head_end,
        Place::Body => survey.body_end,
    }
}

fn check(text: &[u8], survey: &Survey, place: Place) -> Result<(), &'static str> {
    if place == Place::Body && survey.has_frames {
        return Err("the document has frames in place of a body: put it into the head");
    }
    match is_reachable(text, position(survey, place)) {
        Ok(true) => Ok(()),
        _ => Err(
            "the place is inside of an element, a comment or a tag that is never closed: repair the document",
        ),
    }
}

fn check_charset(insert: &Insert, charset: &Charset) -> Result<(), &'static str> {
    match charset {
        Charset::Other(_) if !insert.html.is_ascii() => Err(
            "it has characters beyond ascii and the document is not utf-8: save the document as utf-8",
        ),
        _ => Ok(()),
    }
}

/// An insert that has no place.
struct Lost<'a> {
    insert: &'a Insert,
    url: &'a Url,
    why: &'a str,
}

impl fmt::Display for Lost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.insert.place {
            Place::HeadStart => "at the start of the head",
            Place::Head => "at the end of the head",
            Place::Body => "at the end of the body",
        };
        let Lost { insert, url, why } = self;
        write!(
            f,
            "tag `{}` was not put {place} of {url}: {why}",
            insert.tag
        )
    }
}

#[cfg(test)]
mod tests;
