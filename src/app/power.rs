//! `tagperf check --power`: how many blocks and minutes the gate's margins need on this machine.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::fitness;
use crate::lab::Journal;
use crate::metrics;
use crate::model::{
    Design, Environment, Examination, Fingerprint, GatedMetric, MetricInfo, Noise, Power, Session,
};
use crate::plan::{self, Layout};
use crate::scenario::Scenario;

use super::run::{self, RunWish};
use super::{doctor, machine};

/// What a machine is asked to decide at most, when its fitness is judged: a scenario's own budget may be larger.
const BLOCKS: usize = 40;

/// What a gate needs, and how that is known.
pub struct Planned {
    pub power: Power,
    /// `the doctor's session of …`, `the pilot …`.
    pub from: String,
    /// The scenario's file.
    pub scenario: String,
    pub metrics: Vec<MetricInfo>,
    /// What could not be compared.
    pub doubt: Option<String>,
}

/// How noisy the page is, and where that was learnt.
struct Learnt {
    noise: Vec<Noise>,
    trial_s: f64,
    from: String,
    fingerprint: Fingerprint,
    environment: Environment,
}

/// Plans the gate's blocks from the run in `pilot`, or from the scenario's last examination.
///
/// # Errors
/// Neither is there, or it was measured under other conditions: which, is named.
pub async fn power(wish: &RunWish, pilot: Option<&Path>) -> Result<Planned> {
    let scenario = run::load(wish)?;
    let learnt = match pilot {
        Some(dir) => from_pilot(dir, &scenario)?,
        None => from_examination(&doctor::file(&wish.out, &scenario.name), &wish.scenario)?,
    };
    let doubt = refuse_other_conditions(&learnt, &scenario, wish).await?;
    let noise = with_margins(&learnt.noise, &scenario);
    let layout = run::layout(wish, &scenario);
    Ok(Planned {
        power: plan_for(&noise, learnt.trial_s, &scenario, layout),
        from: learnt.from,
        scenario: scenario.file.display().to_string(),
        metrics: metrics::infos(),
        doubt,
    })
}

/// What the gate needs, if it may have forty blocks.
pub(super) fn of_machine(scenario: &Scenario, session: &Session) -> Power {
    let wish = RunWish {
        max_blocks: scenario.trials.max_blocks.map(|most| most.max(BLOCKS)),
        ..RunWish::default()
    };
    plan_for(
        &session.noise,
        session.trial_s,
        scenario,
        run::layout(&wish, scenario),
    )
}

fn plan_for(noise: &[Noise], trial_s: f64, scenario: &Scenario, layout: Layout) -> Power {
    let plan = layout.plan(&scenario.gate);
    let trials = |blocks| plan::trials(&plan, blocks);
    fitness::power(noise, &scenario.gate, &plan, trials, trial_s)
}

fn from_examination(path: &Path, scenario: &Path) -> Result<Learnt> {
    let examine = || {
        format!(
            "examine the machine with `tagperf doctor {}`",
            scenario.display()
        )
    };
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!(
                "there is no {}: {}, or name a run with --pilot",
                path.display(),
                examine()
            )
        }
        text => text.with_context(|| format!("read {}", path.display()))?,
    };
    let found: Examination = serde_json::from_str(&text)
        .with_context(|| format!("read {}: {}", path.display(), examine()))?;
    if found.format != Examination::FORMAT {
        bail!(
            "{} has format {}: {}",
            path.display(),
            found.format,
            examine()
        );
    }
    let Some(session) = found.session else {
        bail!(
            "{} has no session, since none could be measured: {}",
            path.display(),
            examine()
        );
    };
    Ok(Learnt {
        from: format!(
            "the doctor's session of {}, {} pairs of identical trials",
            session.certificate.run, session.certificate.blocks
        ),
        noise: session.noise,
        trial_s: session.trial_s,
        fingerprint: found.fingerprint,
        environment: found.environment,
    })
}

/// The noisiest question per metric: the gate must decide them all.
fn from_pilot(dir: &Path, scenario: &Scenario) -> Result<Learnt> {
    let recorded =
        Journal::read(dir).with_context(|| format!("read the pilot in {}", dir.display()))?;
    let header = recorded.header;
    if header.plan.design == Design::Screen {
        bail!(
            "the pilot in {} is a screen, in which no tag has pairs of its own: examine the machine with `tagperf doctor {}`",
            dir.display(),
            scenario.file.display()
        );
    }
    let samples = metrics::samples(recorded.trials.iter().map(|kept| &kept.trial));
    let noise = header
        .plan
        .contrasts
        .iter()
        .map(|contrast| fitness::noise(&samples, contrast, &scenario.gate))
        .reduce(fitness::noisiest);
    Ok(Learnt {
        noise: noise.unwrap_or_default(),
        trial_s: doctor::trial_s(&recorded.trials),
        from: format!("the pilot in {}", dir.display()),
        fingerprint: header.fingerprint,
        environment: header.environment,
    })
}

/// The gate as it is now: its margins may have changed since, and what it gates.
fn with_margins(noise: &[Noise], scenario: &Scenario) -> Vec<Noise> {
    let now = |gated: &GatedMetric| {
        let known = noise.iter().find(|noise| noise.metric == gated.metric);
        let without = known.and_then(|noise| noise.without);
        Noise {
            metric: gated.metric.clone(),
            pairs: known.map_or(0, |noise| noise.pairs),
            sd: known.and_then(|noise| noise.sd),
            detectable: known.and_then(|noise| noise.detectable),
            without,
            margin: gated.margin.at(without.unwrap_or_default()),
            drifted: known.is_some_and(|noise| noise.drifted),
        }
    };
    scenario.gate.metrics.iter().map(now).collect()
}

/// Noise is that of a machine and of a CPU slowdown.
fn other_speed(then: &Environment, here: &Environment, scenario: &Scenario) -> Vec<String> {
    let machine = |of: &Environment| format!("{} x {}", of.cpu_count, of.cpu_model);
    let slowdown = scenario.device.cpu_slowdown;
    let mut differences = Vec::new();
    if machine(then) != machine(here) {
        differences.push(format!(
            "machine was {}, is {}",
            machine(then),
            machine(here)
        ));
    }
    if then.cpu_slowdown_asked != slowdown {
        differences.push(format!(
            "CPU slowdown was {}, is {slowdown}",
            then.cpu_slowdown_asked
        ));
    }
    differences
}

/// Names what differs. The browser is asked for its version; one that does not tell is a doubt.
async fn refuse_other_conditions(
    learnt: &Learnt,
    scenario: &Scenario,
    wish: &RunWish,
) -> Result<Option<String>> {
    let here = Environment {
        browser: learnt.environment.browser.clone(),
        browser_program: learnt.environment.browser_program.clone(),
        cpu_model: machine::cpu_model(),
        cpu_count: machine::cpu_count(),
        ..Environment::default()
    };
    let now = machine::fingerprint(&here, scenario);
    let mut differences: Vec<String> = learnt
        .fingerprint
        .differences(&now)
        .into_iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.baseline, d.run))
        .collect();
    differences.extend(other_speed(&learnt.environment, &here, scenario));
    let then = (browser::major(&here.browser), here.browser_program.clone());
    let mut doubt = None;
    match browser::find(wish.browser.as_deref()) {
        Ok(program) => match program.major().await {
            Some(major) if (Some(major), program.name()) != then => differences.push(format!(
                "browser was {} ({}), is {major} ({})",
                here.browser,
                then.1,
                program.name()
            )),
            Some(_) => {}
            None => {
                doubt = Some("the browser does not tell its version, so it was not compared".into())
            }
        },
        Err(error) if wish.browser.is_some() => return Err(error.into()),
        Err(_) => doubt = Some("no browser was found here, so its version was not compared".into()),
    }
    if !differences.is_empty() {
        bail!(
            "{} was measured under other conditions: {}; examine the machine with `tagperf doctor {}`",
            learnt.from,
            differences.join("; "),
            scenario.file.display()
        );
    }
    Ok(doubt)
}
