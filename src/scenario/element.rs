//! How steps find an element, bring it into view by real input, and see that nothing covers it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model::{ElementBox, Hands, StepError};
use crate::reader::{Noted, Value};

mod absent;

/// How long steps wait for an element, unless the scenario says otherwise.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);
/// How long the page may take to answer a question about itself.
pub(super) const ANSWER: Duration = Duration::from_secs(5);

/// The element that a step is about: `"#buy"`, or `{ selector = "#buy", timeout = "5s" }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// CSS; the first match that has a box counts.
    pub selector: String,
    /// How long to wait for it.
    pub timeout: Duration,
}

impl Target {
    pub(super) fn read(value: Value<'_>) -> Result<Self, Noted> {
        if !value.is_table() {
            let selector = value.text()?;
            let timeout = TIMEOUT;
            return Ok(Self { selector, timeout });
        }
        value.table(|fields| {
            let selector = fields.required("selector", Value::text);
            let timeout = fields.or("timeout", TIMEOUT, Value::some_time);
            Ok(Self {
                selector: selector?,
                timeout: timeout?,
            })
        })
    }

    /// Waits for the element.
    pub(super) async fn find(&self, hands: &mut impl Hands) -> Result<ElementBox, StepError> {
        match hands.find(&self.selector, self.timeout).await {
            Err(StepError::Unmet(why)) => Err(absent::explain(self, hands, why).await),
            found => found,
        }
    }

    /// Scrolls until the element's centre is in view, in `over` for the first and longest way.
    pub(super) async fn bring_into_view(
        &self,
        hands: &mut impl Hands,
        over: Option<Duration>,
    ) -> Result<ElementBox, StepError> {
        // Pages that load more while being scrolled push the element further away.
        const ATTEMPTS: usize = 8;
        let mut over = over;
        let mut stalled = 0;
        let mut place = self.find(hands).await?;
        let view = view(hands).await?;
        let mut rest = way(place, view);
        for _ in 0..ATTEMPTS {
            if rest == (0.0, 0.0) || stalled == 2 {
                break;
            }
            let (dx, dy) = rest;
            let time = over.take().unwrap_or_else(|| usual_time(dx, dy));
            hands.scroll_by(dx, dy, time).await?;
            let before = place;
            place = self.at_rest(hands).await?;
            rest = way(place, view);
            let moved = (place.x - before.x).hypot(place.y - before.y);
            stalled = if moved < 1.0 { stalled + 1 } else { 0 };
        }
        let (dx, dy) = rest;
        if rest == (0.0, 0.0) {
            return Ok(place);
        }
        let (distance, side) = match (dx, dy) {
            (_, dy) if dy > 0.0 => (dy, "below"),
            (_, dy) if dy < 0.0 => (-dy, "above"),
            (dx, _) if dx > 0.0 => (dx, "right of"),
            (dx, _) => (-dx, "left of"),
        };
        Err(StepError::Unmet(format!(
            "`{}` cannot be scrolled into view: its centre stays {distance:.0}px {side} the middle of the view",
            self.selector
        )))
    }

    /// The centre of the element, in view and not covered by another element.
    pub(super) async fn uncovered(&self, hands: &mut impl Hands) -> Result<(f64, f64), StepError> {
        let place = self.bring_into_view(hands, None).await?;
        let (x, y) = place.centre();
        let script = call(&COVER.replace("X, Y", &format!("{x}, {y}")), &self.selector);
        match hands.evaluate(&script, ANSWER).await? {
            Json::Bool(true) => Ok((x, y)),
            other => Err(StepError::Unmet(format!(
                "`{}` is covered at {x:.0},{y:.0} by `{}`",
                self.selector,
                shown(&other)
            ))),
        }
    }

    /// The box once it no longer moves: smooth scrolling goes on after the input ends.
    async fn at_rest(&self, hands: &mut impl Hands) -> Result<ElementBox, StepError> {
        const FRAMES: Duration = Duration::from_millis(50);
        const MOST: usize = 20;
        let mut place = self.find(hands).await?;
        for _ in 0..MOST {
            hands.idle(FRAMES).await?;
            let now = self.find(hands).await?;
            if now == place {
                break;
            }
            place = now;
        }
        Ok(place)
    }
}

/// Width and height of the view, CSS pixels.
async fn view(hands: &mut impl Hands) -> Result<(f64, f64), StepError> {
    let size = hands.evaluate("[innerWidth, innerHeight]", ANSWER).await?;
    match (size[0].as_f64(), size[1].as_f64()) {
        (Some(width), Some(height)) => Ok((width, height)),
        _ => Err(StepError::Unmet(format!(
            "the page has no size: innerWidth and innerHeight are {}",
            shown(&size)
        ))),
    }
}

/// How far to scroll for the element to be in the middle of the view; nothing if its centre is in view.
fn way(place: ElementBox, (width, height): (f64, f64)) -> (f64, f64) {
    let (x, y) = place.centre();
    let along = |at: f64, length: f64| {
        if (0.0..length).contains(&at) {
            0.0
        } else {
            at - length / 2.0
        }
    };
    (along(x, width), along(y, height))
}

/// A brisk hand on the wheel: 1500 px/s.
fn usual_time(dx: f64, dy: f64) -> Duration {
    const SPEED: f64 = 1500.0;
    let seconds = dx.hypot(dy) / SPEED;
    Duration::try_from_secs_f64(seconds)
        .unwrap_or(Duration::MAX)
        .clamp(Duration::from_millis(100), Duration::from_secs(20))
}

/// `true`, or the name of the element that would get a click at that point.
const COVER: &str = "(selector, name) => {
    const top = document.elementFromPoint(X, Y);
    if (!top) return 'nothing: the point is outside the view';
    const own = element => element === top || element.contains(top)
        || (top.closest('label') || {}).control === element;
    return [...document.querySelectorAll(selector)].some(own) ? true : name(top);
}";

/// A short name for an element: `div#banner.modal`.
const NAME: &str = "element => (element.localName + (element.id ? '#' + element.id : '')
    + [...element.classList].map(name => '.' + name).join('')).slice(0, 80)";

/// JavaScript that calls `function` with `selector` and a function that names elements.
pub(super) fn call(function: &str, selector: &str) -> String {
    format!("({function})({}, {NAME})", Json::from(selector))
}

/// A value of the page for a message: short, and without control characters.
pub(super) fn shown(value: &Json) -> String {
    const LONGEST: usize = 80;
    let text = match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut characters = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_says_is_cut_and_cleaned() {
        assert_eq!(shown(&Json::from("a\u{1b}[31m\nb")), "a [31m b");
        let long = "x".repeat(500);
        assert_eq!(shown(&Json::from(long)).chars().count(), 81);
    }

    #[test]
    fn a_selector_cannot_leave_its_string() {
        let script = call("f", "a'\"\\b");
        assert!(script.starts_with(r#"(f)("a'\"\\b", "#), "{script}");
    }
}
