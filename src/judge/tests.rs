use super::*;
use crate::model::{
    Arm, Basis, Confirmation, Confirmed, Contrast, Design, Fault, Finding, Firing, GatedMetric,
    Interval, Margin, Mismatch, NoTrace, Purpose, ReasonId, Schedule, Severity, Slot, SpeedRatio,
    Unit,
};

fn effect(tag: &str, metric: &str, p_regressed: f64, p_ok: f64) -> Effect {
    Effect {
        tag: tag.into(),
        metric: metric.into(),
        basis: Basis::Control,
        fresh: false,
        detectable: None,
        pairs: 20,
        dropped: 0,
        dropped_because: None,
        without: Some(100.0),
        with: Some(120.0),
        estimate: Some(20.0),
        interval: Some(Interval {
            low: 15.0,
            high: 25.0,
            confidence: 0.98,
        }),
        margin: 10.0,
        p_regressed: Some(p_regressed),
        p_ok: Some(p_ok),
    }
}

fn good(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 1.0, 0.001)
}

fn bad(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 0.0001, 1.0)
}

fn open(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 0.4, 0.4)
}

fn gate() -> Gate {
    let gated = |metric: &str, weight| GatedMetric {
        metric: metric.into(),
        margin: Margin {
            absolute: 10.0,
            relative: 0.0,
        },
        weight,
    };
    Gate {
        metrics: vec![gated("cpu", 0.7), gated("lcp", 0.3)],
        exploratory: vec![],
        forbid: vec!["runaway_scroll".into()],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    }
}

struct Case {
    effects: Vec<Effect>,
    findings: Vec<Finding>,
    unseen: Vec<Unseen>,
    tags: Vec<TagInfo>,
    trials: Vec<TrialSummary>,
    baseline: BaselineUse,
    gate: Gate,
    stop: Stop,
    design: Design,
    confirmation: Option<Confirmation>,
    looks: (usize, usize),
}

/// What fresh trials say of an effect that was asked again.
fn fresh(first: &Effect, p_regressed: f64, p_ok: f64) -> Effect {
    let basis = match first.basis {
        Basis::Screen => Basis::Control,
        basis => basis,
    };
    Effect {
        basis,
        fresh: true,
        pairs: 6,
        p_regressed: Some(p_regressed),
        p_ok: Some(p_ok),
        ..first.clone()
    }
}

impl Case {
    /// Whatever is bad at first sight is bad at the second.
    fn new(mut effects: Vec<Effect>) -> Self {
        let bad = |e: &&Effect| e.p_regressed.is_some_and(|p| p < 0.01) && e.metric != "bytes";
        let again: Vec<Effect> = effects
            .iter()
            .filter(bad)
            .map(|e| fresh(e, 0.001, 1.0))
            .collect();
        effects.extend(again);
        Self::first_sight(effects)
    }

    fn first_sight(effects: Vec<Effect>) -> Self {
        let mut ids: Vec<String> = effects.iter().map(|effect| effect.tag.clone()).collect();
        ids.sort();
        ids.dedup();
        Self {
            findings: vec![],
            unseen: vec![],
            tags: ids.iter().map(|id| tag(id)).collect(),
            trials: (1..=10)
                .flat_map(|block| [trial(block, None, None), trial(block, Some("a"), None)])
                .collect(),
            baseline: BaselineUse::None,
            gate: gate(),
            stop: Stop::Decided,
            design: Design::Blocks,
            confirmation: None,
            looks: (10, 40),
            effects,
        }
    }

    fn judge(&self) -> Judgement {
        judge(&self.evidence(), &self.gate)
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            effects: &self.effects,
            findings: &self.findings,
            unseen: &self.unseen,
            tags: &self.tags,
            trials: &self.trials,
            metrics: &[],
            baseline: &self.baseline,
            stop: &self.stop,
            design: self.design,
            confirmation: self.confirmation.as_ref(),
            looks: self.looks,
        }
    }

    fn ends(&self) -> (Outcome, ReasonId) {
        let judgement = self.judge();
        (judgement.outcome, judgement.reasons[0].id)
    }
}

fn tag(id: &str) -> TagInfo {
    TagInfo {
        id: id.into(),
        owner: None,
        members: vec![],
        source: "script".into(),
        what: String::new(),
        urls: vec![],
        code: String::new(),
        line: 3,
        firing: Firing {
            ran: 10,
            of: 10,
            problem: None,
            problem_id: None,
        },
    }
}

fn trial(block: usize, arm: Option<&str>, fault: Option<Fault>) -> TrialSummary {
    TrialSummary {
        slot: Slot {
            block,
            position: 0,
            arm: Arm(arm.map(str::to_owned).into_iter().collect()),
            purpose: Purpose::Measure,
        },
        attempt: 1,
        at_s: 0.0,
        visit: None,
        fault,
        readings: Default::default(),
    }
}

fn finding(tag: &str) -> Finding {
    Finding {
        id: "runaway_scroll".into(),
        severity: Severity::Severe,
        tag: tag.into(),
        culprit: None,
        summary: "onScroll calls itself".into(),
        step: None,
        figures: vec![],
        seen_in: 2,
        seen_of: 2,
    }
}

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
    assert!(!text.contains("nothing forbidden"), "{text}");
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
fn figures_carry_unit_interval_and_number() {
    let metric = MetricInfo {
        id: "cpu".into(),
        name: "main-thread CPU".into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 10.0,
        scaling: Default::default(),
    };
    let effect = bad("heatmap", "cpu");
    let case = Case::new(vec![]);
    let metrics = [metric];
    let evidence = Evidence {
        metrics: &metrics,
        ..case.evidence()
    };
    let words = words::of(&effect, &evidence);
    let figures =
        "heatmap adds main-thread CPU +20.0 ms [+15.0 ms … +25.0 ms], n = 20, margin 10.0 ms";
    assert_eq!(words.beyond(None).text, figures);
    let again = fresh(&effect, 0.001, 1.0);
    assert_eq!(
        words.beyond(Some(&again)).text,
        format!("{figures}; confirmed by 6 fresh pairs: +20.0 ms [+15.0 ms … +25.0 ms]")
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

fn screened(effect: Effect) -> Effect {
    Effect {
        basis: Basis::Screen,
        ..effect
    }
}

fn screen(effects: Vec<Effect>) -> Case {
    Case {
        design: Design::Screen,
        ..Case::first_sight(effects)
    }
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
fn an_undecided_effect_says_what_would_decide_it() {
    let told = |estimate: f64, detectable: f64| {
        let effect = Effect {
            pairs: 40,
            estimate: Some(estimate),
            detectable: Some(detectable),
            margin: 25.0,
            ..open("a", "cpu")
        };
        let case = Case::new(vec![effect, good("a", "lcp")]);
        case.judge().reasons[0].text.clone()
    };
    let noisy = told(5.0, 38.0);
    assert!(
        noisy.contains("could not see effects under 38.000 in 40 blocks; raise --max-blocks to about 95 or the margin to 38.000"),
        "{noisy}"
    );
    let deaf = told(5.0, 400.0);
    assert!(
        deaf.contains("no budget that is allowed would do: raise the margin to 400.000"),
        "{deaf}"
    );
    let close = told(23.0, 2.5);
    assert!(close.contains("about 65 blocks"), "{close}");
    let edge = told(25.0, 2.5);
    assert!(edge.contains("no number of blocks can decide"), "{edge}");
}

/// The first word that is said of what is open in a case.
fn said(case: &Case, tag: &str) -> String {
    let tags = case.judge().tags;
    let own = tags.into_iter().find(|own| own.tag == tag).unwrap();
    own.reasons[0].text.clone()
}

#[test]
fn a_run_that_was_cut_short_is_to_go_on() {
    let effect = Effect {
        detectable: Some(11.0),
        interval: None,
        ..open("a", "cpu")
    };
    let mut case = Case::new(vec![effect, good("a", "lcp")]);
    assert!(said(&case, "a").contains("raise --max-blocks to about 45"));
    case.stop = Stop::TimeSpent;
    assert!(said(&case, "a").contains("go on with --resume, or raise"));
    // All blocks of its plan were measured before the end.
    case.trials.push(trial(40, None, None));
    assert!(said(&case, "a").contains("raise --max-blocks to about 45"));
}

#[test]
fn no_budget_helps_what_fresh_trials_leave_open() {
    let first = bad("a", "cpu");
    let again = Effect {
        interval: None,
        ..fresh(&first, 0.3, 0.3)
    };
    let mut case = Case::first_sight(vec![first, good("a", "lcp"), again]);
    case.confirmation = Some(asked_again(&["a"]));
    let complete = said(&case, "a");
    assert!(
        complete.contains("neither confirm nor clear it")
            && complete.contains("in a fresh run on a quieter machine, or move the margin"),
        "{complete}"
    );
    let judgement = case.judge();
    let fresh = judgement.cells.iter().find(|cell| cell.effect.fresh);
    assert!(fresh.unwrap().reason.text.contains("quieter machine"));
    case.stop = Stop::Interrupted;
    assert!(said(&case, "a").contains("go on with --resume"));
    // Only traced trials were left.
    let last = trial(40, None, None);
    case.trials.push(TrialSummary {
        slot: Slot {
            purpose: Purpose::Confirm,
            ..last.slot.clone()
        },
        ..last
    });
    assert!(said(&case, "a").contains("quieter machine"));
}

fn asked_again(tags: &[&str]) -> Confirmation {
    let contrast = |tag: &&str| Contrast {
        tag: (*tag).into(),
        with: Arm(vec![(*tag).into()]),
        without: Arm::control(),
    };
    Confirmation {
        contrasts: tags.iter().map(contrast).collect(),
        schedule: Schedule {
            looks: vec![6, 20, 40],
            weights: vec![0.32, 0.28, 0.40],
        },
    }
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
fn a_growth_that_is_open_names_the_run_that_limits_it() {
    let grown = |pairs: usize, estimate: f64| Effect {
        basis: Basis::Baseline,
        pairs,
        estimate: Some(estimate),
        interval: Some(Interval {
            low: estimate - 20.0,
            high: estimate + 20.0,
            confidence: 0.98,
        }),
        ..open("a", "cpu")
    };
    let told = |pairs: usize, estimate: f64| {
        let effects = vec![good("a", "cpu"), good("a", "lcp"), grown(pairs, estimate)];
        said(&Case::new(effects), "a")
    };
    // 2 / (1/12 + 1/20) = 15 pairs see 20; half of that takes four times as many.
    let baseline = told(12, 0.0);
    assert!(
        baseline.contains("The baseline's n = 12 limits it, this run has n = 20; accept a baseline of more blocks: about 60 blocks in both would do"),
        "{baseline}"
    );
    let both = told(20, 0.0);
    assert!(
        both.contains("This run's n = 20 limits it") && both.contains("raise --max-blocks"),
        "{both}"
    );
    assert!(both.contains("about 80 blocks in both"), "{both}");
    let edge = told(20, 9.9);
    assert!(edge.contains("move the margin"), "{edge}");
}

#[test]
fn a_screen_that_cannot_be_fitted_says_what_it_needs() {
    let unknown = |tag: &str, metric: &str| Effect {
        pairs: 8,
        estimate: None,
        interval: None,
        p_regressed: None,
        p_ok: None,
        ..screened(open(tag, metric))
    };
    let tags = ["a", "b", "c", "d", "e", "f"];
    let effects = tags
        .iter()
        .flat_map(|tag| [unknown(tag, "cpu"), unknown(tag, "lcp")]);
    let mut case = screen(effects.collect());
    case.looks = (8, 8);
    assert_eq!(case.ends(), (Outcome::Inconclusive, ReasonId::TooFewBlocks));
    let told = said(&case, "f");
    assert!(
        told.contains("8 pairs are too few") && told.contains("6 tags needs at least 14"),
        "{told}"
    );
}

#[test]
fn the_first_look_forecasts_what_the_budget_cannot_decide() {
    let effect = |detectable: f64| Effect {
        pairs: 10,
        detectable: Some(detectable),
        margin: 10.0,
        ..open("a", "cpu")
    };
    let forecast = |detectable: f64| {
        let case = Case::new(vec![effect(detectable), good("a", "lcp")]);
        words::forecast(&case.judge().cells, &[], 40).len()
    };
    // Four times the blocks see half of it.
    assert_eq!((forecast(19.0), forecast(21.0)), (0, 1));
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

#[test]
fn a_gated_metric_without_any_effect_is_not_measured() {
    let case = Case::new(vec![good("a", "cpu")]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::MetricMissing));
}
