use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::model::{
    Calibration, Confirmation, Fault, JournalLine, Purpose, RunHeader, Slot, Stop, TagFired, Trial,
    Visit,
};

use super::Kept;

const FILE: &str = "journal.jsonl";
const VISITS: &str = "visits";

/// A run's folder could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{what} {path}: {cause}", path = path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
    #[error("{path}, line {line}: {why}", path = path.display())]
    Unreadable {
        path: PathBuf,
        line: usize,
        why: String,
    },
}

/// The record of a run as it happens: one line per trial, written and flushed before the next begins, and
/// one file per visit, written beside and renamed.
pub struct Journal {
    dir: PathBuf,
    file: File,
}

/// What a journal holds.
#[derive(Debug)]
pub struct Recorded {
    pub header: RunHeader,
    pub trials: Vec<Kept>,
    pub calibrations: Vec<Calibration>,
    /// What was suspected and is asked again.
    pub confirmation: Option<Confirmation>,
    /// `None`: the run was killed, perhaps after it was resumed.
    pub stop: Option<Stop>,
}

impl Journal {
    /// Starts a journal in `dir`, which is created; an existing journal there is refused.
    pub fn create(dir: &Path, header: &RunHeader) -> Result<Self, JournalError> {
        let visits = dir.join(VISITS);
        fs::create_dir_all(&visits).map_err(io_error("create", &visits))?;
        let path = dir.join(FILE);
        let file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(io_error("create", &path))?;
        let mut journal = Self {
            dir: dir.into(),
            file,
        };
        journal.line(header)?;
        Ok(journal)
    }

    /// Goes on with the journal in `dir`: what it holds, and the journal to append to.
    pub fn resume(dir: &Path) -> Result<(Self, Recorded), JournalError> {
        let path = dir.join(FILE);
        let (recorded, whole) = read(&path, dir)?;
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(io_error("open", &path))?;
        // A line that was cut off by a crash or a full disk is taken back.
        file.set_len(whole).map_err(io_error("shorten", &path))?;
        Ok((
            Self {
                dir: dir.into(),
                file,
            },
            recorded,
        ))
    }

    /// Reads the journal in `dir`.
    pub fn read(dir: &Path) -> Result<Recorded, JournalError> {
        Ok(read(&dir.join(FILE), dir)?.0)
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Keeps a trial; returns the file of its visit, relative to the run's folder.
    pub fn append(
        &mut self,
        trial: &Trial,
        firing: &[TagFired],
    ) -> Result<Option<String>, JournalError> {
        let (visit, fault) = match &trial.outcome {
            Ok(visit) => (Some(self.write_visit(trial, visit)?), None),
            Err(fault) => (None, Some(fault.clone())),
        };
        self.line(&JournalLine::Trial {
            slot: trial.slot.clone(),
            attempt: trial.attempt,
            at_s: trial.at_s,
            visit: visit.clone(),
            fault,
            firing: firing.to_vec(),
        })?;
        Ok(visit)
    }

    pub fn calibration(
        &mut self,
        block: usize,
        calibration: Calibration,
    ) -> Result<(), JournalError> {
        self.line(&JournalLine::Calibration { block, calibration })
    }

    pub fn confirmation(&mut self, confirmation: &Confirmation) -> Result<(), JournalError> {
        self.line(&JournalLine::Confirmation {
            confirmation: confirmation.clone(),
        })
    }

    pub fn end(&mut self, stop: &Stop) -> Result<(), JournalError> {
        self.line(&JournalLine::End { stop: stop.clone() })
    }

    fn write_visit(&self, trial: &Trial, visit: &Visit) -> Result<String, JournalError> {
        let name = format!("{VISITS}/{}.json", visit_name(&trial.slot, trial.attempt));
        write_whole(&self.dir.join(&name), &to_json(visit, &self.dir)?)?;
        Ok(name)
    }

    fn line(&mut self, value: &impl serde::Serialize) -> Result<(), JournalError> {
        let path = self.dir.join(FILE);
        let mut line = to_json(value, &path)?;
        line.push(b'\n');
        self.file
            .write_all(&line)
            .and_then(|()| self.file.flush())
            .map_err(io_error("write", &path))
    }
}

/// Writes beside and renames, so that a file is there whole or not at all.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), JournalError> {
    let beside = path.with_extension("part");
    fs::write(&beside, content)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|cause| {
            // Half a file helps nobody, and on a full disk its space does.
            let _ = fs::remove_file(&beside);
            io_error("write", path)(cause)
        })
}

fn visit_name(slot: &Slot, attempt: u32) -> String {
    let purpose = match slot.purpose {
        Purpose::WarmUp => "warmup",
        Purpose::Measure => "block",
        Purpose::Confirm => "fresh",
        Purpose::Explain => "traced",
    };
    let again = if attempt > 1 { "-again" } else { "" };
    // Arms may be long; block and position already tell them apart.
    let arm: String = slot.arm.to_string().chars().take(60).collect();
    format!("{purpose}{:03}-{}-{arm}{again}", slot.block, slot.position)
}

fn to_json(value: &impl serde::Serialize, path: &Path) -> Result<Vec<u8>, JournalError> {
    serde_json::to_vec(value).map_err(|error| io_error("encode for", path)(error.into()))
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |cause| JournalError::Io { what, path, cause }
}

/// The journal's content, and the length up to the end of its last whole line.
fn read(path: &Path, dir: &Path) -> Result<(Recorded, u64), JournalError> {
    let text = fs::read_to_string(path).map_err(io_error("read", path))?;
    let whole = text.rfind('\n').map_or(0, |at| at + 1);
    let bad = |line: usize, why: String| JournalError::Unreadable {
        path: path.into(),
        line,
        why,
    };
    let mut lines = text[..whole].lines().enumerate();
    let (_, first) = lines
        .next()
        .ok_or_else(|| bad(1, "the journal is empty".into()))?;
    let header: RunHeader =
        serde_json::from_str(first).map_err(|error| bad(1, error.to_string()))?;
    if header.format != RunHeader::FORMAT {
        let why = format!(
            "format {} is not format {} of this version",
            header.format,
            RunHeader::FORMAT
        );
        return Err(bad(1, why));
    }
    let mut recorded = Recorded {
        header,
        trials: vec![],
        calibrations: vec![],
        confirmation: None,
        stop: None,
    };
    for (at, line) in lines {
        // A run that goes on after its end has none yet.
        recorded.stop = None;
        match serde_json::from_str(line).map_err(|error| bad(at + 1, error.to_string()))? {
            JournalLine::Trial {
                slot,
                attempt,
                at_s,
                visit,
                fault,
                firing,
            } => {
                let outcome =
                    outcome(dir, visit.as_deref(), fault).map_err(|why| bad(at + 1, why))?;
                let trial = Trial {
                    slot,
                    attempt,
                    at_s,
                    outcome,
                };
                recorded.trials.push(Kept {
                    trial,
                    firing,
                    file: visit,
                });
            }
            JournalLine::Confirmation { confirmation } => {
                recorded.confirmation = Some(confirmation);
            }
            JournalLine::Calibration { calibration, .. } => recorded.calibrations.push(calibration),
            JournalLine::End { stop } => recorded.stop = Some(stop),
        }
    }
    Ok((recorded, whole as u64))
}

fn outcome(
    dir: &Path,
    visit: Option<&str>,
    fault: Option<Fault>,
) -> Result<Result<Visit, Fault>, String> {
    let name = match (visit, fault) {
        (Some(name), None) => name,
        (None, Some(fault)) => return Ok(Err(fault)),
        _ => return Err("a trial has either a visit or a fault".into()),
    };
    // A run folder may come from elsewhere: it names files of its own only.
    if Path::new(name)
        .components()
        .any(|part| !matches!(part, std::path::Component::Normal(_)))
    {
        return Err(format!("the visit `{name}` is not inside the run's folder"));
    }
    let path = dir.join(name);
    let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let visit: Visit =
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    if visit.format != Visit::FORMAT {
        return Err(format!(
            "{} has format {}, not {}",
            path.display(),
            visit.format,
            Visit::FORMAT
        ));
    }
    Ok(Ok(visit))
}
