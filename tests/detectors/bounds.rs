//! Whatever a visit holds, metrics and detectors end, and say something finite.

use proptest::prelude::*;
use tagperf::model::{Arm, Contrast, Purpose, Reading, Slot, TraceEvent, Trial};

use super::*;

fn trials(visits: Vec<Visit>, purpose: Purpose) -> Vec<Trial> {
    let arms = [Arm(vec!["heatmap".into()]), Arm::control()];
    let trial = |(nth, visit): (usize, Visit)| Trial {
        slot: Slot {
            block: nth / 2,
            position: nth % 2,
            arm: arms[nth % 2].clone(),
            purpose,
        },
        attempt: 1,
        at_s: 0.0,
        outcome: Ok(visit),
    };
    visits.into_iter().enumerate().map(trial).collect()
}

fn findings_of_trials(trials: &[Trial]) -> Vec<Finding> {
    let contrast = Contrast {
        tag: "heatmap".into(),
        with: Arm(vec!["heatmap".into()]),
        without: Arm::control(),
    };
    tagperf::detect::findings(&[tag()], &[contrast], &[], trials).found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_visit_is_too_absurd(visits in proptest::collection::vec(visits::absurd::visit(), 0..5)) {
        for purpose in [Purpose::Measure, Purpose::Explain] {
            let trials = trials(visits.clone(), purpose);
            for sample in tagperf::metrics::samples(&trials) {
                if let Reading::Value(value) = sample.reading {
                    prop_assert!(value.is_finite() && value >= 0.0, "{} {value}", sample.metric);
                }
            }
            for finding in findings_of_trials(&trials) {
                let mut figures = finding.figures.iter();
                prop_assert!(figures.all(|figure| figure.with.is_finite() && figure.without.is_finite()));
                prop_assert!(finding.seen_in <= finding.seen_of);
            }
        }
    }
}

#[test]
fn only_traced_trials_explain() {
    let pairs = || [1.0, 1.1].map(|slow| [shop(THRASHING, slow), shop(NOTHING, slow)]);
    let visits: Vec<Visit> = pairs().into_iter().flatten().collect();
    let found = findings_of_trials(&trials(visits.clone(), Purpose::Explain));
    assert_eq!((found[0].seen_in, found[0].seen_of), (2, 2));
    assert!(findings_of_trials(&trials(visits.clone(), Purpose::Measure)).is_empty());

    // An incomplete control trace has too little of everything.
    let mut cut = visits;
    for visit in cut.iter_mut().skip(1).step_by(2) {
        visit.trace.as_mut().unwrap().incomplete = true;
    }
    assert!(findings_of_trials(&trials(cut, Purpose::Explain)).is_empty());
}

/// Many calls within the scroll step: one inside the other, or one after the other.
fn many_calls(nested: bool) -> Visit {
    let mut visit = shop(THRASHING, 1.0);
    let start_us = visit.steps[2].trace_us.unwrap().0;
    let calls = (0..200_000).map(|nth| TraceEvent {
        name: ["EventDispatch", "FunctionCall"][nth % 2].into(),
        start_us: start_us + nth as f64,
        wall_us: if nested { 1e6 - 2.0 * nth as f64 } else { 1.0 },
        cpu_us: 1.0,
        kind: Some("scroll".into()),
        code: Some(CodeLocation {
            url: TAG.0.into(),
            line: nth as u32,
            ..CodeLocation::default()
        }),
        ..TraceEvent::default()
    });
    visit.trace.as_mut().unwrap().events.extend(calls);
    visit
}

#[test]
fn a_large_trace_is_no_more_work_than_it_is_long() {
    // Work that grows with the square of the events would not end within a day.
    let without = [shop(NOTHING, 1.0)];
    for nested in [true, false] {
        scroll_findings(&[many_calls(nested)], &without);
    }
}

#[test]
fn texts_of_any_length_make_findings_of_bounded_length() {
    let mut visit = shop(THRASHING, 1.0);
    let long = "\u{202e}".repeat(5_000);
    for event in &mut visit.trace.as_mut().unwrap().events {
        let code = event.code.as_mut();
        if let Some(code) = code.filter(|code| code.function != PAGE.1) {
            (code.url, code.function) = (long.clone(), long.clone());
        }
    }
    let findings = scroll_findings(&[visit], &[shop(NOTHING, 1.0)]);
    assert!(function(&findings[0]).starts_with('\u{202e}'));
    let length = serde_json::to_string(&findings).unwrap().len();
    assert!(length < 20_000, "{length}");
}
