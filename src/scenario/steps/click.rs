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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::scenario::pretend::{Page, act, fail};

    const CLICK: &str = r##"{ click = "#buy" }"##;

    #[tokio::test]
    async fn what_is_in_view_is_clicked_at_its_centre() {
        let acts = act(&mut Page::with("#buy", 700.0), CLICK).await;
        assert_eq!(acts, ["click 50,720"]);
    }

    #[tokio::test]
    async fn what_is_out_of_view_is_scrolled_to() {
        let acts = act(&mut Page::with("#buy", 3380.0), CLICK).await;
        assert_eq!(acts[0], "scroll 0,3000 over 2s");
        assert_eq!(acts.last().unwrap(), "click 50,400");
    }

    #[tokio::test]
    async fn what_is_covered_is_not_clicked() {
        let mut page = Page::with("#buy", 100.0);
        page.top = json!("div#banner.modal");
        let why = fail(&mut page, CLICK).await;
        assert_eq!(why, "`#buy` is covered at 50,120 by `div#banner.modal`");
        assert!(page.acts.is_empty());
    }

    #[tokio::test]
    async fn what_is_absent_is_told_with_what_is_there() {
        let seen = json!({
            "invalid": false, "matches": 0, "looser": [], "ids": ["buy-now"],
            "url": "https://shop.example/", "title": "Shop",
        });
        let mut page = Page {
            seen,
            ..Page::default()
        };
        let why = fail(&mut page, CLICK).await;
        assert_eq!(
            why,
            "no element matches `#buy` after 5.0 s; there is `#buy-now`"
        );
        page.seen["invalid"] = json!(true);
        assert_eq!(fail(&mut page, CLICK).await, "`#buy` is no CSS selector");
        page.seen = json!("nonsense");
        assert_eq!(fail(&mut page, CLICK).await, "not found");
    }

    #[tokio::test]
    async fn a_crash_is_no_fault_of_the_step() {
        let mut page = Page::with("#buy", 100.0);
        page.crashed = true;
        assert_eq!(fail(&mut page, CLICK).await, "the page's process crashed");
    }
}
