//! Parts of a file: <https://www.rfc-editor.org/rfc/rfc9110#name-range-requests>.

use std::ops::Range;

/// What a `Range` header asks for, of a file of `length` bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Bytes(Range<u64>),
    /// Nothing that the file has: 416.
    Outside,
}

/// Reads a header with one range of bytes; one with several, or of another form, asks for the whole file.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    let Some((first, last)) = header
        .and_then(|text| text.trim().strip_prefix("bytes="))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (start, end) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(0)) if first.is_empty() => return Part::Outside,
        (None, Some(last)) if first.is_empty() => (length.saturating_sub(last), length),
        _ => return Part::Whole,
    };
    if start < end {
        Part::Bytes(start..end)
    } else {
        Part::Outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes() {
        let cases = [
            (None, Part::Whole),
            (Some("bytes=0-3"), Part::Bytes(0..4)),
            (Some("bytes=4-"), Part::Bytes(4..10)),
            (Some("bytes=-3"), Part::Bytes(7..10)),
            (Some("bytes=-99"), Part::Bytes(0..10)),
            (Some("bytes=8-99999999999999999999999"), Part::Bytes(8..10)),
            (Some("bytes=10-"), Part::Outside),
            (Some("bytes=-0"), Part::Outside),
            (Some("bytes=5-2"), Part::Whole),
            (Some("bytes=0-1,3-4"), Part::Whole),
            (Some("bytes=-"), Part::Whole),
            (Some("bytes=+1-2"), Part::Whole),
            (Some("lines=0-1"), Part::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(part(header, 10), expected, "{header:?}");
        }
        assert_eq!(part(Some("bytes=0-"), 0), Part::Outside);
    }
}
