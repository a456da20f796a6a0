use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Hands, StepError};
use crate::reader::{Noted, Value};

use super::{Act, spell};
use crate::scenario::element::{self, Target};

/// Scrolls by the wheel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scroll {
    pub way: Way,
    pub over: Duration,
}

/// How far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// CSS pixels.
    By { distance: f64, direction: Direction },
    /// Until the element is in view.
    To(Target),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Down,
    Up,
    Left,
    Right,
}

const DIRECTIONS: &[(&str, Direction)] = &[
    ("down", Direction::Down),
    ("up", Direction::Up),
    ("left", Direction::Left),
    ("right", Direction::Right),
];

const OVER: Duration = Duration::from_secs(1);

impl Act for Scroll {
    const ID: &'static str = "scroll";
    const WHAT: &'static str =
        "Scrolls by the wheel, `by` a distance or `to` an element, `over` some time (1s).";
    const EXAMPLE: &'static str = r#"{ scroll = { by = "3000px", over = "1.5s" } }"#;

    fn read(value: Value<'_>) -> Result<Self, Noted> {
        value.table(|fields| {
            let way = fields.one_of(&["by", "to"]);
            let over = fields.or("over", OVER, Value::some_time);
            let way = match way {
                Ok((0, value)) => {
                    let direction = fields.or("direction", Direction::Down, read_direction);
                    read_distance(value).and_then(|distance| {
                        let direction = direction?;
                        Ok(Way::By {
                            distance,
                            direction,
                        })
                    })
                }
                Ok((_, value)) => {
                    let timeout = fields.or("timeout", element::TIMEOUT, Value::some_time);
                    value.text().and_then(|selector| {
                        let timeout = timeout?;
                        Ok(Way::To(Target { selector, timeout }))
                    })
                }
                Err(noted) => {
                    fields.optional("direction", read_direction)?;
                    fields.optional("timeout", Value::some_time)?;
                    Err(noted)
                }
            };
            Ok(Self {
                way: way?,
                over: over?,
            })
        })
    }

    fn text(&self) -> String {
        let over = spell(self.over);
        match &self.way {
            Way::To(target) => format!("scroll to {} over {over}", target.selector),
            Way::By {
                distance,
                direction,
            } => {
                let direction = match direction {
                    Direction::Down => "",
                    Direction::Up => " up",
                    Direction::Left => " left",
                    Direction::Right => " right",
                };
                format!("scroll{direction} by {distance}px over {over}")
            }
        }
    }

    fn expected(&self) -> Option<Duration> {
        Some(self.over)
    }

    async fn act(&self, hands: &mut impl Hands) -> Result<(), StepError> {
        match &self.way {
            Way::To(target) => target
                .bring_into_view(hands, Some(self.over))
                .await
                .map(drop),
            Way::By {
                distance,
                direction,
            } => {
                let (dx, dy) = match direction {
                    Direction::Down => (0.0, *distance),
                    Direction::Up => (0.0, -distance),
                    Direction::Left => (-distance, 0.0),
                    Direction::Right => (*distance, 0.0),
                };
                hands.scroll_by(dx, dy, self.over).await
            }
        }
    }
}

fn read_direction(value: Value<'_>) -> Result<Direction, Noted> {
    value.choice(DIRECTIONS)
}

fn read_distance(value: Value<'_>) -> Result<f64, Noted> {
    let place = value.clone();
    match value.length()? {
        0.0 => Err(place.refuse("must be more than zero")),
        distance => Ok(distance),
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::pretend::{Page, act, fail, step};

    const TO_FOOTER: &str = r##"{ scroll = { to = "#footer", over = "3s" } }"##;

    #[tokio::test]
    async fn distances_have_a_direction() {
        let mut page = Page::default();
        for (direction, done) in [
            ("down", "scroll 0,300 over 1s"),
            ("up", "scroll 0,-300 over 1s"),
            ("left", "scroll -300,0 over 1s"),
            ("right", "scroll 300,0 over 1s"),
        ] {
            let toml = format!(r#"{{ scroll = {{ by = "300px", direction = "{direction}" }} }}"#);
            assert_eq!(act(&mut page, &toml).await, [done]);
        }
        let text = |toml| step(toml).text();
        let down = r#"{ scroll = { by = "3000px", over = "1.5s" } }"#;
        assert_eq!(text(down), "scroll by 3000px over 1.5s");
        let up = r#"{ scroll = { by = "0.5px", direction = "up" } }"#;
        assert_eq!(text(up), "scroll up by 0.5px over 1s");
        assert_eq!(text(TO_FOOTER), "scroll to #footer over 3s");
    }

    #[tokio::test]
    async fn the_way_to_an_element_is_found() {
        let mut page = Page::with("#footer", 3380.0);
        let acts = act(&mut page, TO_FOOTER).await;
        assert_eq!(acts[0], "scroll 0,3000 over 3s");
        assert!(act(&mut page, TO_FOOTER).await.is_empty(), "already there");
    }

    #[tokio::test]
    async fn the_end_of_the_page_is_near_enough() {
        let mut page = Page::with("#footer", 5750.0);
        act(&mut page, TO_FOOTER).await;
        assert_eq!(page.scrolled.1, 5000.0);
    }

    #[tokio::test]
    async fn a_page_that_grows_is_followed() {
        let mut page = Page::with("#footer", 3380.0);
        page.grows = [500.0, 600.0].into();
        let acts = act(&mut page, TO_FOOTER).await;
        let scrolls = acts.iter().filter(|act| act.starts_with("scroll"));
        assert_eq!(scrolls.count(), 3);
        assert_eq!(page.scrolled.1, 4100.0);
    }

    #[tokio::test]
    async fn a_page_that_does_not_scroll_is_told() {
        let mut page = Page::with("#footer", 3380.0);
        page.scrollable = (0.0, 0.0);
        let why = fail(&mut page, TO_FOOTER).await;
        assert_eq!(
            why,
            "`#footer` cannot be scrolled into view: its centre stays 3000px below the middle of the view"
        );
        page.scrollable = (0.0, f64::MAX);
        page.grows = [9000.0; 20].into();
        let why = fail(&mut page, TO_FOOTER).await;
        assert!(why.contains("cannot be scrolled into view"), "{why}");
    }
}
