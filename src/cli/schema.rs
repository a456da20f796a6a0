use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::app;

use super::say;

/// Print the JSON Schema of a file that tagperf writes
#[derive(Args)]
#[command(after_help = "Example:
  tagperf schema run > run.schema.json")]
pub(super) struct Schema {
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// run.json
    Run,
    /// baselines/<scenario>.json
    Baseline,
    /// tagperf-out/<scenario>/doctor.json
    Doctor,
}

impl Schema {
    pub fn execute(self) -> Result<u8> {
        say(&match self.of {
            Of::Run => app::run_schema()?,
            Of::Baseline => app::baseline_schema()?,
            Of::Doctor => app::examination_schema()?,
        })?;
        Ok(0)
    }
}
