//! The line below a culprit that took most of the time: what the browser calls is often only a wrapper, such as a
//! throttle or an error monitor's.

use std::collections::BTreeMap;

use crate::model::CodeLocation;
use crate::trace::{Evidence, Stacks, is_harness, is_script, same_place};

/// With fewer samples a line is no better than chance.
const ENOUGH: f64 = 5.0;

/// Of the time below the culprit, what a line must have to be worth telling.
const SHARE: f64 = 0.2;

/// The hottest line of all visits, if it tells more than the culprit itself.
pub fn hottest(scene: &[Evidence], culprit: &CodeLocation) -> Option<CodeLocation> {
    let mut lines: BTreeMap<CodeLocation, f64> = BTreeMap::new();
    for evidence in scene {
        add(evidence.stacks(), culprit, &mut lines);
    }
    let all = lines.values().fold(0.0, |a, b| a + b);
    let (line, most) = lines.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let worth = most >= ENOUGH && most >= SHARE * all;
    let elsewhere = line.line != culprit.line || !is_of(&line, culprit);
    (worth && elsewhere).then_some(line)
}

/// The line is one of the culprit's own function.
fn is_of(line: &CodeLocation, culprit: &CodeLocation) -> bool {
    line.url == culprit.url && line.function == culprit.function
}

/// Where a function of the profile stands to the culprit.
#[derive(Clone, Default)]
struct Below {
    is: bool,
    /// The page's function that is at work: V8's own, and the harness's, work for their callers.
    function: Option<usize>,
    /// Lines are the harness's.
    in_harness: bool,
}

/// The ticks of all lines below the culprit. What V8's own functions take counts for the line that calls them.
fn add(stacks: &Stacks, culprit: &CodeLocation, lines: &mut BTreeMap<CodeLocation, f64>) {
    let below = stacks.inherit(Below::default(), |above: &Below, index, node| {
        let pages = is_script(node) && !is_harness(node);
        let culprits = same_place((&node.code, 0), (culprit, 0)) && node.code.line > 0;
        Below {
            is: above.is || culprits,
            function: pages.then_some(index).or(above.function),
            in_harness: is_harness(node) || (above.in_harness && !pages),
        }
    });
    for (node, below) in stacks.nodes.iter().zip(below) {
        let Some(function) = below.function.filter(|_| below.is) else {
            continue;
        };
        let code = &stacks.nodes[function].code;
        for (line, ticks) in &node.lines {
            // In a minified bundle, a line is no place: the function is.
            let whole = below.in_harness || *line == code.line;
            let place = CodeLocation {
                line: if whole { code.line } else { *line },
                column: if whole { code.column } else { 0 },
                ..code.clone()
            };
            *lines.entry(place).or_default() += f64::from(*ticks);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Profile, ProfileNode, Trace, Visit};

    fn code(function: &str, line: u32, column: u32) -> CodeLocation {
        CodeLocation {
            url: "https://cdn.example/t.js".into(),
            function: function.into(),
            line,
            column,
        }
    }

    fn node(code: CodeLocation, parent: Option<u32>, lines: &[(u32, u32)]) -> ProfileNode {
        ProfileNode {
            script: u32::from(!code.url.is_empty()),
            code,
            parent,
            lines: lines.to_vec(),
        }
    }

    fn hot(nodes: Vec<ProfileNode>) -> Option<CodeLocation> {
        let visit = Visit {
            trace: Some(Trace {
                profile: Some(Profile {
                    nodes,
                    ..Profile::default()
                }),
                ..Trace::default()
            }),
            ..Visit::default()
        };
        hottest(&[Evidence::new(&visit)], &code("throttled", 2, 9))
    }

    #[test]
    fn the_time_goes_where_the_wrapper_leads() {
        let native = CodeLocation {
            function: "getBoundingClientRect".into(),
            ..CodeLocation::default()
        };
        let wrapper = |ticks| node(code("throttled", 2, 9), None, &[(3, ticks)]);
        let measure = node(code("measure", 10, 5), Some(0), &[(12, 30), (13, 4)]);
        let asked = node(native, Some(1), &[(12, 50)]);
        let other = node(code("other", 40, 1), None, &[(41, 500)]);
        let found = hot(vec![wrapper(2), measure, asked, other]).unwrap();
        assert_eq!(found, code("measure", 12, 0));
    }

    #[test]
    fn the_harnesss_wrappers_work_for_their_callers() {
        let spy = CodeLocation {
            url: "tagperf:spy".into(),
            ..code("apply", 6, 1)
        };
        let measure = node(code("measure", 10, 5), Some(0), &[(12, 3)]);
        let nodes = vec![
            node(code("throttled", 2, 9), None, &[]),
            measure,
            node(spy, Some(1), &[(181, 90)]),
        ];
        assert_eq!(hot(nodes), Some(code("measure", 10, 5)));
    }

    #[test]
    fn a_minified_function_is_named_by_its_column() {
        let inner = node(code("m", 2, 80), Some(0), &[(2, 30)]);
        let found = hot(vec![node(code("throttled", 2, 9), None, &[]), inner]).unwrap();
        assert_eq!(found, code("m", 2, 80));
    }

    #[test]
    fn what_says_no_more_than_the_culprit_is_not_told() {
        assert_eq!(
            hot(vec![node(code("throttled", 2, 9), None, &[(2, 50)])]),
            None
        );
        assert_eq!(
            hot(vec![node(code("throttled", 2, 9), None, &[(3, 4)])]),
            None
        );
        let spread = (3..30).map(|line| (line, 10)).collect::<Vec<_>>();
        assert_eq!(
            hot(vec![node(code("throttled", 2, 9), None, &spread)]),
            None
        );
        assert_eq!(hot(vec![]), None);
    }
}
