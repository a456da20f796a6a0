//! What a scenario may name: derived from the tables of metrics and detectors.

use crate::detect;
use crate::metrics;
use crate::scenario::{MetricRule, Vocabulary};

pub(super) fn vocabulary() -> Vocabulary {
    Vocabulary {
        metrics: metrics::ALL
            .iter()
            .map(|metric| MetricRule {
                id: metric.id,
                unit: metric.unit,
                floor: metric.floor,
                margin: metric.margin,
                weight: if metric.gated { metric.weight } else { 0.0 },
                needs_trace: metric.needs_trace,
                needs_steps: metric.needs_steps,
            })
            .collect(),
        findings: detect::ALL.iter().map(|detector| detector.id).collect(),
    }
}
