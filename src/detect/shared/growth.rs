//! What the page holds more and more of because of the tag.

use std::collections::BTreeMap;

use super::super::Threshold;
use super::{Arms, Culprit, median};
use crate::model::{CodeLocation, Figure, Unit};
use crate::trace::{Evidence, Growth, Held, WAYS, Way, any_holds};

/// What changes the document asks for these, with the stack of who changed it.
const CHANGES: &[&str] = &["InvalidateLayout", "ScheduleStyleRecalculation"];

/// One change of the document weighs as much as so much CPU time, microseconds.
const CHANGE: f64 = 1000.0;

/// Growth beyond that of the trials without the tag.
pub struct Grown {
    pub seen: Vec<bool>,
    pub way: &'static Way,
    held: Held,
}

impl<'e, 'v> Arms<'e, 'v> {
    /// Of the ways of spending time in which `held` grows steadily and by `limit` more than without the tag, that
    /// in which it grows most.
    pub fn grows(&self, held: Held, limit: &Threshold) -> Option<Grown> {
        let limit = self.limit(limit);
        let ways = WAYS.iter().filter_map(|way| {
            let most = self.most_without(|evidence| total(evidence, way, held));
            let seen = self.seen(|evidence| {
                let growth = evidence.growth(way, held);
                growth.is_some_and(|growth| growth.steady && growth.total - most >= limit)
            })?;
            let added = self.with(|evidence| total(evidence, way, held)) - most;
            Some((added, Grown { seen, way, held }))
        });
        let most = ways.max_by(|a, b| a.0.total_cmp(&b.0));
        most.map(|(_, grown)| grown)
    }
}

fn total(evidence: &Evidence, way: &Way, held: Held) -> f64 {
    evidence
        .growth(way, held)
        .map_or(0.0, |growth| growth.total)
}

impl Grown {
    /// `1240 more while the page was scrolled, 20.5 (19 to 22) for each scroll event`
    pub fn words(&self, arms: &Arms, unit: Unit) -> String {
        let of = |value: fn(&Growth) -> f64| {
            let seen = arms.with.iter().zip(&self.seen).filter(|(_, seen)| **seen);
            let growths = seen.filter_map(|(evidence, _)| evidence.growth(self.way, self.held));
            median(growths.map(|growth| value(&growth)))
        };
        let each = |value: f64| unit.show(rounded(value));
        format!(
            "{} more {}, {} ({} to {}) for each {}",
            unit.show(of(|growth| growth.total).round()),
            self.way.when,
            each(of(|growth| growth.slope.per_unit)),
            each(of(|growth| growth.slope.low)),
            each(of(|growth| growth.slope.high)),
            self.way.unit,
        )
    }

    pub fn figures(&self, arms: &Arms, what: &str, unit: Unit) -> Vec<Figure> {
        let (way, held) = (self.way, self.held);
        let growth = |evidence: &Evidence| evidence.growth(way, held).unwrap_or_default();
        vec![
            arms.figure(format!("{what} gained {}", way.when), unit, |evidence| {
                growth(evidence).total
            }),
            arms.figure(format!("{what} per {}", way.unit), unit, |evidence| {
                growth(evidence).slope.per_unit
            }),
            arms.figure(format!("{}s", way.unit), Unit::Count, |evidence| {
                growth(evidence).units
            }),
        ]
    }

    /// The step that gained most, as in the scenario.
    pub fn step(&self, arms: &Arms) -> Option<String> {
        let mut seen = arms.with.iter().zip(&self.seen).filter(|(_, seen)| **seen);
        let (evidence, _) = seen.next()?;
        let step = evidence.grew_in(self.way, self.held)?;
        Some(crate::trace::discreet(step))
    }

    /// The function that the browser called meanwhile and that changed the document most, or else worked most. Its
    /// usual call counts, not a single large one, which is how something is set up.
    pub fn culprit(&self, arms: &Arms) -> Option<Culprit> {
        arms.blame_places(|evidence| {
            let growth = evidence.growth(self.way, self.held).unwrap_or_default();
            let calls = evidence.callbacks().calls.iter();
            let during = calls.filter(|call| any_holds(&growth.spans, call.start_us));
            let mut places: BTreeMap<(&CodeLocation, u32), Vec<f64>> = BTreeMap::new();
            for call in during {
                let nodes = evidence.tree().nodes.get(call.nodes.clone());
                let nodes = nodes.unwrap_or_default().iter();
                let changes = nodes.filter(|node| CHANGES.contains(&node.event.name.as_str()));
                let weight = CHANGE * changes.count() as f64 + call.cpu_us;
                let key = (call.code, call.script);
                places.entry(key).or_default().push(weight);
            }
            let usual = places.into_iter().map(|((code, script), weights)| {
                let calls = weights.len() as f64;
                (code, script, median(weights.into_iter()) * calls)
            });
            usual.collect()
        })
    }
}

fn rounded(value: f64) -> f64 {
    if value.abs() >= 10.0 {
        value.round()
    } else {
        (value * 10.0).round() / 10.0
    }
}
