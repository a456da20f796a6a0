mod again;
mod undecided;
mod verdicts;

use super::*;
use crate::model::{
    Arm, Basis, Confirmation, Confirmed, Contrast, Design, Fault, Finding, Firing, GatedMetric,
    Interval, Margin, Mismatch, NoTrace, Purpose, ReasonId, Schedule, Severity, Slot, SpeedRatio,
    Unit,
};

fn effect(tag: &str, metric: &str, p_regressed: f64, p_ok: f64) -> Effect {
    Effect {
        tag: tag.into(),
        metric: metric.into(),
        basis: Basis::Control,
        fresh: false,
        detectable: None,
        pairs: 20,
        dropped: 0,
        dropped_because: None,
        without: Some(100.0),
        with: Some(120.0),
        estimate: Some(20.0),
        interval: Some(Interval {
            low: 15.0,
            high: 25.0,
            confidence: 0.98,
        }),
        margin: 10.0,
        p_regressed: Some(p_regressed),
        p_ok: Some(p_ok),
    }
}

fn good(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 1.0, 0.001)
}

fn bad(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 0.0001, 1.0)
}

fn open(tag: &str, metric: &str) -> Effect {
    effect(tag, metric, 0.4, 0.4)
}

fn gate() -> Gate {
    let gated = |metric: &str, weight| GatedMetric {
        metric: metric.into(),
        margin: Margin {
            absolute: 10.0,
            relative: 0.0,
        },
        weight,
    };
    Gate {
        forbid_chosen: false,
        limits: vec![],
        metrics: vec![gated("cpu", 0.7), gated("lcp", 0.3)],
        exploratory: vec![],
        forbid: vec!["runaway_scroll".into()],
        inconclusive: Inconclusive::Report,
        require_baseline: false,
    }
}

struct Case {
    effects: Vec<Effect>,
    findings: Vec<Finding>,
    unseen: Vec<Unseen>,
    catalogue: Catalogue,
    tags: Vec<TagInfo>,
    trials: Vec<TrialSummary>,
    baseline: BaselineUse,
    gate: Gate,
    stop: Stop,
    design: Design,
    confirmation: Option<Confirmation>,
    looks: (usize, usize),
}

/// What fresh trials say of an effect that was asked again.
fn fresh(first: &Effect, p_regressed: f64, p_ok: f64) -> Effect {
    let basis = match first.basis {
        Basis::Screen => Basis::Control,
        basis => basis,
    };
    Effect {
        basis,
        fresh: true,
        pairs: 6,
        p_regressed: Some(p_regressed),
        p_ok: Some(p_ok),
        ..first.clone()
    }
}

impl Case {
    /// Whatever is bad at first sight is bad at the second.
    fn new(mut effects: Vec<Effect>) -> Self {
        let bad = |e: &&Effect| e.p_regressed.is_some_and(|p| p < 0.01) && e.metric != "bytes";
        let again: Vec<Effect> = effects
            .iter()
            .filter(bad)
            .map(|e| fresh(e, 0.001, 1.0))
            .collect();
        effects.extend(again);
        Self::first_sight(effects)
    }

    fn first_sight(effects: Vec<Effect>) -> Self {
        let mut ids: Vec<String> = effects.iter().map(|effect| effect.tag.clone()).collect();
        ids.sort();
        ids.dedup();
        Self {
            findings: vec![],
            unseen: vec![],
            catalogue: Catalogue {
                looked_for: vec!["runaway_scroll".into()],
                without_chance: vec![],
            },
            tags: ids.iter().map(|id| tag(id)).collect(),
            trials: (1..=10)
                .flat_map(|block| [trial(block, None, None), trial(block, Some("a"), None)])
                .collect(),
            baseline: BaselineUse::None,
            gate: gate(),
            stop: Stop::Decided,
            design: Design::Blocks,
            confirmation: None,
            looks: (10, 40),
            effects,
        }
    }

    fn judge(&self) -> Judgement {
        judge(&self.evidence(), &self.gate)
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            effects: &self.effects,
            findings: &self.findings,
            unseen: &self.unseen,
            catalogue: &self.catalogue,
            tags: &self.tags,
            trials: &self.trials,
            metrics: &[],
            baseline: &self.baseline,
            stop: &self.stop,
            design: self.design,
            confirmation: self.confirmation.as_ref(),
            looks: self.looks,
        }
    }

    fn ends(&self) -> (Outcome, ReasonId) {
        let judgement = self.judge();
        (judgement.outcome, judgement.reasons[0].id)
    }
}

fn tag(id: &str) -> TagInfo {
    TagInfo {
        inline: vec![],
        id: id.into(),
        owner: None,
        members: vec![],
        source: "script".into(),
        what: String::new(),
        urls: vec![],
        code: String::new(),
        line: 3,
        firing: Firing {
            ran: 10,
            of: 10,
            problem: None,
            problem_id: None,
        },
    }
}

fn trial(block: usize, arm: Option<&str>, fault: Option<Fault>) -> TrialSummary {
    TrialSummary {
        slot: Slot {
            block,
            position: 0,
            arm: Arm(arm.map(str::to_owned).into_iter().collect()),
            purpose: Purpose::Measure,
        },
        attempt: 1,
        at_s: 0.0,
        visit: None,
        fault,
        readings: Default::default(),
    }
}

fn finding(tag: &str) -> Finding {
    Finding {
        chain: vec![],
        excerpt: None,
        hot: None,
        original: None,
        id: "runaway_scroll".into(),
        severity: Severity::Severe,
        tag: tag.into(),
        culprit: None,
        summary: "onScroll calls itself".into(),
        step: None,
        figures: vec![],
        seen_in: 2,
        seen_of: 2,
    }
}

fn screened(effect: Effect) -> Effect {
    Effect {
        basis: Basis::Screen,
        ..effect
    }
}

fn screen(effects: Vec<Effect>) -> Case {
    Case {
        design: Design::Screen,
        ..Case::first_sight(effects)
    }
}

/// The first word that is said of what is open in a case.
fn said(case: &Case, tag: &str) -> String {
    let tags = case.judge().tags;
    let own = tags.into_iter().find(|own| own.tag == tag).unwrap();
    own.reasons[0].text.clone()
}

fn asked_again(tags: &[&str]) -> Confirmation {
    let contrast = |tag: &&str| Contrast {
        tag: (*tag).into(),
        with: Arm(vec![(*tag).into()]),
        without: Arm::control(),
    };
    Confirmation {
        contrasts: tags.iter().map(contrast).collect(),
        schedule: Schedule {
            looks: vec![6, 20, 40],
            weights: vec![0.32, 0.28, 0.40],
        },
    }
}
