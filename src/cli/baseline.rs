mod words;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::app::baselines::{self, Done, Wish};
use crate::model::{Baseline as File, Outcome};

use super::say;

/// Accept, show, compare and check baselines: the costs that were agreed to
#[derive(Subcommand)]
#[command(after_help = "Examples:
  tagperf baseline diff    tagperf-out/heatmap/2026-01-31T10-00-00Z
  tagperf baseline accept  tagperf-out/heatmap/2026-01-31T10-00-00Z --reason \"agreed with growth team\"
  tagperf baseline history heatmap
  tagperf baseline check")]
pub(super) enum Baseline {
    Accept(Accept),
    Show(Show),
    List(List),
    Diff(Diff),
    History(History),
    Check(Check),
}

/// Make a run the baseline of its scenario
#[derive(Args)]
pub(super) struct Accept {
    /// The run's folder
    run: PathBuf,
    /// Why this cost is accepted
    #[arg(long)]
    reason: String,
    /// Who accepts it [default: git's user]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Keep so many earlier runs as history
    #[arg(long, value_name = "N", default_value_t = 10)]
    keep: usize,
    /// Accept although `tagperf doctor` did not examine this machine
    #[arg(long)]
    uncertified: bool,
    #[command(flatten)]
    place: Place,
}

/// Show a baseline
#[derive(Args)]
pub(super) struct Show {
    /// A scenario's name, or a baseline file
    scenario: String,
    #[command(flatten)]
    place: Place,
}

/// List all baselines
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
}

/// Show what accepting a run would change
#[derive(Args)]
pub(super) struct Diff {
    /// The run's folder
    run: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Show how costs went over the accepted runs
#[derive(Args)]
pub(super) struct History {
    /// A scenario's name, or a baseline file
    scenario: String,
    /// Show this metric instead of the gated ones; may be repeated
    #[arg(long, value_name = "ID")]
    metric: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// Find baselines that were edited by hand (exit code 1) or are stale (4)
#[derive(Args)]
pub(super) struct Check {
    /// Baseline files or folders [default: the folder of the baselines]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    /// Folder of the accepted baselines
    #[arg(long, value_name = "DIR", default_value = "baselines")]
    baselines: PathBuf,
}

impl Place {
    /// The baseline of a scenario, or the one in a file.
    fn read(&self, scenario: &str) -> Result<File> {
        let path = match Path::new(scenario).extension() {
            Some(ending) if ending == "json" => PathBuf::from(scenario),
            _ => baselines::path(&self.baselines, scenario),
        };
        baselines::read(&path)
    }
}

impl Baseline {
    pub fn execute(self) -> Result<u8> {
        let (text, outcome) = match self {
            Baseline::Accept(accept) => (accept.execute()?, Outcome::Pass),
            Baseline::Show(Show { scenario, place }) => {
                (words::shown(&place.read(&scenario)?), Outcome::Pass)
            }
            Baseline::List(List { place }) => {
                let found = baselines::list(&place.baselines)?;
                (words::listed(&place.baselines, &found), Outcome::Pass)
            }
            Baseline::Diff(Diff { run, place }) => {
                let difference = baselines::difference(&run, &place.baselines)?;
                (words::changed(&difference), Outcome::Pass)
            }
            Baseline::History(History {
                scenario,
                metric,
                place,
            }) => (
                words::history(&place.read(&scenario)?, &metric),
                Outcome::Pass,
            ),
            Baseline::Check(check) => check.execute()?,
        };
        say(&text)?;
        Ok(outcome.exit_code())
    }
}

impl Accept {
    fn execute(self) -> Result<String> {
        let Done {
            path,
            baseline,
            history_lost,
        } = baselines::accept(&Wish {
            run: self.run,
            dir: self.place.baselines,
            reason: self.reason,
            by: self.by,
            keep: self.keep,
            uncertified: self.uncertified,
        })?;
        let lost = history_lost.map_or(String::new(), |why| {
            format!(
                "its history starts anew, since the file that was there could not be used: {why}\n"
            )
        });
        Ok(format!(
            "{} written: commit it, so that it is reviewed\n{lost}\n{}",
            path.display(),
            words::shown(&baseline)
        ))
    }
}

impl Check {
    fn execute(self) -> Result<(String, Outcome)> {
        let folder = self.place.baselines;
        let paths = match self.paths.is_empty() {
            // Nothing has been accepted yet, and nothing is wrong with that.
            true if !folder.exists() => vec![],
            true => vec![folder.clone()],
            false => self.paths,
        };
        let checked = baselines::check(&paths)?;
        let states = checked.iter().map(|checked| checked.state.outcome());
        let outcome = states.max().unwrap_or(Outcome::Pass);
        Ok((words::checked(&folder, &checked), outcome))
    }
}
