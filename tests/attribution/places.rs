//! What findings are told of their culprit's place.

use tagperf::attribute::places::fill;
use tagperf::model::{Severity, Trace};

use super::*;

const SOURCE: &str =
    "(function(){\n\tvar all=[];\n\tr.onScroll=function(e){\n\t\tfor(;;)all.push(e);\n\t};\n})();";

fn finding(culprit: CodeLocation) -> Finding {
    Finding {
        id: "runaway_scroll".into(),
        severity: Severity::Severe,
        tag: "heatmap".into(),
        original: None,
        hot: None,
        excerpt: None,
        chain: vec![],
        summary: format!("{culprit} took 5 ms"),
        culprit: Some(culprit),
        step: None,
        figures: vec![],
        seen_in: 1,
        seen_of: 1,
    }
}

fn script(id: u32, url: &str, source: &str) -> Script {
    Script {
        id,
        url: url.into(),
        line: 1,
        column: 1,
        source: Some(source.into()),
        ..Script::default()
    }
}

fn filled(culprit: CodeLocation, trace: Trace) -> Finding {
    let mut visit = visit(vec![]);
    visit.trace = Some(trace);
    let mut findings = [finding(culprit)];
    fill(&mut findings, &[contrast()], &trials(vec![visit]));
    let [finding] = findings;
    finding
}

#[test]
fn a_file_is_found_by_its_address() {
    let culprit = code((TAG.0, "r.onScroll.passive", 3, 21));
    let found = filled(
        culprit,
        Trace {
            scripts: vec![script(1, TAG.0, SOURCE)],
            ..Trace::default()
        },
    );
    let excerpt = found.excerpt.as_ref().unwrap();
    assert_eq!((excerpt.line, excerpt.at, excerpt.lines.len()), (1, 2, 5));
    assert!(excerpt.lines[2].chars().nth(excerpt.column as usize - 1) == Some('('));
    assert_eq!(found.culprit.as_ref().unwrap().function, "onScroll");
    assert!(
        found.summary.starts_with("onScroll https://"),
        "{}",
        found.summary
    );
    assert_eq!(found.chain, ["https://shop.test/", TAG.0]);
    assert_eq!((found.original, found.hot), (None, None));
}

#[test]
fn code_without_an_address_is_found_by_what_ran() {
    let place = ("", "tick", 1, 10);
    let ran = TraceEvent {
        script: 8,
        ..call(0.0, 10.0, place)
    };
    let found = filled(
        code(place),
        Trace {
            events: vec![ran],
            scripts: vec![
                script(7, "", "var other=1"),
                script(8, "", "function tick(){}"),
            ],
            ..Trace::default()
        },
    );
    assert_eq!(found.excerpt.unwrap().lines, ["function tick(){}"]);
}

#[test]
fn code_in_the_document_is_found_by_its_line() {
    let inline = |id, line, source| Script {
        line,
        column: 9,
        ..script(id, "https://shop.test/", source)
    };
    let found = filled(
        code(("https://shop.test/", "late", 42, 14)),
        Trace {
            scripts: vec![
                inline(1, 10, "early()"),
                inline(2, 40, "\n\nlate=function(){}"),
                inline(3, 90, "x"),
            ],
            ..Trace::default()
        },
    );
    let excerpt = found.excerpt.unwrap();
    assert_eq!((excerpt.line, excerpt.at), (40, 2));
    assert_eq!(excerpt.lines[2], "late=function(){}");
}

#[test]
fn the_hot_line_is_told() {
    let wrapper = (TAG.0, "throttled", 3, 22);
    let mut profile = profile(
        &[(wrapper, None), ((TAG.0, "measure", 40, 5), Some(0))],
        &[],
    );
    profile.nodes[1].lines = vec![(44, 90), (45, 3)];
    let found = filled(
        code(wrapper),
        Trace {
            profile: Some(profile),
            ..Trace::default()
        },
    );
    assert_eq!(found.hot, Some(code((TAG.0, "measure", 44, 0))));
}

#[test]
fn what_is_not_known_is_left_out() {
    let before = finding(code(TAG));
    assert_eq!(filled(code(TAG), Trace::default()), before);
    let mut findings = [finding(code(TAG))];
    fill(&mut findings, &[], &trials(vec![visit(vec![])]));
    assert_eq!(findings[0], before);
}
