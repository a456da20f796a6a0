//! `tagperf run`: the whole road, from the scenario to the verdict.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::browser;
use crate::lab::{Interrupt, Journal, Recorded};
use crate::model::{
    Design, Environment, Inconclusive, Plan, Report, RunHeader, Staging, Stop, TagInfo,
};
use crate::plan::{Layout, Wanted};
use crate::scenario::Scenario;
use crate::tags::{self, Tag};

use super::bench::RealBench;
use super::measure::{Event, Limits, Run, Watch};
use super::standing::Accepted;
use super::{analyse, baselines, folder, machine, vocabulary};

/// What the user asks of a run.
#[derive(Clone, Debug, Default)]
pub struct RunWish {
    pub scenario: PathBuf,
    /// The browser's program; `None` looks for one.
    pub browser: Option<PathBuf>,
    /// `None` draws one.
    pub seed: Option<u64>,
    /// Judge once, after exactly so many blocks.
    pub blocks: Option<usize>,
    /// Most measured blocks.
    pub max_blocks: Option<usize>,
    /// How the tags share the trials; `None` leaves it to their number, and takes blocks beside a baseline.
    pub design: Option<Design>,
    pub max_time: Option<Duration>,
    /// Folder under which runs are kept.
    pub out: PathBuf,
    /// Go on with this run.
    pub resume: Option<PathBuf>,
    pub baselines: PathBuf,
    /// Keep the whole traces in the run's folder too.
    pub keep_traces: bool,
    pub inconclusive: Option<Inconclusive>,
}

/// A run that has ended.
pub struct Finished {
    pub report: Report,
    pub dir: PathBuf,
    /// Files that were written into `dir`.
    pub files: Vec<String>,
    /// What could not be kept: the verdict stands, its record is not whole.
    pub lost: Option<anyhow::Error>,
}

/// Measures a scenario and judges it.
///
/// Errors are those of bad input and of a start that fails; what goes wrong later is in the report.
pub async fn run(wish: &RunWish, watch: &mut dyn Watch, interrupt: Interrupt) -> Result<Finished> {
    let scenario = load(wish)?;
    let accepted = baselines::find(&wish.baselines, &scenario.name)?;
    if let Some(doubt) = beside_its_baseline(wish, &scenario) {
        watch.hear(Event::Doubt { text: &doubt });
    }
    let plan = layout(wish, &scenario).plan(&scenario.gate);
    carry_out(wish, &scenario, plan, accepted, watch, interrupt).await
}

/// Carries a plan out, judges what came of it, and writes the run's files.
pub(super) async fn carry_out(
    wish: &RunWish,
    scenario: &Scenario,
    plan: Plan,
    accepted: Option<Accepted>,
    watch: &mut dyn Watch,
    interrupt: Interrupt,
) -> Result<Finished> {
    let program = browser::find(wish.browser.as_deref())?;
    let mut bench = RealBench::start(scenario, program).await?;
    let result = with_bench(
        wish,
        header(scenario, plan, &bench),
        scenario.trials.max_time,
        &mut bench,
        accepted.as_ref(),
        watch,
        interrupt,
    )
    .await;
    bench.close().await;
    let (run, dir) = result?;
    let accepted = accepted.map(|accepted| accepted.for_run(&dir, &wish.baselines));
    let report = analyse::analyse(run.record(), accepted.as_ref());
    let (files, lost) = folder::write(&dir, &report);
    Ok(Finished {
        report,
        dir,
        files,
        lost: run.lost.map(Into::into).or(lost),
    })
}

async fn with_bench(
    wish: &RunWish,
    fresh: RunHeader,
    max_time: Option<Duration>,
    bench: &mut RealBench,
    accepted: Option<&Accepted>,
    watch: &mut dyn Watch,
    mut interrupt: Interrupt,
) -> Result<(Run, PathBuf)> {
    let (mut journal, recorded) = match &wish.resume {
        Some(dir) => resume(dir, &fresh)?,
        None => {
            let dir = wish.out.join(&fresh.scenario.name).join(&fresh.run);
            let journal = Journal::create(&dir, &fresh).context("start the run's journal")?;
            let header = fresh.clone();
            (
                journal,
                Recorded {
                    header,
                    trials: vec![],
                    calibrations: vec![],
                    confirmation: None,
                    stop: None,
                },
            )
        }
    };
    let dir = journal.dir().to_owned();
    bench.screenshots_to(&dir);
    if wish.keep_traces {
        bench.keep_traces_in(&dir);
    }
    let limits = Limits {
        time: wish.max_time.or(max_time),
        began: Instant::now(),
        before: Duration::from_secs_f64(analyse::duration(&recorded.trials)),
    };
    let mut run = Run::new(recorded);
    run.measure(
        bench,
        &mut journal,
        &limits,
        accepted,
        &mut interrupt,
        watch,
    )
    .await;
    Ok((run, dir))
}

pub(super) fn load(wish: &RunWish) -> Result<Scenario> {
    let mut scenario = crate::scenario::load(&wish.scenario, &vocabulary::vocabulary())?;
    if let Some(choice) = wish.inconclusive {
        scenario.gate.inconclusive = choice;
    }
    if scenario.tags.is_empty() {
        bail!(
            "{}: the scenario names no tag, so there is nothing to compare: add a [[tag]]",
            wish.scenario.display()
        );
    }
    if scenario.gate.require_baseline && design(wish, &scenario) == Some(Design::Screen) {
        bail!(
            "{}: the gate requires a baseline, and a screen of many tags cannot be compared with one: measure with `--design blocks`",
            wish.scenario.display()
        );
    }
    Ok(scenario)
}

/// The design that was asked for; where a baseline is to be compared, blocks, since in a screen no tag has
/// samples of its own. `None` leaves it to the number of tags.
fn design(wish: &RunWish, scenario: &Scenario) -> Option<Design> {
    let compared = scenario.gate.require_baseline || has_baseline(wish, scenario);
    wish.design
        .or(scenario.trials.design)
        .or(compared.then_some(Design::Blocks))
}

pub(super) fn has_baseline(wish: &RunWish, scenario: &Scenario) -> bool {
    baselines::path(&wish.baselines, &scenario.name).exists()
}

/// A screen that was asked for although there is a baseline.
pub(super) fn beside_its_baseline(wish: &RunWish, scenario: &Scenario) -> Option<String> {
    let screened = design(wish, scenario) == Some(Design::Screen);
    (wish.resume.is_none() && screened && has_baseline(wish, scenario)).then(|| {
        format!(
            "a screen of many tags cannot be compared with the baseline {}: measure with `--design blocks` to have that",
            baselines::path(&wish.baselines, &scenario.name).display()
        )
    })
}

pub(super) fn layout(wish: &RunWish, scenario: &Scenario) -> Layout {
    Layout {
        tags: scenario
            .tags
            .iter()
            .map(|tag| Wanted {
                id: tag.id.clone(),
                needs: tag.needs.clone(),
                group: tag.group.clone(),
            })
            .collect(),
        seed: wish.seed.unwrap_or_else(draw_seed),
        design: design(wish, scenario),
        max_blocks: wish
            .blocks
            .or(wish.max_blocks)
            .or(scenario.trials.max_blocks),
        fixed: wish.blocks.is_some(),
        warm_up_blocks: scenario.trials.warm_up,
        traced_blocks: scenario.trials.traced,
    }
}

/// A visit's expected length: what the steps take, and a second for those that cannot tell.
pub(super) fn expected_visit(scenario: &Scenario) -> Duration {
    let steps = scenario.steps.iter();
    steps
        .map(|placed| placed.step.expected().unwrap_or(Duration::from_secs(1)))
        .sum()
}

/// Short enough to type again.
pub(super) fn draw_seed() -> u64 {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    (u64::from(now.subsec_nanos()) ^ now.as_secs().rotate_left(20)) % 1_000_000
}

/// A run is called by the UTC time at which it begins.
pub(super) fn name_now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H-%M-%SZ")
        .to_string()
}

fn header(scenario: &Scenario, plan: Plan, bench: &RealBench) -> RunHeader {
    let environment = bench.environment();
    let info = scenario.info();
    let mut tags = tags_with_code(scenario);
    tags.retain(|tag| plan.contrasts.iter().any(|asked| asked.tag == tag.id));
    RunHeader {
        format: RunHeader::FORMAT,
        run: name_now(),
        fingerprint: machine::fingerprint(&environment, scenario),
        scenario: info,
        environment,
        plan,
        gate: scenario.gate.clone(),
        tags,
    }
}

/// What a report says of the tags, with a hash of the code that each of them plays.
fn tags_with_code(scenario: &Scenario) -> Vec<TagInfo> {
    let mut infos = tags::infos(&scenario.tags);
    for info in &mut infos {
        let own = |tag: &&Tag| tag.id == info.id || info.members.contains(&tag.id);
        let stagings = scenario
            .tags
            .iter()
            .filter(own)
            .map(|tag| tag.staging(true));
        info.code = code_hash(stagings);
    }
    infos
}

/// SHA-256 of what the stage adds for a tag, its files' content included. A file that cannot be read is told
/// by the stage; here it counts as empty.
fn code_hash(stagings: impl Iterator<Item = Staging>) -> String {
    let mut hash = Sha256::new();
    for staging in stagings {
        for insert in &staging.inserts {
            hash.update(insert.html.as_bytes());
            hash.update([0]);
        }
        for play in &staging.plays {
            hash.update(play.url.as_bytes());
            hash.update([0]);
            for (name, value) in play.headers.iter().flatten() {
                hash.update(format!("{name}: {value}\n"));
            }
            hash.update(fs::read(&play.file).unwrap_or_default());
        }
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a baseline may differ in, and the two halves of one run must not.
fn other_speed(then: &Environment, now: &Environment) -> Vec<String> {
    let facts = |of: &Environment| {
        [
            ("browser", of.browser.clone()),
            ("machine", format!("{} x {}", of.cpu_count, of.cpu_model)),
            ("CPU slowdown", of.cpu_slowdown_asked.to_string()),
        ]
    };
    let pairs = facts(then).into_iter().zip(facts(now));
    pairs
        .filter(|(then, now)| then != now)
        .map(|((what, then), (_, now))| format!("{what} was {then}, is {now}"))
        .collect()
}

/// Opens the run in `dir` again; its conditions must be those of `now`.
fn resume(dir: &Path, now: &RunHeader) -> Result<(Journal, Recorded)> {
    let (journal, recorded) =
        Journal::resume(dir).with_context(|| format!("resume the run in {}", dir.display()))?;
    let then = &recorded.header;
    let mut differences: Vec<String> = then
        .fingerprint
        .differences(&now.fingerprint)
        .into_iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.baseline, d.run))
        .collect();
    differences.extend(other_speed(&then.environment, &now.environment));
    if then.tags != now.tags {
        differences.push("the scenario's tags or their code have changed".into());
    }
    if then.gate != now.gate {
        differences.push("the gate has changed".into());
    }
    if !differences.is_empty() {
        bail!(
            "{} cannot be resumed: {}. Start a new run without --resume",
            dir.display(),
            differences.join("; ")
        );
    }
    if recorded.stop.as_ref().is_some_and(Stop::is_complete) {
        bail!(
            "{} is complete: see it with `tagperf report {}`",
            dir.display(),
            dir.display()
        );
    }
    Ok((journal, recorded))
}
