//! Ablation checks attribution: is what the trace books to a tag what the page costs more with it?

use crate::model::{Agreement, Interval, Spread};

/// Differences below this are of no interest: milliseconds, and a share of the larger figure.
const SLACK_MS: f64 = 10.0;
const SLACK_SHARE: f64 = 0.1;

/// Compares what traced trials book to a tag with the measured effect, both main-thread CPU time in milliseconds.
///
/// `ratio` is the control arm's CPU time untraced over traced: tracing costs time of its own.
pub fn compare(booked_ms: Spread, ratio: f64, measured: Interval) -> Agreement {
    let booked = Spread {
        median: booked_ms.median * ratio,
        low: booked_ms.low * ratio,
        high: booked_ms.high * ratio,
    };
    let gap = (measured.low - booked.high).max(booked.low - measured.high);
    let size = booked
        .median
        .abs()
        .max(f64::midpoint(measured.low, measured.high).abs());
    Agreement {
        booked_ms: booked,
        ratio,
        measured,
        disagree: gap > SLACK_MS.max(SLACK_SHARE * size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disagree(booked: (f64, f64), ratio: f64, measured: (f64, f64)) -> bool {
        let spread = Spread {
            median: f64::midpoint(booked.0, booked.1),
            low: booked.0,
            high: booked.1,
        };
        let interval = Interval {
            low: measured.0,
            high: measured.1,
            confidence: 0.98,
        };
        compare(spread, ratio, interval).disagree
    }

    #[test]
    fn ranges_that_meet_agree() {
        assert!(!disagree((880.0, 900.0), 1.0, (850.0, 950.0)));
        assert!(!disagree((1000.0, 1010.0), 0.85, (800.0, 870.0)));
        assert!(!disagree((0.0, 0.0), 1.0, (-3.0, 3.0)));
    }

    #[test]
    fn a_gap_within_the_slack_is_none() {
        assert!(!disagree((20.0, 20.0), 1.0, (29.0, 31.0)));
        assert!(disagree((20.0, 20.0), 1.0, (31.0, 33.0)));
        assert!(!disagree((900.0, 900.0), 1.0, (980.0, 1000.0)));
        assert!(disagree((800.0, 800.0), 1.0, (980.0, 1000.0)));
    }

    #[test]
    fn work_that_replaces_the_pages_own_is_told() {
        assert!(disagree((300.0, 320.0), 1.0, (-5.0, 8.0)));
    }
}
