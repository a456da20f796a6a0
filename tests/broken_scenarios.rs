//! What people get wrong in scenario files, and what they are told: every mistake at its line and column.
//!
//! A broken file says itself where it is wrong: `# here: 7` at the end of a line means its column 7.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tagperf::model::{Firing, Margin, Severity, Unit};
use tagperf::scenario::{FindingRule, LimitRule, MetricRule, ScenarioError, Vocabulary, load};

fn vocabulary() -> Vocabulary {
    let rule = |id, unit, floor, weight| MetricRule {
        id,
        unit,
        floor,
        margin: Margin {
            absolute: 10.0 * floor,
            relative: 0.05,
        },
        weight,
        needs_trace: id == "forced_layout",
        needs_steps: if id == "scroll_cpu" { &["scroll"] } else { &[] },
    };
    Vocabulary {
        metrics: vec![
            rule("lcp", Unit::Ms, 20.0, 0.25),
            rule("cpu", Unit::Ms, 5.0, 0.75),
            rule("bytes", Unit::Bytes, 1024.0, 0.0),
            rule("long_tasks", Unit::Count, 0.5, 0.0),
            rule("cls", Unit::Score, 0.01, 0.0),
            rule("scroll_cpu", Unit::Ms, 5.0, 0.2),
            rule("forced_layout", Unit::Ms, 5.0, 0.0),
        ],
        findings: vec![
            finding("runaway_scroll", &["scroll"]),
            finding("endless_timer", &[]),
            finding("slow_input", &["click", "type"]),
        ],
    }
}

fn finding(id: &'static str, needs_steps: &'static [&'static str]) -> FindingRule {
    let threshold = |id, unit| LimitRule { id, unit };
    FindingRule {
        id,
        severity: Severity::Severe,
        needs_steps,
        thresholds: vec![
            threshold("script_per_event", Unit::Ms),
            threshold("calls", Unit::Count),
            threshold("sent", Unit::Bytes),
        ],
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/scenarios").join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    files
}

/// Lines and columns that the file itself declares wrong.
fn declared(text: &str) -> BTreeSet<(usize, usize)> {
    let marked = text.lines().enumerate().filter_map(|(at, line)| {
        let (_, columns) = line.split_once("# here: ")?;
        Some((at + 1, columns))
    });
    marked
        .flat_map(|(line, columns)| {
            let columns = columns.split(", ").map(|column| column.parse().unwrap());
            columns.map(move |column| (line, column))
        })
        .collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let files = files("broken");
    assert!(files.len() >= 30, "{} broken scenarios", files.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("scenarios/broken");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut misplaced = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let Err(ScenarioError::Mistakes(mistakes)) = load(&file, &vocabulary()) else {
            panic!("{} has no mistakes", file.display());
        };
        let told = mistakes.list().iter();
        let told: BTreeSet<_> = told
            .map(|mistake| mistakes.position(mistake.span.start))
            .collect();
        if told != declared(&text) {
            misplaced.push(mistakes.to_string());
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        settings.bind(|| insta::assert_snapshot!(name, mistakes.to_string()));
    }
    assert!(misplaced.is_empty(), "{}", misplaced.join("\n\n"));
}

#[test]
fn a_good_scenario_is_read() {
    for file in files("good") {
        if let Err(error) = load(&file, &vocabulary()) {
            panic!("{error}");
        }
    }
}

#[test]
fn all_that_a_scenario_says_is_heard() {
    let file = Path::new("tests/scenarios/good/landing.toml");
    let scenario = load(file, &vocabulary()).unwrap();
    let info = scenario.info();
    let mut heard = vec![info.name, info.url, info.device];
    heard.extend(info.steps);
    for origin in &scenario.origins {
        let (dir, latency) = (origin.dir.display(), origin.latency.0);
        heard.push(format!("{} from {dir}, {latency} ms", origin.host));
        let (headers, redirects) = (&origin.headers, &origin.redirects);
        heard.push(format!("  headers {headers:?}, redirects {redirects:?}"));
    }
    for tag in &scenario.tags {
        let info = tag.info(Firing::default());
        let urls: Vec<String> = info.urls.iter().map(|url| url.0.clone()).collect();
        heard.push(format!(
            "{} ({}, line {}): {}",
            info.id, info.source, info.line, info.what
        ));
        heard.push(format!("  needs {:?}, code at {urls:?}", tag.needs));
    }
    heard.push(format!("{:#?}\n{:#?}", scenario.gate, scenario.trials));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("scenarios/good");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("landing", heard.join("\n")));
}
