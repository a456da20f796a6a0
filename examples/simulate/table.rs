//! A table as Markdown.

use std::fmt;

/// Printed as it stands in the documentation.
pub struct Table {
    pub title: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(title: &str, header: &[&str]) -> Self {
        Self {
            title: title.into(),
            header: header.iter().map(|h| h.to_string()).collect(),
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        let row = std::iter::once(name.to_string()).chain(cells);
        self.rows.push(row.collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}\n", self.title)?;
        writeln!(f, "| {} |", self.header.join(" | "))?;
        writeln!(f, "|---|{}", "---:|".repeat(self.header.len() - 1))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

/// A share in per cent.
pub fn percent(count: usize, of: usize) -> String {
    format!("{:.1}", share(count, of))
}

/// A share in per cent, as a number.
pub fn share(count: usize, of: usize) -> f64 {
    100.0 * count as f64 / of as f64
}
