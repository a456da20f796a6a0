//! What traced trials alone show: findings, tags of which there are none, and what was not asked.

use anstyle::Style;

use crate::chart::text::safe;
use crate::model::{Outcome, Report, TagInfo, Verdict};

use super::screen::Screen;
use super::{look, owners, say, sections};

pub fn write(screen: &mut Screen, report: &Report) {
    sections::findings(screen, report);
    silent(screen, report);
    owners::owners(screen, report);
    sections::idle(screen, report);
    sections::hosts(screen, report);
    sections::faults(screen, report);
    sections::notices(screen, report);
    end(screen, report);
}

/// Tags without findings; that nothing was seen says nothing where nothing could have been.
fn silent(screen: &mut Screen, report: &Report) {
    let has = |tag: &TagInfo| report.findings.iter().any(|finding| finding.tag == tag.id);
    let silent: Vec<&TagInfo> = report.tags.iter().filter(|tag| !has(tag)).collect();
    if silent.is_empty() {
        return;
    }
    sections::heading(screen, "Without findings");
    let kinds = say::count(report.catalogue.looked_for.len(), "kind");
    for tag in silent {
        let (line, style) = match say::unexamined(report, tag) {
            Some(why) => (
                safe::text(why, say::SENTENCE),
                look::of(Verdict::NotMeasured),
            ),
            None => (
                format!(
                    "{}: nothing of the catalogue's {kinds} of misbehaviour was seen",
                    safe::name(&tag.id, 40)
                ),
                Style::new(),
            ),
        };
        screen.indented(&line, 2, style);
    }
}

fn end(screen: &mut Screen, report: &Report) {
    let outcome = report.judgement.outcome;
    let word = match outcome {
        Outcome::Pass => "NOTHING FORBIDDEN",
        Outcome::Fail => "FORBIDDEN FINDINGS",
        Outcome::Inconclusive | Outcome::NotComparable | Outcome::NotMeasured => "NOT EXAMINED",
    };
    let found = say::count(report.findings.len(), "finding");
    let tags = say::count(report.tags.len(), "tag");
    screen.blank();
    screen.line(&[
        (word.into(), look::of_outcome(outcome)),
        (
            format!("  {}", safe::text(&report.scenario.name, 60)),
            look::BOLD,
        ),
        (format!(", {found} in {tags}"), Style::new()),
    ]);
    if outcome == Outcome::Pass {
        let found = report.catalogue.nothing_found(&report.gate);
        screen.indented(&safe::text(&found, say::SENTENCE), 2, Style::new());
    }
    let scenario = say::quoted(&report.scenario.file);
    let note = format!(
        "what the tags cost was not measured and is not judged: `tagperf run {scenario}` does that"
    );
    screen.indented(&note, 2, look::DIM);
    if let Some(first) = say::findings(report).first() {
        let explain = format!("tagperf explain {}", say::quoted(&first.id));
        screen.line(&[("  next: ".into(), look::DIM), (explain, look::BOLD)]);
    }
}
