//! Effects as a table, or one below the other where the screen is narrow.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::chart::text::{self, Row, safe};

use super::look;
use super::screen::{self, Screen};
use super::table::{Column, Table};

/// Below this, a table would be all ellipses.
const NARROW: usize = 80;

/// Rows in their order. Effects of no consequence are dimmed.
pub fn write(screen: &mut Screen, rows: &[Row], interval: &str, dimmed: bool) {
    let wide = |medians: bool| table(rows, interval, dimmed, medians);
    let fits = screen.width >= NARROW && (wide(true).write(screen) || wide(false).write(screen));
    if !fits {
        for row in rows {
            stacked(screen, row, dimmed);
        }
    }
}

fn table(rows: &[Row], interval: &str, dimmed: bool, medians: bool) -> Table {
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
    columns.push(column("verdict", false, None));

    let mut last = "";
    let mut lines = Vec::new();
    for row in rows {
        let effect = &row.cell.effect;
        let plain = if dimmed { look::DIM } else { Style::new() };
        let again = std::mem::replace(&mut last, &effect.tag) == effect.tag;
        let tag = if again {
            String::new()
        } else {
            safe::name(&effect.tag, 60)
        };
        let mut line = vec![
            (tag, if dimmed { plain } else { look::BOLD }),
            (row.name(), plain),
        ];
        if medians {
            line.push((median(row, effect.without), plain));
            line.push((median(row, effect.with), plain));
        }
        line.push((figures(row), plain));
        line.push((text::plain(row.metric.unit, effect.margin), plain));
        line.push((text::pairs(effect), plain));
        let verdict = row.cell.verdict;
        let style = if dimmed { plain } else { look::of(verdict) };
        line.push((verdict.to_string(), style));
        lines.push(line);
    }
    Table {
        columns,
        rows: lines,
    }
}

fn stacked(screen: &mut Screen, row: &Row, dimmed: bool) {
    let effect = &row.cell.effect;
    let unit = row.metric.unit;
    let (plain, loud) = if dimmed {
        (look::DIM, look::DIM)
    } else {
        (Style::new(), look::of(row.cell.verdict))
    };
    let verdict = row.cell.verdict.to_string();
    let rest = format!(", {}: ", row.name());
    let room = screen.width.saturating_sub(rest.width() + verdict.len());
    let tag = screen::cut(&safe::name(&effect.tag, 60), room.max(8));
    screen.line(&[(tag + &rest, plain), (verdict, loud)]);
    let margin = text::plain(unit, effect.margin);
    let mut figures = format!(
        "{}, n = {}, margin {margin}",
        figures(row),
        text::pairs(effect)
    );
    if let (Some(without), Some(with)) = (effect.without, effect.with) {
        let scale = text::Scale::of(unit, &[without, with]);
        figures += &format!(
            "; {} without, {} with",
            scale.show(without),
            scale.show(with)
        );
    }
    screen.indented(&figures, 2, plain);
}

fn figures(row: &Row) -> String {
    text::effect(row.metric.unit, &row.cell.effect).unwrap_or_else(|| "no estimate".into())
}

fn median(row: &Row, value: Option<f64>) -> String {
    let unit = row.metric.unit;
    value.map_or_else(
        || "-".into(),
        |value| text::Scale::of(unit, &[value]).show(value),
    )
}
