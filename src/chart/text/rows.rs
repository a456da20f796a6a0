//! Which effect stands where: the tag that harms most first.

use anyhow::{Context, Result};

use crate::model::{Basis, Cell, MetricInfo, Report};

use super::{Again, safe};

/// A cell with the description of its metric, and what fresh trials said of it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub cell: &'a Cell,
    pub metric: &'a MetricInfo,
    /// None for an effect that never looked regressed.
    pub again: Option<Again<'a>>,
}

impl Row<'_> {
    /// The metric's name and what the effect is measured against, if that is not the control.
    pub fn name(&self) -> String {
        let average = match self.cell.effect.basis {
            Basis::Screen => ", on average",
            Basis::Control | Basis::Baseline => "",
        };
        self.short_name() + average
    }

    /// As [`Row::name`], below a heading that says of a screen's effects that they are averages.
    pub fn short_name(&self) -> String {
        let since = match self.cell.effect.basis {
            Basis::Control | Basis::Screen => "",
            Basis::Baseline => ", since baseline",
        };
        safe::text(&self.metric.name, 40) + since
    }
}

/// Effects by harm: tag by tag as in [`tags_by_harm`], and within a tag the worst first.
///
/// What fresh trials said stands with the effect that made them necessary: see [`Row::again`].
///
/// # Errors
/// A cell names a metric that the report does not describe.
pub fn rows(report: &Report, gated: bool) -> Result<Vec<Row<'_>>> {
    let tags = tags_by_harm(report);
    let rank = |row: &Row| tags.iter().position(|tag| *tag == row.cell.effect.tag);
    let judgement = &report.judgement;
    let mut rows = Vec::new();
    for cell in judgement.cells.iter().filter(|cell| cell.gated == gated) {
        let metric = report.metric(&cell.effect.metric).with_context(|| {
            format!(
                "the report does not describe the metric `{}` of one of its effects: it was changed \
                 by hand, or by a newer version",
                cell.effect.metric
            )
        })?;
        if !cell.effect.fresh {
            let again = Again::of(cell, judgement);
            rows.push(Row {
                cell,
                metric,
                again,
            });
        }
    }
    rows.sort_by(|a, b| {
        (rank(a).cmp(&rank(b)))
            .then(b.cell.verdict.cmp(&a.cell.verdict))
            .then(harm(b.cell).total_cmp(&harm(a.cell)))
    });
    Ok(rows)
}

/// Ids of all tags: by verdict, then by the largest gated effect in margins, then in the scenario's order.
pub fn tags_by_harm(report: &Report) -> Vec<&str> {
    let judgement = &report.judgement;
    let mut tags: Vec<&str> = report.tags.iter().map(|tag| tag.id.as_str()).collect();
    for cell in &judgement.cells {
        if !tags.contains(&cell.effect.tag.as_str()) {
            tags.push(&cell.effect.tag);
        }
    }
    let key = |tag: &str| {
        let verdict = judgement.tags.iter().find(|verdict| verdict.tag == tag);
        let cells = judgement.cells.iter();
        let gated = cells.filter(|cell| cell.gated && !cell.effect.fresh);
        let worst = gated
            .filter(|cell| cell.effect.tag == tag)
            .map(harm)
            .fold(f64::NEG_INFINITY, f64::max);
        (verdict.map(|verdict| verdict.outcome), worst)
    };
    let mut keyed: Vec<_> = tags.into_iter().map(|tag| (key(tag), tag)).collect();
    keyed.sort_by(|((a, x), _), ((b, y), _)| b.cmp(a).then(y.total_cmp(x)));
    keyed.into_iter().map(|(_, tag)| tag).collect()
}

/// The effect in margins: comparable between metrics.
fn harm(cell: &Cell) -> f64 {
    match cell.effect.estimate {
        Some(estimate) => estimate / cell.effect.margin.max(f64::MIN_POSITIVE),
        None => f64::NEG_INFINITY,
    }
}
