//! More beacons than anything on the page can give reason for.

use super::shared::{address, busiest};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, StepRecord, Unit};
use crate::trace::{Evidence, Exchange, Span, any_holds, discreet, seconds};

pub const DETECTOR: Detector = Detector {
    id: "beacon_storm",
    name: "storm of beacons",
    severity: Severity::Warning,
    what: "Requests of the tag that tell somebody of something, sent without pause while nobody touches the page, or many within a second without an interaction. Those that fail are left to the finding that names them.",
    example: "A heart beat that was meant to be sent every ten seconds is sent every hundred milliseconds.",
    needs_steps: &[],
    why: "Each beacon wakes the radio of a phone, takes a connection and time on the main thread, and counts against the visitor's data plan.",
    fix: "Ask the owner to gather what is to be told and to send it every few seconds, or with sendBeacon when the page is hidden.",
    thresholds: &[PER_SECOND, BURST],
    detect,
};

#[rustfmt::skip]
const PER_SECOND: Threshold = Threshold {
    id: "per_second", name: "beacons per second while nobody touches the page, without the busiest half second, beyond the control arm", value: 2.0, unit: Unit::Count,
    source: "assumed, not measured: heart beats come every few seconds, and a queue can be sent once a second",
};
#[rustfmt::skip]
const BURST: Threshold = Threshold {
    id: "burst", name: "beacons within a second without an interaction, beyond the control arm", value: 25.0, unit: Unit::Count,
    source: "assumed, not measured: a start takes a few; twenty-five are more than the six connections that a browser opens to an HTTP/1 host can carry four times over",
};

/// Fewer are no storm, whatever the time they took.
const FEWEST: usize = 5;

const CELL_US: f64 = 5e5;
const SECOND_US: f64 = 1e6;

/// When beacons of the tag began, on the trace's clock, in order.
fn times(arms: &Arms, evidence: &Evidence) -> Vec<f64> {
    let traffic = arms.traffic(evidence).into_iter();
    let beacons = traffic.filter(|exchange| is_beacon(exchange));
    let mut times: Vec<f64> = beacons.filter_map(Exchange::start_us).collect();
    times.retain(|time| time.is_finite());
    times.sort_by(f64::total_cmp);
    times
}

fn is_beacon(exchange: &Exchange) -> bool {
    exchange.is_beacon() && !exchange.is_code() && !exchange.failed()
}

/// Beacons per second of the untouched time. What is left over from the last interaction comes at once, and so
/// the busiest half second does not count.
fn per_second(arms: &Arms, evidence: &Evidence) -> f64 {
    let spans = evidence.untouched();
    let mut times = times(arms, evidence);
    times.retain(|time| any_holds(&spans, *time));
    let rest = times.len() - busiest(&times, CELL_US);
    let left_s = seconds(&spans) - CELL_US / 1e6;
    if rest >= FEWEST && left_s > 0.0 {
        rest as f64 / left_s
    } else {
        0.0
    }
}

/// The most beacons within a second in which nobody touched the page; it may have been loading.
fn burst(arms: &Arms, evidence: &Evidence) -> f64 {
    let calm = [
        "load",
        "idle",
        "wait",
        StepRecord::QUIET,
        StepRecord::HIDDEN,
    ];
    let spans: Vec<Span> = calm.iter().flat_map(|kind| evidence.spans(kind)).collect();
    let mut times = times(arms, evidence);
    times.retain(|time| spans.iter().any(|span| span.holds(*time)));
    busiest(&times, SECOND_US) as f64
}

fn detect(arms: &Arms) -> Vec<Finding> {
    let steady = arms.exceeds(&PER_SECOND, |evidence| per_second(arms, evidence));
    let burst_limit = arms.exceeds(&BURST, |evidence| burst(arms, evidence));
    let (seen, text) = match (steady, burst_limit) {
        (Some(seen), _) => {
            let rate = arms.with(|evidence| per_second(arms, evidence));
            let text = format!("{rate:.1} beacons a second while nobody touches the page");
            (seen, text)
        }
        (None, Some(seen)) => {
            let most = arms.with(|evidence| burst(arms, evidence));
            (seen, format!("{most} beacons within a second"))
        }
        (None, None) => return Vec::new(),
    };
    let traffic = arms.with.first().map(|evidence| arms.traffic(evidence));
    let traffic = traffic.unwrap_or_default();
    let last = traffic.iter().rev().find(|exchange| is_beacon(exchange));
    let to = last.map_or_else(String::new, |last| format!(", to {}", address(last.url)));
    let step = last.and_then(|last| arms.with.first()?.step_at(last.start_us()?));
    let figures = vec![
        arms.figure("beacons in all", Unit::Count, |evidence| {
            times(arms, evidence).len() as f64
        }),
        arms.figure("beacons per second, untouched", Unit::Count, |evidence| {
            per_second(arms, evidence)
        }),
        arms.figure("beacons in the busiest second", Unit::Count, |evidence| {
            burst(arms, evidence)
        }),
    ];
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: arms.blame_traffic(|_, exchange| f64::from(u8::from(is_beacon(exchange)))),
            did: format!("sends {text}{to}"),
            step: step.map(discreet),
            figures,
        },
    )]
}
