//! A page target in a browser context of its own: no cookie, cache or storage of an earlier one.

use std::future::Future;
use std::time::Duration;

use chromiumoxide::Command;
use chromiumoxide::cdp::browser_protocol::browser::BrowserContextId;
use chromiumoxide::cdp::browser_protocol::target::{
    AttachToTargetParams, CreateBrowserContextParams, CreateTargetParams,
    DisposeBrowserContextParams,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::transport::{CallError, Connection, Event};

/// The session attached to one page target.
#[derive(Clone)]
pub(super) struct Session {
    connection: Connection,
    id: String,
}

impl Session {
    /// Sends a command at once; see [`Connection::call`].
    pub fn call<C: Command>(
        &self,
        command: C,
        deadline: Duration,
    ) -> impl Future<Output = Result<C::Response, CallError>> + use<C> {
        self.connection.call(&self.id, command, deadline)
    }

    /// See [`Connection::call_for`].
    pub fn call_for<R: DeserializeOwned, C: Command>(
        &self,
        command: C,
        deadline: Duration,
    ) -> impl Future<Output = Result<R, CallError>> + use<R, C> {
        self.connection.call_for(&self.id, command, deadline)
    }

    pub fn post<C: Command>(&self, command: C) {
        self.connection.post(&self.id, command);
    }

    /// Why a session of which nothing is heard any more is silent.
    pub fn gone(&self) -> CallError {
        self.connection
            .ended()
            .map_or(CallError::Crashed, CallError::Closed)
    }
}

/// An open page. Dropping it closes its context without waiting.
pub(super) struct Tab {
    pub session: Session,
    /// Also the id of its main frame.
    pub target: String,
    context: BrowserContextId,
    closed: bool,
}

impl Tab {
    /// Opens `about:blank`. The events are those of the new session.
    ///
    /// `width` and `height` are those of the window, which must hold the viewport: what lies outside is
    /// never drawn, and Chromium reports no interaction with what is not drawn.
    pub async fn open(
        connection: &Connection,
        (width, height): (u32, u32),
        deadline: Duration,
    ) -> Result<(Self, tokio::sync::mpsc::UnboundedReceiver<Event>), CallError> {
        let created = connection
            .call("", CreateBrowserContextParams::default(), deadline)
            .await?;
        let context = created.browser_context_id;
        // Should one of the next calls fail, dropping this closes the context.
        let mut tab = Self {
            session: Session {
                connection: connection.clone(),
                id: String::new(),
            },
            target: String::new(),
            context: context.clone(),
            closed: false,
        };
        let mut target = CreateTargetParams::new("about:blank");
        target.browser_context_id = Some(context);
        target.width = Some(width.into());
        target.height = Some(height.into());
        let target = connection.call("", target, deadline).await?.target_id;
        tab.target = target.inner().clone();
        let mut attach = AttachToTargetParams::new(target);
        attach.flatten = Some(true);
        let attached: Attached = connection.call_for("", attach, deadline).await?;
        let events = connection.events(&attached.session);
        tab.session.id = attached.session;
        Ok((tab, events))
    }

    /// Closes the context and with it the page and everything it opened.
    pub async fn close(mut self, deadline: Duration) -> Result<(), CallError> {
        self.closed = true;
        let connection = &self.session.connection;
        connection.forget(&self.session.id);
        let dispose = DisposeBrowserContextParams::new(self.context.clone());
        connection.call("", dispose, deadline).await.map(drop)
    }

    pub fn connection(&self) -> &Connection {
        &self.session.connection
    }

    pub fn context(&self) -> &BrowserContextId {
        &self.context
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        if !self.closed {
            let connection = &self.session.connection;
            connection.forget(&self.session.id);
            connection.post("", DisposeBrowserContextParams::new(self.context.clone()));
        }
    }
}

#[derive(Deserialize)]
struct Attached {
    #[serde(rename = "sessionId")]
    session: String,
}
