//! Saying where something private went without saying what it is.

use super::Culprit;
use crate::trace::{readings, without_query};

/// The culprit, without what in its address `tells`: a page's own address may hold what a tag sends on.
pub fn without(culprit: Option<Culprit>, tells: impl Fn(&str) -> bool) -> Option<Culprit> {
    let mut culprit = culprit?;
    let told = |url: &str| readings(url).iter().any(|reading| tells(reading));
    if told(&culprit.code.url) {
        culprit.code.url = without_query(&culprit.code.url).to_owned();
    }
    if told(&culprit.code.url) {
        culprit.code.url = String::new();
    }
    Some(culprit)
}

/// Names of things that nobody else should learn of, in names of fields, keys and selectors.
const PASSWORD: &[&str] = &["password", "passwd", "passphrase", "pwd"];
const PAYMENT: &[&str] = &[
    "cardnumber",
    "cardnum",
    "creditcard",
    "ccnumber",
    "ccnum",
    "cvc",
    "cvv",
    "csc",
    "iban",
    "securitycode",
];
/// Too short to be looked for within a word.
const PAYMENT_WORDS: &[&str] = &["card", "cc", "pan"];
const PASSWORD_WORDS: &[&str] = &["pass", "pw", "pin"];

/// `password` or `payment`, when the name of a field says so: `input[type=password]#pw`, `cc-number`.
pub fn sensitive(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let words = || name.split(|c: char| !c.is_ascii_alphanumeric());
    let has = |within: &[&str], alone: &[&str]| {
        within.iter().any(|part| letters.contains(part))
            || words().any(|word| alone.contains(&word))
    };
    if has(PASSWORD, PASSWORD_WORDS) {
        Some("password")
    } else if has(PAYMENT, PAYMENT_WORDS) {
        Some("payment")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CodeLocation;

    #[test]
    fn an_address_that_tells_loses_its_query_or_all() {
        let at = |url: &str| {
            let culprit = Culprit {
                code: CodeLocation {
                    url: url.into(),
                    ..CodeLocation::default()
                },
                script: 0,
                tags: true,
            };
            let left = without(Some(culprit), |text| text.contains("jane@"));
            left.unwrap().code.url
        };
        assert_eq!(at("https://a.test/x?y=jane"), "https://a.test/x?y=jane");
        assert_eq!(at("https://a.test/x?y=jane%40b.test"), "https://a.test/x");
        assert_eq!(at("https://a.test/jane@b.test/x"), "");
    }

    #[test]
    fn fields_are_told_by_their_names() {
        let fields = [
            ("input[type=password]#x", Some("password")),
            ("#pw", Some("password")),
            ("input#cc-number", Some("payment")),
            ("input[name=cardNumber]", Some("payment")),
            ("#card", Some("payment")),
            ("#discard", None),
            ("#email", None),
            ("input[type=text]#span", None),
        ];
        for (name, expected) in fields {
            assert_eq!(sensitive(name), expected, "{name}");
        }
    }
}
