//! Many tags, screened together.

use super::*;

pub const EIGHT: [(&str, f64); 8] = [
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
