//! Too much work for each scroll event.

use super::case::{Case, Facts, per};
use super::{MAIN_PER_SECOND, SCRIPT_PER_EVENT, Symptom, TIMES};
use crate::model::Unit;
use crate::trace::Place;

/// Fewer scroll events than this are no scrolling.
const ENOUGH_EVENTS: f64 = 3.0;

/// A listener that is called for less than one scroll event in ten does not follow the scrolling.
const CALLED_PER_EVENT: f64 = 0.1;

pub fn look<'e, 'v>(case: &Case<'e, 'v>) -> Option<Symptom<'v>> {
    let seen = case
        .with
        .iter()
        .map(|facts| is_heavy(case, facts))
        .collect();
    let culprit = case.culprit(|place: &Place<'v>| {
        let at_place = |facts: &Facts<'e, 'v>| facts.at(place).of_scrolling;
        case.with(|facts| case.added(facts, at_place))
    })?;
    // A listener of the wheel, which turns while the page scrolls, is heavy_input_handler's.
    if case.with(|facts| facts.dispatched_by_others(&culprit)) > 0.5 {
        return None;
    }
    let anyway = case.with.iter().filter(|facts| facts.runs_anyway(&culprit));
    if anyway.count() * 2 > case.with.len() {
        return None;
    }
    let enough = case.arms.limit(&SCRIPT_PER_EVENT);
    let per_event = case.with(|facts| facts.at(&culprit).per_event);
    let calls = |facts: &Facts<'_, 'v>| per(facts.calls_while_scrolling(&culprit), facts.events());
    let more_calls = case.with(calls) - case.most_without(calls);
    // Slow scrolling without a listener behind it, such as a page that is costly to paint, is another matter.
    if per_event < enough / 2.0 && more_calls < CALLED_PER_EVENT {
        return None;
    }
    let did = if per_event < enough / 2.0 {
        "ran for every scroll event, and style, layout and paint after it".into()
    } else {
        format!("took {} of CPU per scroll event", Unit::Ms.show(per_event))
    };
    let share = case.with(|facts| main_per_s(case, facts)).max(0.0) / 10.0;
    let text = format!("{did}: scrolling takes {share:.0} % of a core more with the tag");
    Some(Symptom {
        seen,
        culprit: Some(culprit),
        text,
        after: false,
    })
}

fn is_heavy<'e, 'v>(case: &Case<'e, 'v>, facts: &Facts<'e, 'v>) -> bool {
    let script = case.added(facts, |facts| facts.script().of_scrolling);
    let main = |facts: &Facts<'e, 'v>| facts.main().of_scrolling;
    let main_is_heavy = main_per_s(case, facts) >= case.arms.limit(&MAIN_PER_SECOND)
        && case.added(facts, main) >= case.arms.limit(&TIMES) * case.most_without(main);
    (script >= case.arms.limit(&SCRIPT_PER_EVENT) || main_is_heavy)
        && facts.events() >= ENOUGH_EVENTS
}

/// What the tag adds to a second of scrolling, milliseconds of main-thread CPU.
///
/// The arms are compared per event, since a page that is busy scrolling gets fewer events.
fn main_per_s<'e, 'v>(case: &Case<'e, 'v>, facts: &Facts<'e, 'v>) -> f64 {
    case.added(facts, |facts| facts.main().of_scrolling) * facts.events_per_s()
}
