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

/// What is present or absent as one: a tag, or a group of tags that move together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    /// The tag's id, or the group's name.
    pub tag: String,
    /// Ids of the tags, in the order of insertion.
    pub members: Vec<String>,
    /// Ids of all tags that must be present for these to work.
    pub needs: Vec<String>,
}

/// A tag's question: what does `with` cost beyond `without`?
///
/// The two arms differ by the tag alone. In blocks of its own, `without` is the control plus whatever the tag
/// needs; against a screen of many tags, `with` is everything but what needs the tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contrast {
    pub tag: String,
    pub with: Arm,
    pub without: Arm,
}

impl Contrast {
    /// Ids of the tags by which the arms differ.
    pub fn moved(&self) -> impl Iterator<Item = &String> {
        self.with.0.iter().filter(|id| !self.without.has(id))
    }
}
