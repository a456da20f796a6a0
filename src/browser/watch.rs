//! Listens to a page while others act on it: which document it shows, whether that has loaded, whether
//! the page is still there. Answers dialogs, which would otherwise stop the page for ever.

use chromiumoxide::cdp::browser_protocol::page::HandleJavaScriptDialogParams;
use serde::Deserialize;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::inventory::Collector;
use super::probe::Probe;
use super::tab::{Session, Tab};
use super::traced::Notes;
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
    /// `inventory` and `notes` hear what the page tells in a traced visit.
    pub fn start(
        tab: &Tab,
        events: mpsc::UnboundedReceiver<Event>,
        probe: &Probe,
        inventory: Option<&Collector>,
        notes: Option<Notes>,
    ) -> Self {
        let (news, document) = watch::channel(Document::default());
        let listener = Listener {
            session: tab.session.clone(),
            frame: tab.target.clone(),
            probe: probe.clone(),
            inventory: inventory.cloned(),
            notes,
            news,
        };
        Self {
            session: tab.session.clone(),
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
    probe: Probe,
    inventory: Option<Collector>,
    notes: Option<Notes>,
    news: watch::Sender<Document>,
}

impl Listener {
    async fn follow(self, mut events: mpsc::UnboundedReceiver<Event>) {
        while let Some(event) = events.recv().await {
            if let Some(inventory) = &self.inventory {
                inventory.hear(&event);
            }
            if let Some(notes) = &self.notes {
                notes.hear(&event);
            }
            match event.method.as_str() {
                "Runtime.bindingCalled" => self.probe.told(&event),
                "Page.frameNavigated" if self.is_main(&event) => {
                    self.news.send_modify(|now| {
                        now.number += 1;
                        now.loaded = false;
                    });
                }
                "Page.loadEventFired" => {
                    tokio::spawn(self.probe.clone().prepare());
                    self.news.send_modify(|now| now.loaded = true);
                }
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
}

#[derive(Deserialize)]
struct Navigated {
    frame: Frame,
}

#[derive(Deserialize)]
struct Frame {
    id: String,
}
