//! One question about a tag: the facts of each traced trial, and who is to blame.

use std::collections::{BTreeMap, HashMap};

use super::super::Arms;
use super::super::shared::median;
use crate::model::CodeLocation;
use crate::trace::{Callback, Evidence, INPUTS, Place, Scrolling, Share, Span, any_holds, seconds};

/// Input of a scroll step may still be on its way when the step ends.
const SETTLED_AFTER_US: f64 = 100e3;

/// Less time than this tells nothing of what goes on anyway.
const ENOUGH_CALM_S: f64 = 0.25;

/// What is called at this share of its pace when nothing scrolls is no scroll event's.
pub const ANYWAY: f64 = 0.2;

/// A tag's arms, with the facts of each traced trial.
pub struct Case<'e, 'v> {
    pub arms: &'e Arms<'e, 'v>,
    pub with: Vec<Facts<'e, 'v>>,
    pub without: Vec<Facts<'e, 'v>>,
}

/// One traced trial.
pub struct Facts<'e, 'v> {
    pub evidence: &'e Evidence<'v>,
    pub scrolling: &'e Scrolling,
    /// Time in which nobody touches the page, before the first scroll step.
    pub before: Vec<Span>,
    /// The same, after it.
    pub after: Vec<Span>,
    /// `after`, and the quiet at the visit's end.
    pub rest: Vec<Span>,
    /// Of both, the time in which the page does not scroll by itself either.
    calm: Vec<Span>,
    numbers: HashMap<Place<'v>, usize>,
}

/// CPU time per scroll event, milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub per_event: f64,
    /// Without what goes on when nothing scrolls: that is not scrolling's.
    pub of_scrolling: f64,
}

impl<'e, 'v> Case<'e, 'v> {
    pub fn new(arms: &'e Arms<'e, 'v>) -> Self {
        Self {
            arms,
            with: arms.with.iter().map(Facts::new).collect(),
            without: arms.without.iter().map(Facts::new).collect(),
        }
    }

    /// How much `value` of one trial exceeds that of every control trial.
    pub fn added(&self, with: &Facts<'e, 'v>, value: impl Fn(&Facts<'e, 'v>) -> f64) -> f64 {
        value(with) - self.most_without(value)
    }

    /// The largest `value` of a control trial.
    pub fn most_without(&self, value: impl Fn(&Facts<'e, 'v>) -> f64) -> f64 {
        self.without.iter().map(value).fold(0.0, f64::max)
    }

    /// The median of `value` over the trials with the tag.
    pub fn with(&self, value: impl Fn(&Facts<'e, 'v>) -> f64) -> f64 {
        median(self.with.iter().map(value))
    }

    /// The place to blame, when `excess` says how much of the trouble each place has.
    ///
    /// Of the places with at least half of the largest excess: first the tag's own code, then code that does
    /// not run without the tag, then the largest excess. So a listener of the page's own that must hear all
    /// that a tag sets off is not blamed for it, and a trifle of the tag's is not blamed for its child's work.
    pub fn culprit(&self, excess: impl Fn(&Place<'v>) -> f64) -> Option<Place<'v>> {
        let mut all: BTreeMap<Place<'v>, f64> = BTreeMap::new();
        for place in self.with.iter().flat_map(|facts| facts.numbers.keys()) {
            all.entry(*place).or_insert_with(|| excess(place));
        }
        let most = all.values().copied().fold(0.0, f64::max);
        let suspects = all
            .into_iter()
            .filter(|(_, excess)| *excess > 0.0 && *excess >= most / 2.0);
        let rank = |place: &Place<'v>| (self.is_tags(place), !self.also_without(place));
        let first = suspects.max_by(|a, b| rank(&a.0).cmp(&rank(&b.0)).then(a.1.total_cmp(&b.1)));
        first.map(|(place, _)| place)
    }

    /// The place runs without the tag as well: a listener of the page's own, or a wrapper around many.
    pub fn also_without(&self, place: &Place<'v>) -> bool {
        self.without
            .iter()
            .any(|facts| facts.number(place).is_some())
    }

    /// The place as a trial with the tag names it; `None` where the trace does not.
    pub fn code(&self, place: &Place<'v>) -> Option<&'v CodeLocation> {
        let mut trials = self.with.iter();
        let code = trials.find_map(|facts| facts.code(place))?;
        (!code.url.is_empty()).then_some(code)
    }

    fn is_tags(&self, place: &Place<'v>) -> bool {
        let mut trials = self.with.iter();
        trials.any(|facts| {
            let call = facts.calls(place).next();
            call.is_some_and(|call| facts.evidence.is_tags(call.code, call.script))
        })
    }
}

impl<'e, 'v> Facts<'e, 'v> {
    fn new(evidence: &'e Evidence<'v>) -> Self {
        let first = evidence.spans("scroll").first().copied();
        let idle = evidence.spans("idle").into_iter();
        let settled =
            idle.filter_map(|span| Span::new(span.start_us + SETTLED_AFTER_US, span.end_us));
        let settled: Vec<Span> = settled.collect();
        let untouched = evidence.untouched();
        let calm = evidence.without_scrolling(&untouched);
        let is_before = |span: &Span| first.is_none_or(|first| span.end_us <= first.start_us);
        let (before, after) = settled.into_iter().partition(is_before);
        let rest = untouched.into_iter().filter(|span| !is_before(span));
        let places = evidence.callbacks().places.iter().enumerate();
        Self {
            evidence,
            scrolling: evidence.scrolling(),
            before,
            after,
            rest: rest.collect(),
            calm,
            numbers: places.map(|(number, place)| (*place, number)).collect(),
        }
    }

    /// The place's number in this trial, if it was called at all.
    pub fn number(&self, place: &Place<'v>) -> Option<usize> {
        self.numbers.get(place).copied()
    }

    /// Scroll events during scroll steps.
    pub fn events(&self) -> f64 {
        self.scrolling.beats.len() as f64
    }

    /// The same, per second of scrolling.
    pub fn events_per_s(&self) -> f64 {
        per(self.events(), self.scrolling.wall_us / 1e6)
    }

    /// CPU time of all script per scroll event, milliseconds.
    pub fn script(&self) -> Cost {
        let costs = self.scrolling.beats.iter().map(|beat| beat.script_us);
        self.cost(costs, |spans| self.evidence.script_cpu_us(spans))
    }

    /// CPU time of all main-thread work per scroll event, milliseconds.
    pub fn main(&self) -> Cost {
        let costs = self.scrolling.beats.iter().map(|beat| beat.main_us);
        self.cost(costs, |spans| self.evidence.main_cpu_us(spans))
    }

    /// CPU time of one place's calls per scroll event, milliseconds.
    pub fn at(&self, place: &Place<'v>) -> Cost {
        let costs = self.shares(place).map(|share| share.cpu_us);
        self.cost(costs, |spans| {
            let calls = self.calls(place);
            let idle = calls.filter(|call| any_holds(spans, call.start_us));
            idle.map(|call| call.cpu_us).fold(0.0, |a, b| a + b)
        })
    }

    /// Main-thread CPU after the first scroll step while nobody touches the page, milliseconds per second.
    pub fn main_after(&self) -> f64 {
        per(
            self.evidence.main_cpu_us(&self.after) / 1e3,
            seconds(&self.after),
        )
    }

    /// Calls by the browser in the same time, per second.
    pub fn calls_after(&self) -> f64 {
        let calls = self.evidence.callbacks().calls.iter();
        let during = calls.filter(|call| any_holds(&self.after, call.start_us));
        per(during.count() as f64, seconds(&self.after))
    }

    /// Scroll events after the first scroll step while nobody touches the page, per second.
    pub fn scroll_events_after(&self) -> f64 {
        let events = self.evidence.scroll_events().iter();
        let during = events.filter(|event| any_holds(&self.rest, event.start_us));
        per(during.count() as f64, seconds(&self.rest))
    }

    /// The place does the same when nothing scrolls, if not as often: no scroll event is the cause.
    pub fn runs_anyway(&self, place: &Place<'v>) -> bool {
        let (mut calm, mut others) = ((0.0, 0.0), (0.0, 0.0));
        for call in self.calls(place) {
            let sum = if any_holds(&self.calm, call.start_us) {
                &mut calm
            } else {
                &mut others
            };
            *sum = (sum.0 + 1.0, sum.1 + call.cpu_us);
        }
        let while_scrolling = self.calls_while_scrolling(place) / (self.scrolling.wall_us / 1e6);
        self.calm_calls_per_s(place) >= ANYWAY * while_scrolling
            && per(calm.1, calm.0) >= per(others.1, others.0) / 2.0
    }

    /// Calls of one place per second while nobody touches the page and it does not scroll by itself.
    pub fn calm_calls_per_s(&self, place: &Place<'v>) -> f64 {
        let calls = self.calls(place);
        let during = calls.filter(|call| any_holds(&self.calm, call.start_us));
        per(during.count() as f64, seconds(&self.calm))
    }

    /// Events of scrolling that listeners dispatched from within each scroll event.
    pub fn nested_per_event(&self) -> f64 {
        let nested: usize = self.scrolling.beats.iter().map(|beat| beat.nested).sum();
        per(nested as f64, self.events())
    }

    /// The same, in all, by the calls of one place.
    pub fn dispatched_by(&self, place: &Place<'v>) -> f64 {
        let dispatched = self
            .calls(place)
            .map(|call| self.evidence.dispatched_within(call));
        dispatched.sum::<usize>() as f64
    }

    /// Share of one place's calls that input events other than scroll events made.
    pub fn dispatched_by_others(&self, place: &Place<'v>) -> f64 {
        let is_other = |kind: &str| kind != "scroll" && INPUTS.contains(&kind);
        let others = self
            .calls(place)
            .filter(|call| call.dispatched.is_some_and(is_other));
        per(others.count() as f64, self.calls(place).count() as f64)
    }

    /// Calls of one place for scroll events.
    pub fn calls_while_scrolling(&self, place: &Place<'v>) -> f64 {
        self.shares(place).map(|share| share.calls).sum::<usize>() as f64
    }

    /// Its calls per scroll event, in the first and in the last quarter of the events.
    pub fn calls_first_and_last(&self, place: &Place<'v>) -> (f64, f64) {
        let calls = self.shares(place).map(|share| (share.beat, share.calls));
        self.scrolling.first_and_last(calls)
    }

    /// Layouts that its calls forced while scrolling.
    pub fn forced_layouts(&self, place: &Place<'v>) -> f64 {
        let scrolling = self.calls(place).filter(|call| self.scrolling.holds(call));
        let forced = scrolling.flat_map(|call| self.evidence.forced(call.nodes.clone()));
        forced.filter(|node| node.event.name == "Layout").count() as f64
    }

    /// Where its calls forced layouts and style recalculations, and what each took, microseconds.
    pub fn forced_by(&self, place: &Place<'v>) -> impl Iterator<Item = (&'v CodeLocation, f64)> {
        let forced = self
            .calls(place)
            .flat_map(|call| self.evidence.forced(call.nodes.clone()));
        forced.filter_map(|node| Some((node.event.code.as_ref()?, node.cpu_us)))
    }

    /// Its calls, in order.
    pub fn calls(&self, place: &Place<'v>) -> impl Iterator<Item = &'e Callback<'v>> {
        let number = self.number(place);
        number
            .into_iter()
            .flat_map(|number| self.evidence.callbacks().at(number))
    }

    fn shares(&self, place: &Place<'v>) -> impl Iterator<Item = &'e Share> {
        let number = self.number(place);
        number
            .into_iter()
            .flat_map(|number| &self.scrolling.shares[number])
    }

    fn cost(&self, costs: impl Iterator<Item = f64>, calm: impl Fn(&[Span]) -> f64) -> Cost {
        let per_event = per(self.scrolling.sustained(costs) / 1e3, self.events());
        let calm_s = seconds(&self.calm);
        let anyway = if calm_s < ENOUGH_CALM_S {
            0.0
        } else {
            per(calm(&self.calm) / 1e3 / calm_s, self.events_per_s())
        };
        Cost {
            per_event,
            of_scrolling: (per_event - anyway).max(0.0),
        }
    }

    fn code(&self, place: &Place<'v>) -> Option<&'v CodeLocation> {
        self.calls(place).next().map(|call| call.code)
    }
}

/// `amount` per unit of `of`; zero when there is none of it.
pub fn per(amount: f64, of: f64) -> f64 {
    if of > 0.0 { amount / of } else { 0.0 }
}
