use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::app;

use super::{say, terminal};

/// Work a run's report out again from its journal, without a browser
#[derive(Args)]
#[command(after_help = "Examples:
  tagperf report tagperf-out/heatmap/2026-01-31T10-00-00Z
  tagperf report tagperf-out/heatmap/2026-01-31T10-00-00Z --format markdown")]
pub(super) struct Report {
    /// The run's folder
    run: PathBuf,
    /// What to print; all files of the run are written anew in any case
    #[arg(long, default_value = "terminal", value_parser = formats())]
    format: String,
    /// Folder of the accepted baselines
    #[arg(long, value_name = "DIR", default_value = "baselines")]
    baselines: PathBuf,
}

fn formats() -> clap::builder::PossibleValuesParser {
    app::formats().into()
}

impl Report {
    pub fn execute(self) -> Result<u8> {
        let (report, files) = app::redo(&self.run, &self.baselines)?;
        if self.format == "terminal" {
            say(&app::show(&report, &terminal::look(&self.run))?)?;
            say(&terminal::files(&self.run, &files))?;
        } else {
            say(&app::render(&report, &self.format)?)?;
        }
        Ok(report.judgement.outcome.exit_code())
    }
}
