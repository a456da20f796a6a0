//! What is shown, and in which order.

use anyhow::Result;

use crate::chart::text::{self, Row};
use crate::model::{Confirmed, Finding, Outcome, Report, Severity, TagInfo, Verdict};

/// How metrics outside the gated family are headed.
pub const EXPLORATORY: &str = "Exploratory: shown, never judged";

/// How suspicions are headed, and why they are there.
pub const ASKED_AGAIN: &str = "Asked again";
pub const WHY_AGAIN: &str = "what looks regressed counts only once fresh trials confirm it";

/// Up to so many tags, all rows are shown.
const FEW_TAGS: usize = 3;

/// Tables beyond this many rows leave out what is ok.
const MOST_ROWS: usize = 60;

/// The rows of a table of effects.
#[derive(Clone, Debug)]
pub struct Effects<'a> {
    /// By harm.
    pub rows: Vec<Row<'a>>,
    /// Rows of which there is nothing to say but that they are ok: the largest effect first.
    pub folded: Vec<Row<'a>>,
    /// How many ok rows of other tags were left out.
    pub left_out: usize,
}

/// Gated effects. Among many tags, those that are ok in all respects stand apart.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn effects(report: &Report) -> Result<Effects<'_>> {
    let all = text::rows(report, true)?;
    let notable: Vec<&str> = all
        .iter()
        .filter(|row| is_notable(row))
        .map(|row| row.cell.effect.tag.as_str())
        .collect();
    let is_plain = |row: &Row| {
        let tag = &row.cell.effect.tag;
        outcome(report, tag) == Some(Outcome::Pass) && !notable.contains(&tag.as_str())
    };
    let (folded, mut rows): (Vec<Row>, Vec<Row>) = match report.tags.len() {
        0..=FEW_TAGS => (vec![], all),
        _ => all.into_iter().partition(is_plain),
    };
    let total = rows.len();
    if total > MOST_ROWS {
        let mut last = "";
        rows.retain(|row| {
            let tag = row.cell.effect.tag.as_str();
            std::mem::replace(&mut last, tag) != tag || is_notable(row)
        });
    }
    let left_out = total - rows.len();
    Ok(Effects {
        rows,
        folded,
        left_out,
    })
}

/// Exploratory effects. Among many tags, those within their margins stand apart.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn exploratory(report: &Report) -> Result<Effects<'_>> {
    let all = text::rows(report, false)?;
    let (folded, rows) = match report.tags.len() {
        0..=FEW_TAGS => (vec![], all),
        _ => all
            .into_iter()
            .partition(|row| row.cell.verdict == Verdict::Ok),
    };
    Ok(Effects {
        rows,
        folded,
        left_out: 0,
    })
}

/// Not ok, or ok only after it was asked again.
fn is_notable(row: &Row) -> bool {
    row.cell.verdict != Verdict::Ok || row.again.is_some()
}

/// How an exploratory effect stands to its margin. This is no verdict: no error rate is promised for it.
pub fn looks(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Regressed => "above margin",
        Verdict::Ok => "within margin",
        Verdict::Inconclusive => "open",
        Verdict::NotComparable => "not comparable",
        Verdict::NotMeasured => "not measured",
    }
}

/// Effects that were asked again: the confirmed first, then those that stayed open, then the cleared.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn suspected(report: &Report) -> Result<Vec<Row<'_>>> {
    let mut rows = text::rows(report, true)?;
    rows.retain(|row| row.again.is_some());
    rows.sort_by_key(|row| {
        row.again.map(|again| match again.suspicion.outcome {
            Confirmed::Yes => 0,
            Confirmed::Open => 1,
            Confirmed::Cleared => 2,
        })
    });
    Ok(rows)
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

/// Why nothing could have been seen of a tag, where that is so.
pub fn unexamined<'r>(report: &'r Report, tag: &TagInfo) -> Option<&'r str> {
    let mut verdicts = report.judgement.tags.iter();
    let verdict = verdicts.find(|verdict| verdict.tag == tag.id)?;
    let why = verdict.reasons.first()?;
    (verdict.outcome == Outcome::NotMeasured).then_some(&why.text)
}

fn outcome(report: &Report, tag: &str) -> Option<Outcome> {
    let mut verdicts = report.judgement.tags.iter();
    let verdict = verdicts.find(|verdict| verdict.tag == tag)?;
    Some(verdict.outcome)
}
