//! A Markdown document within GitHub's limit.

/// Lines, in parts that each have their own share of the room.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
}

impl Document {
    pub fn done(self) -> String {
        self.text
    }

    /// A line of its own.
    pub fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    /// A blank line and a line.
    pub fn block(&mut self, line: &str) {
        self.line("");
        self.line(line);
    }

    /// As many of `lines` as fit into `room` bytes; the number of those that did not.
    pub fn lines(&mut self, lines: &[String], room: usize) -> usize {
        let mut used = 0;
        for (at, line) in lines.iter().enumerate() {
            used += line.len() + 1;
            if used > room {
                return lines.len() - at;
            }
            self.line(line);
        }
        0
    }

    /// As [`Document::lines`], with a note about the others.
    pub fn list(&mut self, lines: &[String], room: usize) {
        let left = self.lines(lines, room);
        if left > 0 {
            self.block(&format!("and {left} more, in `run.json`"));
        }
    }

    /// Opens a folded part; what follows is Markdown up to [`Document::unfold`].
    pub fn fold(&mut self, summary: &str) {
        self.block(&format!("<details><summary>{summary}</summary>"));
        self.line("");
    }

    pub fn unfold(&mut self) {
        self.block("</details>");
    }
}
