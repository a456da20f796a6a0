//! What becomes of a request.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use hyper::{Method, StatusCode};
use url::Url;

use super::asked::{Asked, Purpose};
use super::beacon::Beacon;
use super::files::{self, Content, Found};
use super::headers::Declared;
use super::house::House;
use super::trial::Trial;
use crate::model::Answer;

/// What to answer.
pub(super) enum Reply {
    /// Leave to send what the browser asks about.
    Preflight,
    Beacon(Beacon),
    File {
        content: Arc<Content>,
        content_type: HeaderValue,
    },
    /// A folder, at its URL with a slash at the end.
    Moved(Url),
    /// Elsewhere, as the origin says.
    Redirect(HeaderValue),
    Failed(StatusCode),
}

/// A reply, what the log calls it, and how long the server takes over it.
pub(super) struct Decision {
    pub(super) answer: Answer,
    /// None is to cut the request off: the browser sees a network error, as with a blocked request or a
    /// host that is away.
    pub(super) reply: Option<Reply>,
    pub(super) latency: Duration,
    /// Headers that are declared for the response.
    pub(super) declared: Declared,
}

impl Decision {
    fn new(answer: Answer, reply: Reply) -> Self {
        Self {
            answer,
            reply: Some(reply),
            latency: Duration::ZERO,
            declared: Declared::default(),
        }
    }

    fn cut(answer: Answer) -> Self {
        Self {
            answer,
            reply: None,
            latency: Duration::ZERO,
            declared: Declared::default(),
        }
    }
}

/// Blocked, else played from a tag's file, else from an origin, else taken as measurement data, else refused.
pub(super) fn decide(house: &House, trial: &Trial, asked: &Asked) -> Decision {
    if trial.staged.blocks(&asked.url) {
        return Decision::cut(Answer::Blocked);
    }
    if asked.is_websocket() || asked.method() == Method::CONNECT {
        return Decision::cut(Answer::Refused);
    }
    let origin = house.origin(asked.host());
    let mut decision = decide_played(house, trial, asked).unwrap_or_else(|| {
        if asked.is_preflight() {
            Decision::new(Answer::Beacon, Reply::Preflight)
        } else if let Some(beacon) = Beacon::of(asked) {
            Decision::new(Answer::Beacon, Reply::Beacon(beacon))
        } else if origin.is_none() && trial.staged.play(&asked.url).is_none() {
            Decision::cut(Answer::Refused)
        } else if asked.is_reading() {
            Decision::new(Answer::Missing, Reply::Failed(StatusCode::NOT_FOUND))
        } else {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Decision::new(Answer::Missing, Reply::Failed(status))
        }
    });
    if let Some(origin) = origin
        && decision.reply.is_some()
    {
        decision.latency = origin.latency;
        if decision.answer != Answer::Missing && !decision.declared.is_some() {
            decision.declared = origin.declared.clone();
        }
    }
    decision
}

/// None if nobody plays the URL, or not to this method.
fn decide_played(house: &House, trial: &Trial, asked: &Asked) -> Option<Decision> {
    if !asked.is_reading() {
        return None;
    }
    if let Some(play) = trial.staged.play(&asked.url) {
        let reply = file(asked, &play.path, play.content.clone());
        return Some(Decision {
            declared: play.declared.clone(),
            ..Decision::new(Answer::Played, reply)
        });
    }
    let origin = house.origin(asked.host())?;
    if let Some(to) = origin.redirects.get(asked.url.path()) {
        let reply = Reply::Redirect(to.clone());
        return Some(Decision {
            declared: origin.declared.clone().or_empty(),
            ..Decision::new(Answer::Played, reply)
        });
    }
    match files::find(&origin.root, asked.url.path()) {
        Found::Nothing => None,
        Found::Folder => {
            let mut url = asked.url.clone();
            url.set_path(&format!("{}/", asked.url.path()));
            Some(Decision::new(Answer::Played, Reply::Moved(url)))
        }
        Found::File(path) => Some(match origin_file(house, trial, asked, &path) {
            Ok(reply) => Decision::new(Answer::Played, reply),
            Err(error) => {
                trial.note(format!("cannot read {}: {error}", path.display()));
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Decision::new(Answer::Missing, Reply::Failed(status))
            }
        }),
    }
}

fn origin_file(house: &House, trial: &Trial, asked: &Asked, path: &Path) -> io::Result<Reply> {
    let content = house.shelf.read(path)?;
    if !house.is_page(asked) || !files::is_html(path, asked) {
        return Ok(file(asked, path, content));
    }
    let document = trial.staged.document(path, &content, &asked.url)?;
    trial.note_document(&document);
    Ok(Reply::File {
        content: document.content.clone(),
        content_type: document.content_type.clone(),
    })
}

fn file(asked: &Asked, path: &Path, content: Arc<Content>) -> Reply {
    Reply::File {
        content_type: files::content_type(path, &content, asked),
        content,
    }
}

impl House {
    /// Whether `asked` is for a document of the page itself, and not for a frame or something in it.
    fn is_page(&self, asked: &Asked) -> bool {
        asked.purpose() == Purpose::Document && self.page.host_str() == Some(asked.host())
    }
}
