//! The road is one-way: a station may use only the stations named beside it.

use std::fs;
use std::path::Path;

const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("stats", &[]),
    ("reader", &[]),
    ("tags", &["model", "reader"]),
    ("scenario", &["model", "reader", "tags"]),
    ("plan", &["model", "stats"]),
    ("stage", &["model"]),
    ("browser", &["model"]),
    ("lab", &["model"]),
    ("trace", &["model"]),
    ("metrics", &["model", "trace"]),
    ("attribute", &["model", "trace"]),
    ("detect", &["model", "trace"]),
    ("compare", &["model", "stats"]),
    ("fitness", &["model", "stats"]),
    ("baseline", &["model"]),
    ("judge", &["model", "stats"]),
    ("chart", &["model"]),
    ("report", &["model", "chart"]),
    (
        "app",
        &[
            "model",
            "scenario",
            "tags",
            "plan",
            "stage",
            "browser",
            "lab",
            "trace",
            "metrics",
            "attribute",
            "detect",
            "compare",
            "baseline",
            "judge",
            "chart",
            "report",
            "stats",
            "reader",
            "fitness",
        ],
    ),
    ("cli", &["app", "model"]),
];

fn read(path: &Path) -> String {
    if path.is_dir() {
        fs::read_dir(path)
            .unwrap()
            .map(|entry| read(&entry.unwrap().path()))
            .collect()
    } else {
        fs::read_to_string(path).unwrap_or_default()
    }
}

#[test]
fn stations_look_one_way() {
    let mut wrong = Vec::new();
    for (station, allowed) in MAY_USE {
        let text = read(Path::new(&format!("src/{station}.rs")))
            + &read(Path::new(&format!("src/{station}")));
        assert!(!text.is_empty(), "no source for {station}");
        assert!(
            !text.contains("crate::{"),
            "{station}: write one `use crate::…` per station"
        );
        for (at, prefix) in text.match_indices("crate::") {
            let rest = text[at + prefix.len()..].chars();
            let used: String = rest
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if used != *station && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{station} uses {used}"));
            }
        }
        if text.contains("chromiumoxide::") && *station != "browser" {
            wrong.push(format!("{station} speaks to Chromium"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_station_has_a_row_in_travel_order() {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let stations: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(
        stations,
        MAY_USE.iter().map(|row| row.0).collect::<Vec<_>>()
    );
}
