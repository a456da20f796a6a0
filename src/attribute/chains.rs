//! How a tag's code came onto the page: who brought whom.

use super::entities::Entities;
use super::parties::{Parties, Party};
use crate::model::{Chain, Link};
use crate::trace::{Evidence, without_query};

/// More ways than this tell a reader nothing.
const MOST_CHAINS: usize = 20;

/// Addresses are cut: a page may make them of any length.
const LONGEST_URL: usize = 300;

/// The ways from the page to the scripts of one owner, each once, the longest first; a way that is the beginning
/// of another is left out.
pub fn chains<'v>(
    evidence: &Evidence<'v>,
    parties: &Parties<'_, 'v>,
    entities: &Entities,
    owner: Party,
) -> Vec<Chain> {
    let lineage = evidence.lineage();
    let scripts = evidence
        .trace()
        .into_iter()
        .flat_map(|trace| &trace.scripts);
    let own = scripts.filter(|script| parties.of_script(script) == owner);
    let mut ways: Vec<Vec<String>> = own
        .map(|script| lineage.chain(script).iter().map(|url| shown(url)).collect())
        .collect();
    ways.sort();
    ways.dedup();
    let whole: Vec<&Vec<String>> = ways
        .iter()
        .enumerate()
        .filter(|(at, way)| {
            let next = ways.get(at + 1);
            !next.is_some_and(|next| next.starts_with(way))
        })
        .map(|(_, way)| way)
        .collect();
    let mut chains: Vec<Chain> = whole
        .into_iter()
        .map(|way| Chain {
            links: way.iter().map(|url| link(url, entities)).collect(),
        })
        .collect();
    chains.sort_by_key(|chain| std::cmp::Reverse(chain.links.len()));
    chains.truncate(MOST_CHAINS);
    chains
}

fn link(url: &str, entities: &Entities) -> Link {
    Link {
        url: url.to_owned(),
        entity: super::entities::host(url)
            .and_then(|host| entities.of_host(&host).map(str::to_owned)),
    }
}

/// An address as it stands in a chain: without its query, and of bounded length.
pub fn shown(url: &str) -> String {
    without_query(url).chars().take(LONGEST_URL).collect()
}
