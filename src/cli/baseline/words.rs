//! What is said of baselines.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::app::baselines::{Checked, Difference, State};
use crate::app::{Change, Cost, metric};
use crate::model::{
    Baseline, BaselineCell, Certificate, Interval, PastCell, PastRun, Scaling, Speed,
};

pub fn listed(dir: &Path, found: &[(PathBuf, Result<Baseline>)]) -> String {
    if found.is_empty() {
        return format!("{} holds no baseline yet\n", dir.display());
    }
    let line = |(path, file): &(PathBuf, Result<Baseline>)| match file {
        Ok(file) => {
            let uncertified = match file.certificate {
                Some(_) => "",
                None => " (without A/A certificate)",
            };
            format!(
                "{}: {} tags, run {}, accepted {} by {}{uncertified}: {}\n",
                path.display(),
                file.tags.len(),
                file.run,
                file.approval.at,
                file.approval.by,
                file.approval.reason
            )
        }
        Err(error) => format!("{}: cannot be used: {error:#}\n", path.display()),
    };
    found.iter().map(line).collect()
}

pub fn shown(file: &Baseline) -> String {
    let Baseline { approval, .. } = file;
    let commit = approval.commit.as_deref().unwrap_or("none");
    let mut out = format!(
        "{}: run {}\naccepted {} by {}: {}\n",
        file.scenario, file.run, approval.at, approval.by, approval.reason
    );
    let mut fact = |name: &str, value: &str| out += &format!("  {name:<13} {value}\n");
    for (name, value) in &file.fingerprint.0 {
        fact(name, value);
    }
    fact("machine", &file.speed.machine());
    fact("calibration", &calibration(&file.speed));
    fact(
        "measured by",
        &format!("tagperf {}, {}", file.tagperf, file.browser),
    );
    fact(
        "scenario",
        &format!("{}, seed {}", file.scenario_file, file.seed),
    );
    fact("commit", commit);
    fact("certificate", &certificate(file.certificate.as_ref()));
    fact("history", &format!("{} earlier runs", file.history.len()));
    for (tag, cells) in &file.tags {
        out += &format!("{tag}\n");
        for (id, cell) in cells {
            out += &format!("  {id:<16} {}\n", cost_of(id, cell));
        }
    }
    out
}

fn calibration(speed: &Speed) -> String {
    match (speed.calibration_ms, speed.calibration_cv) {
        (Some(ms), Some(cv)) => {
            let (cv, n) = (cv * 100.0, speed.calibrations);
            format!("{ms:.1} ms per loop, CV {cv:.1} %, n = {n}")
        }
        (Some(ms), None) => format!("{ms:.1} ms per loop, n = {}", speed.calibrations),
        (None, _) => "none".into(),
    }
}

fn certificate(certificate: Option<&Certificate>) -> String {
    let Some(it) = certificate else {
        return "none".into();
    };
    format!(
        "{}: {} of {} true-zero effects regressed in {} blocks, false alarms {:.1} % of {} relabellings, {}",
        it.run,
        it.regressed,
        it.effects,
        it.blocks,
        it.false_alarms * 100.0,
        it.relabelled,
        it.fitness
    )
}

fn cost_of(id: &str, cell: &BaselineCell) -> String {
    let cost = amounts(id, cell.estimate, cell.interval, cell.differences().len());
    let floor = cell.detectable.map_or(String::new(), |least| {
        format!(", noise floor {}", plain(id, least))
    });
    let gated = if cell.gated { ", gated" } else { "" };
    format!("{cost}, margin {}{floor}{gated}", plain(id, cell.margin))
}

/// What accepting a run would change.
pub fn changed(difference: &Difference) -> String {
    let path = difference.path.display();
    let refused = difference.refused.iter();
    let refused = refused.map(|why| format!("note: accept would refuse: {why}\n"));
    let unsound = difference.unsound.iter();
    let unsound = unsound.map(|why| format!("note: {path} cannot be used: {why}\n"));
    let notes: String = refused.chain(unsound).collect();
    let changes = match (difference.changes.as_deref(), &difference.unsound) {
        (None, None) => format!("{path} does not exist yet: accepting this run would create it\n"),
        (None, Some(_)) => format!("{path}: accepting this run would replace all of it\n"),
        (Some([]), _) => format!("{path}: accepting this run would change nothing\n"),
        (Some(changes), _) => {
            let told = |change| told(change, difference.speed) + "\n";
            let lines: String = changes.iter().map(told).collect();
            format!("{path}:\n{lines}")
        }
    };
    notes + &changes
}

/// `speed`: what CPU times of the run are multiplied by to be those of the baseline's machine.
fn told(change: &Change, speed: Option<f64>) -> String {
    match change {
        Change::Condition(m) => format!("  {}: {} -> {}", m.what, m.baseline, m.run),
        Change::Certificate { from, to } => format!(
            "  certificate: {} -> {}",
            certificate(from.as_ref()),
            certificate(to.as_ref())
        ),
        Change::TagAdded { tag } => format!("+ {tag}"),
        Change::TagRemoved { tag } => format!("- {tag}"),
        Change::Cost {
            tag,
            metric,
            from,
            to,
        } => {
            let cost = |cost: &Option<Cost>| {
                cost.as_ref().map_or("none".into(), |cost| {
                    amounts(metric, cost.estimate, cost.interval, cost.n)
                })
            };
            let here = to.as_ref().and_then(|cost| cost.estimate);
            let there = here.and_then(|here| at_speed(metric, here, speed?));
            let there = there.map_or(String::new(), |there| {
                let there = signed(metric, there);
                format!(" ({there} at the speed of the baseline's machine)")
            });
            format!("~ {tag} {metric}: {} -> {}{there}", cost(from), cost(to))
        }
        Change::Margin {
            tag,
            metric,
            from,
            to,
        } => {
            let (from, to) = (plain(metric, *from), plain(metric, *to));
            format!("~ {tag} {metric} margin: {from} -> {to}")
        }
        Change::NoiseFloor {
            tag,
            metric,
            from,
            to,
        } => {
            let floor =
                |value: &Option<f64>| value.map_or("unknown".into(), |value| plain(metric, value));
            let (from, to) = (floor(from), floor(to));
            format!("~ {tag} {metric} noise floor: {from} -> {to}")
        }
    }
}

/// A cost on another machine, if it scales with the machine and that makes a difference.
fn at_speed(id: &str, cost: f64, speed: f64) -> Option<f64> {
    let scales = metric(id).is_some_and(|info| info.scaling == Scaling::Cpu);
    (scales && (speed - 1.0).abs() >= 0.01).then_some(cost * speed)
}

/// One line per file, and one that says what renews it.
pub fn checked(dir: &Path, checked: &[Checked]) -> String {
    if checked.is_empty() {
        return format!("{} holds no baseline yet\n", dir.display());
    }
    let line = |Checked { path, state }: &Checked| {
        let path = path.display();
        match state {
            State::Good { tags, certified } => {
                let uncertified = if *certified {
                    ""
                } else {
                    ", without A/A certificate"
                };
                format!("{path}: good, {tags} tags{uncertified}\n")
            }
            State::Edited(why) => format!("{path}: not as accepted: {why}\n"),
            State::Stale { why, remedy } => format!("{path}: stale: {why}; {remedy}\n"),
        }
    };
    checked.iter().map(line).collect()
}

/// A small table per tag and metric, the oldest run first: the gated metrics, or `wanted`.
///
/// Costs that scale with the machine are shown at the speed of the last run, as far as both were calibrated.
pub fn history(file: &Baseline, wanted: &[String]) -> String {
    let mut out = format!(
        "{}: {} accepted runs\n",
        file.scenario,
        file.history.len() + 1
    );
    for (tag, cells) in &file.tags {
        for (id, cell) in cells {
            let shown = match wanted {
                [] => cell.gated,
                wanted => wanted.contains(id),
            };
            if shown {
                out += &format!("\n{tag}, {}\n", named(id));
                for past in &file.history {
                    if let Some(then) = past.tags.get(tag).and_then(|cells| cells.get(id)) {
                        out += &once(file, past, id, then);
                    }
                }
                let now = amounts(id, cell.estimate, cell.interval, cell.differences().len());
                out += &row(&file.run, &now, &file.approval.reason);
            }
        }
    }
    out
}

fn once(file: &Baseline, past: &PastRun, id: &str, cell: &PastCell) -> String {
    let factor = match metric(id).map(|info| info.scaling) {
        Some(Scaling::Cpu) => past.speed.in_terms_of(&file.speed),
        _ => Some(1.0),
    };
    let scaled = |value: f64| value * factor.unwrap_or(1.0);
    let interval = cell.interval.map(|interval| Interval {
        low: scaled(interval.low),
        high: scaled(interval.high),
        ..interval
    });
    let mut cost = amounts(id, cell.estimate.map(scaled), interval, cell.n);
    if factor.is_none() {
        cost += ", at an unknown speed";
    }
    row(&past.run, &cost, &past.approval.reason)
}

fn row(run: &str, cost: &str, reason: &str) -> String {
    format!("  {run}  {cost:<52}  {reason}\n")
}

fn named(id: &str) -> String {
    metric(id).map_or_else(|| id.to_owned(), |info| info.name)
}

/// `+12.5 ms [+10.0 ms … +15.0 ms], n = 20`
fn amounts(id: &str, estimate: Option<f64>, interval: Option<Interval>, n: usize) -> String {
    let interval = interval.map_or(String::new(), |interval| {
        let (low, high) = (signed(id, interval.low), signed(id, interval.high));
        format!(" [{low} … {high}]")
    });
    let estimate = estimate.map_or("none".into(), |value| signed(id, value));
    format!("{estimate}{interval}, n = {n}")
}

fn signed(id: &str, value: f64) -> String {
    metric(id).map_or_else(|| value.to_string(), |info| info.unit.show_signed(value))
}

fn plain(id: &str, value: f64) -> String {
    metric(id).map_or_else(|| value.to_string(), |info| info.unit.show(value))
}
