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
