//! The run's folder: every report and chart, written beside and renamed.

use std::path::Path;

use anyhow::{Context, Error, Result};

use crate::chart::{self, Theme};
use crate::lab::{Journal, write_whole};
use crate::model::Report;
use crate::report;

use super::analyse::{self, Record};

/// Writes all files of a report into `dir`; returns their names, and the first that could not be written.
pub(super) fn write(dir: &Path, report: &Report) -> (Vec<String>, Option<Error>) {
    let mut written = Vec::new();
    let mut lost = None;
    for (name, content) in files(report) {
        let result = content.and_then(|content| Ok(write_whole(&dir.join(&name), &content)?));
        match result {
            Ok(()) => written.push(name),
            Err(error) => lost = lost.or(Some(error.context(format!("write {name}")))),
        }
    }
    (written, lost)
}

fn files(report: &Report) -> Vec<(String, Result<Vec<u8>>)> {
    let mut files = Vec::new();
    for reporter in report::ALL {
        let content = (reporter.render)(report).map(String::into_bytes);
        files.push((reporter.file.to_owned(), content));
    }
    if report.plan.only_traces() {
        return files;
    }
    for figure in chart::ALL {
        let svg = chart::svg(figure, report, &Theme::LIGHT).map(String::into_bytes);
        files.push((format!("{}.svg", figure.id), svg));
        files.push((
            format!("{}.png", figure.id),
            chart::png(figure, report, &Theme::LIGHT),
        ));
    }
    files
}

/// Works a run's report out again from its journal, and writes its files anew.
pub fn redo(dir: &Path, baselines: &Path) -> Result<(Report, Vec<String>)> {
    let recorded =
        Journal::read(dir).with_context(|| format!("read the run in {}", dir.display()))?;
    let accepted = match recorded.header.plan.only_traces() {
        true => None,
        false => super::baselines::find(baselines, &recorded.header.scenario.name)?,
    };
    let accepted = accepted.map(|accepted| accepted.for_run(dir, baselines));
    let report = analyse::analyse(Record::of(&recorded), accepted.as_ref());
    let (files, lost) = write(dir, &report);
    match lost {
        Some(error) => Err(error),
        None => Ok((report, files)),
    }
}
