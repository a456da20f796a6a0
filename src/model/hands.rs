use std::time::Duration;

/// A step could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The page is not as the step expects: the text says what was seen.
    #[error("{0}")]
    Unmet(String),
    /// The page or the browser is gone or silent: the trial ends with this fault.
    #[error(transparent)]
    Fault(#[from] super::Fault),
}

/// All that a step may ask of a page. The browser implements it; tests have a pretend one.
///
/// Every call returns within its own deadline.
#[expect(
    async_fn_in_trait,
    reason = "one thread drives one page, so no Send bound is wanted"
)]
pub trait Hands {
    /// Opens `url` (relative to the page under test) and waits for its load event, at most `deadline`.
    ///
    /// A load event that does not come is no error: a hung vendor script delays it for ever, and the
    /// metrics then say that it is missing.
    async fn load(&mut self, url: &str, deadline: Duration) -> Result<(), StepError>;

    /// Scrolls by real input of a wheel, `dx`,`dy` CSS pixels (positive: right, down) within about `over`.
    async fn scroll_by(&mut self, dx: f64, dy: f64, over: Duration) -> Result<(), StepError>;

    /// Waits until `selector` matches an element that has a box, and returns the box.
    async fn find(&mut self, selector: &str, deadline: Duration) -> Result<ElementBox, StepError>;

    /// Moves the mouse to a point of the viewport.
    async fn point(&mut self, x: f64, y: f64) -> Result<(), StepError>;

    /// Presses and releases the left button at a point of the viewport.
    async fn click(&mut self, x: f64, y: f64) -> Result<(), StepError>;

    /// Types `text` into whatever has the focus, a key at a time, `pause` apart.
    async fn type_text(&mut self, text: &str, pause: Duration) -> Result<(), StepError>;

    /// Presses one key by its DOM name: `Enter`, `PageDown`, `a`.
    async fn press(&mut self, key: &str) -> Result<(), StepError>;

    /// Evaluates an expression in the page's own world; promises are awaited. The value comes back as JSON.
    async fn evaluate(
        &mut self,
        expression: &str,
        deadline: Duration,
    ) -> Result<serde_json::Value, StepError>;

    /// Nobody touches the page.
    async fn idle(&mut self, time: Duration) -> Result<(), StepError>;
}

/// An element's border box in viewport coordinates, CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ElementBox {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl ElementBox {
    pub fn centre(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}
