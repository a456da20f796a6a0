//! Tables of effects: what is worth a look in the open, what is ok in all respects folded away.

use anyhow::Result;

use crate::chart::text::{self, Again, Row};
use crate::model::{Basis, Effect, Report, Unit, Verdict};

use super::document::Document;
use super::escape::{name, prose};
use super::{PEN, say};

const ROOM_FOR_EFFECTS: usize = 10_000;
const ROOM_FOR_FOLDED: usize = 5_000;
const ROOM_FOR_EXPLORATORY: usize = 7_000;
const ROOM_FOR_GROUPS: usize = 1_500;

/// Effects that the gate judges.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn gated(page: &mut Document, report: &Report) -> Result<()> {
    let shown = say::effects(report)?;
    if shown.rows.is_empty() && shown.folded.is_empty() {
        page.block("No metric is gated: nothing was judged.");
        return Ok(());
    }
    page.block(&format!("### {}", say::title(report)));
    if !shown.rows.is_empty() {
        page.line("");
        let left = table(page, &shown.rows, true, ROOM_FOR_EFFECTS) + shown.left_out;
        more(page, left);
    }
    if let Some(line) = PEN.folded(&shown.folded) {
        page.block(&format!("✅ {line}"));
        page.fold("Their effects");
        let left = table(page, &shown.folded, true, ROOM_FOR_FOLDED);
        more(page, left);
        page.unfold();
    }
    let all = [shown.rows, shown.folded].concat();
    let groups = PEN.groups(report, &all);
    if !groups.is_empty() {
        page.line("");
        let lines: Vec<String> = groups.iter().map(|group| format!("- {group}")).collect();
        page.list(&lines, ROOM_FOR_GROUPS);
    }
    Ok(())
}

/// Effects of no consequence.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn exploratory(page: &mut Document, report: &Report) -> Result<()> {
    let rows = text::rows(report, false)?;
    if rows.is_empty() {
        return Ok(());
    }
    page.fold(say::EXPLORATORY);
    let left = table(page, &rows, false, ROOM_FOR_EXPLORATORY);
    more(page, left);
    page.unfold();
    Ok(())
}

/// `+912 ms \[880 … 941\]`.
pub fn figures(unit: Unit, effect: &Effect) -> String {
    match text::effect(unit, effect) {
        Some(figures) => figures.replace('[', "\\[").replace(']', "\\]"),
        None => "no estimate".into(),
    }
}

fn more(page: &mut Document, left: usize) {
    if left > 0 {
        page.block(&format!("and {left} more, in `run.json`"));
    }
}

/// A table of effects within `room` bytes; how many rows did not fit.
fn table(page: &mut Document, rows: &[Row], judged: bool, room: usize) -> usize {
    // In a screen the medians mix all other tags on and off: their difference is not the effect.
    let medians = rows
        .iter()
        .all(|row| row.cell.effect.basis != Basis::Screen);
    let interval = text::intervals(rows.iter().map(|row| &row.cell.effect));
    let last = if judged { "verdict" } else { "looks" };
    let (heads, lines) = match medians {
        true => (" without | with |", "--:|--:|"),
        false => ("", ""),
    };
    page.line(&format!(
        "| tag | metric |{heads} effect \\[{interval}\\] | n | margin | {last} |"
    ));
    page.line(&format!("|---|---|{lines}---|--:|--:|---|"));
    let lines = rows.iter().map(|row| {
        let own = line(row, judged, medians);
        let again = row.again.map(|again| fresh(row, &again, medians));
        // The two stay together, whatever room there is.
        again.map_or(own.clone(), |again| format!("{own}\n{again}"))
    });
    let lines: Vec<String> = lines.collect();
    page.lines(&lines, room)
}

fn line(row: &Row, judged: bool, medians: bool) -> String {
    let effect = &row.cell.effect;
    let unit = row.metric.unit;
    let sign = match row.cell.verdict {
        Verdict::Ok => "✅",
        Verdict::Regressed => "❌",
        Verdict::Inconclusive => "❔",
        Verdict::NotComparable | Verdict::NotMeasured => "⚠️",
    };
    let verdict = match judged {
        true => format!("{sign} {}", row.cell.verdict),
        false => say::looks(row.cell.verdict).into(),
    };
    format!(
        "| {} | {} |{} {} | {} | {} | {verdict} |",
        name(&effect.tag),
        prose(&row.short_name(), 60),
        both(unit, Some(effect).filter(|_| medians), medians),
        figures(unit, effect),
        text::pairs(effect),
        text::plain(unit, effect.margin),
    )
}

/// What fresh trials said of the effect above.
fn fresh(row: &Row, again: &Again, medians: bool) -> String {
    let unit = row.metric.unit;
    let effect = again.fresh.map(|cell| &cell.effect);
    let (figures, pairs) = match effect {
        Some(effect) => (figures(unit, effect), text::pairs(effect)),
        None => ("none".into(), again.suspicion.fresh_pairs.to_string()),
    };
    format!(
        "| | ↳ fresh trials |{} {figures} | {pairs} | | {} |",
        both(unit, effect, medians),
        again.word()
    )
}

/// The cells of both medians, if they are shown.
fn both(unit: Unit, effect: Option<&Effect>, shown: bool) -> String {
    let median = |value: Option<f64>| {
        value.map_or_else(
            || "–".into(),
            |value| text::Scale::of(unit, &[value]).show(value),
        )
    };
    match shown {
        true => format!(
            " {} | {} |",
            median(effect.and_then(|effect| effect.without)),
            median(effect.and_then(|effect| effect.with))
        ),
        false => String::new(),
    }
}
