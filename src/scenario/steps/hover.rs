use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::Act;
use crate::scenario::element::Target;

/// Moves the mouse over an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hover {
    pub target: Target,
}

impl Act for Hover {
    const ID: &'static str = "hover";
    const WHAT: &'static str = "Moves the mouse over an element, scrolling to it if need be.";
    const EXAMPLE: &'static str = r##"{ hover = "#menu" }"##;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        let target = Target::read(value)?;
        Ok(Self { target })
    }

    fn text(&self) -> String {
        format!("hover {}", self.target.selector)
    }

    fn expected(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        let (x, y) = self.target.uncovered(hands).await?;
        hands.point(x, y).await
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::pretend::{Page, act};

    #[tokio::test]
    async fn the_mouse_goes_to_the_centre() {
        let acts = act(&mut Page::with("#menu", 100.0), r##"{ hover = "#menu" }"##).await;
        assert_eq!(acts, ["point 50,120"]);
    }
}
