//! A file in a one-per-file folder that nobody registered is a mistake, and so is an id that is not its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

#[path = "zoo/expected.rs"]
#[expect(dead_code, reason = "what is read here is who shows what")]
mod expected;

use expected::Group;

/// Folders, and the ids in their tables. A folder with a table of its own gets a row here.
#[rustfmt::skip]
fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("tags", tagperf::tags::ALL.iter().map(|row| row.id).collect()),
        ("scenario/steps", tagperf::scenario::steps::ALL.iter().map(|row| row.id).collect()),
        ("metrics", tagperf::metrics::ALL.iter().map(|row| row.id).collect()),
        ("detect", tagperf::detect::ALL.iter().map(|row| row.id).collect()),
        ("fitness/checks", tagperf::fitness::checks::ALL.iter().map(|row| row.id).collect()),
        ("chart", tagperf::chart::ALL.iter().map(|row| row.id).collect()),
        ("report", tagperf::report::ALL.iter().map(|row| row.id).collect()),
    ]
}

/// The names of a folder's files, or of the folders in it, without `mod.rs` and the tests.
fn names(folder: &str, files: bool) -> BTreeSet<String> {
    let entries = fs::read_dir(format!("src/{folder}")).unwrap();
    let entries = entries.map(|entry| entry.unwrap());
    let wanted = entries.filter(|entry| entry.file_type().unwrap().is_file() == files);
    let names = wanted.map(|entry| entry.file_name().into_string().unwrap());
    names
        .map(|name| name.strip_suffix(".rs").unwrap_or(&name).to_owned())
        .filter(|name| name != "mod" && name != "tests")
        .collect()
}

#[test]
fn every_file_has_a_row_and_every_row_a_file_of_its_name() {
    for (folder, ids) in tables() {
        let rows: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(rows.len(), ids.len(), "src/{folder}: an id twice");
        // A row may fill a folder; a folder without a row holds what several rows share.
        let (files, folders) = (names(folder, true), names(folder, false));
        let unregistered: Vec<_> = files.difference(&rows).collect();
        assert!(
            unregistered.is_empty(),
            "src/{folder}: no row for {unregistered:?}"
        );
        let places: BTreeSet<_> = files.union(&folders).cloned().collect();
        let homeless: Vec<_> = rows.difference(&places).collect();
        assert!(
            homeless.is_empty(),
            "src/{folder}: no file or folder for {homeless:?}"
        );
    }
}

#[test]
fn every_row_explains_itself() {
    for metric in tagperf::metrics::ALL {
        assert!(
            metric.what.contains("https://") || metric.what.contains("proc(5)"),
            "{}",
            metric.id
        );
        assert!(
            metric.floor > 0.0 && metric.floor <= metric.margin.absolute,
            "{}",
            metric.id
        );
        assert!(metric.weight > 0.0, "{}", metric.id);
    }
    for check in tagperf::fitness::checks::ALL {
        assert!(check.what.contains('?'), "{}", check.id);
    }
    for detector in tagperf::detect::ALL {
        let texts = [
            detector.name,
            detector.what,
            detector.example,
            detector.why,
            detector.fix,
        ];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", detector.id);
        let thresholds: BTreeSet<&str> = detector.thresholds.iter().map(|it| it.id).collect();
        assert_eq!(
            thresholds.len(),
            detector.thresholds.len(),
            "{}: a threshold's id twice",
            detector.id
        );
        for threshold in detector.thresholds {
            let texts = [threshold.name, threshold.source];
            assert!(
                texts.iter().all(|text| !text.is_empty()) && threshold.value > 0.0,
                "{}: {}",
                detector.id,
                threshold.id
            );
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(threshold.id.chars().all(plain), "{}", threshold.id);
        }
        for kind in detector.needs_steps {
            let mut steps = tagperf::scenario::steps::ALL.iter();
            assert!(
                steps.any(|step| step.id == *kind),
                "{}: {kind}",
                detector.id
            );
        }
    }
}

/// For each finding that the zoo expects: whether a group that shows it has a benign tag for each of its findings.
fn shown() -> BTreeMap<String, bool> {
    let mut shown: BTreeMap<String, bool> = BTreeMap::new();
    for group in zoo() {
        let wants = group.wants.values();
        let findings: BTreeSet<String> = wants.filter_map(|want| want.finding.clone()).collect();
        let silent = group.wants.values().filter(|want| want.silent).count();
        for finding in &findings {
            *shown.entry(finding.clone()).or_default() |= silent >= findings.len();
        }
    }
    shown
}

fn zoo() -> Vec<Group> {
    let files = fs::read_dir("tests/zoo").unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let expected = files.filter(|path| path.to_str().unwrap().ends_with(".expected.toml"));
    expected.map(|file| Group::read(&file)).collect()
}

#[test]
fn every_detector_has_a_tag_in_the_zoo_that_it_finds() {
    let ids: BTreeSet<&str> = tagperf::detect::ALL.iter().map(|it| it.id).collect();
    let shown = shown();
    let groups = zoo();
    let wants = groups.iter().flat_map(|group| group.wants.values());
    let mut named: BTreeSet<&str> = wants
        .flat_map(|want| want.also.iter().map(String::as_str))
        .collect();
    named.extend(shown.keys().map(String::as_str));
    named.retain(|id| !ids.contains(id));
    assert!(named.is_empty(), "no detector has the id {named:?}");
    let unseen: Vec<_> = ids.iter().filter(|id| !shown.contains_key(**id)).collect();
    assert!(unseen.is_empty(), "no tag of the zoo shows {unseen:?}");
}

#[test]
#[ignore = "four groups of the zoo have fewer benign tags than findings"]
fn every_finding_of_the_zoo_has_a_twin_that_behaves() {
    let shown = shown();
    let alone: Vec<_> = shown.iter().filter(|(_, twin)| !**twin).collect();
    assert!(
        alone.is_empty(),
        "fewer benign tags than findings beside {alone:?}"
    );
}
