//! The half of the road that needs no browser: a journal's content → the report.

use std::collections::BTreeMap;

use crate::compare;
use crate::detect;
use crate::judge;
use crate::lab::Kept;
use crate::metrics;
use crate::model::{
    Answer, Baseline, BaselineUse, Cell, Firing, HostSummary, Plan, Purpose, Reading, Report,
    RunHeader, Sample, Stop, TagInfo, TrialSummary, Visit,
};

use super::notices;

/// A baseline with the file that it came from.
pub struct Accepted {
    pub file: String,
    pub baseline: Baseline,
}

/// Works the whole report out. Pure: the same journal gives the same report.
pub fn analyse(
    header: &RunHeader,
    trials: &[Kept],
    calibration_ms: &[f64],
    stop: &Stop,
    accepted: Option<&Accepted>,
) -> Report {
    let all = || trials.iter().map(|kept| &kept.trial);
    let samples = metrics::samples(all());
    let infos = metrics::infos();
    let tags = with_firing(&header.tags, &header.plan, trials);
    let findings = detect::findings(&tags, &header.plan.contrasts, all());
    let mut effects = compare::effects(&samples, &header.plan, &header.gate, &infos);
    let baseline = compared(header, accepted);
    if let (BaselineUse::Compared { .. }, Some(accepted)) = (&baseline, accepted) {
        let since = compare::since_baseline(&samples, &header.plan, &effects, &accepted.baseline);
        effects.extend(since);
    }
    let summaries = summaries(trials, &samples);
    let looks = &header.plan.schedule.looks;
    let evidence = judge::Evidence {
        effects: &effects,
        findings: &findings,
        tags: &tags,
        trials: &summaries,
        metrics: &infos,
        baseline: &baseline,
        stop,
        looks: (
            looks.first().copied().unwrap_or(0),
            header.plan.schedule.budget(),
        ),
    };
    let judgement = judge::judge(&evidence, &header.gate);
    let mut environment = header.environment.clone();
    environment.calibration_ms = calibration_ms.to_vec();
    let mut report = Report {
        format: Report::FORMAT,
        run: header.run.clone(),
        scenario: header.scenario.clone(),
        environment,
        fingerprint: header.fingerprint.clone(),
        plan: header.plan.clone(),
        confirmation: None,
        screen: None,
        stop: stop.clone(),
        duration_s: duration(trials),
        gate: header.gate.clone(),
        metrics: infos,
        tags,
        judgement,
        findings,
        baseline,
        trials: summaries,
        network: hosts(trials),
        notices: vec![],
    };
    report.notices = notices::notices(&report, trials);
    report
}

/// The cells alone: what a look of the schedule needs.
pub(super) fn cells(header: &RunHeader, trials: &[Kept]) -> Vec<Cell> {
    analyse(header, trials, &[], &Stop::BlocksSpent, None)
        .judgement
        .cells
}

fn compared(header: &RunHeader, accepted: Option<&Accepted>) -> BaselineUse {
    let Some(accepted) = accepted else {
        return BaselineUse::None;
    };
    let differences = accepted
        .baseline
        .fingerprint
        .differences(&header.fingerprint);
    if !differences.is_empty() {
        return BaselineUse::NotComparable {
            file: accepted.file.clone(),
            differences,
        };
    }
    BaselineUse::Compared {
        file: accepted.file.clone(),
        run: accepted.baseline.run.clone(),
        accepted: format!(
            "{} by {}",
            accepted.baseline.approval.at, accepted.baseline.approval.by
        ),
    }
}

fn with_firing(tags: &[TagInfo], plan: &Plan, trials: &[Kept]) -> Vec<TagInfo> {
    let own_arm = |tag: &str| {
        plan.contrasts
            .iter()
            .find(|c| c.tag == tag)
            .map(|c| &c.with)
    };
    tags.iter()
        .map(|tag| {
            let mut firing = Firing::default();
            for kept in measured(trials) {
                let Some(fired) = kept.firing.iter().find(|fired| fired.tag == tag.id) else {
                    continue;
                };
                // A tag that runs in an arm that lacks it spoils that arm: it counts as a trial of the tag.
                if Some(&kept.trial.slot.arm) != own_arm(&tag.id) && fired.problem.is_none() {
                    continue;
                }
                firing.of += 1;
                match &fired.problem {
                    None => firing.ran += 1,
                    Some(problem) => {
                        firing.problem.get_or_insert_with(|| problem.text.clone());
                        firing.problem_id.get_or_insert(problem.id);
                    }
                }
            }
            TagInfo {
                firing,
                ..tag.clone()
            }
        })
        .collect()
}

fn measured(trials: &[Kept]) -> impl Iterator<Item = &Kept> {
    trials
        .iter()
        .filter(|kept| kept.trial.slot.purpose == Purpose::Measure)
}

fn summaries(trials: &[Kept], samples: &[Sample]) -> Vec<TrialSummary> {
    trials
        .iter()
        .map(|kept| {
            let fault = kept.trial.outcome.as_ref().err().cloned();
            let own = samples
                .iter()
                .filter(|sample| fault.is_none() && sample.slot == kept.trial.slot);
            let readings: BTreeMap<String, Reading> = own
                .map(|sample| (sample.metric.clone(), sample.reading.clone()))
                .collect();
            TrialSummary {
                slot: kept.trial.slot.clone(),
                attempt: kept.trial.attempt,
                at_s: kept.trial.at_s,
                visit: kept.file.clone(),
                fault,
                readings,
            }
        })
        .collect()
}

pub(super) fn duration(trials: &[Kept]) -> f64 {
    let end = |kept: &Kept| {
        let wall = kept
            .trial
            .outcome
            .as_ref()
            .map_or(0.0, |visit: &Visit| visit.wall_ms / 1e3);
        kept.trial.at_s + wall
    };
    trials.iter().map(end).fold(0.0, f64::max)
}

/// Requests of the measured trials that no origin played, by host and answer.
fn hosts(trials: &[Kept]) -> Vec<HostSummary> {
    let mut hosts: BTreeMap<(Answer, String), HostSummary> = BTreeMap::new();
    for kept in measured(trials) {
        let Ok(visit) = &kept.trial.outcome else {
            continue;
        };
        for request in visit
            .requests
            .iter()
            .filter(|request| request.answer != Answer::Played)
        {
            let url = url::Url::parse(&request.url).ok();
            let host = url
                .as_ref()
                .and_then(|url| url.host_str())
                .unwrap_or("")
                .to_owned();
            let summary = hosts
                .entry((request.answer, host.clone()))
                .or_insert_with(|| HostSummary {
                    host,
                    answer: request.answer,
                    arms: vec![],
                    requests: 0,
                    // Queries may hold tokens.
                    example: request
                        .url
                        .split(['?', '#'])
                        .next()
                        .unwrap_or("")
                        .to_owned(),
                });
            summary.requests += 1;
            if !summary.arms.contains(&kept.trial.slot.arm) {
                summary.arms.push(kept.trial.slot.arm.clone());
            }
        }
    }
    hosts.into_values().collect()
}
