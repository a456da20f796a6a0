use std::fmt::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::app::{self, Outlook, RunWish};
use crate::model::{Catalogue, Design, Gate, Limit, Unit};

use super::run::PlanArguments;
use super::{say, terminal};

/// Validate a scenario and print what a run would do, without a browser
#[derive(Args)]
#[command(after_help = "Examples:
  tagperf check scenarios/heatmap.toml
  tagperf check scenarios/heatmap.toml --power
  tagperf check scenarios/heatmap.toml --power --pilot tagperf-out/heatmap/2026-01-31T10-00-00Z

What --power says is advice: the exit code is 0 even if the budget of blocks is too small.")]
pub(super) struct Check {
    #[command(flatten)]
    plan: PlanArguments,
    /// Say how many blocks and minutes the gate's margins need, from the last `tagperf doctor` of this scenario
    #[arg(long)]
    power: bool,
    /// Take the noise from this run instead
    #[arg(long, value_name = "RUN", requires = "power")]
    pilot: Option<PathBuf>,
    /// Folder under which runs are kept
    #[arg(
        long,
        value_name = "DIR",
        default_value = "tagperf-out",
        requires = "power"
    )]
    out: PathBuf,
    /// The browser's program, whose version must be that of the doctor or pilot
    #[arg(long, value_name = "PATH", requires = "power")]
    browser: Option<PathBuf>,
}

impl Check {
    pub fn execute(self) -> Result<u8> {
        let wish = RunWish {
            out: self.out,
            browser: self.browser,
            ..self.plan.wish()
        };
        let outlook = app::check(&wish)?;
        say(&text(&outlook)?)?;
        if self.power {
            let planned =
                terminal::runtime()?.block_on(app::power(&wish, self.pilot.as_deref()))?;
            let look = terminal::look(&wish.out);
            say(&format!("\n{}", app::show_power(&planned, &look)))?;
        }
        Ok(0)
    }
}

fn text(outlook: &Outlook) -> Result<String, std::fmt::Error> {
    let Outlook { scenario, plan, .. } = outlook;
    let mut out = String::new();
    writeln!(out, "{}: {} is sound", scenario.name, scenario.file)?;
    writeln!(out, "  page     {}", scenario.url)?;
    writeln!(out, "  device   {}", scenario.device)?;
    for (at, step) in scenario.steps.iter().enumerate() {
        writeln!(out, "  {:<8} {step}", if at == 0 { "steps" } else { "" })?;
    }
    for (at, tag) in outlook.tags.iter().enumerate() {
        writeln!(
            out,
            "  {:<8} {}: {}",
            if at == 0 { "tags" } else { "" },
            tag.id,
            tag.what
        )?;
    }
    writeln!(out, "  gate     {}", margins(&outlook.gate))?;
    findings(&mut out, &outlook.gate, &outlook.catalogue)?;
    writeln!(out, "  baseline {}", outlook.baseline)?;
    match plan.design {
        Design::Blocks => {
            let arms: Vec<String> = plan.arms.iter().map(ToString::to_string).collect();
            writeln!(out, "  arms     {}", arms.join(", "))?;
        }
        Design::Screen => {
            writeln!(
                out,
                "  arms     a screen: pairs of trials, each a random half of {} and the other half",
                plan.factors.len()
            )?;
        }
    }
    let things = format!("{}s", plan.design.noun());
    let looks: Vec<String> = plan.schedule.looks.iter().map(usize::to_string).collect();
    writeln!(
        out,
        "  {things:<8} {} warm-up, looks after {}, {} traced",
        plan.warm_up_blocks,
        looks.join(", "),
        plan.traced_blocks
    )?;
    writeln!(
        out,
        "  suspects are asked again of fresh trials before the gate fails"
    )?;
    let (first, last) = outlook.trials;
    let (soon, late) = outlook.time;
    if first == last {
        writeln!(out, "  trials   {first}, about {}", minutes(soon))?;
    } else {
        writeln!(
            out,
            "  trials   {first} to {last}, about {} to {}",
            minutes(soon),
            minutes(late)
        )?;
    }
    for doubt in [&outlook.doubt, &outlook.warning].into_iter().flatten() {
        writeln!(out, "warning: {doubt}")?;
    }
    Ok(out)
}

fn margins(gate: &Gate) -> String {
    let metrics: Vec<String> = gate
        .metrics
        .iter()
        .map(|gated| {
            let unit = app::metric(&gated.metric).map_or(Unit::Score, |metric| metric.unit);
            let absolute = app::show_plain(unit, gated.margin.absolute);
            match gated.margin.relative {
                0.0 => format!("{} {absolute}", gated.metric),
                relative => format!(
                    "{} max({absolute}, {:.0} %)",
                    gated.metric,
                    relative * 100.0
                ),
            }
        })
        .collect();
    metrics.join(", ")
}

/// What fails the gate when it is found, what has no chance to be, and the user's thresholds.
fn findings(out: &mut String, gate: &Gate, catalogue: &Catalogue) -> fmt::Result {
    let forbidden = catalogue.forbidden(gate);
    let which = match forbidden.is_empty() {
        true => "nothing".into(),
        false => forbidden.join(", "),
    };
    let why = match gate.forbid_chosen {
        true => "",
        false => " (all severe findings that its steps can show)",
    };
    writeln!(out, "  forbids  {which}{why}")?;
    let without: Vec<String> = catalogue
        .without_chance
        .iter()
        .map(|it| format!("{} ({})", it.finding, it.needs_steps.join(" or ")))
        .collect();
    if !without.is_empty() {
        let without = without.join(", ");
        writeln!(out, "  unseen   for want of a step: {without}")?;
    }
    for (at, limit) in gate.limits.iter().enumerate() {
        let head = if at == 0 { "limits" } else { "" };
        let Limit {
            finding, threshold, ..
        } = limit;
        let (own, usual) = app::limit(limit);
        writeln!(
            out,
            "  {head:<8} {finding}.{threshold} = {own} instead of {usual}"
        )?;
    }
    Ok(())
}

fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GatedMetric, Inconclusive, Margin, WithoutChance};

    #[test]
    fn margins_carry_their_unit() {
        let gated = |metric: &str, absolute, relative| GatedMetric {
            metric: metric.into(),
            margin: Margin { absolute, relative },
            weight: 0.3,
        };
        let gate = Gate {
            forbid_chosen: false,
            limits: vec![],
            metrics: vec![
                gated("cpu", 50.0, 0.0),
                gated("lcp", 100.0, 0.05),
                gated("bytes", 20_000.0, 0.0),
                gated("cls", 0.1, 0.0),
            ],
            exploratory: vec![],
            forbid: vec!["runaway_scroll".into()],
            inconclusive: Inconclusive::Report,
            require_baseline: false,
        };
        assert_eq!(
            margins(&gate),
            "cpu 50 ms, lcp max(100 ms, 5 %), bytes 20 kB, cls 0.1"
        );
    }

    #[test]
    fn what_is_forbidden_and_what_cannot_be_seen_are_told_apart() {
        let gate = Gate {
            forbid_chosen: false,
            limits: vec![Limit {
                finding: "runaway_scroll".into(),
                threshold: "script_per_event".into(),
                value: 8.0,
            }],
            metrics: vec![],
            exploratory: vec![],
            forbid: vec!["runaway_scroll".into(), "leak".into()],
            inconclusive: Inconclusive::Report,
            require_baseline: false,
        };
        let catalogue = Catalogue {
            looked_for: vec!["leak".into(), "note".into()],
            without_chance: vec![WithoutChance {
                finding: "runaway_scroll".into(),
                needs_steps: vec!["scroll".into(), "touch".into()],
            }],
        };
        let mut text = String::new();
        findings(&mut text, &gate, &catalogue).unwrap();
        assert_eq!(
            text,
            "  forbids  leak (all severe findings that its steps can show)\n  \
             unseen   for want of a step: runaway_scroll (scroll or touch)\n  \
             limits   runaway_scroll.script_per_event = \"8ms\" instead of \"4ms\"\n"
        );
    }
}
