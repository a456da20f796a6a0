//! The whole road on a pretend bench: no browser, the same code from planner to verdict.

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
async fn an_interrupted_run_tells_what_it_has_and_can_be_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let (sender, mut interrupt) = quiet();
    let mut bench = Pretend::new(&[("slow", 60.0)]);
    bench.interrupt_after = Some((7, sender));
    let fresh = header(&bench, None, false);
    let report = measure_until(&mut bench, dir.path(), fresh.clone(), &mut interrupt).await;
    assert_eq!(
        (report.judgement.outcome, report.stop.clone()),
        (Outcome::Inconclusive, Stop::Interrupted)
    );
    assert_eq!(report.trials.len(), 7);

    bench.interrupt_after = None;
    let report = measure(&mut bench, dir.path(), fresh).await;
    assert_eq!(report.judgement.outcome, Outcome::Fail);
    let mut slots: Vec<_> = report
        .measured()
        .map(|t| (t.slot.block, t.slot.arm.clone()))
        .collect();
    let all = slots.len();
    slots.sort();
    slots.dedup();
    assert_eq!(slots.len(), all, "no slot is measured twice");
}

#[tokio::test(flavor = "current_thread")]
async fn a_run_that_is_interrupted_before_its_traces_is_no_pass_until_it_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let (sender, mut interrupt) = quiet();
    let mut bench = Pretend::new(&[("still", 0.0)]);
    let mut fresh = header(&bench, None, false);
    fresh.gate.forbid = vec!["runaway_scroll".into()];
    let measured = 2 * (1 + fresh.plan.schedule.looks[0]);
    bench.interrupt_after = Some((measured + 1, sender));
    let report = measure_until(&mut bench, dir.path(), fresh.clone(), &mut interrupt).await;
    assert_eq!(
        (report.trials.len(), &report.stop),
        (measured + 1, &Stop::Interrupted)
    );
    assert_eq!(report.judgement.outcome, Outcome::NotMeasured);
    let reason = &report.judgement.reasons[0];
    assert_eq!(reason.id, ReasonId::NotExamined);
    assert!(reason.text.contains("--resume"), "{}", reason.text);

    bench.interrupt_after = None;
    let report = measure(&mut bench, dir.path(), fresh).await;
    assert_eq!(report.trials.len(), measured + 2);
    assert_eq!(
        (report.judgement.outcome, &report.stop),
        (Outcome::Pass, &Stop::Decided)
    );
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

#[tokio::test(flavor = "current_thread")]
async fn a_suspect_is_asked_again_of_fresh_trials_before_it_fails() {
    let bench = Pretend::new(&[("slow", 60.0), ("still", 1.0)]);
    let log = bench.log.clone();
    let report = report(bench).await;
    let fresh = |report: &Report| {
        let trials = report.trials.iter();
        trials
            .filter(|t| t.slot.purpose == Purpose::Confirm)
            .count()
    };
    // Only the suspect's two arms, and no longer than it takes.
    assert_eq!(fresh(&report), 2 * 6);
    let suspicion = &report.judgement.suspicions[0];
    assert_eq!(
        (
            suspicion.tag.as_str(),
            suspicion.metric.as_str(),
            suspicion.outcome
        ),
        ("slow", "cpu", Confirmed::Yes)
    );
    assert!(
        report.judgement.reasons[0]
            .text
            .contains("confirmed by 6 fresh pairs")
    );
    let log = log.borrow();
    assert!(log.iter().any(|line| line == "suspects 1"));
    assert!(log.iter().any(|line| line.starts_with("look 6:")));
}

#[tokio::test(flavor = "current_thread")]
async fn what_fresh_trials_do_not_show_again_is_cleared_and_stays_on_record() {
    let mut bench = Pretend::new(&[("slow", 60.0)]);
    let measured = 2 * (1 + header(&bench, None, false).plan.schedule.looks[0]);
    bench.cheap_after = measured;
    let report = report(bench).await;
    assert_eq!(
        report.judgement.outcome,
        Outcome::Pass,
        "{:?}",
        report.judgement.reasons
    );
    assert_eq!(report.judgement.suspicions[0].outcome, Confirmed::Cleared);
}

#[tokio::test(flavor = "current_thread")]
async fn a_run_that_is_interrupted_while_it_asks_again_goes_on_there() {
    let dir = tempfile::tempdir().unwrap();
    let (sender, mut interrupt) = quiet();
    let mut bench = Pretend::new(&[("slow", 60.0)]);
    let fresh = header(&bench, None, false);
    bench.interrupt_after = Some((2 * (1 + fresh.plan.schedule.looks[0]) + 3, sender));
    let report = measure_until(&mut bench, dir.path(), fresh.clone(), &mut interrupt).await;
    assert_eq!(report.judgement.reasons[0].id, ReasonId::Unconfirmed);
    bench.interrupt_after = None;
    let report = measure(&mut bench, dir.path(), fresh).await;
    assert_eq!(report.judgement.outcome, Outcome::Fail);
    let again = report
        .trials
        .iter()
        .filter(|t| t.slot.purpose == Purpose::Confirm);
    assert_eq!(again.count(), 2 * 6, "no fresh trial is made twice");
}

const EIGHT: [(&str, f64); 8] = [
    ("a", 0.0),
    ("b", 0.0),
    ("c", 60.0),
    ("d", 1.0),
    ("e", 0.0),
    ("f", 2.0),
    ("g", 0.0),
    ("h", 0.0),
];

#[tokio::test(flavor = "current_thread")]
async fn many_tags_are_screened_and_the_bad_one_is_convicted_alone() {
    let report = report(Pretend::new(&EIGHT)).await;
    assert_eq!(report.plan.design, Design::Screen);
    assert_eq!(report.judgement.outcome, Outcome::Fail);
    for (tag, _) in EIGHT {
        let expected = if tag == "c" {
            Outcome::Fail
        } else {
            Outcome::Pass
        };
        assert_eq!(outcome_of(&report, tag), expected, "{tag}");
    }
    let cell = |fresh: bool| {
        let mut cells = report.judgement.cells.iter();
        let own =
            |c: &&Cell| c.effect.tag == "c" && c.effect.metric == "cpu" && c.effect.fresh == fresh;
        cells.find(own).unwrap().effect.clone()
    };
    assert_eq!(
        (cell(false).basis, cell(true).basis),
        (Basis::Screen, Basis::Control)
    );
    for effect in [cell(false), cell(true)] {
        assert!(
            (57.0..63.0).contains(&effect.estimate.unwrap()),
            "{effect:?}"
        );
    }
    // Nine arms in as many blocks as one tag alone would need are far more.
    let first_look = 14;
    let measured = report
        .trials
        .iter()
        .filter(|t| t.slot.purpose != Purpose::Explain);
    assert!(measured.count() < 9 * first_look);
    let screen = report.screen.unwrap();
    assert!(
        screen.largest_correlation < 0.6 && screen.interactions.is_empty(),
        "{screen:?}"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn more_suspects_than_are_asked_again_at_a_time_are_told_so() {
    let report = report(Pretend::new(&EIGHT.map(|(tag, _)| (tag, 60.0)))).await;
    assert_eq!(
        (report.judgement.outcome, report.stop.clone()),
        (Outcome::Fail, Stop::Decided)
    );
    let open = report.judgement.tags.iter();
    let open: Vec<_> = open
        .filter(|t| t.outcome == Outcome::Inconclusive)
        .collect();
    assert_eq!(open.len(), 2);
    for tag in open {
        let text = &tag.reasons[0].text;
        assert!(
            text.contains("only 6 suspects of a screen are asked again"),
            "{text}"
        );
        assert!(!text.contains("--resume"), "{text}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_screen_too_small_for_its_fit_says_how_many_pairs_it_takes() {
    let mut bench = Pretend::new(&EIGHT);
    let dir = tempfile::tempdir().unwrap();
    let header = header(&bench, Some(8), false);
    let report = measure(&mut bench, dir.path(), header).await;
    let reason = &report.judgement.reasons[0];
    assert_eq!(reason.id, ReasonId::TooFewBlocks);
    assert!(
        reason.text.contains("8 tags needs at least 16"),
        "{}",
        reason.text
    );
}

#[tokio::test(flavor = "current_thread")]
async fn a_screen_is_no_pilot() {
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Pretend::new(&EIGHT);
    let fresh = header(&bench, None, false);
    measure(&mut bench, dir.path(), fresh).await;
    let wish = app::RunWish {
        scenario: "scenarios/heatmap.toml".into(),
        ..app::RunWish::default()
    };
    let refused = app::power(&wish, Some(dir.path())).await.err().unwrap();
    let text = format!("{refused:#}");
    assert!(
        text.contains("is a screen") && text.contains("`tagperf doctor scenarios/heatmap.toml`"),
        "{text}"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn two_tags_that_only_hurt_together_are_named_together() {
    let mut bench = Pretend::new(&EIGHT.map(|(tag, _)| (tag, 0.0)));
    bench.together = Some(("b", "f", 90.0));
    let report = report(bench).await;
    assert_eq!(report.judgement.outcome, Outcome::Fail);
    assert_eq!(
        (outcome_of(&report, "b"), outcome_of(&report, "f")),
        (Outcome::Fail, Outcome::Fail)
    );
    assert_eq!(outcome_of(&report, "a"), Outcome::Pass);
    let interactions = report.screen.unwrap().interactions;
    let of_cpu: Vec<_> = interactions.iter().filter(|i| i.metric == "cpu").collect();
    assert_eq!(of_cpu.len(), 1, "{interactions:?}");
    assert_eq!(of_cpu[0].tags, ["b", "f"]);
    assert!(
        (80.0..100.0).contains(&of_cpu[0].estimate),
        "{:?}",
        of_cpu[0]
    );
}

#[tokio::test(flavor = "current_thread")]
async fn work_that_another_tag_does_as_well_is_masked_and_no_pass() {
    let mut bench =
        Pretend::new(&EIGHT.map(|(tag, _)| (tag, if "bf".contains(tag) { 80.0 } else { 0.0 })));
    // Whichever of the two comes first does the work of both.
    bench.together = Some(("b", "f", -80.0));
    let report = report(bench).await;
    assert_eq!(report.judgement.outcome, Outcome::Inconclusive);
    assert!(
        report
            .judgement
            .reasons
            .iter()
            .any(|reason| reason.id == ReasonId::Masked)
    );
    assert!(report.screen.unwrap().interactions[0].estimate < -60.0);
}

#[tokio::test(flavor = "current_thread")]
async fn a_tag_that_crashes_a_screen_ends_it() {
    let mut bench = Pretend::new(&EIGHT);
    bench.crashes = Some("d");
    let report = report(bench).await;
    assert_eq!(report.stop, Stop::TooManyFaults);
    assert_eq!(report.judgement.outcome, Outcome::NotMeasured);
}

#[tokio::test(flavor = "current_thread")]
async fn a_tag_that_does_not_run_in_a_screen_is_not_measured() {
    let mut bench = Pretend::new(&EIGHT);
    bench.silent = Some("d");
    let report = report(bench).await;
    assert_eq!(outcome_of(&report, "d"), Outcome::NotMeasured);
    assert_eq!(outcome_of(&report, "e"), Outcome::Pass);
}

#[tokio::test(flavor = "current_thread")]
async fn a_screen_that_is_interrupted_in_its_first_pair_is_no_pass() {
    let dir = tempfile::tempdir().unwrap();
    let (sender, mut interrupt) = quiet();
    let mut bench = Pretend::new(&EIGHT);
    // Two warm-up trials, and one half of the first pair.
    bench.interrupt_after = Some((3, sender));
    let fresh = header(&bench, None, false);
    let report = measure_until(&mut bench, dir.path(), fresh, &mut interrupt).await;
    assert_eq!(report.measured().count(), 1);
    assert_eq!(report.judgement.outcome, Outcome::NotMeasured);
}

#[tokio::test(flavor = "current_thread")]
async fn a_resumed_run_looks_at_no_more_than_a_run_in_one_piece_would() {
    let whole = {
        let bench = Pretend::new(&[("edge", 16.0)]);
        let log = bench.log.clone();
        let dir = tempfile::tempdir().unwrap();
        let mut bench = Pretend {
            noise: 30.0,
            ..bench
        };
        let fresh = header(&bench, None, false);
        measure(&mut bench, dir.path(), fresh).await;
        looks(&log)
    };
    let mut bench = Pretend::new(&[("edge", 16.0)]);
    bench.noise = 30.0;
    let log = bench.log.clone();
    let dir = tempfile::tempdir().unwrap();
    let (sender, mut interrupt) = quiet();
    let fresh = header(&bench, None, false);
    let second = fresh.plan.schedule.looks[1];
    bench.interrupt_after = Some((2 * (1 + second) + 5, sender));
    measure_until(&mut bench, dir.path(), fresh.clone(), &mut interrupt).await;
    log.borrow_mut().clear();
    bench.interrupt_after = None;
    measure(&mut bench, dir.path(), fresh).await;
    assert_eq!(looks(&log), whole);
}

/// The looks, each with what was open at it.
fn looks(log: &Rc<RefCell<Vec<String>>>) -> Vec<String> {
    let log = log.borrow();
    let looks = log.iter().filter(|line| line.starts_with("look"));
    looks.cloned().collect()
}
