//! All that a traced visit records beside what every visit does: the trace, the scripts and frames that the
//! page's process tells of, the profile.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Trace;
use super::children::Children;
use super::scripts::Scripts;
use super::tab::Tab;
use super::tracing::Recording;
use super::transport::{CallError, Event};
use super::{sampler, scripts};

/// What the page's process tells by itself; clones share it.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    scripts: Scripts,
    children: Children,
}

impl Notes {
    pub fn hear(&self, event: &Event) {
        match event.method.as_str() {
            "Debugger.scriptParsed" => {
                let mut noted = self.noted();
                if noted.scripts.parsed(event) {
                    noted.children.forget_scripts();
                }
            }
            "Page.frameAttached" => self.noted().children.attached(event),
            "Page.frameNavigated" => self.noted().children.navigated(event),
            _ => {}
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The recorders of a traced visit.
pub(super) struct Recorders {
    recording: Recording,
    notes: Notes,
}

impl Recorders {
    /// Starts all; `keep` is the file for the whole trace.
    pub async fn start(
        tab: &Tab,
        notes: Notes,
        keep: Option<PathBuf>,
        deadline: Duration,
    ) -> Result<Self, CallError> {
        scripts::announce(&tab.session, deadline).await?;
        let recording = Recording::start(tab.connection(), keep, deadline).await?;
        sampler::start(&tab.session, deadline).await?;
        Ok(Self { recording, notes })
    }

    /// Ends all and puts together what they say. A page that does not hand over its profile or a text goes
    /// without.
    pub async fn stop(self, tab: &Tab) -> Result<Trace, CallError> {
        let profile = sampler::stop(&tab.session).await;
        let mut trace = self.recording.stop(&tab.target).await?;
        {
            let mut noted = self.notes.noted();
            trace.scripts = noted.scripts.take();
            trace.frames = noted.children.merge(std::mem::take(&mut trace.frames));
        }
        trace.profile = profile;
        scripts::fetch_texts(&tab.session, &mut trace).await;
        Ok(trace)
    }
}
