//! Tags that misbehave in every way of the catalogue, and twins that do the same job well, in a real Chromium: what is
//! found of them, whom it blames, and what is found of the others.
//!
//! `tests/zoo/NAME.toml` is a scenario, `tests/zoo/NAME.expected.toml` says what is to be found of each of its tags.
//! `ZOO_GROUP=NAME` asks for one of them, `ZOO_TAG=ID` for one tag; `ZOO_OUT=DIR` keeps the runs.

mod zoo {
    pub mod expected;
    pub mod score;
}

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tagperf::app::{self, Event, InspectWish, Watch};
use tagperf::model::Report;

use zoo::expected::Group;
use zoo::score::Score;

/// Two browsers at a time would disturb each other.
static MACHINE: Mutex<()> = Mutex::new(());

/// Silent, but for trials that fail.
struct Faults;

impl Watch for Faults {
    fn hear(&mut self, event: Event) {
        if let Event::Trial { kept, .. } = event
            && let Err(fault) = &kept.trial.outcome
        {
            tell(&format!("  {}: {fault}\n", kept.trial.slot.arm));
        }
    }
}

/// Also of a test that passes.
fn tell(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

fn groups() -> Vec<Group> {
    let wanted = env::var("ZOO_GROUP").ok();
    let mut files: Vec<PathBuf> = fs::read_dir("tests/zoo")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(".expected.toml"))
        .collect();
    files.sort();
    let groups: Vec<Group> = files
        .iter()
        .map(|file| Group::read(file))
        .filter(|group| wanted.as_ref().is_none_or(|name| *name == group.name))
        .collect();
    assert!(!groups.is_empty(), "no group {wanted:?} in tests/zoo");
    groups
}

/// The findings of these tags.
fn inspect(group: &Group, tags: Vec<String>, out: &Path) -> Report {
    let wish = InspectWish {
        scenario: group.scenario.clone(),
        tags,
        seed: Some(1),
        out: out.to_owned(),
        keep: true,
        ..InspectWish::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (_sender, interrupt) = tokio::sync::watch::channel(false);
    let finished = runtime.block_on(app::inspect(&wish, &mut Faults, interrupt));
    let finished = finished.unwrap_or_else(|error| panic!("{}: {error:#}", group.name));
    finished.report
}

/// Looks at the tags of every group that `choose` takes, and says how well they were told.
fn visit(choose: impl Fn(&Group, &str) -> bool) {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let temporary = tempfile::tempdir().unwrap();
    let out = env::var("ZOO_OUT").map_or(temporary.path().to_owned(), PathBuf::from);
    let mut all = Score::default();
    for group in groups() {
        let ids = group.wants.keys().cloned();
        let tags: Vec<String> = ids.filter(|id| choose(&group, id)).collect();
        if tags.is_empty() {
            continue;
        }
        let report = inspect(&group, tags.clone(), &out);
        let score = Score::of(&group, &tags, &report);
        tell(&score.table(&group.name));
        all.add(score);
    }
    tell(&all.table("all"));
    all.meets_the_bars();
}

#[test]
fn a_few_of_the_zoo_are_told_apart() {
    visit(|group, id| group.wants[id].quick);
}

#[test]
#[ignore = "takes half an hour: run it after changes to detectors, tracing or attribution"]
fn the_whole_zoo_is_told_apart() {
    let one = env::var("ZOO_TAG").ok();
    visit(|_, id| one.as_ref().is_none_or(|wanted| wanted == id));
}

#[test]
fn every_tag_of_the_zoo_is_expected_to_do_something() {
    for group in groups() {
        let text = fs::read_to_string(&group.scenario).unwrap();
        let scenario: toml::Table = text.parse().unwrap();
        let tags = scenario["tag"].as_array().unwrap();
        let mut ids: Vec<&str> = tags.iter().map(|tag| tag["id"].as_str().unwrap()).collect();
        // A tag that only carries others is no one's misbehaviour.
        ids.retain(|id| !group.carriers.iter().any(|carrier| carrier == id));
        ids.sort_unstable();
        let wanted: Vec<&str> = group.wants.keys().map(String::as_str).collect();
        assert_eq!(ids, wanted, "{}", group.name);
    }
}
