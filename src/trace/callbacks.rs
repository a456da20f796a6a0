//! Functions that the browser called: listeners, timers, animation frames, messages.

use std::collections::HashMap;
use std::ops::Range;

use super::wrapped::Wrapped;
use super::{Node, Tree};
use crate::model::CodeLocation;

/// One call of a function by the browser. Calls within it are part of it.
pub struct Callback<'v> {
    pub code: &'v CodeLocation,
    /// The script of the code; 0 is unknown.
    pub script: u32,
    /// Chromium's name of what made the browser call it: `EventDispatch`, `TimerFire`, `FireAnimationFrame`,
    /// `RunMicrotasks`…; `RunTask` when the trace does not say.
    pub cause: &'v str,
    /// Same code, same number: an index into [`Callbacks::places`].
    pub place: usize,
    /// The event type, when a DOM event called it: `scroll`.
    pub dispatched: Option<&'v str>,
    pub start_us: f64,
    pub end_us: f64,
    /// Wall time of the call alone.
    pub wall_us: f64,
    /// Thread CPU time of the call and of the microtasks that ran when it returned.
    pub cpu_us: f64,
    /// The call in the tree, what ran within it, and what its microtasks caused.
    pub nodes: Range<usize>,
}

/// Where code is, as far as two visits can agree on it.
///
/// The query is left out, since it is often a number drawn anew for each visit. For code inside the page's
/// own document so is the line, which moves when a tag's snippet is put in above; the function's name stands
/// in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place<'v> {
    pub url: &'v str,
    pub function: &'v str,
    pub line: u32,
    pub column: u32,
}

impl<'v> Place<'v> {
    pub fn of(code: &'v CodeLocation, documents: &[&str]) -> Self {
        let url = without_query(&code.url);
        let inline = documents.contains(&url);
        Self {
            url,
            function: if inline { &code.function } else { "" },
            line: if inline { 0 } else { code.line },
            column: code.column,
        }
    }
}

/// The address up to its query or fragment.
pub fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// All calls by the browser, in order, and the places of their code.
#[derive(Default)]
pub struct Callbacks<'v> {
    pub calls: Vec<Callback<'v>>,
    pub places: Vec<Place<'v>>,
    by_place: Vec<Vec<usize>>,
}

impl<'v> Callbacks<'v> {
    /// `documents` are the addresses of the visit's own documents, without query. A call of what is only a wrapper
    /// around the tag's function counts as a call of that function.
    pub(super) fn new(tree: &Tree<'v>, documents: &[&str], wrapped: &Wrapped<'_, 'v>) -> Self {
        let found: Vec<usize> = tree
            .outermost(tree.all(), |event| event.name == "FunctionCall")
            .collect();
        let own = tree.own_time();
        let mut numbers: HashMap<Place<'v>, usize> = HashMap::new();
        let mut callbacks = Self::default();
        for (nth, &index) in found.iter().enumerate() {
            let Some(called) = Called::new(&tree.nodes[index], wrapped) else {
                continue;
            };
            let code = called.code;
            let place = Place::of(code, documents);
            let next = found.get(nth + 1).copied().unwrap_or(tree.nodes.len());
            let number = *numbers.entry(place).or_insert_with(|| {
                callbacks.places.push(place);
                callbacks.by_place.push(Vec::new());
                callbacks.places.len() - 1
            });
            callbacks.by_place[number].push(callbacks.calls.len());
            let call = callback(tree, &own, index, next, called, number);
            callbacks.calls.push(call);
        }
        callbacks
    }

    /// The calls of one place, in order.
    pub fn at(&self, place: usize) -> impl Iterator<Item = &Callback<'v>> {
        self.by_place[place].iter().map(|&index| &self.calls[index])
    }
}

/// The function that a call is to be blamed on.
#[derive(Clone, Copy)]
struct Called<'v> {
    code: &'v CodeLocation,
    script: u32,
}

impl<'v> Called<'v> {
    fn new(node: &Node<'v>, wrapped: &Wrapped<'_, 'v>) -> Option<Self> {
        let (code, script) = (node.event.code.as_ref()?, node.event.script);
        let (code, script) = wrapped.within(code, script, node).unwrap_or((code, script));
        Some(Self { code, script })
    }
}

/// `next` is the next call after the one at `index`.
///
/// Microtasks, such as the rest of an async listener, run when the call has returned, within the event that
/// caused it and outside the call. What lies between the call's end and the next call or the event's end is
/// therefore the call's: events there in full, the event's own CPU time in proportion to wall time.
fn callback<'v>(
    tree: &Tree<'v>,
    own: &[(f64, f64)],
    index: usize,
    next: usize,
    called: Called<'v>,
    place: usize,
) -> Callback<'v> {
    let node = &tree.nodes[index];
    let mut callback = Callback {
        code: called.code,
        script: called.script,
        cause: "RunTask",
        place,
        dispatched: None,
        start_us: node.start_us,
        end_us: node.end_us(),
        wall_us: node.wall_us,
        cpu_us: node.cpu_us,
        nodes: index..node.end,
    };
    let Some(cause) = node.parent else {
        return callback;
    };
    let parent = &tree.nodes[cause];
    callback.dispatched = parent.event.kind.as_deref();
    callback.cause = &parent.event.name;
    // A whole task also holds rendering and other work that no callback caused.
    if parent.event.name == "RunTask" {
        return callback;
    }
    let (mut at, mut within) = (node.end, 0.0);
    while at < parent.end && tree.nodes[at].end <= next {
        callback.cpu_us += tree.nodes[at].cpu_us;
        within += tree.nodes[at].wall_us;
        at = tree.nodes[at].end;
    }
    callback.nodes.end = at;
    let until = if at < parent.end {
        tree.nodes[at].start_us
    } else {
        parent.end_us()
    };
    let gap = until - callback.end_us - within;
    let (own_wall, own_cpu) = own[cause];
    if gap > 0.0 && own_wall > 0.0 {
        callback.cpu_us += own_cpu * (gap / own_wall).min(1.0);
    }
    callback
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TraceEvent;

    fn event(name: &str, start_us: f64, wall_us: f64, cpu_us: f64) -> TraceEvent {
        TraceEvent {
            name: name.into(),
            start_us,
            wall_us,
            cpu_us,
            ..TraceEvent::default()
        }
    }

    fn call(function: &str, line: u32, start_us: f64, wall_us: f64, cpu_us: f64) -> TraceEvent {
        TraceEvent {
            code: Some(CodeLocation {
                url: "https://cdn.vendor.test/tag.js?t=7".into(),
                function: function.into(),
                line,
                column: 1,
            }),
            ..event("FunctionCall", start_us, wall_us, cpu_us)
        }
    }

    fn scroll(start_us: f64, wall_us: f64, cpu_us: f64) -> TraceEvent {
        TraceEvent {
            kind: Some("scroll".into()),
            ..event("EventDispatch", start_us, wall_us, cpu_us)
        }
    }

    #[test]
    fn microtasks_belong_to_the_call_that_they_follow() {
        // The second listener is async: most of its work is in the gap after its call, on a busy machine.
        let events = [
            event("RunTask", 0.0, 30_000.0, 15_000.0),
            scroll(0.0, 22_000.0, 11_200.0),
            call("plain", 1, 1_000.0, 100.0, 100.0),
            call("asynchronous", 2, 1_100.0, 100.0, 100.0),
            event("Layout", 11_200.0, 2_000.0, 1_000.0),
            event("Paint", 23_000.0, 5_000.0, 3_000.0),
        ];
        let tree = Tree::new(&events);
        let callbacks = Callbacks::new(&tree, &[], &Wrapped::default());
        let [plain, asynchronous] = &callbacks.calls[..] else {
            panic!("two calls are wanted");
        };
        assert_eq!(plain.dispatched, Some("scroll"));
        assert_eq!(plain.cpu_us, 100.0);
        // Of the dispatch's own 10 ms in 19.8 ms of wall time, the gaps after the call have 18.8 ms.
        let microtasks = 10_000.0 * 18_800.0 / 19_800.0;
        assert!((asynchronous.cpu_us - (100.0 + 1_000.0 + microtasks)).abs() < 1e-6);
        assert_eq!(asynchronous.nodes, 3..5);
    }

    #[test]
    fn a_task_is_not_charged_to_the_callback_in_it() {
        let events = [
            event("RunTask", 0.0, 9_000.0, 9_000.0),
            call("onmessage", 1, 10.0, 100.0, 90.0),
        ];
        let tree = Tree::new(&events);
        let callbacks = Callbacks::new(&tree, &[], &Wrapped::default());
        assert_eq!(callbacks.calls[0].cpu_us, 90.0);
        assert_eq!(callbacks.calls[0].dispatched, None);
    }

    #[test]
    fn calls_within_calls_are_part_of_them() {
        let events = [
            call("outer", 1, 0.0, 100.0, 100.0),
            call("inner", 2, 10.0, 50.0, 50.0),
            call("outer", 1, 200.0, 10.0, 10.0),
        ];
        let tree = Tree::new(&events);
        let callbacks = Callbacks::new(&tree, &[], &Wrapped::default());
        assert_eq!(callbacks.places.len(), 1);
        let starts: Vec<f64> = callbacks.at(0).map(|call| call.start_us).collect();
        assert_eq!(starts, [0.0, 200.0]);
    }

    #[test]
    fn a_place_is_the_same_in_another_visit() {
        let code = |url: &str, line| CodeLocation {
            url: url.into(),
            function: "f".into(),
            line,
            column: 9,
        };
        let documents = ["https://shop.test/"];
        let place = |code: &'static CodeLocation| Place::of(code, &documents);
        let leak = |code: CodeLocation| -> &'static CodeLocation { Box::leak(Box::new(code)) };
        let at = |url: &str, line| place(leak(code(url, line)));
        assert_eq!(
            at("https://a.test/a.js?t=1", 3),
            at("https://a.test/a.js?t=2", 3)
        );
        assert_ne!(at("https://a.test/a.js", 3), at("https://a.test/a.js", 4));
        assert_eq!(
            at("https://shop.test/#top", 3),
            at("https://shop.test/", 40)
        );
    }
}
