use super::*;
use crate::model::{
    Arm, GatedMetric, Inconclusive, Purpose, Reading, Scaling, Schedule, Slot, Unit,
};

fn gate(margin: Margin) -> Gate {
    Gate {
        metrics: vec![GatedMetric {
            metric: "cpu".into(),
            margin,
            weight: 1.0,
        }],
        exploratory: vec![],
        forbid: vec![],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    }
}

fn plan(looks: &[usize]) -> Plan {
    let contrast = Contrast {
        tag: "a".into(),
        with: Arm(vec!["a".into()]),
        without: Arm::control(),
    };
    Plan {
        design: Default::default(),
        seed: 1,
        arms: vec![Arm::control(), contrast.with.clone()],
        contrasts: vec![contrast],
        schedule: Schedule {
            looks: looks.into(),
            weights: vec![1.0 / looks.len() as f64; looks.len()],
        },
        warm_up_blocks: 1,
        traced_blocks: 0,
    }
}

fn metric() -> MetricInfo {
    MetricInfo {
        id: "cpu".into(),
        name: "CPU".into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 10.0,
        scaling: Scaling::Cpu,
    }
}

fn sample(block: usize, present: bool, purpose: Purpose, reading: Reading) -> Sample {
    let arm = if present {
        Arm(vec!["a".into()])
    } else {
        Arm::control()
    };
    Sample {
        slot: Slot {
            block,
            position: 0,
            arm,
            purpose,
        },
        metric: "cpu".into(),
        reading,
    }
}

/// Control 100 + block, and `cost` more with the tag.
fn samples(blocks: usize, cost: f64) -> Vec<Sample> {
    (1..=blocks)
        .flat_map(|block| {
            let base = 100.0 + block as f64;
            [
                sample(block, false, Purpose::Measure, Reading::Value(base)),
                sample(block, true, Purpose::Measure, Reading::Value(base + cost)),
            ]
        })
        .collect()
}

fn one(samples: &[Sample], plan: &Plan, margin: Margin) -> Effect {
    effects(samples, plan, &gate(margin), &[metric()]).remove(0)
}

const TEN: Margin = Margin {
    absolute: 10.0,
    relative: 0.0,
};

#[test]
fn pairs_take_the_drift_out() {
    let effect = one(&samples(10, 25.0), &plan(&[10]), TEN);
    assert_eq!((effect.pairs, effect.estimate), (10, Some(25.0)));
    assert_eq!(effect.p_regressed, Some(0.5_f64.powi(10)));
    assert_eq!(effect.p_ok, Some(1.0));
    let interval = effect.interval.unwrap();
    assert!(interval.low <= 25.0 && interval.high >= 25.0 && interval.confidence > 0.97);
}

#[test]
fn warm_up_never_counts() {
    let mut all = samples(10, 0.0);
    all.push(sample(0, false, Purpose::WarmUp, Reading::Value(1.0)));
    all.push(sample(0, true, Purpose::WarmUp, Reading::Value(9e9)));
    assert_eq!(
        one(&all, &plan(&[10]), TEN),
        one(&samples(10, 0.0), &plan(&[10]), TEN)
    );
}

#[test]
fn a_missing_value_drops_its_pair_and_says_why() {
    let mut all = samples(10, 25.0);
    all[3].reading = Reading::Missing("the page painted nothing".into());
    let effect = one(&all, &plan(&[10]), TEN);
    assert_eq!((effect.pairs, effect.dropped), (9, 1));
    assert_eq!(
        effect.dropped_because.as_deref(),
        Some("the page painted nothing")
    );
}

#[test]
fn each_look_spends_its_share_and_later_data_do_not_take_a_p_value_back() {
    let two = plan(&[10, 20]);
    let early = one(&samples(10, 25.0), &two, TEN).p_regressed.unwrap();
    assert!((early - 2.0 * 0.5_f64.powi(10)).abs() < 1e-12);
    let mut all = samples(20, 25.0);
    for sample in all
        .iter_mut()
        .filter(|s| s.slot.block > 10 && !s.slot.arm.0.is_empty())
    {
        sample.reading = Reading::Value(0.0);
    }
    assert_eq!(one(&all, &two, TEN).p_regressed, Some(early));
}

#[test]
fn a_run_that_stops_between_looks_is_judged_at_the_weight_of_the_next() {
    let effect = one(&samples(12, 25.0), &plan(&[10, 20]), TEN);
    assert!((effect.p_regressed.unwrap() - 2.0 * 0.5_f64.powi(12)).abs() < 1e-12);
}

#[test]
fn a_relative_margin_is_frozen_at_the_first_look() {
    let share = Margin {
        absolute: 1.0,
        relative: 0.1,
    };
    let mut all = samples(20, 0.0);
    for sample in all.iter_mut().filter(|s| s.slot.block > 10) {
        sample.reading = Reading::Value(5000.0);
    }
    let margin = one(&all, &plan(&[10, 20]), share).margin;
    assert!((margin - 10.55).abs() < 1e-9, "{margin}");
}

#[test]
fn traced_samples_give_an_estimate_and_no_test() {
    let traced: Vec<Sample> = samples(2, 25.0)
        .into_iter()
        .map(|mut sample| {
            sample.slot.purpose = Purpose::Explain;
            sample
        })
        .collect();
    let effect = one(&traced, &plan(&[10]), TEN);
    assert_eq!((effect.pairs, effect.estimate), (2, Some(25.0)));
    assert_eq!(
        (effect.interval, effect.p_regressed, effect.p_ok),
        (None, None, None)
    );
}

#[test]
fn nothing_measured_is_no_estimate() {
    let effect = one(&[], &plan(&[10]), TEN);
    assert_eq!(
        (effect.pairs, effect.estimate, effect.p_ok),
        (0, None, None)
    );
}
