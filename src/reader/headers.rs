//! Response headers, as a table: `{ "cache-control" = "no-store" }`.

use hyper::header::{HeaderName, HeaderValue};

use super::notes::Noted;
use super::value::Value;

/// Sent as the connection or the content requires, whatever a scenario says.
const NOT_FREE: &[&str] = &[
    "accept-ranges",
    "connection",
    "content-length",
    "content-range",
    "keep-alive",
    "timing-allow-origin",
    "transfer-encoding",
    "upgrade",
];

impl Value<'_> {
    /// Names, in small letters, with their values.
    pub fn headers(self) -> Result<Vec<(String, String)>, Noted> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut outcome = Ok(());
        for (key, value) in self.entries()? {
            match header(&key, value) {
                Ok((name, _)) if headers.iter().any(|(known, _)| *known == name) => {
                    outcome = Err(key.refuse(format!("{name} is there already")));
                }
                Ok(header) => headers.push(header),
                Err(noted) => outcome = Err(noted),
            }
        }
        outcome.map(|()| headers)
    }
}

/// `key` stands for the name itself.
fn header(key: &Value<'_>, value: Value<'_>) -> Result<(String, String), Noted> {
    let place = value.clone();
    let text = value.text()?;
    let name = key.key().to_ascii_lowercase();
    if HeaderName::try_from(&name).is_err() {
        return Err(key.refuse_with("is no name of a header", "for instance cache-control"));
    }
    if NOT_FREE.contains(&name.as_str()) || name.starts_with("access-control-") {
        let help = "leave it out: it is sent as the content and the page require";
        return Err(key.refuse_with("cannot be chosen", help));
    }
    if name == "location" {
        let help = "write `redirects = { \"/from\" = \"https://…\" }` in the `[[origin]]`";
        return Err(key.refuse_with("belongs to a redirect", help));
    }
    if name == "content-encoding" && text != "gzip" {
        return Err(place.refuse_with("only gzip is played", "write \"gzip\", or leave it out"));
    }
    if HeaderValue::try_from(&text).is_err() {
        return Err(place.refuse("has characters that no header can have"));
    }
    Ok((name, text))
}
