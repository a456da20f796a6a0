//! `tagperf check`: is the scenario sound, and what would a run do?

use std::time::Duration;

use anyhow::Result;

use crate::detect;
use crate::model::{Catalogue, Design, Gate, Plan, ScenarioInfo, TagInfo};
use crate::plan;
use crate::scenario::Scenario;
use crate::tags;

use super::baselines;
use super::run::{self, RunWish};

/// What a run of the scenario would do.
pub struct Outlook {
    pub scenario: ScenarioInfo,
    pub tags: Vec<TagInfo>,
    pub gate: Gate,
    /// What its traced trials will be searched for.
    pub catalogue: Catalogue,
    pub plan: Plan,
    /// Trials if the first look decides everything, and if nothing is decided before the budget ends.
    pub trials: (usize, usize),
    pub time: (Duration, Duration),
    /// The budget cannot fail the gate, whatever the tags cost.
    pub warning: Option<String>,
    /// How it stands to the baseline: a sentence.
    pub baseline: String,
    /// What a baseline makes doubtful of the plan.
    pub doubt: Option<String>,
}

/// Time that a trial takes beyond its steps: context, load, collection.
const HARNESS: Duration = Duration::from_millis(300);

/// Validates a scenario and lays its run out, without a browser.
pub fn check(wish: &RunWish) -> Result<Outlook> {
    let scenario = run::load(wish)?;
    let plan = run::layout(wish, &scenario).plan(&scenario.gate);
    let baseline = baseline(wish, &scenario, &plan);
    let (first, last) = (
        plan.schedule.looks.first().copied().unwrap_or(0),
        plan.schedule.budget(),
    );
    let trials = (plan::trials(&plan, first), plan::trials(&plan, last));
    let each = run::expected_visit(&scenario) + HARNESS;
    let time = |trials: usize| each * u32::try_from(trials).unwrap_or(u32::MAX);
    Ok(Outlook {
        scenario: scenario.info(),
        tags: tags::infos(&scenario.tags),
        warning: too_small(&plan, &scenario.gate),
        gate: scenario.gate.clone(),
        catalogue: detect::catalogue(
            &scenario
                .steps
                .iter()
                .map(|placed| placed.step.kind())
                .collect(),
        ),
        time: (time(trials.0), time(trials.1)),
        trials,
        plan,
        baseline,
        doubt: run::beside_its_baseline(wish, &scenario),
    })
}

/// What is to be said of a budget after which no cost, however large, can fail the gate.
pub fn too_small(plan: &Plan, gate: &Gate) -> Option<String> {
    let (budget, fewest) = (plan.schedule.budget(), plan::minimum_blocks(plan, gate));
    (budget < fewest).then(|| {
        format!(
            "{budget} {}s can never fail the gate: it takes at least {fewest} to reach a decision",
            plan.design.noun()
        )
    })
}

/// What a run will be compared with.
fn baseline(wish: &RunWish, scenario: &Scenario, plan: &Plan) -> String {
    let file = baselines::path(&wish.baselines, &scenario.name);
    let blocks = "every tag has blocks of its own";
    match (plan.design, run::has_baseline(wish, scenario)) {
        (Design::Blocks, true) => format!("compared with {}: {blocks}", file.display()),
        (Design::Screen, true) => format!("not compared with {}", file.display()),
        (_, false) if scenario.gate.require_baseline => {
            format!("required, and there is no {} yet: {blocks}", file.display())
        }
        (Design::Blocks, false) => {
            "none yet: costs are judged against the page without the tag".into()
        }
        (Design::Screen, false) => {
            "none yet, and a screen cannot become one: `--design blocks` can".into()
        }
    }
}
