//! What the page leaves on the visitor's machine. Values are not kept.

use std::time::{Duration, SystemTime};

use chromiumoxide::cdp::browser_protocol::storage::GetCookiesParams;
use serde::Deserialize;

use super::super::tab::Tab;
use super::super::transport::CallError;
use super::super::{Cookie, Stored, probe};
use super::unread;

const MOST_COOKIES: usize = 500;

const STORED: &str = "(() => {
  const count = Object.getOwnPropertyDescriptor(Storage.prototype, 'length').get;
  const found = [];
  for (const [area, name] of [['local', 'localStorage'], ['session', 'sessionStorage']]) {
    try {
      const storage = self[name];
      for (let at = 0; at < Math.min(count.call(storage), 500); at++) {
        const key = Storage.prototype.key.call(storage, at);
        const length = key.length + Storage.prototype.getItem.call(storage, key).length;
        found.push({ area, key: key.slice(0, 200).toWellFormed(), length });
      }
    } catch {}
  }
  return found;
})()";

/// The cookies of the visit, whoever set them.
pub(super) async fn cookies(tab: &Tab, deadline: Duration) -> Result<Vec<Cookie>, CallError> {
    let ask = GetCookiesParams {
        browser_context_id: Some(tab.context().clone()),
    };
    let found: Cookies = tab.connection().call_for("", ask, deadline).await?;
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64();
    let cookies = found.cookies.into_iter().take(MOST_COOKIES);
    Ok(cookies.map(|cookie| cookie.at(now)).collect())
}

/// The keys of the page's storage.
pub(super) async fn stored(tab: &Tab, deadline: Duration) -> Result<Vec<Stored>, CallError> {
    let found = probe::evaluate(tab, STORED, deadline).await?;
    serde_json::from_value(found.value().map_err(unread)?)
        .map_err(|error| unread(error.to_string()))
}

#[derive(Deserialize)]
struct Cookies {
    cookies: Vec<Found>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    name: String,
    domain: String,
    /// Seconds since the epoch.
    expires: f64,
    /// Name and value.
    size: f64,
    http_only: bool,
    secure: bool,
    session: bool,
}

impl Found {
    /// `now` is in seconds since the epoch.
    fn at(self, now: f64) -> Cookie {
        Cookie {
            days: (!self.session).then_some((self.expires - now) / 86_400.0),
            name: self.name.chars().take(200).collect(),
            domain: self.domain,
            bytes: self.size,
            http_only: self.http_only,
            secure: self.secure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sessions_cookie_has_no_days() {
        let found = |session: bool| Found {
            name: "a".into(),
            domain: "x".into(),
            expires: 1000.0 + 2.0 * 86_400.0,
            size: 2.0,
            http_only: false,
            secure: true,
            session,
        };
        assert_eq!(found(false).at(1000.0).days, Some(2.0));
        assert_eq!(found(true).at(1000.0).days, None);
    }
}
