//! Scrolling, or what scrolling set off, that does not end when nobody scrolls.

use super::super::shared::mostly;
use super::case::{Case, Facts, per};
use super::{CALLS_PER_SECOND, CPU_PER_SECOND, GOES_ON, GOES_ON_MORE, Symptom};
use crate::model::Unit;
use crate::trace::{Place, Span, any_holds, longest_run, seconds};

/// Calls this far apart are no longer one activity.
const GAP_US: f64 = 250e3;

/// What ran before the first scroll event at this share of its later pace was not set off by scrolling.
const BEFORE: f64 = 0.2;

/// What a place does without end in one trial.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    pub seconds: f64,
    pub calls_per_s: f64,
    pub cpu_ms_per_s: f64,
    /// Called by scroll events.
    scrolls: bool,
    /// It ended before the idle step did: inertia, or a smooth scroll.
    ended: bool,
}

/// What goes on in the control arm at most.
struct Without {
    scroll_s: f64,
    main: f64,
    calls: f64,
}

pub fn look<'v>(case: &Case<'_, 'v>) -> Option<Symptom<'v>> {
    let without = Without {
        scroll_s: case.most_without(scroll_run),
        main: case.most_without(Facts::main_after),
        calls: case.most_without(Facts::calls_after),
    };
    let seen = |place: &Place<'v>| -> Vec<bool> {
        let trials = case.with.iter();
        trials
            .map(|facts| endless(case, &without, facts, place))
            .collect()
    };
    let culprit = case.culprit(|place| {
        let pace = |facts: &Facts<'_, 'v>| run(facts, place).calls_per_s;
        if mostly(&seen(place)) {
            case.with(pace)
        } else {
            0.0
        }
    })?;
    let runs = |value: fn(&Run) -> f64| case.with(|facts| value(&run(facts, &culprit)));
    let text = format!(
        "went on for {:.1} s while nobody scrolled, {:.0} calls and {} of CPU per second",
        runs(|run| run.seconds),
        runs(|run| run.calls_per_s),
        Unit::Ms.show(runs(|run| run.cpu_ms_per_s)),
    );
    Some(Symptom {
        seen: seen(&culprit),
        culprit: Some(culprit),
        text,
        after: true,
    })
}

fn endless<'v>(
    case: &Case<'_, 'v>,
    without: &Without,
    facts: &Facts<'_, 'v>,
    place: &Place<'v>,
) -> bool {
    let with = run(facts, place);
    if with.seconds < case.arms.limit(&GOES_ON) || with.ended {
        return false;
    }
    if with.scrolls {
        return with.seconds - without.scroll_s >= case.arms.limit(&GOES_ON_MORE);
    }
    if case.most_without(|facts| run(facts, place).seconds) > with.seconds / 2.0 {
        return false;
    }
    // The whole page must show it too: work that merely moved to another place is not new.
    let busy = with.cpu_ms_per_s.min(facts.main_after() - without.main)
        >= case.arms.limit(&CPU_PER_SECOND);
    let often = with.calls_per_s.min(facts.calls_after() - without.calls)
        >= case.arms.limit(&CALLS_PER_SECOND);
    (busy || often) && set_off_by_scrolling(facts, place, with.calls_per_s)
}

/// The place's longest activity after a scroll step.
///
/// In the quiet at the visit's end only scrolling itself counts: other work that goes on there has detectors of its
/// own.
pub fn run<'v>(facts: &Facts<'_, 'v>, place: &Place<'v>) -> Run {
    let at_rest = run_within(facts, place, &facts.rest);
    if at_rest.scrolls {
        return at_rest;
    }
    run_within(facts, place, &facts.after)
}

fn run_within<'v>(facts: &Facts<'_, 'v>, place: &Place<'v>, spans: &[Span]) -> Run {
    let times: Vec<f64> = facts.calls(place).map(|call| call.start_us).collect();
    let Some(longest) = longest(&times, spans) else {
        return Run::default();
    };
    let seconds = longest.length_us() / 1e6;
    let (mut calls, mut cpu_us, mut by_scrolling) = (0, 0.0, 0);
    for call in facts
        .calls(place)
        .filter(|call| longest.holds(call.start_us))
    {
        calls += 1;
        cpu_us += call.cpu_us;
        by_scrolling += usize::from(call.dispatched == Some("scroll"));
    }
    Run {
        seconds,
        calls_per_s: per(calls as f64, seconds),
        cpu_ms_per_s: per(cpu_us / 1e3, seconds),
        scrolls: by_scrolling * 2 > calls,
        ended: !spans
            .iter()
            .any(|span| span.holds(longest.end_us) && span.end_us - longest.end_us <= GAP_US),
    }
}

/// How long scroll events went on while nobody scrolled, seconds.
fn scroll_run(facts: &Facts) -> f64 {
    let events = facts.evidence.scroll_events().iter();
    let times: Vec<f64> = events.map(|event| event.start_us).collect();
    let run = longest(&times, &facts.rest);
    run.map_or(0.0, |run| run.length_us() / 1e6)
}

fn longest(times: &[f64], spans: &[Span]) -> Option<Span> {
    let runs = spans
        .iter()
        .filter_map(|span| longest_run(times, *span, GAP_US));
    runs.max_by(|a, b| a.length_us().total_cmp(&b.length_us()))
}

fn set_off_by_scrolling<'v>(facts: &Facts<'_, 'v>, place: &Place<'v>, calls_per_s: f64) -> bool {
    let before_s = seconds(&facts.before);
    if before_s > 0.0 {
        let calls = facts.calls(place);
        let idle = calls.filter(|call| any_holds(&facts.before, call.start_us));
        return per(idle.count() as f64, before_s) <= BEFORE * calls_per_s;
    }
    let first_call = facts.calls(place).next();
    let first_scroll = facts.scrolling.beats.first();
    matches!((first_call, first_scroll), (Some(call), Some(beat)) if call.start_us >= beat.start_us)
}
