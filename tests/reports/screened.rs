//! A report of a screen: twenty tags in pairs of trials, four suspicions with every outcome, an undecided effect.

use tagperf::model::{
    Arm, Basis, Cell, Confirmation, Confirmed, Confounding, Contrast, Design, Effect, Interval,
    Outcome, Purpose, Reason, ReasonId, Report, Schedule, Screen, Slot, Stop, Suspicion,
    TagInteraction, TrialSummary, Verdict,
};

use super::sample::sample;

const TAGS: [&str; 20] = [
    "consent",
    "gtag",
    "ads",
    "pixel",
    "heatmap",
    "chat",
    "ab_test",
    "survey",
    "affiliate",
    "retarget",
    "reviews",
    "loyalty",
    "video",
    "push",
    "cdp",
    "fraud",
    "search",
    "social",
    "fonts",
    "errors",
];
const PAIRS: usize = 60;
const FRESH: usize = 17;

/// Tag, metric, cost in the screen, verdict and its reason.
#[rustfmt::skip]
const NOTABLE: [(&str, &str, f64, Verdict, ReasonId, &str); 5] = [
    ("heatmap", "cpu", 118.0, Verdict::Regressed, ReasonId::BeyondMargin,
        "heatmap adds main-thread CPU +121 ms [113 … 129], n = 17, margin 50 ms"),
    ("chat", "lcp", 139.0, Verdict::Ok, ReasonId::Cleared,
        "chat LCP looked beyond its margin in the screen and is within it on fresh trials"),
    ("gtag", "cpu", 74.0, Verdict::Inconclusive, ReasonId::Masked,
        "gtag main-thread CPU costs +74 ms on average, but taking gtag alone away saves nothing: take the tags that share its work away together, or list them as one group"),
    ("survey", "inp", 78.0, Verdict::Inconclusive, ReasonId::Unconfirmed,
        "survey INP is suspected, and 17 fresh pairs did not decide it: raise --max-blocks to about 60 or the margin to 80 ms"),
    ("ab_test", "lcp", 81.0, Verdict::Inconclusive, ReasonId::Undecided,
        "ab_test LCP is undecided: 60 pairs could not see effects under 38 ms; raise --max-blocks to about 90 or the margin to 140 ms"),
];

/// Tag, metric, outcome, fresh pairs, cost on fresh trials, half the interval.
#[rustfmt::skip]
const SUSPICIONS: [(&str, &str, Confirmed, usize, f64, f64); 4] = [
    ("heatmap", "cpu", Confirmed::Yes, 10, 121.0, 8.0),
    ("chat", "lcp", Confirmed::Cleared, 17, 6.0, 31.0),
    ("gtag", "cpu", Confirmed::Cleared, 17, 0.4, 6.0),
    ("survey", "inp", Confirmed::Open, 17, 52.0, 24.0),
];

pub fn screened() -> Report {
    let mut report = sample();
    let one = sample();
    let from = &one.tags[1];
    report.tags = TAGS
        .iter()
        .map(|id| {
            let mut tag = from.clone();
            tag.id = (*id).into();
            if *id == "consent" {
                tag.members = vec!["banner".into(), "consent_api".into()];
            }
            tag.firing.ran = PAIRS;
            tag.firing.of = PAIRS;
            tag
        })
        .collect();
    report.findings.retain(|finding| finding.tag == "heatmap");
    plan(&mut report);
    report.screen = Some(screen());
    judge(&mut report);
    report
}

fn plan(report: &mut Report) {
    let all = Arm(TAGS.map(String::from).into());
    let without = |id: &str| {
        let others = TAGS.iter().filter(|tag| **tag != id);
        Arm(others.map(|tag| String::from(*tag)).collect())
    };
    let contrast = |id: &str| Contrast {
        tag: id.into(),
        with: all.clone(),
        without: without(id),
    };
    report.stop = Stop::TimeSpent;
    report.plan.design = Design::Screen;
    report.plan.contrasts = TAGS.iter().map(|id| contrast(id)).collect();
    report.plan.schedule.looks = vec![30, PAIRS, 100];
    report.plan.schedule.weights = vec![0.2, 0.3, 0.5];
    report.confirmation = Some(Confirmation {
        contrasts: SUSPICIONS.iter().map(|it| contrast(it.0)).collect(),
        schedule: Schedule {
            looks: vec![10, FRESH],
            weights: vec![0.5, 0.5],
        },
    });
    let slot = |block, position, arm, purpose| Slot {
        block,
        position,
        arm,
        purpose,
    };
    let mut slots = Vec::new();
    for block in 1..=PAIRS {
        let (half, other): (Vec<_>, Vec<_>) =
            (0..TAGS.len()).partition(|at| (at * 7 + block * 5) % 11 < 5);
        for (position, half) in [half, other].into_iter().enumerate() {
            let arm = Arm(half.into_iter().map(|at| TAGS[at].into()).collect());
            slots.push(slot(block, position, arm, Purpose::Measure));
        }
    }
    for block in 1..=FRESH {
        let arms = SUSPICIONS.iter().map(|it| without(it.0));
        for (position, arm) in [all.clone()].into_iter().chain(arms).enumerate() {
            slots.push(slot(block, position, arm, Purpose::Confirm));
        }
    }
    report.trials = (1_u32..)
        .zip(slots)
        .map(|(number, slot)| TrialSummary {
            slot,
            attempt: 1,
            at_s: 4.7 * f64::from(number),
            visit: Some(format!("visits/{number:04}.json.gz")),
            fault: None,
            readings: Default::default(),
        })
        .collect();
    report.duration_s = 4.7 * report.trials.len() as f64;
}

fn screen() -> Screen {
    let interaction = |one: &str, other: &str, estimate: f64| TagInteraction {
        tags: [one.into(), other.into()],
        metric: "cpu".into(),
        estimate,
        interval: interval(estimate, 19.0),
        pairs: PAIRS,
    };
    let confounding = |one: &str, other: &str, correlation| Confounding {
        tags: [one.into(), other.into()],
        correlation,
    };
    Screen {
        pairs: PAIRS,
        interactions: vec![
            interaction("chat", "ads", 80.0),
            interaction("gtag", "pixel", -62.0),
            interaction("video", "push", 9.0),
        ],
        confounded: vec![
            confounding("chat", "gtag", 0.62),
            confounding("survey", "push", -0.55),
        ],
        largest_correlation: 0.62,
    }
}

fn judge(report: &mut Report) {
    let judgement = &mut report.judgement;
    judgement.cells.clear();
    for (at, tag) in TAGS.iter().enumerate() {
        for (of, metric) in ["cpu", "lcp", "inp", "long_tasks", "cls", "bytes"]
            .iter()
            .enumerate()
        {
            judgement
                .cells
                .push(cell(tag, metric, (at * 13 + of * 7) % 10));
        }
    }
    judgement.suspicions.clear();
    for (tag, metric, outcome, pairs, cost, half) in SUSPICIONS {
        judgement.suspicions.push(Suspicion {
            tag: tag.into(),
            metric: metric.into(),
            basis: Basis::Screen,
            pairs: PAIRS,
            fresh_pairs: pairs,
            outcome,
        });
        let mut fresh = cell(tag, metric, 0);
        fresh.effect.fresh = true;
        fresh.effect.basis = Basis::Control;
        fresh.effect.pairs = pairs;
        fresh.effect.estimate = Some(cost);
        fresh.effect.interval = Some(interval(cost, half));
        judgement.cells.push(fresh);
    }
    judgement.outcome = Outcome::Fail;
    for verdict in &mut judgement.tags {
        verdict.reasons.clear();
    }
    let first = judgement.tags[0].clone();
    judgement.tags = TAGS
        .iter()
        .map(|tag| {
            let own = judgement.cells.iter();
            let own =
                own.filter(|cell| cell.effect.tag == *tag && cell.gated && !cell.effect.fresh);
            let worst = own.max_by_key(|cell| cell.verdict).unwrap();
            let mut verdict = first.clone();
            verdict.tag = (*tag).into();
            verdict.reasons = vec![worst.reason.clone()];
            verdict.outcome = match worst.verdict {
                Verdict::Regressed => Outcome::Fail,
                Verdict::Ok => Outcome::Pass,
                _ => Outcome::Inconclusive,
            };
            verdict
        })
        .collect();
    let failed = judgement.tags.iter();
    let failed = failed.filter(|tag| tag.outcome == Outcome::Fail);
    judgement.reasons = failed.flat_map(|tag| tag.reasons.clone()).collect();
}

/// A small cost, or the notable one of this tag and metric; `lot` varies it.
fn cell(tag: &str, metric: &str, lot: usize) -> Cell {
    let gated = ["cpu", "lcp", "inp"].contains(&metric);
    let (margin, half, step) = match metric {
        "cpu" => (50.0, 9.0, 1.3),
        "lcp" => (100.0, 26.0, 4.0),
        "inp" => (50.0, 11.0, 1.1),
        "long_tasks" => (2.0, 0.6, 0.1),
        "cls" => (0.02, 0.004, 0.001),
        _ => (100_000.0, 600.0, 3_000.0),
    };
    let notable = NOTABLE.iter().find(|it| (it.0, it.1) == (tag, metric));
    let within = (
        lot as f64 * step,
        Verdict::Ok,
        ReasonId::WithinMargin,
        "the effect is within its margin",
    );
    let (cost, verdict, id, text) = notable.map_or(within, |it| (it.2, it.3, it.4, it.5));
    Cell {
        effect: Effect {
            tag: tag.into(),
            metric: metric.into(),
            basis: Basis::Screen,
            fresh: false,
            pairs: PAIRS,
            dropped: 0,
            dropped_because: None,
            without: Some(margin * 6.0),
            with: Some(margin * 6.0 + cost),
            estimate: Some(cost),
            interval: Some(interval(cost, half)),
            margin,
            p_regressed: Some(0.5),
            p_ok: Some(0.5),
            detectable: Some(2.0 * half),
        },
        gated,
        verdict,
        reason: Reason {
            id,
            tag: Some(tag.into()),
            metric: Some(metric.into()),
            text: text.into(),
        },
    }
}

fn interval(estimate: f64, half: f64) -> Interval {
    Interval {
        low: estimate - half,
        high: estimate + half,
        confidence: 0.98,
    }
}
