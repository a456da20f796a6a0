use super::*;
use crate::model::{
    Arm, Basis, Confirmed, Design, Fault, Finding, Firing, GatedMetric, Interval, Margin, Mismatch,
    Purpose, ReasonId, Severity, Slot, SpeedRatio, Unit,
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
    tags: Vec<TagInfo>,
    trials: Vec<TrialSummary>,
    baseline: BaselineUse,
    gate: Gate,
    stop: Stop,
    design: Design,
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
            tags: ids.iter().map(|id| tag(id)).collect(),
            trials: (1..=10)
                .flat_map(|block| [trial(block, None, None), trial(block, Some("a"), None)])
                .collect(),
            baseline: BaselineUse::None,
            gate: gate(),
            stop: Stop::Decided,
            design: Design::Blocks,
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
            tags: &self.tags,
            trials: &self.trials,
            metrics: &[],
            baseline: &self.baseline,
            stop: &self.stop,
            design: self.design,
            looks: (10, 40),
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
    let close = told(23.0, 2.5);
    assert!(close.contains("about 65 blocks"), "{close}");
    let edge = told(25.0, 2.5);
    assert!(edge.contains("no number of blocks can decide"), "{edge}");
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
