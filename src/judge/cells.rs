use std::collections::BTreeSet;

use crate::model::{
    Basis, Cell, Confirmed, Design, Effect, Gate, Judgement, Purpose, Reason, ReasonId, Suspicion,
    TrialSummary, Verdict,
};
use crate::stats::{self, ALPHA, ALPHA_CONFIRM, ALPHA_DOUBT, ALPHA_OK};

use super::{Evidence, LOST_AT_MOST, words};

/// What an effect is of: its basis, tag and metric.
type Name<'a> = (Basis, &'a str, &'a str);

/// Judges every effect; fresh ones confirm or clear what the first ones made suspect.
pub(super) fn judge(evidence: &Evidence, gate: &Gate) -> (Vec<Cell>, Vec<Suspicion>) {
    let (fresh, first): (Vec<&Effect>, Vec<&Effect>) =
        evidence.effects.iter().partition(|effect| effect.fresh);
    let suspected = every_basis(&first, gate);
    let is_suspect = |effect: &Effect| suspected.iter().any(|(_, tag, _)| *tag == effect.tag);
    let in_doubt: Vec<&Effect> = fresh.iter().copied().filter(|e| !is_suspect(e)).collect();
    let again = Again {
        regressed: every_basis(&in_doubt, gate),
        fresh,
    };
    let is_gated = |effect: &Effect| {
        let named = gate.metrics.iter().any(|g| g.metric == effect.metric);
        named && (gate.require_baseline || !is_unknown(effect))
    };
    let mut cells = Vec::new();
    let mut suspicions = Vec::new();
    for effect in first {
        let gated = is_gated(effect);
        let suspect = match gated {
            true => suspected.contains(&(effect.basis, &effect.tag, &effect.metric)),
            false => effect.p_regressed.is_some_and(|p| p <= ALPHA),
        };
        let asked = gated.then(|| again.of(effect)).flatten();
        let case = Case {
            effect,
            gated,
            suspect,
            again: asked,
        };
        let (verdict, reason) = case.verdict(evidence, &again);
        let nominated = asked.is_some()
            && effect.basis == Basis::Screen
            && !is_within(effect)
            && !is_suspect(effect);
        if gated && (suspect || nominated) {
            suspicions.push(Suspicion {
                tag: effect.tag.clone(),
                metric: effect.metric.clone(),
                basis: effect.basis,
                pairs: effect.pairs,
                fresh_pairs: asked.map_or(0, |fresh| fresh.pairs),
                outcome: match (verdict, reason.id) {
                    (Verdict::Regressed, _) => Confirmed::Yes,
                    (Verdict::Ok, _) | (_, ReasonId::Masked) => Confirmed::Cleared,
                    _ => Confirmed::Open,
                },
            });
        }
        cells.push(Cell {
            effect: effect.clone(),
            gated,
            verdict,
            reason,
        });
    }
    for effect in &again.fresh {
        let (verdict, reason) = again.verdict(effect, &suspected, evidence);
        cells.push(Cell {
            effect: (*effect).clone(),
            gated: is_gated(effect),
            verdict,
            reason,
        });
    }
    (cells, suspicions)
}

/// Fresh trials' effects.
struct Again<'a> {
    fresh: Vec<&'a Effect>,
    /// The gate's rule over the tags that no rule suspects and a screen left in doubt.
    regressed: BTreeSet<Name<'a>>,
}

impl<'a> Again<'a> {
    /// The fresh effect that asks again what `first` asked.
    fn of(&self, first: &Effect) -> Option<&'a Effect> {
        let basis = match first.basis {
            Basis::Screen => Basis::Control,
            basis => basis,
        };
        let same =
            |e: &&&Effect| e.basis == basis && e.tag == first.tag && e.metric == first.metric;
        self.fresh.iter().find(same).copied()
    }

    /// What the gate's rule suspects has had the family's whole correction, and only has to show again. What
    /// merely came close bears it here.
    fn shows(&self, fresh: &Effect, suspect: bool) -> bool {
        let again = fresh.p_regressed.is_some_and(|p| p <= ALPHA_CONFIRM);
        again
            && (suspect
                || self
                    .regressed
                    .contains(&(fresh.basis, &fresh.tag, &fresh.metric)))
    }

    fn verdict(
        &self,
        fresh: &Effect,
        suspected: &BTreeSet<Name>,
        evidence: &Evidence,
    ) -> (Verdict, Reason) {
        let words = words::of(fresh, evidence);
        let same = |(_, tag, metric): &Name| *tag == fresh.tag && *metric == fresh.metric;
        let suspect = suspected.iter().any(same);
        if unusable(fresh) {
            (Verdict::NotMeasured, words.missing())
        } else if self.shows(fresh, suspect) {
            (Verdict::Regressed, words.beyond(None))
        } else if is_within(fresh) {
            (Verdict::Ok, words.within())
        } else {
            (Verdict::Inconclusive, words.undecided(evidence))
        }
    }
}

/// One effect with what speaks about it.
struct Case<'a> {
    effect: &'a Effect,
    gated: bool,
    suspect: bool,
    again: Option<&'a Effect>,
}

impl Case<'_> {
    fn verdict(&self, evidence: &Evidence, again: &Again) -> (Verdict, Reason) {
        let words = words::of(self.effect, evidence);
        if is_unknown(self.effect) {
            return (Verdict::NotComparable, words.unknown());
        }
        if unusable(self.effect) {
            return (Verdict::NotMeasured, words.missing());
        }
        let asked = self.suspect || self.effect.basis == Basis::Screen;
        if let Some(fresh) = self.again.filter(|fresh| asked && unusable(fresh)) {
            return (Verdict::NotMeasured, words::of(fresh, evidence).missing());
        }
        match (self.gated, self.suspect, self.again) {
            (false, true, _) => (Verdict::Regressed, words.beyond(None)),
            (true, true, None) => (Verdict::Inconclusive, words.not_asked_again(evidence)),
            (true, suspect, Some(fresh))
                if (suspect || self.effect.basis == Basis::Screen)
                    && again.shows(fresh, suspect) =>
            {
                (Verdict::Regressed, words.beyond(Some(fresh)))
            }
            (true, true, Some(fresh)) if is_within(fresh) => match self.effect.basis {
                Basis::Screen => (Verdict::Inconclusive, words.masked(fresh)),
                Basis::Control | Basis::Baseline => (Verdict::Ok, words.cleared(fresh)),
            },
            (true, true, Some(fresh)) => {
                (Verdict::Inconclusive, words.unconfirmed(fresh, evidence))
            }
            _ if is_within(self.effect) => (Verdict::Ok, words.within()),
            (true, false, Some(fresh))
                if self.effect.basis == Basis::Screen && is_within(fresh) =>
            {
                (Verdict::Ok, words.cleared(fresh))
            }
            _ => (Verdict::Inconclusive, words.undecided(evidence)),
        }
    }
}

fn is_within(effect: &Effect) -> bool {
    effect.p_ok.is_some_and(|p| p <= ALPHA_OK)
}

/// The baseline has no cost that this one could be compared with.
fn is_unknown(effect: &Effect) -> bool {
    effect.basis == Basis::Baseline && effect.pairs == 0
}

/// Nothing was measured, or so much was lost that the rest no longer stands for the run.
fn unusable(effect: &Effect) -> bool {
    let seen = effect.pairs + effect.dropped;
    effect.pairs == 0 || effect.dropped as f64 > LOST_AT_MOST * seen as f64
}

fn every_basis<'a>(effects: &[&'a Effect], gate: &'a Gate) -> BTreeSet<Name<'a>> {
    [Basis::Control, Basis::Screen, Basis::Baseline]
        .into_iter()
        .flat_map(|basis| regressed(effects, gate, basis))
        .collect()
}

/// Gated cells that are regressed: Holm's rule over all tags, and inside a flagged tag over its metrics.
///
/// Each basis answers a question of its own and has its own error budget. A cell without a p-value counts
/// as the least evidence there can be, so that it neither blames nor clears a tag.
fn regressed<'a>(effects: &[&'a Effect], gate: &'a Gate, basis: Basis) -> Vec<Name<'a>> {
    let mut tags: Vec<&str> = Vec::new();
    let asked = |effect: &&&Effect| effect.basis == basis && !is_unknown(effect);
    for effect in effects.iter().filter(asked) {
        if !tags.contains(&effect.tag.as_str()) {
            tags.push(&effect.tag);
        }
    }
    let p_of = |tag: &str, metric: &str| {
        let own = |e: &&&Effect| e.basis == basis && e.tag == tag && e.metric == metric;
        effects
            .iter()
            .find(own)
            .and_then(|effect| effect.p_regressed)
            .unwrap_or(1.0)
    };
    let p: Vec<Vec<f64>> = tags
        .iter()
        .map(|tag| {
            gate.metrics
                .iter()
                .map(|gated| p_of(tag, &gated.metric))
                .collect()
        })
        .collect();
    let weights: Vec<f64> = gate.metrics.iter().map(|gated| gated.weight).collect();
    // The weights come from a checked gate and the p-values from tests: there is no error to be had, and
    // without a result no cell is called regressed, which the exit code then shows as undecided.
    let verdicts = stats::gate(&p, &weights, ALPHA).unwrap_or_default();
    tags.into_iter()
        .zip(verdicts)
        .flat_map(|(tag, verdict)| {
            verdict
                .blamed
                .into_iter()
                .map(move |metric| (basis, tag, gate.metrics[metric].metric.as_str()))
        })
        .collect()
}

/// Tags that need no more trials: something of theirs is suspected, or all of it is ok.
pub fn tags_decided(judgement: &Judgement) -> BTreeSet<String> {
    let suspected = judgement.suspicions.iter().map(|suspicion| &suspicion.tag);
    let suspected: BTreeSet<&String> = suspected.collect();
    let tags: BTreeSet<&String> = judgement
        .cells
        .iter()
        .map(|cell| &cell.effect.tag)
        .collect();
    tags.into_iter()
        .filter(|tag| {
            let mut own = gated_of(&judgement.cells, tag, false).peekable();
            // What the machine's speed or the baseline leaves open, no trial decides.
            let closed = |cell: &Cell| {
                let open_forever = [ReasonId::SpeedDiffers, ReasonId::BaselineMissing];
                cell.verdict == Verdict::Ok || open_forever.contains(&cell.reason.id)
            };
            let all_ok = own.peek().is_some() && own.all(closed);
            suspected.contains(tag) || all_ok
        })
        .cloned()
        .collect()
}

/// Suspected tags that fresh trials have decided: one suspicion is confirmed, or all are cleared.
pub fn suspects_settled(judgement: &Judgement) -> BTreeSet<String> {
    let open = |tag: &String| {
        let has = |outcome| {
            let mut own = judgement.suspicions.iter().filter(|s| s.tag == *tag);
            own.any(|suspicion| suspicion.outcome == outcome)
        };
        has(Confirmed::Open) && !has(Confirmed::Yes)
    };
    let tags = judgement.suspicions.iter().map(|s| s.tag.clone());
    tags.filter(|tag| !open(tag)).collect()
}

/// Tags that are to be asked again, the strongest suspicion first: those that the gate's rule suspects, and of
/// a screen also those that came close.
pub fn suspects(judgement: &Judgement, gate: &Gate) -> Vec<String> {
    let weighted = |cell: &Cell| {
        let gated = gate.metrics.iter().find(|g| g.metric == cell.effect.metric);
        let weight = gated.map_or(1.0, |gated| gated.weight);
        cell.effect.p_regressed.unwrap_or(1.0) / weight.max(f64::MIN_POSITIVE)
    };
    let mut found: Vec<(f64, &String)> = Vec::new();
    let tags: BTreeSet<&String> = judgement
        .cells
        .iter()
        .map(|cell| &cell.effect.tag)
        .collect();
    for tag in tags {
        let strongest = gated_of(&judgement.cells, tag, false)
            .map(weighted)
            .fold(1.0, f64::min);
        let undecided_screen = gated_of(&judgement.cells, tag, false)
            .any(|cell| cell.effect.basis == Basis::Screen && cell.verdict != Verdict::Ok);
        let suspected = judgement.suspicions.iter().any(|s| s.tag == *tag);
        if suspected || (undecided_screen && strongest <= ALPHA_DOUBT) {
            found.push((strongest, tag));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, tag)| tag.clone()).collect()
}

fn gated_of<'a>(cells: &'a [Cell], tag: &str, fresh: bool) -> impl Iterator<Item = &'a Cell> {
    cells
        .iter()
        .filter(move |cell| cell.gated && cell.effect.fresh == fresh && cell.effect.tag == tag)
}

/// Too many trials without evidence, overall in an arm or, in a screen, among those that have a tag or lack it.
pub(super) fn lost_trials(evidence: &Evidence) -> Option<Reason> {
    let measured: Vec<&TrialSummary> = evidence
        .trials
        .iter()
        .filter(|trial| matches!(trial.slot.purpose, Purpose::Measure | Purpose::Confirm))
        .collect();
    if measured.is_empty() && evidence.looks.1 == 0 {
        // Nothing was to be measured; traced trials that failed are told tag by tag.
        return None;
    }
    if measured.is_empty() {
        return Some(words::no_trials(evidence.trials, evidence.stop));
    }
    let mut groups: Vec<(String, Vec<&TrialSummary>)> = Vec::new();
    let mut group = |name: String, belongs: &dyn Fn(&TrialSummary) -> bool| {
        let own = measured.iter().copied().filter(|trial| belongs(trial));
        groups.push((name, own.collect()));
    };
    match evidence.design {
        Design::Blocks => {
            let arms: BTreeSet<_> = measured.iter().map(|trial| &trial.slot.arm).collect();
            for arm in arms {
                group(format!("in the arm `{arm}`"), &|trial| {
                    trial.slot.arm == *arm
                });
            }
        }
        Design::Screen => {
            let ids: BTreeSet<&String> = measured.iter().flat_map(|t| &t.slot.arm.0).collect();
            group("of all arms".into(), &|_| true);
            for id in ids {
                group(format!("with `{id}`"), &|trial| trial.slot.arm.has(id));
                group(format!("without `{id}`"), &|trial| !trial.slot.arm.has(id));
            }
        }
    }
    groups
        .into_iter()
        .find_map(|(name, trials)| lost_among(&name, &trials))
}

fn lost_among(name: &str, trials: &[&TrialSummary]) -> Option<Reason> {
    let place = |trial: &TrialSummary| (trial.slot.purpose, trial.slot.block, trial.slot.position);
    // A retry in the same block replaces the trial that failed.
    let slots: BTreeSet<_> = trials.iter().map(|trial| place(trial)).collect();
    let kept: BTreeSet<_> = trials
        .iter()
        .filter(|trial| trial.fault.is_none())
        .map(|trial| place(trial))
        .collect();
    let lost = slots.difference(&kept).count();
    if lost as f64 <= LOST_AT_MOST * slots.len() as f64 {
        return None;
    }
    let fault = trials.iter().find_map(|trial| trial.fault.as_ref());
    Some(words::lost(name, lost, slots.len(), fault))
}
