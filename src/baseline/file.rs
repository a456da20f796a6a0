use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::model::Baseline;

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
        "format {found} is not format {} of this version: accept a new run",
        Baseline::FORMAT
    )]
    Format { found: u32 },
}

/// Reads the text of a baseline file.
pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
    let baseline: Baseline =
        serde_json::from_str(text).map_err(|error| BaselineError::Malformed {
            line: error.line(),
            column: error.column(),
            why: error.to_string(),
        })?;
    if baseline.format != Baseline::FORMAT {
        return Err(BaselineError::Format {
            found: baseline.format,
        });
    }
    Ok(baseline)
}

/// The text of a baseline file: one line per fact, and each list of samples on one line.
pub fn render(baseline: &Baseline) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, OneLineArrays::default());
    // Writing plain data to memory has no way to fail.
    let _ = baseline.serialize(&mut serializer);
    text.push(b'\n');
    String::from_utf8(text).unwrap_or_default()
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Approval, BaselineCell, Fingerprint};

    fn baseline() -> Baseline {
        let cell = BaselineCell {
            estimate: Some(12.5),
            interval: None,
            without: vec![Some(70.1), None, Some(72.0)],
            with: vec![Some(82.0), Some(83.25), Some(84.5)],
        };
        Baseline {
            format: Baseline::FORMAT,
            scenario: "shop".into(),
            run: "2026-01-01T00-00-00Z".into(),
            approval: Approval {
                by: "Ada <ada@shop.example>".into(),
                at: "2026-01-01T00:10:00Z".into(),
                reason: "first measurement".into(),
                commit: None,
            },
            fingerprint: Fingerprint(BTreeMap::from([("browser".into(), "156".into())])),
            tags: BTreeMap::from([("chat".into(), BTreeMap::from([("cpu".into(), cell)]))]),
        }
    }

    #[test]
    fn samples_stand_on_one_line_each() {
        let text = render(&baseline());
        assert!(
            text.contains("\"without\": [70.1, null, 72.0],\n"),
            "{text}"
        );
        assert!(text.contains("\"reason\": \"first measurement\""), "{text}");
        assert!(text.ends_with("}\n"), "{text}");
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(parse(&render(&baseline())).unwrap(), baseline());
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let text = render(&baseline()).replace("\"scenario\": \"shop\"", "\"scenario\": 7");
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.starts_with("line 3, column"), "{error}");
    }

    #[test]
    fn another_format_is_refused() {
        let text = render(&baseline()).replace("\"format\": 1", "\"format\": 2");
        assert!(matches!(
            parse(&text),
            Err(BaselineError::Format { found: 2 })
        ));
    }
}
