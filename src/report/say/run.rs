//! Sentences about a run, as plain text.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::chart::text::{self, safe};
use crate::model::{BaselineUse, Design, Outcome, Purpose, ReasonId, Report, Stop, Verdict};

use super::pen::{Pen, SENTENCE};
use super::{screen, selection};

/// Why measuring ended.
pub fn stop(report: &Report) -> String {
    match &report.stop {
        Stop::Decided => "every gated effect is decided".into(),
        Stop::BlocksSpent if report.plan.only_traces() => "nothing but traced trials".into(),
        Stop::BlocksSpent => format!("all planned {}s were measured", screen::block(report)),
        Stop::TimeSpent => "stopped at the time limit".into(),
        Stop::Interrupted => "interrupted".into(),
        Stop::TooManyFaults => "stopped: too many trials failed".into(),
        Stop::Broken(why) => format!("broken off: {}", safe::text(why, 200)),
    }
}

/// `14 of at most 40 blocks + 6 fresh, 57 trials in 4 min 10 s, 1 failed`.
pub fn trials(report: &Report) -> String {
    let blocks = match report.plan.only_traces() {
        true => String::new(),
        false => format!(
            "{} of at most {}{}, ",
            screen::measured(report),
            count(report.plan.schedule.budget(), screen::block(report)),
            fresh(report),
        ),
    };
    let mut text = format!(
        "{blocks}{} in {}",
        count(report.trials.len(), "trial"),
        span(report.duration_s)
    );
    let failed = report.trials.iter().filter(|trial| trial.fault.is_some());
    match failed.count() {
        0 => {}
        failed => text += &format!(", {failed} failed"),
    }
    text
}

/// ` + 6 fresh`; after a screen, whose blocks are pairs, ` + 17 fresh blocks`.
fn fresh(report: &Report) -> String {
    let fresh = report.trials.iter().map(|trial| &trial.slot);
    let fresh = fresh.filter(|slot| slot.purpose == Purpose::Confirm);
    let blocks: BTreeSet<usize> = fresh.map(|slot| slot.block).collect();
    match (blocks.len(), report.plan.design) {
        (0, _) => String::new(),
        (blocks, Design::Blocks) => format!(" + {blocks} fresh"),
        (blocks, Design::Screen) => format!(" + {}", count(blocks, "fresh block")),
    }
}

/// `45 s`, `4 min 10 s`.
pub fn span(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The verdict's reason in one line.
///
/// # Errors
/// The report names a metric that it does not describe.
pub fn headline(report: &Report, pen: &Pen) -> Result<String> {
    let judgement = &report.judgement;
    let rows = text::rows(report, true)?;
    let mut parts = Vec::new();
    if judgement.outcome == Outcome::Fail {
        let mut regressed = rows
            .iter()
            .filter(|row| row.cell.verdict == Verdict::Regressed);
        parts.extend(regressed.next().map(|worst| {
            let effect = &worst.cell.effect;
            let unit = worst.metric.unit;
            let again = worst.again.map(|again| format!(", {}", again.short()));
            format!(
                "{}: {} {}, n = {}, margin {}{}",
                pen.tag(report, &effect.tag),
                worst.name(),
                text::effect(unit, effect).unwrap_or_default(),
                text::pairs(effect),
                text::plain(unit, effect.margin),
                again.unwrap_or_default()
            )
        }));
        match regressed.count() {
            0 => {}
            more => parts.push(format!("{more} more regressed")),
        }
        let findings = selection::findings(report).into_iter();
        let mut forbidden: Vec<String> = findings
            .filter(|finding| selection::is_forbidden(report, finding))
            .map(|finding| finding.id.clone())
            .collect();
        forbidden.dedup();
        if !forbidden.is_empty() {
            parts.push(format!(
                "forbidden: {}",
                safe::text(&forbidden.join(", "), 120)
            ));
        }
    }
    let choice = judgement
        .reasons
        .iter()
        .find(|reason| reason.id == ReasonId::InconclusiveByChoice);
    parts.extend(choice.map(|choice| safe::text(&choice.text, 200)));
    if parts.is_empty() && judgement.outcome == Outcome::Pass {
        parts.push(format!(
            "{}, {}: within their margins; {}",
            count(report.tags.len(), "tag"),
            count(rows.len(), "gated effect"),
            report.catalogue.nothing_found(&report.gate)
        ));
    }
    if let (true, Some(first)) = (parts.is_empty(), judgement.reasons.first()) {
        let tag = first.tag.iter().filter(|tag| !first.text.contains(*tag));
        let tag = tag.map(|tag| (pen.name)(tag) + ": ");
        parts.push(tag.collect::<String>() + &safe::text(&first.text, SENTENCE));
        match judgement.reasons.len() - 1 {
            0 => {}
            more => parts.push(format!("and {}", count(more, "more reason"))),
        }
    }
    Ok(parts.join("; "))
}

/// How many tags have which outcome, the worst first: `3 tags: 1 fail, 2 pass`.
pub fn outcomes(report: &Report) -> String {
    let verdicts = &report.judgement.tags;
    let mut outcomes: Vec<Outcome> = verdicts.iter().map(|tag| tag.outcome).collect();
    outcomes.sort_by(|a, b| b.cmp(a));
    let groups = outcomes.chunk_by(|a, b| a == b);
    let texts: Vec<String> = groups
        .filter_map(|group| Some(format!("{} {}", group.len(), group.first()?)))
        .collect();
    let tags = count(verdicts.len(), "tag");
    if texts.is_empty() {
        return tags;
    }
    format!("{tags}: {}", texts.join(", "))
}

/// `1 tag`, `2 tags`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// What to type next, if there is something to do. `DIR` stands for the run's folder where it is not told.
pub fn next(report: &Report, folder: Option<&str>) -> Option<String> {
    let scenario = quoted(&report.scenario.file);
    let folder = folder.map_or_else(|| "DIR".into(), quoted);
    let accept = match report.plan.design {
        Design::Blocks => format!("tagperf baseline accept {folder} --reason \"…\""),
        // No tag of a screen has samples of its own, so a screen cannot be accepted.
        Design::Screen => format!("tagperf run {scenario} --design blocks"),
    };
    let judgement = &report.judgement;
    match judgement.outcome {
        Outcome::Fail => {
            let findings = selection::findings(report);
            let forbidden = findings
                .iter()
                .find(|finding| selection::is_forbidden(report, finding));
            let regressed = judgement
                .cells
                .iter()
                .find(|cell| cell.gated && cell.verdict == Verdict::Regressed);
            let subject = match (forbidden, regressed) {
                (Some(finding), _) => &finding.id,
                (None, Some(cell)) => &cell.effect.metric,
                (None, None) => return Some(format!("tagperf run {scenario}")),
            };
            Some(format!("tagperf explain {}", quoted(subject)))
        }
        Outcome::Inconclusive => match report.stop {
            Stop::Interrupted | Stop::TimeSpent => {
                Some(format!("tagperf run {scenario} --resume {folder}"))
            }
            _ => Some(format!("tagperf run {scenario}")),
        },
        Outcome::NotComparable => Some(accept),
        Outcome::NotMeasured => {
            let mut reasons = judgement.reasons.iter();
            let untraced = reasons.any(|reason| reason.id == ReasonId::NotExamined);
            Some(match report.stop {
                Stop::Interrupted if untraced => {
                    format!("tagperf run {scenario} --resume {folder}")
                }
                _ => format!("tagperf run {scenario}"),
            })
        }
        Outcome::Pass => (report.baseline == BaselineUse::None).then_some(accept),
    }
}

/// `text` as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    let text = safe::text(text, 300);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted() {
        assert_eq!(quoted("out/run 1"), "'out/run 1'");
        assert_eq!(quoted("a'b"), "'a'\\''b'");
        assert_eq!(quoted("tagperf-out/a/b"), "tagperf-out/a/b");
    }
}
