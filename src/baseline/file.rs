use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::model::{Baseline, Mismatch};

use super::seal;

/// A baseline file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("line {line}, column {column}: {why}")]
    Malformed {
        line: usize,
        column: usize,
        why: String,
    },
    #[error(
        "format {found} is not format {} of this version: accept a new run with `tagperf baseline accept RUN --reason …`",
        Baseline::FORMAT
    )]
    Format { found: u64 },
    #[error(
        "its content is not what was accepted, so somebody edited it: restore it from version control, or accept a run with `tagperf baseline accept RUN --reason …`"
    )]
    Edited { accepted: String, found: String },
}

impl BaselineError {
    /// The same as what differs between a baseline and a run.
    pub fn mismatch(&self) -> Mismatch {
        let short = |hash: &str| hash.chars().take(16).collect();
        let (what, baseline, run) = match self {
            BaselineError::Malformed { .. } => (
                "its text",
                format!("unreadable, {self}"),
                format!("format {}", Baseline::FORMAT),
            ),
            BaselineError::Format { found } => (
                "its format",
                found.to_string(),
                Baseline::FORMAT.to_string(),
            ),
            BaselineError::Edited { accepted, found } => (
                "its content, which was edited by hand,",
                short(accepted),
                short(found),
            ),
        };
        Mismatch {
            what: what.into(),
            baseline,
            run,
        }
    }
}

/// Reads the text of a baseline file.
///
/// # Errors
/// It is no baseline, has another format, or was edited since it was accepted.
pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
    let (baseline, found) = content(text)?;
    if baseline.hash != found {
        return Err(BaselineError::Edited {
            accepted: baseline.hash,
            found,
        });
    }
    Ok(baseline)
}

/// What the text of a baseline file says, whether it was accepted like that or edited since: to show, and never
/// to judge by.
///
/// # Errors
/// It is no baseline or has another format.
pub fn parse_unsealed(text: &str) -> Result<Baseline, BaselineError> {
    content(text).map(|(baseline, _)| baseline)
}

/// The content with its hash as it should be.
fn content(text: &str) -> Result<(Baseline, String), BaselineError> {
    let content: Value = serde_json::from_str(text).map_err(malformed)?;
    // Another format may lack any of the fields, so it is asked first.
    let format = content.get("format").and_then(Value::as_u64);
    if let Some(found) = format
        && found != u64::from(Baseline::FORMAT)
    {
        return Err(BaselineError::Format { found });
    }
    let baseline: Baseline = serde_json::from_str(text).map_err(malformed)?;
    Ok((baseline, seal::hash(content)))
}

fn malformed(error: serde_json::Error) -> BaselineError {
    BaselineError::Malformed {
        line: error.line(),
        column: error.column(),
        why: error.to_string(),
    }
}

/// Objects that fit into a line of this length stand on one.
const WIDTH: usize = 120;

/// The text of a baseline file: one line per fact, and each list of samples on one line.
pub fn render(baseline: &Baseline) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, OneLineArrays::default());
    // Writing plain data to memory has no way to fail.
    let _ = baseline.serialize(&mut serializer);
    let mut text = String::from_utf8(text).unwrap_or_default();
    loop {
        let shorter = folded(&text);
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// `text` with every innermost object on one line that fits there. A line that ends with a brace opens an
/// object, and one that begins with a brace closes it: strings end and begin with quotes.
fn folded(text: &str) -> String {
    let mut lines = text.lines().peekable();
    let mut out = String::new();
    while let Some(line) = lines.next() {
        let mut object = vec![line];
        if line.ends_with('{') {
            while let Some(next) = lines.next_if(|next| !next.ends_with('{')) {
                object.push(next);
                if next.trim_start().starts_with('}') {
                    break;
                }
            }
        }
        let whole = object
            .last()
            .is_some_and(|last| last.trim_start().starts_with('}'));
        let inner: Vec<&str> = object.iter().skip(1).map(|line| line.trim()).collect();
        let one = format!("{line} {}", inner.join(" "));
        if object.len() > 1 && whole && one.chars().count() <= WIDTH {
            out += &one;
        } else {
            out += &object.join("\n");
        }
        out += "\n";
    }
    out
}

/// Objects a key per line, arrays on one line.
#[derive(Default)]
struct OneLineArrays<'a> {
    objects: PrettyFormatter<'a>,
    arrays: CompactFormatter,
}

impl Formatter for OneLineArrays<'_> {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.arrays.begin_array_value(writer, first)?;
        if first {
            Ok(())
        } else {
            writer.write_all(b" ")
        }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.objects.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.objects.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.objects.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.objects.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.objects.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pretend;
    use super::*;

    fn baseline() -> Baseline {
        let old = pretend::baseline("2025-12-01T00-00-00Z", &[("chat", 10.0)]);
        let new = pretend::baseline("2026-01-01T00-00-00Z", &[("chat", 12.5)]);
        let mut new = super::super::followed(&old, new, 10);
        new.certificate = Some(pretend::examination().session.unwrap().certificate);
        seal::sealed(new)
    }

    #[test]
    fn a_file_is_as_expected() {
        insta::assert_snapshot!("baseline_file", render(&baseline()));
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(parse(&render(&baseline())).unwrap(), baseline());
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let text = render(&baseline()).replace("\"scenario\": \"shop\"", "\"scenario\": 7");
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.starts_with("line 4, column"), "{error}");
    }

    #[test]
    fn an_edit_by_hand_is_seen_and_another_layout_is_none() {
        let text = render(&baseline());
        for (from, to) in [
            ("72.0", "73.0"),
            ("first measurement", "second measurement"),
            ("\"margin\": 10.0", "\"margin\": 100.0"),
            ("\"2025-12-01T00-00-00Z\"", "\"2025-12-02T00-00-00Z\""),
        ] {
            let edited = text.replacen(from, to, 1);
            assert_ne!(edited, text);
            assert!(
                matches!(parse(&edited), Err(BaselineError::Edited { .. })),
                "{to}"
            );
        }
        let compact = serde_json::from_str::<Value>(&text).unwrap().to_string();
        assert_eq!(parse(&compact).unwrap(), baseline());
    }

    #[test]
    fn another_format_is_refused_and_its_remedy_named() {
        let error = parse(r#"{"format": 1, "scenario": "shop"}"#).unwrap_err();
        assert!(matches!(error, BaselineError::Format { found: 1 }));
        assert!(error.to_string().contains("tagperf baseline accept"));
    }
}
