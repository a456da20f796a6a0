//! Columns of text without lines between them.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::screen::{self, Piece, Screen};

/// Space between columns.
const GAP: usize = 2;

/// A column's head, its side, and the width below which it is never cut; none if it is never cut at all.
#[derive(Clone, Debug)]
pub struct Column {
    pub head: String,
    pub right: bool,
    pub least: Option<usize>,
}

/// Rows under heads.
#[derive(Clone, Debug)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Piece>>,
}

impl Table {
    /// Writes the table, or tells that it does not fit the screen's width.
    pub fn write(&self, screen: &mut Screen) -> bool {
        let Some(widths) = self.widths(screen.width) else {
            return false;
        };
        let dim = Style::new().dimmed();
        let heads = self.columns.iter().map(|column| (column.head.clone(), dim));
        let heads: Vec<Piece> = heads.collect();
        for row in std::iter::once(&heads).chain(&self.rows) {
            let mut line = Vec::new();
            for ((column, width), (text, style)) in self.columns.iter().zip(&widths).zip(row) {
                let gap = if line.is_empty() { 0 } else { GAP };
                line.push((" ".repeat(gap), Style::new()));
                let text = screen::cut(text, *width);
                line.push((screen::pad(&text, *width, column.right), *style));
            }
            screen.line(&line);
        }
        true
    }

    /// As wide as the contents; where that is too much, the columns that may be cut give way from the widest down.
    fn widths(&self, room: usize) -> Option<Vec<usize>> {
        let of_column = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            cells.map(|(text, _)| text.width()).max().unwrap_or(0)
        };
        let columns = self.columns.iter().enumerate();
        let mut widths: Vec<usize> = columns
            .map(|(at, column)| of_column(at).max(column.head.width()))
            .collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > room {
            let cuttable = (0..widths.len()).filter(|at| {
                let least = self.columns.get(*at).and_then(|column| column.least);
                least.is_some_and(|least| widths.get(*at).is_some_and(|width| *width > least))
            });
            let widest = cuttable.max_by_key(|at| widths.get(*at))?;
            *widths.get_mut(widest)? -= 1;
        }
        Some(widths)
    }
}
