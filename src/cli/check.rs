use std::fmt::Write;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::app::{self, Outlook};
use crate::model::{Design, Gate};

use super::run::PlanArguments;
use super::say;

/// Validate a scenario and print what a run would do, without a browser
#[derive(Args)]
#[command(after_help = "Example:
  tagperf check scenarios/heatmap.toml")]
pub(super) struct Check {
    #[command(flatten)]
    plan: PlanArguments,
}

impl Check {
    pub fn execute(self) -> Result<u8> {
        let outlook = app::check(&self.plan.wish())?;
        say(&text(&outlook)?)?;
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
    let things = match plan.design {
        Design::Blocks => {
            let arms: Vec<String> = plan.arms.iter().map(ToString::to_string).collect();
            writeln!(out, "  arms     {}", arms.join(", "))?;
            "blocks"
        }
        Design::Screen => {
            writeln!(
                out,
                "  arms     a screen: pairs of trials, a random half of {} tags and the other half",
                plan.factors.len()
            )?;
            "pairs"
        }
    };
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
    if plan.schedule.budget() < outlook.minimum_blocks {
        writeln!(
            out,
            "warning: {} {things} can never fail the gate: it takes at least {} to reach a decision",
            plan.schedule.budget(),
            outlook.minimum_blocks
        )?;
    }
    Ok(out)
}

fn margins(gate: &Gate) -> String {
    let metrics: Vec<String> = gate
        .metrics
        .iter()
        .map(|gated| {
            let margin = gated.margin;
            match (margin.absolute, margin.relative) {
                (absolute, 0.0) => format!("{} {absolute}", gated.metric),
                (absolute, relative) => {
                    format!(
                        "{} max({absolute}, {:.0} %)",
                        gated.metric,
                        relative * 100.0
                    )
                }
            }
        })
        .collect();
    let forbidden = if gate.forbid.is_empty() {
        String::new()
    } else {
        format!("; forbidden: {}", gate.forbid.join(", "))
    };
    metrics.join(", ") + &forbidden
}

fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
