//! What a traced visit finds on the page beside its trace. Nothing of this is in a trial that is not traced.
//!
//! `spy.js` notes in the page's own world which interfaces its code calls; `watcher.js` reads it out from the
//! probe's world, which the page cannot reach. What is left behind is asked for at the end of the visit.

mod acts;
mod after;
mod back;
mod kept;
mod listeners;
mod moments;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, GetFrameTreeParams,
};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;

use super::probe::{self, WORLD};
use super::stack::OWN_SCRIPTS;
use super::tab::{Session, Tab};
use super::transport::{CallError, Event};
use super::{Hidden, Inventory, Script};

const SPY: &str = include_str!("../spy.js");
const WATCHER: &str = include_str!("watcher.js");

/// A page may reload itself, and have frames, without end.
const MOST_DOCUMENTS: usize = 200;
const MOST_FRAMES: usize = 50;
const MOST_HIDDEN: usize = 1000;

/// What is found on one page; clones share it.
#[derive(Clone)]
pub(super) struct Collector {
    session: Session,
    frame: String,
    /// Only the scripts know it, so that the page can neither ask nor answer in their name.
    channel: String,
    documents: Arc<Mutex<Vec<Told>>>,
    not_restored: watch::Sender<Option<Vec<String>>>,
}

/// What was told of one document.
#[derive(Deserialize)]
struct Told {
    document: String,
    hidden: Vec<Hidden>,
    acts: Vec<acts::Noted>,
}

impl Collector {
    pub fn new(tab: &Tab) -> Self {
        let secret = RandomState::new().build_hasher().finish();
        Self {
            session: tab.session.clone(),
            frame: tab.target.clone(),
            channel: format!("tagperf-spy-{secret:016x}"),
            documents: Arc::default(),
            not_restored: watch::Sender::new(None),
        }
    }

    /// Puts the scripts into every document to come, those of frames included.
    pub async fn install(&self, deadline: Duration) -> Result<(), CallError> {
        let script = |text: &str| {
            AddScriptToEvaluateOnNewDocumentParams::new(text.replace("$CHANNEL", &self.channel))
        };
        let mut watcher = script(WATCHER);
        watcher.world_name = Some(WORLD.into());
        let watcher = self.session.call(watcher, deadline);
        let spy = self.session.call(script(SPY), deadline);
        watcher.await?;
        spy.await.map(drop)
    }

    /// Keeps what a document told when it went, and what the browser says of going back.
    pub fn hear(&self, event: &Event) {
        #[derive(Deserialize)]
        struct Called {
            payload: String,
        }
        match event.method.as_str() {
            "Runtime.bindingCalled" => {
                if let Some(Called { payload }) = event.read() {
                    // A document whose last words are not understood still has what was read before.
                    let _ = self.keep(&payload);
                }
            }
            "Page.backForwardCacheNotUsed" => {
                self.not_restored.send_replace(back::reasons(event));
            }
            _ => {}
        }
    }

    /// Reads out the documents that are there: the page's and those of its frames.
    pub async fn read(&self, deadline: Duration) -> Result<(), CallError> {
        for frame in self.frames(deadline).await? {
            match self.read_frame(&frame, deadline).await {
                // Gone since, replaced, or of another process.
                Err(CallError::Refused { .. }) => {}
                read => read?,
            }
        }
        Ok(())
    }

    async fn read_frame(&self, frame: &str, deadline: Duration) -> Result<(), CallError> {
        let world = probe::world(&self.session, frame, deadline).await?;
        let read = "globalThis.tagperfInventory?.read?.() ?? null";
        let read = probe::evaluate_in(&self.session, world, read, deadline).await?;
        match read.value().map_err(unread)? {
            Value::String(text) => self.keep(&text),
            _ => Ok(()),
        }
    }

    async fn frames(&self, deadline: Duration) -> Result<Vec<String>, CallError> {
        let asked = self
            .session
            .call_for(GetFrameTreeParams::default(), deadline);
        let Tree { tree } = asked.await?;
        let mut found = vec![self.frame.clone()];
        let mut open = tree.children;
        while let Some(branch) = open.pop() {
            if found.len() >= MOST_FRAMES {
                break;
            }
            found.push(branch.frame.id);
            open.extend(branch.children);
        }
        Ok(found)
    }

    /// The newest record of a document replaces the earlier ones.
    fn keep(&self, text: &str) -> Result<(), CallError> {
        let Some(json) = text.strip_prefix(&self.channel) else {
            return Ok(());
        };
        let told: Told = serde_json::from_str(json).map_err(|error| unread(error.to_string()))?;
        let mut documents = self.documents();
        let room = documents.len() < MOST_DOCUMENTS;
        match documents.iter_mut().find(|d| d.document == told.document) {
            Some(known) => *known = told,
            None if room => documents.push(told),
            None => {}
        }
        Ok(())
    }

    fn documents(&self) -> MutexGuard<'_, Vec<Told>> {
        self.documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What the page's code did and what it leaves behind; `scripts` name the code of listeners.
    pub async fn take(
        &self,
        tab: &Tab,
        scripts: &[Script],
        deadline: Duration,
    ) -> Result<Inventory, CallError> {
        let mut listeners = or_nothing(listeners::read(tab, &self.channel, deadline).await)?;
        listeners::name(&mut listeners, scripts);
        let cookies = kept::cookies(tab, deadline).await?;
        let stored = or_nothing(kept::stored(tab, deadline).await)?;
        let told = std::mem::take(&mut *self.documents());
        let (mut hidden, mut noted) = (Vec::new(), Vec::new());
        for document in told {
            hidden.extend(document.hidden);
            noted.extend(document.acts);
        }
        hidden.truncate(MOST_HIDDEN);
        Ok(Inventory {
            acts: acts::together(noted),
            listeners,
            cookies,
            stored,
            hidden,
            not_restored: None,
        })
    }

    /// Why the browser would not keep the page: goes away from it and back, so nothing can be asked after this.
    pub async fn not_restored(&self) -> Option<Vec<String>> {
        back::ask(&self.session, &self.not_restored).await
    }
}

/// A page that replaces its document while it is asked has nothing in that place.
fn or_nothing<T>(read: Result<Vec<T>, CallError>) -> Result<Vec<T>, CallError> {
    match read {
        Err(CallError::Refused { .. }) => Ok(Vec::new()),
        read => read,
    }
}

fn unread(why: String) -> CallError {
    CallError::Refused {
        method: "reading the page's inventory".into(),
        why,
    }
}

#[derive(Deserialize)]
struct Tree {
    #[serde(rename = "frameTree")]
    tree: Branch,
}

#[derive(Deserialize)]
struct Branch {
    frame: Frame,
    #[serde(rename = "childFrames", default)]
    children: Vec<Branch>,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
}
