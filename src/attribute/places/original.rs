//! The place before bundling, by the code's source map: <https://tc39.es/ecma426/>.

use std::collections::HashMap;

use sourcemap::{DecodedMap, SourceView, decode_data_url, decode_slice};

use super::position::{Position, lines};
use crate::model::{CodeLocation, Script};

/// The maps that were read, by the address of the text that they were read from.
#[derive(Default)]
pub struct Maps<'v>(HashMap<&'v str, Option<DecodedMap>>);

impl<'v> Maps<'v> {
    /// Where the code was written; `None` without a map that knows the place.
    pub fn original(
        &mut self,
        script: &'v Script,
        position: &Position,
        code: &CodeLocation,
    ) -> Option<CodeLocation> {
        let inline = &script.source_map_url;
        let text = match &script.source_map {
            Some(text) => text.as_str(),
            None if inline.starts_with("data:") => inline,
            None => return None,
        };
        let map = self.0.entry(text).or_insert_with(|| read(text));
        find(map.as_ref()?, script, position, code)
    }
}

/// A map that cannot be read is as good as none: the bundle's place stands.
fn read(text: &str) -> Option<DecodedMap> {
    if text.starts_with("data:") {
        decode_data_url(text).ok()
    } else {
        decode_slice(text.as_bytes()).ok()
    }
}

fn find(
    map: &DecodedMap,
    script: &Script,
    position: &Position,
    code: &CodeLocation,
) -> Option<CodeLocation> {
    let line = u32::try_from(position.line).ok()?;
    let column = u32::try_from(position.column).ok()?;
    let token = map.lookup_token(line, column)?;
    // The last place before may be one of another line, which is none of this code's.
    if token.get_dst_line() != line {
        return None;
    }
    let (source_line, source_column) = token.get_src();
    let view = script
        .source
        .as_deref()
        .map(|text| SourceView::new(text.into()));
    let renamed = || {
        let view = view.as_ref()?;
        map.get_original_function_name(line, column, Some(&code.function), Some(view))
    };
    let as_written = || {
        let text = token.get_source_view()?.source();
        let column = usize::try_from(source_column).ok()?;
        let line = *lines(text).get(usize::try_from(source_line).ok()?)?;
        declared(line, column)
    };
    let name = token.get_name().or_else(renamed).map(str::to_owned);
    Some(CodeLocation {
        url: token.get_source()?.to_owned(),
        function: name.or_else(as_written).unwrap_or_default(),
        line: source_line.saturating_add(1),
        column: source_column.saturating_add(1),
    })
}

/// The name of a function that is declared at a column of the original line.
fn declared(line: &str, column: usize) -> Option<String> {
    let rest = &line[super::position::byte(line, column)..];
    let word = |text: &str| -> String {
        let part = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '$');
        text.trim_start().chars().take_while(part).collect()
    };
    let first = word(rest);
    let name = match rest.trim_start().strip_prefix("function") {
        Some(after) if first == "function" => word(after),
        _ if rest.trim_start().get(first.len()..)?.starts_with('(') => first,
        _ => String::new(),
    };
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use proptest::prelude::*;
    use sourcemap::SourceMapBuilder;

    const BUNDLE: &str = "var a=1;function s(t){for(;;)t()}addEventListener(\"scroll\",s)";

    fn map() -> String {
        let mut builder = SourceMapBuilder::new(Some("t.js"));
        builder.add(0, 0, 0, 0, Some("src/heat.ts"), Some("count"), false);
        builder.add(0, 8, 11, 0, Some("src/heat.ts"), None, false);
        builder.add(0, 17, 11, 9, Some("src/heat.ts"), Some("onScroll"), false);
        let mut out = Vec::new();
        builder.into_sourcemap().to_writer(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn script(source_map: Option<String>, source_map_url: &str) -> Script {
        Script {
            line: 1,
            column: 1,
            source: Some(BUNDLE.into()),
            source_map,
            source_map_url: source_map_url.into(),
            ..Script::default()
        }
    }

    fn original(script: &Script, column: u32) -> Option<CodeLocation> {
        let code = CodeLocation {
            function: "s".into(),
            line: 1,
            column,
            ..CodeLocation::default()
        };
        let position = Position::of(script, &code)?;
        Maps::default().original(script, &position, &code)
    }

    #[test]
    fn a_bundled_function_is_found_in_its_source() {
        let bracket = u32::try_from(BUNDLE.find("(t)").unwrap()).unwrap() + 1;
        let found = original(&script(Some(map()), ""), bracket).unwrap();
        assert_eq!(found.to_string(), "onScroll src/heat.ts:12:10");
        let data = base64::engine::general_purpose::STANDARD.encode(map());
        let url = format!("data:application/json;charset=utf-8;base64,{data}");
        assert_eq!(original(&script(None, &url), bracket), Some(found));
    }

    #[test]
    fn without_a_usable_map_there_is_no_original() {
        for text in ["", "{}", "no map", "{\"version\":3,\"mappings\":\"!!\"}"] {
            assert_eq!(original(&script(Some(text.into()), ""), 20), None, "{text}");
        }
        assert_eq!(
            original(&script(None, "data:application/json;base64,*"), 20),
            None
        );
        assert_eq!(original(&script(None, "t.js.map"), 20), None);
    }

    #[test]
    fn names_are_read_from_the_original() {
        assert_eq!(
            declared("export function onScroll(e) {", 7).as_deref(),
            Some("onScroll")
        );
        assert_eq!(declared("  onScroll(e) {", 2).as_deref(), Some("onScroll"));
        assert_eq!(declared("x = y", 0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_map_is_too_absurd(mappings in "[A-Za-z0-9+/;,]{0,80}", rest in ".{0,40}", column in 0_u32..99) {
            let text = format!("{{\"version\":3,\"sources\":[\"a\",null],\"names\":[\"n\"],\"mappings\":\"{mappings}\"}}");
            for text in [text, rest] {
                let _ = original(&script(Some(text), ""), column);
            }
        }
    }
}
