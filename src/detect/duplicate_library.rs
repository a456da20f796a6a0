//! The same library twice on one page.

use std::collections::{BTreeMap, BTreeSet};

use super::shared::{Culprit, asker, beginning, median, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Figure, Finding, Script, Severity, Unit};
use crate::trace::{Evidence, digest, without_query};

pub const DETECTOR: Detector = Detector {
    id: "duplicate_library",
    name: "library loaded twice",
    severity: Severity::Warning,
    what: "A script that the tag brings although the page, or the tag itself, has run the same one before: the same text from wherever it came, or a well-known library of the same name in whatever version.",
    example: "A widget loads its own jQuery on a page that has jQuery.",
    needs_steps: &[],
    why: "It is downloaded, compiled and run for nothing, and a second copy may take the place of the page's own, with the plug-ins that hang on it.",
    fix: "Ask the owner to use what the page has when it is there, or a build without the library.",
    thresholds: &[COPIES],
    detect,
};

#[rustfmt::skip]
const COPIES: Threshold = Threshold {
    id: "copies", name: "copies of a library, beyond the control arm", value: 1.0, unit: Unit::Count,
    source: "a convention: one is one too many",
};

/// Shorter texts may well be there several times: the calls of a tag's snippet.
const SHORTEST: u32 = 2_000;

/// Libraries by the names of their files, without version and ending.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "alpine", "angular", "axios", "backbone", "bootstrap", "chart", "core-js", "d3", "dayjs", "ember", "gsap",
    "handlebars", "hls", "htmx", "jquery", "jquery-ui", "knockout", "leaflet", "lodash", "modernizr", "moment",
    "mustache", "polyfill", "popper", "preact", "prototype", "ramda", "react", "react-dom", "redux", "require",
    "rxjs", "select2", "slick", "swiper", "three", "underscore", "vue", "web-vitals", "zepto",
];

/// What the copies of a library have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Library {
    Name(String),
    Text(String),
    Url(String),
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let copies = |evidence: &Evidence| -> BTreeMap<Library, usize> {
        let groups = groups(evidence).into_iter();
        groups
            .map(|(library, scripts)| (library, scripts.len()))
            .collect()
    };
    let without: Vec<_> = arms.without.iter().map(copies).collect();
    let most = |library: &Library| {
        let counts = without.iter().filter_map(|copies| copies.get(library));
        // One copy is none too many.
        counts.copied().max().unwrap_or(0).max(1)
    };
    let limit = arms.limit(&COPIES);
    let too_many = |evidence: &Evidence, library: &Library| {
        let groups = groups(evidence);
        let Some(scripts) = groups.get(library) else {
            return false;
        };
        let own = scripts.iter().any(|script| is_own(evidence, script));
        own && (scripts.len() as f64) - (most(library) as f64) >= limit
    };
    let libraries = arms
        .with
        .iter()
        .flat_map(|evidence| groups(evidence).into_keys());
    let mut libraries: Vec<Library> = libraries.collect();
    libraries.sort();
    libraries.dedup();
    let found = libraries.iter().find_map(|library| {
        let seen = arms.seen(|evidence| too_many(evidence, library))?;
        finding(arms, library, seen)
    });
    found.into_iter().collect()
}

fn finding(arms: &Arms, library: &Library, seen: Vec<bool>) -> Option<Finding> {
    let (evidence, script, also) = arms.with.iter().find_map(|evidence| {
        let groups = groups(evidence);
        let scripts = groups.get(library)?;
        let own = scripts
            .iter()
            .rev()
            .find(|script| is_own(evidence, script))?;
        let also = scripts.iter().find(|other| other.id != own.id)?;
        Some((evidence, *own, *also))
    })?;
    let fetches = evidence.trace().map_or(&[][..], |trace| &trace.fetches);
    let asked = fetches.iter().find(|fetch| fetch.url == script.url);
    let culprit = match asked {
        Some(fetch) => asker(evidence, fetch),
        None => Culprit {
            code: beginning(&script.url),
            script: script.id,
            tags: true,
        },
    };
    let name = match library {
        Library::Name(name) => name.as_str(),
        Library::Text(_) | Library::Url(_) => "the same script",
    };
    let did = format!(
        "brings {}, though the page has {name} from {}",
        printable(&script.url, 160),
        printable(&also.url, 160)
    );
    let count = |evidence: &Evidence| {
        groups(evidence)
            .get(library)
            .map_or(0.0, |all| all.len() as f64)
    };
    let copies = Figure {
        name: "copies on the page".into(),
        unit: Unit::Count,
        with: median(arms.with.iter().map(count)),
        without: median(arms.without.iter().map(count)),
    };
    let first_run = evidence
        .runs()
        .into_iter()
        .find(|run| run.script == script.id);
    let step = first_run.and_then(|run| evidence.step_at(run.start_us));
    Some(arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: Some(culprit),
            did,
            step: step.map(|step| step.text.clone()),
            figures: vec![copies],
        },
    ))
}

fn is_own(evidence: &Evidence, script: &Script) -> bool {
    evidence.is_tags(&beginning(&script.url), script.id)
}

/// Scripts of the page's own frame by library; a script may be in several groups.
fn groups<'v>(evidence: &Evidence<'v>) -> BTreeMap<Library, Vec<&'v Script>> {
    let mut groups: BTreeMap<Library, Vec<&'v Script>> = BTreeMap::new();
    let scripts = evidence.trace().map_or(&[][..], |trace| &trace.scripts);
    let lineage = evidence.lineage();
    for script in scripts {
        let file = !script.url.is_empty() && !lineage.is_document(&script.url);
        if !file || lineage.frame(&script.frame).is_some() {
            continue;
        }
        let mut keys = BTreeSet::new();
        keys.extend(known(&script.url).map(Library::Name));
        if script.length >= SHORTEST {
            keys.insert(Library::Url(script.url.clone()));
            keys.extend(
                script
                    .source
                    .as_deref()
                    .map(|source| Library::Text(digest(source))),
            );
        }
        for key in keys {
            groups.entry(key).or_default().push(script);
        }
    }
    groups
}

/// The well-known library that a file's name tells of: `jquery` for `/js/jquery-3.6.0.min.js`.
fn known(url: &str) -> Option<String> {
    let file = without_query(url).rsplit('/').next()?.to_ascii_lowercase();
    let mut stem = file.strip_suffix(".js")?;
    loop {
        let (rest, last) = stem.rsplit_once(['.', '-', '@', '_']).unwrap_or((stem, ""));
        let version = last
            .trim_start_matches('v')
            .chars()
            .all(|c| c.is_ascii_digit());
        let form = matches!(
            last,
            "min"
                | "slim"
                | "prod"
                | "production"
                | "umd"
                | "global"
                | "bundle"
                | "full"
                | "core"
                | "iife"
        );
        if last.is_empty() || !(version || form) || KNOWN.contains(&stem) {
            break;
        }
        stem = rest;
    }
    KNOWN.contains(&stem).then(|| stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_known_by_their_files() {
        let name = |url| known(url).unwrap_or_default();
        assert_eq!(name("https://a.test/js/jquery-3.6.0.min.js?x=1"), "jquery");
        assert_eq!(name("https://a.test/jquery.slim.min.js"), "jquery");
        assert_eq!(
            name("https://a.test/react-dom.production.min.js"),
            "react-dom"
        );
        assert_eq!(name("https://a.test/vue.global.prod.js"), "vue");
        assert_eq!(name("https://a.test/jquery.validate.min.js"), "");
        assert_eq!(name("https://a.test/chart-of-accounts.js"), "");
        assert_eq!(name("https://a.test/core-js.js"), "core-js");
        assert_eq!(name("https://a.test/"), "");
    }
}
