//! Doubts about a measurement: they change no verdict, the test stays valid, and a reader should know.

mod noise;

use std::collections::BTreeMap;

use crate::lab::Kept;
use crate::model::{Agreement, Notice, Purpose, ReasonId, Report, Stop, Unit};
use crate::stats;

/// Share of its ready time that the main thread waited for a core, above which wall-clock metrics are noise.
const WAITED_TOO_MUCH: f64 = 0.50;

pub(super) fn notices(report: &Report, trials: &[Kept]) -> Vec<Notice> {
    [
        sandbox(report),
        interrupted(report),
        slowdown(report),
        busy(trials),
        contended(report),
        faults(report),
    ]
    .into_iter()
    .flatten()
    .chain(unknown_to_baseline(report))
    .chain(disagreements(report))
    .chain(not_looked_for(report))
    .chain(noise::notices(report))
    .collect()
}

fn notice(id: &str, text: String) -> Option<Notice> {
    Some(Notice {
        id: id.into(),
        text,
    })
}

fn sandbox(report: &Report) -> Option<Notice> {
    if report.environment.sandbox {
        return None;
    }
    notice(
        "sandbox_off",
        "the browser ran without its sandbox, which cannot work as root or in this container"
            .into(),
    )
}

fn interrupted(report: &Report) -> Option<Notice> {
    match &report.stop {
        Stop::Interrupted => notice(
            "interrupted",
            "the run was interrupted: the verdict rests on what was measured until then".into(),
        ),
        Stop::TimeSpent => notice(
            "time_spent",
            "the time limit ended the run before every effect was decided".into(),
        ),
        Stop::TooManyFaults => notice(
            "too_many_faults",
            "the run ended early: an arm gave no evidence".into(),
        ),
        Stop::Broken(why) => notice("broken_off", format!("the run broke off: {why}")),
        Stop::Decided | Stop::BlocksSpent => None,
    }
}

fn slowdown(report: &Report) -> Option<Notice> {
    let (asked, achieved) = (
        report.environment.cpu_slowdown_asked,
        report.environment.cpu_slowdown_achieved,
    );
    if asked == 1.0 || (achieved / asked - 1.0).abs() < 0.15 {
        return None;
    }
    notice(
        "cpu_slowdown_missed",
        format!(
            "a CPU slowdown of {asked} was asked for and {achieved:.2} was reached: the machine is busy"
        ),
    )
}

/// Share of its ready time that the page's main thread waited for a core: median over the measured trials.
pub(super) fn waiting(trials: &[Kept]) -> Option<f64> {
    let shares: Vec<f64> = trials
        .iter()
        .filter(|kept| kept.trial.slot.purpose == Purpose::Measure)
        .filter_map(|kept| kept.trial.outcome.as_ref().ok())
        .filter_map(|visit| {
            let waited = visit.counters.waited_ms?;
            Some(waited / (waited + visit.counters.task_ms))
        })
        .collect();
    stats::median(&shares).ok()
}

fn busy(trials: &[Kept]) -> Option<Notice> {
    let share = waiting(trials)?;
    if share < WAITED_TOO_MUCH {
        return None;
    }
    notice(
        "busy_machine",
        format!(
            "the page's main thread waited for a core during {:.0} % of the time in which it had work: LCP, TBT and long tasks are noisy, CPU time is not",
            share * 100.0
        ),
    )
}

/// The machine's own speed, by the fixed loop before each block.
fn contended(report: &Report) -> Option<Notice> {
    let spread = stats::contended(&report.environment.calibration_ms).ok()?;
    if !spread.raised {
        return None;
    }
    notice(
        "unsteady_machine",
        format!(
            "the machine's speed varied by {:.0} % during the run (a fixed loop before each block); {:.0} % is usual at most: `tagperf doctor` says what runs beside it",
            spread.value * 100.0,
            spread.limit * 100.0
        ),
    )
}

fn faults(report: &Report) -> Option<Notice> {
    let faults: Vec<_> = report
        .trials
        .iter()
        .filter_map(|trial| trial.fault.as_ref())
        .collect();
    let first = faults.first()?;
    notice(
        "faults",
        format!(
            "{} of {} trials failed; the first: {first}",
            faults.len(),
            report.trials.len()
        ),
    )
}

/// Tags whose cost by the trace is not their measured effect.
fn disagreements(report: &Report) -> Vec<Notice> {
    let attributions = report.attribution.iter();
    let apart = attributions.filter_map(|one| {
        let agreement = one.agreement.as_ref().filter(|it| it.disagree)?;
        notice("attribution_disagrees", disagreement(&one.tag, agreement))
    });
    apart.collect()
}

fn disagreement(tag: &str, agreement: &Agreement) -> String {
    let Agreement {
        booked_ms,
        measured,
        ..
    } = agreement;
    let show = |value: f64| Unit::Ms.show(value);
    let why = if measured.low > booked_ms.high {
        "the rest of what it costs runs in other code: the page's, another party's or the browser's own"
    } else {
        "the page does less of other work with it: the tag's work took its place, or is booked to the tag and not caused by it"
    };
    format!(
        "the traced trials book {} [{} … {}] of main-thread CPU to {tag}, at the speed of untraced ones, and the page takes {} … {} more with it: the two disagree, and {why}",
        show(booked_ms.median),
        show(booked_ms.low),
        show(booked_ms.high),
        Unit::Ms.show_signed(measured.low),
        Unit::Ms.show_signed(measured.high),
    )
}

/// Gated effects that the baseline lacks, tag by tag, where the gate does not require them.
fn unknown_to_baseline(report: &Report) -> Vec<Notice> {
    let cells = report.judgement.cells.iter();
    let unknown: Vec<_> = cells
        .filter(|cell| !cell.gated && cell.reason.id == ReasonId::BaselineMissing)
        .map(|cell| &cell.effect)
        .collect();
    let of_tag = |tag: &str| {
        let own = unknown.iter().filter(|effect| effect.tag == tag);
        let names: Vec<&str> = own
            .filter_map(|effect| Some(report.metric(&effect.metric)?.name.as_str()))
            .collect();
        let what = match names.len() {
            0 => return None,
            all if all == report.gate.metrics.len() => tag.to_owned(),
            _ => format!("{tag}'s cost in {}", names.join(", ")),
        };
        let until = "until a run that has it is accepted";
        notice(
            "unknown_to_baseline",
            format!("the baseline does not know {what}: its growth is not judged {until}"),
        )
    };
    let tags = report.tags.iter().map(|tag| tag.id.as_str());
    tags.filter_map(of_tag).collect()
}

/// Findings that no step of the scenario would have brought about, by what they need.
fn not_looked_for(report: &Report) -> Vec<Notice> {
    if report.plan.traced_blocks == 0 {
        return vec![];
    }
    let mut groups: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for without in &report.catalogue.without_chance {
        let group = groups.entry(&without.needs_steps).or_default();
        group.push(&without.finding);
    }
    let say = |(steps, findings): (&[String], Vec<&str>)| {
        let text = format!(
            "not looked for: {} (needs a step {})",
            findings.join(", "),
            steps.join(" or ")
        );
        notice("not_looked_for", text)
    };
    groups.into_iter().filter_map(say).collect()
}
