use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::app::{self, DoctorWish, Examined};

use super::{progress, say, terminal};

/// Is this machine fit to judge? Look at it, and measure a scenario's page against itself
#[derive(Args)]
#[command(after_help = "Examples:
  tagperf doctor
  tagperf doctor scenarios/heatmap.toml
  tagperf doctor scenarios/heatmap.toml --blocks 40 --json

Exit codes:
  0  fit: nothing that was looked at speaks against its judgement
  2  bad input, or the examination could not be kept
  3  noisy: verdicts hold, but many will be inconclusive
  5  unfit: it cannot measure, or what it measures is wrong

With a scenario the examination is kept in <out>/<scenario>/doctor.json, for `tagperf check --power`.")]
pub(super) struct Doctor {
    /// The scenario whose page is measured against itself, without its tags [default: look at the machine only]
    scenario: Option<PathBuf>,
    /// The browser's program [default: the first Chromium found]
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
    /// Folder under which runs are kept
    #[arg(long, value_name = "DIR", default_value = "tagperf-out")]
    out: PathBuf,
    /// Blocks of the session, each of two visits; fewer than 10 certify no baseline
    #[arg(long, value_name = "N", value_parser = blocks, default_value = "20")]
    blocks: usize,
    /// Draw the order of trials from this seed [default: a new one, which is printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Print the examination as JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub fn execute(self) -> Result<u8> {
        let wish = DoctorWish {
            scenario: self.scenario,
            browser: self.browser,
            out: self.out,
            blocks: self.blocks,
            seed: self.seed,
        };
        let mut watch = progress::telling();
        let examined = terminal::runtime()?.block_on(async {
            let interrupt = terminal::interrupts()?;
            app::doctor(&wish, watch.as_mut(), interrupt).await
        });
        drop(watch);
        tell(&wish, examined?, self.json)
    }
}

fn tell(wish: &DoctorWish, examined: Examined, json: bool) -> Result<u8> {
    if json {
        say(&app::examination_json(&examined.examination)?)?;
    } else {
        let scenario = wish
            .scenario
            .as_ref()
            .map(|file| file.display().to_string());
        let look = terminal::look(&wish.out);
        say(&app::show_examination(
            &examined,
            scenario.as_deref(),
            &look,
        ))?;
        if let Some(file) = &examined.file {
            say(&format!("\n{}\n", file.display()))?;
        }
    }
    match examined.lost {
        Some(error) => Err(error.context("the examination was told but not kept")),
        None => Ok(examined.examination.fitness.exit_code()),
    }
}

/// A thousand relabellings of more blocks would take longer than the blocks.
fn blocks(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 2..=100) => Ok(count),
        _ => Err("a number of blocks from 2 to 100".into()),
    }
}
