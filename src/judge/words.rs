//! The sentences of verdicts: what was seen, and what to do next.

use crate::model::{
    Arm, BaselineUse, Basis, Cell, Effect, Fault, Finding, MetricInfo, Mismatch, Reason, ReasonId,
    Scaling, SpeedRatio, Stop, TagInfo, TrialSummary, Unit, Verdict,
};

pub(super) struct Words<'a> {
    pub effect: &'a Effect,
    pub metric: Option<&'a MetricInfo>,
    pub baseline: &'a BaselineUse,
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
        let (effect, unit) = (self.effect, self.unit());
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
        format!(
            "{estimate}{interval}, n = {}, margin {}",
            effect.pairs,
            unit.show(effect.margin)
        )
    }

    pub fn beyond(&self) -> Reason {
        match self.effect.basis {
            Basis::Control | Basis::Screen => self.reason(
                ReasonId::BeyondMargin,
                format!(
                    "{} adds {} {}",
                    self.effect.tag,
                    self.name(),
                    self.figures()
                ),
            ),
            Basis::Baseline => self.reason(
                ReasonId::GrewSinceBaseline,
                format!(
                    "{}'s cost in {} has grown since the baseline: {}{}",
                    self.effect.tag,
                    self.name(),
                    self.figures(),
                    self.indirect()
                ),
            ),
        }
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

    fn scaling(&self) -> Scaling {
        self.metric.map_or(Scaling::Fixed, |metric| metric.scaling)
    }

    /// How fast the run was, for a cost since the baseline.
    fn speed(&self) -> Option<&SpeedRatio> {
        match (self.effect.basis, self.baseline) {
            (Basis::Baseline, BaselineUse::Compared { speed, .. }) => Some(speed),
            _ => None,
        }
    }

    /// What a reader must know of a comparison across machines.
    fn indirect(&self) -> String {
        match self.speed() {
            Some(speed) if speed.indirect && self.scaling() != Scaling::Fixed => format!(
                " (indirect: the baseline comes from another machine or CPU slowdown, and CPU times of this run were multiplied by {:.2})",
                speed.whole()
            ),
            _ => String::new(),
        }
    }

    /// Why the baseline's machine leaves open what the figures seem to say.
    fn too_far(&self) -> Option<Reason> {
        let (speed, interval) = (self.speed()?, self.effect.interval?);
        let seems_ok = interval.high < self.effect.margin;
        let why = if seems_ok {
            speed.forbids_ok(self.scaling())
        } else {
            speed.forbids_regressed(self.scaling())
        }?;
        let text = format!(
            "{}'s cost in {} since the baseline is left open: {}; {why}. Accept a run of this machine with `tagperf baseline accept RUN --reason …`",
            self.effect.tag,
            self.name(),
            self.figures()
        );
        Some(self.reason(ReasonId::SpeedDiffers, text))
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

    /// `looks`: measured blocks at the plan's first and last look.
    pub fn undecided(&self, looks: (usize, usize)) -> Reason {
        if let Some(reason) = self.too_far() {
            return reason;
        }
        let (effect, name) = (self.effect, self.name());
        if effect.p_regressed.is_some() && effect.pairs < looks.0 && effect.basis == Basis::Control
        {
            let text = format!(
                "{} {name}: {} blocks are too few to decide, the first look is after {}",
                effect.tag, effect.pairs, looks.0
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
            "{} {name} is undecided: {}. Measure more blocks, or choose a margin that this noise allows",
            effect.tag,
            self.figures()
        );
        self.reason(ReasonId::Undecided, text)
    }
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
        .filter(|cell| cell.gated && cell.effect.tag == tag.id);
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

pub(super) fn lost(arm: &Arm, lost: usize, of: usize, fault: Option<&Fault>) -> Reason {
    let why = fault.map_or(String::new(), |fault| format!("; the first: {fault}"));
    run_reason(
        ReasonId::TooManyFaults,
        format!("{lost} of {of} blocks gave no evidence in the arm `{arm}`{why}"),
    )
}

pub(super) fn baseline_differs(file: &str, differences: &[Mismatch], renew: &str) -> Reason {
    let list: Vec<String> = differences
        .iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.baseline, d.run))
        .collect();
    run_reason(
        ReasonId::BaselineDiffers,
        format!(
            "the baseline {file} was measured under other conditions ({}): renew it with `{renew}`",
            list.join("; ")
        ),
    )
}

pub(super) fn baseline_missing() -> Reason {
    run_reason(
        ReasonId::BaselineMissing,
        "the gate requires a baseline and there is none: accept a run with `tagperf baseline accept RUN --reason …`"
            .into(),
    )
}

pub(super) fn by_choice(choice: &str) -> Reason {
    run_reason(
        ReasonId::InconclusiveByChoice,
        format!("undecided effects count as {choice}, as was asked for"),
    )
}
