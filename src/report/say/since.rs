use crate::model::{BaselineUse, PageChange, Report, SpeedRatio};

/// On what terms the run was compared with its baseline, and how the page itself changed since: sentences
/// that hold names from the report, so they are not yet safe to write.
pub fn terms(report: &Report) -> Vec<String> {
    let BaselineUse::Compared {
        speed,
        page,
        page_not_compared,
        ..
    } = &report.baseline
    else {
        return vec![];
    };
    let changes = page.iter().filter_map(|change| changed(report, change));
    let changes: Vec<String> = changes.collect();
    let mut terms = vec![scaled(speed)];
    if !changes.is_empty() {
        terms.push(format!(
            "the page without tags, now against then (not judged): {}",
            changes.join("; ")
        ));
    }
    terms.extend(page_not_compared.clone());
    terms
}

fn scaled(speed: &SpeedRatio) -> String {
    let how = if speed.indirect {
        "indirect, across machines or CPU slowdowns"
    } else {
        "the same machine and CPU slowdown"
    };
    let guard = if speed.comparable {
        ""
    } else {
        "; too far apart for growth to be called regressed"
    };
    format!(
        "CPU times of this run were multiplied by {:.3} ({:.3} for the machine's speed, {:.3} for the CPU slowdown): {how}{guard}",
        speed.whole(),
        speed.calibration,
        speed.slowdown
    )
}

fn changed(report: &Report, change: &PageChange) -> Option<String> {
    let metric = report.metric(&change.metric)?;
    let signed = |value| metric.unit.show_signed(value);
    let interval = change.interval.map_or(String::new(), |interval| {
        format!(" [{} … {}]", signed(interval.low), signed(interval.high))
    });
    Some(format!(
        "{} {}{interval}, n = {} and {}",
        metric.name,
        signed(change.estimate),
        change.then,
        change.now
    ))
}
