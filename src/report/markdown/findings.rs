//! Misbehaviour with its culprit, and tags that were not seen at work.

use crate::chart::text::{self, safe};
use crate::model::{Finding, Report};

use super::document::Document;
use super::escape::{code, name, prose};
use super::say;

const ROOM_FOR_FINDINGS: usize = 12_500;
const ROOM_FOR_IDLE_TAGS: usize = 3_000;

pub fn findings(page: &mut Document, report: &Report) {
    let findings = say::findings(report);
    if findings.is_empty() {
        return;
    }
    page.block("### Findings");
    page.line("");
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| item(report, finding))
        .collect();
    page.list(&lines, ROOM_FOR_FINDINGS);
}

fn item(report: &Report, finding: &Finding) -> String {
    let forbidden = say::is_forbidden(report, finding);
    let mut text = format!(
        "- **{}** in {} ({}{}): {}",
        code(&finding.id, 40),
        name(&finding.tag),
        say::severity(finding.severity),
        if forbidden {
            ", forbidden by the gate"
        } else {
            ""
        },
        prose(&finding.summary, 300)
    );
    match &finding.culprit {
        Some(culprit) => text += &format!("\n  - code: {}", code(&safe::place(culprit, 200), 260)),
        None => text += "\n  - the trace names no code for it",
    }
    text += &place(report, finding);
    if let Some(step) = &finding.step {
        text += &format!("\n  - step: {}", code(step, 120));
    }
    let figures = finding.figures.iter().take(6).map(|figure| {
        let scale = text::Scale::of(figure.unit, &[figure.with, figure.without]);
        let (with, without) = (scale.show(figure.with), scale.show(figure.without));
        format!("{} {with} with, {without} without", prose(&figure.name, 60))
    });
    let figures: Vec<String> = figures.collect();
    let seen = format!(
        "in {} of {} traced trials",
        finding.seen_in, finding.seen_of
    );
    text + &format!(
        "\n  - seen {seen}{}{}",
        if figures.is_empty() { "" } else { ": " },
        figures.join("; ")
    )
}

/// Where the code comes from, and its line.
fn place(report: &Report, finding: &Finding) -> String {
    let mut text = String::new();
    if let Some(excerpt) = &finding.excerpt
        && let Some(line) = excerpt.lines.get(excerpt.at)
    {
        let number = (excerpt.line..).nth(excerpt.at).unwrap_or(excerpt.line);
        text += &format!("\n  - line {number}: {}", code(line, 160));
    }
    for (what, place) in [
        ("written in", &finding.original),
        ("most of its time in", &finding.hot),
    ] {
        if let Some(place) = place {
            text += &format!("\n  - {what}: {}", code(&safe::place(place, 200), 260));
        }
    }
    if let Some(brought) = say::brought(report, &finding.chain) {
        text += &format!("\n  - {}", prose(&brought, 300));
    }
    text
}

pub fn idle_tags(page: &mut Document, report: &Report) {
    let tags = say::idle_tags(report);
    if tags.is_empty() {
        return;
    }
    page.block("### Tags that did not always run");
    page.line("");
    let lines: Vec<String> = tags
        .iter()
        .map(|tag| {
            let why = tag
                .firing
                .problem
                .as_deref()
                .unwrap_or("no trial of it was measured");
            let place = format!("{}:{}", report.scenario.file, tag.line);
            format!(
                "- {}: ran in {} of {} trials; {} ({})",
                name(&tag.id),
                tag.firing.ran,
                tag.firing.of,
                prose(why, 200),
                code(&place, 120)
            )
        })
        .collect();
    page.list(&lines, ROOM_FOR_IDLE_TAGS);
}
