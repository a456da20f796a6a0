use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Basis, Effect};

/// What is said of a tag's effect on a metric.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Ok,
    Inconclusive,
    NotComparable,
    NotMeasured,
    Regressed,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Ok => "ok",
            Verdict::Inconclusive => "inconclusive",
            Verdict::NotComparable => "not comparable",
            Verdict::NotMeasured => "not measured",
            Verdict::Regressed => "regressed",
        })
    }
}

/// What the gate says of the run, in the order in which one outranks another from bottom to top.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Inconclusive,
    NotComparable,
    NotMeasured,
    Fail,
}

impl Outcome {
    /// The process's exit code; 2 is for bad input and is not an outcome.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Pass => 0,
            Outcome::Fail => 1,
            Outcome::Inconclusive => 3,
            Outcome::NotComparable => 4,
            Outcome::NotMeasured => 5,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Inconclusive => "inconclusive",
            Outcome::NotComparable => "not comparable",
            Outcome::NotMeasured => "not measured",
        })
    }
}

/// Why a verdict is as it is, for machines and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    pub id: ReasonId,
    pub tag: Option<String>,
    pub metric: Option<String>,
    /// A sentence that also says what to do next.
    pub text: String,
}

/// The machine-readable reasons. Ids are stable.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReasonId {
    WithinMargin,
    BeyondMargin,
    ForbiddenFinding,
    /// No traced trial could have shown what is forbidden.
    NotExamined,
    Undecided,
    /// Suspected; the fresh trials did not decide, or were not made.
    Unconfirmed,
    /// Suspected; fresh trials showed the cost to be within its margin.
    Cleared,
    /// Costs something on average, but removing it alone saves nothing: another tag does the same work.
    Masked,
    TooFewBlocks,
    TagDidNotRun,
    /// The tag was seen in an arm that lacks it.
    TagRanWithout,
    PatternMatchedNothing,
    MetricMissing,
    TooManyFaults,
    /// What was measured could not be kept.
    BrokeOff,
    BaselineDiffers,
    BaselineMissing,
    GrewSinceBaseline,
    /// The baseline's machine was so much faster or slower that growth cannot be told from it.
    SpeedDiffers,
    NoTags,
    /// The user's choice for an undecided gate was applied.
    InconclusiveByChoice,
}

/// An effect with its verdict: one tag × metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    pub effect: Effect,
    /// In the gated family; otherwise exploratory: shown, and of no consequence.
    pub gated: bool,
    pub verdict: Verdict,
    pub reason: Reason,
}

/// A tag's verdict: the worst of its gated cells and findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TagVerdict {
    pub tag: String,
    pub outcome: Outcome,
    pub reasons: Vec<Reason>,
}

/// All that the judge says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    pub outcome: Outcome,
    pub reasons: Vec<Reason>,
    pub tags: Vec<TagVerdict>,
    pub cells: Vec<Cell>,
    /// What was suspected and asked again, whatever came of it.
    #[serde(default)]
    pub suspicions: Vec<Suspicion>,
}

/// An effect that looked regressed, and what fresh trials said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suspicion {
    pub tag: String,
    pub metric: String,
    pub basis: Basis,
    /// Pairs that raised it.
    pub pairs: usize,
    /// Fresh pairs that it was asked of.
    pub fresh_pairs: usize,
    pub outcome: Confirmed,
}

/// What became of a suspicion.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    /// Fresh trials show it again.
    Yes,
    /// Fresh trials show the cost to be within its margin.
    Cleared,
    /// They show neither, or were not made.
    Open,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_outranks_what_could_not_be_seen() {
        let mut all = [
            Outcome::Pass,
            Outcome::Fail,
            Outcome::Inconclusive,
            Outcome::NotComparable,
            Outcome::NotMeasured,
        ];
        all.sort();
        let codes: Vec<u8> = all.iter().rev().map(|o| o.exit_code()).collect();
        assert_eq!(codes, [1, 5, 4, 3, 0]);
    }
}
