use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::Act;

/// Presses one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// Its DOM name: <https://www.w3.org/TR/uievents-key/>.
    pub key: String,
}

/// Keys without a character of their own; `Space` has one that is hard to see in a file.
const NAMED: &[&str] = &[
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "Delete",
    "Space",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "PageUp",
    "PageDown",
    "Home",
    "End",
];

impl Act for Press {
    const ID: &'static str = "press";
    const WHAT: &'static str = "Presses a key by its DOM name, such as `Enter`, `PageDown`, `a`.";
    const EXAMPLE: &'static str = r#"{ press = "Enter" }"#;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        let place = value.clone();
        let key = value.text()?;
        // What one key of a US keyboard makes; other text goes through an input method, not a key.
        let single = key.len() == 1 && key.starts_with(|c: char| c.is_ascii_graphic());
        if single || NAMED.contains(&key.as_str()) {
            return Ok(Self { key });
        }
        let notes = place.notes();
        Err(notes.refuse_name(place.span(), "keyboard key", &key, NAMED))
    }

    fn text(&self) -> String {
        format!("press {}", self.key)
    }

    fn expected(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        let key = if self.key == "Space" { " " } else { &self.key };
        hands.press(key).await
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::pretend::{Page, act};

    #[tokio::test]
    async fn keys_go_by_their_dom_names() {
        let mut page = Page::default();
        for (toml, done) in [
            (r#"{ press = "Enter" }"#, r#"press "Enter""#),
            (r#"{ press = "@" }"#, r#"press "@""#),
            (r#"{ press = "Space" }"#, r#"press " ""#),
        ] {
            assert_eq!(act(&mut page, toml).await, [done]);
        }
    }
}
