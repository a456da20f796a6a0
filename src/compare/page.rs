use crate::model::{Arm, Baseline, Contrast, Gate, Interval, PageChange, Purpose, Reading, Sample};
use crate::stats::{ALPHA, hodges_lehmann_shift, shift_interval};

/// How the page without tags changed from the baseline's run to this one, for every gated metric.
///
/// The runs were not interleaved, so whatever else happened between them is in it: it is shown and never
/// judged. Both runs must have the same machine at the same slowdown.
pub fn page_changes(
    samples: &[Sample],
    contrasts: &[Contrast],
    gate: &Gate,
    baseline: &Baseline,
) -> Vec<PageChange> {
    gate.metrics
        .iter()
        .filter_map(|gated| change(samples, contrasts, &gated.metric, baseline))
        .collect()
}

fn change(
    samples: &[Sample],
    contrasts: &[Contrast],
    metric: &str,
    baseline: &Baseline,
) -> Option<PageChange> {
    // What a tag needs is in the fingerprint, so its arm without it was the bare page then, too.
    let cell = contrasts
        .iter()
        .filter(|contrast| contrast.without == Arm::control())
        .find_map(|contrast| baseline.tags.get(&contrast.tag)?.get(metric))?;
    let then: Vec<f64> = cell.without.iter().copied().flatten().collect();
    let now: Vec<f64> = samples
        .iter()
        .filter(|sample| sample.metric == metric)
        .filter(|sample| {
            sample.slot.purpose == Purpose::Measure && sample.slot.arm == Arm::control()
        })
        .filter_map(|sample| Reading::value(&sample.reading))
        .collect();
    let interval = shift_interval(&then, &now, ALPHA).ok()?;
    Some(PageChange {
        metric: metric.into(),
        estimate: hodges_lehmann_shift(&then, &now).ok()?,
        interval: interval.map(|i| Interval {
            low: i.low,
            high: i.high,
            confidence: i.confidence,
        }),
        then: then.len(),
        now: now.len(),
    })
}
