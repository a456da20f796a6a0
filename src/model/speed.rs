use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scaling;

/// What makes a run faster or slower and changes nothing else: two runs may differ in it and yet be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    pub cpu_model: String,
    pub cpu_count: usize,
    /// CPU slowdown that was asked for; 1 is none.
    pub slowdown: f64,
    /// By how much it multiplied the CPU time of the calibration loop.
    pub slowdown_counted: f64,
    /// Median thread CPU milliseconds of the calibration loop at full speed; `null` when it was never measured.
    pub calibration_ms: Option<f64>,
    /// Its standard deviation over its mean.
    pub calibration_cv: Option<f64>,
    /// Number of calibrations.
    pub calibrations: usize,
}

impl Speed {
    /// The same kind of machine, slowed down as much: times may be compared as they are.
    pub fn is_like(&self, other: &Speed) -> bool {
        self.cpu_model == other.cpu_model
            && self.cpu_count == other.cpu_count
            && self.slowdown == other.slowdown
    }

    /// What a CPU time of this speed is multiplied by to be one of `other`; `None` when that is not known.
    pub fn in_terms_of(&self, other: &Speed) -> Option<f64> {
        let loops = other.calibration_ms? / self.calibration_ms?;
        let factor = loops * other.slowdown_counted / self.slowdown_counted;
        (factor.is_finite() && factor > 0.0).then_some(factor)
    }

    /// `2 x Intel Xeon, CPU slowdown 1`
    pub fn machine(&self) -> String {
        let Speed {
            cpu_count,
            cpu_model,
            slowdown,
            ..
        } = self;
        format!("{cpu_count} x {cpu_model}, CPU slowdown {slowdown}")
    }
}

/// How much faster a run was than its baseline: what the run's CPU times are multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpeedRatio {
    /// The baseline's calibration loop over this run's: 2 when this machine is twice as fast.
    pub calibration: f64,
    /// The baseline's CPU slowdown over this run's, as it counts in CPU time.
    pub slowdown: f64,
    /// What is not known by construction is close enough to 1 that "regressed" may be said. A CPU slowdown
    /// that was verified in the browser is known by construction.
    pub comparable: bool,
    /// Machine or slowdown differ: what is scaled rests on the scaling and not on randomisation.
    pub indirect: bool,
}

impl SpeedRatio {
    /// Ratios up to this, and down to its inverse, are one speed: so much a loop's median wanders between two
    /// runs on one machine.
    pub const ONE_SPEED: f64 = 1.05;

    /// The same machine at the same speed.
    pub const ONE: Self = Self {
        calibration: 1.0,
        slowdown: 1.0,
        comparable: true,
        indirect: false,
    };

    /// What CPU times of this run are multiplied by, to be those of the baseline's machine.
    pub fn whole(&self) -> f64 {
        self.calibration * self.slowdown
    }

    /// Why growth of such a metric must not be called regressed.
    pub fn forbids_regressed(&self, scaling: Scaling) -> Option<String> {
        let slower = 1.0 / self.whole();
        if scaling == Scaling::Fixed {
            return None;
        }
        if !self.comparable {
            return Some(format!(
                "this run was {slower:.2} times slower than the baseline's, too far for \"regressed\""
            ));
        }
        (scaling == Scaling::Threshold && slower > Self::ONE_SPEED).then(|| {
            format!("this run was {slower:.2} times slower than the baseline's, and a slower machine has more tasks beyond 50 ms")
        })
    }

    /// Why growth of such a metric must not be called ok.
    pub fn forbids_ok(&self, scaling: Scaling) -> Option<String> {
        let faster = self.whole();
        (scaling == Scaling::Threshold && faster > Self::ONE_SPEED).then(|| {
            format!("this run was {faster:.2} times faster than the baseline's, and a faster machine has fewer tasks beyond 50 ms")
        })
    }
}
