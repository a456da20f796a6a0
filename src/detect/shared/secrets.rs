//! What in a text is a key to something.

use super::discreet::sensitive;
use super::pairs::pairs;

/// Longer digits are no card's, and shorter ones neither: ISO/IEC 7812.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// How keys of well-known services begin, how long the rest is at least, and what they are. Keys that are made to
/// stand in pages (publishable keys, measurement ids, map keys) are left out.
#[rustfmt::skip]
const KEYS: &[(&str, usize, &str)] = &[
    ("sk_live_",    16, "a secret key of Stripe"),
    ("rk_live_",    16, "a restricted key of Stripe"),
    ("sk_test_",    16, "a secret test key of Stripe"),
    ("AKIA",        16, "an access key of AWS"),
    ("ASIA",        16, "a temporary access key of AWS"),
    ("ghp_",        30, "a token of GitHub"),
    ("gho_",        30, "a token of GitHub"),
    ("ghs_",        30, "a token of GitHub"),
    ("github_pat_", 30, "a token of GitHub"),
    ("glpat-",      20, "a token of GitLab"),
    ("xoxb-",       20, "a token of Slack"),
    ("xoxp-",       20, "a token of Slack"),
    ("SG.",         40, "a key of SendGrid"),
    ("shpat_",      30, "a token of Shopify's admin"),
    ("shpss_",      30, "a secret of Shopify"),
    ("sk-ant-",     30, "a key of Anthropic"),
    ("sk-proj-",    30, "a key of OpenAI"),
    ("EAACEdEose0cBA", 10, "a token of Facebook"),
    ("ya29.",       30, "an access token of Google"),
];

/// Names whose values open an account.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "accesstoken", "refreshtoken", "idtoken", "authtoken", "bearertoken", "sessiontoken", "resettoken", "usertoken",
    "clientsecret", "apisecret", "appsecret", "secretkey", "privatekey", "authorization", "phpsessid", "jsessionid",
    "csrftoken", "xsrftoken", "otp",
];

/// Values of no use to anybody.
const EMPTY: &[&str] = &["undefined", "null", "true", "false", "none", "redacted"];

/// A secret in a text. Its value is for comparing only, and never for a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    pub what: &'static str,
    pub value: String,
    /// Known by its name alone: it is none if the tag's own code says it, for that is public.
    pub by_name: bool,
}

/// The secrets in one reading of a request.
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    for word in text
        .split(|c| !is_letter(c))
        .filter(|word| word.len() >= 16)
    {
        let key = KEYS.iter().find(|(start, rest, _)| {
            let rest_is = word.strip_prefix(start).map(str::len);
            rest_is.is_some_and(|length| length >= *rest)
        });
        if let Some((.., what)) = key {
            found.push(secret(what, word, false));
        } else if is_jwt(word) {
            found.push(secret("a JSON web token", word, false));
        }
    }
    if text.contains("PRIVATE KEY-----") {
        found.push(secret("a private key", "PRIVATE KEY-----", false));
    }
    for (name, value) in pairs(text) {
        found.extend(named(name, value));
    }
    found.extend(grouped_cards(text));
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

fn secret(what: &'static str, value: &str, by_name: bool) -> Secret {
    Secret {
        what,
        value: value.to_owned(),
        by_name,
    }
}

/// <https://www.rfc-editor.org/rfc/rfc7519>: header and payload are JSON objects in base64.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_matches('.').split('.').collect();
    let [header, payload, signature] = parts[..] else {
        return false;
    };
    header.starts_with("eyJ")
        && payload.starts_with("eyJ")
        && [header, payload, signature]
            .iter()
            .all(|part| part.len() >= 10)
}

fn named(name: &str, value: &str) -> Option<Secret> {
    let letters: String = name
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let value = value.trim();
    let hidden = value
        .chars()
        .all(|c| matches!(c, '*' | 'x' | 'X' | '•' | '.' | '-'));
    if hidden || EMPTY.contains(&value.to_lowercase().as_str()) {
        return None;
    }
    // Mapbox's and Stripe's public ones say so themselves.
    let public = value.starts_with("pk.") || value.starts_with("pk_");
    if NAMES.iter().any(|known| letters.ends_with(known)) && value.len() >= 8 && !public {
        return Some(secret("a token by its name", value, true));
    }
    match sensitive(name)? {
        "password" if value.len() >= 6 && has_digit_or_sign(value) => {
            Some(secret("a password by its name", value, true))
        }
        "payment" if is_card(&digits(value)) => Some(secret("a card number", value, false)),
        _ => None,
    }
}

/// `password=changed` tells of an event, and no password is all small letters for long.
fn has_digit_or_sign(value: &str) -> bool {
    value.chars().any(|c| !c.is_lowercase())
}

/// Card numbers as people write them: `4111 1111 1111 1111`. Long runs of digits are mostly times and identifiers.
fn grouped_cards(text: &str) -> Vec<Secret> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+');
    let runs = text.split(|c| !is_part(c)).map(str::trim);
    let cards = runs.filter(|run| {
        let groups: Vec<&str> = run.split([' ', '-', '+']).collect();
        let by_four = groups.len() == 4 && groups.iter().all(|group| group.len() == 4);
        let amex = matches!(groups[..], [a, b, c] if (a.len(), b.len(), c.len()) == (4, 6, 5));
        (by_four || amex) && is_card(&digits(run))
    });
    cards
        .map(|run| secret("a card number", run, false))
        .collect()
}

fn digits(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+'));
    if plain {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        String::new()
    }
}

/// The digits of a card: a known scheme's beginning, and Luhn's check digit (ISO/IEC 7812-1).
pub fn is_card(digits: &str) -> bool {
    let number = |length: usize| digits.get(..length)?.parse::<u32>().ok();
    let scheme = matches!(number(1), Some(4))
        || matches!(number(2), Some(34 | 35 | 36 | 37 | 38 | 51..=55 | 62 | 65))
        || matches!(number(4), Some(2221..=2720 | 6011));
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (at % 2, digit * 2) {
                (0, _) => digit,
                (_, double) if double > 9 => double - 9,
                (_, double) => double,
            }
        })
        .sum();
    scheme && CARD_DIGITS.contains(&digits.len()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<&'static str> {
        secrets(text)
            .into_iter()
            .map(|secret| secret.what)
            .collect()
    }

    #[test]
    fn secrets_are_known_by_their_form_or_name() {
        let texts = [
            ("k=sk_live_51H8abcdefGHIJKLmnop", "a secret key of Stripe"),
            ("a:AKIAIOSFODNN7EXAMPLE,", "an access key of AWS"),
            (
                "jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl",
                "a JSON web token",
            ),
            (r#"{"access_token":"d41d8cd98f00"}"#, "a token by its name"),
            ("u?Password=Hunter2!", "a password by its name"),
            (r#"{"cardNumber":"4111111111111111"}"#, "a card number"),
            ("text=pay with 4111 1111 1111 1111 now", "a card number"),
            ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ];
        for (text, what) in texts {
            assert_eq!(whats(text), [what], "{text}");
        }
    }

    #[test]
    fn public_ids_and_long_numbers_are_no_secrets() {
        let texts = [
            "tid=G-ABC123DEF4&cid=1234567890.1700000000",
            "id=GTM-ABCD123&key=AIzaSyA-1234567890abcdefghijklmnopqrstuv",
            "token=5a1b2c3d4e5f6a7b8c9d0e1f&api_key=9f8e7d6c5b4a39281706",
            "pk=pk_live_51H8abcdefGHIJKLmnop&access_token=pk.eyJ1IjoiYSJ9.abcdefgh",
            "pixel=4111111111111111&t=1700000000000",
            r#"{"password":"********","event":"password=changed"}"#,
            "card=4111111111111112&cart=4",
            "v=eyJhIjoxfQ.b.c",
        ];
        for text in texts {
            assert_eq!(secrets(text), [], "{text}");
        }
    }
}
