//! Who did it: whose the work of the traced trials was, and where exactly a culprit's code is.

mod agreement;
mod chains;
mod costs;
mod entities;
mod ledger;
mod parties;
pub mod places;
mod rendering;

use std::collections::BTreeMap;

use crate::model::{
    Agreement, Arm, Attribution, Basis, Chain, Contrast, Effect, Entity, Owner, OwnerCosts,
    Purpose, Spread, TagInfo, Trial, Visit,
};
use crate::trace::Evidence;

use costs::{Costs, Row};
use entities::Entities;
use parties::Parties;

/// The metric that a tag's booked CPU time is compared with.
const CPU: &str = "cpu";

/// What attribution needs to know of a run.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// URL of the page under test.
    pub page: &'a str,
    pub tags: &'a [TagInfo],
    /// The arms that were traced for each tag.
    pub contrasts: &'a [Contrast],
    /// Third parties that the scenario names itself.
    pub entities: &'a [Entity],
}

/// Whose the work was in the traced trials with each tag. Tags without such a trial are left out.
pub fn attribution<'t>(
    case: &Case,
    effects: &[Effect],
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Vec<Attribution> {
    let traced = traced(trials);
    let entities = Entities::new(case.entities);
    let contrasts = case.contrasts.iter();
    contrasts
        .filter_map(|contrast| {
            let visits = traced.get(&contrast.with)?;
            let mut attribution = of_arm(case, &entities, contrast, visits);
            let without = traced.get(&contrast.without).map_or(&[][..], Vec::as_slice);
            attribution.1.agreement = agreement(contrast, effects, attribution.0, without);
            Some(attribution.1)
        })
        .collect()
}

/// Visits with a trace, by arm.
fn traced<'t>(trials: impl IntoIterator<Item = &'t Trial>) -> BTreeMap<&'t Arm, Vec<&'t Visit>> {
    let mut arms: BTreeMap<&Arm, Vec<&Visit>> = BTreeMap::new();
    for trial in trials {
        if let (Purpose::Explain, Ok(visit)) = (trial.slot.purpose, &trial.outcome)
            && visit.trace.is_some()
        {
            arms.entry(&trial.slot.arm).or_default().push(visit);
        }
    }
    arms
}

/// The tag's CPU time in the scenario's steps, and the rest.
fn of_arm(
    case: &Case,
    entities: &Entities,
    contrast: &Contrast,
    visits: &[&Visit],
) -> (Spread, Attribution) {
    let present = |tag: &&TagInfo| {
        let members = tag.members.iter();
        contrast.with.has(&tag.id)
            || (!tag.members.is_empty() && members.clone().all(|id| contrast.with.has(id)))
    };
    let mut ways: Vec<Chain> = Vec::new();
    let mut all: Vec<Costs> = Vec::new();
    for visit in visits {
        let evidence = Evidence::new(visit);
        let tags: Vec<&TagInfo> = case.tags.iter().filter(present).collect();
        let parties = Parties::new(evidence.lineage(), tags, entities, case.page);
        all.push(Costs::new(&evidence, &parties, &contrast.tag));
        let owner = parties.tag(&contrast.tag);
        for chain in chains::chains(&evidence, &parties, entities, owner) {
            if !ways.contains(&chain) {
                ways.push(chain);
            }
        }
    }
    let spread = |value: &dyn Fn(&Costs) -> f64| Spread::of(all.iter().map(value));
    let attribution = Attribution {
        tag: contrast.tag.clone(),
        arm: contrast.with.clone(),
        trials: all.len(),
        main_cpu_ms: spread(&Costs::main_ms),
        unknown_share: spread(&Costs::unknown_share),
        owners: owners(&all),
        called_ms: spread(&|costs| costs.called_ms),
        chains: ways,
        agreement: None,
    };
    (spread(&|costs| costs.in_steps_ms), attribution)
}

fn owners(all: &[Costs]) -> Vec<OwnerCosts> {
    let mut owners: Vec<&Owner> = all.iter().flat_map(|costs| costs.rows.keys()).collect();
    owners.sort();
    owners.dedup();
    let mut costs: Vec<OwnerCosts> = owners
        .into_iter()
        .map(|owner| {
            let spread = |value: fn(&Row) -> f64| {
                let rows = all.iter().map(|costs| costs.rows.get(owner));
                Spread::of(rows.map(|row| row.map_or(0.0, value)))
            };
            OwnerCosts {
                owner: owner.clone(),
                main_cpu_ms: spread(|row| row.main_ms),
                forced_layout_ms: spread(|row| row.forced_ms),
                gc_ms: spread(|row| row.gc_ms),
                requests: spread(|row| row.requests),
                bytes: spread(|row| row.bytes),
                timers: spread(|row| row.timers),
                listeners: spread(|row| row.listeners),
                worker_cpu_ms: spread(|row| row.worker_ms),
                frame_cpu_ms: spread(|row| row.frame_ms),
            }
        })
        .collect();
    costs.sort_by(|a, b| b.main_cpu_ms.median.total_cmp(&a.main_cpu_ms.median));
    costs
}

/// Whether the tag's booked time is its effect. Only where both are against the same control: a screen's effects
/// are averages over other tags, at whose speed nothing was traced.
fn agreement(
    contrast: &Contrast,
    effects: &[Effect],
    booked_ms: Spread,
    without: &[&Visit],
) -> Option<Agreement> {
    let effect = effects.iter().find(|effect| {
        effect.tag == contrast.tag
            && effect.metric == CPU
            && effect.basis == Basis::Control
            && !effect.fresh
    })?;
    let traced = Spread::of(without.iter().map(|visit| steps_cpu_ms(visit)));
    let ratio = effect.without? / traced.median;
    let sound = ratio.is_finite() && ratio > 0.0;
    sound.then_some(agreement::compare(booked_ms, ratio, effect.interval?))
}

/// Main-thread CPU time of a traced visit, without the harness's own steps.
fn steps_cpu_ms(visit: &Visit) -> f64 {
    let evidence = Evidence::new(visit);
    let until_us = costs::steps_end_us(visit);
    let roots = evidence.tree().nodes.iter();
    let own = roots.filter(|node| node.parent.is_none() && node.start_us < until_us);
    own.map(|node| node.cpu_us).fold(0.0, |a, b| a + b) / 1e3
}

impl Spread {
    /// Median and range; zeros when there are none.
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let (Some(&low), Some(&high)) = (values.first(), values.last()) else {
            return Self::default();
        };
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            f64::midpoint(values[middle - 1], values[middle])
        };
        Self { median, low, high }
    }
}
