//! A pretend page for tests of steps: a few boxes on a long document, and a log of what is done to it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::model::{ElementBox, Fault, Hands, StepError};
use crate::reader::read;

use super::steps::{self, Step};

/// 400 × 800 pixels of a page.
pub(super) struct Page {
    /// What was done, in order.
    pub acts: Vec<String>,
    /// By selector, in coordinates of the document.
    pub elements: BTreeMap<&'static str, ElementBox>,
    pub scrolled: (f64, f64),
    /// How far it can be scrolled.
    pub scrollable: (f64, f64),
    /// How much longer the first scrolls make the part above the elements: content loads late.
    pub grows: VecDeque<f64>,
    /// Answers to "what is at this point?" and "what has the focus?".
    pub top: Json,
    pub focus: Json,
    /// What the page says of a selector that was not found.
    pub seen: Json,
    /// Answers to expressions of the scenario; the last is repeated.
    pub answers: VecDeque<Json>,
    pub crashed: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            acts: Vec::new(),
            elements: BTreeMap::new(),
            scrolled: (0.0, 0.0),
            scrollable: (0.0, 5000.0),
            grows: VecDeque::new(),
            top: json!(true),
            focus: json!(true),
            seen: Json::Null,
            answers: VecDeque::new(),
            crashed: false,
        }
    }
}

impl Page {
    /// A page with a box of 100 × 40 pixels at the left, `y` pixels from the top of the document.
    pub fn with(selector: &'static str, y: f64) -> Self {
        let place = ElementBox {
            x: 0.0,
            y,
            width: 100.0,
            height: 40.0,
        };
        Self {
            elements: BTreeMap::from([(selector, place)]),
            ..Self::default()
        }
    }

    fn log(&mut self, act: String) -> Result<(), StepError> {
        if self.crashed {
            return Err(Fault::PageCrashed.into());
        }
        self.acts.push(act);
        Ok(())
    }
}

impl Hands for Page {
    async fn load(&mut self, url: &str, deadline: Duration) -> Result<(), StepError> {
        self.log(format!("load {url} within {deadline:?}"))
    }

    async fn scroll_by(&mut self, dx: f64, dy: f64, over: Duration) -> Result<(), StepError> {
        self.scrolled.0 = (self.scrolled.0 + dx).clamp(0.0, self.scrollable.0);
        self.scrolled.1 = (self.scrolled.1 + dy).clamp(0.0, self.scrollable.1);
        let grows = self.grows.pop_front().unwrap_or(0.0);
        for place in self.elements.values_mut() {
            place.y += grows;
        }
        self.log(format!("scroll {dx},{dy} over {over:?}"))
    }

    async fn find(&mut self, selector: &str, _deadline: Duration) -> Result<ElementBox, StepError> {
        match self.elements.get(selector) {
            Some(place) => Ok(ElementBox {
                x: place.x - self.scrolled.0,
                y: place.y - self.scrolled.1,
                ..*place
            }),
            None => Err(StepError::Unmet("not found".into())),
        }
    }

    async fn point(&mut self, x: f64, y: f64) -> Result<(), StepError> {
        self.log(format!("point {x},{y}"))
    }

    async fn click(&mut self, x: f64, y: f64) -> Result<(), StepError> {
        self.log(format!("click {x},{y}"))
    }

    async fn type_text(&mut self, text: &str, pause: Duration) -> Result<(), StepError> {
        self.log(format!("type {text} every {pause:?}"))
    }

    async fn press(&mut self, key: &str) -> Result<(), StepError> {
        self.log(format!("press {key:?}"))
    }

    async fn evaluate(&mut self, expression: &str, _: Duration) -> Result<Json, StepError> {
        Ok(if expression.contains("innerWidth") {
            json!([400, 800])
        } else if expression.contains("elementFromPoint") {
            self.top.clone()
        } else if expression.contains("activeElement") {
            self.focus.clone()
        } else if expression.contains("document.title") {
            self.seen.clone()
        } else if self.answers.len() > 1 {
            self.answers.pop_front().unwrap()
        } else {
            self.answers[0].clone()
        })
    }

    async fn idle(&mut self, time: Duration) -> Result<(), StepError> {
        self.log(format!("idle {time:?}"))
    }
}

/// The step that `toml` describes.
pub(super) fn step(toml: &str) -> Step {
    let text = format!("steps = [{{ load = \"/\" }}, {toml}]");
    let steps = read("steps.toml", &text, |top| {
        top.required("steps", steps::read)
    });
    match steps {
        Ok(mut steps) => steps.pop().unwrap().value.step,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// Carries out the step that `toml` describes; what was done.
pub(super) async fn act(page: &mut Page, toml: &str) -> Vec<String> {
    if let Err(error) = step(toml).act(page).await {
        panic!("{error}");
    }
    std::mem::take(&mut page.acts)
}

/// Why the step that `toml` describes cannot be carried out.
pub(super) async fn fail(page: &mut Page, toml: &str) -> String {
    match step(toml).act(page).await {
        Ok(()) => panic!("{toml} was carried out: {:?}", page.acts),
        Err(error) => error.to_string(),
    }
}
