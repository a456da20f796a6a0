//! The whole road on a pretend bench: no browser, the same code from planner to verdict.

#[path = "journey/again.rs"]
mod again;
#[path = "journey/many.rs"]
mod many;
#[path = "journey/rates.rs"]
mod rates;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tagperf::app::{self, Event, Limits, Run, Watch};
use tagperf::lab::{Bench, Interrupt, Journal, Recorded};
use tagperf::model::*;
use tagperf::plan::{Layout, Wanted};
use tagperf::stats::Rng;

/// A page of 100 ms CPU with noise, and tags that add what `costs` says.
struct Pretend {
    costs: BTreeMap<&'static str, f64>,
    noise: f64,
    /// What two tags cost beyond the sum of both when they are together.
    together: Option<(&'static str, &'static str, f64)>,
    /// Tags cost something in so many visits only.
    cheap_after: usize,
    silent: Option<&'static str>,
    crashes: Option<&'static str>,
    random: Rng,
    log: Rc<RefCell<Vec<String>>>,
    interrupt_after: Option<(usize, tokio::sync::watch::Sender<bool>)>,
    visits: usize,
}

impl Pretend {
    fn new(costs: &[(&'static str, f64)]) -> Self {
        Self {
            costs: costs.iter().copied().collect(),
            noise: 3.0,
            together: None,
            cheap_after: usize::MAX,
            silent: None,
            crashes: None,
            random: Rng::seeded(1),
            log: Rc::default(),
            interrupt_after: None,
            visits: 0,
        }
    }
}

impl Bench for Pretend {
    async fn visit(&mut self, slot: &Slot) -> Result<Visit, Fault> {
        self.visits += 1;
        self.log.borrow_mut().push(format!("visit {}", slot.arm));
        if let Some((after, sender)) = &self.interrupt_after
            && self.visits > *after
        {
            sender.send_replace(true);
            std::future::pending::<()>().await;
        }
        if self.crashes.is_some_and(|tag| slot.arm.has(tag)) {
            return Err(Fault::PageCrashed);
        }
        let noise = self.random.unit() * self.noise;
        let mut cost: f64 = slot.arm.0.iter().map(|tag| self.costs[tag.as_str()]).sum();
        if let Some((one, other, more)) = self.together
            && slot.arm.has(one)
            && slot.arm.has(other)
        {
            cost += more;
        }
        if self.visits > self.cheap_after {
            cost = 0.0;
        }
        Ok(Visit {
            format: Visit::FORMAT,
            counters: Counters {
                task_ms: 100.0 + noise + cost,
                ..Counters::default()
            },
            pages: vec![PageRecord {
                largest_contentful_paint: Some(LargestPaint {
                    time_ms: 200.0 + noise,
                    ..LargestPaint::default()
                }),
                first_contentful_paint_ms: Some(100.0),
                ..PageRecord::default()
            }],
            wall_ms: 1.0,
            trace: (slot.purpose == Purpose::Explain).then(Trace::default),
            ..Visit::default()
        })
    }

    async fn calibrate(&mut self) -> Option<Calibration> {
        None
    }

    fn firing(&self, slot: &Slot, _: &Visit) -> Vec<TagFired> {
        let fired = |tag: &&str| TagFired {
            tag: (*tag).to_string(),
            problem: (slot.arm.has(tag) && self.silent == Some(tag)).then(|| Reason {
                id: ReasonId::TagDidNotRun,
                tag: Some((*tag).to_string()),
                metric: None,
                text: "its script was never asked for".into(),
            }),
        };
        self.costs.keys().map(fired).collect()
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}

struct Log(Rc<RefCell<Vec<String>>>);

impl Watch for Log {
    fn hear(&mut self, event: Event) {
        self.0.borrow_mut().push(match event {
            Event::Doubt { text } => text.to_owned(),
            Event::Begin { .. } => "begin".into(),
            Event::Trial { kept, .. } => format!("kept {}", kept.trial.slot.arm),
            Event::Look {
                blocks, judgement, ..
            } => {
                let cells = judgement.cells.iter().filter(|cell| cell.gated);
                let pairs: Vec<String> = cells.map(|c| c.effect.pairs.to_string()).collect();
                format!("look {blocks}: {}", pairs.join(" "))
            }
            Event::Suspects { confirmation } => {
                format!("suspects {}", confirmation.contrasts.len())
            }
            Event::Explain => "explain".into(),
        });
    }
}

fn header(bench: &Pretend, max_blocks: Option<usize>, fixed: bool) -> RunHeader {
    let gated = |metric: &str, absolute: f64| GatedMetric {
        metric: metric.into(),
        margin: Margin {
            absolute,
            relative: 0.0,
        },
        weight: 0.5,
    };
    let gate = Gate {
        forbid_chosen: false,
        limits: vec![],
        metrics: vec![gated("cpu", 20.0), gated("lcp", 50.0)],
        exploratory: vec![],
        forbid: vec![],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    };
    let ids: Vec<String> = bench.costs.keys().map(|id| (*id).to_string()).collect();
    let layout = Layout {
        tags: ids
            .iter()
            .map(|id| Wanted {
                id: id.clone(),
                ..Wanted::default()
            })
            .collect(),
        seed: 3,
        design: None,
        max_blocks,
        fixed,
        warm_up_blocks: 1,
        traced_blocks: 1,
    };
    RunHeader {
        format: RunHeader::FORMAT,
        run: "2026-01-01T00-00-00Z".into(),
        scenario: ScenarioInfo {
            name: "pretend".into(),
            file: "pretend.toml".into(),
            url: "https://shop.example/".into(),
            hash: "0".into(),
            device: "pretend".into(),
            steps: vec![],
            entities: vec![],
        },
        environment: Environment {
            sandbox: true,
            cpu_slowdown_asked: 1.0,
            ..Environment::default()
        },
        fingerprint: Fingerprint::default(),
        plan: layout.plan(&gate),
        gate,
        tags: ids
            .into_iter()
            .map(|id| TagInfo {
                inline: vec![],
                members: vec![],
                what: id.clone(),
                id,
                owner: None,
                source: "script".into(),
                urls: vec![],
                code: String::new(),
                line: 1,
                firing: Firing::default(),
            })
            .collect(),
    }
}

fn quiet() -> (tokio::sync::watch::Sender<bool>, Interrupt) {
    tokio::sync::watch::channel(false)
}

async fn measure(bench: &mut Pretend, dir: &Path, fresh: RunHeader) -> Report {
    let (_sender, mut interrupt) = quiet();
    measure_until(bench, dir, fresh, &mut interrupt).await
}

async fn measure_until(
    bench: &mut Pretend,
    dir: &Path,
    fresh: RunHeader,
    interrupt: &mut Interrupt,
) -> Report {
    let (mut journal, recorded) = if dir.join("journal.jsonl").exists() {
        Journal::resume(dir).unwrap()
    } else {
        let journal = Journal::create(dir, &fresh).unwrap();
        (
            journal,
            Recorded {
                confirmation: None,
                header: fresh,
                trials: vec![],
                calibrations: vec![],
                stop: None,
            },
        )
    };
    let limits = Limits {
        time: None,
        began: Instant::now(),
        before: Duration::ZERO,
    };
    let mut run = Run::new(recorded);
    let mut log = Log(bench.log.clone());
    run.measure(bench, &mut journal, &limits, None, interrupt, &mut log)
        .await;
    assert!(run.lost.is_none());
    app::analyse(run.record(), None)
}

async fn report(mut bench: Pretend) -> Report {
    let dir = tempfile::tempdir().unwrap();
    let header = header(&bench, None, false);
    measure(&mut bench, dir.path(), header).await
}

fn outcome_of(report: &Report, tag: &str) -> Outcome {
    report
        .judgement
        .tags
        .iter()
        .find(|t| t.tag == tag)
        .unwrap()
        .outcome
}

#[tokio::test(flavor = "current_thread")]
async fn a_slow_tag_fails_and_is_named_and_a_still_one_passes() {
    let report = report(Pretend::new(&[("slow", 60.0), ("still", 1.0)])).await;
    assert_eq!(report.judgement.outcome, Outcome::Fail);
    assert_eq!(outcome_of(&report, "slow"), Outcome::Fail);
    assert_eq!(outcome_of(&report, "still"), Outcome::Pass);
    let reason = &report.judgement.reasons[0];
    assert_eq!(
        (reason.id, reason.tag.as_deref()),
        (ReasonId::BeyondMargin, Some("slow"))
    );
    let cpu = report
        .judgement
        .cells
        .iter()
        .find(|c| c.effect.tag == "slow" && c.effect.metric == "cpu")
        .unwrap();
    let estimate = cpu.effect.estimate.unwrap();
    assert!((58.0..62.0).contains(&estimate), "{estimate}");
}

#[tokio::test(flavor = "current_thread")]
async fn a_clear_case_ends_at_its_first_look() {
    let report = report(Pretend::new(&[("still", 0.0)])).await;
    assert_eq!(
        (report.judgement.outcome, report.stop.clone()),
        (Outcome::Pass, Stop::Decided)
    );
    let blocks = report
        .measured()
        .map(|trial| trial.slot.block)
        .max()
        .unwrap();
    assert_eq!(blocks, report.plan.schedule.looks[0]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_cost_at_its_margin_is_not_decided_in_silence() {
    let mut bench = Pretend::new(&[("edge", 20.0)]);
    bench.noise = 30.0;
    let report = report(bench).await;
    assert_eq!(
        (report.judgement.outcome, report.stop.clone()),
        (Outcome::Inconclusive, Stop::BlocksSpent)
    );
    assert_eq!(report.judgement.reasons[0].id, ReasonId::Undecided);
}

#[tokio::test(flavor = "current_thread")]
async fn too_few_blocks_are_no_pass() {
    let mut bench = Pretend::new(&[("slow", 60.0)]);
    let dir = tempfile::tempdir().unwrap();
    let header = header(&bench, Some(4), true);
    let report = measure(&mut bench, dir.path(), header).await;
    assert_eq!(report.judgement.outcome, Outcome::Inconclusive);
}

#[tokio::test(flavor = "current_thread")]
async fn a_tag_that_never_ran_is_not_measured_and_wastes_no_trials() {
    let mut bench = Pretend::new(&[("absent", 0.0)]);
    bench.silent = Some("absent");
    let report = report(bench).await;
    assert_eq!(report.judgement.outcome, Outcome::NotMeasured);
    assert_eq!(report.judgement.reasons[0].id, ReasonId::TagDidNotRun);
    assert_eq!(report.measured().count(), 2 * 3);
}

#[tokio::test(flavor = "current_thread")]
async fn an_arm_of_faults_is_a_result_of_its_own() {
    let mut bench = Pretend::new(&[("bomb", 0.0)]);
    bench.crashes = Some("bomb");
    let report = report(bench).await;
    assert_eq!(
        (report.judgement.outcome, report.stop.clone()),
        (Outcome::NotMeasured, Stop::TooManyFaults)
    );
    assert!(
        report.judgement.reasons[0].text.contains("crashed"),
        "{:?}",
        report.judgement.reasons
    );
}

#[tokio::test(flavor = "current_thread")]
async fn every_trial_is_kept_before_the_next_begins() {
    let bench = Pretend::new(&[("still", 0.0)]);
    let log = bench.log.clone();
    report(bench).await;
    let log = log.borrow();
    let trials: Vec<&String> = log
        .iter()
        .filter(|line| line.starts_with("visit") || line.starts_with("kept"))
        .collect();
    assert!(trials.len() > 20);
    for pair in trials.chunks(2) {
        assert_eq!(pair[0].replace("visit", "kept"), *pair[1]);
    }
    assert!(log.iter().any(|line| line == "explain"));
}

#[tokio::test(flavor = "current_thread")]
async fn the_same_journal_gives_the_same_report() {
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Pretend::new(&[("slow", 60.0)]);
    let fresh = header(&bench, None, false);
    let live = measure(&mut bench, dir.path(), fresh).await;
    let (again, _) = app::redo(dir.path(), &dir.path().join("baselines")).unwrap();
    assert_eq!(again, live);
}
