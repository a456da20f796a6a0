//! A file in a one-per-file folder that nobody registered is a mistake, and so is an id that is not its name.

use std::collections::BTreeSet;
use std::fs;

/// Folders, and the ids in their tables. A folder with a table of its own gets a row here.
fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        (
            "metrics",
            tagperf::metrics::ALL.iter().map(|row| row.id).collect(),
        ),
        (
            "detect",
            tagperf::detect::ALL.iter().map(|row| row.id).collect(),
        ),
    ]
}

/// Folders whose tables come with their stations: as soon as one has a file, it wants a row above.
const WITHOUT_TABLE: &[&str] = &["tags", "chart", "report", "scenario/steps"];

/// What a folder holds: files and folders of modules, without the module's own `mod.rs` and its tests.
fn entries(folder: &str) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(format!("src/{folder}")) else {
        return BTreeSet::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .map(|name| name.strip_suffix(".rs").unwrap_or(&name).to_owned())
        .filter(|name| name != "mod" && name != "tests")
        .collect()
}

#[test]
fn every_file_has_its_row_under_its_own_name() {
    for (folder, ids) in tables() {
        let rows: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(rows.len(), ids.len(), "src/{folder}: an id twice");
        assert_eq!(
            entries(folder),
            rows,
            "src/{folder}: files, and rows of its table"
        );
    }
}

#[test]
fn a_folder_of_files_has_a_table() {
    for folder in WITHOUT_TABLE {
        let files = entries(folder);
        assert!(
            files.is_empty(),
            "src/{folder} has {files:?}: give it a row in this test's table"
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
