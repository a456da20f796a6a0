use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::{Act, spell};

/// Nobody touches the page: work that goes on is the page's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idle {
    pub time: Duration,
}

impl Act for Idle {
    const ID: &'static str = "idle";
    const WHAT: &'static str = "Does nothing for a while: endless work shows in such a step.";
    const EXAMPLE: &'static str = r#"{ idle = "2s" }"#;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        let time = value.some_time()?;
        Ok(Self { time })
    }

    fn text(&self) -> String {
        format!("idle {}", spell(self.time))
    }

    fn expected(&self) -> Option<Duration> {
        Some(self.time)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        hands.idle(self.time).await
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::pretend::{Page, act, step};

    #[tokio::test]
    async fn nothing_is_done() {
        let toml = r#"{ idle = "1.5s" }"#;
        assert_eq!(act(&mut Page::default(), toml).await, ["idle 1.5s"]);
        assert_eq!(step(toml).text(), "idle 1.5s");
    }
}
