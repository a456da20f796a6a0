//! Readings of a machine that was left alone, and what they become when it is not.

mod checks;
mod power;
mod session;

use std::sync::LazyLock;

use super::*;
use crate::model::{Design, GatedMetric, Inconclusive, Margin, Reading, Slot};
use crate::stats::{ALPHA, Rng};

fn watched(others: f64, steal: f64, stalled: f64) -> Watched {
    Watched {
        when: "during the session",
        seconds: 60.0,
        cpus: 2,
        others: Some(others),
        most: Some(("yes".into(), others)),
        steal: Some(steal),
        stalled: Some(stalled),
    }
}

/// As read on a virtual machine of two processors that was left alone.
fn quiet() -> Readings {
    Readings {
        browser: Ok(Launched {
            version: "HeadlessChrome/156.0.8078.79".into(),
            program: "chromium-headless-shell".into(),
            sandbox: true,
        }),
        cpus: Cpus {
            model: "AMD EPYC".into(),
            allowed: 2,
            present: Some(2),
        },
        load: Some(0.07),
        watched: vec![watched(0.02, 0.0, 0.01), watched(0.08, 0.001, 0.15)],
        governor: None,
        clock: Clock {
            source: Some("tsc".into()),
            step_us: 0.05,
            jump_s: 0.0,
        },
        disk_free: Some(36_300_000_000),
        slowdown: Some((4.0, 3.93)),
        speed_ms: vec![14.1, 14.4, 13.5, 14.5, 14.4, 14.2, 13.8, 13.9],
        session: Some(Ok(PLAYED.clone())),
    }
}

static PLAYED: LazyLock<Played> = LazyLock::new(played);

fn played() -> Played {
    let gate = gate();
    let samples = samples(20, |lot| lot.unit());
    let asked = Asked {
        run: "2026-01-31T10-00-00Z".into(),
        seed: 1,
        verdicts: (2, 0),
        trial_s: 2.0,
    };
    let session = session(&samples, &gate, &asked);
    Played {
        power: power(
            &session.noise,
            &gate,
            &plan(40, 1),
            |blocks| 2 * blocks,
            2.0,
        ),
        session,
        stop: Stop::BlocksSpent,
        planned_blocks: 20,
        trials: 40,
        lost: 0,
        fault: None,
        waiting: Some(0.35),
        metrics: vec![info("cpu", "main-thread CPU"), info("lcp", "LCP")],
    }
}

fn info(id: &str, name: &str) -> MetricInfo {
    MetricInfo {
        scaling: Default::default(),
        id: id.into(),
        name: name.into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 1.0,
    }
}

fn gate() -> Gate {
    let gated = |metric: &str, absolute: f64, weight: f64| GatedMetric {
        metric: metric.into(),
        margin: Margin {
            absolute,
            relative: 0.05,
        },
        weight,
    };
    Gate {
        forbid_chosen: false,
        limits: vec![],
        metrics: vec![gated("cpu", 10.0, 0.6), gated("lcp", 50.0, 0.4)],
        exploratory: vec![],
        forbid: vec![],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    }
}

/// CPU of 100 ms and LCP of 2000 ms, with noise on the latter that is twenty times as large.
fn samples(blocks: usize, mut noise: impl FnMut(&mut Rng) -> f64) -> Vec<Sample> {
    let mut lot = Rng::seeded(7);
    let contrast = contrast();
    let mut samples = Vec::new();
    for block in 1..=blocks {
        for (position, arm) in [&contrast.without, &contrast.with].into_iter().enumerate() {
            for (metric, level, scale) in [("cpu", 100.0, 1.0), ("lcp", 2000.0, 20.0)] {
                samples.push(Sample {
                    slot: Slot {
                        block,
                        position,
                        arm: arm.clone(),
                        purpose: Purpose::Measure,
                    },
                    metric: metric.into(),
                    reading: Reading::Value(level + scale * noise(&mut lot)),
                });
            }
        }
    }
    samples
}

fn plan(cap: usize, tags: usize) -> Plan {
    let looks = stats::schedule(tags as f64 / 0.6, cap, ALPHA).unwrap();
    Plan {
        factors: vec![],
        seed: 1,
        arms: vec![],
        contrasts: vec![contrast(); tags],
        design: Design::Blocks,
        schedule: Schedule {
            looks: looks.blocks,
            weights: looks.weights,
        },
        warm_up_blocks: 1,
        traced_blocks: 0,
    }
}
