//! What the page sees of itself: a script that watches from a world which the page cannot reach.

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, CreateIsolatedWorldParams,
};
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::PageRecord;
use super::tab::Session;
use super::transport::CallError;

const WORLD: &str = "tagperf";
const PROBE: &str = include_str!("probe.js");
const BRIDGE: &str = include_str!("bridge.js");

/// A navigation goes on meanwhile; what is not read by then is lost.
const LEAVING: Duration = Duration::from_secs(2);

/// Puts the scripts into every document to come.
pub(super) fn install(
    session: &Session,
    deadline: Duration,
) -> impl Future<Output = Result<(), CallError>> + use<> {
    // Only the two scripts know the name, so that the page cannot speak on the bridge.
    let channel = format!(
        "tagperf-{:016x}",
        RandomState::new().build_hasher().finish()
    );
    let mut probe =
        AddScriptToEvaluateOnNewDocumentParams::new(PROBE.replace("$CHANNEL", &channel));
    probe.world_name = Some(WORLD.into());
    let bridge = AddScriptToEvaluateOnNewDocumentParams::new(BRIDGE.replace("$CHANNEL", &channel));
    let probe = session.call(probe, deadline);
    let bridge = session.call(bridge, deadline);
    async move {
        probe.await?;
        bridge.await.map(drop)
    }
}

/// Evaluates in the probe's world: the page's own scripts can neither see nor disturb it.
pub(super) async fn evaluate(
    session: &Session,
    frame: &str,
    expression: impl Into<String>,
    deadline: Duration,
) -> Result<Evaluated, CallError> {
    let mut world = CreateIsolatedWorldParams::new(frame.to_owned());
    world.world_name = Some(WORLD.into());
    let world = session.call(world, deadline).await?;
    let mut evaluate = EvaluateParams::new(expression);
    evaluate.context_id = Some(world.execution_context_id);
    evaluate.return_by_value = Some(true);
    session.call_for(evaluate, deadline).await
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

/// The record of the shown document as JSON, if the probe is there.
async fn ask(
    session: &Session,
    frame: &str,
    deadline: Duration,
) -> Result<Option<String>, CallError> {
    let read = "globalThis.tagperf?.read?.() ?? null";
    let read = evaluate(session, frame, read, deadline).await?;
    match read.value().map_err(unread)? {
        Value::String(text) => Ok(Some(text)),
        _ => Ok(None),
    }
}

fn unread(why: String) -> CallError {
    CallError::Refused {
        method: "reading the probe".into(),
        why,
    }
}

/// The records of a visit's documents; clones share them.
#[derive(Clone, Default)]
pub(super) struct Records(Arc<Mutex<Vec<PageRecord>>>);

impl Records {
    /// Reads the record of the document that is shown, if it has one.
    pub async fn read(
        &self,
        session: &Session,
        frame: &str,
        deadline: Duration,
    ) -> Result<(), CallError> {
        let mut text = ask(session, frame, deadline).await?;
        if text.is_none() {
            // In a document that has run no script yet, the scripts for new documents have not run
            // either. Running one makes up for it; the observers are told what was before.
            let _: IgnoredAny = session.call_for(EvaluateParams::new("0"), deadline).await?;
            text = ask(session, frame, deadline).await?;
        }
        if let Some(text) = text {
            let record = serde_json::from_str(&text).map_err(|error| unread(error.to_string()))?;
            self.keep(record);
        }
        Ok(())
    }

    /// As [`Records::read`], for a document that is about to go: whatever it brings is a gain.
    pub async fn save(self, session: Session, frame: String) {
        let _ = self.read(&session, &frame, LEAVING).await;
    }

    /// In order of navigation.
    pub fn take(&self) -> Vec<PageRecord> {
        let mut records = std::mem::take(&mut *self.lock());
        records.sort_by(|a, b| a.time_origin_ms.total_cmp(&b.time_origin_ms));
        records
    }

    /// The newest record of a document replaces the earlier ones.
    fn keep(&self, record: PageRecord) {
        let mut records = self.lock();
        records.retain(|kept| kept.time_origin_ms != record.time_origin_ms);
        records.push(record);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PageRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
