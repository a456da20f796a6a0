//! Speaks CDP over a pair of pipes: JSON messages, each ended by a NUL.
//!
//! Payloads stay raw until somebody asks for them, so that an event or a value this program does not
//! know never costs a message. Every call has a deadline; the calls of a page fail the moment its
//! process does, and all of them when the connection ends.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chromiumoxide::Command;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot};

use super::Fault;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum CallError {
    #[error("{method} did not answer within {:.1} s", after.as_secs_f64())]
    TimedOut { method: String, after: Duration },
    #[error("the page's process crashed")]
    Crashed,
    #[error("{0}")]
    Closed(String),
    #[error("the trace could not be kept in {0}")]
    NotKept(String),
    #[error("{method} was refused: {why}")]
    Refused { method: String, why: String },
}

impl From<CallError> for Fault {
    fn from(error: CallError) -> Self {
        match error {
            CallError::TimedOut { method, after } => Fault::TimedOut {
                what: method,
                after_ms: after.as_secs_f64() * 1e3,
            },
            CallError::Crashed => Fault::PageCrashed,
            CallError::Closed(why) => Fault::BrowserDied { why },
            CallError::NotKept(why) => Fault::TraceNotKept { why },
            refused @ CallError::Refused { .. } => Fault::BrowserDied {
                why: refused.to_string(),
            },
        }
    }
}

/// Something that happened in a session.
pub(super) struct Event {
    pub method: String,
    pub params: Box<RawValue>,
}

impl Event {
    /// The parts of the payload that the caller names; `None` when they are not there.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.params.get()).ok()
    }
}

type Reply = Result<Box<RawValue>, CallError>;

/// The connection to one browser; clones share it.
#[derive(Clone)]
pub(super) struct Connection(Arc<Shared>);

struct Shared {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    state: Mutex<State>,
}

/// Sessions are named by their id; the browser itself is the session without a name.
#[derive(Default)]
struct State {
    last_id: u64,
    pending: HashMap<u64, Pending>,
    listeners: HashMap<String, mpsc::UnboundedSender<Event>>,
    crashed: Vec<String>,
    ended: Option<String>,
}

struct Pending {
    session: String,
    reply: oneshot::Sender<Reply>,
}

impl Connection {
    /// Takes over the two ends of the pipes. When the browser's end closes, `why` is asked for the reason.
    pub fn start(
        from: pipe::Receiver,
        to: pipe::Sender,
        why: impl Future<Output = String> + Send + 'static,
    ) -> Self {
        let (outgoing, messages) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            outgoing,
            state: Mutex::default(),
        });
        tokio::spawn(write(to, messages));
        tokio::spawn(read(from, Arc::clone(&shared), why));
        Self(shared)
    }

    /// Sends a command at once; the future only waits for the answer, so that independent commands
    /// can be under way together.
    pub fn call<C: Command>(
        &self,
        session: &str,
        command: C,
        deadline: Duration,
    ) -> impl Future<Output = Result<C::Response, CallError>> + use<C> {
        self.call_for(session, command, deadline)
    }

    /// As [`Connection::call`], reading only the parts of the answer that `R` names.
    pub fn call_for<R: DeserializeOwned, C: Command>(
        &self,
        session: &str,
        command: C,
        deadline: Duration,
    ) -> impl Future<Output = Result<R, CallError>> + use<R, C> {
        let method = command.identifier();
        let sent = self.send(session, &method, &command);
        async move {
            let reply = sent?.wait(&method, deadline).await?;
            serde_json::from_str(reply.get()).map_err(|error| CallError::Refused {
                method: method.into_owned(),
                why: format!("its answer is not understood: {error}"),
            })
        }
    }

    /// Sends a command whose answer nobody waits for.
    pub fn post<C: Command>(&self, session: &str, command: C) {
        drop(self.send(session, &command.identifier(), &command));
    }

    /// From now on, the events of a session. Only one listener per session.
    pub fn events(&self, session: &str) -> mpsc::UnboundedReceiver<Event> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.0.state().listeners.insert(session.into(), sender);
        receiver
    }

    /// Forgets all that is known of a session.
    pub fn forget(&self, session: &str) {
        let mut state = self.0.state();
        state.listeners.remove(session);
        state.crashed.retain(|crashed| crashed != session);
    }

    /// Why the connection ended, if it has.
    pub fn ended(&self) -> Option<String> {
        self.0.state().ended.clone()
    }

    fn send(
        &self,
        session: &str,
        method: &str,
        params: &impl Serialize,
    ) -> Result<Sent, CallError> {
        let (reply, receiver) = oneshot::channel();
        let mut state = self.0.state();
        if let Some(why) = &state.ended {
            return Err(CallError::Closed(why.clone()));
        }
        if state.crashed.iter().any(|crashed| crashed == session) {
            return Err(CallError::Crashed);
        }
        state.last_id += 1;
        let id = state.last_id;
        let message = Outgoing {
            id,
            method,
            session: (!session.is_empty()).then_some(session),
            params,
        };
        let mut bytes = serde_json::to_vec(&message).map_err(|error| CallError::Refused {
            method: method.into(),
            why: error.to_string(),
        })?;
        bytes.push(0);
        let session = session.into();
        state.pending.insert(id, Pending { session, reply });
        drop(state);
        // A writer that is gone leaves the reader to report why.
        let _ = self.0.outgoing.send(bytes);
        Ok(Sent {
            id,
            receiver,
            shared: Arc::clone(&self.0),
        })
    }
}

/// A command under way. Dropping it gives up the answer.
struct Sent {
    id: u64,
    receiver: oneshot::Receiver<Reply>,
    shared: Arc<Shared>,
}

impl Sent {
    async fn wait(mut self, method: &str, deadline: Duration) -> Reply {
        match tokio::time::timeout(deadline, &mut self.receiver).await {
            Ok(Ok(Err(CallError::Refused { why, .. }))) => Err(CallError::Refused {
                method: method.into(),
                why,
            }),
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(CallError::Closed("its connection closed".into())),
            Err(_) => Err(CallError::TimedOut {
                method: method.into(),
                after: deadline,
            }),
        }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.shared.state().pending.remove(&self.id);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self, message: &[u8]) {
        // What cannot be read as a message at all can be nobody's answer.
        let Ok(incoming) = serde_json::from_slice::<Incoming>(message) else {
            return;
        };
        let session = incoming.session.as_deref().unwrap_or_default();
        if let Some(id) = incoming.id {
            let reply = match incoming.error {
                Some(error) => Err(CallError::Refused {
                    method: String::new(),
                    why: error.message.into_owned(),
                }),
                None => Ok(incoming.result.unwrap_or(RawValue::NULL).to_owned()),
            };
            if let Some(pending) = self.state().pending.remove(&id) {
                let _ = pending.reply.send(reply);
            }
            return;
        }
        let Some(method) = incoming.method else {
            return;
        };
        let params = incoming.params.unwrap_or(RawValue::NULL);
        match &*method {
            "Inspector.targetCrashed" => self.crash(session),
            "Target.detachedFromTarget" => {
                if let Ok(detached) = serde_json::from_str::<Detached>(params.get()) {
                    self.crash(&detached.session);
                }
            }
            _ => {}
        }
        if let Some(listener) = self.state().listeners.get(session) {
            let _ = listener.send(Event {
                method: method.into_owned(),
                params: params.to_owned(),
            });
        }
    }

    /// The session has nobody at its other end any more: its calls would wait in vain.
    fn crash(&self, session: &str) {
        let mut state = self.state();
        // A session that nobody listens to was closed on purpose.
        if state.listeners.remove(session).is_none() {
            return;
        }
        state.crashed.push(session.into());
        let ids: Vec<u64> = state
            .pending
            .iter()
            .filter(|(_, pending)| pending.session == session)
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            if let Some(pending) = state.pending.remove(&id) {
                let _ = pending.reply.send(Err(CallError::Crashed));
            }
        }
    }

    fn end(&self, why: String) {
        let mut state = self.state();
        for (_, pending) in state.pending.drain() {
            let _ = pending.reply.send(Err(CallError::Closed(why.clone())));
        }
        state.listeners.clear();
        state.ended = Some(why);
    }
}

#[derive(Serialize)]
struct Outgoing<'a, P> {
    id: u64,
    method: &'a str,
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    params: &'a P,
}

#[derive(Deserialize)]
struct Incoming<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<Refusal<'a>>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow, rename = "sessionId")]
    session: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Refusal<'a> {
    #[serde(borrow)]
    message: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Detached {
    #[serde(rename = "sessionId")]
    session: String,
}

async fn write(mut to: pipe::Sender, mut messages: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(message) = messages.recv().await {
        if to.write_all(&message).await.is_err() {
            return;
        }
    }
}

async fn read(from: pipe::Receiver, shared: Arc<Shared>, why: impl Future<Output = String>) {
    let mut from = BufReader::with_capacity(1 << 16, from);
    let mut message = Vec::new();
    while from.read_until(0, &mut message).await.is_ok() && message.pop() == Some(0) {
        shared.deliver(&message);
        message.clear();
    }
    // The exit status arrives at about the same time as the end of the pipe.
    let why = tokio::time::timeout(Duration::from_millis(200), why).await;
    shared.end(why.unwrap_or_else(|_| "it closed its connection".into()));
}

#[cfg(test)]
mod tests;
