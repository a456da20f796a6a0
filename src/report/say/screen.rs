//! What a screen of many tags shows, and how far it can be trusted.

use std::collections::BTreeSet;

use crate::model::{Design, Report, Screen};

use super::pen::Pen;
use super::run::count;

/// How interactions are headed.
pub const INTERACTIONS: &str =
    "Tags that change each other's cost (exploratory: shown, never judged)";

/// How the screen's limits are headed.
pub const LIMITS: &str = "How far this screen can be trusted";

/// What the table of effects shows.
pub fn title(report: &Report) -> String {
    match report.plan.design {
        Design::Blocks => "What each tag costs: with minus without".into(),
        Design::Screen => format!(
            "What each tag costs, averaged over the other tags being on and off (screen of {}, {})",
            count(report.tags.len(), "tag"),
            count(measured(report), "pair")
        ),
    }
}

/// Blocks that were measured; in a screen, pairs of trials.
pub fn measured(report: &Report) -> usize {
    let blocks: BTreeSet<usize> = report.measured().map(|trial| trial.slot.block).collect();
    blocks.len()
}

/// What a screen's blocks are called: a block is one trial per arm, a pair one half of the tags and the other half.
pub fn block(report: &Report) -> &'static str {
    match report.plan.design {
        Design::Blocks => "block",
        Design::Screen => "pair",
    }
}

/// Tags that change each other's cost; the heading above says that this is exploratory.
pub fn interactions(report: &Report, screen: &Screen, pen: &Pen) -> Vec<String> {
    let all = screen.interactions.iter();
    let lines: Vec<String> = all.filter_map(|it| pen.interaction(report, it)).collect();
    if lines.is_empty() {
        return vec![
            "no two tags were seen to cost more, or less, together than the sum of both".into(),
        ];
    }
    lines
}

/// What the design could not separate, and what its verdicts rest on.
pub fn limits(screen: &Screen, pen: &Pen) -> Vec<String> {
    let confounded = screen.confounded.iter();
    let mut lines: Vec<String> = confounded.map(|it| pen.confounding(it)).collect();
    lines.push(format!(
        "the largest correlation between two tags is {:.2}: at 0 their costs are told apart fully, at 1 not at all",
        screen.largest_correlation.abs()
    ));
    lines.push(
        "three-way interactions are not told apart from single costs: what three tags cost only together counts \
         towards one of them"
            .into(),
    );
    lines.push(
        "ok rests on these averages; regressed rests on fresh trials too: everything against everything without \
         that one tag"
            .into(),
    );
    lines
}
