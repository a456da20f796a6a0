use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::Act;
use crate::scenario::element::Target;

/// Clicks the centre of an element, as long as nothing lies over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Click {
    pub target: Target,
}

impl Act for Click {
    const ID: &'static str = "click";
    const WHAT: &'static str = "Clicks an element, scrolling to it if need be.";
    const EXAMPLE: &'static str = r##"{ click = "#buy" }"##;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        let target = Target::read(value)?;
        Ok(Self { target })
    }

    fn text(&self) -> String {
        format!("click {}", self.target.selector)
    }

    fn expected(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        let (x, y) = self.target.uncovered(hands).await?;
        hands.click(x, y).await
    }
}
