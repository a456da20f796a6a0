//! What in a text tells of a person.

use sha2::{Digest, Sha256};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::discreet::sensitive;
use super::pairs::pairs;
use crate::trace::Typed;

/// Shorter texts are found by chance.
const SHORTEST: usize = 4;
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Names under which an e-mail address is that of a visitor, and not one that stands on the page.
const EMAIL_NAMES: &[&str] = &[
    "mail",
    "user",
    "login",
    "customer",
    "identity",
    "visitor",
    "uid",
    "distinctid",
];
/// The same, when the value is a digest of 32 or 64 hexadecimal digits: `ud[em]`.
const DIGEST_NAMES: &[&str] = &["em", "ph", "fn", "ln"];

/// Endings of files, which look like those of hosts.
const FILES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "js", "mjs", "css", "json", "ico",
];

/// What a scenario typed, in all the forms in which it is looked for.
pub struct Needle {
    /// `an e-mail address (a…@…)`
    pub what: String,
    /// In small letters.
    plain: String,
    digests: Vec<String>,
}

impl Needle {
    /// `None` for a text that is nobody's: what is searched for, or too short.
    pub fn new(typed: &Typed) -> Option<Self> {
        let plain = typed.text.trim().to_lowercase();
        let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
        let field = typed.into.to_lowercase();
        let (what, forms) = if is_email(&plain) {
            (redacted(&plain), vec![plain.clone()])
        } else if is_phone(&plain) {
            let forms = vec![plain.clone(), digits.clone(), format!("+{digits}")];
            ("a phone number".to_owned(), forms)
        } else {
            let searched = field.split(|c: char| !c.is_ascii_alphanumeric());
            let is_search = searched
                .clone()
                .any(|word| word.contains("search") || word == "q" || word == "query");
            if is_search || plain.chars().count() < SHORTEST {
                return None;
            }
            let what = match sensitive(&field) {
                Some("password") => "what was typed as a password".into(),
                Some(_) => "what was typed as payment details".into(),
                None => format!(
                    "what was typed into a field ({} characters)",
                    plain.chars().count()
                ),
            };
            (what, vec![plain.clone(), typed.text.trim().to_owned()])
        };
        let digests = forms.iter().flat_map(|form| digests(form)).collect();
        let plain = if is_phone(&plain) { digits } else { plain };
        Some(Self {
            what,
            plain,
            digests,
        })
    }

    /// In which form the text has it.
    pub fn form_in(&self, text: &str) -> Option<&'static str> {
        let lower = text.to_lowercase();
        let hashed = self
            .digests
            .iter()
            .any(|digest| lower.contains(&digest.to_lowercase()));
        if hashed {
            return Some("hashed");
        }
        let spaced = lower.replace('+', " ");
        let is = [&lower, &spaced]
            .into_iter()
            .any(|text| has_word(text, &self.plain));
        is.then_some("readable")
    }

    /// The text tells it, in whatever form.
    pub fn is_in(&self, text: &str) -> bool {
        self.form_in(text).is_some()
    }
}

/// SHA-256 as vendors send it, in hexadecimal digits or base64.
fn digests(text: &str) -> Vec<String> {
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in digest {
        hex.push_str(&format!("{byte:02x}"));
    }
    vec![hex, BASE64_STANDARD.encode(digest)]
}

/// `needle` stands in `text`, not as a part of a longer word.
fn has_word(text: &str, needle: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        !is_letter(before) && !is_letter(after)
    })
}

/// `a…@…`
pub fn redacted(email: &str) -> String {
    let first = email.chars().next().unwrap_or('…');
    format!("an e-mail address ({first}…@…)")
}

/// The whole text is an e-mail address.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let local_is = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let host_is = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let top = host.rsplit('.').next().unwrap_or_default().to_lowercase();
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(local_is)
        && host.contains('.')
        && !host.starts_with('.')
        && host.len() <= 253
        && host.chars().all(host_is)
        && top.len() >= 2
        && top.chars().all(|c| c.is_ascii_alphabetic())
        && !FILES.contains(&top.as_str())
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '/' | '.');
    PHONE_DIGITS.contains(&digits) && text.chars().all(plain)
}

/// What the names in a text say is personal, whoever typed it; each with its value, which is for comparing only.
pub fn named(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, value) in pairs(text) {
        let letters: String = name
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let value = value.trim().to_lowercase();
        let by_mail = EMAIL_NAMES.iter().any(|part| letters.contains(part)) || is_digest_name(name);
        if by_mail && is_email(&value) {
            found.push((redacted(&value), value));
        } else if is_digest(&value)
            && (letters.contains("email") || letters.contains("phone") || is_digest_name(name))
        {
            found.push(("a hashed e-mail address or phone number".into(), value));
        }
    }
    found
}

/// `em`, `ud[em]`
fn is_digest_name(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| DIGEST_NAMES.contains(&word))
}

/// Of MD5 or SHA-256.
fn is_digest(value: &str) -> bool {
    matches!(value.len(), 32 | 64) && value.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StepRecord;

    fn needle(text: &str, into: &str) -> Option<Needle> {
        let step = StepRecord::default();
        Needle::new(&Typed {
            text: text.into(),
            into,
            step: &step,
        })
    }

    #[test]
    fn what_was_typed_is_found_in_any_form() {
        let email = needle("Jane.Doe@mail.test", "#e").unwrap();
        assert_eq!(email.what, "an e-mail address (j…@…)");
        assert_eq!(email.form_in("u=jane.doe@mail.test&x"), Some("readable"));
        let sha = digests("jane.doe@mail.test");
        assert_eq!(email.form_in(&sha[0].to_uppercase()), Some("hashed"));
        assert_eq!(email.form_in(&format!("h={}", sha[1])), Some("hashed"));
        assert_eq!(email.form_in("u=ajane.doe@mail.test"), None);
        let phone = needle("+49 (170) 123-4567", "#tel").unwrap();
        assert_eq!(phone.form_in("p=+491701234567"), Some("readable"));
        assert_eq!(phone.form_in("p=8491701234567"), None);
        let name = needle("Jane Roe", "#name").unwrap();
        assert_eq!(name.form_in("n=jane+roe&a"), Some("readable"));
        assert_eq!(name.form_in("n=ladyjane roe"), None);
    }

    #[test]
    fn what_is_searched_for_and_what_is_short_is_nobodys() {
        assert!(needle("red shoes", "#search").is_none());
        assert!(needle("red shoes", "input[name=q]").is_none());
        assert!(needle("abc", "#name").is_none());
    }

    #[test]
    fn names_tell_of_visitors_and_pages_do_not() {
        let whats =
            |text: &str| -> Vec<String> { named(text).into_iter().map(|(what, _)| what).collect() };
        let hash = "a".repeat(64);
        assert_eq!(
            whats("user_email=jane@mail.test"),
            ["an e-mail address (j…@…)"]
        );
        assert_eq!(
            whats(r#"{"em":"jane@mail.test"}"#),
            ["an e-mail address (j…@…)"]
        );
        assert_eq!(
            whats(&format!("ud[em]={hash}")),
            ["a hashed e-mail address or phone number"]
        );
        let silent = [
            r#"{"textContent":"info@shop.test","href":"mailto:info@shop.test"}"#,
            r#"{"dsn":"https://abc123@o1.ingest.test/2","user":"https://a@b.test"}"#,
            "email_logo=logo@2x.png&version=lodash@4.17.21",
            "email=&email_consent=true&hash=d41d8cd98f00b204e9800998ecf8427e",
        ];
        for text in silent {
            assert!(named(text).is_empty(), "{text}");
        }
    }
}
