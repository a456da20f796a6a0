use proptest::prelude::*;

use super::super::{effects, page_changes, speed_ratio};
use super::*;
use crate::model::{
    Approval, Arm, Fingerprint, GatedMetric, Inconclusive, Margin, Plan, Reading, Schedule, Slot,
    Speed,
};
use crate::stats::Rng;

const BLOCKS: usize = 20;

fn speed(calibration_ms: f64) -> Speed {
    Speed {
        cpu_model: "Xeon".into(),
        cpu_count: 2,
        slowdown: 1.0,
        slowdown_counted: 1.0,
        calibration_ms: Some(calibration_ms),
        calibration_cv: None,
        calibrations: BLOCKS,
    }
}

fn gate() -> Gate {
    Gate {
        forbid_chosen: false,
        limits: vec![],
        metrics: vec![GatedMetric {
            metric: "cpu".into(),
            margin: Margin {
                absolute: 15.0,
                relative: 0.25,
            },
            weight: 1.0,
        }],
        exploratory: vec![],
        forbid: vec![],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    }
}

fn metric(scaling: Scaling) -> MetricInfo {
    MetricInfo {
        id: "cpu".into(),
        name: "CPU".into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 2.0,
        scaling,
    }
}

fn contrast() -> Contrast {
    Contrast {
        tag: "a".into(),
        with: Arm(vec!["a".into()]),
        without: Arm::control(),
    }
}

/// A page of 100 ms and a tag of `cost` on a machine that is `slower` times slower than the baseline's.
fn samples(cost: f64, slower: f64, purpose: Purpose, seed: u64) -> Vec<Sample> {
    let mut random = Rng::seeded(seed);
    let mut all = Vec::new();
    for block in 1..=BLOCKS {
        for arm in [Arm::control(), contrast().with] {
            let own = if arm == Arm::control() { 0.0 } else { cost };
            let value = (100.0 + own + 6.0 * random.unit()) * slower;
            all.push(Sample {
                slot: Slot {
                    block,
                    position: 0,
                    arm,
                    purpose,
                },
                metric: "cpu".into(),
                reading: Reading::Value(value),
            });
        }
    }
    all
}

fn baseline(cost: f64) -> Baseline {
    let then = samples(cost, 1.0, Purpose::Measure, 1);
    let column = |arm: &Arm| {
        let own = then.iter().filter(|sample| sample.slot.arm == *arm);
        own.map(|sample| sample.reading.value()).collect()
    };
    let cell = BaselineCell {
        gated: true,
        estimate: None,
        interval: None,
        margin: 15.0,
        detectable: None,
        without: column(&Arm::control()),
        with: column(&contrast().with),
    };
    Baseline {
        format: Baseline::FORMAT,
        hash: String::new(),
        scenario: "s".into(),
        scenario_file: "s.toml".into(),
        run: "r".into(),
        seed: 1,
        approval: Approval {
            by: "a".into(),
            at: "t".into(),
            reason: "w".into(),
            commit: None,
        },
        browser: String::new(),
        tagperf: String::new(),
        fingerprint: Fingerprint::default(),
        speed: speed(14.0),
        certificate: None,
        tags: [("a".to_owned(), [("cpu".to_owned(), cell)].into())].into(),
        history: vec![],
    }
}

fn plan() -> Plan {
    Plan {
        seed: 1,
        arms: vec![Arm::control(), contrast().with],
        contrasts: vec![contrast()],
        factors: vec![],
        design: Default::default(),
        schedule: Schedule {
            looks: vec![BLOCKS],
            weights: vec![1.0],
        },
        warm_up_blocks: 1,
        traced_blocks: 0,
    }
}

/// Growth of a tag from `then` to `now`, measured at the speed `at` of a machine `slower` than the first.
fn growth(scaling: Scaling, then: f64, now: f64, slower: f64, at: &Speed) -> Effect {
    let (baseline, samples) = (baseline(then), samples(now, slower, Purpose::Measure, 2));
    let metrics = [metric(scaling)];
    let effects = effects(&samples, &plan(), &gate(), &metrics);
    let ratio = speed_ratio(&baseline.speed, at).unwrap();
    let since = Since {
        baseline: &baseline,
        speed: &ratio,
        gate: &gate(),
        metrics: &metrics,
    };
    let contrasts = [contrast()];
    since_baseline(
        &samples,
        &contrasts,
        &one_look(),
        &effects,
        &since,
        Purpose::Measure,
    )
    .remove(0)
}

fn one_look() -> Schedule {
    Schedule {
        looks: vec![BLOCKS],
        weights: vec![1.0],
    }
}

/// Regressed, ok, or neither, at the levels of the gate.
fn verdict(effect: &Effect) -> &'static str {
    match (effect.p_regressed, effect.p_ok) {
        (Some(p), _) if p <= 0.01 => "regressed",
        (_, Some(p)) if p <= 0.05 => "ok",
        _ => "open",
    }
}

#[test]
fn the_same_tag_is_no_growth_and_a_grown_one_is() {
    let same = growth(Scaling::Cpu, 60.0, 60.0, 1.0, &speed(14.0));
    assert_eq!((same.basis, verdict(&same)), (Basis::Baseline, "ok"));
    assert_eq!(
        same.margin,
        15.0_f64.max(0.25 * same.without.unwrap()),
        "a share is one of the tag's own cost"
    );
    let grown = growth(Scaling::Cpu, 60.0, 140.0, 1.0, &speed(14.0));
    assert_eq!(verdict(&grown), "regressed");
    assert!((75.0..85.0).contains(&grown.estimate.unwrap()));
}

#[test]
fn a_slowed_down_run_is_compared_at_the_speed_of_its_baseline() {
    // Asked for 1.5, of which the slowing down itself takes a tenth.
    let slowed = Speed {
        slowdown: 1.5,
        slowdown_counted: 1.65,
        ..speed(14.0)
    };
    let same = growth(Scaling::Cpu, 60.0, 60.0, 1.65, &slowed);
    assert_eq!(verdict(&same), "ok", "{same:?}");
    let grown = growth(Scaling::Cpu, 60.0, 140.0, 1.65, &slowed);
    assert_eq!(verdict(&grown), "regressed", "{grown:?}");
    let unscaled = growth(Scaling::Fixed, 60.0, 60.0, 1.65, &slowed);
    assert!(unscaled.estimate.unwrap() > 30.0);
}

#[test]
fn a_machine_too_far_away_can_clear_and_never_blames() {
    let grown = growth(Scaling::Cpu, 60.0, 140.0, 1.4, &speed(14.0 * 1.4));
    assert_eq!((verdict(&grown), grown.p_regressed), ("open", Some(1.0)));
    assert!(grown.interval.unwrap().low > grown.margin);
    let same = growth(Scaling::Cpu, 20.0, 20.0, 1.4, &speed(14.0 * 1.4));
    assert_eq!(verdict(&same), "ok");
}

#[test]
fn a_slowdown_that_was_not_reached_is_not_known_by_construction() {
    let slowed = Speed {
        slowdown: 4.0,
        slowdown_counted: 1.5,
        ..speed(14.0)
    };
    let ratio = speed_ratio(&speed(14.0), &slowed).unwrap();
    assert!(!ratio.comparable && ratio.indirect);
    let reached = Speed {
        slowdown_counted: 4.8,
        ..slowed
    };
    assert!(speed_ratio(&speed(14.0), &reached).unwrap().comparable);
}

#[test]
fn machines_without_calibration_are_told_apart() {
    let unknown = Speed {
        calibration_ms: None,
        ..speed(1.0)
    };
    let ratio = speed_ratio(&unknown, &speed(14.0)).unwrap();
    assert_eq!(ratio, SpeedRatio::ONE);
    let other = Speed {
        cpu_model: "EPYC".into(),
        ..unknown
    };
    let mismatch = speed_ratio(&other, &speed(14.0)).unwrap_err();
    assert_eq!(mismatch.what, "machine");
    assert!(mismatch.baseline.contains("never calibrated"));
}

#[test]
fn what_scales_in_part_must_hold_at_both_ends() {
    let slowed = Speed {
        slowdown: 1.5,
        slowdown_counted: 1.5,
        ..speed(14.0)
    };
    // Unscaled this looks like growth, fully scaled it is none: nobody can tell.
    let same = growth(Scaling::Partly, 100.0, 100.0, 1.5, &slowed);
    assert_eq!(verdict(&same), "open");
    let interval = same.interval.unwrap();
    assert!(interval.low < 0.0 && interval.high > 40.0, "{interval:?}");
    let grown = growth(Scaling::Partly, 60.0, 160.0, 1.5, &slowed);
    assert_eq!(verdict(&grown), "regressed");
}

#[test]
fn long_tasks_are_not_blamed_on_a_slower_machine_nor_cleared_on_a_faster() {
    let slower = growth(Scaling::Threshold, 60.0, 140.0, 1.1, &speed(14.0 * 1.1));
    assert_eq!(slower.p_regressed, Some(1.0));
    let faster = growth(Scaling::Threshold, 60.0, 60.0, 0.9, &speed(14.0 * 0.9));
    assert_eq!(faster.p_ok, Some(1.0));
    let alike = growth(Scaling::Threshold, 60.0, 140.0, 1.0, &speed(14.2));
    assert_eq!(verdict(&alike), "regressed");
}

#[test]
fn fresh_trials_are_compared_on_their_own() {
    let mut all = samples(60.0, 1.0, Purpose::Measure, 2);
    all.extend(samples(140.0, 1.0, Purpose::Confirm, 3));
    let metrics = [metric(Scaling::Cpu)];
    let mut now = effects(&all, &plan(), &gate(), &metrics);
    now.push(Effect {
        fresh: true,
        ..now[0].clone()
    });
    let baseline = baseline(60.0);
    let since = Since {
        baseline: &baseline,
        speed: &SpeedRatio::ONE,
        gate: &gate(),
        metrics: &metrics,
    };
    let of = |purpose| since_baseline(&all, &[contrast()], &one_look(), &now, &since, purpose);
    let (first, fresh) = (of(Purpose::Measure), of(Purpose::Confirm));
    assert_eq!(
        (first.len(), first[0].fresh, verdict(&first[0])),
        (1, false, "ok")
    );
    assert_eq!(
        (fresh.len(), fresh[0].fresh, verdict(&fresh[0])),
        (1, true, "regressed")
    );
}

#[test]
fn what_the_baseline_does_not_know_is_told_and_not_left_out() {
    let mut all = samples(10.0, 1.0, Purpose::Measure, 2);
    let of_lcp = |sample: &Sample| Sample {
        metric: "lcp".into(),
        ..sample.clone()
    };
    all.extend(all.clone().iter().map(of_lcp));
    let lcp = MetricInfo {
        id: "lcp".into(),
        ..metric(Scaling::Partly)
    };
    let metrics = [metric(Scaling::Cpu), lcp];
    let mut now = effects(&all, &plan(), &gate(), &metrics);
    let fresh = |effect: &Effect| Effect {
        fresh: true,
        ..effect.clone()
    };
    now.extend(now.clone().iter().map(fresh));
    let no_tags = Baseline {
        tags: Default::default(),
        ..baseline(1.0)
    };
    let mut no_samples = baseline(1.0);
    let cells = no_samples.tags.values_mut().flat_map(|c| c.values_mut());
    cells.for_each(|cell| cell.with.fill(None));
    for lacking in [no_tags, no_samples] {
        let since = Since {
            baseline: &lacking,
            speed: &SpeedRatio::ONE,
            gate: &gate(),
            metrics: &metrics,
        };
        let of = |purpose| since_baseline(&all, &[contrast()], &one_look(), &now, &since, purpose);
        // The gate names CPU alone.
        let [unknown] = &of(Purpose::Measure)[..] else {
            panic!("{:?}", of(Purpose::Measure))
        };
        assert_eq!((unknown.metric.as_str(), unknown.pairs), ("cpu", 0));
        assert_eq!(unknown.basis, Basis::Baseline);
        assert_eq!((unknown.estimate, unknown.p_ok), (None, None));
        assert!(of(Purpose::Confirm).is_empty());
    }
}

#[test]
fn the_page_itself_is_shown_now_against_then() {
    let now = samples(60.0, 1.2, Purpose::Measure, 2);
    let page = page_changes(&now, &[contrast()], &gate(), &baseline(60.0));
    assert_eq!((page.len(), page[0].then, page[0].now), (1, BLOCKS, BLOCKS));
    assert!((15.0..25.0).contains(&page[0].estimate));
    assert!(page[0].interval.unwrap().low > 0.0);
    let mut other = contrast();
    other.without = other.with.clone();
    assert!(page_changes(&now, &[other], &gate(), &baseline(60.0)).is_empty());
}

proptest! {
    #![proptest_config(proptest::test_runner::Config {
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 40,
        ..Default::default()
    })]

    /// A machine that makes everything, its calibration too, `slower` times slower moves no verdict: the cost
    /// is the same, and what is clear stays clear within the guard.
    #[test]
    fn the_machines_speed_moves_no_verdict(slower in 0.81..1.24f64, cost in 5.0..90f64) {
        for (then, now, expected) in [(cost, cost, "ok"), (cost, cost + 80.0, "regressed")] {
            let here = growth(Scaling::Cpu, then, now, 1.0, &speed(14.0));
            let there = growth(Scaling::Cpu, then, now, slower, &speed(14.0 * slower));
            prop_assert!((here.estimate.unwrap() - there.estimate.unwrap()).abs() < 1e-6);
            prop_assert_eq!(verdict(&here), expected);
            prop_assert_eq!(verdict(&there), expected);
        }
    }

    /// Beyond the guard the cost is still the same, and no verdict turns into its opposite.
    #[test]
    fn no_speed_makes_the_same_tag_regress(slower in 0.1..10f64, cost in 0.0..200f64) {
        let same = growth(Scaling::Cpu, cost, cost, slower, &speed(14.0 * slower));
        prop_assert!(verdict(&same) != "regressed");
        let grown = growth(Scaling::Cpu, cost, cost + 80.0, slower, &speed(14.0 * slower));
        prop_assert!(verdict(&grown) != "ok");
    }
}

#[test]
fn every_look_has_its_share_of_the_error() {
    let all = samples(60.0, 2.0, Purpose::Measure, 2);
    let plan = plan();
    let now = effects(&all, &plan, &gate(), &[metric(Scaling::Cpu)]);
    let accepted = baseline(60.0);
    let metrics = [metric(Scaling::Cpu)];
    let since = Since {
        baseline: &accepted,
        speed: &speed_ratio(&speed(10.0), &speed(10.0)).unwrap(),
        gate: &gate(),
        metrics: &metrics,
    };
    let p = |schedule: &Schedule| {
        let effect = since_baseline(
            &all,
            &[contrast()],
            schedule,
            &now,
            &since,
            Purpose::Measure,
        )
        .remove(0);
        (effect.p_regressed.unwrap(), effect.p_ok.unwrap())
    };
    let at = |weight: f64| Schedule {
        looks: vec![BLOCKS],
        weights: vec![weight],
    };
    let (whole, quarter) = (p(&at(1.0)), p(&at(0.25)));
    assert!((quarter.0 / whole.0 - 4.0).abs() < 1e-9);
    assert_eq!(quarter.1, (4.0 * whole.1).min(1.0));
}
