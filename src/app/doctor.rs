//! `tagperf doctor`: is this machine fit to judge, and how fine is its judgement?

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Error, Result};

use crate::browser::{self, Browser, Program};
use crate::fitness::{self, Asked, Launched, Played, Readings};
use crate::lab::{Interrupt, Journal, Kept, Recorded, write_whole};
use crate::metrics;
use crate::model::{
    Arm, Design, Device, Environment, Examination, Firing, Fitness, Gate, MetricInfo, Plan, Power,
    Purpose, Report, RunHeader, Schedule, Session, Stop, TagInfo, Verdict,
};
use crate::scenario::{self, Scenario};

use super::bench::{self, RealBench};
use super::measure::{Limits, Run, Watch};
use super::neighbours::Neighbours;
use super::{analyse, machine, notices, power, run, vitals, vocabulary};

/// What the user asks of an examination.
#[derive(Clone, Debug)]
pub struct DoctorWish {
    /// `None` looks at the machine only.
    pub scenario: Option<PathBuf>,
    pub browser: Option<PathBuf>,
    /// Folder under which runs are kept.
    pub out: PathBuf,
    pub blocks: usize,
    pub seed: Option<u64>,
}

/// An examination that has ended.
pub struct Examined {
    pub examination: Examination,
    /// What its metrics mean.
    pub metrics: Vec<MetricInfo>,
    /// What the gate's margins need here; `None` without a session.
    pub power: Option<Power>,
    /// Where it was written; `None` without a scenario, and when it was interrupted.
    pub file: Option<PathBuf>,
    /// Why it could not be written.
    pub lost: Option<Error>,
}

/// How long the machine is watched while this program does nothing.
const WATCHED: Duration = Duration::from_secs(1);

/// The slowdown that the browser is asked for.
const SLOWDOWN: f64 = 4.0;

/// Rounds of the fixed loop beside those of the session.
const ROUNDS: usize = 5;

/// The file of the last examination of a scenario.
pub(super) fn file(out: &Path, scenario: &str) -> PathBuf {
    out.join(scenario).join("doctor.json")
}

/// Examines the machine, and with a scenario its judgement of that page.
///
/// # Errors
/// The scenario cannot be used, or the session's journal cannot be started. What is wrong with the machine or
/// with the browser is no error: it is in the examination.
pub async fn doctor(
    wish: &DoctorWish,
    watch: &mut dyn Watch,
    interrupt: Interrupt,
) -> Result<Examined> {
    let scenario = match &wish.scenario {
        Some(file) => Some(scenario::load(file, &vocabulary::vocabulary())?),
        None => None,
    };
    let (began, wall) = (Instant::now(), SystemTime::now());
    let (mut readings, mut environment, program) = machine_alone(wish).await;
    if let (Some(scenario), Some(program)) = (&scenario, program) {
        let played = session(wish, scenario, program, watch, interrupt, &mut readings).await?;
        readings.session = Some(match played {
            Ok((played, seen)) => {
                environment = seen;
                Ok(played)
            }
            Err(error) => Err(format!("{error:#}")),
        });
    }
    readings.clock = vitals::clock(began, wall);
    let examination = examine(scenario.as_ref(), environment, &readings);
    let played = readings.session.and_then(Result::ok);
    let (file, lost) = match &scenario {
        Some(scenario) if !played.as_ref().is_some_and(|p| p.stop == Stop::Interrupted) => {
            keep(&file(&wish.out, &scenario.name), &examination)
        }
        _ => (None, None),
    };
    Ok(Examined {
        examination,
        metrics: metrics::infos(),
        power: played.map(|played| played.power),
        file,
        lost,
    })
}

fn examine(
    scenario: Option<&Scenario>,
    environment: Environment,
    readings: &Readings,
) -> Examination {
    let (fitness, checks) = fitness::examine(readings);
    let session = match &readings.session {
        Some(Ok(played)) => Some(certified(&played.session, fitness)),
        _ => None,
    };
    Examination {
        format: Examination::FORMAT,
        scenario: scenario.map_or(String::new(), |scenario| scenario.name.clone()),
        fingerprint: scenario.map_or_else(Default::default, |scenario| {
            machine::fingerprint(&environment, scenario)
        }),
        environment: Environment {
            calibration_ms: readings.speed_ms.clone(),
            ..environment
        },
        fitness,
        checks,
        session,
    }
}

fn certified(session: &Session, fitness: Fitness) -> Session {
    let mut session = session.clone();
    session.certificate.fitness = fitness;
    session
}

fn keep(path: &Path, examination: &Examination) -> (Option<PathBuf>, Option<Error>) {
    let write = || -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
        }
        let text = super::show::examination_json(examination)?;
        Ok(write_whole(path, text.as_bytes())?)
    };
    match write() {
        Ok(()) => (Some(path.to_owned()), None),
        Err(error) => (None, Some(error)),
    }
}

/// What can be read without a scenario, and the browser's program if it works.
async fn machine_alone(wish: &DoctorWish) -> (Readings, Environment, Option<Program>) {
    let neighbours = Neighbours::watch();
    tokio::time::sleep(WATCHED).await;
    let mut readings = Readings {
        watched: vec![neighbours.until_now("before the browser was started")],
        browser: Err(String::new()),
        cpus: vitals::cpus(),
        load: vitals::load(),
        governor: vitals::governor(),
        clock: vitals::clock(Instant::now(), SystemTime::now()),
        disk_free: vitals::disk_free(&wish.out),
        slowdown: None,
        speed_ms: vec![],
        session: None,
    };
    let unknown = Environment {
        tagperf: env!("CARGO_PKG_VERSION").into(),
        os: machine::os(),
        cpu_model: machine::cpu_model(),
        cpu_count: machine::cpu_count(),
        cpu_slowdown_asked: 1.0,
        cpu_slowdown_achieved: 1.0,
        ..Environment::default()
    };
    match try_browser(wish, &mut readings).await {
        Ok((environment, program)) => (readings, environment, Some(program)),
        Err(error) => {
            readings.browser = Err(format!("{error:#}"));
            (readings, unknown, None)
        }
    }
}

async fn try_browser(wish: &DoctorWish, readings: &mut Readings) -> Result<(Environment, Program)> {
    let program = browser::find(wish.browser.as_deref())?;
    let browser = Browser::launch(&program, &[]).await?;
    let environment = with_browser(&browser, readings).await;
    browser.close().await;
    Ok((environment?, program))
}

async fn with_browser(browser: &Browser, readings: &mut Readings) -> Result<Environment> {
    for _ in 0..ROUNDS {
        readings.speed_ms.push(browser.calibrate(1.0).await?.cpu_ms);
    }
    let reached = browser.calibrate(SLOWDOWN).await?.slowdown;
    readings.slowdown = Some((SLOWDOWN, reached));
    let info = browser.info();
    readings.browser = Ok(Launched {
        version: info.version.clone(),
        program: info.program.clone(),
        sandbox: info.sandbox,
    });
    bench::environment(&Device::default(), browser).await
}

/// Measures the page against itself. The inner error is the machine's or the page's, the outer the user's.
async fn session(
    wish: &DoctorWish,
    scenario: &Scenario,
    program: Program,
    watch: &mut dyn Watch,
    mut interrupt: Interrupt,
    readings: &mut Readings,
) -> Result<Result<(Played, Environment)>> {
    let mut bench = match RealBench::start(scenario, program).await {
        Ok(bench) => bench,
        Err(error) => return Ok(Err(error)),
    };
    let header = header(wish, scenario, &bench);
    let dir = wish
        .out
        .join(&scenario.name)
        .join(format!("doctor-{}", header.run));
    let journal = Journal::create(&dir, &header).context("start the session's journal");
    let mut journal = match journal {
        Ok(journal) => journal,
        Err(error) => {
            bench.close().await;
            return Err(error);
        }
    };
    bench.screenshots_to(&dir);
    let mut run = Run::new(Recorded {
        header,
        trials: vec![],
        calibrations: vec![],
        confirmation: None,
        stop: None,
    });
    let limits = Limits {
        time: None,
        began: Instant::now(),
        before: Duration::ZERO,
    };
    let neighbours = Neighbours::watch();
    run.measure(
        &mut bench,
        &mut journal,
        &limits,
        None,
        &mut interrupt,
        watch,
    )
    .await;
    readings
        .watched
        .push(neighbours.until_now("during the session"));
    bench.close().await;
    if let Some(error) = &run.lost {
        run.stop = Stop::Broken(error.to_string());
    }
    readings
        .speed_ms
        .extend(run.calibrations.iter().map(|one| one.cpu_ms));
    let environment = run.header.environment.clone();
    Ok(Ok((played(scenario, &run), environment)))
}

/// One contrast between the page and itself, judged once at the end. Tags are in neither arm.
fn header(wish: &DoctorWish, scenario: &Scenario, bench: &RealBench) -> RunHeader {
    let environment = bench.environment();
    let info = scenario.info();
    let contrast = fitness::contrast();
    RunHeader {
        format: RunHeader::FORMAT,
        run: run::name_now(),
        fingerprint: machine::fingerprint(&environment, scenario),
        scenario: info,
        environment,
        plan: Plan {
            seed: wish.seed.unwrap_or_else(run::draw_seed),
            arms: vec![Arm::control(), contrast.with.clone()],
            design: Design::Blocks,
            factors: vec![],
            schedule: Schedule {
                looks: vec![wish.blocks],
                weights: vec![1.0],
            },
            warm_up_blocks: scenario.trials.warm_up,
            traced_blocks: 0,
            contrasts: vec![contrast.clone()],
        },
        // Nothing is traced, and nobody is to be blamed.
        gate: Gate {
            forbid: vec![],
            ..scenario.gate.clone()
        },
        tags: vec![TagInfo {
            inline: vec![],
            id: contrast.tag,
            owner: None,
            members: vec![],
            source: "none".into(),
            what: "the page against itself".into(),
            urls: vec![],
            code: String::new(),
            line: 0,
            firing: Firing::default(),
        }],
    }
}

fn played(scenario: &Scenario, run: &Run) -> Played {
    let report = analyse::analyse(run.record(), None);
    let samples = metrics::samples(run.kept.iter().map(|kept| &kept.trial));
    let asked = Asked {
        run: run.header.run.clone(),
        seed: run.header.plan.seed,
        verdicts: verdicts(&report),
        trial_s: trial_s(&run.kept),
    };
    let session = fitness::session(&samples, &run.header.gate, &asked);
    let (trials, lost) = lost(&run.kept);
    let faults = run
        .kept
        .iter()
        .filter_map(|kept| kept.trial.outcome.as_ref().err());
    Played {
        power: power::of_machine(scenario, &session),
        session,
        stop: run.stop.clone(),
        planned_blocks: run.header.plan.schedule.budget(),
        trials,
        lost,
        fault: faults.map(ToString::to_string).next(),
        waiting: notices::waiting(&run.kept),
        metrics: report.metrics,
    }
}

/// Gated effects, and how many of them regressed, by the gate's own rule: also when asked again.
fn verdicts(report: &Report) -> (usize, usize) {
    let cells = || report.judgement.cells.iter();
    let gated = || cells().filter(|cell| cell.gated && !cell.effect.fresh);
    let regressed = gated().filter(|cell| cell.verdict == Verdict::Regressed);
    (gated().count(), regressed.count())
}

/// Mean wall seconds from the beginning of one trial to that of the next.
pub(super) fn trial_s(trials: &[Kept]) -> f64 {
    analyse::duration(trials) / trials.len().max(1) as f64
}

/// Measured slots, and those of them that no attempt filled.
fn lost(trials: &[Kept]) -> (usize, usize) {
    let measured = || {
        trials
            .iter()
            .filter(|kept| kept.trial.slot.purpose == Purpose::Measure)
    };
    let first = || measured().filter(|kept| kept.trial.attempt == 1);
    let filled = measured().filter(|kept| kept.trial.outcome.is_ok()).count();
    (first().count(), first().count().saturating_sub(filled))
}
