//! What a request says, as a person would read it: percent signs, base64 and escapes undone.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Longer texts are not read.
pub const READ_AT_MOST: usize = 1 << 20;

/// No address in an address is in a third.
const LAYERS: usize = 3;

/// Shorter runs of letters are words.
const SHORTEST_RUN: usize = 12;

/// Of one text.
const MOST_RUNS: usize = 200;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const ENGINES: [GeneralPurpose; 2] = [
    GeneralPurpose::new(&STANDARD, LENIENT),
    GeneralPurpose::new(&URL_SAFE, LENIENT),
];

/// The text as it is, then each of its decodings: percent signs and backslashes undone layer by layer, and
/// what base64 in it says.
pub fn readings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    for layer in 0..LAYERS {
        let last = &all[layer];
        let plain = unescaped(&percent_decoded(last));
        if plain == *last {
            break;
        }
        all.push(plain);
    }
    let plain = all.last().cloned().unwrap_or_default();
    let mut inner = base64_in(text);
    inner.extend(base64_in(&plain));
    inner.sort();
    inner.dedup();
    for text in inner {
        let plain = unescaped(&percent_decoded(&text));
        let nested = base64_in(&plain);
        all.push(text);
        all.push(plain);
        all.extend(nested);
    }
    all.dedup();
    all
}

/// `%40` is `@`; a percent sign that is none stays.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |digit: usize| {
            let digit = *bytes.get(at + digit)?;
            char::from(digit).to_digit(16)
        };
        match (bytes[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Backslashes of JSON and JavaScript undone, as far as they hide anything.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let at_sign = text.replace("\\u0040", "@").replace("\\x40", "@");
    at_sign
        .replace("\\\"", "\"")
        .replace("\\/", "/")
        .replace("\\\\", "\\")
}

fn base64_in(text: &str) -> Vec<String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let runs = text.split(|c| !is_letter(c));
    let long = |run: &&str| run.len() >= SHORTEST_RUN;
    // The slash is a letter of base64, and a path's separator.
    let pieces = runs.filter(long).flat_map(|run| {
        let parts = run.contains('/').then(|| run.split('/').filter(long));
        std::iter::once(run).chain(parts.into_iter().flatten())
    });
    pieces.take(MOST_RUNS).filter_map(decoded).collect()
}

/// What a run of base64 says, if it is a text.
fn decoded(run: &str) -> Option<String> {
    let bytes = ENGINES.iter().find_map(|engine| engine.decode(run).ok())?;
    let text = String::from_utf8(bytes).ok()?;
    let is_text = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    is_text.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str, what: &str) -> bool {
        readings(text).iter().any(|reading| reading.contains(what))
    }

    #[test]
    fn wrappings_are_undone() {
        let wrapped = [
            "https://t.test/c?u=jane@mail.test",
            "https://t.test/c?u=jane%40mail.test",
            "https://t.test/c?dl=https%3A%2F%2Fshop.test%2F%3Fu%3Djane%2540mail.test",
            "https://t.test/c/amFuZUBtYWlsLnRlc3Q",
            "data=eyJlIjoiamFuZUBtYWlsLnRlc3QifQ%3D%3D",
            r#"{"inner":"{\"e\":\"jane\u0040mail.test\"}"}"#,
        ];
        for text in wrapped {
            assert!(says(text, "jane@mail.test"), "{text}: {:?}", readings(text));
        }
    }

    #[test]
    fn what_is_no_wrapping_stays() {
        assert_eq!(percent_decoded("100% of %zz"), "100% of %zz");
        assert_eq!(readings("plain"), ["plain"]);
        assert_eq!(readings("plain words of a text"), ["plain words of a text"]);
    }
}
