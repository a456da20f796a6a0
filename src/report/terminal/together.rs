//! What lies between first look and verdict: suspicions asked again, and what a screen of many tags leaves open.

use anyhow::Result;

use crate::model::Report;

use super::screen::Screen;
use super::sections::heading;
use super::{PEN, look, say};

/// Every suspicion with its outcome: those that were cleared stay to be seen.
pub fn asked_again(screen: &mut Screen, report: &Report) -> Result<()> {
    let rows = say::suspected(report)?;
    if rows.is_empty() {
        return Ok(());
    }
    heading(screen, &format!("{}: {}", say::ASKED_AGAIN, say::WHY_AGAIN));
    for row in &rows {
        for (again, line) in row.again.iter().zip(PEN.asked_again(row)) {
            let style = look::of_confirmed(again.suspicion.outcome);
            screen.item(&line, style);
        }
    }
    Ok(())
}

/// Interactions of tags, and how far the screen can be trusted.
pub fn screen(screen: &mut Screen, report: &Report) {
    let Some(shown) = &report.screen else {
        return;
    };
    heading(screen, say::INTERACTIONS);
    screen.items(&say::interactions(report, shown, &PEN));
    heading(screen, say::LIMITS);
    screen.items(&say::limits(shown, &PEN));
}
