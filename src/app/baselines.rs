//! Baseline files: find, accept, show, list, compare.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::baseline::{self, Change};
use crate::lab::write_whole;
use crate::model::{Approval, Baseline, Report, Stop};

use super::analyse::Accepted;
use super::folder;

/// The file of a scenario's baseline.
pub fn path(dir: &Path, scenario: &str) -> PathBuf {
    dir.join(format!("{scenario}.json"))
}

/// The scenario's baseline, if there is one. One that cannot be read is an error, not an absence.
pub(super) fn find(dir: &Path, scenario: &str) -> Result<Option<Accepted>> {
    let path = path(dir, scenario);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Accepted {
        baseline: read(&path)?,
        file: path.display().to_string(),
    }))
}

/// Reads a baseline file.
pub fn read(path: &Path) -> Result<Baseline> {
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    baseline::parse(&text).with_context(|| format!("read {}", path.display()))
}

/// All baselines in a folder, by file name.
pub fn list(dir: &Path) -> Result<Vec<(PathBuf, Result<Baseline>)>> {
    if !dir.exists() {
        return Ok(vec![]);
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("list {}", dir.display()))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths
        .into_iter()
        .map(|path| (path.clone(), read(&path)))
        .collect())
}

/// What accepting the run in `run` would change; the baseline is `None` when there is none yet.
pub fn difference(run: &Path, dir: &Path) -> Result<(PathBuf, Option<Vec<Change>>, Report)> {
    let (report, _) = folder::redo(run, dir)?;
    let path = path(dir, &report.scenario.name);
    if !path.exists() {
        return Ok((path, None, report));
    }
    let new = baseline::from_report(&report, nobody());
    let changes = baseline::changes(&read(&path)?, &new);
    Ok((path, Some(changes), report))
}

/// Makes the run in `run` the scenario's baseline.
pub fn accept(
    run: &Path,
    dir: &Path,
    reason: &str,
    by: Option<&str>,
) -> Result<(PathBuf, Baseline)> {
    if reason.trim().is_empty() {
        bail!("a baseline needs a reason: say with --reason why this cost is accepted");
    }
    let (report, _) = folder::redo(run, dir)?;
    refuse_unfit(&report, run)?;
    let approval = Approval {
        by: match by {
            Some(name) => name.to_owned(),
            None => who()?,
        },
        at: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        reason: reason.trim().to_owned(),
        commit: git(&["rev-parse", "HEAD"]),
    };
    let accepted = baseline::from_report(&report, approval);
    if accepted.tags.is_empty() {
        bail!(
            "{} has no measured effect that could be accepted",
            run.display()
        );
    }
    fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
    let path = path(dir, &report.scenario.name);
    write_whole(&path, baseline::render(&accepted).as_bytes())?;
    Ok((path, accepted))
}

/// A run that broke off, or whose tags did not run, says nothing that could be accepted.
fn refuse_unfit(report: &Report, run: &Path) -> Result<()> {
    if !matches!(
        report.stop,
        Stop::Decided | Stop::BlocksSpent | Stop::TimeSpent
    ) {
        bail!(
            "{} did not end by itself: resume it with --resume, or measure anew",
            run.display()
        );
    }
    for tag in &report.tags {
        if tag.firing.ran < tag.firing.of {
            let why = tag.firing.problem.as_deref().unwrap_or("it left no trace");
            bail!(
                "{}: {} did not run in every trial ({why}), so its cost is not known",
                run.display(),
                tag.id
            );
        }
    }
    Ok(())
}

fn nobody() -> Approval {
    Approval {
        by: String::new(),
        at: String::new(),
        reason: String::new(),
        commit: None,
    }
}

fn who() -> Result<String> {
    let name = git(&["config", "user.name"]);
    let mail = git(&["config", "user.email"]);
    match (name, mail) {
        (Some(name), Some(mail)) => Ok(format!("{name} <{mail}>")),
        (Some(one), None) | (None, Some(one)) => Ok(one),
        (None, None) => std::env::var("USER")
            .ok()
            .filter(|user| !user.is_empty())
            .context("who accepts this? say it with --by NAME"),
    }
}

/// What git says, or nothing: a baseline may well be kept outside a repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
