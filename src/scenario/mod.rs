//! A scenario file: a page, a device, steps, tags and a gate.

mod device;
mod element;
mod entities;
mod gate;
mod hash;
mod margin;
mod origins;
mod page;
#[cfg(test)]
mod pretend;
mod reading;
pub mod steps;
mod trials;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{Device, Entity, Gate, Margin, Origin, ScenarioInfo, Severity, Unit};
use crate::reader::{Mistakes, read};
use crate::tags::Tag;

pub use element::Target;
pub use steps::{PlacedStep, Step};
pub use trials::Trials;

/// A scenario, checked: every path exists, every host that it names is played, every id is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    pub name: String,
    /// As given to [`load`].
    pub file: PathBuf,
    /// The page under test, absolute.
    pub url: String,
    pub device: Device,
    pub origins: Vec<Origin>,
    /// Each behind those that it needs.
    pub tags: Vec<Tag>,
    pub steps: Vec<PlacedStep>,
    pub gate: Gate,
    /// Third parties that the user names.
    #[serde(default)]
    pub entities: Vec<Entity>,
    pub trials: Trials,
    /// SHA-256 of what changes the measurement apart from the tags' own code, hexadecimal.
    pub hash: String,
}

/// The names that a scenario's gate may use.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub metrics: Vec<MetricRule>,
    /// What can be forbidden, and its thresholds.
    pub findings: Vec<FindingRule>,
}

/// What the gate must know of a finding.
#[derive(Clone, Debug)]
pub struct FindingRule {
    pub id: &'static str,
    /// Who names none forbids those that are [`Severity::Severe`].
    pub severity: Severity,
    /// Kinds of steps without any of which nothing can be found; empty if every scenario will do.
    pub needs_steps: &'static [&'static str],
    pub thresholds: Vec<LimitRule>,
}

/// A threshold that `[gate.limits]` may set.
#[derive(Clone, Copy, Debug)]
pub struct LimitRule {
    pub id: &'static str,
    pub unit: Unit,
}

/// What the gate must know of a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricRule {
    pub id: &'static str,
    pub unit: Unit,
    /// The effect too small to matter, in `unit`.
    pub floor: f64,
    /// The margin of scenarios that name none.
    pub margin: Margin,
    /// Share of the error budget; metrics above 0 are the family of gates that name none.
    pub weight: f64,
    /// Read from traced trials, which are too few to decide anything.
    pub needs_trace: bool,
    /// Kinds of steps without any of which there is nothing to measure; empty if every scenario will do.
    pub needs_steps: &'static [&'static str],
}

/// A scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error("cannot read scenario {}: {why}", file.display())]
    Unreadable { file: PathBuf, why: io::Error },
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
}

impl ScenarioError {
    /// For people; mistakes with colours, if wanted.
    pub fn render(&self, coloured: bool) -> String {
        match self {
            ScenarioError::Mistakes(mistakes) => mistakes.render(coloured),
            ScenarioError::Unreadable { .. } => self.to_string(),
        }
    }
}

/// Reads and checks the scenario in `file`.
///
/// # Errors
/// The file cannot be read, or there are mistakes in it: all of them, with their places.
pub fn load(file: &Path, vocabulary: &Vocabulary) -> Result<Scenario, ScenarioError> {
    let text = fs::read_to_string(file).map_err(|why| ScenarioError::Unreadable {
        file: file.to_owned(),
        why,
    })?;
    Ok(parse(&text, file, vocabulary)?)
}

/// Reads and checks `text` as if it stood in `file`, which need not exist: its folder is where relative
/// paths start.
///
/// # Errors
/// All mistakes, with their places.
pub fn parse(text: &str, file: &Path, vocabulary: &Vocabulary) -> Result<Scenario, Mistakes> {
    let name = file.display().to_string();
    read(&name, text, |top| reading::scenario(top, file, vocabulary))
}

impl Scenario {
    /// Screen and network, in words: `412x823@2.6 mobile, network unshaped`. The CPU slowdown is left out.
    pub fn conditions(&self) -> String {
        device::conditions(&self.device)
    }

    /// What a report says of the scenario.
    pub fn info(&self) -> ScenarioInfo {
        ScenarioInfo {
            name: self.name.clone(),
            file: self.file.display().to_string(),
            url: self.url.clone(),
            hash: self.hash.clone(),
            device: device::describe(&self.device),
            steps: self.steps.iter().map(|placed| placed.step.text()).collect(),
            entities: self.entities.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
