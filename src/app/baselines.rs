//! Baseline files: find, show, list; accept a run; check what is committed.

mod accept;
mod check;

pub use accept::{Difference, Done, Wish, accept, difference};
pub use check::{Checked, State, check};

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::baseline::{self, BaselineError};
use crate::model::Baseline;

use super::standing::Accepted;

/// The file of a scenario's baseline.
pub fn path(dir: &Path, scenario: &str) -> PathBuf {
    dir.join(format!("{scenario}.json"))
}

/// The scenario's baseline, if there is one. One that cannot be used is not an absence.
pub(super) fn find(dir: &Path, scenario: &str) -> Result<Option<Accepted>> {
    let path = path(dir, scenario);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Accepted {
        baseline: open(&path)?,
        file: path.display().to_string(),
        renew: String::new(),
    }))
}

/// Reads a baseline file; what is wrong with its content is told apart from not being readable at all.
fn open(path: &Path) -> Result<Result<Baseline, BaselineError>> {
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    Ok(baseline::parse(&text))
}

/// Reads a baseline file.
pub fn read(path: &Path) -> Result<Baseline> {
    open(path)?.with_context(|| format!("read {}", path.display()))
}

/// All baselines in a folder, by file name.
pub fn list(dir: &Path) -> Result<Vec<(PathBuf, Result<Baseline>)>> {
    let paths = files(dir)?.into_iter();
    Ok(paths.map(|path| (path.clone(), read(&path))).collect())
}

/// The baseline files in a folder, sorted; none when there is no folder.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(vec![]);
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("list {}", dir.display()))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths)
}
