//! The half of the road that needs no browser: a journal's content → the report.

use std::collections::{BTreeMap, BTreeSet};

use crate::attribute::{self, places};
use crate::compare;
use crate::detect;
use crate::judge;
use crate::lab::{Kept, Recorded};
use crate::metrics;
use crate::model::{
    Answer, BaselineUse, Calibration, Confirmation, Design, Effect, Environment, Firing,
    HostSummary, Judgement, MetricInfo, Plan, Purpose, Reading, Report, RunHeader, Sample, Stop,
    TagFired, TagInfo, TrialSummary, Visit,
};
use crate::stats;

use super::notices;
use super::standing::{Accepted, standing};

/// What a run has left on disk.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub header: &'a RunHeader,
    pub trials: &'a [Kept],
    pub calibrations: &'a [Calibration],
    pub confirmation: Option<&'a Confirmation>,
    pub stop: &'a Stop,
}

impl<'a> Record<'a> {
    /// A journal's content. A run without an end was killed: what it measured stands.
    pub fn of(recorded: &'a Recorded) -> Self {
        Self {
            header: &recorded.header,
            trials: &recorded.trials,
            calibrations: &recorded.calibrations,
            confirmation: recorded.confirmation.as_ref(),
            stop: recorded.stop.as_ref().unwrap_or(&Stop::Interrupted),
        }
    }
}

/// Works the whole report out. Pure: the same journal gives the same report.
pub fn analyse(record: Record, accepted: Option<&Accepted>) -> Report {
    let Record {
        header,
        trials,
        confirmation,
        stop,
        ..
    } = record;
    let (plan, gate) = (&header.plan, &header.gate);
    let all = || trials.iter().map(|kept| &kept.trial);
    let samples = metrics::samples(all());
    let infos = metrics::infos();
    let tags = with_firing(&header.tags, counted(plan, trials));
    let explained = plan.explained();
    let mut seen = detect::findings(&tags, &explained, &gate.limits, all());
    places::fill(&mut seen.found, &explained, all());
    let catalogue = detect::catalogue(&steps(trials));
    let environment = environment(&record);
    // Frozen at the first look, as margins are: a verdict must not move with later calibrations.
    let first = plan.warm_up_blocks + plan.schedule.looks.first().copied().unwrap_or(0);
    let early = Record {
        calibrations: &record.calibrations[..record.calibrations.len().min(first)],
        ..record
    };
    let baseline = standing(header, &self::environment(&early), &samples, accepted);
    let effects = match plan.only_traces() {
        true => vec![],
        false => effects(&record, &samples, &infos, &baseline, accepted),
    };
    let screen =
        (plan.design == Design::Screen).then(|| compare::screen(&samples, plan, gate, &effects));
    let case = attribute::Case {
        page: &header.scenario.url,
        tags: &tags,
        contrasts: &explained,
        entities: &header.scenario.entities,
    };
    let attribution = attribute::attribution(&case, &effects, all());
    let summaries = summaries(trials, &samples);
    let evidence = judge::Evidence {
        effects: &effects,
        findings: &seen.found,
        unseen: &seen.unseen,
        catalogue: &catalogue,
        tags: &tags,
        trials: &summaries,
        metrics: &infos,
        baseline: &baseline,
        stop,
        design: plan.design,
        confirmation,
        looks: (
            plan.schedule.looks.first().copied().unwrap_or(0),
            plan.schedule.budget(),
        ),
    };
    let judgement = judge::judge(&evidence, gate);
    let mut report = Report {
        format: Report::FORMAT,
        run: header.run.clone(),
        scenario: header.scenario.clone(),
        environment,
        fingerprint: header.fingerprint.clone(),
        plan: plan.clone(),
        confirmation: confirmation.cloned(),
        screen,
        stop: stop.clone(),
        duration_s: duration(trials),
        gate: gate.clone(),
        metrics: infos,
        tags,
        judgement,
        findings: seen.found,
        attribution,
        catalogue,
        baseline,
        trials: summaries,
        network: hosts(counted(plan, trials)),
        notices: vec![],
    };
    report.notices = notices::notices(&report, trials);
    report
}

/// Where the run was measured, with what its calibrations showed.
fn environment(record: &Record) -> Environment {
    let mut environment = record.header.environment.clone();
    let all = record.calibrations;
    environment.calibration_ms = all.iter().map(|one| one.cpu_ms).collect();
    // What the browser showed before the run stands where it was not asked again.
    let middle =
        |of: fn(&Calibration) -> f64| stats::median(&all.iter().map(of).collect::<Vec<_>>());
    if let (Ok(slowdown), Ok(counted)) = (
        middle(|one| one.slowdown),
        middle(|one| one.slowdown_counted),
    ) {
        environment.cpu_slowdown_achieved = slowdown;
        environment.cpu_slowdown_counted = counted;
    }
    environment
}

/// The effects of the trials that count, those of the fresh ones, and both since the baseline.
fn effects(
    record: &Record,
    samples: &[Sample],
    infos: &[MetricInfo],
    baseline: &BaselineUse,
    accepted: Option<&Accepted>,
) -> Vec<Effect> {
    let (plan, gate) = (&record.header.plan, &record.header.gate);
    let mut effects = compare::effects(samples, plan, gate, infos);
    if let Some(confirmation) = record.confirmation {
        let fresh = compare::fresh_effects(samples, confirmation, gate, &effects);
        effects.extend(fresh);
    }
    if let BaselineUse::Compared { speed, .. } = baseline
        && let Some(Ok(then)) = accepted.map(|accepted| &accepted.baseline)
    {
        let since = compare::Since {
            baseline: then,
            speed,
            gate,
            metrics: infos,
        };
        let grown = |contrasts, schedule, purpose| {
            compare::since_baseline(samples, contrasts, schedule, &effects, &since, purpose)
        };
        let mut both = grown(&plan.contrasts, &plan.schedule, Purpose::Measure);
        if let Some(confirmation) = record.confirmation {
            both.extend(grown(
                &confirmation.contrasts,
                &confirmation.schedule,
                Purpose::Confirm,
            ));
        }
        effects.extend(both);
    }
    effects
}

/// What a look of the schedule decides on.
pub(super) fn look(record: Record, accepted: Option<&Accepted>) -> Judgement {
    analyse(record, accepted).judgement
}

fn with_firing<'k>(
    tags: &[TagInfo],
    trials: impl Iterator<Item = &'k Kept> + Clone,
) -> Vec<TagInfo> {
    tags.iter()
        .map(|tag| TagInfo {
            firing: firing(tag, trials.clone()),
            ..tag.clone()
        })
        .collect()
}

/// In how many of the trials that count and have the tag it ran; a group ran when all its tags did.
fn firing<'k>(tag: &TagInfo, trials: impl Iterator<Item = &'k Kept>) -> Firing {
    let alone = [tag.id.clone()];
    let members: &[String] = match &tag.members[..] {
        [] => &alone,
        members => members,
    };
    let mut firing = Firing::default();
    for kept in trials {
        let own: Vec<&TagFired> = kept
            .firing
            .iter()
            .filter(|fired| members.contains(&fired.tag))
            .collect();
        let present = members.iter().all(|id| kept.trial.slot.arm.has(id));
        let problem = own.iter().find_map(|fired| fired.problem.as_ref());
        // A tag that runs in an arm that lacks it spoils that arm: it counts as a trial of the tag.
        if own.is_empty() || (!present && problem.is_none()) {
            continue;
        }
        firing.of += 1;
        match problem {
            None => firing.ran += 1,
            Some(problem) => {
                firing.problem.get_or_insert_with(|| problem.text.clone());
                firing.problem_id.get_or_insert(problem.id);
            }
        }
    }
    firing
}

/// Trials that count; where nothing is measured, the traced ones do.
fn counted<'k>(plan: &Plan, trials: &'k [Kept]) -> impl Iterator<Item = &'k Kept> + Clone {
    let only_traces = plan.only_traces();
    trials
        .iter()
        .filter(move |kept| match kept.trial.slot.purpose {
            Purpose::WarmUp => false,
            Purpose::Measure | Purpose::Confirm => true,
            Purpose::Explain => only_traces,
        })
}

/// Kinds of the steps that were carried out.
fn steps(trials: &[Kept]) -> BTreeSet<&str> {
    let visits = trials
        .iter()
        .filter_map(|kept| kept.trial.outcome.as_ref().ok());
    let steps = visits.flat_map(|visit| &visit.steps);
    steps.map(|step| step.kind.as_str()).collect()
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

/// Requests of the trials that no origin played, by host and answer.
fn hosts<'k>(trials: impl Iterator<Item = &'k Kept>) -> Vec<HostSummary> {
    let mut hosts: BTreeMap<(Answer, String), HostSummary> = BTreeMap::new();
    for kept in trials {
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
