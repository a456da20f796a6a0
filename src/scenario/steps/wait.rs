use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::{Act, spell};
use crate::scenario::element::{self, Target};

/// Waits for an element, or for an expression to become true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    pub until: Until,
    pub timeout: Duration,
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// An element that has a box.
    Element(String),
    /// JavaScript whose value is truthy.
    True(String),
}

/// More than for other steps: this one is written where slowness is known.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Seldom enough to cost the page next to nothing.
const BETWEEN: Duration = Duration::from_millis(100);

impl Act for Wait {
    const ID: &'static str = "wait";
    const WHAT: &'static str = "Waits for an element, or `until` an expression is true.";
    const EXAMPLE: &'static str = r#"{ wait = ".ready" }"#;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        if !value.is_table() {
            let until = Until::Element(value.text()?);
            let timeout = TIMEOUT;
            return Ok(Self { until, timeout });
        }
        value.table(|fields| {
            let until = fields.one_of(&["selector", "until"]);
            let timeout = fields.or("timeout", TIMEOUT, Value::some_time);
            let (which, value) = until?;
            let text = value.text()?;
            let until = match which {
                0 => Until::Element(text),
                _ => Until::True(text),
            };
            let timeout = timeout?;
            Ok(Self { until, timeout })
        })
    }

    fn text(&self) -> String {
        match &self.until {
            Until::Element(selector) => format!("wait for {selector}"),
            Until::True(expression) => format!("wait until {expression}"),
        }
    }

    fn expected(&self) -> Option<Duration> {
        None
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        let timeout = self.timeout;
        match &self.until {
            Until::True(expression) => wait_until(hands, expression, timeout).await,
            Until::Element(selector) => {
                let selector = selector.clone();
                Target { selector, timeout }.find(hands).await.map(drop)
            }
        }
    }
}

async fn wait_until(
    hands: &mut impl Hands,
    expression: &str,
    timeout: Duration,
) -> Result<(), StepError> {
    let begin = Instant::now();
    let script = format!("({expression}\n)");
    let mut idle = Duration::ZERO;
    loop {
        let value = hands.evaluate(&script, timeout).await?;
        if is_truthy(&value) {
            return Ok(());
        }
        if begin.elapsed().max(idle) >= timeout {
            return Err(StepError::Unmet(format!(
                "`{expression}` is still {} after {}",
                element::shown(&value),
                spell(timeout)
            )));
        }
        hands.idle(BETWEEN).await?;
        idle += BETWEEN;
    }
}

/// As JavaScript has it: <https://tc39.es/ecma262/#sec-toboolean>.
fn is_truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(_) | Json::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scenario::pretend::{Page, act, fail, step};

    const UNTIL: &str = r#"{ wait = { until = "window.ready", timeout = "300ms" } }"#;

    #[tokio::test]
    async fn an_element_ends_the_wait() {
        let wait = r##"{ wait = "#ready" }"##;
        assert!(act(&mut Page::with("#ready", 0.0), wait).await.is_empty());
        assert_eq!(fail(&mut Page::default(), wait).await, "not found");
        assert_eq!(step(wait).expected(), None);
    }

    #[tokio::test]
    async fn an_expression_is_asked_until_it_is_true() {
        let mut page = Page {
            answers: [json!(null), json!(""), json!({})].into(),
            ..Page::default()
        };
        assert_eq!(act(&mut page, UNTIL).await, ["idle 100ms"; 2]);
    }

    #[tokio::test]
    async fn the_last_value_is_told_when_time_is_up() {
        let mut page = Page {
            answers: [json!(0)].into(),
            ..Page::default()
        };
        let why = fail(&mut page, UNTIL).await;
        assert_eq!(why, "`window.ready` is still 0 after 300ms");
        assert!((1..=3).contains(&page.acts.len()), "{:?}", page.acts);
    }

    #[test]
    fn truth_is_as_in_javascript() {
        for falsy in [json!(null), json!(false), json!(0), json!(-0.0), json!("")] {
            assert!(!is_truthy(&falsy), "{falsy}");
        }
        for truthy in [json!(true), json!(1), json!("0"), json!([]), json!({})] {
            assert!(is_truthy(&truthy), "{truthy}");
        }
    }
}
