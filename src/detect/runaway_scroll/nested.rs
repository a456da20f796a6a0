//! Scroll events that a listener dispatches from within a scroll event.

use super::case::{Case, Facts, per};
use super::{NESTED, Symptom};
use crate::model::Unit;

pub fn look<'v>(case: &Case<'_, 'v>) -> Option<Symptom<'v>> {
    let nested = |facts: &Facts<'_, 'v>| facts.nested_per_event();
    let without = case.most_without(nested);
    let seen = case
        .with
        .iter()
        .map(|facts| facts.events() > 0.0 && nested(facts) - without >= case.arms.limit(&NESTED))
        .collect();
    let within = |place: &_| case.with(|facts| per(facts.dispatched_by(place), facts.events()));
    let text = format!(
        "dispatched {} further events from within each scroll event",
        Unit::Count.show(case.with(nested).round())
    );
    Some(Symptom {
        seen,
        culprit: case.culprit(within),
        text,
        after: false,
    })
}
