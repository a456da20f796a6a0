//! What one visit shows: views of its raw evidence, each worked out once, when first asked for.

mod acts;
mod callbacks;
mod clock;
mod growth;
mod hosts;
mod inputs;
mod lineage;
mod loops;
mod owned;
mod promises;
mod reactions;
mod readable;
mod rest;
mod runs;
mod sampled;
mod scrolling;
mod shifts;
mod slope;
mod span;
mod stacks;
mod threads;
mod touches;
mod traffic;
mod tree;
mod turns;
mod typed;
mod wrapped;

use std::cell::OnceCell;

use crate::model::{
    Answer, CodeLocation, Counters, Fetch, Holdings, Inventory, LongTask, PageRecord, Request,
    StepRecord, TagInfo, Trace, Visit,
};

pub use callbacks::{Callback, Callbacks, Place, without_query};
pub use clock::soon_after;
pub use growth::{Growth, Held, WAYS, Way};
pub use hosts::{host, site};
pub use inputs::{INPUTS, Inputs, Work};
pub use lineage::{Bringer, Lineage};
pub use loops::{BUSY_FRAME_MS_PER_S, Kind, Loop, POLLS_PER_S};
pub use owned::{Owned, digest, is_own, matches};
pub use reactions::{Reaction, per_reaction, reaction_at};
pub use readable::readings;
pub use rest::{Going, Rest};
pub use runs::{Run, TagTask};
pub use scrolling::{Beat, Scrolling, Share};
pub use slope::{Slope, theil_sen};
pub use span::{Span, any_holds, longest_run, seconds};
pub use stacks::{HARNESS, Stacks, is_harness, is_script, same_place};
pub use touches::{Touch, last_before};
pub use traffic::{AskedBy, Exchange, Part, endpoint};
pub use tree::{Node, Tree};
pub use turns::{Mechanism, Turn, Turns};
pub use typed::{Typed, discreet};
use wrapped::Wrapped;

/// Input of a step may still be on its way when the step ends.
const SETTLED_AFTER_US: f64 = 100e3;

/// One visit and the views of it.
pub struct Evidence<'v> {
    pub visit: &'v Visit,
    /// The tag in question, when there is one.
    tag: Option<&'v TagInfo>,
    lineage: OnceCell<Lineage<'v>>,
    owned: OnceCell<Owned>,
    traffic: OnceCell<Vec<Exchange<'v>>>,
    cls: OnceCell<f64>,
    tree: OnceCell<Tree<'v>>,
    stacks: OnceCell<Stacks<'v>>,
    callbacks: OnceCell<Callbacks<'v>>,
    scroll_events: OnceCell<Vec<Span>>,
    scrolling: OnceCell<Scrolling>,
    turns: OnceCell<Turns<'v>>,
    rest: OnceCell<Rest<'v>>,
    loops: OnceCell<Vec<Loop>>,
    inputs: OnceCell<Inputs>,
}

impl<'v> Evidence<'v> {
    pub fn new(visit: &'v Visit) -> Self {
        Self {
            visit,
            tag: None,
            lineage: OnceCell::new(),
            owned: OnceCell::new(),
            traffic: OnceCell::new(),
            cls: OnceCell::new(),
            tree: OnceCell::new(),
            stacks: OnceCell::new(),
            callbacks: OnceCell::new(),
            scroll_events: OnceCell::new(),
            scrolling: OnceCell::new(),
            turns: OnceCell::new(),
            rest: OnceCell::new(),
            loops: OnceCell::new(),
            inputs: OnceCell::new(),
        }
    }

    /// The visit as far as it concerns one tag.
    pub fn about(visit: &'v Visit, tag: &'v TagInfo) -> Self {
        Self {
            tag: Some(tag),
            ..Self::new(visit)
        }
    }

    /// Who brought which code.
    pub fn lineage(&self) -> &Lineage<'v> {
        self.lineage.get_or_init(|| Lineage::new(self.visit))
    }

    /// The code is that of the tag in question, or of something that the tag brought.
    pub fn is_tags(&self, code: &CodeLocation, script: u32) -> bool {
        self.tag
            .is_some_and(|tag| self.owned().code(code, script, tag))
    }

    /// The tag in question, or something it brought, asked for this.
    pub fn asked_by_tag(&self, fetch: &'v Fetch) -> bool {
        self.tag
            .is_some_and(|tag| self.owned().fetch(fetch, self.lineage(), tag))
    }

    /// What the tag in question brought.
    pub fn owned(&self) -> &Owned {
        self.owned.get_or_init(|| {
            self.tag
                .map(|tag| Owned::new(self.visit, self.lineage(), tag))
                .unwrap_or_default()
        })
    }

    /// The trace; `None` in a visit that was not traced.
    pub fn trace(&self) -> Option<&'v Trace> {
        self.visit.trace.as_ref()
    }

    /// What was found on the page; `None` in a visit that was not traced.
    pub fn inventory(&self) -> Option<&'v Inventory> {
        self.visit.inventory.as_ref()
    }

    /// The document that the visit opened first: the page under test.
    pub fn page(&self) -> Result<&'v PageRecord, String> {
        self.visit
            .pages
            .first()
            .ok_or_else(|| "no page was recorded".into())
    }

    /// Long tasks of all documents, each with the document that had it.
    pub fn long_tasks(&self) -> impl Iterator<Item = (&'v PageRecord, &'v LongTask)> {
        let pages = self.visit.pages.iter();
        pages.flat_map(|page| page.long_tasks.iter().map(move |task| (page, task)))
    }

    /// Cumulative layout shift of the worst document: <https://web.dev/articles/cls>.
    pub fn cls(&self) -> f64 {
        *self.cls.get_or_init(|| {
            let pages = self.visit.pages.iter();
            pages
                .map(|page| shifts::worst_window(&page.shifts))
                .fold(0.0, f64::max)
        })
    }

    /// The browser's own counters; no page loads in no time, so that zero means that they were not read.
    pub fn counters(&self) -> Result<&'v Counters, String> {
        let counters = &self.visit.counters;
        if counters.task_ms > 0.0 {
            Ok(counters)
        } else {
            Err("the browser gave no counters".into())
        }
    }

    /// What the page holds at the end; no document is without nodes.
    pub fn holdings(&self) -> Result<&'v Holdings, String> {
        let holdings = &self.visit.holdings;
        if holdings.dom_nodes > 0.0 {
            Ok(holdings)
        } else {
            Err("the browser did not tell what the page holds".into())
        }
    }

    /// Requests that the page makes with this arm's tags; no visit is without its document.
    pub fn requests(&self) -> Result<impl Iterator<Item = &'v Request>, String> {
        let requests = &self.visit.requests;
        if requests.is_empty() {
            return Err("the stage saw no request".into());
        }
        Ok(requests
            .iter()
            .filter(|request| request.answer != Answer::Blocked))
    }

    /// The steps of one kind: `scroll`.
    pub fn steps(&self, kind: &str) -> impl Iterator<Item = &'v StepRecord> {
        let steps = self.visit.steps.iter();
        steps.filter(move |step| step.kind == kind)
    }

    /// When the steps of one kind ran, on the trace's clock, in order; none in a visit that was not traced.
    pub fn spans(&self, kind: &str) -> Vec<Span> {
        spans(self.steps(kind))
    }

    /// When the scenario's own steps ran, as [`Evidence::spans`].
    pub fn scenario_spans(&self) -> Vec<Span> {
        let steps = self.visit.steps.iter();
        spans(steps.filter(|step| !step.is_harness()))
    }

    /// When nobody touches the page: idle steps and the quiet at the visit's end, without the time that input of
    /// the step before may still be on its way. On the trace's clock, in order.
    pub fn untouched(&self) -> Vec<Span> {
        let mut spans = self.spans("idle");
        spans.extend(self.spans(StepRecord::QUIET));
        let settled = spans
            .iter()
            .filter_map(|span| Span::new(span.start_us + SETTLED_AFTER_US, span.end_us));
        settled.collect()
    }

    /// The step that was running at a time of the trace's clock, as in the scenario.
    pub fn step_at(&self, time_us: f64) -> Option<&'v StepRecord> {
        let mut steps = self.visit.steps.iter();
        steps.find(|step| {
            step.trace_us
                .is_some_and(|(start_us, end_us)| start_us <= time_us && time_us <= end_us)
        })
    }

    /// The main thread's events: what ran within what. Empty in a visit that was not traced.
    pub fn tree(&self) -> &Tree<'v> {
        let events = self
            .visit
            .trace
            .as_ref()
            .map_or(&[][..], |trace| &trace.events);
        self.tree
            .get_or_init(|| Tree::new(events.iter().filter(|event| event.thread == 0)))
    }

    /// Functions that the browser called.
    pub fn callbacks(&self) -> &Callbacks<'v> {
        self.callbacks.get_or_init(|| {
            let pages = self.visit.pages.iter();
            let documents: Vec<&str> = pages
                .map(|page| callbacks::without_query(&page.url))
                .collect();
            let is_tags = |code: &CodeLocation, script| self.is_tags(code, script);
            let wrapped = match self.tag {
                Some(_) => Wrapped::new(self.stacks(), &is_tags),
                None => Wrapped::default(),
            };
            Callbacks::new(self.tree(), &documents, &wrapped)
        })
    }

    /// Which functions were on the main thread's stack. Empty in a visit without a profile.
    pub fn stacks(&self) -> &Stacks<'v> {
        let profile = || self.trace()?.profile.as_ref();
        self.stacks
            .get_or_init(|| profile().map(Stacks::new).unwrap_or_default())
    }

    /// Each time that the page's code was let run, and why.
    pub fn turns(&self) -> &Turns<'v> {
        self.turns
            .get_or_init(|| Turns::new(self.tree(), self.callbacks()))
    }

    /// What goes on at the end of the visit, when nobody touches the page.
    pub fn rest(&self) -> &Rest<'v> {
        self.rest.get_or_init(|| Rest::new(self))
    }

    /// What kind of loop each of those is.
    pub fn loops(&self) -> &[Loop] {
        self.loops.get_or_init(|| loops::loops(self))
    }

    /// What the page's code does for moves, turns of the wheel, keys.
    pub fn inputs(&self) -> &Inputs {
        self.inputs.get_or_init(|| Inputs::new(self))
    }

    /// The dispatches of scroll events, whoever scrolled, in order; without those inside another.
    pub fn scroll_events(&self) -> &[Span] {
        self.scroll_events.get_or_init(|| {
            let tree = self.tree();
            let scroll = |event: &_| scrolling::is_dispatch(event, &["scroll"]);
            let found = tree
                .outermost(tree.all(), scroll)
                .map(|index| &tree.nodes[index]);
            found
                .filter_map(|node| Span::new(node.start_us, node.end_us()))
                .collect()
        })
    }

    /// What is left of `spans` when no scroll event can be at work.
    pub fn without_scrolling(&self, spans: &[Span]) -> Vec<Span> {
        span::without(spans, self.scroll_events(), scrolling::AFTER_US)
    }

    /// The scroll events of the scroll steps, and the work done for each.
    pub fn scrolling(&self) -> &Scrolling {
        self.scrolling
            .get_or_init(|| Scrolling::new(self.tree(), self.callbacks(), &self.spans("scroll")))
    }

    /// Events of scrolling that were dispatched from within a call.
    pub fn dispatched_within(&self, call: &Callback) -> usize {
        let nodes = self.tree().nodes[call.nodes.clone()].iter();
        nodes
            .filter(|node| scrolling::is_dispatch(node.event, scrolling::KINDS))
            .count()
    }

    /// CPU time of the script that began within `spans`, microseconds.
    pub fn script_cpu_us(&self, spans: &[Span]) -> f64 {
        let tree = self.tree();
        let script = tree.outermost(tree.all(), scrolling::is_script);
        total_cpu(script.map(|index| &tree.nodes[index]), spans)
    }

    /// Main-thread CPU time of the tasks that began within `spans`, microseconds.
    pub fn main_cpu_us(&self, spans: &[Span]) -> f64 {
        let roots = self
            .tree()
            .nodes
            .iter()
            .filter(|node| node.parent.is_none());
        let during = roots.filter(|node| spans.iter().any(|span| span.holds(node.start_us)));
        during.map(|node| node.cpu_us).fold(0.0, |a, b| a + b)
    }

    /// Layouts and style recalculations in `nodes` that script forced, without those inside another.
    pub fn forced(&self, nodes: std::ops::Range<usize>) -> impl Iterator<Item = &Node<'v>> {
        let tree = self.tree();
        let forced = tree.outermost(nodes, |event| event.forced);
        forced.map(|index| &tree.nodes[index])
    }
}

fn spans<'v>(steps: impl Iterator<Item = &'v StepRecord>) -> Vec<Span> {
    let times = steps.filter_map(|step| step.trace_us);
    let mut spans: Vec<Span> = times
        .filter_map(|(start_us, end_us)| Span::new(start_us, end_us))
        .collect();
    spans.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
    spans
}

fn total_cpu<'n, 'v: 'n>(nodes: impl Iterator<Item = &'n Node<'v>>, spans: &[Span]) -> f64 {
    let during = nodes.filter(|node| any_holds(spans, node.start_us));
    during.map(|node| node.cpu_us).fold(0.0, |a, b| a + b)
}
