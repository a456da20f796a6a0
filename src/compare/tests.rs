use super::*;
use crate::model::{
    Arm, GatedMetric, Inconclusive, Purpose, Reading, Scaling, Schedule, Slot, Unit,
};

fn gate(margin: Margin) -> Gate {
    Gate {
        forbid_chosen: false,
        limits: vec![],
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
        factors: vec![],
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

mod many {
    use super::*;
    use crate::model::{Confirmation, Design};

    const TAGS: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn ids(ids: &[&str]) -> Arm {
        Arm(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn plan(looks: &[usize]) -> Plan {
        let without =
            |tag: &str| ids(&TAGS.into_iter().filter(|id| *id != tag).collect::<Vec<_>>());
        Plan {
            design: Design::Screen,
            arms: vec![Arm::control(), ids(&TAGS)],
            contrasts: TAGS
                .iter()
                .map(|tag| Contrast {
                    tag: (*tag).into(),
                    with: ids(&TAGS),
                    without: without(tag),
                })
                .collect(),
            ..super::plan(looks)
        }
    }

    /// Pairs of a design in which all columns are balanced; the page costs 100 and drifts.
    fn samples(pairs: usize, cost: impl Fn(&Arm) -> f64) -> Vec<Sample> {
        let design = crate::stats::fold_over(&mut crate::stats::Rng::seeded(4), 5, pairs).unwrap();
        let mut samples = Vec::new();
        for (number, pair) in design.iter().enumerate() {
            let half = |sign: i8| {
                let on = TAGS.iter().zip(&pair.signs).filter(|(_, s)| **s == sign);
                ids(&on.map(|(id, _)| *id).collect::<Vec<_>>())
            };
            let arms = if pair.set_first {
                [half(1), half(-1)]
            } else {
                [half(-1), half(1)]
            };
            for (position, arm) in arms.into_iter().enumerate() {
                let value = 100.0 + number as f64 + cost(&arm);
                samples.push(Sample {
                    slot: Slot {
                        block: number + 1,
                        position,
                        arm,
                        purpose: Purpose::Measure,
                    },
                    metric: "cpu".into(),
                    reading: Reading::Value(value),
                });
            }
        }
        samples
    }

    fn sum(arm: &Arm) -> f64 {
        let cost = |id: &str| match id {
            "b" => 30.0,
            "d" => -4.0,
            _ => 0.0,
        };
        arm.0.iter().map(|id| cost(id)).sum()
    }

    fn of<'a>(effects: &'a [Effect], tag: &str) -> &'a Effect {
        effects.iter().find(|effect| effect.tag == tag).unwrap()
    }

    #[test]
    fn every_cost_comes_out_of_the_same_trials() {
        let effects = effects(&samples(24, sum), &plan(&[16, 24]), &gate(TEN), &[metric()]);
        assert_eq!(effects.len(), 5);
        for (tag, cost) in [("a", 0.0), ("b", 30.0), ("d", -4.0)] {
            let effect = of(&effects, tag);
            assert_eq!((effect.basis, effect.pairs), (Basis::Screen, 24));
            assert!((effect.estimate.unwrap() - cost).abs() < 1e-6, "{effect:?}");
        }
        assert!(of(&effects, "b").p_regressed.unwrap() < 0.01);
        assert!(of(&effects, "a").p_ok.unwrap() < 0.05);
    }

    #[test]
    fn before_its_first_look_a_screen_claims_nothing() {
        let few = effects(&samples(9, sum), &plan(&[16]), &gate(TEN), &[metric()]);
        let effect = of(&few, "b");
        assert_eq!(
            (effect.pairs, effect.estimate, effect.p_regressed),
            (9, None, None)
        );
    }

    #[test]
    fn a_lost_half_loses_its_pair() {
        let mut all = samples(24, sum);
        all[7].reading = Reading::Missing("the page painted nothing".into());
        let effects = effects(&all, &plan(&[24]), &gate(TEN), &[metric()]);
        let effect = of(&effects, "a");
        assert_eq!((effect.pairs, effect.dropped), (23, 1));
        assert_eq!(
            effect.dropped_because.as_deref(),
            Some("the page painted nothing")
        );
    }

    #[test]
    fn what_two_tags_have_only_together_is_told_from_their_costs() {
        let with_pair = |arm: &Arm| {
            sum(arm)
                + if arm.has("a") && arm.has("b") {
                    40.0
                } else {
                    0.0
                }
        };
        let all = samples(48, with_pair);
        // The drift of 1 per pair would be noise to a pair's mean.
        let level: Vec<Sample> = all
            .into_iter()
            .map(|mut sample| {
                let drift = (sample.slot.block - 1) as f64;
                if let Reading::Value(value) = &mut sample.reading {
                    *value -= drift - drift % 3.0;
                }
                sample
            })
            .collect();
        let (plan, gate) = (plan(&[48]), gate(TEN));
        let effects = effects(&level, &plan, &gate, &[metric()]);
        // Averaged over the other being on and off: half of the 40 is a cost of each.
        assert!((of(&effects, "a").estimate.unwrap() - 20.0).abs() < 2.0);
        let screen = screen(&level, &plan, &gate, &effects);
        assert_eq!(screen.pairs, 48);
        let [found] = &screen.interactions[..] else {
            panic!("{:?}", screen.interactions)
        };
        assert_eq!(found.tags, ["a", "b"]);
        assert!((found.estimate - 40.0).abs() < 5.0, "{found:?}");
    }

    #[test]
    fn columns_that_move_together_are_called_confounded() {
        // e only ever runs where d does.
        let coupled = |mut sample: Sample| {
            if !sample.slot.arm.has("d") {
                sample.slot.arm.0.retain(|id| id != "e");
            }
            sample
        };
        let all: Vec<Sample> = samples(24, sum).into_iter().map(coupled).collect();
        let (plan, gate) = (plan(&[24]), gate(TEN));
        let screen = screen(&all, &plan, &gate, &[]);
        let [confounded] = &screen.confounded[..] else {
            panic!("{:?}", screen.confounded)
        };
        assert_eq!(confounded.tags, ["d", "e"]);
        assert!(
            confounded.correlation > 0.5 && confounded.correlation <= screen.largest_correlation
        );
    }

    #[test]
    fn fresh_trials_have_the_first_ones_margin_and_looks_of_their_own() {
        let (plan, gate) = (plan(&[24]), gate(TEN));
        let mut first = effects(&samples(24, sum), &plan, &gate, &[metric()]);
        for effect in &mut first {
            effect.margin = 12.0;
        }
        let confirmation = Confirmation {
            contrasts: vec![plan.contrasts[1].clone()],
            schedule: Schedule {
                looks: vec![8, 12],
                weights: vec![0.5, 0.5],
            },
        };
        let fresh: Vec<Sample> = (1..=8)
            .flat_map(|block| {
                let arms = [
                    &confirmation.contrasts[0].with,
                    &confirmation.contrasts[0].without,
                ];
                arms.map(|arm| Sample {
                    slot: Slot {
                        block,
                        position: 0,
                        arm: arm.clone(),
                        purpose: Purpose::Confirm,
                    },
                    metric: "cpu".into(),
                    reading: Reading::Value(100.0 + sum(arm)),
                })
            })
            .collect();
        let effects = fresh_effects(&fresh, &confirmation, &gate, &first);
        let [effect] = &effects[..] else {
            panic!("{effects:?}")
        };
        assert_eq!(
            (effect.tag.as_str(), effect.basis, effect.fresh),
            ("b", Basis::Control, true)
        );
        assert_eq!((effect.margin, effect.pairs), (12.0, 8));
        assert_eq!(effect.p_regressed, Some(2.0 * 0.5_f64.powi(8)));
    }
}
