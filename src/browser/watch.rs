//! Listens to a page while others act on it: which document it shows, whether that has loaded, whether
//! the page is still there. Answers dialogs, which would otherwise stop the page for ever.

use chromiumoxide::cdp::browser_protocol::page::HandleJavaScriptDialogParams;
use serde::Deserialize;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::probe::Records;
use super::tab::Session;
use super::transport::{CallError, Event};

/// What is known of the page's main frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Document {
    /// How many documents were committed so far.
    pub number: u64,
    /// The load event of the newest one has fired.
    pub loaded: bool,
    gone: bool,
}

pub(super) struct Watch {
    session: Session,
    document: watch::Receiver<Document>,
    listener: JoinHandle<()>,
}

impl Watch {
    pub fn start(
        session: &Session,
        frame: &str,
        events: mpsc::UnboundedReceiver<Event>,
        records: &Records,
    ) -> Self {
        let (news, document) = watch::channel(Document::default());
        let listener = Listener {
            session: session.clone(),
            frame: frame.into(),
            records: records.clone(),
            news,
        };
        Self {
            session: session.clone(),
            document,
            listener: tokio::spawn(listener.follow(events)),
        }
    }

    pub fn document(&self) -> Document {
        *self.document.borrow()
    }

    /// Waits until `wanted` holds; fails when the page goes.
    pub async fn until(&self, wanted: impl Fn(&Document) -> bool) -> Result<(), CallError> {
        let mut document = self.document.clone();
        let seen = document.wait_for(|now| now.gone || wanted(now)).await;
        match seen {
            Ok(now) if !now.gone => Ok(()),
            _ => Err(self.session.gone()),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

struct Listener {
    session: Session,
    frame: String,
    records: Records,
    news: watch::Sender<Document>,
}

impl Listener {
    async fn follow(self, mut events: mpsc::UnboundedReceiver<Event>) {
        while let Some(event) = events.recv().await {
            match event.method.as_str() {
                "Page.frameStartedNavigating" => self.save_what_leaves(&event),
                "Page.frameNavigated" if self.is_main(&event) => self.news.send_modify(|now| {
                    now.number += 1;
                    now.loaded = false;
                }),
                "Page.loadEventFired" => self.news.send_modify(|now| now.loaded = true),
                "Page.javascriptDialogOpening" => {
                    self.session.post(HandleJavaScriptDialogParams::new(true));
                }
                _ => {}
            }
        }
        self.news.send_modify(|now| now.gone = true);
    }

    fn is_main(&self, event: &Event) -> bool {
        event
            .read()
            .is_some_and(|navigated: Navigated| navigated.frame.id == self.frame)
    }

    /// A document takes its record with it when it goes, so it is read when a navigation begins.
    fn save_what_leaves(&self, event: &Event) {
        let starting: Option<Starting> = event.read();
        let leaves = starting.is_some_and(|starting| {
            starting.frame == self.frame && starting.kind != "sameDocument"
        });
        if leaves && self.news.borrow().number > 0 {
            // Not waited for here: an open dialog would keep it from ending.
            tokio::spawn(
                self.records
                    .clone()
                    .save(self.session.clone(), self.frame.clone()),
            );
        }
    }
}

#[derive(Deserialize)]
struct Navigated {
    frame: Frame,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
}

#[derive(Deserialize)]
struct Starting {
    #[serde(rename = "frameId")]
    frame: String,
    #[serde(rename = "navigationType")]
    kind: String,
}
