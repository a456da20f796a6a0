use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::{Act, spell};

/// Opens a page and leaves it alone for a moment, so that its largest paint is reported before the next
/// input ends the search for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Relative to the page under test.
    pub url: String,
    pub settle: Duration,
    pub timeout: Duration,
}

const SETTLE: Duration = Duration::from_millis(500);
const TIMEOUT: Duration = Duration::from_secs(30);

impl Act for Load {
    const ID: &'static str = "load";
    const WHAT: &'static str =
        "Opens a page, waits for its load event, and leaves it alone for `settle` (500ms).";
    const EXAMPLE: &'static str = r#"{ load = "/" }"#;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        if !value.is_table() {
            return Ok(Self {
                url: value.text()?,
                settle: SETTLE,
                timeout: TIMEOUT,
            });
        }
        value.table(|fields| {
            let url = fields.required("url", Value::text);
            let settle = fields.or("settle", SETTLE, Value::duration);
            let timeout = fields.or("timeout", TIMEOUT, Value::some_time);
            Ok(Self {
                url: url?,
                settle: settle?,
                timeout: timeout?,
            })
        })
    }

    fn text(&self) -> String {
        match self.settle {
            SETTLE => format!("load {}", self.url),
            settle => format!("load {}, settle {}", self.url, spell(settle)),
        }
    }

    fn expected(&self) -> Option<Duration> {
        Some(self.settle)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        hands.load(&self.url, self.timeout).await?;
        hands.idle(self.settle).await
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::pretend::{Page, act, step};

    #[tokio::test]
    async fn the_page_is_left_alone_after_its_load() {
        let mut page = Page::default();
        let acts = act(&mut page, r#"{ load = "/" }"#).await;
        assert_eq!(acts, ["load / within 30s", "idle 500ms"]);
        let patient = r#"{ load = { url = "/a", settle = "0ms", timeout = "1min" } }"#;
        let acts = act(&mut page, patient).await;
        assert_eq!(acts, ["load /a within 60s", "idle 0ns"]);
        assert_eq!(step(patient).text(), "load /a, settle 0ms");
    }
}
