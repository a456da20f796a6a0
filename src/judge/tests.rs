use super::*;
use crate::model::{
    Arm, Basis, Fault, Finding, Firing, GatedMetric, Interval, Margin, Mismatch, Purpose, ReasonId,
    Severity, Slot, Unit,
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
}

impl Case {
    fn new(effects: Vec<Effect>) -> Self {
        let mut ids: Vec<String> = effects.iter().map(|effect| effect.tag.clone()).collect();
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
            effects,
        }
    }

    fn judge(&self) -> Judgement {
        let evidence = Evidence {
            effects: &self.effects,
            findings: &self.findings,
            tags: &self.tags,
            trials: &self.trials,
            metrics: &[],
            baseline: &self.baseline,
            stop: &self.stop,
            looks: (10, 40),
        };
        judge(&evidence, &self.gate)
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
            .contains("browser was 155, is 156): renew it with `tagperf baseline accept out/s/r")
    );
    case.baseline = BaselineUse::None;
    case.gate.require_baseline = true;
    assert_eq!(
        case.ends(),
        (Outcome::NotComparable, ReasonId::BaselineMissing)
    );
    case.effects[0] = bad("a", "cpu");
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
fn nothing_to_judge_is_no_pass() {
    let mut case = Case::new(vec![]);
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::NoTags));
    case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.trials.clear();
    assert_eq!(case.judge().outcome, Outcome::NotMeasured);
}

#[test]
fn a_tag_is_decided_by_one_regression_or_by_all_of_its_metrics() {
    let decided = |effects: Vec<Effect>| tags_decided(&Case::new(effects).judge().cells).len();
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
    let words = words::Words {
        effect: &effect,
        metric: Some(&metric),
        baseline: &BaselineUse::None,
    };
    assert_eq!(
        words.beyond().text,
        "heatmap adds main-thread CPU +20.0 ms [+15.0 ms … +25.0 ms], n = 20, margin 10.0 ms"
    );
}

#[test]
fn a_record_that_broke_off_is_no_pass() {
    let mut case = Case::new(vec![good("a", "cpu"), good("a", "lcp")]);
    case.stop = Stop::Broken("no space left".into());
    assert_eq!(case.ends(), (Outcome::NotMeasured, ReasonId::BrokeOff));
    case.effects[0] = bad("a", "cpu");
    assert_eq!(case.judge().outcome, Outcome::Fail);
}
