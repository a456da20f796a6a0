//! Real input: what a visitor's wheel, mouse and keyboard do.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchMouseEventParams, DispatchMouseEventType, GestureSourceType, InsertTextParams,
    MouseButton, SynthesizeScrollGestureParams,
};
use tokio::time::sleep;

use super::keys;
use super::tab::Session;
use super::transport::CallError;

/// Turns the wheel over the point `x`, `y` so that the page scrolls by `dx`, `dy` within about `over`.
///
/// A page that cannot keep up stretches the gesture. One that never comes to rest may keep it from
/// ending at all; since that is what is to be measured and not a failure of the step, the wait then ends
/// and the visit goes on. The step's duration tells.
pub(super) async fn scroll(
    session: &Session,
    (x, y): (f64, f64),
    (dx, dy): (f64, f64),
    over: Duration,
) -> Result<(), CallError> {
    let distance = dx.hypot(dy);
    if distance == 0.0 {
        return Ok(());
    }
    let mut gesture = SynthesizeScrollGestureParams::new(x, y);
    // The gesture counts where the content goes, not where the view goes.
    gesture.x_distance = Some(-dx);
    gesture.y_distance = Some(-dy);
    gesture.speed = Some(speed(distance, over));
    // A touch gesture scrolls nothing in a headless browser.
    gesture.gesture_source_type = Some(GestureSourceType::Mouse);
    gesture.prevent_fling = Some(true);
    let patience = over * 5 + Duration::from_secs(10);
    match session.call(gesture, patience).await {
        Err(CallError::TimedOut { .. }) => Ok(()),
        done => done.map(drop),
    }
}

/// CSS pixels per second; the protocol wants a whole number above zero.
fn speed(distance: f64, over: Duration) -> i64 {
    let seconds = over.as_secs_f64().max(0.016);
    (distance / seconds).round().clamp(1.0, 1e6) as i64
}

pub(super) async fn point(
    session: &Session,
    (x, y): (f64, f64),
    deadline: Duration,
) -> Result<(), CallError> {
    let moved = DispatchMouseEventParams::new(DispatchMouseEventType::MouseMoved, x, y);
    session.call(moved, deadline).await.map(drop)
}

pub(super) async fn click(
    session: &Session,
    at: (f64, f64),
    deadline: Duration,
) -> Result<(), CallError> {
    point(session, at, deadline).await?;
    for kind in [
        DispatchMouseEventType::MousePressed,
        DispatchMouseEventType::MouseReleased,
    ] {
        let mut button = DispatchMouseEventParams::new(kind, at.0, at.1);
        button.button = Some(MouseButton::Left);
        button.click_count = Some(1);
        session.call(button, deadline).await?;
    }
    Ok(())
}

pub(super) async fn type_text(
    session: &Session,
    text: &str,
    pause: Duration,
    deadline: Duration,
) -> Result<(), CallError> {
    for (at, character) in text.chars().enumerate() {
        if at > 0 {
            sleep(pause).await;
        }
        let mut buffer = [0; 4];
        // As an input method does for what the keyboard lacks.
        let character = if character == '\n' {
            "Enter"
        } else {
            character.encode_utf8(&mut buffer)
        };
        if !press(session, character, deadline).await? {
            session
                .call(InsertTextParams::new(character), deadline)
                .await?;
        }
    }
    Ok(())
}

/// Presses and releases a key; `false` if there is no such key.
pub(super) async fn press(
    session: &Session,
    key: &str,
    deadline: Duration,
) -> Result<bool, CallError> {
    let Some(events) = keys::stroke(key) else {
        return Ok(false);
    };
    for event in events {
        session.call(event, deadline).await?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_is_distance_over_time_and_never_zero() {
        assert_eq!(speed(3000.0, Duration::from_millis(1500)), 2000);
        assert_eq!(speed(3.0, Duration::from_secs(60)), 1);
        assert_eq!(speed(1e9, Duration::ZERO), 1_000_000);
    }
}
