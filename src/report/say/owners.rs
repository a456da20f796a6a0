//! Whose the work was, and who brought whom: sentences that hold names from the report, so they are not yet safe to
//! write.

use crate::chart::text::{Scale, safe};
use crate::model::{Attribution, Chain, Link, Owner, OwnerCosts, Report, Spread, Unit};

/// How attribution is headed.
pub const WHO: &str = "Who did it: main-thread CPU time of the traced trials with each tag";

/// Owners below this share of the main thread are left out, and so are those after the first few.
const SMALL: f64 = 0.01;
const MOST_OWNERS: usize = 5;
const MOST_CHAINS: usize = 3;

/// One tag's traced trials.
#[derive(Clone, Debug)]
pub struct Attributed<'a> {
    pub tag: &'a str,
    /// What all owners took together, and for how much of it nobody can be named.
    pub head: String,
    /// The owners, the most first; then who brought the tag.
    pub lines: Vec<String>,
}

/// Every tag that was traced, the one with the most time of its own first.
pub fn attributed(report: &Report) -> Vec<Attributed<'_>> {
    let mut all: Vec<&Attribution> = report.attribution.iter().collect();
    let own = |one: &Attribution| {
        let owner = Owner::Tag(one.tag.clone());
        let mut owners = one.owners.iter();
        let costs = owners.find(|costs| costs.owner == owner);
        costs.map_or(0.0, |costs| costs.main_cpu_ms.median)
    };
    all.sort_by(|a, b| own(b).total_cmp(&own(a)));
    all.into_iter().map(one).collect()
}

fn one(of: &Attribution) -> Attributed<'_> {
    let whole = of.main_cpu_ms.median;
    let head = format!(
        "{} in {}, {:.1} % of it nobody's",
        spread(Unit::Ms, of.main_cpu_ms),
        super::count(of.trials, "traced trial"),
        of.unknown_share.median * 100.0
    );
    let mut large = of.owners.iter().filter(|costs| is_large(costs, whole));
    let shown: Vec<&OwnerCosts> = large.by_ref().take(MOST_OWNERS).collect();
    let mut lines: Vec<String> = shown.into_iter().map(costs).collect();
    let more = large.count();
    if more > 0 {
        lines.push(format!("and {more} more owners"));
    }
    if of.called_ms.median > SMALL * whole {
        lines.push(format!(
            "of others' time, {} is code that the tag called",
            spread(Unit::Ms, of.called_ms)
        ));
    }
    let mut ways: Vec<String> = of.chains.iter().filter_map(way).collect();
    ways.dedup();
    lines.extend(ways.into_iter().take(MOST_CHAINS));
    Attributed {
        tag: &of.tag,
        head,
        lines,
    }
}

/// Of the main thread, or of a thread of its own.
fn is_large(costs: &OwnerCosts, whole: f64) -> bool {
    let threads = costs.worker_cpu_ms.median + costs.frame_cpu_ms.median;
    costs.main_cpu_ms.median.max(threads) >= SMALL * whole
}

fn costs(of: &OwnerCosts) -> String {
    let mut text = format!("{}: {}", owner(&of.owner), spread(Unit::Ms, of.main_cpu_ms));
    for (what, figure) in [
        ("forced style and layout", of.forced_layout_ms),
        ("garbage collection", of.gc_ms),
    ] {
        if figure.median >= 1.0 {
            text += &format!(", {} of it {what}", Unit::Ms.show(figure.median));
        }
    }
    let mut beside: Vec<String> = Vec::new();
    for (what, figure) in [
        ("in workers", of.worker_cpu_ms),
        ("in frames", of.frame_cpu_ms),
    ] {
        if figure.median >= 1.0 {
            beside.push(format!("{} {what}", Unit::Ms.show(figure.median)));
        }
    }
    if of.requests.median > 0.0 {
        let bytes = Unit::Bytes.show(of.bytes.median);
        beside.push(format!("{} of {bytes}", things(of.requests, "request")));
    }
    for (what, figure) in [("timer", of.timers), ("listener", of.listeners)] {
        if figure.median > 0.0 {
            beside.push(things(figure, what));
        }
    }
    if !beside.is_empty() {
        text += &format!("; {}", beside.join(", "));
    }
    text
}

/// `1 timer`, `2.5 timers`.
fn things(of: Spread, what: &str) -> String {
    let plural = if of.median == 1.0 { "" } else { "s" };
    format!("{} {what}{plural}", Unit::Count.show(of.median))
}

/// An owner's name.
pub fn owner(owner: &Owner) -> String {
    match owner {
        Owner::FirstParty => "the page's own code".into(),
        Owner::Tag(id) => format!("tag {id}"),
        Owner::ThirdParty(name) => name.clone(),
        Owner::Browser => "the browser".into(),
        Owner::Harness => "tagperf".into(),
        Owner::Unknown => "nobody known".into(),
    }
}

/// `page → Google Tag Manager → cdn.heatmap.example`; nothing where the page brought it itself.
fn way(chain: &Chain) -> Option<String> {
    let mut names: Vec<String> = chain.links.iter().skip(1).map(name).collect();
    names.dedup();
    (!names.is_empty()).then(|| format!("brought by: page → {}", names.join(" → ")))
}

fn name(link: &Link) -> String {
    match &link.entity {
        Some(entity) => entity.clone(),
        None => host(&link.url).to_owned(),
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Who brought a finding's code, each by the third party's name where one is known.
pub fn brought(report: &Report, chain: &[String]) -> Option<String> {
    let chains = || report.attribution.iter().flat_map(|one| &one.chains);
    let entity = |url: &String| {
        let mut links = chains().flat_map(|chain| &chain.links);
        links.find(|link| link.url == *url)?.entity.clone()
    };
    let links = chain.iter().map(|url| Link {
        url: safe::url(url, 300),
        entity: entity(url),
    });
    way(&Chain {
        links: links.collect(),
    })
}

/// `912 ms [890 … 930]`; the range is left out where there is none.
fn spread(unit: Unit, of: Spread) -> String {
    let scale = Scale::of(unit, &[of.median, of.low, of.high]);
    let (low, high) = (scale.number(of.low), scale.number(of.high));
    let middle = scale.show(of.median);
    if low == high {
        return middle;
    }
    format!("{middle} [{low} … {high}]")
}
