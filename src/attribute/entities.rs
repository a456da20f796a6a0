//! Names of third parties, by host: the user's own, then those of the `third-party-web` data set.

use std::collections::HashMap;
use std::sync::OnceLock;

use url::Url;

use crate::model::Entity;

/// One entity a line: name, category, domains. Made by `scripts/entities.sh`, which says from which version.
const DATA: &str = include_str!("data/entities.txt");

/// No address of a host is longer; data URLs are.
const LONGEST_URL: usize = 4096;

/// Who owns which host.
pub struct Entities<'u> {
    users: Table<'u>,
}

impl<'u> Entities<'u> {
    /// The user's names come before all others.
    pub fn new(users: &'u [Entity]) -> Self {
        let mut table = Table::default();
        for entity in users {
            table.add(&entity.name, entity.domains.iter().map(String::as_str));
        }
        Self { users: table }
    }

    /// The entity that a host belongs to. The host itself decides before a wildcard, and of wildcards the longest.
    pub fn of_host(&self, host: &str) -> Option<&str> {
        self.users.find(host).or_else(|| known().find(host))
    }
}

/// Hosts, and hosts that stand for themselves and all below.
#[derive(Default)]
struct Table<'t> {
    hosts: HashMap<&'t str, &'t str>,
    wildcards: HashMap<&'t str, &'t str>,
}

impl<'t> Table<'t> {
    fn add(&mut self, name: &'t str, domains: impl Iterator<Item = &'t str>) {
        for domain in domains {
            match domain.strip_prefix("*.") {
                Some(base) => self.wildcards.insert(base, name),
                None => self.hosts.insert(domain, name),
            };
        }
    }

    fn find(&self, host: &str) -> Option<&'t str> {
        if let Some(name) = self.hosts.get(host) {
            return Some(name);
        }
        let mut base = host;
        loop {
            if let Some(name) = self.wildcards.get(base) {
                return Some(name);
            }
            base = base.split_once('.')?.1;
        }
    }
}

fn known() -> &'static Table<'static> {
    static KNOWN: OnceLock<Table<'static>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut table = Table::default();
        for line in DATA.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            if let (Some(name), Some(_category), Some(domains)) =
                (cells.next(), cells.next(), cells.next())
            {
                table.add(name, domains.split(' '));
            }
        }
        table
    })
}

/// The host of a URL, in small letters; of a `blob:` URL, that of the page that made it.
pub fn host(url: &str) -> Option<String> {
    if url.len() > LONGEST_URL {
        return None;
    }
    match Url::parse(url).ok()?.origin() {
        url::Origin::Tuple(_, host, _) => Some(host.to_string()),
        url::Origin::Opaque(_) => None,
    }
}

/// The registrable domain of a host by the Public Suffix List; the host itself where it has none, as an address.
pub fn site(host: &str) -> &str {
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_entities() {
        let entities = Entities::new(&[]);
        assert_eq!(
            entities.of_host("www.googletagmanager.com"),
            Some("Google Tag Manager")
        );
        assert_eq!(
            entities.of_host("stats.g.doubleclick.net"),
            Some("Google/Doubleclick Ads")
        );
        assert_eq!(entities.of_host("cdn.vendor.test"), None);
    }

    #[test]
    fn the_users_names_come_first_and_the_longest_match_decides() {
        let entity = |name: &str, domains: &[&str]| Entity {
            name: name.into(),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        };
        let users = [
            entity("All", &["*.acme.example", "*.googletagmanager.com"]),
            entity("Chat", &["*.chat.acme.example"]),
            entity("One", &["one.chat.acme.example"]),
        ];
        let entities = Entities::new(&users);
        let of = |host| entities.of_host(host);
        assert_eq!(of("acme.example"), Some("All"));
        assert_eq!(of("a.b.acme.example"), Some("All"));
        assert_eq!(of("a.chat.acme.example"), Some("Chat"));
        assert_eq!(of("one.chat.acme.example"), Some("One"));
        assert_eq!(of("two.one.chat.acme.example"), Some("Chat"));
        assert_eq!(of("notacme.example"), None);
        assert_eq!(of("www.googletagmanager.com"), Some("All"));
    }

    #[test]
    fn a_host_without_wildcard_stands_for_itself_alone() {
        let users = [Entity {
            name: "One".into(),
            domains: vec!["one.example".into()],
        }];
        assert_eq!(Entities::new(&users).of_host("sub.one.example"), None);
    }

    #[test]
    fn sites_are_registrable_domains() {
        assert_eq!(site("www.shop.co.uk"), "shop.co.uk");
        assert_eq!(site("shop.github.io"), "shop.github.io");
        assert_eq!(site("127.0.0.1"), "127.0.0.1");
        assert_eq!(site("localhost"), "localhost");
        assert_eq!(site("cdn.vendor.test"), "vendor.test");
        assert_eq!(host("data:text/javascript,1"), None);
        assert_eq!(
            host("blob:https://shop.example/1-2"),
            Some("shop.example".into())
        );
    }

    #[test]
    fn the_data_are_whole() {
        assert!(DATA.starts_with("# third-party-web "));
        assert!(known().hosts.len() + known().wildcards.len() > 2_500);
        for line in DATA.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(
                cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()),
                "{line}"
            );
        }
    }
}
