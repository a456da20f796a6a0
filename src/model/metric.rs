use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Unit;

/// What reports need to know of a metric; written once, in the table of metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricInfo {
    pub id: String,
    /// Short name for tables: `LCP`, `main-thread CPU`.
    pub name: String,
    pub unit: Unit,
    /// One or two sentences, with the source of the definition.
    pub what: String,
    /// The effect too small to matter, in `unit`.
    pub floor: f64,
    #[serde(default)]
    pub scaling: Scaling,
}

/// What becomes of a metric's value on a machine that is slower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// It stays as it is: bytes, counts, scores.
    #[default]
    Fixed,
    /// It grows in proportion: CPU time of the page's main thread.
    Cpu,
    /// It grows by less than that, and by how much is not known: part of it is CPU time and part is waiting
    /// for the network and for timers. Now against then must hold at both ends.
    Partly,
    /// It grows by more: it counts what is beyond 50 ms of wall time. On a slower machine growth is no proof
    /// of growth, on a faster one its absence none of its absence.
    Threshold,
}

/// The effect that the gate tolerates: the larger of an absolute amount and a share of the control's median.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Margin {
    /// In the metric's unit.
    pub absolute: f64,
    /// 0.05 is 5 % of the control's median.
    pub relative: f64,
}

impl Margin {
    /// The margin for a control whose median is `control`, in the metric's unit.
    pub fn at(&self, control: f64) -> f64 {
        self.absolute.max(self.relative * control.abs())
    }
}

/// One metric of one trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    pub slot: super::Slot,
    pub metric: String,
    pub reading: Reading,
}

/// A value, or the reason why there is none. Never a zero that stands for "unknown".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// In the metric's unit.
    Value(f64),
    /// Why not: `no interaction in the scenario`.
    Missing(String),
}

impl Reading {
    pub fn value(&self) -> Option<f64> {
        match self {
            Reading::Value(value) => Some(*value),
            Reading::Missing(_) => None,
        }
    }
}
