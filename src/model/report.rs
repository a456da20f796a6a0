use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, Arm, Attribution, Confirmation, Entity, Environment, Fault, Finding, Fingerprint, Gate,
    Interval, Judgement, MetricInfo, Mismatch, Plan, Reading, Screen, Slot, SpeedRatio, Stop,
};

/// The one document that every reporter is given, and what `run.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this format: [`Report::FORMAT`]. Fields are only ever added within a version.
    pub format: u32,
    /// Name of the run: the UTC time it began.
    pub run: String,
    pub scenario: ScenarioInfo,
    pub environment: Environment,
    pub fingerprint: Fingerprint,
    pub plan: Plan,
    /// `None`: nothing was suspected, or the run ended before it could be asked again.
    #[serde(default)]
    pub confirmation: Option<Confirmation>,
    /// What a screen of many tags shows beyond their effects; `None` when the tags had blocks of their own.
    #[serde(default)]
    pub screen: Option<Screen>,
    pub stop: Stop,
    /// Seconds from the first trial to the last.
    pub duration_s: f64,
    pub gate: Gate,
    pub metrics: Vec<MetricInfo>,
    pub tags: Vec<TagInfo>,
    pub judgement: Judgement,
    pub findings: Vec<Finding>,
    /// Of each tag that was traced.
    #[serde(default)]
    pub attribution: Vec<Attribution>,
    /// What the traced trials were searched for.
    #[serde(default)]
    pub catalogue: Catalogue,
    pub baseline: BaselineUse,
    pub trials: Vec<TrialSummary>,
    pub network: Vec<HostSummary>,
    /// Doubts about the measurement that do not change a verdict: drift, a busy machine.
    pub notices: Vec<Notice>,
}

impl Report {
    pub const FORMAT: u32 = 1;

    pub fn metric(&self, id: &str) -> Option<&MetricInfo> {
        self.metrics.iter().find(|metric| metric.id == id)
    }

    /// Trials that measured, in the order in which they ran.
    pub fn measured(&self) -> impl Iterator<Item = &TrialSummary> {
        self.trials
            .iter()
            .filter(|trial| trial.slot.purpose == super::Purpose::Measure)
    }
}

/// What the traced trials were searched for, and what no trial of this scenario could have shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Catalogue {
    /// Ids of findings.
    pub looked_for: Vec<String>,
    pub without_chance: Vec<WithoutChance>,
}

impl Catalogue {
    /// Of the findings that the gate forbids, those that had their chance to be seen.
    pub fn forbidden<'g>(&self, gate: &'g Gate) -> Vec<&'g str> {
        let forbid = gate.forbid.iter();
        let able = forbid.filter(|id| self.looked_for.contains(id));
        able.map(String::as_str).collect()
    }

    /// What may be said when nothing that the gate forbids was found: no more than what was looked for.
    pub fn nothing_found(&self, gate: &Gate) -> String {
        if gate.forbid.is_empty() {
            return "no finding is forbidden".into();
        }
        match self.forbidden(gate)[..] {
            [] => "no forbidden finding could have shown in this scenario".into(),
            [one] => format!("{one} was looked for and not found"),
            ref many => format!(
                "of the {} forbidden findings that this scenario can show, none was found",
                many.len()
            ),
        }
    }
}

/// A finding that the scenario has no step for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithoutChance {
    pub finding: String,
    /// Kinds of steps, any of which would do.
    pub needs_steps: Vec<String>,
}

/// What a report says of the scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioInfo {
    pub name: String,
    /// As given on the command line.
    pub file: String,
    pub url: String,
    /// SHA-256 of the parts that change what is measured, hexadecimal.
    pub hash: String,
    /// `1366x768@1, CPU 1x, network unshaped`.
    pub device: String,
    pub steps: Vec<String>,
    /// Third parties that the scenario names itself.
    #[serde(default)]
    pub entities: Vec<Entity>,
}

/// What a report says of a tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TagInfo {
    pub id: String,
    pub owner: Option<String>,
    /// Tags that move together under this name; empty for a tag that moves alone.
    #[serde(default)]
    pub members: Vec<String>,
    /// The tag source's id: `script`, `snippet`, `requests`.
    pub source: String,
    /// Where the code comes from, in one line.
    pub what: String,
    /// URL patterns of the tag's own code; what it loads in turn is found by comparing the arms.
    pub urls: Vec<super::UrlPattern>,
    /// SHA-256 of each inline script of the tag's HTML, hexadecimal: such code has no URL of its own.
    #[serde(default)]
    pub inline: Vec<String>,
    /// SHA-256 of the tag's own code, hexadecimal; empty where it is not at hand.
    #[serde(default)]
    pub code: String,
    /// Line in the scenario, from 1.
    pub line: usize,
    pub firing: Firing,
}

/// Did the tag run where it should, and only there?
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Firing {
    /// Measured trials with the tag in which it ran.
    pub ran: usize,
    /// Measured trials with the tag.
    pub of: usize,
    /// For the first trial in which it did not run: why.
    pub problem: Option<String>,
    /// The same for machines.
    pub problem_id: Option<super::ReasonId>,
}

/// One trial without its raw evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialSummary {
    pub slot: Slot,
    pub attempt: u32,
    /// Seconds since the run began.
    pub at_s: f64,
    /// File of the raw visit within the run's folder.
    pub visit: Option<String>,
    pub fault: Option<Fault>,
    /// By metric id.
    pub readings: std::collections::BTreeMap<String, Reading>,
}

/// Requests of all measured trials to one host, by arm and answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HostSummary {
    pub host: String,
    pub answer: Answer,
    /// Arms in which it was asked for.
    pub arms: Vec<Arm>,
    /// Requests in all measured trials.
    pub requests: usize,
    /// One of the URLs, query removed.
    pub example: String,
}

/// How the run stands to its baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaselineUse {
    /// There is none.
    None,
    Compared {
        file: String,
        run: String,
        accepted: String,
        /// What the run's CPU times were multiplied by.
        #[serde(default = "one_speed")]
        speed: SpeedRatio,
        /// The page without tags, now against then; exploratory, since it was measured in two runs.
        #[serde(default)]
        page: Vec<PageChange>,
        /// Why there is no `page`.
        #[serde(default)]
        page_not_compared: Option<String>,
    },
    NotComparable {
        file: String,
        differences: Vec<Mismatch>,
        /// The command that makes this run the baseline.
        #[serde(default)]
        renew: String,
    },
}

fn one_speed() -> SpeedRatio {
    SpeedRatio::ONE
}

/// How the page itself changed since the baseline, in a metric: the control's samples of both runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageChange {
    pub metric: String,
    /// Hodges–Lehmann shift from then to now.
    pub estimate: f64,
    /// `None` when the samples are too few for its level.
    pub interval: Option<Interval>,
    /// Number of samples then, and now.
    pub then: usize,
    pub now: usize,
}

/// A doubt about the measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Stable id: `drift`, `busy_machine`, `sandbox_off`.
    pub id: String,
    pub text: String,
}
