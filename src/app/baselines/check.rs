//! Are the committed baselines as they were accepted, and still those of their scenarios?

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::baseline::BaselineError;
use crate::model::{Baseline, Outcome};

use super::super::{machine, vocabulary};
use super::{files, open};

/// A baseline file that was looked at.
#[derive(Debug)]
pub struct Checked {
    pub path: PathBuf,
    pub state: State,
}

/// What was seen of it.
#[derive(Debug, PartialEq)]
pub enum State {
    Good {
        tags: usize,
        certified: bool,
    },
    /// Not what was accepted.
    Edited(String),
    /// No longer of use: why, and what to do about it.
    Stale {
        why: String,
        remedy: String,
    },
}

impl State {
    /// What it means for a gate.
    pub fn outcome(&self) -> Outcome {
        match self {
            State::Good { .. } => Outcome::Pass,
            State::Edited(_) => Outcome::Fail,
            State::Stale { .. } => Outcome::NotComparable,
        }
    }
}

/// Looks at baseline files, and at all those in folders. Scenarios are found from the working folder.
///
/// # Errors
/// A path does not exist, or a file cannot be read.
pub fn check(paths: &[PathBuf]) -> Result<Vec<Checked>> {
    let mut all = Vec::new();
    for path in paths {
        match path {
            dir if dir.is_dir() => all.extend(files(dir)?),
            file if file.exists() => all.push(file.clone()),
            none => bail!("there is no {}", none.display()),
        }
    }
    let checked = all.into_iter().map(|path| {
        let state = match open(&path)? {
            Ok(baseline) => state(&path, &baseline),
            Err(BaselineError::Format { found }) => State::Stale {
                why: format!("it has format {found} of another version"),
                remedy: renew("SCENARIO"),
            },
            Err(error) => State::Edited(error.to_string()),
        };
        Ok(Checked { path, state })
    });
    checked.collect()
}

fn state(path: &Path, baseline: &Baseline) -> State {
    if path
        .file_stem()
        .is_none_or(|stem| stem != baseline.scenario.as_str())
    {
        return State::Edited(format!(
            "it is the baseline of `{}`, which is looked for under {}.json",
            baseline.scenario, baseline.scenario
        ));
    }
    if !Path::new(&baseline.scenario_file).exists() {
        return State::Stale {
            why: format!("its scenario {} is gone", baseline.scenario_file),
            remedy: "delete it, or accept a run of the scenario where that is now".into(),
        };
    }
    match stale(baseline) {
        None => State::Good {
            tags: baseline.tags.len(),
            certified: baseline.certificate.is_some(),
        },
        Some(why) => State::Stale {
            why,
            remedy: renew(&baseline.scenario_file),
        },
    }
}

/// Why a run of today would not be comparable, as far as that can be told without one.
fn stale(baseline: &Baseline) -> Option<String> {
    let file = Path::new(&baseline.scenario_file);
    let scenario = match crate::scenario::load(file, &vocabulary::vocabulary()) {
        Ok(scenario) => scenario,
        Err(error) => {
            let error = error.to_string();
            let first = error.lines().next().unwrap_or_default();
            return Some(format!("its scenario cannot be used: {first}"));
        }
    };
    if scenario.name != baseline.scenario {
        return Some(format!(
            "its scenario {} is now called `{}`",
            file.display(),
            scenario.name
        ));
    }
    let now = [
        ("method", machine::METHOD.to_owned()),
        ("device", scenario.conditions()),
        (machine::PAGE, machine::page(&scenario)),
    ];
    let then = |name: &str| {
        let recorded = baseline.fingerprint.0.get(name);
        recorded.map_or("(not recorded)", String::as_str)
    };
    let changed: Vec<String> = now
        .iter()
        .filter(|(name, now)| then(name) != now)
        .map(|(name, now)| format!("{name} was {}, is {now}", then(name)))
        .collect();
    (!changed.is_empty()).then(|| format!("{} has changed: {}", file.display(), changed.join("; ")))
}

fn renew(scenario: &str) -> String {
    format!(
        "renew it with `tagperf run {scenario} --design blocks` and `tagperf baseline accept RUN --reason \"…\"`"
    )
}
