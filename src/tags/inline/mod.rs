//! The inline scripts that a tag puts into the page: such code has no URL by which it is known to be the tag's.

use std::cell::RefCell;
use std::fmt::Write;

use lol_html::{RewriteStrSettings, element, rewrite_str, text};
use sha2::{Digest, Sha256};

use crate::model::Staging;

/// SHA-256 of each, hexadecimal.
pub(super) fn scripts(staging: &Staging) -> Vec<String> {
    let inserts = staging.inserts.iter();
    inserts
        .flat_map(|insert| texts(&insert.html))
        .map(|text| digest(&text))
        .collect()
}

/// The text of each script element that has one of its own.
fn texts(html: &str) -> Vec<String> {
    let found: RefCell<Vec<String>> = RefCell::default();
    let begin = element!("script:not([src])", |_| {
        found.borrow_mut().push(String::new());
        Ok(())
    });
    let go_on = text!("script:not([src])", |piece| {
        if let Some(last) = found.borrow_mut().last_mut() {
            last.push_str(piece.as_str());
        }
        Ok(())
    });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(begin)
        .append_element_content_handler(go_on)
        .with_strict(false);
    // HTML that cannot be read was refused when the tag was.
    if rewrite_str(html, settings).is_err() {
        return Vec::new();
    }
    let mut found = found.into_inner();
    found.retain(|text| !text.trim().is_empty());
    found
}

fn digest(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_without_a_file_have_a_text() {
        let html = "<!--tagperf:a--><script>go(\"<b>\")</script><script src=x.js></script>\
                    <noscript><img></noscript><script type=module>\nimport 'y'\n</script><script> </script>";
        assert_eq!(texts(html), ["go(\"<b>\")", "\nimport 'y'\n"]);
    }

    #[test]
    fn a_text_is_known_by_its_hash() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc"), abc);
    }
}
