//! A run becomes the baseline of its scenario.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::baseline::{self, Acceptance, BaselineError, Change};
use crate::compare;
use crate::lab::write_whole;
use crate::model::{
    Approval, Baseline, Cell, Certificate, Design, Examination, Outcome, Report, Speed, Stop,
    Verdict,
};

use super::super::folder;
use super::{open, path};

/// The examination of the machine that a scenario's runs share, beside their folders.
const EXAMINATION: &str = "doctor.json";

/// What the user asks of an acceptance.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The run's folder.
    pub run: PathBuf,
    /// Folder of the baselines.
    pub dir: PathBuf,
    pub reason: String,
    /// `None`: git's user.
    pub by: Option<String>,
    /// How many earlier runs stay in the history.
    pub keep: usize,
    /// Accept although the machine was not examined.
    pub uncertified: bool,
}

/// A baseline that was written.
pub struct Done {
    pub path: PathBuf,
    pub baseline: Baseline,
    /// Why the file that was there gave no history.
    pub history_lost: Option<String>,
}

/// What accepting a run would change.
pub struct Difference {
    /// The file that would be written.
    pub path: PathBuf,
    /// `None` when there is no baseline yet.
    pub changes: Option<Vec<Change>>,
    /// What CPU times of the run are multiplied by to be those of the baseline's machine, where that is known.
    pub speed: Option<f64>,
    /// Why `accept` would refuse the run as it is.
    pub refused: Vec<String>,
    /// What is wrong with the file that is there.
    pub unsound: Option<String>,
}

/// What accepting the run in `run` would change. What `accept` would refuse is told, and the rest still shown.
///
/// # Errors
/// The run or the file cannot be read, or the run has no effect of which a difference could be shown.
pub fn difference(run: &Path, dir: &Path) -> Result<Difference> {
    let (report, _) = folder::redo(run, dir)?;
    refuse_without_pairs(&report, run)?;
    let speed = compare::speed(&report.environment);
    let certificate = certificate(run, &report, &speed);
    let refused = [
        refuse_unfit(&report, run).err(),
        certificate.as_ref().err().map(|error| anyhow!("{error:#}")),
    ];
    let refused = refused.into_iter().flatten();
    let mut difference = Difference {
        path: path(dir, &report.scenario.name),
        changes: None,
        speed: None,
        refused: refused.map(|error| format!("{error:#}")).collect(),
        unsound: None,
    };
    if !difference.path.exists() {
        return Ok(difference);
    }
    let acceptance = Acceptance {
        approval: nobody(),
        certificate: certificate.ok(),
        speed,
    };
    let new = baseline::from_report(&report, acceptance);
    let old = match open(&difference.path)? {
        Ok(old) => Some(old),
        Err(error) => {
            difference.unsound = Some(error.to_string());
            as_edited(&difference.path, &error)?
        }
    };
    if let Some(old) = old {
        difference.speed = new.speed.in_terms_of(&old.speed);
        difference.changes = Some(baseline::changes(&old, &new));
    }
    Ok(difference)
}

/// What an edited file says; nothing that can be read has come of any other.
fn as_edited(path: &Path, error: &BaselineError) -> Result<Option<Baseline>> {
    if !matches!(error, BaselineError::Edited { .. }) {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    Ok(baseline::parse_unsealed(&text).ok())
}

/// Makes a run its scenario's baseline.
pub fn accept(wish: &Wish) -> Result<Done> {
    let run = &wish.run;
    if wish.reason.trim().is_empty() {
        bail!("a baseline needs a reason: say with --reason why this cost is accepted");
    }
    let (report, _) = folder::redo(run, &wish.dir)?;
    refuse_unfit(&report, run)?;
    refuse_without_pairs(&report, run)?;
    let speed = compare::speed(&report.environment);
    let certificate = match wish.uncertified {
        true => None,
        false => Some(certificate(run, &report, &speed)?),
    };
    let acceptance = Acceptance {
        approval: approval(wish)?,
        speed,
        certificate,
    };
    let new = Baseline {
        scenario_file: near(&report.scenario.file),
        ..baseline::from_report(&report, acceptance)
    };
    fs::create_dir_all(&wish.dir).with_context(|| format!("create {}", wish.dir.display()))?;
    let path = path(&wish.dir, &report.scenario.name);
    let (new, history_lost) = with_history(new, &path, wish.keep)?;
    let baseline = baseline::sealed(new);
    write_whole(&path, baseline::render(&baseline).as_bytes())?;
    Ok(Done {
        path,
        baseline,
        history_lost,
    })
}

/// The history of the file that is there; one that cannot be used gives none, and why.
fn with_history(new: Baseline, path: &Path, keep: usize) -> Result<(Baseline, Option<String>)> {
    if !path.exists() {
        return Ok((new, None));
    }
    Ok(match open(path)? {
        Ok(old) => (baseline::followed(&old, new, keep), None),
        Err(error) => (new, Some(error.to_string())),
    })
}

/// What the examination beside the run's folder certifies.
fn certificate(run: &Path, report: &Report, speed: &Speed) -> Result<Certificate> {
    let run = fs::canonicalize(run).with_context(|| format!("find {}", run.display()))?;
    let remedy = format!(
        "Make one with `tagperf doctor {}{}`, or accept without by --uncertified",
        report.scenario.file,
        elsewhere(&run)
    );
    let path = run.with_file_name(EXAMINATION);
    if !path.exists() {
        bail!(
            "no A/A certificate of this machine: there is no {}. {remedy}",
            path.display()
        );
    }
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let refused =
        |why: String| format!("{} is no A/A certificate: {why}. {remedy}", path.display());
    let examination: Examination =
        serde_json::from_str(&text).map_err(|error| anyhow!(refused(error.to_string())))?;
    let there = compare::speed(&examination.environment);
    baseline::certificate(&examination, &there, &report.fingerprint, speed)
        .map_err(|error| anyhow!(refused(error.to_string())))
}

/// The option that makes the doctor write beside this run, where that is not its default.
fn elsewhere(run: &Path) -> String {
    let out = run.ancestors().nth(2);
    let default = std::env::current_dir().map(|here| here.join("tagperf-out"));
    match out {
        Some(out) if default.is_ok_and(|default| default != out) => {
            format!(" --out {}", near(&out.display().to_string()))
        }
        _ => String::new(),
    }
}

/// A run that broke off, whose tags did not run, or that lost what the gate judges, says nothing that could be
/// accepted.
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
    let judgement = &report.judgement;
    let mut cells = judgement.cells.iter();
    let lost =
        |cell: &&Cell| cell.gated && !cell.effect.fresh && cell.verdict == Verdict::NotMeasured;
    let cell = cells.find(lost);
    let whole = judgement.reasons.first();
    let reason = match (cell, judgement.outcome) {
        (Some(cell), _) => Some(&cell.reason),
        (None, Outcome::NotMeasured) => whole,
        (None, _) => None,
    };
    if let Some(reason) = reason {
        bail!(
            "{} did not measure all that the gate judges ({}): measure anew",
            run.display(),
            reason.text
        );
    }
    Ok(())
}

/// A baseline holds each tag's own samples, with and without, from the same blocks.
fn refuse_without_pairs(report: &Report, run: &Path) -> Result<()> {
    let speed = compare::speed(&report.environment);
    let acceptance = Acceptance {
        approval: nobody(),
        speed,
        certificate: None,
    };
    if !baseline::from_report(report, acceptance).tags.is_empty() {
        return Ok(());
    }
    match report.plan.design {
        Design::Screen => bail!(
            "{} screened many tags at once, so no tag has samples of its own that could be compared later: measure with `tagperf run {} --design blocks` and accept that",
            run.display(),
            report.scenario.file
        ),
        Design::Blocks => bail!(
            "{} has no measured effect that could be accepted",
            run.display()
        ),
    }
}

fn approval(wish: &Wish) -> Result<Approval> {
    Ok(Approval {
        by: match &wish.by {
            Some(name) => name.clone(),
            None => who()?,
        },
        at: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        reason: wish.reason.trim().to_owned(),
        commit: git(&["rev-parse", "HEAD"]),
    })
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

/// A path as it is found from here, so that another checkout finds it, too.
fn near(file: &str) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.and_then(|here| Some(Path::new(file).strip_prefix(here).ok()?.to_owned()));
    relative.map_or_else(|| file.to_owned(), |path| path.display().to_string())
}
