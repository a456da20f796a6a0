//! What is asked again, and what fresh trials make of it.

use super::*;

#[test]
fn a_suspicion_is_no_failure_before_it_is_confirmed() {
    let case = Case::first_sight(vec![bad("a", "cpu"), good("a", "lcp")]);
    assert_eq!(case.ends(), (Outcome::Inconclusive, ReasonId::Unconfirmed));
    let judgement = case.judge();
    assert_eq!(judgement.suspicions[0].outcome, Confirmed::Open);
    assert_eq!(suspects(&judgement, &case.gate), ["a"]);
}

#[test]
fn fresh_trials_confirm_clear_or_leave_it_open() {
    let asked = |p_regressed, p_ok| {
        let first = bad("a", "cpu");
        let again = fresh(&first, p_regressed, p_ok);
        let case = Case::first_sight(vec![first, good("a", "lcp"), again]);
        let judgement = case.judge();
        let suspicion = &judgement.suspicions[0];
        assert_eq!((suspicion.pairs, suspicion.fresh_pairs), (20, 6));
        let settled = suspects_settled(&judgement).contains("a");
        (judgement.outcome, suspicion.outcome, settled)
    };
    assert_eq!(asked(0.04, 1.0), (Outcome::Fail, Confirmed::Yes, true));
    assert_eq!(asked(1.0, 0.04), (Outcome::Pass, Confirmed::Cleared, true));
    assert_eq!(
        asked(0.3, 0.3),
        (Outcome::Inconclusive, Confirmed::Open, false)
    );
}

#[test]
fn what_was_not_suspected_is_not_blamed_by_fresh_trials() {
    let (first, other) = (bad("a", "cpu"), good("a", "lcp"));
    let again = [fresh(&first, 1.0, 0.01), fresh(&other, 0.001, 1.0)];
    let mut effects = vec![first, other];
    effects.extend(again);
    assert_eq!(Case::first_sight(effects).judge().outcome, Outcome::Pass);
}

#[test]
fn a_screen_nominates_and_fresh_trials_convict() {
    let rest = |first: Effect, again: Effect| {
        let mut effects = vec![first, screened(good("a", "lcp")), again];
        effects.extend([screened(good("b", "cpu")), screened(good("b", "lcp"))]);
        screen(effects)
    };
    let suspect = || screened(bad("a", "cpu"));
    let again = |p_regressed, p_ok| rest(suspect(), fresh(&suspect(), p_regressed, p_ok));
    assert_eq!(
        again(0.04, 1.0).ends(),
        (Outcome::Fail, ReasonId::BeyondMargin)
    );
    assert_eq!(
        again(0.06, 1.0).ends(),
        (Outcome::Inconclusive, ReasonId::Unconfirmed)
    );
    assert_eq!(
        again(1.0, 0.01).ends(),
        (Outcome::Inconclusive, ReasonId::Masked)
    );
    // What only came close has the family's correction before it: 0.7 of 1 % is for cpu.
    let close = || screened(effect("a", "cpu", 0.05, 0.9));
    let nominated = |p| rest(close(), fresh(&close(), p, 1.0)).judge().outcome;
    assert_eq!(nominated(0.008), Outcome::Inconclusive);
    assert_eq!(nominated(0.006), Outcome::Fail);
}

#[test]
fn a_tag_that_comes_close_in_a_screen_is_asked_again_and_may_be_cleared() {
    let close = screened(effect("a", "cpu", 0.05, 0.9));
    let far = screened(effect("b", "cpu", 0.2, 0.9));
    let case = screen(vec![close.clone(), screened(good("a", "lcp")), far]);
    assert_eq!(suspects(&case.judge(), &case.gate), ["a"]);
    let again = fresh(&close, 1.0, 0.01);
    let case = screen(vec![close, screened(good("a", "lcp")), again]);
    assert_eq!(case.judge().outcome, Outcome::Pass);
    assert_eq!(case.judge().suspicions[0].outcome, Confirmed::Cleared);
}

#[test]
fn a_suspect_that_no_fresh_trial_was_made_for_is_told_why() {
    let suspect = || screened(bad("a", "cpu"));
    let mut case = screen(vec![suspect(), screened(good("a", "lcp"))]);
    case.stop = Stop::TimeSpent;
    assert!(said(&case, "a").contains("before fresh trials: go on with --resume"));
    // Complete, and judged anew against another baseline.
    case.stop = Stop::Decided;
    assert!(said(&case, "a").contains("measure again in a fresh run"));
    case.confirmation = Some(asked_again(&["b", "c", "d", "e", "f", "g"]));
    let crowded = said(&case, "a");
    assert!(
        crowded.contains("only 6 suspects of a screen are asked again at a time")
            && crowded.contains("--design blocks"),
        "{crowded}"
    );
}

#[test]
fn fresh_trials_without_a_value_clear_nobody() {
    let first = bad("a", "cpu");
    let mut again = fresh(&first, 1.0, 0.01);
    (again.pairs, again.dropped) = (10, 30);
    let case = Case::first_sight(vec![first, good("a", "lcp"), again]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::MetricMissing));
}

#[test]
fn a_convicted_tag_is_not_asked_further() {
    let (cpu, lcp) = (screened(bad("a", "cpu")), screened(open("a", "lcp")));
    let again = [fresh(&cpu, 0.01, 1.0), fresh(&lcp, 0.3, 0.3)];
    let mut effects = vec![cpu, lcp];
    effects.extend(again);
    let judgement = screen(effects).judge();
    assert!(suspects_settled(&judgement).contains("a"));
    let asked: Vec<&str> = judgement
        .suspicions
        .iter()
        .map(|s| s.metric.as_str())
        .collect();
    assert_eq!(
        asked,
        ["cpu"],
        "what never looked regressed is no suspicion"
    );
}
