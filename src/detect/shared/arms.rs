//! The traced trials of one question, and how their figures are compared.

use super::super::{Detector, Threshold};
use crate::model::{Figure, Finding, Limit, TagInfo, Unit};
use crate::trace::Evidence;

/// The traced trials of a tag's question, those with the tag and those without.
#[derive(Clone, Copy)]
pub struct Arms<'e, 'v> {
    pub tag: &'e TagInfo,
    pub with: &'e [Evidence<'v>],
    pub without: &'e [Evidence<'v>],
    /// Thresholds that the user set.
    limits: &'e [Limit],
    /// Who asks.
    detector: &'static str,
}

impl<'e, 'v> Arms<'e, 'v> {
    pub fn new(tag: &'e TagInfo, with: &'e [Evidence<'v>], without: &'e [Evidence<'v>]) -> Self {
        Self {
            tag,
            with,
            without,
            limits: &[],
            detector: "",
        }
    }

    /// The same trials, for one detector, with the user's thresholds.
    pub fn asked_by(self, detector: &Detector, limits: &'e [Limit]) -> Self {
        Self {
            limits,
            detector: detector.id,
            ..self
        }
    }

    /// What another detector finds in the same trials, with the user's thresholds for it.
    pub fn ask(self, detector: &Detector) -> Vec<Finding> {
        (detector.detect)(&self.asked_by(detector, self.limits))
    }

    /// Where the line is drawn: the user's, or the detector's own.
    pub fn limit(&self, threshold: &Threshold) -> f64 {
        let mut limits = self.limits.iter();
        let own =
            limits.find(|limit| limit.finding == self.detector && limit.threshold == threshold.id);
        own.map_or(threshold.value, |limit| limit.value)
    }

    /// Another detector has something to say of the same trials.
    pub fn also_found(&self, other: &Detector) -> bool {
        !(other.detect)(&self.asked_by(other, self.limits)).is_empty()
    }

    /// The largest `value` of a trial without the tag; zero if none is larger.
    pub fn most_without(&self, value: impl Fn(&Evidence<'v>) -> f64) -> f64 {
        self.without.iter().map(value).fold(0.0, f64::max)
    }

    /// By how much `value` of one trial exceeds that of every trial without the tag.
    pub fn added(&self, with: &Evidence<'v>, value: impl Fn(&Evidence<'v>) -> f64) -> f64 {
        value(with) - self.most_without(value)
    }

    /// By trial with the tag: whether `is` holds. `None` unless it holds in most of them.
    pub fn seen(&self, is: impl Fn(&Evidence<'v>) -> bool) -> Option<Vec<bool>> {
        let seen: Vec<bool> = self.with.iter().map(is).collect();
        mostly(&seen).then_some(seen)
    }

    /// By trial with the tag: whether `value` exceeds the trials without it by `limit` or more. `None` unless it
    /// does in most of them.
    pub fn exceeds(
        &self,
        limit: &Threshold,
        value: impl Fn(&Evidence<'v>) -> f64,
    ) -> Option<Vec<bool>> {
        let (most, limit) = (self.most_without(&value), self.limit(limit));
        self.seen(|evidence| value(evidence) - most >= limit)
    }

    /// The median of `value` over the trials with the tag.
    pub fn with(&self, value: impl Fn(&Evidence<'v>) -> f64) -> f64 {
        median(self.with.iter().map(value))
    }

    /// Median `value` of both arms.
    pub fn figure(
        &self,
        name: impl Into<String>,
        unit: Unit,
        value: impl Fn(&Evidence<'v>) -> f64,
    ) -> Figure {
        Figure {
            name: name.into(),
            unit,
            with: median(self.with.iter().map(&value)),
            without: median(self.without.iter().map(&value)),
        }
    }
}

/// The middle value, or the mean of the two middle ones; zero when there are none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[odd / 2],
        even => f64::midpoint(values[even / 2 - 1], values[even / 2]),
    }
}

/// At least two thirds of the trials.
///
/// A misbehaviour in a tag's code shows in every visit in which the code gets its chance. A trial may miss
/// it, when the page was slow to load the tag; a single odd trial out of three is no misbehaviour.
pub fn mostly(seen: &[bool]) -> bool {
    let count = seen.iter().filter(|seen| **seen).count();
    count > 0 && count * 3 >= seen.len() * 2
}
