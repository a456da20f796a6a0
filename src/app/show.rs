//! A report in words: what the command line asks for, from the tables of formats and metrics.

use anyhow::{Context, Result};

use crate::metrics;
use crate::model::{Examination, MetricInfo, Report};
use crate::report::{self, terminal};

use super::{Examined, Planned};

pub use crate::report::terminal::Options as Look;

/// The report for a terminal.
pub fn show(report: &Report, look: &Look) -> Result<String> {
    terminal::render(report, look)
}

/// The verdict alone, for a terminal.
pub fn verdict(report: &Report, look: &Look) -> Result<String> {
    terminal::verdict_alone(report, look)
}

/// The report in one of the formats of [`formats`].
pub fn render(report: &Report, format: &str) -> Result<String> {
    let reporter = report::ALL
        .iter()
        .find(|reporter| reporter.id == format)
        .with_context(|| format!("no report format is called `{format}`"))?;
    (reporter.render)(report)
}

/// What the doctor says, for a terminal; `scenario` is the file to type next.
pub fn show_examination(examined: &Examined, scenario: Option<&str>, look: &Look) -> String {
    terminal::examination(
        &examined.examination,
        examined.power.as_ref(),
        &examined.metrics,
        scenario,
        look,
    )
}

/// An examination as it is stored.
pub fn examination_json(of: &Examination) -> Result<String> {
    report::examination_json(of)
}

/// What the gate's margins take, for a terminal.
pub fn show_power(planned: &Planned, look: &Look) -> String {
    terminal::power(
        &planned.power,
        &planned.from,
        planned.doubt.as_deref(),
        &planned.scenario,
        &planned.metrics,
        look,
    )
}

/// Ids of all report formats.
pub fn formats() -> Vec<&'static str> {
    report::ALL.iter().map(|reporter| reporter.id).collect()
}

/// A metric of the table, by id.
pub fn metric(id: &str) -> Option<MetricInfo> {
    metrics::infos().into_iter().find(|info| info.id == id)
}
