//! A comment for a pull request: the verdict in words that need no statistics, then figures, then how they came about.

mod details;
mod document;
mod effects;
mod escape;
mod findings;
mod together;

use anyhow::Result;

use crate::chart::text::{self, Row, safe};
use crate::model::{Outcome, Report, Verdict};

use super::{Reporter, say};
use document::Document;
use escape::{code, name, prose};

pub const REPORTER: Reporter = Reporter {
    id: "markdown",
    file: "summary.md",
    what: "a comment for a pull request, below GitHub's limit",
    render: |report| render(report, &Links::default()),
};

/// GitHub refuses longer comments. All parts together have less room than this.
pub const LIMIT: usize = 65_536;

const ROOM_FOR_REASONS: usize = 4_000;

const PEN: say::Pen = say::Pen {
    name,
    words: |words| prose(words, say::SENTENCE),
};

/// Where a comment finds what it cannot hold itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// URL of the cost figure as a picture.
    pub chart: Option<String>,
    /// URL of the full report.
    pub report: Option<String>,
}

/// The comment. It begins with an HTML comment by which a later run finds it: see [`marker`].
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn render(report: &Report, links: &Links) -> Result<String> {
    let mut page = Document::default();
    page.line(&marker(&report.scenario.name));
    head(&mut page, report)?;
    if let Some(chart) = &links.chart {
        page.block(&format!(
            "<img src=\"{}\" width=\"800\" alt=\"cost of each tag\">",
            safe::xml(&safe::text(chart, 2_000))
        ));
    }
    if !report.plan.only_traces() {
        effects::gated(&mut page, report)?;
    }
    together::asked_again(&mut page, report)?;
    together::screen(&mut page, report);
    findings::findings(&mut page, report);
    findings::idle_tags(&mut page, report);
    effects::exploratory(&mut page, report)?;
    details::owners(&mut page, report);
    details::network(&mut page, report);
    details::method(&mut page, report);
    if let Some(url) = &links.report {
        page.block(&format!(
            "<a href=\"{}\">Full report</a>",
            safe::xml(&safe::text(url, 2_000))
        ));
    }
    Ok(page.done())
}

/// The first line of a scenario's comment: a job that finds it in an old comment replaces that one.
pub fn marker(scenario: &str) -> String {
    let name: String = safe::text(scenario, 60)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    format!("<!-- tagperf {name} -->")
}

fn head(page: &mut Document, report: &Report) -> Result<()> {
    let judgement = &report.judgement;
    let of = |outcome: Outcome| {
        let tags = judgement.tags.iter().filter(|tag| tag.outcome == outcome);
        let tags: Vec<&str> = tags.map(|tag| tag.tag.as_str()).collect();
        let names: Vec<String> = match tags[..] {
            [one] => vec![PEN.tag(report, one)],
            _ => tags.into_iter().map(name).collect(),
        };
        match names.get(..4) {
            Some(first) if names.len() > 5 => {
                format!("{} and {} more", first.join(", "), names.len() - 4)
            }
            _ => names.join(", "),
        }
    };
    let (fail, silent) = (of(Outcome::Fail), of(Outcome::NotMeasured));
    let verdict = match judgement.outcome {
        Outcome::Pass if report.plan.only_traces() => {
            format!(
                "🔍 What the tags cost was not measured; {}",
                report.catalogue.nothing_found(&report.gate)
            )
        }
        Outcome::Pass => "✅ Fine to publish: no tag costs the page more than was agreed".into(),
        Outcome::Fail if fail.is_empty() => "❌ Do not publish".into(),
        Outcome::Fail => format!("❌ Do not publish {fail} as it stands"),
        Outcome::Inconclusive => "❔ Not decided: the measurements do not tell yet".into(),
        Outcome::NotComparable => {
            "⚠️ Not decided: no accepted baseline can be compared with this run".into()
        }
        Outcome::NotMeasured if silent.is_empty() => {
            "⚠️ Not decided: something was not measured".into()
        }
        Outcome::NotMeasured => format!("⚠️ Not decided: {silent} could not be measured"),
    };
    page.line(&format!("## {verdict}"));
    page.block(&format!(
        "Scenario {}, {}: {}.",
        code(&report.scenario.name, 60),
        code(&safe::url(&report.scenario.url, 120), 140),
        say::outcomes(report)
    ));
    page.line("");
    let lines = reasons(report)?;
    page.list(&lines, ROOM_FOR_REASONS);
    Ok(())
}

fn reasons(report: &Report) -> Result<Vec<String>> {
    let rows = text::rows(report, true)?;
    let regressed = rows
        .iter()
        .filter(|row| row.cell.verdict == Verdict::Regressed);
    let mut lines: Vec<String> = regressed
        .map(|row| {
            let effect = &row.cell.effect;
            let margin = text::plain(row.metric.unit, effect.margin);
            let again = row.again.map(|again| format!("; {}", again.short()));
            format!(
                "- {}: {} {}, n = {}; the gate tolerates {margin}{}",
                name(&effect.tag),
                prose(&row.name(), 60),
                effects::figures(row.metric.unit, effect),
                text::pairs(effect),
                again.unwrap_or_default()
            )
        })
        .collect();
    for reason in &report.judgement.reasons {
        // Said above, with its figures.
        let told = |row: &Row| {
            let effect = &row.cell.effect;
            let same = reason.tag.as_ref() == Some(&effect.tag)
                && reason.metric.as_ref() == Some(&effect.metric);
            same && row.cell.verdict == Verdict::Regressed
        };
        if !rows.iter().any(told) {
            lines.push(reason_line(reason.tag.as_deref(), &reason.text));
        }
    }
    for doubt in say::doubts(&rows) {
        let mut told = report.judgement.reasons.iter();
        if !told.any(|reason| reason.text == doubt.cell.reason.text) {
            lines.push(format!("- {}", PEN.doubt(&doubt)));
        }
    }
    Ok(lines)
}

fn reason_line(tag: Option<&str>, text: &str) -> String {
    match tag.filter(|tag| !text.contains(tag)) {
        Some(tag) => format!("- {}: {}", name(tag), (PEN.words)(text)),
        None => format!("- {}", (PEN.words)(text)),
    }
}
