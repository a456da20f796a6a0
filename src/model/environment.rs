use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where and with what a run was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Environment {
    /// As the browser says: `HeadlessChrome/156.0.8078.79`.
    pub browser: String,
    /// File name of the program: two products share a version.
    pub browser_program: String,
    /// The sandbox is off: as root or in a container it cannot work.
    pub sandbox: bool,
    /// What the page was told: not "HeadlessChrome", since some tags behave differently then.
    pub user_agent: String,
    pub tagperf: String,
    pub os: String,
    pub cpu_model: String,
    pub cpu_count: usize,
    pub cpu_slowdown_asked: f64,
    /// By how much it stretched a fixed loop; 1 when no slowdown was asked for.
    pub cpu_slowdown_achieved: f64,
    /// By how much it multiplied the loop's thread CPU time: more than was asked for, since what Chromium
    /// spends on slowing down counts as the page's.
    pub cpu_slowdown_counted: f64,
    /// Thread CPU milliseconds of a fixed loop in the page, one per block: how fast this machine is.
    pub calibration_ms: Vec<f64>,
}

/// What a fixed loop in the page told of the machine's speed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calibration {
    /// Thread CPU time of the loop at full speed, milliseconds.
    pub cpu_ms: f64,
    /// How many times longer the loop took with the CPU slowdown than without, in wall time; 1 if none was
    /// asked for.
    pub slowdown: f64,
    /// The same in thread CPU time: some 10 % more at 1.5, and 20 % at 4, since Chromium slows the thread down
    /// by spinning in it. This is what the page's CPU times grow by.
    pub slowdown_counted: f64,
}

/// What must match for two runs to be comparable: names and values, so that a mismatch can be named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(pub BTreeMap<String, String>);

/// One thing that differs between two fingerprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    pub what: String,
    pub baseline: String,
    pub run: String,
}

impl Fingerprint {
    /// What differs; a name that only one side has counts.
    pub fn differences(&self, run: &Fingerprint) -> Vec<Mismatch> {
        let names: std::collections::BTreeSet<&String> =
            self.0.keys().chain(run.0.keys()).collect();
        let value = |of: &Fingerprint, name: &str| {
            of.0.get(name)
                .cloned()
                .unwrap_or_else(|| "(not recorded)".into())
        };
        names
            .into_iter()
            .filter(|name| self.0.get(*name) != run.0.get(*name))
            .map(|name| Mismatch {
                what: name.clone(),
                baseline: value(self, name),
                run: value(run, name),
            })
            .collect()
    }
}
