//! What the spy noted, as acts.

use std::collections::HashMap;

use serde::Deserialize;

use super::super::{Act, CodeLocation};

const MOST_ACTS: usize = 2000;
const MOST_TIMES: usize = 200;

/// Calls of one interface from one place, in the spy's own order of fields.
#[derive(Debug, Deserialize)]
pub(super) struct Noted(
    /// Kind.
    String,
    /// What.
    String,
    /// Function.
    String,
    /// URL of the script.
    String,
    /// Line and column, from 1.
    u32,
    u32,
    /// Where the code was made, for the text of an `eval`: in V8's words.
    String,
    /// Count.
    f64,
    /// Characters.
    f64,
    /// Times.
    Vec<f64>,
);

/// The acts of all documents of a visit; what several did from the same place is one act.
pub(super) fn together(noted: Vec<Noted>) -> Vec<Act> {
    let mut acts: Vec<Act> = Vec::new();
    let mut known: HashMap<(String, String, CodeLocation), usize> = HashMap::new();
    for noted in noted {
        let act = noted.act();
        let key = (act.kind.clone(), act.what.clone(), act.code.clone());
        match known.get(&key) {
            Some(&at) => {
                let kept = &mut acts[at];
                kept.count = kept.count.saturating_add(act.count);
                kept.length += act.length;
                let room = MOST_TIMES.saturating_sub(kept.times_ms.len());
                kept.times_ms.extend(act.times_ms.into_iter().take(room));
            }
            None if acts.len() < MOST_ACTS => {
                known.insert(key, acts.len());
                acts.push(act);
            }
            None => {}
        }
    }
    acts
}

impl Noted {
    fn act(self) -> Act {
        let Noted(kind, what, function, url, line, column, origin, count, length, times_ms) = self;
        let code = CodeLocation {
            url,
            function,
            line,
            column,
        };
        let made = code.url.is_empty().then(|| made_at(&origin)).flatten();
        Act {
            kind,
            what,
            code: made.unwrap_or(code),
            // A float becomes the nearest whole number that there is.
            count: count as u32,
            times_ms,
            length,
        }
    }
}

/// The place in a file that called `eval`: the innermost of `eval at a (eval at b (https://x/y.js:3:7), <anonymous>:1:1)`.
fn made_at(origin: &str) -> Option<CodeLocation> {
    let mut rest = origin.strip_prefix("eval at ")?;
    loop {
        let (function, place) = rest.split_once(" (")?;
        if let Some(deeper) = place.strip_prefix("eval at ") {
            rest = deeper;
            continue;
        }
        let mut ends = place.match_indices(')').map(|(end, _)| &place[..end]);
        let (url, line, column) = ends.find_map(position)?;
        let function = if function == "<anonymous>" {
            ""
        } else {
            function
        };
        return Some(CodeLocation {
            url: url.into(),
            function: function.into(),
            line,
            column,
        });
    }
}

/// `https://x/y.js:3:7`.
fn position(text: &str) -> Option<(&str, u32, u32)> {
    let (rest, column) = text.rsplit_once(':')?;
    let (url, line) = rest.rsplit_once(':')?;
    Some((url, line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(json: &str) -> Noted {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn code_of_an_eval_stands_where_the_eval_was_called() {
        let place = |origin: &str| made_at(origin).map(|code| code.to_string());
        let cases = [
            (
                "eval at run (https://x/y.js:3:7)",
                Some("run https://x/y.js:3:7"),
            ),
            (
                "eval at a (eval at b (https://x/y.js:3:7), <anonymous>:1:1)",
                Some("b https://x/y.js:3:7"),
            ),
            (
                "eval at <anonymous> (https://x/y(1).js:3:7)",
                Some("(anonymous) https://x/y(1).js:3:7"),
            ),
            ("eval at", None),
            ("eval at a (nowhere)", None),
            ("", None),
        ];
        for (origin, expected) in cases {
            assert_eq!(place(origin).as_deref(), expected, "{origin}");
        }
        let act =
            noted(r#"["k","w","eval","",1,14,"eval at f (https://x/y.js:3:7)",2,0,[1,2]]"#).act();
        assert_eq!(act.code.to_string(), "f https://x/y.js:3:7");
        let named =
            noted(r#"["k","w","g","https://x/z.js",1,14,"eval at f (https://x/y.js:3:7)",2,0,[]]"#);
        assert_eq!(named.act().code.to_string(), "g https://x/z.js:1:14");
    }

    #[test]
    fn one_place_in_several_documents_is_one_act() {
        let one = r#"["storage_write","k","f","https://x/y.js",1,2,"",3,10,[1,2,3]]"#;
        let other = r#"["storage_write","l","f","https://x/y.js",1,2,"",1,1,[9]]"#;
        let acts = together(vec![noted(one), noted(other), noted(one)]);
        let seen: Vec<_> = acts
            .iter()
            .map(|act| (act.what.as_str(), act.count, act.length, act.times_ms.len()))
            .collect();
        assert_eq!(seen, [("k", 6, 20.0, 6), ("l", 1, 1.0, 1)]);
    }

    #[test]
    fn acts_and_times_are_bounded() {
        let many = (0..3000).map(|at| noted(&format!(r#"["k","{at}","","",0,0,"",1,0,[]]"#)));
        assert_eq!(together(many.collect()).len(), MOST_ACTS);
        let times = vec!["1"; 150].join(",");
        let long = || noted(&format!(r#"["k","w","","",0,0,"",1e99,0,[{times}]]"#));
        let acts = together(vec![long(), long()]);
        assert_eq!(
            (acts[0].times_ms.len(), acts[0].count),
            (MOST_TIMES, u32::MAX)
        );
    }
}
