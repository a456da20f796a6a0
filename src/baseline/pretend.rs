//! Values for the tests of this station.

use std::collections::BTreeMap;

use crate::model::{
    Approval, Baseline, BaselineCell, Certificate, Environment, Examination, Fingerprint, Fitness,
    Interval, Session, Speed,
};

/// A baseline of a run, with the cost of each tag.
pub fn baseline(run: &str, tags: &[(&str, f64)]) -> Baseline {
    let cell = |cost: f64| BaselineCell {
        gated: true,
        estimate: Some(cost),
        interval: Some(Interval {
            low: cost - 2.0,
            high: cost + 2.0,
            confidence: 0.98,
        }),
        margin: 10.0,
        detectable: None,
        without: vec![Some(70.1), None, Some(72.0)],
        with: vec![Some(70.1 + cost), Some(83.25), Some(72.0 + cost)],
    };
    Baseline {
        format: Baseline::FORMAT,
        hash: String::new(),
        scenario: "shop".into(),
        scenario_file: "scenarios/shop.toml".into(),
        run: run.into(),
        seed: 7,
        approval: Approval {
            by: "Ada <ada@shop.example>".into(),
            at: "2026-01-01T00:10:00Z".into(),
            reason: "first measurement".into(),
            commit: None,
        },
        browser: "HeadlessChrome/156.0.8078.79".into(),
        tagperf: "0.1.0".into(),
        fingerprint: Fingerprint(BTreeMap::from([("browser".into(), "156".into())])),
        speed: Speed {
            cpu_model: "Xeon".into(),
            cpu_count: 2,
            slowdown: 1.0,
            slowdown_counted: 1.0,
            calibration_ms: Some(14.1),
            calibration_cv: Some(0.02),
            calibrations: 11,
        },
        certificate: None,
        tags: tags
            .iter()
            .map(|(tag, cost)| {
                let cells = BTreeMap::from([("cpu".into(), cell(*cost))]);
                ((*tag).into(), cells)
            })
            .collect(),
        history: vec![],
    }
}

/// An examination of the machine of [`baseline`] that found nothing wrong.
pub fn examination() -> Examination {
    Examination {
        format: Examination::FORMAT,
        scenario: "shop".into(),
        environment: Environment::default(),
        fingerprint: Fingerprint(BTreeMap::from([("browser".into(), "156".into())])),
        fitness: Fitness::Fit,
        checks: vec![],
        session: Some(Session {
            certificate: Certificate {
                run: "2026-01-01T00-00-00Z".into(),
                fitness: Fitness::Fit,
                blocks: 20,
                effects: 3,
                regressed: 0,
                false_alarms: 0.008,
                relabelled: 1000,
            },
            noise: vec![],
            trial_s: 2.5,
        }),
    }
}
