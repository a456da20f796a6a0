//! Of which tags the traced trials cannot show anything.

use tagperf::detect::{self, Findings};
use tagperf::model::{Arm, Contrast, Fault, NoTrace, Purpose, Slot, Trial, Unseen};

use super::*;

fn arm(ids: &[&str]) -> Arm {
    Arm(ids.iter().map(|id| (*id).into()).collect())
}

fn trial(arm: Arm, outcome: Result<Visit, Fault>) -> Trial {
    let purpose = Purpose::Explain;
    let slot = Slot {
        block: 1,
        position: 0,
        arm,
        purpose,
    };
    Trial {
        slot,
        attempt: 1,
        at_s: 0.0,
        outcome,
    }
}

/// Of the heat map in blocks of its own.
fn unseen(with: Vec<Result<Visit, Fault>>, without: Vec<Result<Visit, Fault>>) -> Vec<Unseen> {
    let contrast = Contrast {
        tag: "heatmap".into(),
        with: arm(&["heatmap"]),
        without: Arm::control(),
    };
    let with = with
        .into_iter()
        .map(|outcome| trial(contrast.with.clone(), outcome));
    let without = without
        .into_iter()
        .map(|outcome| trial(Arm::control(), outcome));
    let trials: Vec<Trial> = with.chain(without).collect();
    detect::findings(&[tag()], &[contrast], &[], &trials).unseen
}

#[test]
fn nothing_found_says_something_only_where_both_arms_have_a_whole_trace() {
    let whole = || Ok(shop(NOTHING, 1.0));
    let crashed = || Err(Fault::PageCrashed);
    let broken_off = || {
        let mut visit = shop(NOTHING, 1.0);
        visit.trace.as_mut().unwrap().incomplete = true;
        Ok(visit)
    };
    let expected = |with, why| {
        let tag = "heatmap".into();
        vec![Unseen { tag, with, why }]
    };
    let one_each = unseen(vec![crashed(), whole()], vec![broken_off(), whole()]);
    assert_eq!(one_each, []);
    let failed = NoTrace::Failed(Fault::PageCrashed);
    assert_eq!(unseen(vec![], vec![]), expected(true, NoTrace::NotMade));
    assert_eq!(
        unseen(vec![crashed(), crashed()], vec![whole()]),
        expected(true, failed)
    );
    assert_eq!(
        unseen(vec![whole()], vec![broken_off(), crashed()]),
        expected(false, NoTrace::Incomplete)
    );
    assert_eq!(
        unseen(vec![broken_off()], vec![whole()]),
        expected(true, NoTrace::Incomplete)
    );
    assert_eq!(
        unseen(vec![whole()], vec![]),
        expected(false, NoTrace::NotMade)
    );
}

#[test]
fn only_traced_trials_are_looked_at() {
    let contrast = Contrast {
        tag: "heatmap".into(),
        with: arm(&["heatmap"]),
        without: Arm::control(),
    };
    let working = Behaviour {
        scroll: |tape, _| tape.call(TAG, 20_000.0),
        ..NOTHING
    };
    let trials = |purpose: Purpose| -> Vec<Trial> {
        let arms = [(contrast.with.clone(), working), (Arm::control(), NOTHING)];
        arms.into_iter()
            .map(|(arm, tag)| {
                let mut trial = trial(arm, Ok(shop(tag, 1.0)));
                trial.slot.purpose = purpose;
                trial
            })
            .collect()
    };
    let count = |purpose| {
        let Findings { found, unseen } = detect::findings(
            &[tag()],
            std::slice::from_ref(&contrast),
            &[],
            &trials(purpose),
        );
        (found.len(), unseen.len())
    };
    assert_eq!(count(Purpose::Measure), (0, 1));
    assert_eq!(count(Purpose::Explain), (1, 0));
}
