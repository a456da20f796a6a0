//! Keys of a US keyboard by their DOM names, as commands.

use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};
use chromiumoxide::keys::{KeyDefinition, USKEYBOARD_LAYOUT};

/// Presses and releases of one key; `None` for what no key of the keyboard makes.
pub(super) fn stroke(key: &str) -> Option<[DispatchKeyEventParams; 2]> {
    let definition = USKEYBOARD_LAYOUT
        .iter()
        .find(|definition| definition.key == key)?;
    let text = text(definition);
    // A key that makes no text must not begin a text input.
    let down = match text {
        Some(_) => DispatchKeyEventType::KeyDown,
        None => DispatchKeyEventType::RawKeyDown,
    };
    let event = |kind| {
        let mut event = DispatchKeyEventParams::new(kind);
        event.key = Some(definition.key.into());
        event.code = Some(definition.code.into());
        event.windows_virtual_key_code = Some(definition.key_code);
        event
    };
    let mut press = event(down);
    press.text = text.map(Into::into);
    press.unmodified_text = press.text.clone();
    Some([press, event(DispatchKeyEventType::KeyUp)])
}

fn text(definition: &KeyDefinition) -> Option<&'static str> {
    let one_character = definition.key.chars().count() == 1;
    definition.text.or(one_character.then_some(definition.key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(key: &str) -> Option<String> {
        stroke(key).unwrap()[0].text.clone()
    }

    #[test]
    fn keys_make_the_text_that_they_show() {
        assert_eq!(text_of("a").as_deref(), Some("a"));
        assert_eq!(text_of("A").as_deref(), Some("A"));
        assert_eq!(text_of("@").as_deref(), Some("@"));
        assert_eq!(text_of(" ").as_deref(), Some(" "));
        assert_eq!(text_of("Enter").as_deref(), Some("\r"));
        assert_eq!(text_of("PageDown"), None);
        assert!(stroke("é").is_none() && stroke("NoSuchKey").is_none());
    }

    #[test]
    fn every_printable_ascii_character_has_a_key() {
        for character in ' '..='~' {
            assert!(stroke(&character.to_string()).is_some(), "{character:?}");
        }
    }
}
