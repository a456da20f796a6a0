use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::app::{self, Finished, RunWish, Watch};
use crate::model::{Design, Inconclusive, Schedule};

use super::progress::{Lines, Live, Silent};
use super::{say, terminal};

/// Measure a scenario with and without each tag, and judge
#[derive(Args)]
#[command(after_help = "Examples:
  tagperf run scenarios/heatmap.toml
  tagperf run scenarios/heatmap.toml --blocks 12 --seed 7
  tagperf run scenarios/vendors.toml --max-time 10m --json > run.json
  tagperf run scenarios/heatmap.toml --resume tagperf-out/heatmap/2026-01-31T10-00-00Z")]
pub(super) struct Run {
    #[command(flatten)]
    pub plan: PlanArguments,
    /// The browser's program [default: the first Chromium found]
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
    /// Stop measuring after this time, such as 5m or 90s
    #[arg(long, value_name = "TIME", value_parser = time)]
    max_time: Option<Duration>,
    /// Folder under which every run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "tagperf-out")]
    out: PathBuf,
    /// Go on with an interrupted run
    #[arg(long, value_name = "DIR", conflicts_with_all = ["seed", "blocks", "max_blocks", "design"])]
    resume: Option<PathBuf>,
    /// Keep whole traces in the run's folder, for Chrome DevTools and Perfetto
    #[arg(long)]
    keep_traces: bool,
    /// What an undecided gate counts as; the choice is printed in the report
    #[arg(long, value_enum)]
    inconclusive: Option<Choice>,
    /// Print the report as JSON instead of the table
    #[arg(long)]
    json: bool,
    /// Print the verdict only
    #[arg(long, short)]
    quiet: bool,
}

/// How many trials, and in which order.
#[derive(Args)]
pub(super) struct PlanArguments {
    /// The scenario file
    pub scenario: PathBuf,
    /// Draw the order of trials from this seed [default: a new one, which is printed]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Measure exactly so many blocks (in a screen: pairs) and judge once
    #[arg(long, value_name = "N", value_parser = blocks, conflicts_with = "max_blocks")]
    pub blocks: Option<usize>,
    /// How the tags share the trials [default: blocks for up to three tags or beside a baseline, else a screen]
    #[arg(long, value_enum)]
    pub design: Option<DesignChoice>,
    /// Measure at most so many blocks (in a screen: pairs); a clear case ends earlier
    #[arg(long, value_name = "N", value_parser = blocks)]
    pub max_blocks: Option<usize>,
    /// Folder of the accepted baselines
    #[arg(long, value_name = "DIR", default_value = "baselines")]
    pub baselines: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum DesignChoice {
    /// Every tag against the page without it, in blocks of all arms
    Blocks,
    /// Random halves of the tags, each with its complement: every trial informs every tag
    Screen,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Pass,
    Fail,
}

impl PlanArguments {
    pub fn wish(&self) -> RunWish {
        RunWish {
            scenario: self.scenario.clone(),
            seed: self.seed,
            blocks: self.blocks,
            max_blocks: self.max_blocks,
            baselines: self.baselines.clone(),
            design: self.design.map(|design| match design {
                DesignChoice::Blocks => Design::Blocks,
                DesignChoice::Screen => Design::Screen,
            }),
            ..RunWish::default()
        }
    }
}

impl Run {
    pub fn execute(self) -> Result<u8> {
        let wish = RunWish {
            browser: self.browser.clone(),
            max_time: self.max_time,
            out: self.out.clone(),
            resume: self.resume.clone(),
            keep_traces: self.keep_traces,
            inconclusive: self.inconclusive.map(|choice| match choice {
                Choice::Pass => Inconclusive::Pass,
                Choice::Fail => Inconclusive::Fail,
            }),
            ..self.plan.wish()
        };
        let mut watch: Box<dyn Watch> = match (self.quiet, terminal::is_live()) {
            (true, _) => Box::new(Silent),
            (false, true) => Box::new(Live::new()),
            (false, false) => Box::new(Lines::new()),
        };
        let finished = terminal::runtime()?.block_on(async {
            let interrupt = super::terminal::interrupts()?;
            app::run(&wish, watch.as_mut(), interrupt).await
        });
        drop(watch);
        self.tell(finished?)
    }

    fn tell(&self, finished: Finished) -> Result<u8> {
        let Finished {
            report,
            dir,
            files,
            lost,
        } = finished;
        if self.json {
            say(&app::render(&report, "json")?)?;
        } else if self.quiet {
            say(&app::verdict(&report, &terminal::look(&dir))?)?;
        } else {
            say(&app::show(&report, &terminal::look(&dir))?)?;
            say(&terminal::files(&dir, &files))?;
        }
        if let Some(error) = lost {
            // The verdict was told above; its record is not whole, so nothing may rest on it.
            return Err(error.context(format!(
                "what was measured until then is in {}: free some space and go on with --resume {}",
                dir.display(),
                dir.display()
            )));
        }
        Ok(report.judgement.outcome.exit_code())
    }
}

fn blocks(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=Schedule::MOST) => Ok(count),
        _ => Err(format!("a number of blocks from 1 to {}", Schedule::MOST)),
    }
}

/// `90s`, `5m`, `1h`.
fn time(text: &str) -> Result<Duration> {
    let (number, unit) = text.split_at(
        text.trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .len(),
    );
    let seconds = match unit {
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => bail!("a time with its unit, such as 90s, 5m or 1h"),
    };
    let number: f64 = number
        .parse()
        .context("a time with its unit, such as 90s, 5m or 1h")?;
    Duration::try_from_secs_f64(number * seconds).context("a time that is not negative")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_a_unit() {
        assert_eq!(time("1.5m").unwrap(), Duration::from_secs(90));
        assert_eq!(time("90s").unwrap(), Duration::from_secs(90));
        for wrong in ["90", "-1s", "s", "1d", "", "infs", "NaNs"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
