//! Effects as a table, or one below the other where the screen is narrow.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::chart::text::{self, Again, Row, safe};
use crate::model::{Basis, Effect};

use super::screen::{self, Piece, Screen};
use super::table::{Column, Table};
use super::{look, say};

/// Below this, a table would be all ellipses.
const NARROW: usize = 80;

/// Gated effects in their order, each with what fresh trials said of it.
pub fn judged(screen: &mut Screen, rows: &[Row], interval: &str) {
    write(screen, rows, interval, true);
}

/// Effects of no consequence: dimmed, and without a verdict.
pub fn exploratory(screen: &mut Screen, rows: &[Row], interval: &str) {
    write(screen, rows, interval, false);
}

fn write(screen: &mut Screen, rows: &[Row], interval: &str, judged: bool) {
    // In a screen the medians mix all other tags on and off: their difference is not the effect.
    let plain = rows
        .iter()
        .all(|row| row.cell.effect.basis != Basis::Screen);
    let wide = |medians: bool| table(rows, interval, judged, medians);
    let fits =
        screen.width >= NARROW && (plain && wide(true).write(screen) || wide(false).write(screen));
    if !fits {
        for row in rows {
            stacked(screen, row, judged);
        }
    }
}

fn table(rows: &[Row], interval: &str, judged: bool, medians: bool) -> Table {
    let column = |head: &str, right: bool, least: Option<usize>| Column {
        head: head.into(),
        right,
        least,
    };
    let mut columns = vec![
        column("tag", false, Some(12)),
        column("metric", false, Some(16)),
    ];
    if medians {
        columns.push(column("without", true, None));
        columns.push(column("with", true, None));
    }
    columns.push(column(&format!("effect [{interval}]"), false, None));
    columns.push(column("margin", true, None));
    columns.push(column("n", true, None));
    columns.push(column(
        if judged { "verdict" } else { "looks" },
        false,
        None,
    ));

    let mut last = "";
    let mut lines = Vec::new();
    for row in rows {
        let tag = row.cell.effect.tag.as_str();
        let again = std::mem::replace(&mut last, tag) == tag;
        lines.push(line(row, again, judged, medians));
        lines.extend(row.again.map(|again| fresh(row, &again, medians)));
    }
    Table {
        columns,
        rows: lines,
    }
}

fn line(row: &Row, again: bool, judged: bool, medians: bool) -> Vec<Piece> {
    let effect = &row.cell.effect;
    let (plain, loud, bold) = styles(row, judged);
    let tag = match again {
        true => String::new(),
        false => safe::name(&effect.tag, 60),
    };
    let mut line = vec![(tag, bold), (row.short_name(), plain)];
    if medians {
        line.push((median(row, effect.without), plain));
        line.push((median(row, effect.with), plain));
    }
    line.push((figures(row, effect), plain));
    line.push((text::plain(row.metric.unit, effect.margin), plain));
    line.push((text::pairs(effect), plain));
    line.push((verdict(row, judged), loud));
    line
}

/// The line below a suspected effect: the same figures from fresh trials, and what became of the suspicion.
fn fresh(row: &Row, again: &Again, medians: bool) -> Vec<Piece> {
    let effect = again.fresh.map(|cell| &cell.effect);
    let plain = Style::new();
    let mut line = vec![(String::new(), plain), ("  fresh trials".into(), plain)];
    if medians {
        line.push((median(row, effect.and_then(|it| it.without)), plain));
        line.push((median(row, effect.and_then(|it| it.with)), plain));
    }
    let (figures, pairs) = match effect {
        Some(effect) => (figures(row, effect), text::pairs(effect)),
        None => ("none".into(), again.suspicion.fresh_pairs.to_string()),
    };
    line.push((figures, plain));
    line.push((String::new(), plain));
    line.push((pairs, plain));
    line.push((
        again.word().into(),
        look::of_confirmed(again.suspicion.outcome),
    ));
    line
}

fn stacked(screen: &mut Screen, row: &Row, judged: bool) {
    let effect = &row.cell.effect;
    let unit = row.metric.unit;
    let (plain, loud, _) = styles(row, judged);
    let verdict = verdict(row, judged);
    let rest = format!(", {}: ", row.short_name());
    let room = screen.width.saturating_sub(rest.width() + verdict.len());
    let tag = screen::cut(&safe::name(&effect.tag, 60), room.max(8));
    screen.line(&[(tag + &rest, plain), (verdict, loud)]);
    let margin = text::plain(unit, effect.margin);
    let mut figures = format!(
        "{}, n = {}, margin {margin}",
        figures(row, effect),
        text::pairs(effect)
    );
    if let (Some(without), Some(with), false) =
        (effect.without, effect.with, effect.basis == Basis::Screen)
    {
        let scale = text::Scale::of(unit, &[without, with]);
        figures += &format!(
            "; {} without, {} with",
            scale.show(without),
            scale.show(with)
        );
    }
    screen.indented(&figures, 2, plain);
    if let Some(again) = row.again {
        let style = look::of_confirmed(again.suspicion.outcome);
        screen.indented(&again.sentence(unit), 2, style);
    }
}

/// Of words, of the verdict, of the tag.
fn styles(row: &Row, judged: bool) -> (Style, Style, Style) {
    match judged {
        true => (Style::new(), look::of(row.cell.verdict), look::BOLD),
        false => (look::DIM, look::DIM, look::DIM),
    }
}

fn verdict(row: &Row, judged: bool) -> String {
    match judged {
        true => row.cell.verdict.to_string(),
        false => say::looks(row.cell.verdict).into(),
    }
}

fn figures(row: &Row, effect: &Effect) -> String {
    text::effect(row.metric.unit, effect).unwrap_or_else(|| "no estimate".into())
}

fn median(row: &Row, value: Option<f64>) -> String {
    let unit = row.metric.unit;
    value.map_or_else(
        || "-".into(),
        |value| text::Scale::of(unit, &[value]).show(value),
    )
}
