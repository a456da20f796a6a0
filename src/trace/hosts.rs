//! Whose host an address belongs to.

use url::{Host, Url};

/// Second-level names under which a country registers its own: `shop.co.uk`.
const SECOND_LEVEL: &[&str] = &[
    "ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org",
];

/// The host of an address of the web, in small letters; `None` for `data:`, `blob:` and what is no address.
pub fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let web = matches!(url.scheme(), "http" | "https" | "ws" | "wss");
    web.then(|| url.host_str().map(str::to_owned)).flatten()
}

/// The part of a host that one owner registers: `vendor.com` of `cdn.vendor.com`, `shop.co.uk` of `www.shop.co.uk`.
///
/// A rule of thumb for <https://publicsuffix.org/>: hosts under a suffix that it does not know count as one owner's.
pub fn site(host: &str) -> &str {
    if !matches!(Host::parse(host), Ok(Host::Domain(_))) {
        return host;
    }
    let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
    let labels: Vec<&str> = host.rsplit('.').collect();
    let country = matches!(labels[..], [top, second, ..]
        if top.len() == 2 && SECOND_LEVEL.contains(&second));
    let keep = if country { 3 } else { 2 };
    match dots.len().checked_sub(keep) {
        Some(at) => &host[dots[at] + 1..],
        None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_what_one_owner_registers() {
        let sites = [
            ("cdn.eu.vendor.com", "vendor.com"),
            ("vendor.com", "vendor.com"),
            ("www.shop.co.uk", "shop.co.uk"),
            ("shop.co.uk", "shop.co.uk"),
            ("t.co", "t.co"),
            ("a.t.co", "t.co"),
            ("localhost", "localhost"),
            ("192.168.0.1", "192.168.0.1"),
        ];
        for (host, expected) in sites {
            assert_eq!(site(host), expected, "{host}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_have_a_host() {
        assert_eq!(
            host("https://CDN.Vendor.test:8443/a?b"),
            Some("cdn.vendor.test".into())
        );
        assert_eq!(host("data:text/plain,a"), None);
        assert_eq!(host("\0\u{202e}?#"), None);
    }
}
