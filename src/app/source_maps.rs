//! Finds the source maps that scripts name, so that findings can speak of the code as it was written.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::Url;

use crate::model::{Script, Trace};
use crate::stage::Stage;

/// Of one map, and of all in a trace, bytes.
const MOST_BYTES: usize = 20 << 20;
const MOST_ALL: usize = 60 << 20;

/// Of a map that stands in the code itself only the beginning of its address is kept.
const KEPT_ADDRESS: usize = 100;

/// Gives the scripts whose text was kept their maps: those in the code itself, and those that the stage
/// plays. A map that nobody has is no fault: most vendors do not publish theirs.
pub(super) fn attach(trace: &mut Trace, stage: &Stage) {
    let mut bytes = 0;
    for script in &mut trace.scripts {
        if script.source.is_some() && !script.source_map_url.is_empty() {
            let map = find(script, |url| stage.file(url, MOST_BYTES));
            let map = map.filter(|map| bytes + map.len() <= MOST_ALL);
            bytes += map.as_ref().map_or(0, String::len);
            script.source_map = map;
        }
        if script.source_map_url.starts_with("data:") {
            let address = script.source_map_url.chars().take(KEPT_ADDRESS);
            script.source_map_url = address.collect();
        }
    }
}

fn find(script: &Script, played: impl Fn(&Url) -> Option<Vec<u8>>) -> Option<String> {
    let url = match Url::parse(&script.url) {
        Ok(base) => base.join(&script.source_map_url),
        Err(_) => Url::parse(&script.source_map_url),
    };
    let url = url.ok()?;
    let bytes = match url.scheme() {
        "data" => decode(url.as_str())?,
        _ => played(&url)?,
    };
    String::from_utf8(bytes).ok()
}

/// `data:application/json;charset=utf-8;base64,…`: <https://www.rfc-editor.org/rfc/rfc2397>.
fn decode(url: &str) -> Option<Vec<u8>> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    if data.len() > MOST_BYTES {
        return None;
    }
    if head.ends_with(";base64") {
        return BASE64_STANDARD.decode(data.trim_end()).ok();
    }
    // The URL parser has escaped all that is not ASCII.
    Some(percent_decode(data.as_bytes()))
}

fn percent_decode(mut rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"{"version":3,"mappings":"AAAA"}"#;

    fn script(url: &str, map: &str) -> Script {
        Script {
            url: url.into(),
            source_map_url: map.into(),
            ..Script::default()
        }
    }

    #[test]
    fn a_map_beside_its_script_is_asked_of_the_stage() {
        let played = |url: &Url| {
            assert_eq!(url.as_str(), "https://cdn.test/v2/tag.js.map");
            Some(MAP.into())
        };
        let script = script("https://cdn.test/v2/tag.js?x", "tag.js.map");
        assert_eq!(find(&script, played).as_deref(), Some(MAP));
    }

    #[test]
    fn a_map_in_the_code_is_decoded() {
        let nobody = |_: &Url| None;
        let base64 = BASE64_STANDARD.encode(MAP);
        let encoded = format!("data:application/json;charset=utf-8;base64,{base64}");
        assert_eq!(find(&script("", &encoded), nobody).as_deref(), Some(MAP));
        let plain = "data:application/json,{%22version%22:3}";
        let found = find(&script("https://a.test/", plain), nobody);
        assert_eq!(found.as_deref(), Some("{\"version\":3}"));
    }

    #[test]
    fn addresses_that_lead_nowhere_give_no_map() {
        let nobody = |_: &Url| None;
        for url in ["data:", "data:x;base64,%%%", "http://[", "gone.map"] {
            assert_eq!(find(&script("https://a.test/", url), nobody), None, "{url}");
        }
        assert_eq!(find(&script("", "tag.js.map"), nobody), None);
    }
}
