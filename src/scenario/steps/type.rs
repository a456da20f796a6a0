use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::Act;
use crate::scenario::element::{self, Target};

/// Clicks into a field and types, a key at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    pub into: Target,
    pub text: String,
    pub pause: Duration,
}

/// About 60 words a minute.
const PAUSE: Duration = Duration::from_millis(100);

impl Act for Type {
    const ID: &'static str = "type";
    const WHAT: &'static str =
        "Clicks into a field and types, with a `pause` (100ms) after each key.";
    const EXAMPLE: &'static str = r##"{ type = { into = "#search", text = "shoes" } }"##;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        value.table(|fields| {
            let into = fields.required("into", Value::text);
            let text = fields.required("text", Value::text);
            let pause = fields.or("pause", PAUSE, Value::duration);
            let timeout = fields.or("timeout", element::TIMEOUT, Value::some_time);
            Ok(Self {
                into: Target {
                    selector: into?,
                    timeout: timeout?,
                },
                text: text?,
                pause: pause?,
            })
        })
    }

    fn text(&self) -> String {
        format!("type {:?} into {}", self.text, self.into.selector)
    }

    fn expected(&self) -> Option<Duration> {
        let keys = u32::try_from(self.text.chars().count()).ok()?;
        self.pause.checked_mul(keys)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        let (x, y) = self.into.uncovered(hands).await?;
        hands.click(x, y).await?;
        let script = element::call(FOCUS, &self.into.selector);
        match hands.evaluate(&script, element::ANSWER).await? {
            Json::Bool(true) => hands.type_text(&self.text, self.pause).await,
            other => {
                let focus = element::shown(&other);
                let selector = &self.into.selector;
                Err(StepError::Unmet(format!(
                    "`{selector}` did not take the focus when clicked: it is on `{focus}`"
                )))
            }
        }
    }
}

/// `true`, or the name of the element that has the focus instead.
const FOCUS: &str = "(selector, name) => {
    const focus = document.activeElement || document.body;
    return focus.closest(selector) ? true : name(focus);
}";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::scenario::pretend::{Page, act, fail, step};

    const TYPE: &str = r##"{ type = { into = "#q", text = "shoe" } }"##;

    #[tokio::test]
    async fn the_field_is_clicked_and_typed_into() {
        let acts = act(&mut Page::with("#q", 100.0), TYPE).await;
        assert_eq!(acts, ["click 50,120", "type shoe every 100ms"]);
        assert_eq!(step(TYPE).expected(), Some(Duration::from_millis(400)));
        assert_eq!(step(TYPE).text(), r#"type "shoe" into #q"#);
    }

    #[tokio::test]
    async fn nothing_is_typed_into_what_has_no_focus() {
        let mut page = Page::with("#q", 100.0);
        page.focus = json!("body.home");
        let why = fail(&mut page, TYPE).await;
        let wanted = "`#q` did not take the focus when clicked: it is on `body.home`";
        assert_eq!(why, wanted);
        assert_eq!(page.acts, ["click 50,120"]);
    }
}
