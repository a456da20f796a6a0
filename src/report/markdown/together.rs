//! Suspicions that were asked again, and what a screen of many tags shows beyond their effects.

use anyhow::Result;

use crate::model::Report;

use super::document::Document;
use super::{PEN, say};

const ROOM_FOR_SUSPICIONS: usize = 2_500;
const ROOM_FOR_INTERACTIONS: usize = 2_000;
const ROOM_FOR_LIMITS: usize = 2_000;

/// Every suspicion with its outcome: those that were cleared stay to be seen.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn asked_again(page: &mut Document, report: &Report) -> Result<()> {
    let rows = say::suspected(report)?;
    let lines: Vec<String> = rows.iter().filter_map(|row| PEN.asked_again(row)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    page.block(&format!("### {}", say::ASKED_AGAIN));
    page.block(&format!("To be sure, {}:", say::WHY_AGAIN));
    page.line("");
    page.list(&items(lines), ROOM_FOR_SUSPICIONS);
    Ok(())
}

/// Interactions of tags, and how far the screen can be trusted.
pub fn screen(page: &mut Document, report: &Report) {
    let Some(screen) = &report.screen else {
        return;
    };
    page.block(&format!("### {}", say::INTERACTIONS));
    page.line("");
    let lines = items(say::interactions(report, screen, &PEN));
    page.list(&lines, ROOM_FOR_INTERACTIONS);
    page.fold(say::LIMITS);
    page.list(&items(say::limits(screen, &PEN)), ROOM_FOR_LIMITS);
    page.unfold();
}

fn items(lines: Vec<String>) -> Vec<String> {
    lines.iter().map(|line| format!("- {line}")).collect()
}
