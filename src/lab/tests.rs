use super::*;
use crate::model::{
    Arm, Calibration, Environment, Fingerprint, Gate, Inconclusive, Plan, Purpose, RunHeader,
    ScenarioInfo, Schedule, Stop,
};

/// Fails the first `faults` visits, then succeeds.
struct Pretend {
    faults: usize,
    visits: usize,
    hang: bool,
}

impl Bench for Pretend {
    async fn visit(&mut self, _: &Slot) -> Result<Visit, Fault> {
        self.visits += 1;
        if self.hang {
            std::future::pending::<()>().await;
        }
        if self.visits <= self.faults {
            return Err(Fault::PageCrashed);
        }
        Ok(Visit {
            format: Visit::FORMAT,
            wall_ms: 5.0,
            ..Visit::default()
        })
    }

    async fn calibrate(&mut self) -> Option<Calibration> {
        None
    }

    fn firing(&self, _: &Slot, _: &Visit) -> Vec<TagFired> {
        vec![TagFired {
            tag: "a".into(),
            problem: None,
        }]
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(20)
    }
}

fn header() -> RunHeader {
    RunHeader {
        format: RunHeader::FORMAT,
        run: "r".into(),
        scenario: ScenarioInfo {
            name: "s".into(),
            file: "s.toml".into(),
            url: "https://s.example/".into(),
            hash: String::new(),
            device: String::new(),
            steps: vec![],
            entities: vec![],
        },
        environment: Environment::default(),
        fingerprint: Fingerprint::default(),
        plan: Plan {
            design: Default::default(),
            factors: vec![],
            seed: 1,
            arms: vec![],
            contrasts: vec![],
            schedule: Schedule {
                looks: vec![1],
                weights: vec![1.0],
            },
            warm_up_blocks: 1,
            traced_blocks: 0,
        },
        gate: Gate {
            forbid_chosen: false,
            limits: vec![],
            metrics: vec![],
            exploratory: vec![],
            forbid: vec![],
            inconclusive: Inconclusive::Report,
            require_baseline: false,
        },
        tags: vec![],
    }
}

fn slot(position: usize) -> Slot {
    Slot {
        block: 1,
        position,
        arm: Arm(vec!["a".into()]),
        purpose: Purpose::Measure,
    }
}

fn quiet() -> (watch::Sender<bool>, Interrupt) {
    watch::channel(false)
}

async fn run_two(bench: &mut Pretend, dir: &std::path::Path) -> Vec<Kept> {
    let mut journal = Journal::create(dir, &header()).unwrap();
    let (_sender, mut interrupt) = quiet();
    run(
        &[slot(0), slot(1)],
        bench,
        &mut journal,
        Instant::now(),
        &mut interrupt,
        |_| {},
    )
    .await
    .unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn a_fault_is_retried_once_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let kept = run_two(
        &mut Pretend {
            faults: 1,
            visits: 0,
            hang: false,
        },
        dir.path(),
    )
    .await;
    let shape: Vec<_> = kept
        .iter()
        .map(|k| {
            (
                k.trial.slot.position,
                k.trial.attempt,
                k.trial.outcome.is_ok(),
            )
        })
        .collect();
    assert_eq!(shape, [(0, 1, false), (0, 2, true), (1, 1, true)]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_second_fault_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let kept = run_two(
        &mut Pretend {
            faults: 9,
            visits: 0,
            hang: false,
        },
        dir.path(),
    )
    .await;
    assert_eq!(kept.len(), 4);
}

#[tokio::test(flavor = "current_thread")]
async fn a_visit_that_never_ends_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let kept = run_two(
        &mut Pretend {
            faults: 0,
            visits: 0,
            hang: true,
        },
        dir.path(),
    )
    .await;
    assert!(matches!(kept[0].trial.outcome, Err(Fault::TimedOut { .. })));
}

#[tokio::test(flavor = "current_thread")]
async fn what_was_kept_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let kept = run_two(
        &mut Pretend {
            faults: 1,
            visits: 0,
            hang: false,
        },
        dir.path(),
    )
    .await;
    let recorded = Journal::read(dir.path()).unwrap();
    assert_eq!(recorded.header, header());
    assert_eq!(recorded.stop, None);
    let trials = |kept: &[Kept]| kept.iter().map(|k| k.trial.clone()).collect::<Vec<_>>();
    assert_eq!(trials(&recorded.trials), trials(&kept));
}

#[tokio::test(flavor = "current_thread")]
async fn a_cut_line_is_taken_back_and_the_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    run_two(
        &mut Pretend {
            faults: 0,
            visits: 0,
            hang: false,
        },
        dir.path(),
    )
    .await;
    let path = dir.path().join("journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() - 7]).unwrap();
    let (mut journal, recorded) = Journal::resume(dir.path()).unwrap();
    assert_eq!(recorded.trials.len(), 1);
    journal.end(&Stop::Decided).unwrap();
    assert_eq!(Journal::read(dir.path()).unwrap().stop, Some(Stop::Decided));
}

#[tokio::test(flavor = "current_thread")]
async fn a_run_that_went_on_and_was_killed_has_no_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Pretend {
        faults: 0,
        visits: 0,
        hang: false,
    };
    let kept = run_two(&mut bench, dir.path()).await;
    let (mut journal, _) = Journal::resume(dir.path()).unwrap();
    journal.end(&Stop::TimeSpent).unwrap();
    assert_eq!(
        Journal::read(dir.path()).unwrap().stop,
        Some(Stop::TimeSpent)
    );
    let (mut journal, _) = Journal::resume(dir.path()).unwrap();
    journal.append(&kept[1].trial, &[]).unwrap();
    assert_eq!(Journal::read(dir.path()).unwrap().stop, None);
    journal.end(&Stop::Decided).unwrap();
    assert_eq!(Journal::read(dir.path()).unwrap().stop, Some(Stop::Decided));
}

#[tokio::test(flavor = "current_thread")]
async fn an_interrupt_ends_the_visit_and_keeps_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::create(dir.path(), &header()).unwrap();
    let (sender, mut interrupt) = quiet();
    sender.send(true).unwrap();
    let mut bench = Pretend {
        faults: 0,
        visits: 0,
        hang: true,
    };
    let (kept, halt) = run(
        &[slot(0)],
        &mut bench,
        &mut journal,
        Instant::now(),
        &mut interrupt,
        |_| {},
    )
    .await
    .unwrap_err();
    assert!(kept.is_empty() && matches!(halt, Halt::Interrupted));
}

#[test]
fn a_visit_outside_the_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    Journal::create(dir.path(), &header()).unwrap();
    let line = r#"{"trial":{"slot":{"block":1,"position":0,"arm":[],"purpose":"measure"},"attempt":1,"at_s":0.0,"visit":"../x.json","fault":null,"firing":[]}}"#;
    let path = dir.path().join("journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{line}\n")).unwrap();
    let error = Journal::read(dir.path()).unwrap_err().to_string();
    assert!(
        error.contains("line 2") && error.contains("not inside"),
        "{error}"
    );
}
