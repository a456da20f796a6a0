//! What is shown, and in which order.

use anyhow::Result;

use crate::chart::text::{self, Row};
use crate::model::{Finding, Outcome, Report, Severity, TagInfo, Verdict};

/// Tables beyond this many rows show one effect for a tag that passes.
const MOST_ROWS: usize = 60;

/// The rows of a table of effects.
#[derive(Clone, Debug)]
pub struct Effects<'a> {
    /// By harm.
    pub rows: Vec<Row<'a>>,
    /// How many were left out.
    pub left_out: usize,
}

/// Gated effects: all of them, or, where that is too many to read, only the worst of each tag that passes.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn effects(report: &Report) -> Result<Effects<'_>> {
    let all = text::rows(report, true)?;
    let total = all.len();
    let mut rows: Vec<Row> = Vec::new();
    for row in all {
        let tag = &row.cell.effect.tag;
        let again = rows.last().is_some_and(|last| last.cell.effect.tag == *tag);
        let passes = outcome(report, tag) == Some(Outcome::Pass);
        if total <= MOST_ROWS || !passes || !again {
            rows.push(row);
        }
    }
    let left_out = total - rows.len();
    Ok(Effects { rows, left_out })
}

/// Rows without an estimate or a decision, one for each reason that a tag has.
pub fn doubts<'a>(rows: &[Row<'a>]) -> Vec<Row<'a>> {
    let mut doubts: Vec<Row> = Vec::new();
    for row in rows {
        let decided = matches!(row.cell.verdict, Verdict::Ok | Verdict::Regressed);
        let told = |doubt: &Row| {
            let tag = &doubt.cell.effect.tag;
            doubt.cell.reason.text == row.cell.reason.text && *tag == row.cell.effect.tag
        };
        if !decided && !doubts.iter().any(told) {
            doubts.push(*row);
        }
    }
    doubts
}

/// Findings: forbidden ones first, then by severity, then as the detectors gave them.
pub fn findings(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| {
        std::cmp::Reverse((is_forbidden(report, finding), finding.severity))
    });
    findings
}

/// The gate fails on it.
pub fn is_forbidden(report: &Report, finding: &Finding) -> bool {
    report.gate.forbid.contains(&finding.id)
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Severe => "severe",
    }
}

/// Tags that did not run in every measured trial that had them.
pub fn idle_tags(report: &Report) -> Vec<&TagInfo> {
    let tags = report.tags.iter();
    tags.filter(|tag| tag.firing.ran < tag.firing.of || tag.firing.of == 0)
        .collect()
}

fn outcome(report: &Report, tag: &str) -> Option<Outcome> {
    let mut verdicts = report.judgement.tags.iter();
    let verdict = verdicts.find(|verdict| verdict.tag == tag)?;
    Some(verdict.outcome)
}
