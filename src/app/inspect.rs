//! `tagperf inspect`: the traced trials of a scenario alone, and what they show.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::lab::Interrupt;
use crate::model::{Arm, Design, Gate, Plan, Schedule};
use crate::reader::nearest;
use crate::scenario::Scenario;

use super::measure::Watch;
use super::run::{self, Finished, RunWish};

/// What the user asks of an inspection.
#[derive(Clone, Debug, Default)]
pub struct InspectWish {
    pub scenario: PathBuf,
    /// Ids of tags, or names of groups; empty for all.
    pub tags: Vec<String>,
    /// The browser's program; `None` looks for one.
    pub browser: Option<PathBuf>,
    /// `None` draws one.
    pub seed: Option<u64>,
    /// Folder under which the run's folder is made.
    pub out: PathBuf,
    /// The run's folder stays.
    pub keep: bool,
}

/// Traces a scenario's tags and says what they do; what they cost is not asked.
///
/// Its report has no effects, so that its verdict is about findings alone. The run's folder is removed at the end
/// unless it was wanted or a trial failed.
///
/// Errors are those of bad input and of a start that fails; what goes wrong later is in the report.
pub async fn inspect(
    wish: &InspectWish,
    watch: &mut dyn Watch,
    interrupt: Interrupt,
) -> Result<Finished> {
    let run_wish = RunWish {
        scenario: wish.scenario.clone(),
        browser: wish.browser.clone(),
        seed: wish.seed,
        design: Some(Design::Blocks),
        out: wish.out.clone(),
        ..RunWish::default()
    };
    let mut scenario = run::load(&run_wish)?;
    scenario.gate = findings_alone(scenario.gate);
    let plan = only_traces(run::layout(&run_wish, &scenario).plan(&scenario.gate));
    let plan = chosen(plan, &wish.tags, &scenario)?;
    let mut finished = run::carry_out(&run_wish, &scenario, plan, None, watch, interrupt).await?;
    let failed = finished.report.trials.iter().any(|t| t.fault.is_some());
    if !wish.keep && !failed && finished.lost.is_none() {
        let dir = finished.dir.display();
        fs::remove_dir_all(&finished.dir).with_context(|| format!("remove {dir}"))?;
        finished.files.clear();
    }
    Ok(finished)
}

fn findings_alone(gate: Gate) -> Gate {
    Gate {
        metrics: vec![],
        exploratory: vec![],
        require_baseline: false,
        ..gate
    }
}

/// The plan's traced trials, and one visit of the page without tags before them to warm the browser up.
fn only_traces(plan: Plan) -> Plan {
    Plan {
        arms: vec![Arm::control()],
        schedule: Schedule {
            looks: vec![],
            weights: vec![],
        },
        warm_up_blocks: 1,
        traced_blocks: plan.traced_blocks.max(1),
        ..plan
    }
}

/// The plan with the questions about these tags only.
fn chosen(mut plan: Plan, tags: &[String], scenario: &Scenario) -> Result<Plan> {
    if tags.is_empty() {
        return Ok(plan);
    }
    let known: Vec<&str> = plan.contrasts.iter().map(|c| c.tag.as_str()).collect();
    if let Some(unknown) = tags.iter().find(|tag| !known.contains(&tag.as_str())) {
        let mut members = scenario.tags.iter();
        let group = members.find_map(|tag| (tag.id == *unknown).then_some(tag.group.as_deref()?));
        let help = match (group, nearest(unknown, known.iter().copied())) {
            (Some(group), _) => format!("it moves with its group: ask for `{group}`"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("its tags are {}", known.join(", ")),
        };
        bail!(
            "{}: no tag `{unknown}` can be asked about: {help}",
            scenario.file.display()
        );
    }
    plan.contrasts
        .retain(|contrast| tags.contains(&contrast.tag));
    Ok(plan)
}
