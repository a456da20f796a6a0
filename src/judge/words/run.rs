//! What is said of tags and of the run as a whole.

use crate::model::{
    Cell, Fault, Finding, Gate, NoTrace, Reason, ReasonId, Stop, TagInfo, TrialSummary, Unseen,
    Verdict,
};

use super::super::{Evidence, LOST_AT_MOST};
use super::{run_reason, tag_reason};

/// Longer lists of findings are counted.
const MOST_NAMED: usize = 3;

/// A tag that did not run in its own arm has no cost that could be measured.
pub(in crate::judge) fn did_not_run(tag: &TagInfo) -> Option<Reason> {
    let firing = &tag.firing;
    if firing.of == 0 || (firing.of - firing.ran) as f64 <= LOST_AT_MOST * firing.of as f64 {
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

pub(in crate::judge) fn forbidden(finding: &Finding) -> Reason {
    tag_reason(
        ReasonId::ForbiddenFinding,
        &finding.tag,
        format!("{}: {}", finding.id, finding.summary),
    )
}

/// Nothing was found of a tag in which nothing could have been seen.
pub(in crate::judge) fn not_examined(
    unseen: &Unseen,
    forbidden: &[&str],
    evidence: &Evidence,
) -> Reason {
    // What only traces takes minutes, and cannot be resumed.
    let (again, or_again) = match evidence.looks.1 {
        0 => ("start anew", ""),
        _ => ("go on with --resume", "go on with --resume, or "),
    };
    let stop = evidence.stop;
    let trial = if unseen.with {
        "trial with it"
    } else {
        "trial without it"
    };
    let resume = match stop {
        Stop::Interrupted | Stop::Broken(_) => or_again,
        _ => "",
    };
    let why = match (&unseen.why, stop) {
        (NoTrace::NotMade, Stop::Interrupted | Stop::Broken(_)) => {
            format!("the run ended before a {trial} was traced; {again}")
        }
        (NoTrace::NotMade, Stop::TooManyFaults) => {
            format!(
                "no {trial} was traced, because too many trials had failed; mend what made them fail"
            )
        }
        (NoTrace::NotMade, _) => format!("no {trial} was traced; raise `traced` in [trials]"),
        (NoTrace::Failed(fault), _) => format!(
            "every traced {trial} failed, the first: {fault}; {resume}mend that, or raise `traced` in [trials]"
        ),
        (NoTrace::Incomplete, _) => format!(
            "the trace of every traced {trial} breaks off; {resume}shorten the scenario's steps, or raise `traced` in [trials]"
        ),
    };
    let what = match forbidden.len() {
        0 => "a misbehaviour".into(),
        1..=MOST_NAMED => forbidden.join(" or "),
        many => format!("any of the {many} forbidden findings"),
    };
    let text = format!(
        "{}: nobody could have seen {what} in it, because {why}",
        unseen.tag
    );
    tag_reason(ReasonId::NotExamined, &unseen.tag, text)
}

pub(in crate::judge) fn passed(
    tag: &TagInfo,
    cells: &[Cell],
    gate: &Gate,
    evidence: &Evidence,
) -> Reason {
    let gated = cells
        .iter()
        .filter(|cell| cell.gated && !cell.effect.fresh && cell.effect.tag == tag.id);
    let within = gated.filter(|cell| cell.verdict == Verdict::Ok).count();
    let found = evidence.catalogue.nothing_found(gate);
    let text = match gate.metrics.is_empty() {
        true => format!("{}: {found}; no metric was judged", tag.id),
        false => format!(
            "{}: all {within} gated effects are within their margins, {found}",
            tag.id
        ),
    };
    tag_reason(ReasonId::WithinMargin, &tag.id, text)
}

/// A gated metric of which no trial says anything.
pub(in crate::judge) fn no_effect(tag: &TagInfo, metric: &str) -> Reason {
    Reason {
        metric: Some(metric.into()),
        ..tag_reason(
            ReasonId::MetricMissing,
            &tag.id,
            format!("{}: no pair of trials tells its cost in {metric}", tag.id),
        )
    }
}

pub(in crate::judge) fn no_tags() -> Reason {
    run_reason(
        ReasonId::NoTags,
        "the scenario names no tag, so there is nothing to compare: add a [[tag]]".into(),
    )
}

pub(in crate::judge) fn no_trials(trials: &[TrialSummary], stop: &Stop) -> Reason {
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

pub(in crate::judge) fn broke_off(why: &str) -> Reason {
    let text = format!("the run broke off and its record is not whole: {why}; go on with --resume");
    run_reason(ReasonId::BrokeOff, text)
}

pub(in crate::judge) fn lost(name: &str, lost: usize, of: usize, fault: Option<&Fault>) -> Reason {
    let why = fault.map_or(String::new(), |fault| format!("; the first: {fault}"));
    run_reason(
        ReasonId::TooManyFaults,
        format!("{lost} of {of} trials gave no evidence {name}{why}"),
    )
}

pub(in crate::judge) fn by_choice(choice: &str) -> Reason {
    run_reason(
        ReasonId::InconclusiveByChoice,
        format!("undecided effects count as {choice}, as was asked for"),
    )
}
