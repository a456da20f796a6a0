//! What a step may ask of a page.

use std::future::Future;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::probe::{self, Evaluated};
use super::transport::CallError;
use super::{ElementBox, Hands, Page, StepError, input};

/// How often the page is asked for an element; asking costs the page time.
const POLL: Duration = Duration::from_millis(50);

/// The box of the first match that has one.
const FIND: &str = "(selector => {
  for (const element of Document.prototype.querySelectorAll.call(document, selector)) {
    const { x, y, width, height } = Element.prototype.getBoundingClientRect.call(element);
    if (width > 0 && height > 0) return { x, y, width, height };
  }
  return null;
})";

impl Hands for Page {
    async fn load(&mut self, url: &str, deadline: Duration) -> Result<(), StepError> {
        let end = Instant::now() + deadline;
        let url = self
            .base_url
            .join(url)
            .map_err(|error| unmet(format!("{url:?} is no URL: {error}")))?;
        let before = self.watch.document().number;
        let navigate = NavigateParams::new(url.as_str());
        let started =
            self.tab
                .session
                .call(navigate, deadline)
                .await
                .map_err(|error| match error {
                    CallError::TimedOut { after, .. } => {
                        let method = format!("the response to {url}");
                        self.step_error(CallError::TimedOut { method, after })
                    }
                    other => self.step_error(other),
                })?;
        if let Some(error) = started.error_text {
            return Err(unmet(format!("{url} did not load: {error}")));
        }
        // Going to another place in the same document loads nothing.
        if started.loader_id.is_none() {
            return Ok(());
        }
        let loaded = self.watch.until(|now| now.number > before && now.loaded);
        let loaded = timeout_at(end, loaded).await.unwrap_or(Ok(()));
        loaded.map_err(|error| self.step_error(error))
    }

    async fn scroll_by(&mut self, dx: f64, dy: f64, over: Duration) -> Result<(), StepError> {
        let viewport = &self.device.viewport;
        let centre = (
            f64::from(viewport.width) / 2.0,
            f64::from(viewport.height) / 2.0,
        );
        let scrolled = input::scroll(&self.tab.session, centre, (dx, dy), over).await;
        scrolled.map_err(|error| self.step_error(error))
    }

    async fn find(&mut self, selector: &str, deadline: Duration) -> Result<ElementBox, StepError> {
        let end = Instant::now() + deadline;
        let expression = format!("{FIND}({})", Value::from(selector));
        loop {
            let wait = end.saturating_duration_since(Instant::now()).max(POLL);
            let asked = probe::evaluate(&self.tab, &expression, wait).await;
            match asked.map(Evaluated::value) {
                Ok(Ok(Value::Null)) => {}
                Ok(Ok(found)) => {
                    return element_box(found).map_err(|error| self.step_error(error));
                }
                Ok(Err(thrown)) => return Err(unmet(thrown)),
                // The document may have been replaced meanwhile.
                Err(CallError::Refused { .. }) => {}
                Err(error) => return Err(self.step_error(error)),
            }
            if Instant::now() + POLL > end {
                let waited = deadline.as_secs_f64();
                return Err(unmet(format!(
                    "no visible element matched {selector:?} within {waited:.1} s"
                )));
            }
            sleep(POLL).await;
        }
    }

    async fn point(&mut self, x: f64, y: f64) -> Result<(), StepError> {
        let done = input::point(&self.tab.session, (x, y), self.deadline).await;
        done.map_err(|error| self.step_error(error))
    }

    async fn click(&mut self, x: f64, y: f64) -> Result<(), StepError> {
        let done = input::click(&self.tab.session, (x, y), self.deadline).await;
        done.map_err(|error| self.step_error(error))
    }

    async fn type_text(&mut self, text: &str, pause: Duration) -> Result<(), StepError> {
        let done = input::type_text(&self.tab.session, text, pause, self.deadline).await;
        done.map_err(|error| self.step_error(error))
    }

    async fn press(&mut self, key: &str) -> Result<(), StepError> {
        match input::press(&self.tab.session, key, self.deadline).await {
            Ok(true) => Ok(()),
            Err(error) => Err(self.step_error(error)),
            Ok(false) => Err(unmet(format!(
                "no key is named {key:?}: DOM names are `Enter`, `PageDown`, `a`"
            ))),
        }
    }

    async fn evaluate(&mut self, expression: &str, deadline: Duration) -> Result<Value, StepError> {
        let mut evaluate = EvaluateParams::new(expression);
        evaluate.await_promise = Some(true);
        evaluate.return_by_value = Some(true);
        evaluate.user_gesture = Some(true);
        let evaluated = self.tab.session.call_for(evaluate, deadline).await;
        match evaluated.map(Evaluated::value) {
            Ok(value) => value.map_err(unmet),
            Err(CallError::TimedOut { .. }) if self.answers().await => Err(unmet(format!(
                "the expression's promise was not settled within {:.1} s",
                deadline.as_secs_f64()
            ))),
            Err(error) => Err(self.step_error(error)),
        }
    }

    async fn idle(&mut self, time: Duration) -> Result<(), StepError> {
        let gone = self.watch.until(|_| false);
        let gone = timeout(time, gone).await.unwrap_or(Ok(()));
        gone.map_err(|error| self.step_error(error))
    }
}

impl Page {
    fn step_error(&self, error: CallError) -> StepError {
        match error {
            // The page answered, and what it says is about the step.
            CallError::Refused { .. } => StepError::Unmet(error.to_string()),
            other => StepError::Fault(self.fault(other)),
        }
    }

    /// Whether the page's main thread still takes questions.
    fn answers(&self) -> impl Future<Output = bool> {
        let asked = probe::evaluate(&self.tab, "1", Duration::from_secs(1));
        async { asked.await.is_ok() }
    }
}

fn unmet(why: impl Into<String>) -> StepError {
    StepError::Unmet(why.into())
}

fn element_box(value: Value) -> Result<ElementBox, CallError> {
    #[derive(Deserialize)]
    struct Rectangle {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    }
    let Rectangle {
        x,
        y,
        width,
        height,
    } = serde_json::from_value(value).map_err(|error| CallError::Refused {
        method: "finding an element".into(),
        why: error.to_string(),
    })?;
    Ok(ElementBox {
        x,
        y,
        width,
        height,
    })
}
