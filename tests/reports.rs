//! One fixed report through every format and figure: as it is, with hostile strings, and with fifty tags.
//!
//! `INSTA_UPDATE=always` writes the expected texts, the sample and the schemas anew.

#[path = "reports/comment.rs"]
mod comment;
#[path = "reports/examination.rs"]
mod examination;
#[path = "reports/inspected.rs"]
mod inspected;
#[path = "reports/pictures.rs"]
mod pictures;
#[path = "reports/sample.rs"]
mod sample;
#[path = "reports/screened.rs"]
mod screened;

use std::fs;
use std::path::Path;

use inspected::inspected;
use sample::{
    HOSTILE, SAMPLE, assert_inert, expect_file, fifty_tags, hostile, render, sample, with_strings,
};
use screened::screened;
use tagperf::chart::{self, Theme};
use tagperf::model::{
    Baseline, BaselineUse, Confirmed, Interval, Outcome, PageChange, Reason, ReasonId, Report,
    SpeedRatio, Stop,
};
use tagperf::report::{self, terminal};

fn on_terminal(report: &Report, width: usize, colour: bool) -> String {
    let options = terminal::Options {
        width,
        colour,
        folder: Some("tagperf-out/run 1".into()),
    };
    terminal::render(report, &options).unwrap()
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
    let screened = screened();
    insta::assert_snapshot!("screen_terminal_100", on_terminal(&screened, 100, false));
    insta::assert_snapshot!("screen_terminal_72", on_terminal(&screened, 72, false));
    insta::assert_snapshot!("screen_markdown", render("markdown", &screened));
    let inspected = inspected();
    insta::assert_snapshot!(
        "inspection_terminal_100",
        on_terminal(&inspected, 100, false)
    );
    insta::assert_snapshot!("inspection_markdown", render("markdown", &inspected));
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
fn json_refuses_a_screen_that_it_cannot_hold() {
    let break_it: [fn(&mut tagperf::model::Screen); 3] = [
        |screen| screen.largest_correlation = f64::NAN,
        |screen| screen.interactions[0].interval.high = f64::INFINITY,
        |screen| screen.confounded[0].correlation = f64::NAN,
    ];
    for break_it in break_it {
        let mut report = screened();
        break_it(report.screen.as_mut().unwrap());
        let error = (report::ALL.last().unwrap().render)(&report).unwrap_err();
        assert!(error.to_string().contains("the screen"), "{error}");
    }
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
    for report in [sample(), hostile(), fifty_tags(), screened()] {
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
    let text = r#"{"format": 2, "hash": "9f2c", "scenario": "landing", "scenario_file": "landing.toml", "run": "2026-11-20T09-14-03Z",
        "seed": 7, "approval": {"by": "a", "at": "2026-11-20T10:00:00Z", "reason": "r", "commit": null},
        "browser": "HeadlessChrome/156.0.1.2", "tagperf": "0.1.0", "fingerprint": {"browser": "HeadlessChrome/156"},
        "speed": {"cpu_model": "Xeon", "cpu_count": 2, "slowdown": 1.0, "slowdown_counted": 1.0,
            "calibration_ms": 14.1, "calibration_cv": 0.02, "calibrations": 11}, "certificate": null,
        "tags": {"heatmap": {"cpu": {"gated": true, "estimate": 9.0, "interval": {"low": 1.0, "high": 12.0, "confidence": 0.98},
            "margin": 10.0, "detectable": null, "without": [230.5], "with": [null]}}}, "history": []}"#;
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
fn a_screen_does_not_take_the_terminal_over() {
    let report = with_strings(&screened(), &|text| format!("{text}{HOSTILE}"));
    for width in [120, 72] {
        let text = on_terminal(&report, width, false);
        assert_inert(&text);
        assert!(text.contains("only together") && text.contains("(correlation 0.62)"));
    }
}

#[test]
fn lines_keep_to_the_width() {
    for width in [60, 72, 80, 100, 120] {
        for report in [sample(), fifty_tags(), screened()] {
            let text = on_terminal(&report, width, false);
            let long = |line: &&str| line.chars().count() > width && !line.contains("://");
            assert_eq!(text.lines().find(long), None, "{width}");
        }
    }
}

#[test]
fn a_screen_is_sent_to_blocks_for_a_baseline() {
    let mut report = screened();
    for (outcome, baseline) in [
        (Outcome::Pass, BaselineUse::None),
        (Outcome::NotComparable, report.baseline.clone()),
    ] {
        report.judgement.outcome = outcome;
        report.baseline = baseline;
        let text = on_terminal(&report, 120, false);
        let next = text.lines().find(|line| line.starts_with("  next: "));
        let next = next.unwrap();
        assert!(next.ends_with("--design blocks"), "{next}");
    }
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
        renew: "tagperf baseline accept DIR --reason \"…\"".into(),
    };
    let line = "browser: HeadlessChrome/155 then, HeadlessChrome/156 now";
    assert!(on_terminal(&report, 120, false).contains(line));
    let line = "`browser`: `HeadlessChrome/155` then, `HeadlessChrome/156` now";
    assert!(render("markdown", &report).contains(line));
}

#[test]
fn a_comparison_with_a_baseline_tells_its_terms() {
    let mut report = sample();
    let speed = SpeedRatio {
        calibration: 0.9,
        slowdown: 0.6,
        comparable: true,
        indirect: true,
    };
    let page = PageChange {
        metric: "cpu".into(),
        estimate: 41.5,
        interval: Some(Interval {
            low: 35.0,
            high: 48.0,
            confidence: 0.98,
        }),
        then: 20,
        now: 10,
    };
    report.baseline = BaselineUse::Compared {
        file: "baselines/landing.json".into(),
        run: "2026-10-01T00-00-00Z".into(),
        accepted: "2026-10-01T10:00:00Z by Ada".into(),
        speed,
        page: vec![page],
        page_not_compared: None,
    };
    let lines = [
        "multiplied by 0.540 (0.900 for the machine's speed, 0.600 for the CPU slowdown): indirect",
        "main-thread CPU +41.5 ms [+35.0 ms … +48.0 ms], n = 20 and 10",
    ];
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [
        on_terminal(&report, 120, false),
        render("markdown", &report),
    ] {
        let text = flat(text.replace('\\', ""));
        assert!(lines.iter().all(|line| text.contains(line)), "{text}");
    }
    assert_inert(&on_terminal(
        &sample::with_strings(&report, &|text| format!("{text}{}", sample::HOSTILE)),
        120,
        false,
    ));
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

/// All white space as one space, as a reader sees a wrapped sentence; no signs of Markdown.
fn flowing(text: &str) -> String {
    let text = text.replace(['`', '\\'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_suspicion_stays_to_be_seen_with_its_outcome() {
    let cases = [
        (
            sample(),
            "heatmap, main-thread CPU: confirmed on 8 fresh pairs: +917 ms [900 … 938]; the first 10 pairs gave +919 ms [890 … 949]",
        ),
        (
            sample(),
            "consent, LCP: cleared by 12 fresh pairs: +9.4 ms [-10.8 … 27.1]; the first 10 pairs gave +127 ms [110 … 143]",
        ),
        (
            screened(),
            "survey, INP: not confirmed on 17 fresh pairs: +52.0 ms [28.0 … 76.0]",
        ),
        (
            screened(),
            "gtag, main-thread CPU: masked on 17 fresh pairs: +0.4 ms [-5.6 … 6.4]; without it alone nothing is saved",
        ),
    ];
    for (report, line) in cases {
        for text in [120, 72].map(|width| on_terminal(&report, width, false)) {
            assert!(flowing(&text).contains(line), "{text}");
        }
        let comment = render("markdown", &report);
        assert!(flowing(&comment).contains(line), "{comment}");
    }
    let mut report = sample();
    report.judgement.cells.retain(|cell| !cell.effect.fresh);
    report.judgement.suspicions[0].outcome = Confirmed::Open;
    report.judgement.suspicions[0].fresh_pairs = 0;
    for text in [
        on_terminal(&report, 120, false),
        render("markdown", &report),
    ] {
        let line =
            "heatmap, main-thread CPU: not confirmed: no fresh pair was measured; the first 10";
        assert!(flowing(&text).contains(line), "{text}");
    }
    report.judgement.suspicions.clear();
    for text in [
        on_terminal(&report, 120, false),
        render("markdown", &report),
    ] {
        assert!(!text.contains("Asked again") && !text.contains("fresh trials |"));
    }
}

#[test]
fn an_undecided_effect_says_once_what_would_decide_it() {
    for (report, metric) in [
        (sample(), ("chat", "lcp")),
        (screened(), ("ab_test", "lcp")),
    ] {
        let mut cells = report.judgement.cells.iter();
        let cell = cells.find(|cell| (&*cell.effect.tag, &*cell.effect.metric) == metric);
        let reason = &cell.unwrap().reason.text;
        for text in [on_terminal(&report, 72, false), render("markdown", &report)] {
            assert_eq!(flowing(&text).matches(reason.as_str()).count(), 1, "{text}");
        }
    }
}

#[test]
fn a_long_reason_is_not_cut_before_its_advice() {
    let mut report = sample();
    let doubt = report.judgement.cells.iter_mut();
    let mut doubt = doubt.filter(|cell| cell.effect.tag == "chat" && cell.effect.metric == "lcp");
    let reason = format!(
        "chat LCP {}; raise --max-blocks to about 90",
        "is undecided ".repeat(40)
    );
    doubt.next().unwrap().reason.text.clone_from(&reason);
    for text in [
        on_terminal(&report, 120, false),
        render("markdown", &report),
    ] {
        assert!(
            flowing(&text).contains("is undecided ; raise --max-blocks to about 90"),
            "{text}"
        );
    }
}

#[test]
fn tags_that_are_ok_take_one_line_among_many() {
    let text = on_terminal(&screened(), 120, false);
    assert!(
        text.contains("15 tags: all gated effects ok; largest: "),
        "{text}"
    );
    let table = text.split("\n\n").nth(1).unwrap();
    for row in ["affiliate  ", "errors  ", "fonts  "] {
        assert!(!table.contains(row), "{table}");
    }
    for row in ["heatmap ", "chat ", "gtag ", "survey ", "ab_test "] {
        assert!(table.lines().any(|line| line.starts_with(row)), "{table}");
    }
    let comment = render("markdown", &screened());
    let (open, folded) = comment
        .split_once("<summary>Their effects</summary>")
        .unwrap();
    assert!(open.contains("15 tags: all gated effects ok") && !open.contains("| `fonts` |"));
    assert!(folded.contains("| `fonts` |"));
    let mut few = screened();
    few.tags.truncate(3);
    let named = |tag: &String| few.tags.iter().any(|it| it.id == *tag);
    few.judgement.cells.retain(|cell| named(&cell.effect.tag));
    assert!(!on_terminal(&few, 120, false).contains("all gated effects ok"));
}

#[test]
fn a_tag_that_fails_on_a_finding_alone_is_not_folded() {
    let mut report = screened();
    let mut verdicts = report.judgement.tags.iter_mut();
    verdicts.find(|tag| tag.tag == "fonts").unwrap().outcome = Outcome::Fail;
    let text = on_terminal(&report, 120, false);
    assert!(text.contains("14 tags: all gated effects ok"), "{text}");
    assert!(
        text.lines().any(|line| line.starts_with("fonts ")),
        "{text}"
    );
}

#[test]
fn a_run_says_how_many_fresh_blocks_it_had() {
    for (report, line) in [
        (sample(), "10 of at most 10 blocks + 12 fresh, 89 trials in"),
        (
            screened(),
            "60 of at most 100 pairs + 17 fresh blocks, 205 trials in",
        ),
    ] {
        assert!(on_terminal(&report, 120, false).contains(line));
        assert!(render("markdown", &report).contains(line));
    }
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

fn reason(id: ReasonId, tag: Option<&str>, text: &str) -> Reason {
    Reason {
        id,
        tag: tag.map(str::to_owned),
        metric: None,
        text: text.into(),
    }
}

#[test]
fn a_run_without_its_traces_says_how_to_go_on() {
    let mut report = sample();
    let text = "heatmap: nobody could have seen runaway_scroll in it";
    report.findings.clear();
    report.judgement.outcome = Outcome::NotMeasured;
    report.judgement.reasons = vec![reason(ReasonId::NotExamined, Some("heatmap"), text)];
    report.stop = Stop::Interrupted;
    let terminal = on_terminal(&report, 120, false);
    assert!(
        terminal.contains(text) && terminal.contains("--resume"),
        "{terminal}"
    );
    report.stop = Stop::Decided;
    assert!(!on_terminal(&report, 120, false).contains("--resume"));
    report.judgement.outcome = Outcome::Pass;
    assert!(
        on_terminal(&report, 120, false)
            .contains("of the 2 forbidden findings that this scenario can show, none")
    );
    report.gate.forbid.clear();
    assert!(on_terminal(&report, 120, false).contains("no finding is forbidden"));
}
