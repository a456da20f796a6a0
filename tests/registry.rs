//! A file in a one-per-file folder that nobody registered is a mistake, and so is an id that is not its name.

use std::collections::BTreeSet;
use std::fs;

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
        let texts = [detector.name, detector.what, detector.why, detector.fix];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", detector.id);
        assert!(!detector.thresholds.is_empty(), "{}", detector.id);
        for threshold in detector.thresholds {
            assert!(
                !threshold.source.is_empty(),
                "{}: {}",
                detector.id,
                threshold.name
            );
        }
    }
}
