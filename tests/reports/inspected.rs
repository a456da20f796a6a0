//! The fixed report as an inspection would give it: findings, and nothing about costs.

use tagperf::model::{
    Design, Notice, Outcome, Reason, ReasonId, Report, Schedule, Stop, TagVerdict,
};

use crate::sample::sample;

/// One tag misbehaves, one does not, and of one nothing could be seen.
pub fn inspected() -> Report {
    let mut report = sample();
    report.plan.design = Design::Blocks;
    report.plan.schedule = Schedule {
        looks: vec![],
        weights: vec![],
    };
    report.stop = Stop::BlocksSpent;
    report.gate.metrics.clear();
    report.gate.exploratory.clear();
    report.judgement.cells.clear();
    report.judgement.suspicions.clear();
    report.confirmation = None;
    report.findings.truncate(1);
    report.notices = vec![Notice {
        id: "not_looked_for".into(),
        text: "not looked for: slow_input (needs a step click or type)".into(),
    }];
    let reason = |tag: &str, id, text: &str| Reason {
        id,
        tag: Some(tag.into()),
        metric: None,
        text: text.into(),
    };
    let verdict = |tag: &str, outcome, id, text: &str| TagVerdict {
        tag: tag.into(),
        outcome,
        reasons: vec![reason(tag, id, text)],
    };
    report.judgement.tags = vec![
        verdict(
            "consent",
            Outcome::Pass,
            ReasonId::WithinMargin,
            "consent: of the 2 forbidden findings that this scenario can show, none was found; no metric was judged",
        ),
        verdict(
            "heatmap",
            Outcome::Fail,
            ReasonId::ForbiddenFinding,
            &format!("runaway_scroll: {}", report.findings[0].summary),
        ),
        verdict(
            "chat",
            Outcome::NotMeasured,
            ReasonId::NotExamined,
            "chat: nobody could have seen runaway_scroll or endless_timer in it, because every traced trial with it failed",
        ),
    ];
    report.judgement.outcome = Outcome::Fail;
    report.judgement.reasons = report.judgement.tags[1].reasons.clone();
    report
}
