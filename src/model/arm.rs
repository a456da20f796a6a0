use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which tags are present in a trial, by id, in the scenario's order of insertion.
///
/// The empty arm is the control: the page without any of the tags that are asked about.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Arm(pub Vec<String>);

impl Arm {
    pub fn control() -> Self {
        Self::default()
    }

    pub fn has(&self, tag: &str) -> bool {
        self.0.iter().any(|id| id == tag)
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("control");
        }
        f.write_str(&self.0.join("+"))
    }
}

/// A tag's question: what does `with` cost beyond `without`?
///
/// `without` is the control plus whatever the tag needs, so that the two arms differ by the tag alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contrast {
    pub tag: String,
    pub with: Arm,
    pub without: Arm,
}
