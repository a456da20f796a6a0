//! Runs that ask again, and runs that go on.

use super::*;

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
