//! What a scenario may name: derived from the tables of metrics and detectors.

use crate::detect;
use crate::metrics;
use crate::scenario::{FindingRule, LimitRule, MetricRule, Vocabulary};

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
        findings: detect::ALL
            .iter()
            .map(|detector| FindingRule {
                id: detector.id,
                severity: detector.severity,
                needs_steps: detector.needs_steps,
                thresholds: detector
                    .thresholds
                    .iter()
                    .map(|threshold| LimitRule {
                        id: threshold.id,
                        unit: threshold.unit,
                    })
                    .collect(),
            })
            .collect(),
    }
}
