use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::app::{Change, baselines, metric};
use crate::model::Baseline as File;

use super::say;

/// Accept, show and compare baselines: the costs that were agreed to
#[derive(Subcommand)]
#[command(after_help = "Examples:
  tagperf baseline diff   tagperf-out/heatmap/2026-01-31T10-00-00Z
  tagperf baseline accept tagperf-out/heatmap/2026-01-31T10-00-00Z --reason \"agreed with growth team\"
  tagperf baseline show   heatmap")]
pub(super) enum Baseline {
    Accept(Accept),
    Show(Show),
    List(List),
    Diff(Diff),
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

#[derive(Args)]
struct Place {
    /// Folder of the accepted baselines
    #[arg(long, value_name = "DIR", default_value = "baselines")]
    baselines: PathBuf,
}

impl Baseline {
    pub fn execute(self) -> Result<u8> {
        let text = match self {
            Baseline::Accept(Accept {
                run,
                reason,
                by,
                place,
            }) => {
                let (path, file) =
                    baselines::accept(&run, &place.baselines, &reason, by.as_deref())?;
                format!(
                    "{} written: commit it, so that it is reviewed\n\n{}",
                    path.display(),
                    shown(&file)
                )
            }
            Baseline::Show(Show { scenario, place }) => {
                let path = match Path::new(&scenario).extension() {
                    Some(ending) if ending == "json" => PathBuf::from(&scenario),
                    _ => baselines::path(&place.baselines, &scenario),
                };
                shown(&baselines::read(&path)?)
            }
            Baseline::List(List { place }) => list(&place.baselines)?,
            Baseline::Diff(Diff { run, place }) => {
                let (path, changes, _) = baselines::difference(&run, &place.baselines)?;
                match changes {
                    None => format!(
                        "{} does not exist yet: accepting this run would create it\n",
                        path.display()
                    ),
                    Some(changes) if changes.is_empty() => {
                        format!(
                            "{}: accepting this run would change nothing\n",
                            path.display()
                        )
                    }
                    Some(changes) => {
                        let lines: String =
                            changes.iter().map(|change| told(change) + "\n").collect();
                        format!("{}:\n{lines}", path.display())
                    }
                }
            }
        };
        say(&text)?;
        Ok(0)
    }
}

fn list(dir: &Path) -> Result<String> {
    let found = baselines::list(dir)?;
    if found.is_empty() {
        return Ok(format!("{} holds no baseline yet\n", dir.display()));
    }
    let line = |(path, file): &(PathBuf, Result<File>)| match file {
        Ok(file) => format!(
            "{}: {} tags, run {}, accepted {} by {}: {}\n",
            path.display(),
            file.tags.len(),
            file.run,
            file.approval.at,
            file.approval.by,
            file.approval.reason
        ),
        Err(error) => format!("{}: cannot be used: {error:#}\n", path.display()),
    };
    Ok(found.iter().map(line).collect())
}

fn shown(file: &File) -> String {
    let mut out = format!(
        "{}: run {}\naccepted {} by {}: {}\n",
        file.scenario, file.run, file.approval.at, file.approval.by, file.approval.reason
    );
    for (name, value) in &file.fingerprint.0 {
        out += &format!("  {name:<13} {value}\n");
    }
    for (tag, cells) in &file.tags {
        out += &format!("{tag}\n");
        for (id, cell) in cells {
            let n = cell
                .with
                .iter()
                .zip(&cell.without)
                .filter(|(a, b)| a.is_some() && b.is_some())
                .count();
            let interval = cell.interval.map_or(String::new(), |i| {
                format!(
                    " [{} … {}]",
                    amount(id, Some(i.low)),
                    amount(id, Some(i.high))
                )
            });
            out += &format!(
                "  {id:<16} {}{interval}, n = {n}\n",
                amount(id, cell.estimate)
            );
        }
    }
    out
}

fn told(change: &Change) -> String {
    match change {
        Change::Condition(m) => format!("  {}: {} -> {}", m.what, m.baseline, m.run),
        Change::TagAdded { tag } => format!("+ {tag}"),
        Change::TagRemoved { tag } => format!("- {tag}"),
        Change::Cost {
            tag,
            metric,
            from,
            to,
        } => {
            format!(
                "~ {tag} {metric}: {} -> {}",
                amount(metric, *from),
                amount(metric, *to)
            )
        }
    }
}

fn amount(id: &str, value: Option<f64>) -> String {
    match (value, metric(id)) {
        (Some(value), Some(info)) => info.unit.show_signed(value),
        (Some(value), None) => format!("{value}"),
        (None, _) => "none".into(),
    }
}
