//! Verdicts of tags and of runs.

use super::*;

#[test]
fn all_within_their_margins_is_a_pass() {
    let case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    assert_eq!(case.ends(), (Outcome::Pass, ReasonId::WithinMargin));
}

#[test]
fn one_effect_beyond_its_margin_fails_and_is_named() {
    let case = Case::new(vec![
        good("a", "cpu"),
        bad("a", "lcp"),
        good("b", "cpu"),
        good("b", "lcp"),
    ]);
    let judgement = case.judge();
    assert_eq!(judgement.outcome, Outcome::Fail);
    assert_eq!(judgement.reasons.len(), 1);
    assert_eq!(judgement.reasons[0].tag.as_deref(), Some("a"));
    assert_eq!(judgement.tags[1].outcome, Outcome::Pass);
}

#[test]
fn many_tags_need_stronger_evidence() {
    let weak = |tag: &str| effect(tag, "cpu", 0.004, 1.0);
    let alone = Case::new(vec![weak("a"), good("a", "lcp")]);
    assert_eq!(alone.ends().0, Outcome::Fail);
    let mut effects = vec![weak("a"), good("a", "lcp")];
    for other in ["b", "c", "d"] {
        effects.extend([good(other, "cpu"), good(other, "lcp")]);
    }
    assert_eq!(Case::new(effects).ends().0, Outcome::Inconclusive);
}

#[test]
fn a_metric_outside_the_family_has_no_consequence() {
    let case = Case::new(vec![good("a", "cpu"), good("a", "lcp"), bad("a", "bytes")]);
    let judgement = case.judge();
    assert_eq!(judgement.outcome, Outcome::Pass);
    assert_eq!(
        (judgement.cells[2].gated, judgement.cells[2].verdict),
        (false, Verdict::Regressed)
    );
}

#[test]
fn undecided_is_its_own_outcome_unless_the_user_chose() {
    let mut case = Case::new(vec![open("a", "cpu"), good("a", "lcp")]);
    assert_eq!(case.ends(), (Outcome::Inconclusive, ReasonId::Undecided));
    case.gate.inconclusive = Inconclusive::Pass;
    assert_eq!(case.judge().outcome, Outcome::Pass);
    assert!(
        case.judge()
            .reasons
            .iter()
            .any(|reason| reason.id == ReasonId::InconclusiveByChoice)
    );
    case.gate.inconclusive = Inconclusive::Fail;
    assert_eq!(case.judge().outcome, Outcome::Fail);
}

#[test]
fn fewer_pairs_than_the_first_look_are_too_few() {
    let mut few = open("a", "cpu");
    few.pairs = 4;
    assert_eq!(
        Case::new(vec![few, good("a", "lcp")]).ends(),
        (Outcome::Inconclusive, ReasonId::TooFewBlocks)
    );
}

#[test]
fn a_metric_that_is_missing_too_often_is_not_measured() {
    let mut missing = good("a", "lcp");
    (missing.pairs, missing.dropped) = (7, 3);
    missing.dropped_because = Some("the page painted no content".into());
    let case = Case::new(vec![good("a", "cpu"), missing]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::MetricMissing));
    assert!(case.judge().reasons[0].text.contains("painted no content"));
}

#[test]
fn a_tag_that_did_not_run_is_not_measured_however_good_its_numbers() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.tags[0].firing = Firing {
        ran: 0,
        of: 10,
        problem: Some("no request matched".into()),
        problem_id: Some(ReasonId::PatternMatchedNothing),
    };
    assert_eq!(
        case.ends(),
        (Outcome::NotMeasured, ReasonId::PatternMatchedNothing)
    );
}

#[test]
fn a_forbidden_finding_fails_whatever_the_effects_say() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.findings = vec![finding("a")];
    assert_eq!(case.ends(), (Outcome::Fail, ReasonId::ForbiddenFinding));
    case.gate.forbid.clear();
    assert_eq!(case.judge().outcome, Outcome::Pass);
}

fn unseen(why: NoTrace) -> Vec<Unseen> {
    vec![Unseen {
        tag: "a".into(),
        with: true,
        why,
    }]
}

#[test]
fn a_tag_that_no_trace_shows_is_no_pass_when_findings_are_forbidden() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.unseen = unseen(NoTrace::Failed(Fault::PageCrashed));
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::NotExamined));
    let text = &case.judge().reasons[0].text;
    assert!(
        text.contains("runaway_scroll") && text.contains("crashed") && text.contains("`traced`"),
        "{text}"
    );
    case.gate.forbid.clear();
    assert_eq!(case.ends(), (Outcome::Pass, ReasonId::WithinMargin));
    let text = &case.judge().reasons[0].text;
    assert!(text.contains("no finding is forbidden"), "{text}");
}

#[test]
fn a_finding_without_a_chance_is_not_said_to_be_absent() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    let text = |case: &Case| case.judge().reasons[0].text.clone();
    assert!(text(&case).ends_with("runaway_scroll was looked for and not found"));
    case.gate.forbid = ["runaway_scroll", "endless_timer", "leak"]
        .map(String::from)
        .into();
    case.catalogue.looked_for.push("leak".into());
    let said = text(&case);
    assert!(said.contains("of the 2 forbidden findings that"), "{said}");
    case.catalogue.looked_for.clear();
    let said = text(&case);
    assert!(
        said.contains("no forbidden finding could have shown"),
        "{said}"
    );
    // What could not have shown anyway is not missed.
    case.unseen = unseen(NoTrace::Incomplete);
    assert_eq!(case.ends(), (Outcome::Pass, ReasonId::WithinMargin));
}

#[test]
fn findings_alone_are_judged_when_no_metric_is() {
    let mut case = Case::new(vec![]);
    case.tags = vec![tag("a")];
    case.gate.metrics.clear();
    case.trials.clear();
    case.looks = (0, 0);
    let said = &case.judge().reasons[0].text;
    assert!(said.contains("no metric was judged"), "{said}");
    assert_eq!(case.ends(), (Outcome::Pass, ReasonId::WithinMargin));
    case.unseen = unseen(NoTrace::Incomplete);
    case.stop = Stop::Interrupted;
    case.gate.forbid.clear();
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::NotExamined));
    let said = &case.judge().reasons[0].text;
    assert!(!said.contains("--resume"), "{said}");
    case.findings.push(finding("a"));
    case.gate.forbid = vec!["runaway_scroll".into()];
    assert_eq!(case.ends(), (Outcome::Fail, ReasonId::ForbiddenFinding));
}

#[test]
fn an_interruption_before_the_traces_says_how_to_go_on() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.unseen = unseen(NoTrace::NotMade);
    case.stop = Stop::Interrupted;
    assert!(case.judge().reasons[0].text.contains("--resume"));
    case.gate.inconclusive = Inconclusive::Pass;
    case.effects[0] = open("a", "cpu");
    assert_eq!(case.judge().outcome, Outcome::NotMeasured);
}

#[test]
fn a_missing_trace_neither_hides_a_failure_nor_its_own_cause() {
    let mut case = Case::new(vec![bad("a", "cpu"), good("a", "lcp")]);
    case.unseen = unseen(NoTrace::NotMade);
    assert_eq!(case.ends(), (Outcome::Fail, ReasonId::BeyondMargin));
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.unseen = unseen(NoTrace::NotMade);
    case.stop = Stop::TooManyFaults;
    for trial in &mut case.trials {
        trial.fault = Some(Fault::PageCrashed);
    }
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::TooManyFaults));
}

#[test]
fn a_missing_trace_decides_nothing_about_further_trials() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.unseen = unseen(NoTrace::NotMade);
    assert!(tags_decided(&case.judge()).contains("a"));
    assert!(suspects(&case.judge(), &case.gate).is_empty());
}

#[test]
fn lost_trials_are_not_measured_and_a_retry_is_no_loss() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    for block in 1..=4 {
        case.trials
            .push(trial(block, Some("a"), Some(Fault::PageCrashed)));
    }
    assert_eq!(
        case.judge().outcome,
        Outcome::Pass,
        "each of these blocks also has a trial that succeeded"
    );
    let own = |t: &&mut TrialSummary| t.slot.block <= 3 && t.slot.arm.has("a");
    case.trials
        .iter_mut()
        .filter(own)
        .for_each(|trial| trial.fault = Some(Fault::PageCrashed));
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::TooManyFaults));
}

#[test]
fn a_failure_outranks_lost_trials() {
    let mut case = Case::new(vec![bad("a", "cpu"), good("a", "lcp")]);
    case.trials
        .iter_mut()
        .for_each(|trial| trial.fault = Some(Fault::PageCrashed));
    assert_eq!(case.judge().outcome, Outcome::Fail);
}

#[test]
fn a_baseline_that_differs_or_is_required_and_missing_is_not_comparable() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    let differences = vec![Mismatch {
        what: "browser".into(),
        baseline: "155".into(),
        run: "156".into(),
    }];
    case.baseline = BaselineUse::NotComparable {
        file: "baselines/s.json".into(),
        differences,
        renew: "tagperf baseline accept out/s/r --reason \"…\"".into(),
    };
    assert_eq!(
        case.ends(),
        (Outcome::NotComparable, ReasonId::BaselineDiffers)
    );
    assert!(
        case.judge().reasons[0]
            .text
            .contains("browser was 155, is 156): go on with `tagperf baseline accept out/s/r")
    );
    case.baseline = BaselineUse::None;
    case.gate.require_baseline = true;
    assert_eq!(
        case.ends(),
        (Outcome::NotComparable, ReasonId::BaselineMissing)
    );
    case.effects = Case::new(vec![bad("a", "cpu"), good("a", "lcp")]).effects;
    assert_eq!(case.judge().outcome, Outcome::Fail);
}

#[test]
fn growth_since_the_baseline_fails_a_tag_that_is_within_its_margin() {
    let grown = Effect {
        basis: Basis::Baseline,
        ..bad("a", "cpu")
    };
    let case = Case::new(vec![good("a", "cpu"), good("a", "lcp"), grown]);
    assert_eq!(case.ends(), (Outcome::Fail, ReasonId::GrewSinceBaseline));
}

#[test]
fn what_the_baseline_does_not_know_is_no_pass_where_it_is_required() {
    let unknown = |tag: &str, metric: &str| Effect {
        basis: Basis::Baseline,
        pairs: 0,
        estimate: None,
        interval: None,
        p_regressed: None,
        p_ok: None,
        ..good(tag, metric)
    };
    let since = |tag: &str, metric: &str| Effect {
        basis: Basis::Baseline,
        ..good(tag, metric)
    };
    let effects = vec![
        good("a", "cpu"),
        good("a", "lcp"),
        since("a", "cpu"),
        unknown("a", "lcp"),
        good("new", "cpu"),
        good("new", "lcp"),
        unknown("new", "cpu"),
        unknown("new", "lcp"),
    ];
    let mut case = Case::new(effects);
    case.baseline = BaselineUse::Compared {
        file: "baselines/s.json".into(),
        run: "r".into(),
        accepted: "yesterday".into(),
        speed: SpeedRatio::ONE,
        page: vec![],
        page_not_compared: None,
    };
    assert_eq!(case.judge().outcome, Outcome::Pass);
    let open = |cell: &&Cell| cell.reason.id == ReasonId::BaselineMissing;
    let told = |judgement: &Judgement| judgement.cells.iter().filter(open).count();
    assert_eq!(told(&case.judge()), 3);

    case.gate.require_baseline = true;
    let judgement = case.judge();
    assert_eq!(judgement.outcome, Outcome::NotComparable);
    let reasons: Vec<_> = judgement.reasons.iter().map(|r| (r.id, &r.text)).collect();
    assert_eq!(reasons.len(), 3);
    for ((id, text), names) in reasons.iter().zip(["a's cost in lcp", "new's cost in cpu"]) {
        assert_eq!(*id, ReasonId::BaselineMissing);
        assert!(text.contains(names) && text.contains("tagperf baseline accept"));
    }
    // More trials would not tell.
    assert_eq!(tags_decided(&judgement).len(), 2);
    // A tag that cannot be compared does not make the others harder to convict.
    case.effects[2] = Effect {
        p_regressed: Some(0.006),
        p_ok: Some(1.0),
        ..since("a", "cpu")
    };
    assert_eq!(case.judge().suspicions.len(), 1);
}

#[test]
fn a_screen_is_not_told_to_become_a_baseline() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.gate.require_baseline = true;
    case.design = Design::Screen;
    let text = &case.judge().reasons[0].text;
    assert!(text.contains("--design blocks") && !text.contains("baseline accept"));
}

#[test]
fn nothing_to_judge_is_no_pass() {
    let mut case = Case::new(vec![]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::NoTags));
    case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.trials.clear();
    assert_eq!(case.judge().outcome, Outcome::NotMeasured);
}

#[test]
fn a_tag_is_decided_by_one_regression_or_by_all_of_its_metrics() {
    let decided = |effects: Vec<Effect>| tags_decided(&Case::first_sight(effects).judge()).len();
    assert_eq!(decided(vec![bad("a", "cpu"), open("a", "lcp")]), 1);
    assert_eq!(decided(vec![good("a", "cpu"), open("a", "lcp")]), 0);
    assert_eq!(
        decided(vec![good("a", "cpu"), good("a", "lcp"), open("a", "bytes")]),
        1
    );
}

#[test]
fn a_record_that_broke_off_is_no_pass() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.stop = Stop::Broken("no space left".into());
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::BrokeOff));
    case.effects = Case::new(vec![bad("a", "cpu"), good("a", "lcp")]).effects;
    assert_eq!(case.judge().outcome, Outcome::Fail);
}

#[test]
fn a_gated_metric_without_any_effect_is_not_measured() {
    let case = Case::new(vec![good("a", "cpu")]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::MetricMissing));
}
