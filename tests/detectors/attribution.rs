//! Whose a finding is, and of which tags the traced trials cannot show anything.

use tagperf::detect::{self, Findings};
use tagperf::model::{Arm, Contrast, Fault, NoTrace, Purpose, Slot, Trial, Unseen};

use super::*;

/// A script that some tag loads, from an address that is no tag's own.
const CHILD: (&str, &str, u32, u32) = ("https://other.test/child.js?t=81", "deep", 1, 9);

/// The child's work, and a trifle of the heat map's own.
const OF_A_CHILD: Behaviour = Behaviour {
    scroll: |tape, _| {
        tape.call(TAG, 50.0);
        tape.call(CHILD, 20_000.0);
    },
    ..NOTHING
};

/// The heat map, and two tags that run inline.
fn tags() -> Vec<TagInfo> {
    let inline = |id: &str| TagInfo {
        id: id.into(),
        urls: vec![],
        ..tag()
    };
    vec![tag(), inline("pixel"), inline("chat")]
}

fn arm(ids: &[&str]) -> Arm {
    Arm(ids.iter().map(|id| (*id).into()).collect())
}

fn everything() -> Arm {
    arm(&["heatmap", "pixel", "chat"])
}

/// What a screen asks of a tag that was not asked again.
fn shared(tag: &str) -> Contrast {
    Contrast {
        tag: tag.into(),
        with: everything(),
        without: Arm::control(),
    }
}

fn screen() -> Vec<Contrast> {
    ["heatmap", "pixel", "chat"].map(shared).into()
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

/// Three traced trials of each arm.
fn trials(arms: &[(Arm, Behaviour)]) -> Vec<Trial> {
    let three = |(arm, tag): &(Arm, Behaviour)| {
        [1.0, 2.0, 1.1].map(|slowness| trial(arm.clone(), Ok(shop(*tag, slowness))))
    };
    arms.iter().flat_map(three).collect()
}

fn of_screen(behaviour: Behaviour) -> Vec<Finding> {
    let trials = trials(&[(everything(), behaviour), (Arm::control(), NOTHING)]);
    let Findings { found, unseen } = detect::findings(&tags(), &screen(), &trials);
    assert_eq!(unseen, []);
    found
}

#[test]
fn what_all_tags_do_together_is_told_once_where_it_is_no_tags_own_code() {
    let snippet: Behaviour = Behaviour {
        scroll: |tape, _| tape.call((PAGE.0, "snippet", 5, 12), 8_000.0),
        ..NOTHING
    };
    let nameless = Behaviour {
        scroll: |tape, _| tape.call(("", "", 0, 0), 20_000.0),
        ..NOTHING
    };
    for (behaviour, culprit) in [
        (OF_A_CHILD, Some("deep")),
        (snippet, Some("snippet")),
        (nameless, None),
    ] {
        let findings = of_screen(behaviour);
        let finding = blamed(&findings);
        assert!(finding.is_together(), "{finding:#?}");
        let named = finding.culprit.as_ref().map(|code| &*code.function);
        assert_eq!(named, culprit);
    }
    assert!(of_screen(NOTHING).is_empty());
}

#[test]
fn a_tags_own_code_is_its_own_also_among_all_tags() {
    let findings = of_screen(THRASHING);
    assert_eq!(blamed(&findings).tag, "heatmap");
}

#[test]
fn what_a_tag_shows_on_its_own_arms_is_not_told_of_all_tags_again() {
    let without = arm(&["heatmap", "chat"]);
    let contrasts = [
        shared("heatmap"),
        Contrast {
            without: without.clone(),
            ..shared("pixel")
        },
        shared("chat"),
    ];
    let light = Behaviour {
        scroll: |tape, _| tape.call(TAG, 50.0),
        ..NOTHING
    };
    let arms = [
        (everything(), OF_A_CHILD),
        (without.clone(), light),
        (Arm::control(), NOTHING),
    ];
    let found = detect::findings(&tags(), &contrasts, &trials(&arms)).found;
    assert_eq!(blamed(&found).tag, "pixel");
    // The tag is cleared: what all do together is somebody else's.
    let arms = [
        (everything(), OF_A_CHILD),
        (without, OF_A_CHILD),
        (Arm::control(), NOTHING),
    ];
    let found = detect::findings(&tags(), &contrasts, &trials(&arms)).found;
    assert!(blamed(&found).is_together());
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
    detect::findings(&[tag()], &[contrast], &trials).unseen
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
    let mut trials = trials(&[(everything(), THRASHING), (Arm::control(), NOTHING)]);
    for trial in &mut trials {
        trial.slot.purpose = Purpose::Measure;
    }
    let Findings { found, unseen } = detect::findings(&tags(), &screen(), &trials);
    assert_eq!((found.len(), unseen.len()), (0, 3));
}
