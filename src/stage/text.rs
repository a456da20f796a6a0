//! What a page sends, as text.

use std::io::Read;

use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// So much of a body is kept, as it was sent and as text.
pub(super) const MOST_BYTES: usize = 16 << 10;

const GZIP: &[u8] = &[0x1f, 0x8b];

/// The beginning of a body as text; `None` if there is none, or it is no text.
///
/// `encoding` is its `Content-Encoding`. Scripts also compress by themselves and do not say so.
pub(super) fn text(body: &[u8], encoding: &str) -> Option<String> {
    let plain = match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => beginning(GzDecoder::new(body)),
        // RFC 9110 means zlib; some send what the name says.
        "deflate" => {
            let zlib = beginning(ZlibDecoder::new(body));
            if zlib.is_empty() {
                beginning(DeflateDecoder::new(body))
            } else {
                zlib
            }
        }
        "" | "identity" if body.starts_with(GZIP) => beginning(GzDecoder::new(body)),
        "" | "identity" => beginning(body),
        _ => return None,
    };
    let text = match std::str::from_utf8(&plain) {
        Ok(text) => text,
        // Cut within a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&plain[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let control = |c: char| c.is_control() && !c.is_ascii_whitespace();
    (!text.is_empty() && !text.contains(control)).then(|| text.to_owned())
}

/// What can be read before an error: the body may be cut.
fn beginning(mut from: impl Read) -> Vec<u8> {
    let mut bytes = vec![0; MOST_BYTES];
    let mut filled = 0;
    while filled < bytes.len() {
        match from.read(&mut bytes[filled..]) {
            Ok(0) | Err(_) => break,
            Ok(more) => filled += more,
        }
    }
    bytes.truncate(filled);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const PLAIN: &str = "{\"event\":\"größe\"}";

    #[test]
    fn a_body_is_text_however_it_was_compressed() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(PLAIN.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(PLAIN.as_bytes()).unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(PLAIN.as_bytes()).unwrap();
        let bodies = [
            (PLAIN.as_bytes().to_vec(), ""),
            (gzip.clone(), "GZIP"),
            (gzip, ""),
            (zlib.finish().unwrap(), "deflate"),
            (deflate.finish().unwrap(), "deflate"),
        ];
        for (body, encoding) in bodies {
            assert_eq!(text(&body, encoding).as_deref(), Some(PLAIN), "{encoding}");
        }
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        for (body, encoding) in [
            (&b""[..], ""),
            (b"a\0b", ""),
            (b"\xff\xfe", ""),
            (b"abc", "br"),
            (b"no gzip", "gzip"),
        ] {
            assert_eq!(text(body, encoding), None, "{body:?} {encoding}");
        }
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let long = format!("a{}", "ö".repeat(MOST_BYTES));
        let cut = text(&long.as_bytes()[..MOST_BYTES], "").unwrap();
        assert_eq!(cut.len(), MOST_BYTES - 1);
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b'x'; 10 << 20]).unwrap();
        let bomb = bomb.finish().unwrap();
        let body = &bomb[..bomb.len().min(MOST_BYTES)];
        assert_eq!(text(body, "gzip").unwrap().len(), MOST_BYTES);
    }
}
