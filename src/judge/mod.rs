//! Effects, findings and firing → verdicts, and the one outcome that the exit code tells.

mod cells;
mod words;

use crate::model::{
    BaselineUse, Catalogue, Cell, Confirmation, Design, Effect, Finding, Gate, Inconclusive,
    Judgement, MetricInfo, Outcome, Purpose, Reason, ReasonId, Stop, TagInfo, TagVerdict,
    TrialSummary, Unseen, Verdict,
};

pub use cells::{suspects, suspects_settled, tags_decided};
pub use words::forecast;

/// Share of trials or pairs that may be lost before a result no longer stands for the run.
const LOST_AT_MOST: f64 = 0.20;

/// Everything that a verdict rests on.
pub struct Evidence<'a> {
    pub effects: &'a [Effect],
    pub findings: &'a [Finding],
    /// Tags of which no finding says nothing.
    pub unseen: &'a [Unseen],
    pub catalogue: &'a Catalogue,
    pub tags: &'a [TagInfo],
    pub trials: &'a [TrialSummary],
    pub metrics: &'a [MetricInfo],
    pub baseline: &'a BaselineUse,
    pub stop: &'a Stop,
    pub design: Design,
    /// What was asked again; `None` when nothing was.
    pub confirmation: Option<&'a Confirmation>,
    /// Measured blocks (in a screen: pairs) at the first look of the plan, and at the last.
    pub looks: (usize, usize),
}

impl Evidence<'_> {
    /// The run was ended from outside before it had all the blocks of this purpose: it can go on.
    fn has_left(&self, purpose: Purpose, budget: usize) -> bool {
        let own = self.trials.iter().filter(|t| t.slot.purpose == purpose);
        let measured = own.map(|trial| trial.slot.block).max().unwrap_or(0);
        !self.stop.is_complete() && measured < budget
    }
}

/// Judges a run. Pure: the same evidence gives the same verdicts.
pub fn judge(evidence: &Evidence, gate: &Gate) -> Judgement {
    let (cells, suspicions) = cells::judge(evidence, gate);
    let tags: Vec<TagVerdict> = evidence
        .tags
        .iter()
        .map(|tag| tag_verdict(tag, &cells, evidence, gate))
        .collect();
    let mut reasons: Vec<Reason> = Vec::new();
    let mut outcome = tags
        .iter()
        .map(|tag| tag.outcome)
        .max()
        .unwrap_or(Outcome::NotMeasured);
    for tag in &tags {
        if tag.outcome == outcome {
            reasons.extend(tag.reasons.iter().cloned());
        }
    }
    if tags.is_empty() {
        reasons.push(words::no_tags());
    }
    if let Some((own, reason)) = run_reason(evidence, gate) {
        if own > outcome {
            reasons.clear();
        }
        if own >= outcome {
            reasons.push(reason);
            outcome = own;
        }
    }
    // Why nothing was traced often stands in another reason.
    reasons.sort_by_key(|reason| reason.id == ReasonId::NotExamined);
    apply_choice(&mut outcome, &mut reasons, gate.inconclusive);
    Judgement {
        outcome,
        reasons,
        tags,
        cells,
        suspicions,
    }
}

fn tag_verdict(tag: &TagInfo, cells: &[Cell], evidence: &Evidence, gate: &Gate) -> TagVerdict {
    let mut found: Vec<(Outcome, Reason)> = Vec::new();
    if let Some(reason) = words::did_not_run(tag) {
        found.push((Outcome::NotMeasured, reason));
    }
    for finding in evidence.findings.iter().filter(|f| f.tag == tag.id) {
        if gate.forbid.contains(&finding.id) {
            found.push((Outcome::Fail, words::forbidden(finding)));
        }
    }
    let forbidden = evidence.catalogue.forbidden(gate);
    // A gate without metrics has nothing else to stand on.
    if !forbidden.is_empty() || gate.metrics.is_empty() {
        let unseen = evidence.unseen.iter().filter(|it| it.tag == tag.id);
        found.extend(unseen.map(|it| {
            let reason = words::not_examined(it, &forbidden, evidence);
            (Outcome::NotMeasured, reason)
        }));
    }
    for cell in cells
        .iter()
        .filter(|cell| cell.gated && !cell.effect.fresh && cell.effect.tag == tag.id)
    {
        let outcome = match cell.verdict {
            Verdict::Ok => continue,
            Verdict::Regressed => Outcome::Fail,
            Verdict::Inconclusive => Outcome::Inconclusive,
            Verdict::NotComparable => Outcome::NotComparable,
            Verdict::NotMeasured => Outcome::NotMeasured,
        };
        found.push((outcome, cell.reason.clone()));
    }
    let has_cell = |metric: &str| {
        let mut own = cells.iter().filter(|cell| cell.effect.tag == tag.id);
        own.any(|cell| !cell.effect.fresh && cell.effect.metric == metric)
    };
    for gated in gate.metrics.iter().filter(|gated| !has_cell(&gated.metric)) {
        let reason = words::no_effect(tag, &gated.metric);
        found.push((Outcome::NotMeasured, reason));
    }
    let outcome = found
        .iter()
        .map(|(outcome, _)| *outcome)
        .max()
        .unwrap_or(Outcome::Pass);
    let mut reasons: Vec<Reason> = found
        .into_iter()
        .filter(|(o, _)| *o == outcome)
        .map(|(_, r)| r)
        .collect();
    if outcome == Outcome::Pass {
        reasons.push(words::passed(tag, cells, gate, evidence));
    }
    TagVerdict {
        tag: tag.id.clone(),
        outcome,
        reasons,
    }
}

/// What concerns the run as a whole: lost trials and the baseline.
fn run_reason(evidence: &Evidence, gate: &Gate) -> Option<(Outcome, Reason)> {
    if let Stop::Broken(why) = evidence.stop {
        return Some((Outcome::NotMeasured, words::broke_off(why)));
    }
    if let Some(reason) = cells::lost_trials(evidence) {
        return Some((Outcome::NotMeasured, reason));
    }
    match evidence.baseline {
        BaselineUse::NotComparable {
            file,
            differences,
            renew,
        } => Some((
            Outcome::NotComparable,
            words::baseline_differs(file, differences, renew),
        )),
        BaselineUse::None if gate.require_baseline => Some((
            Outcome::NotComparable,
            words::baseline_missing(evidence.design),
        )),
        BaselineUse::None | BaselineUse::Compared { .. } => None,
    }
}

fn apply_choice(outcome: &mut Outcome, reasons: &mut Vec<Reason>, choice: Inconclusive) {
    if *outcome != Outcome::Inconclusive {
        return;
    }
    match choice {
        Inconclusive::Report => {}
        Inconclusive::Pass => {
            *outcome = Outcome::Pass;
            reasons.push(words::by_choice("pass"));
        }
        Inconclusive::Fail => {
            *outcome = Outcome::Fail;
            reasons.push(words::by_choice("fail"));
        }
    }
}

#[cfg(test)]
mod tests;
