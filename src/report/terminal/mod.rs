//! The summary at the end of a run: effects, findings, doubts, and last, where the eye is, the verdict.

mod effects;
mod examination;
mod inspection;
mod look;
mod owners;
mod power;
mod screen;
mod sections;
mod table;
mod together;

use anstyle::Style;
use anyhow::Result;

use crate::chart::text::safe;
use crate::model::Report;

use super::{Reporter, say};
pub use examination::examination;
pub use power::power;
use screen::Screen;

pub const REPORTER: Reporter = Reporter {
    id: "terminal",
    file: "summary.txt",
    what: "the summary that a run prints, as plain text",
    render: |report| render(report, &Options::default()),
};

const PEN: say::Pen = say::Pen {
    name: |tag| safe::name(tag, 40),
    words: |words| safe::text(words, say::SENTENCE),
};

/// What the terminal can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns. Below 80, effects stand one below the other.
    pub width: usize,
    /// ANSI colours.
    pub colour: bool,
    /// The run's folder, for the command to type next.
    pub folder: Option<String>,
}

impl Default for Options {
    /// Plain text, as for a pipe or a file.
    fn default() -> Self {
        Self {
            width: 110,
            colour: false,
            folder: None,
        }
    }
}

/// The summary. It ends with a line break and holds no box characters.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn render(report: &Report, options: &Options) -> Result<String> {
    let mut screen = Screen::new(options.width.max(40), options.colour);
    sections::head(&mut screen, report);
    if report.plan.only_traces() {
        inspection::write(&mut screen, report);
        return Ok(screen.done());
    }
    let gated = say::effects(report)?;
    sections::gated(&mut screen, report, &gated);
    together::asked_again(&mut screen, report)?;
    together::screen(&mut screen, report);
    sections::findings(&mut screen, report);
    owners::owners(&mut screen, report);
    sections::idle(&mut screen, report);
    sections::hosts(&mut screen, report);
    sections::faults(&mut screen, report);
    sections::baseline(&mut screen, report);
    sections::notices(&mut screen, report);
    sections::exploratory(&mut screen, report)?;
    verdict(&mut screen, report, options)?;
    Ok(screen.done())
}

/// The verdict alone: the last lines of the summary.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn verdict_alone(report: &Report, options: &Options) -> Result<String> {
    let mut screen = Screen::new(options.width.max(40), options.colour);
    verdict(&mut screen, report, options)?;
    Ok(screen.done().trim_start().to_owned())
}

fn verdict(screen: &mut Screen, report: &Report, options: &Options) -> Result<()> {
    let outcome = report.judgement.outcome;
    let word = outcome.to_string().to_uppercase();
    screen.blank();
    screen.line(&[
        (word, look::of_outcome(outcome)),
        (
            format!("  {}", safe::text(&report.scenario.name, 60)),
            look::BOLD,
        ),
        (format!(", {}", say::outcomes(report)), Style::new()),
    ]);
    screen.indented(&say::headline(report, &PEN)?, 2, Style::new());
    if let Some(next) = say::next(report, options.folder.as_deref()) {
        screen.line(&[("  next: ".into(), look::DIM), (next, look::BOLD)]);
    }
    Ok(())
}
