use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::app::{self, Finished, InspectWish};

use super::progress;
use super::{say, terminal};

/// Trace each tag and name what misbehaves; costs are not measured
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 no forbidden finding that the scenario can show, 1 a forbidden finding, 5 a tag did not run or was not
traced.

Examples:
  tagperf inspect scenarios/heatmap.toml
  tagperf inspect scenarios/vendors.toml --tag clarity --tag rrweb --keep"
)]
pub(super) struct Inspect {
    /// The scenario file
    scenario: PathBuf,
    /// Look at this tag only; may be given several times
    #[arg(long = "tag", value_name = "ID")]
    tags: Vec<String>,
    /// Keep the run's folder, with all visits; otherwise it is kept only when a trial failed
    #[arg(long)]
    keep: bool,
    /// Draw the order of trials from this seed [default: a new one, which is printed]
    #[arg(long)]
    seed: Option<u64>,
    /// The browser's program [default: the first Chromium found]
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
    /// Folder under which every run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "tagperf-out")]
    out: PathBuf,
    /// Print the report as JSON instead of the findings
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub fn execute(self) -> Result<u8> {
        let wish = InspectWish {
            scenario: self.scenario,
            tags: self.tags,
            browser: self.browser,
            seed: self.seed,
            out: self.out,
            keep: self.keep,
        };
        let mut watch = progress::telling();
        let finished = terminal::runtime()?.block_on(async {
            let interrupt = terminal::interrupts()?;
            app::inspect(&wish, watch.as_mut(), interrupt).await
        });
        drop(watch);
        let Finished {
            report,
            dir,
            files,
            lost,
        } = finished?;
        if self.json {
            say(&app::render(&report, "json")?)?;
        } else {
            say(&app::show(&report, &terminal::look(&dir))?)?;
            say(&terminal::files(&dir, &files))?;
        }
        match lost {
            Some(error) => {
                Err(error.context(format!("the record in {} is not whole", dir.display())))
            }
            None => Ok(report.judgement.outcome.exit_code()),
        }
    }
}
