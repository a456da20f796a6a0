//! Visits of a real Chromium, each judged as its file name says.

use std::path::PathBuf;

use super::*;

/// A tag's traced trials as Chromium recorded them, in `tests/visits/<detector>.<fires|silent>….json`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    /// How it was made: the command, and the browser's version.
    #[expect(dead_code, reason = "for people")]
    made_by: String,
    tag: TagInfo,
    with: Vec<Visit>,
    without: Vec<Visit>,
    /// The function to blame, when the detector fires.
    culprit: Option<String>,
}

fn recordings() -> Vec<(PathBuf, Recording)> {
    let folder = std::fs::read_dir("tests/visits").unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    let json = files.filter(|path| path.extension().is_some_and(|ext| ext == "json"));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let recording = serde_json::from_str(&text);
        let recording = recording.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, recording)
    };
    json.map(read).collect()
}

/// Detector's id, and what is expected of it.
fn parts(path: &std::path::Path) -> (String, String) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let mut parts = name.split('.').map(str::to_owned);
    (parts.next().unwrap(), parts.next().unwrap_or_default())
}

#[test]
fn recorded_visits_are_judged_as_their_names_say() {
    for (path, recording) in recordings() {
        let (id, expected) = parts(&path);
        let findings = found(
            detector(&id),
            &recording.tag,
            &recording.with,
            &recording.without,
        );
        match expected.as_str() {
            "fires" => {
                let culprits = findings
                    .iter()
                    .filter_map(|finding| finding.culprit.as_ref());
                let mut names = culprits.map(|code| Some(code.function.clone()));
                assert!(
                    names.any(|name| name == recording.culprit),
                    "{path:?}: {findings:#?}"
                );
            }
            "silent" => assert!(findings.is_empty(), "{path:?}: {findings:#?}"),
            other => panic!("{path:?}: {other} is neither fires nor silent"),
        }
    }
}

/// Ids that a file of the zoo expects of its tags.
fn in_the_zoo() -> Vec<String> {
    let folder = std::fs::read_dir("tests/zoo").unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    let expected = files.filter(|path| path.to_str().unwrap().ends_with(".expected.toml"));
    let mut ids = Vec::new();
    for path in expected {
        let read: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let tags = read["tags"].as_table().unwrap();
        let findings = tags.values().filter_map(|tag| tag.get("finding"));
        ids.extend(findings.map(|id| id.as_str().unwrap().to_owned()));
    }
    ids
}

#[test]
fn every_detector_has_been_seen_in_a_real_browser() {
    let have: Vec<(String, String)> = recordings().iter().map(|(path, _)| parts(path)).collect();
    let zoo = in_the_zoo();
    for detector in ALL {
        let recorded = ["fires", "silent"]
            .iter()
            .all(|expected| have.contains(&(detector.id.to_owned(), (*expected).to_owned())));
        assert!(
            recorded || zoo.iter().any(|id| id == detector.id),
            "{}: neither recordings nor a tag of the zoo",
            detector.id
        );
    }
}
