//! What is said of an effect that is open.

use super::*;

#[test]
fn figures_carry_unit_interval_and_number() {
    let metric = MetricInfo {
        id: "cpu".into(),
        name: "main-thread CPU".into(),
        unit: Unit::Ms,
        what: String::new(),
        floor: 10.0,
        scaling: Default::default(),
    };
    let effect = bad("heatmap", "cpu");
    let case = Case::new(vec![]);
    let metrics = [metric];
    let evidence = Evidence {
        metrics: &metrics,
        ..case.evidence()
    };
    let words = words::of(&effect, &evidence);
    let figures =
        "heatmap adds main-thread CPU +20.0 ms [+15.0 ms … +25.0 ms], n = 20, margin 10.0 ms";
    assert_eq!(words.beyond(None).text, figures);
    let again = fresh(&effect, 0.001, 1.0);
    assert_eq!(
        words.beyond(Some(&again)).text,
        format!("{figures}; confirmed by 6 fresh pairs: +20.0 ms [+15.0 ms … +25.0 ms]")
    );
}

#[test]
fn an_undecided_effect_says_what_would_decide_it() {
    let told = |estimate: f64, detectable: f64| {
        let effect = Effect {
            pairs: 40,
            estimate: Some(estimate),
            detectable: Some(detectable),
            margin: 25.0,
            ..open("a", "cpu")
        };
        let case = Case::new(vec![effect, good("a", "lcp")]);
        case.judge().reasons[0].text.clone()
    };
    let noisy = told(5.0, 38.0);
    assert!(
        noisy.contains("could not see effects under 38.000 in 40 blocks; raise --max-blocks to about 95 or the margin to 38.000"),
        "{noisy}"
    );
    let deaf = told(5.0, 400.0);
    assert!(
        deaf.contains("no budget that is allowed would do: raise the margin to 400.000"),
        "{deaf}"
    );
    let close = told(23.0, 2.5);
    assert!(close.contains("about 65 blocks"), "{close}");
    let edge = told(25.0, 2.5);
    assert!(edge.contains("no number of blocks can decide"), "{edge}");
}

#[test]
fn a_run_that_was_cut_short_is_to_go_on() {
    let effect = Effect {
        detectable: Some(11.0),
        interval: None,
        ..open("a", "cpu")
    };
    let mut case = Case::new(vec![effect, good("a", "lcp")]);
    assert!(said(&case, "a").contains("raise --max-blocks to about 45"));
    case.stop = Stop::TimeSpent;
    assert!(said(&case, "a").contains("go on with --resume, or raise"));
    // All blocks of its plan were measured before the end.
    case.trials.push(trial(40, None, None));
    assert!(said(&case, "a").contains("raise --max-blocks to about 45"));
}

#[test]
fn no_budget_helps_what_fresh_trials_leave_open() {
    let first = bad("a", "cpu");
    let again = Effect {
        interval: None,
        ..fresh(&first, 0.3, 0.3)
    };
    let mut case = Case::first_sight(vec![first, good("a", "lcp"), again]);
    case.confirmation = Some(asked_again(&["a"]));
    let complete = said(&case, "a");
    assert!(
        complete.contains("neither confirm nor clear it")
            && complete.contains("in a fresh run on a quieter machine, or move the margin"),
        "{complete}"
    );
    let judgement = case.judge();
    let fresh = judgement.cells.iter().find(|cell| cell.effect.fresh);
    assert!(fresh.unwrap().reason.text.contains("quieter machine"));
    case.stop = Stop::Interrupted;
    assert!(said(&case, "a").contains("go on with --resume"));
    // Only traced trials were left.
    let last = trial(40, None, None);
    case.trials.push(TrialSummary {
        slot: Slot {
            purpose: Purpose::Confirm,
            ..last.slot.clone()
        },
        ..last
    });
    assert!(said(&case, "a").contains("quieter machine"));
}

#[test]
fn a_growth_that_is_open_names_the_run_that_limits_it() {
    let grown = |pairs: usize, estimate: f64| Effect {
        basis: Basis::Baseline,
        pairs,
        estimate: Some(estimate),
        interval: Some(Interval {
            low: estimate - 20.0,
            high: estimate + 20.0,
            confidence: 0.98,
        }),
        ..open("a", "cpu")
    };
    let told = |pairs: usize, estimate: f64| {
        let effects = vec![good("a", "cpu"), good("a", "lcp"), grown(pairs, estimate)];
        said(&Case::new(effects), "a")
    };
    // 2 / (1/12 + 1/20) = 15 pairs see 20; half of that takes four times as many.
    let baseline = told(12, 0.0);
    assert!(
        baseline.contains("The baseline's n = 12 limits it, this run has n = 20; accept a baseline of more blocks: about 60 blocks in both would do"),
        "{baseline}"
    );
    let both = told(20, 0.0);
    assert!(
        both.contains("This run's n = 20 limits it") && both.contains("raise --max-blocks"),
        "{both}"
    );
    assert!(both.contains("about 80 blocks in both"), "{both}");
    let edge = told(20, 9.9);
    assert!(edge.contains("move the margin"), "{edge}");
}

#[test]
fn a_screen_that_cannot_be_fitted_says_what_it_needs() {
    let unknown = |tag: &str, metric: &str| Effect {
        pairs: 8,
        estimate: None,
        interval: None,
        p_regressed: None,
        p_ok: None,
        ..screened(open(tag, metric))
    };
    let tags = ["a", "b", "c", "d", "e", "f"];
    let effects = tags
        .iter()
        .flat_map(|tag| [unknown(tag, "cpu"), unknown(tag, "lcp")]);
    let mut case = screen(effects.collect());
    case.looks = (8, 8);
    assert_eq!(case.ends(), (Outcome::Inconclusive, ReasonId::TooFewBlocks));
    let told = said(&case, "f");
    assert!(
        told.contains("8 pairs are too few") && told.contains("6 tags needs at least 14"),
        "{told}"
    );
}

#[test]
fn the_first_look_forecasts_what_the_budget_cannot_decide() {
    let effect = |detectable: f64| Effect {
        pairs: 10,
        detectable: Some(detectable),
        margin: 10.0,
        ..open("a", "cpu")
    };
    let forecast = |detectable: f64| {
        let case = Case::new(vec![effect(detectable), good("a", "lcp")]);
        words::forecast(&case.judge().cells, &[], 40).len()
    };
    // Four times the blocks see half of it.
    assert_eq!((forecast(19.0), forecast(21.0)), (0, 1));
}
