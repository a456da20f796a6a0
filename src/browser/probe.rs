//! What the page sees of itself: a script that watches from a world which the page cannot reach.

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, CreateIsolatedWorldParams,
};
use chromiumoxide::cdp::js_protocol::runtime::{
    AddBindingParams, AddBindingReturns, EvaluateParams, ExecutionContextId,
};
use chromiumoxide::types::{Command, Method, MethodId};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PageRecord;
use super::tab::{Session, Tab};
use super::transport::{CallError, Event};

pub(super) const WORLD: &str = "tagperf";

/// What a trace calls the harness's own code.
const SOURCE_URL: &str = "\n//# sourceURL=tagperf:probe";
const PROBE: &str = include_str!("probe.js");
const BRIDGE: &str = include_str!("bridge.js");

/// What the probe tells by itself.
const BINDING: &str = "tagperfTell";

/// A page may reload itself for ever.
const MOST_DOCUMENTS: usize = 200;

/// Nobody waits for this, and a page may be busy after its load event.
const PREPARING: Duration = Duration::from_secs(30);

/// Evaluates in the probe's world: the page's own scripts can neither see nor disturb it.
pub(super) async fn evaluate(
    tab: &Tab,
    expression: impl Into<String>,
    deadline: Duration,
) -> Result<Evaluated, CallError> {
    let world = world(&tab.session, &tab.target, deadline).await?;
    evaluate_in(&tab.session, world, expression, deadline).await
}

/// The probe's world in the document that is shown.
pub(super) async fn world(
    session: &Session,
    frame: &str,
    deadline: Duration,
) -> Result<ExecutionContextId, CallError> {
    let mut world = CreateIsolatedWorldParams::new(frame.to_owned());
    world.world_name = Some(WORLD.into());
    Ok(session.call(world, deadline).await?.execution_context_id)
}

pub(super) async fn evaluate_in(
    session: &Session,
    world: ExecutionContextId,
    expression: impl Into<String>,
    deadline: Duration,
) -> Result<Evaluated, CallError> {
    let mut evaluate = EvaluateParams::new(expression.into() + SOURCE_URL);
    evaluate.context_id = Some(world);
    evaluate.return_by_value = Some(true);
    session.call_for(evaluate, deadline).await
}

/// `Runtime.addBinding` for one world, which `chromiumoxide` leaves out. By the world's name it works only
/// where the Runtime domain is enabled, which no measured page can afford.
#[derive(Debug, Serialize)]
struct AddBindingTo {
    name: &'static str,
    #[serde(rename = "executionContextId")]
    world: ExecutionContextId,
}

impl Method for AddBindingTo {
    fn identifier(&self) -> MethodId {
        AddBindingParams::IDENTIFIER.into()
    }
}

impl Command for AddBindingTo {
    type Response = AddBindingReturns;
}

/// What became of an expression.
#[derive(Debug, Deserialize)]
pub(super) struct Evaluated {
    result: Remote,
    #[serde(rename = "exceptionDetails")]
    exception: Option<Exception>,
}

#[derive(Debug, Default, Deserialize)]
struct Remote {
    #[serde(default)]
    value: Value,
    description: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    text: String,
    exception: Option<Remote>,
}

impl Evaluated {
    /// The value, or the text of what was thrown.
    pub fn value(self) -> Result<Value, String> {
        match self.exception {
            None => Ok(self.result.value),
            Some(thrown) => {
                let what = thrown.exception.unwrap_or_default();
                let value = what.value.as_str().map(str::to_owned);
                Err(what.description.or(value).unwrap_or(thrown.text))
            }
        }
    }
}

/// The probe of a page, and the records of its documents; clones share them.
#[derive(Clone)]
pub(super) struct Probe {
    session: Session,
    frame: String,
    /// Only the scripts know it, so that the page can neither speak on the bridge nor forge a record.
    channel: String,
    records: Arc<Mutex<Vec<PageRecord>>>,
}

impl Probe {
    pub fn new(tab: &Tab) -> Self {
        let secret = RandomState::new().build_hasher().finish();
        Self {
            session: tab.session.clone(),
            frame: tab.target.clone(),
            channel: format!("tagperf-{secret:016x}"),
            records: Arc::default(),
        }
    }

    /// Puts the scripts into every document to come.
    pub fn install(
        &self,
        deadline: Duration,
    ) -> impl Future<Output = Result<(), CallError>> + use<> {
        let script = |text: &str| {
            AddScriptToEvaluateOnNewDocumentParams::new(
                text.replace("$CHANNEL", &self.channel) + SOURCE_URL,
            )
        };
        let mut probe = script(PROBE);
        probe.world_name = Some(WORLD.into());
        let probe = self.session.call(probe, deadline);
        let bridge = self.session.call(script(BRIDGE), deadline);
        async move {
            probe.await?;
            bridge.await.map(drop)
        }
    }

    /// Reads the record of the document that is shown, if it has one.
    pub async fn read(&self, deadline: Duration) -> Result<(), CallError> {
        let world = world(&self.session, &self.frame, deadline).await?;
        if !self.ask(world, deadline).await? {
            self.wake(deadline).await?;
            self.ask(world, deadline).await?;
        }
        Ok(())
    }

    /// Gives the probe of a document that has loaded the means to tell what it knows when it goes: by
    /// then it is too late to ask, as Chromium holds back all questions from the start of a navigation.
    pub async fn prepare(self) -> Result<(), CallError> {
        let awake = self.wake(PREPARING);
        let world = world(&self.session, &self.frame, PREPARING).await?;
        awake.await?;
        let binding = AddBindingTo {
            name: BINDING,
            world,
        };
        self.session.call(binding, PREPARING).await.map(drop)
    }

    /// Keeps what a document told when it went.
    pub fn told(&self, event: &Event) {
        #[derive(Deserialize)]
        struct Told {
            payload: String,
        }
        if let Some(Told { payload }) = event.read() {
            // A document whose last words are not understood still has what was read before.
            let _ = self.keep(&payload);
        }
    }

    /// All records, in order of navigation.
    pub fn take(&self) -> Vec<PageRecord> {
        let mut records = std::mem::take(&mut *self.records());
        records.sort_by(|a, b| a.time_origin_ms.total_cmp(&b.time_origin_ms));
        records
    }

    /// In a document that has run no script yet, the scripts for new documents have not run either.
    /// Running one makes up for it; the observers are told what was before.
    fn wake(&self, deadline: Duration) -> impl Future<Output = Result<(), CallError>> + use<> {
        let nothing = self.session.call_for(EvaluateParams::new("0"), deadline);
        async { nothing.await.map(|IgnoredAny| ()) }
    }

    /// Keeps what the probe says; `false` if it is not there.
    async fn ask(&self, world: ExecutionContextId, deadline: Duration) -> Result<bool, CallError> {
        let read = "globalThis.tagperf?.read?.() ?? null";
        let read = evaluate_in(&self.session, world, read, deadline).await?;
        match read.value().map_err(unread)? {
            Value::String(text) => self.keep(&text),
            _ => Ok(false),
        }
    }

    /// The newest record of a document replaces the earlier ones. `false` if it is not the probe's.
    fn keep(&self, text: &str) -> Result<bool, CallError> {
        let Some(json) = text.strip_prefix(&self.channel) else {
            return Ok(false);
        };
        let record: PageRecord =
            serde_json::from_str(json).map_err(|error| unread(error.to_string()))?;
        let mut records = self.records();
        records.retain(|kept| kept.time_origin_ms != record.time_origin_ms);
        if records.len() < MOST_DOCUMENTS {
            records.push(record);
        }
        Ok(true)
    }

    fn records(&self) -> MutexGuard<'_, Vec<PageRecord>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unread(why: String) -> CallError {
    CallError::Refused {
        method: "reading the probe".into(),
        why,
    }
}
