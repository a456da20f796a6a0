use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

/// Bytes of a file.
pub type Span = Range<usize>;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub span: Span,
    /// A lowercase fragment: what is wrong.
    pub message: String,
    /// A lowercase fragment: what to do.
    pub help: Option<String>,
}

impl From<&toml::de::Error> for Mistake {
    fn from(error: &toml::de::Error) -> Self {
        Self {
            span: error.span().unwrap_or(0..0),
            message: error.message().to_owned(),
            help: None,
        }
    }
}

/// All that is wrong with a file, in its order; never empty.
///
/// `Display` is the plain rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    file: String,
    text: String,
    list: Vec<Mistake>,
}

impl Mistakes {
    pub(super) fn new(file: &str, text: &str, mut list: Vec<Mistake>) -> Self {
        list.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        list.dedup();
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            list,
        }
    }

    pub fn list(&self) -> &[Mistake] {
        &self.list
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        position(&self.text, byte)
    }

    /// One paragraph per mistake: `file:line:column: error: …`, the line with a caret, and help.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let paragraphs: Vec<String> = self
            .list
            .iter()
            .map(|mistake| self.paragraph(mistake, &renderer))
            .collect();
        paragraphs.join("\n\n")
    }

    fn paragraph(&self, mistake: &Mistake, renderer: &Renderer) -> String {
        let span = on_one_line(&self.text, &mistake.span);
        let (line, column) = self.position(span.start);
        let place = format!("{}:{line}:{column}: error", self.file);
        let title = Level::ERROR
            .with_name(place)
            .primary_title(&mistake.message);
        let snippet = Snippet::source(&self.text).annotation(AnnotationKind::Primary.span(span));
        let mut group = Group::with_title(title).element(snippet);
        if let Some(help) = &mistake.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Mistakes {}

/// Line and column of a byte of `text`, both from 1; columns count characters.
pub(super) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(byte)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// The part of `span` that lies on its first line, on character borders.
fn on_one_line(text: &str, span: &Span) -> Span {
    let start = text.floor_char_boundary(span.start);
    let line_end = text[start..]
        .find(['\r', '\n'])
        .map_or(text.len(), |at| start + at);
    let end = text.ceil_char_boundary(span.end).min(line_end);
    start..end.max(start)
}
