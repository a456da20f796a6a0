//! The fixed report, and what can be made of it.

use std::fs;

use serde_json::Value;
use tagperf::chart;
use tagperf::model::Report;
use tagperf::report;

pub const SAMPLE: &str = "tests/data/report.json";

pub fn sample() -> Report {
    serde_json::from_str(&fs::read_to_string(SAMPLE).unwrap()).unwrap()
}

pub fn render(id: &str, report: &Report) -> String {
    let reporter = report::ALL.iter().find(|reporter| reporter.id == id);
    (reporter.unwrap().render)(report).unwrap()
}

/// The text that a stored file should have, or writes it.
pub fn expect_file(path: &str, text: &str) {
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        // Other tests may be reading it.
        let beside = format!("{path}.new");
        fs::write(&beside, text).unwrap();
        fs::rename(&beside, path).unwrap();
    }
    let stored = fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == text,
        "{path} is stale: INSTA_UPDATE=always cargo test --test reports"
    );
}

/// Every string of the report but the names that the format itself knows, passed through `change`.
pub fn with_strings(report: &Report, change: &dyn Fn(&str) -> String) -> Report {
    const KNOWN: [&str; 15] = [
        "scaling",
        "design",
        "fitness",
        "unit",
        "basis",
        "problem_id",
        "verdict",
        "outcome",
        "severity",
        "answer",
        "purpose",
        "inconclusive",
        "stop",
        "kind",
        "baseline",
    ];
    fn walk(value: &mut Value, key: &str, change: &dyn Fn(&str) -> String) {
        match value {
            Value::String(text) if !KNOWN.contains(&key) => *text = change(text),
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, key, change)),
            Value::Object(fields) => {
                let is_reason = fields.contains_key("text") && fields.contains_key("metric");
                for (key, field) in fields {
                    if !(is_reason && key == "id") {
                        walk(field, key, change);
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    walk(&mut value, "", change);
    let readings = value.pointer_mut("/trials").and_then(Value::as_array_mut);
    for trial in readings.into_iter().flatten() {
        let fields = trial["readings"].as_object_mut().unwrap();
        *fields = std::mem::take(fields)
            .into_iter()
            .map(|(metric, reading)| (change(&metric), reading))
            .collect();
    }
    serde_json::from_value(value).unwrap()
}

pub const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{2066}\u{200b}\u{e0041}<script>alert(1)</script>\
    `|`` | \\| @octocat #12 a/b#3 https://evil.example www.evil.example [x](https://evil.example) ![i](x) \
    <img src=x onerror=y> <!-- x --> ]]> &lt; $a$ :tada: **b** ~~s~~ [^1]\r\n# h\n| a | b |\n- [ ] t\u{2028}";

pub fn hostile() -> Report {
    let mut report = with_strings(&sample(), &|text| format!("{text}{HOSTILE}"));
    let long = HOSTILE.repeat((1 << 20) / HOSTILE.len());
    let finding = &mut report.findings[0];
    finding.summary = long.clone();
    let culprit = finding.culprit.as_mut().unwrap();
    culprit.function = long.clone();
    culprit.url = format!("https://user:secret@evil.example/{long}?token=secret");
    report.judgement.reasons[0].text = long.clone();
    report.tags[2].firing.problem = Some(long.clone());
    report.network[3].host = long;
    report
}

/// Fifty tags with as many effects each as the sample's, by turns passing, failing and undecided.
pub fn fifty_tags() -> Report {
    let mut report = sample();
    let one = sample();
    report.tags.clear();
    report.judgement.tags.clear();
    report.judgement.cells.clear();
    report.judgement.suspicions.clear();
    for at in 0..50 {
        let from = &one.tags[if at % 10 == 3 { at % 3 } else { 0 }];
        let id = format!("{}-of-a-partner-with-a-rather-long-name-{at}", from.id);
        let verdict = one.judgement.tags.iter().find(|tag| tag.tag == from.id);
        let mut verdict = verdict.unwrap().clone();
        verdict.tag.clone_from(&id);
        report.judgement.tags.push(verdict);
        let suspicions = one.judgement.suspicions.iter();
        for suspicion in suspicions.filter(|suspicion| suspicion.tag == from.id && at % 10 == 3) {
            let mut suspicion = suspicion.clone();
            suspicion.tag.clone_from(&id);
            report.judgement.suspicions.push(suspicion);
        }
        let cells = one.judgement.cells.iter();
        for cell in cells.filter(|cell| cell.effect.tag == from.id) {
            let mut cell = cell.clone();
            cell.effect.tag.clone_from(&id);
            report.judgement.cells.push(cell);
        }
        for finding in one.findings.iter().filter(|finding| finding.tag == from.id) {
            let mut finding = finding.clone();
            finding.tag.clone_from(&id);
            report.findings.push(finding);
        }
        let mut tag = from.clone();
        tag.id = id;
        report.tags.push(tag);
    }
    report
}

/// No control characters but line breaks, nothing that reorders or hides text.
pub fn assert_inert(text: &str) {
    let bad = text
        .chars()
        .find(|c| *c != '\n' && chart::text::safe::is_hidden(*c) || *c == '\u{2028}');
    assert_eq!(bad, None);
}
