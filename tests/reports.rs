//! One fixed report through every format and figure: as it is, with hostile strings, and with fifty tags.
//!
//! `INSTA_UPDATE=always` writes the expected texts, the sample and the schemas anew.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use comrak::nodes::NodeValue;
use serde_json::Value;
use tagperf::chart::{self, Theme};
use tagperf::model::{Baseline, BaselineUse, Outcome, Report, Stop, Verdict};
use tagperf::report::{self, markdown, terminal};

const SAMPLE: &str = "tests/data/report.json";

fn sample() -> Report {
    serde_json::from_str(&fs::read_to_string(SAMPLE).unwrap()).unwrap()
}

fn render(id: &str, report: &Report) -> String {
    let reporter = report::ALL.iter().find(|reporter| reporter.id == id);
    (reporter.unwrap().render)(report).unwrap()
}

fn on_terminal(report: &Report, width: usize, colour: bool) -> String {
    let options = terminal::Options {
        width,
        colour,
        folder: Some("tagperf-out/run 1".into()),
    };
    terminal::render(report, &options).unwrap()
}

/// The text that a stored file should have, or writes it.
fn expect_file(path: &str, text: &str) {
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
fn with_strings(report: &Report, change: &dyn Fn(&str) -> String) -> Report {
    const KNOWN: [&str; 11] = [
        "unit",
        "basis",
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

const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{2066}\u{200b}\u{e0041}<script>alert(1)</script>\
    `|`` | \\| @octocat #12 a/b#3 https://evil.example www.evil.example [x](https://evil.example) ![i](x) \
    <img src=x onerror=y> <!-- x --> ]]> &lt; $a$ :tada: **b** ~~s~~ [^1]\r\n# h\n| a | b |\n- [ ] t\u{2028}";

fn hostile() -> Report {
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
fn fifty_tags() -> Report {
    let mut report = sample();
    let one = sample();
    report.tags.clear();
    report.judgement.tags.clear();
    report.judgement.cells.clear();
    for at in 0..50 {
        let from = &one.tags[if at % 10 == 3 { at % 3 } else { 0 }];
        let id = format!("{}-of-a-partner-with-a-rather-long-name-{at}", from.id);
        let verdict = one.judgement.tags.iter().find(|tag| tag.tag == from.id);
        let mut verdict = verdict.unwrap().clone();
        verdict.tag.clone_from(&id);
        report.judgement.tags.push(verdict);
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
fn assert_inert(text: &str) {
    let bad = text
        .chars()
        .find(|c| *c != '\n' && chart::text::safe::is_hidden(*c) || *c == '\u{2028}');
    assert_eq!(bad, None);
}

#[test]
fn texts_are_as_expected() {
    let report = sample();
    insta::assert_snapshot!("terminal_120", on_terminal(&report, 120, false));
    insta::assert_snapshot!("terminal_72", on_terminal(&report, 72, false));
    let coloured = on_terminal(&report, 120, true).replace('\u{1b}', "␛");
    insta::assert_snapshot!("terminal_120_colour", coloured);
    insta::assert_snapshot!("markdown", render("markdown", &report));
    insta::assert_snapshot!(
        "terminal_fifty_tags",
        on_terminal(&fifty_tags(), 100, false)
    );
    for theme in Theme::ALL {
        let svg = chart::svg(&chart::ALL[0], &report, theme).unwrap();
        insta::assert_snapshot!(format!("cost_{}", theme.id), svg);
    }
}

#[test]
fn json_gives_the_report_back() {
    let report = sample();
    expect_file(SAMPLE, &render("json", &report));
    let hostile = hostile();
    let text = render("json", &hostile);
    assert_inert(&text);
    assert!(!text.contains('<'));
    assert!(serde_json::from_str::<Report>(&text).unwrap() == hostile);
}

#[test]
fn json_refuses_what_it_cannot_hold() {
    let mut report = sample();
    report.judgement.cells[0].effect.estimate = Some(f64::INFINITY);
    let error = (report::ALL.last().unwrap().render)(&report).unwrap_err();
    assert!(error.to_string().contains("heatmap"), "{error}");
}

#[test]
fn schemas_are_fresh_and_hold_the_sample() {
    let schema = report::schema().unwrap();
    expect_file("schema/run.schema.json", &schema);
    expect_file(
        "schema/baseline.schema.json",
        &report::baseline_schema().unwrap(),
    );
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for report in [sample(), hostile(), fifty_tags()] {
        let value = serde_json::from_str(&render("json", &report)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut broken = serde_json::to_value(sample()).unwrap();
    broken["judgement"]["outcome"] = "fine".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_baseline_schema_holds_a_baseline() {
    let schema = serde_json::from_str(&report::baseline_schema().unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = r#"{"format": 1, "scenario": "landing", "run": "2026-11-20T09-14-03Z", "fingerprint": {"browser": "156"},
        "approval": {"by": "a", "at": "2026-11-20T10:00:00Z", "reason": "r", "commit": null},
        "tags": {"heatmap": {"cpu": {"estimate": 9.0, "interval": {"low": 1.0, "high": 12.0, "confidence": 0.98},
            "without": [{"value": 230.5}], "with": [{"missing": "the trial failed"}]}}}}"#;
    serde_json::from_str::<Baseline>(text).unwrap();
    assert!(validator.is_valid(&serde_json::from_str(text).unwrap()));
    assert!(!validator.is_valid(&serde_json::from_str(&text.replace("approval", "a")).unwrap()));
}

#[test]
fn terminals_are_not_taken_over() {
    for (width, rows) in [(120, 18), (72, 18)] {
        let plain = on_terminal(&hostile(), width, false);
        assert_inert(&plain);
        let effects = plain.lines().filter(|line| line.contains(" … "));
        let effects = effects.filter(|line| line.contains('[') && line.contains(']'));
        assert!(effects.count() >= rows - 1, "{plain}");
        let coloured = on_terminal(&hostile(), width, true);
        let mut pieces = coloured.split('\u{1b}');
        let mut bare = pieces.next().unwrap().to_owned();
        for piece in pieces {
            let (code, text) = piece.split_once('m').unwrap();
            let code = code.strip_prefix('[').unwrap();
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b';')
            );
            bare += text;
        }
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(squeeze(&bare), squeeze(&plain));
    }
}

#[test]
fn lines_keep_to_the_width() {
    for width in [60, 72, 80, 100, 120] {
        for report in [sample(), fifty_tags()] {
            let text = on_terminal(&report, width, false);
            let long = |line: &&str| line.chars().count() > width && !line.contains("://");
            assert_eq!(text.lines().find(long), None, "{width}");
        }
    }
}

/// What a Markdown reader makes of a comment.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    html: Vec<String>,
    links: usize,
    headings: usize,
    rows: Vec<usize>,
    other: Vec<String>,
    text: String,
}

fn read_markdown(text: &str) -> Seen {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    let arena = comrak::Arena::new();
    let mut seen = Seen::default();
    for node in comrak::parse_document(&arena, text, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlBlock(html) => seen.html.push(html.literal.trim().to_owned()),
            NodeValue::HtmlInline(html) if html != "<code>" && html != "</code>" => {
                seen.html.push(html.clone());
            }
            NodeValue::Link(_) | NodeValue::Image(_) => seen.links += 1,
            NodeValue::Heading(_) => seen.headings += 1,
            NodeValue::TableRow(_) => seen.rows.push(node.children().count()),
            // Within `<code>` nothing is linked or mentioned either; leave such texts out.
            NodeValue::Text(text) => seen.text += text,
            NodeValue::Emph
            | NodeValue::Strikethrough
            | NodeValue::TaskItem(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::Math(_)
            | NodeValue::CodeBlock(_)
            | NodeValue::BlockQuote
            | NodeValue::ThematicBreak => {
                seen.other.push(format!("{:?}", node.data.borrow().value))
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn comments_cannot_be_taken_over() {
    let sane = read_markdown(&render("markdown", &sample()));
    let text = render("markdown", &hostile());
    assert_inert(&text.replace("⚠️", ""));
    let seen = read_markdown(&text);
    let marker = |html: &mut Vec<String>| html.remove(0);
    let (mut sane_html, mut html) = (sane.html.clone(), seen.html.clone());
    assert!(marker(&mut html).starts_with("<!-- tagperf landing"));
    marker(&mut sane_html);
    assert_eq!(html, sane_html);
    assert_eq!((seen.links, seen.headings), (0, sane.headings));
    assert_eq!(seen.rows, sane.rows);
    assert!(sane.rows.len() == 20 && sane.rows.iter().all(|cells| *cells == 8));
    assert_eq!(seen.other, Vec::<String>::new());
    assert!(!text.contains("secret"));
}

#[test]
fn mentions_and_references_only_stand_in_code() {
    let text = render("markdown", &hostile());
    // GitHub looks for them in what is left when code is taken out.
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(&text, &options);
    let mut outside = String::new();
    for piece in html.split("<code>") {
        outside += piece
            .split_once("</code>")
            .map_or(piece, |(_, after)| after);
    }
    assert!(html.contains("@octocat") && html.contains("a/b#3"));
    for sign in ["@octocat", "#12", "#3", "evil.example", ":tada:"] {
        assert!(!outside.contains(sign), "{sign}");
    }
}

#[test]
fn comments_stay_below_the_limit() {
    for report in [
        fifty_tags(),
        with_strings(&fifty_tags(), &|text| format!("{text}{HOSTILE}")),
    ] {
        let text = render("markdown", &report);
        assert!(text.len() < markdown::LIMIT, "{}", text.len());
        let seen = read_markdown(&text);
        assert!(seen.rows.iter().all(|cells| *cells == 8));
        assert_eq!(
            seen.html
                .iter()
                .filter(|html| html.contains("<details>"))
                .count(),
            3
        );
        assert_eq!(
            seen.html
                .iter()
                .filter(|html| html.contains("</details>"))
                .count(),
            3
        );
    }
}

#[test]
fn a_comment_links_what_it_is_given() {
    let links = markdown::Links {
        chart: Some("https://ci.example/cost.png?a=1&b=\"".into()),
        report: Some("https://ci.example/report.html".into()),
    };
    let text = markdown::render(&sample(), &links).unwrap();
    assert!(text.contains("<img src=\"https://ci.example/cost.png?a=1&amp;b=&quot;\""));
    assert!(text.contains("<a href=\"https://ci.example/report.html\">"));
}

#[test]
fn a_comment_is_found_again() {
    let first = render("markdown", &sample());
    assert_eq!(first.lines().next().unwrap(), markdown::marker("landing"));
    assert_eq!(markdown::marker("a --> b"), "<!-- tagperf a_____b -->");
}

fn decode(png: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let pixels = bytes.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    (info.width, info.height, pixels)
}

fn nothing_measured() -> Report {
    let mut report = sample();
    for cell in &mut report.judgement.cells {
        cell.verdict = Verdict::NotMeasured;
        cell.effect.estimate = None;
        cell.effect.interval = None;
    }
    report
}

#[test]
fn pictures_show_something_and_nothing_is_cut_off() {
    let one = {
        let mut report = sample();
        let cells = &mut report.judgement.cells;
        cells.retain(|cell| cell.effect.tag == "heatmap" && cell.effect.metric == "cpu");
        report
    };
    let reports = [sample(), one, hostile(), fifty_tags(), nothing_measured()];
    let light = reports.iter().map(|report| (report, Theme::LIGHT));
    for (report, theme) in light.chain([(&reports[0], Theme::DARK)]) {
        for chart in chart::ALL {
            let (width, height, pixels) = decode(&chart::png(chart, report, &theme).unwrap());
            assert_eq!(width, 1600);
            let some = pixels.iter().take(1600 * 1000).step_by(3);
            let colours: HashSet<&[u8; 3]> = some.collect();
            assert!(colours.len() > 20, "{} colours", colours.len());
            let edge = |x: u32, y: u32| x.min(y).min(width - 1 - x).min(height - 1 - y) < 16;
            for (y, row) in (0..).zip(pixels.chunks(width as usize)) {
                let marks = (0..).zip(row).filter(|(_, pixel)| **pixel != pixels[0]);
                let outside = marks.map(|(x, _)| x).find(|x| edge(*x, y));
                assert_eq!(outside, None, "something reaches the edge in line {y}");
            }
        }
    }
}

#[test]
fn svgs_are_xml_of_shapes_and_text() {
    for report in [sample(), hostile(), fifty_tags(), nothing_measured()] {
        let svg = chart::svg(&chart::ALL[0], &report, &Theme::LIGHT).unwrap();
        assert_inert(&svg);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let known = ["svg", "title", "rect", "polygon", "circle", "text"];
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        for element in elements {
            let name = element.tag_name().name();
            assert!(known.contains(&name), "{name}");
            assert!(
                element
                    .attributes()
                    .all(|attribute| !attribute.name().starts_with("on"))
            );
        }
    }
    let sane = chart::svg(&chart::ALL[0], &sample(), &Theme::LIGHT).unwrap();
    assert!(sane.contains("Whisker: 98 to 99 % interval. Shaded: beyond the margin."));
    let hostile = chart::svg(&chart::ALL[0], &hostile(), &Theme::LIGHT).unwrap();
    assert!(
        hostile.contains("heatmap2J&lt;"),
        "labels are escaped, not dropped"
    );
}

#[test]
fn every_outcome_says_why_and_what_to_do_next() {
    let mut report = sample();
    report
        .judgement
        .reasons
        .retain(|reason| reason.tag.as_deref() == Some("chat"));
    let mut ends = Vec::new();
    for (outcome, stop) in [
        (Outcome::Pass, Stop::Decided),
        (Outcome::Inconclusive, Stop::BlocksSpent),
        (Outcome::Inconclusive, Stop::Interrupted),
        (Outcome::NotComparable, Stop::Decided),
        (Outcome::NotMeasured, Stop::Decided),
    ] {
        report.judgement.outcome = outcome;
        report.stop = stop;
        let text = on_terminal(&report, 120, false);
        ends.push(text.split("\n\n").last().unwrap().to_owned());
    }
    insta::assert_snapshot!("ends", ends.join("\n"));
}

#[test]
fn a_differing_baseline_is_told() {
    let mut report = sample();
    report.judgement.outcome = Outcome::NotComparable;
    report.baseline = BaselineUse::NotComparable {
        file: "baselines/landing.json".into(),
        differences: vec![tagperf::model::Mismatch {
            what: "browser".into(),
            baseline: "HeadlessChrome/155".into(),
            run: "HeadlessChrome/156".into(),
        }],
    };
    let line = "browser: HeadlessChrome/155 then, HeadlessChrome/156 now";
    assert!(on_terminal(&report, 120, false).contains(line));
    let line = "`browser`: `HeadlessChrome/155` then, `HeadlessChrome/156` now";
    assert!(render("markdown", &report).contains(line));
}

#[test]
fn a_damaged_report_is_refused() {
    let mut report = sample();
    report.metrics.retain(|metric| metric.id != "cpu");
    for reporter in report::ALL.iter().filter(|reporter| reporter.id != "json") {
        let error = (reporter.render)(&report).unwrap_err();
        assert!(
            format!("{error:#}").contains("`cpu`"),
            "{}: {error:#}",
            reporter.id
        );
    }
    assert!(chart::svg(&chart::ALL[0], &report, &Theme::LIGHT).is_err());
}

/// Files and rows of a folder of plug-ins: each row has its file, each file its row. Folders without a row hold helpers.
fn assert_registered(folder: &str, ids: &[&str]) {
    for id in ids {
        let (file, module) = (format!("{folder}/{id}.rs"), format!("{folder}/{id}/mod.rs"));
        assert!(
            Path::new(&file).exists() || Path::new(&module).exists(),
            "no file for {id}"
        );
    }
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".rs");
        assert!(
            id.is_none_or(|id| id == "mod" || ids.contains(&id)),
            "no row for {name}"
        );
    }
}

#[test]
fn every_format_and_figure_has_its_row() {
    let formats: Vec<&str> = report::ALL.iter().map(|reporter| reporter.id).collect();
    let figures: Vec<&str> = chart::ALL.iter().map(|chart| chart.id).collect();
    assert_registered("src/report", &formats);
    assert_registered("src/chart", &figures);
}
