//! Books every millisecond of the page's main thread to its owner.
//!
//! An event's own time, without that of the events in it, belongs to the event's code. Where several can have run
//! in it (a call that calls others, the microtasks of all), the profile's samples divide the time: the innermost
//! script function owns a sample. They are pooled over all events of one kind and place, since a sample is taken
//! each millisecond and most calls are shorter.

use std::collections::HashMap;

use super::parties::{Parties, Party};
use super::rendering::{Rendering, is_invalidation, is_rendering};
use crate::model::{CodeLocation, TraceEvent};
use crate::trace::{Evidence, Tree, is_script};

/// Events whose code is what ran.
const SCRIPT: &[&str] = &[
    "FunctionCall",
    "EvaluateScript",
    "v8.evaluateModule",
    "v8.compile",
    "v8.compileModule",
];

/// Events of which the script's part is booked by the profile, since they hold what others called.
const SHARED: &[&str] = &[
    "FunctionCall",
    "EvaluateScript",
    "v8.evaluateModule",
    "RunTask",
];

/// The browser's readiness to call script: for whom it calls.
const CALLS: &[&str] = &[
    "EventDispatch",
    "TimerFire",
    "FireAnimationFrame",
    "FireIdleCallback",
    "HandlePostMessage",
    "RunPostTaskCallback",
    "XHRReadyStateChange",
    "XHRLoad",
    "RunMicrotasks",
];

/// So many events after its beginning, an event that calls script has called it.
const NEAR: usize = 64;

const COLLECTIONS: &[&str] = &["MajorGC", "MinorGC"];

/// What one owner had of the main thread, microseconds of CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Booked {
    pub main_us: f64,
    /// Of that, what ran before the harness's own steps: as much as an untraced trial has.
    pub in_steps_us: f64,
    pub forced_us: f64,
    pub gc_us: f64,
}

/// The main thread of one visit.
#[derive(Debug, Default)]
pub struct Ledger {
    pub booked: HashMap<Party, Booked>,
    /// Code of others below the code of the tag in question.
    pub called_us: f64,
}

/// Whose an event's own time is.
#[derive(Clone, Copy, PartialEq)]
enum Whose<'v> {
    /// One owner's.
    One(Party),
    /// Divided by samples.
    Group(Group<'v>),
    /// Divided as the causes of a frame: an index into [`Rendering::shares`].
    Frame(usize),
}

/// Events that share their samples.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Group<'v> {
    name: &'v str,
    /// Of what no sample divides.
    default: Party,
    place: Option<(&'v str, u32, u32, u32)>,
    in_steps: bool,
}

/// The samples of a group.
#[derive(Default)]
struct Tally {
    by_party: HashMap<Party, f64>,
    all: f64,
    /// Others' code, called from the tag's.
    called: f64,
}

impl Tally {
    /// Samples in no function, as between two microtasks, are divided as the others, when those are most.
    fn divide_unknown(&mut self) {
        let unknown = self.by_party.get(&Party::UNKNOWN).copied();
        if let Some(unknown) = unknown.filter(|unknown| unknown * 2.0 < self.all) {
            self.by_party.remove(&Party::UNKNOWN);
            self.all -= unknown;
        }
    }
}

impl Ledger {
    /// `tag` is the one in question; from `until_us` on the trace's clock the harness does as it likes.
    pub fn new(evidence: &Evidence, parties: &Parties, tag: Party, until_us: f64) -> Self {
        let tree = evidence.tree();
        let mut rendering = Rendering::default();
        let contexts = Contexts::new(tree, parties, until_us, &mut rendering);
        let tallies = tallies(evidence, parties, &contexts, tag);
        let mut ledger = Self::default();
        for (index, (_, own_us)) in tree.own_time().into_iter().enumerate() {
            let event = tree.nodes[index].event;
            let in_steps = tree.nodes[index].start_us < until_us;
            let gc = COLLECTIONS.contains(&event.name.as_str());
            let mut book = |party: Party, share: f64| {
                ledger.book(party, own_us * share, in_steps, gc);
            };
            match contexts.whose[index] {
                Whose::One(party) => book(party, 1.0),
                Whose::Frame(frame) => {
                    let shares = rendering.shares(frame);
                    shares
                        .iter()
                        .for_each(|(party, share)| book(*party, *share));
                }
                Whose::Group(group) => match tallies.get(&group) {
                    Some(tally) => {
                        let parties = tally.by_party.iter();
                        parties.for_each(|(party, samples)| book(*party, samples / tally.all));
                        ledger.called_us += own_us * tally.called / tally.all;
                    }
                    None => book(group.default, 1.0),
                },
            }
        }
        for index in tree.outermost(tree.all(), |event| event.forced) {
            if let Whose::One(party) = contexts.whose[index] {
                let booked = ledger.booked.entry(party).or_default();
                booked.forced_us += tree.nodes[index].cpu_us;
            }
        }
        ledger
    }

    fn book(&mut self, party: Party, us: f64, in_steps: bool, gc: bool) {
        let booked = self.booked.entry(party).or_default();
        booked.main_us += us;
        if in_steps {
            booked.in_steps_us += us;
        }
        if gc {
            booked.gc_us += us;
        }
    }
}

/// For each event, whose its own time is.
struct Contexts<'v> {
    whose: Vec<Whose<'v>>,
}

impl<'v> Contexts<'v> {
    fn new(tree: &Tree<'v>, parties: &Parties, until_us: f64, rendering: &mut Rendering) -> Self {
        // In whose name an event runs: its own code's, or that of the script within which it runs.
        let mut names: Vec<Option<Party>> = Vec::with_capacity(tree.nodes.len());
        let mut whose = Vec::with_capacity(tree.nodes.len());
        let (mut root, mut last_script) = (0, None);
        for (index, node) in tree.nodes.iter().enumerate() {
            let event = node.event;
            let name = event.name.as_str();
            if node.parent.is_none() {
                (root, last_script) = (index, None);
            }
            let above = node.parent.and_then(|parent| names[parent]);
            let code = event
                .code
                .as_ref()
                .map(|code| parties.of_code(code, event.script));
            let code = code.filter(|party| *party != Party::UNKNOWN);
            // A wrapper of the harness's works for whoever called it.
            let stands_between = event.forced && above.is_some();
            let code = code.filter(|party| !(stands_between && *party == Party::HARNESS));
            if is_invalidation(name) {
                rendering.invalidate(root, code.or(above));
            }
            let own = code.or(above);
            let own = match name {
                // Code without any place is what the harness asks of the page over the protocol.
                "EvaluateScript" if event.code.is_none() => own.or(Some(Party::HARNESS)),
                "RunMicrotasks" => own.or(last_script),
                _ if CALLS.contains(&name) => own.or_else(|| called(tree, parties, index)),
                _ => own,
            };
            names.push(own);
            if SCRIPT.contains(&name) {
                last_script = own;
            }
            let group = |default| {
                Whose::Group(Group {
                    name,
                    default,
                    place: event.code.as_ref().map(|code| place(code, event)),
                    in_steps: node.start_us < until_us,
                })
            };
            whose.push(match (name, own) {
                (_, Some(party)) if SHARED.contains(&name) || CALLS.contains(&name) => group(party),
                (_, Some(party)) => Whose::One(party),
                (_, None) if is_rendering(name) => Whose::Frame(rendering.render(root)),
                ("RunTask", None) => group(Party::BROWSER),
                (_, None) if SCRIPT.contains(&name) => group(Party::UNKNOWN),
                ("RunMicrotasks", None) => group(Party::UNKNOWN),
                (_, None) if CALLS.contains(&name) => group(Party::BROWSER),
                (_, None) => Whose::One(Party::BROWSER),
            });
        }
        Self { whose }
    }
}

fn place<'v>(code: &'v CodeLocation, event: &TraceEvent) -> (&'v str, u32, u32, u32) {
    (&code.url, event.script, code.line, code.column)
}

/// The owner of the first function that is called within.
fn called(tree: &Tree, parties: &Parties, index: usize) -> Option<Party> {
    let end = tree.nodes[index].end.min(index + NEAR);
    let mut within = tree.outermost(index + 1..end, |event| {
        SCRIPT.contains(&event.name.as_str())
    });
    let first = tree.nodes[within.next()?].event;
    let party = parties.of_code(first.code.as_ref()?, first.script);
    (party != Party::UNKNOWN).then_some(party)
}

/// What the profile's samples say of each group.
fn tallies<'v>(
    evidence: &Evidence<'v>,
    parties: &Parties,
    contexts: &Contexts<'v>,
    tag: Party,
) -> HashMap<Group<'v>, Tally> {
    let stacks = evidence.stacks();
    let owners = stacks.inherit(None, |above: &Option<Party>, _, node| {
        if !is_script(node) {
            return *above;
        }
        let own = parties.of_code(&node.code, node.script);
        if own == Party::HARNESS {
            return above.or(Some(own));
        }
        (own != Party::UNKNOWN).then_some(own).or(*above)
    });
    // Below the tag's code, and the tag's own.
    let below = stacks.inherit((false, false), |above: &(bool, bool), index, _| {
        (above.0 || above.1, owners[index] == Some(tag))
    });
    let mut tallies: HashMap<Group, Tally> = HashMap::new();
    let times = stacks.samples.iter().map(|(time, _)| *time);
    let events = evidence.tree().innermost(times);
    for ((_, function), event) in stacks.samples.iter().zip(events) {
        let Some(Whose::Group(group)) = event.map(|event| contexts.whose[event]) else {
            continue;
        };
        let tally = tallies.entry(group).or_default();
        let party = owners[*function].unwrap_or(group.default);
        *tally.by_party.entry(party).or_default() += 1.0;
        tally.all += 1.0;
        let (called, own) = below[*function];
        if called && !own {
            tally.called += 1.0;
        }
    }
    tallies.values_mut().for_each(Tally::divide_unknown);
    tallies
}
