use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Calibration, Confirmation, Environment, Fault, Fingerprint, Gate, Plan, Reason, ScenarioInfo,
    Slot, Stop, TagInfo,
};

/// What is fixed before the first trial: the first line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunHeader {
    /// Version of the journal's format: [`RunHeader::FORMAT`].
    pub format: u32,
    /// Name of the run: the UTC time it began.
    pub run: String,
    pub scenario: ScenarioInfo,
    pub environment: Environment,
    pub fingerprint: Fingerprint,
    pub plan: Plan,
    pub gate: Gate,
    /// `firing` is empty here; it is counted from the trials.
    pub tags: Vec<TagInfo>,
}

impl RunHeader {
    pub const FORMAT: u32 = 1;
}

/// A later line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JournalLine {
    Trial {
        slot: Slot,
        attempt: u32,
        /// Seconds since the run began.
        at_s: f64,
        /// File of the visit within the run's folder.
        visit: Option<String>,
        fault: Option<Fault>,
        /// Did each tag of the arm run; ids of tags that ran without belonging to it.
        firing: Vec<TagFired>,
    },
    /// What the calibration loop showed before a block.
    Calibration {
        block: usize,
        calibration: Calibration,
    },
    /// What the measured trials made suspect, and how fresh trials are to decide it.
    Confirmation { confirmation: Confirmation },
    /// How measuring ended. A run that was killed has no such line.
    End { stop: Stop },
}

/// Whether a tag ran in a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TagFired {
    pub tag: String,
    /// `None`: as it should be, it ran where it is present and did not where it is absent.
    pub problem: Option<Reason>,
}
