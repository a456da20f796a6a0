//! Too much work for each scroll event.

use super::Symptom;
use super::case::{Case, Facts, per};
use crate::model::Unit;

/// Script CPU that scrolling may cost per scroll event, milliseconds.
pub const PER_EVENT_MS: f64 = 4.0;

/// Main-thread CPU that scrolling may cost, milliseconds per second of scrolling.
pub const PER_SECOND_MS: f64 = 80.0;

/// Fewer scroll events than this are no scrolling.
const ENOUGH_EVENTS: f64 = 3.0;

/// A listener that is called for less than one scroll event in ten does not follow the scrolling.
const CALLED_PER_EVENT: f64 = 0.1;

pub fn look<'v>(case: &Case<'_, 'v>) -> Option<Symptom<'v>> {
    let trial = |facts| {
        let script = case.added(facts, |facts| facts.script());
        let main = case.added(facts, |facts| facts.main());
        let heavy = per(script, facts.events_per_s()) >= PER_EVENT_MS || main >= PER_SECOND_MS;
        heavy && facts.events() >= ENOUGH_EVENTS
    };
    let seen: Vec<bool> = case.with.iter().map(trial).collect();

    let by_cpu = |place: &_| case.with(|facts| case.added(facts, |facts| facts.at(place)));
    let culprit = case.culprit(by_cpu)?;
    let per_event = case.with(|facts| per(facts.at(&culprit).scrolling, facts.events_per_s()));
    let calls = |facts: &Facts<'_, 'v>| per(facts.calls_while_scrolling(&culprit), facts.events());
    let more_calls = case.with(calls) - case.most_without(calls);
    // Slow scrolling without a listener behind it, such as a page that is costly to paint, is another matter.
    if per_event < PER_EVENT_MS / 2.0 && more_calls < CALLED_PER_EVENT {
        return None;
    }
    let main = case.with(|facts| case.added(facts, |facts| facts.main()));
    let text = format!(
        "took {} of CPU per scroll event, and scrolling {} per second more than without the tag",
        Unit::Ms.show(per_event),
        Unit::Ms.show(main.max(0.0)),
    );
    Some(Symptom {
        seen,
        culprit: Some(culprit),
        text,
        after: false,
    })
}
