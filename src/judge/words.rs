//! The sentences of verdicts: what was seen, and what to do next.

mod since;

use crate::model::{
    BaselineUse, Basis, Cell, Effect, Fault, Finding, MetricInfo, Reason, ReasonId, SpeedRatio,
    Stop, TagInfo, TrialSummary, Unit, Verdict,
};
use crate::stats;

use super::Evidence;

pub(super) use since::{baseline_differs, baseline_missing};

pub(super) struct Words<'a> {
    effect: &'a Effect,
    metric: Option<&'a MetricInfo>,
    /// How fast the run was, for a cost since the baseline.
    speed: Option<&'a SpeedRatio>,
}

pub(super) fn of<'a>(effect: &'a Effect, evidence: &Evidence<'a>) -> Words<'a> {
    Words {
        effect,
        metric: evidence.metrics.iter().find(|m| m.id == effect.metric),
        speed: match (effect.basis, evidence.baseline) {
            (Basis::Baseline, BaselineUse::Compared { speed, .. }) => Some(speed),
            _ => None,
        },
    }
}

impl Words<'_> {
    fn reason(&self, id: ReasonId, text: String) -> Reason {
        Reason {
            id,
            tag: Some(self.effect.tag.clone()),
            metric: Some(self.effect.metric.clone()),
            text,
        }
    }

    fn unit(&self) -> Unit {
        self.metric.map_or(Unit::Score, |metric| metric.unit)
    }

    fn name(&self) -> &str {
        self.metric
            .map_or(&self.effect.metric, |metric| &metric.name)
    }

    /// `+912 ms [880 ms … 941 ms], n = 10, margin 50 ms`
    fn figures(&self) -> String {
        let effect = self.effect;
        format!(
            "{}, n = {}, margin {}",
            self.amount(effect),
            effect.pairs,
            self.unit().show(effect.margin)
        )
    }

    /// `+912 ms [880 ms … 941 ms]`
    fn amount(&self, effect: &Effect) -> String {
        let unit = self.unit();
        let estimate = effect
            .estimate
            .map_or("no estimate".into(), |value| unit.show_signed(value));
        let interval = effect.interval.map_or(String::new(), |interval| {
            format!(
                " [{} … {}]",
                unit.show_signed(interval.low),
                unit.show_signed(interval.high)
            )
        });
        estimate + &interval
    }

    /// What is said of the effect: `heatmap adds main-thread CPU +912 ms …`
    fn claim(&self) -> String {
        let (tag, name, figures) = (&self.effect.tag, self.name(), self.figures());
        match self.effect.basis {
            Basis::Control => format!("{tag} adds {name} {figures}"),
            Basis::Screen => {
                format!(
                    "{tag} adds {name} {figures}, averaged over the other tags being on and off"
                )
            }
            Basis::Baseline => {
                let indirect = self.indirect();
                format!("{tag}'s cost in {name} has grown since the baseline: {figures}{indirect}")
            }
        }
    }

    /// `again`: the fresh trials that confirm it.
    pub fn beyond(&self, again: Option<&Effect>) -> Reason {
        let id = match self.effect.basis {
            Basis::Control | Basis::Screen => ReasonId::BeyondMargin,
            Basis::Baseline => ReasonId::GrewSinceBaseline,
        };
        let confirmed = again.map_or(String::new(), |fresh| {
            let removed = match self.effect.basis {
                Basis::Screen => " when it alone is removed",
                Basis::Control | Basis::Baseline => "",
            };
            let (pairs, amount) = (fresh.pairs, self.amount(fresh));
            format!("; confirmed by {pairs} fresh pairs: {amount}{removed}")
        });
        self.reason(id, self.claim() + &confirmed)
    }

    pub fn not_asked_again(&self) -> Reason {
        let text = format!(
            "{}: suspected, and not yet confirmed, since the run ended before fresh trials: go on with --resume",
            self.claim()
        );
        self.reason(ReasonId::Unconfirmed, text)
    }

    pub fn unconfirmed(&self, fresh: &Effect) -> Reason {
        let text = format!(
            "{}: suspected; {} fresh pairs neither confirm nor clear it: {}. Run it again, with a larger --max-blocks",
            self.claim(),
            fresh.pairs,
            self.amount(fresh)
        );
        self.reason(ReasonId::Unconfirmed, text)
    }

    pub fn cleared(&self, fresh: &Effect) -> Reason {
        let text = format!(
            "{} {} was suspected and is cleared by {} fresh pairs: {}, within its margin {}",
            self.effect.tag,
            self.name(),
            fresh.pairs,
            self.amount(fresh),
            self.unit().show(self.effect.margin)
        );
        self.reason(ReasonId::Cleared, text)
    }

    pub fn masked(&self, fresh: &Effect) -> Reason {
        let text = format!(
            "{}; but removing it alone from the whole page saves {} (n = {}): another tag then does the same work. Measure the two as one `group`, or without the other",
            self.claim(),
            self.amount(fresh),
            fresh.pairs
        );
        self.reason(ReasonId::Masked, text)
    }

    pub fn within(&self) -> Reason {
        let (tag, name, figures) = (&self.effect.tag, self.name(), self.figures());
        let text = match self.effect.basis {
            Basis::Control | Basis::Screen => {
                format!("{tag} {name} is within its margin: {figures}")
            }
            Basis::Baseline => format!(
                "{tag}'s cost in {name} has not grown beyond its margin since the baseline: {figures}{}",
                self.indirect()
            ),
        };
        self.reason(ReasonId::WithinMargin, text)
    }

    pub fn missing(&self) -> Reason {
        let why = self
            .effect
            .dropped_because
            .as_deref()
            .unwrap_or("no trial of both arms gave a value");
        let text = format!(
            "{} of {} has no value in {} of {} blocks: {why}",
            self.name(),
            self.effect.tag,
            self.effect.dropped,
            self.effect.pairs + self.effect.dropped
        );
        self.reason(ReasonId::MetricMissing, text)
    }

    pub fn undecided(&self, evidence: &Evidence) -> Reason {
        if let Some(reason) = self.too_far() {
            return reason;
        }
        let (effect, name) = (self.effect, self.name());
        let (first, budget) = evidence.looks;
        let things = match effect.basis {
            Basis::Screen => "pairs",
            Basis::Control | Basis::Baseline => "blocks",
        };
        let counts = effect.p_regressed.is_some() || effect.basis == Basis::Screen;
        if counts && !effect.fresh && effect.pairs < first && effect.basis != Basis::Baseline {
            let text = format!(
                "{} {name}: {} {things} are too few to decide, the first look is after {first}",
                effect.tag, effect.pairs
            );
            return self.reason(ReasonId::TooFewBlocks, text);
        }
        if effect.p_regressed.is_none() {
            let text = format!(
                "{} {name}: {}: shown, not judged",
                effect.tag,
                self.figures()
            );
            return self.reason(ReasonId::Undecided, text);
        }
        if effect
            .interval
            .is_some_and(|interval| interval.low > effect.margin)
        {
            let text = format!(
                "{} {name} is beyond its margin as far as measured: {}. Alone it is not yet proof",
                effect.tag,
                self.figures()
            );
            return self.reason(ReasonId::Undecided, text);
        }
        let text = format!(
            "{} {name} is undecided: {}. {}",
            effect.tag,
            self.figures(),
            self.what_it_takes(budget, things)
        );
        self.reason(ReasonId::Undecided, text)
    }

    /// Why so many blocks did not decide, and how many would.
    fn what_it_takes(&self, budget: usize, things: &str) -> String {
        let (effect, unit) = (self.effect, self.unit());
        let Some(seen) = effect.detectable else {
            return "Measure more blocks".into();
        };
        let margin = unit.show(effect.margin);
        let blocks = |distance: f64| {
            let needed = stats::blocks_needed(seen, effect.pairs, distance).ok()?;
            Some(rounded_up(needed.max(budget + 1)))
        };
        if seen > effect.margin {
            let more = blocks(effect.margin).map_or(String::new(), |blocks| {
                format!("raise --max-blocks to about {blocks} or ")
            });
            return format!(
                "It could not see effects under {} in {} {things}; {more}the margin to {}",
                unit.show(seen),
                effect.pairs,
                unit.show(two_digits_up(seen))
            );
        }
        let distance = effect.estimate.map_or(0.0, |e| (e - effect.margin).abs());
        match blocks(distance) {
            Some(blocks) if blocks <= 1000 => format!(
                "The cost is so close to its margin of {margin} that it takes about {blocks} {things} to tell: raise --max-blocks, or move the margin"
            ),
            _ => format!(
                "The cost is about its margin of {margin} itself, which no number of {things} can decide: move the margin"
            ),
        }
    }
}

/// Up to two digits that mean something: 38.2 becomes 39.
fn two_digits_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let step = 10f64.powi(value.log10().floor() as i32 - 1);
    (value / step - 1e-9).ceil() * step
}

/// A number of blocks that one would ask for.
fn rounded_up(blocks: usize) -> usize {
    match blocks {
        0..=100 => blocks.div_ceil(5) * 5,
        _ => two_digits_up(blocks as f64) as usize,
    }
}

/// After the first look: what the whole budget will hardly be able to decide, a sentence per gated effect.
pub fn forecast(cells: &[Cell], metrics: &[MetricInfo], budget: usize) -> Vec<String> {
    let gated = cells
        .iter()
        .filter(|cell| cell.gated && !cell.effect.fresh && cell.verdict == Verdict::Inconclusive);
    gated
        .filter_map(|cell| {
            let effect = &cell.effect;
            let metric = metrics.iter().find(|metric| metric.id == effect.metric);
            let at_the_end = stats::mde_at(effect.detectable?, effect.pairs, budget);
            if at_the_end <= effect.margin {
                return None;
            }
            let words = Words {
                effect,
                metric,
                speed: None,
            };
            let unit = words.unit();
            Some(format!(
                "{} {}: the noise here hides effects under about {} in {budget} blocks, and the margin is {}",
                effect.tag,
                words.name(),
                unit.show(at_the_end),
                unit.show(effect.margin)
            ))
        })
        .collect()
}

fn tag_reason(id: ReasonId, tag: &str, text: String) -> Reason {
    Reason {
        id,
        tag: Some(tag.into()),
        metric: None,
        text,
    }
}

fn run_reason(id: ReasonId, text: String) -> Reason {
    Reason {
        id,
        tag: None,
        metric: None,
        text,
    }
}

/// A tag that did not run in its own arm has no cost that could be measured.
pub(super) fn did_not_run(tag: &TagInfo) -> Option<Reason> {
    let firing = &tag.firing;
    if firing.of == 0 || (firing.of - firing.ran) as f64 <= super::LOST_AT_MOST * firing.of as f64 {
        return None;
    }
    let id = firing.problem_id.unwrap_or(ReasonId::TagDidNotRun);
    let why = firing.problem.as_deref().unwrap_or("it left no trace");
    let text = format!(
        "{} ran in {} of {} trials that have it (scenario line {}): {why}",
        tag.id, firing.ran, firing.of, tag.line
    );
    Some(tag_reason(id, &tag.id, text))
}

pub(super) fn forbidden(finding: &Finding) -> Reason {
    tag_reason(
        ReasonId::ForbiddenFinding,
        &finding.tag,
        format!("{}: {}", finding.id, finding.summary),
    )
}

pub(super) fn passed(tag: &TagInfo, cells: &[Cell]) -> Reason {
    let gated = cells
        .iter()
        .filter(|cell| cell.gated && !cell.effect.fresh && cell.effect.tag == tag.id);
    let within = gated.filter(|cell| cell.verdict == Verdict::Ok).count();
    let text = format!(
        "{}: all {within} gated effects are within their margins, nothing forbidden was found",
        tag.id
    );
    tag_reason(ReasonId::WithinMargin, &tag.id, text)
}

pub(super) fn no_tags() -> Reason {
    run_reason(
        ReasonId::NoTags,
        "the scenario names no tag, so there is nothing to compare: add a [[tag]]".into(),
    )
}

pub(super) fn no_trials(trials: &[TrialSummary], stop: &Stop) -> Reason {
    let fault = trials.iter().find_map(|trial| trial.fault.as_ref());
    match (fault, stop) {
        (Some(fault), _) => run_reason(
            ReasonId::TooManyFaults,
            format!("no trial gave evidence: {fault}"),
        ),
        (None, Stop::Interrupted) => run_reason(
            ReasonId::TooFewBlocks,
            "the run was interrupted before the first block that counts".into(),
        ),
        (None, _) => run_reason(
            ReasonId::TooFewBlocks,
            "no block that counts was measured".into(),
        ),
    }
}

pub(super) fn broke_off(why: &str) -> Reason {
    let text = format!("the run broke off and its record is not whole: {why}; go on with --resume");
    run_reason(ReasonId::BrokeOff, text)
}

pub(super) fn lost(name: &str, lost: usize, of: usize, fault: Option<&Fault>) -> Reason {
    let why = fault.map_or(String::new(), |fault| format!("; the first: {fault}"));
    run_reason(
        ReasonId::TooManyFaults,
        format!("{lost} of {of} trials gave no evidence {name}{why}"),
    )
}

pub(super) fn by_choice(choice: &str) -> Reason {
    run_reason(
        ReasonId::InconclusiveByChoice,
        format!("undecided effects count as {choice}, as was asked for"),
    )
}
