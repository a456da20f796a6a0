//! What does each tag cost, and is it more than the gate tolerates? One panel per gated metric, one row per tag.

use anyhow::Result;

use crate::model::{Confirmed, Design, Effect, Outcome, Report, Unit, Verdict};

use super::draw::{self, Axis, Page};
use super::text::{self, Again, Row, safe};
use super::{Anchor, Chart, Colour, Scene, Theme};

pub const CHART: Chart = Chart {
    id: "cost",
    title: "What each tag costs the page",
    draw,
};

/// What a pull request shows without shrinking.
const WIDTH: f64 = 800.0;
const EDGE: f64 = 16.0;
/// Columns: the tag before the plot, the figures behind it, then the verdict.
const PLOT: (f64, f64) = (180.0, 448.0);
const FIGURES: f64 = 462.0;
const PAIRS: f64 = 668.0;
const VERDICT: f64 = 683.0;

/// Taller pictures are not looked at; the tables have all rows.
const MOST_ROWS: usize = 60;

fn draw(report: &Report, theme: &Theme) -> Result<Scene> {
    let mut page = Page::new(theme);
    let rows = text::rows(report, true)?;
    head(&mut page, report, &rows)?;
    for panel in panels(report, &rows) {
        draw_panel(&mut page, &panel)?;
    }
    if rows.is_empty() {
        page.y += 32.0;
        note(&mut page, "No metric is gated: nothing was judged.")?;
    }
    page.y += 28.0;
    let (run, browser) = (&report.run, &report.environment.browser);
    note(
        &mut page,
        &format!(
            "tagperf, run {}, {}",
            safe::text(run, 40),
            safe::text(browser, 60)
        ),
    )?;
    page.y += EDGE;
    Ok(page.done(title(report), WIDTH))
}

/// Rows by metric and by what they are measured against, in the gate's order.
fn panels<'a>(report: &Report, rows: &[Row<'a>]) -> Vec<Vec<Row<'a>>> {
    let gate = &report.gate.metrics;
    let key = |row: &Row| {
        let place = gate.iter().position(|gated| gated.metric == row.metric.id);
        let place = place.unwrap_or(gate.len());
        (place, row.metric.id.clone(), row.cell.effect.basis)
    };
    let mut rows = rows.to_vec();
    rows.sort_by_cached_key(key);
    let panels = rows.chunk_by(|a, b| key(a) == key(b));
    panels.map(<[Row]>::to_vec).collect()
}

fn title(report: &Report) -> String {
    let scenario = safe::text(&report.scenario.name, 60);
    format!("{scenario}: what each tag costs the page")
}

fn head(page: &mut Page, report: &Report, rows: &[Row]) -> Result<()> {
    let theme = page.theme;
    let outcome = report.judgement.outcome;
    let colour = match outcome {
        Outcome::Pass => theme.ok,
        Outcome::Fail => theme.regressed,
        Outcome::Inconclusive | Outcome::NotComparable | Outcome::NotMeasured => theme.undecided,
    };
    let word = outcome.to_string().to_uppercase();
    let taken = draw::width(&word, 18.0)?;
    page.y = 34.0;
    page.write(&word, (WIDTH - EDGE, Anchor::End), WIDTH, (18.0, colour))?;
    let room = WIDTH - 3.0 * EDGE - taken;
    page.write(
        &title(report),
        (EDGE, Anchor::Start),
        room,
        (18.0, theme.ink),
    )?;
    page.y += 4.0;
    for line in legend(report, rows) {
        page.y += 17.0;
        note(page, &line)?;
    }
    Ok(())
}

/// What the reader sees, in as many lines as the run has kinds of marks.
fn legend(report: &Report, rows: &[Row]) -> Vec<String> {
    let interval = text::intervals(rows.iter().map(|row| &row.cell.effect));
    let mut lines = vec![format!(
        "With minus without the tag, from n pairs. Bar: estimate. Whisker: {interval}. \
         Shaded: beyond the margin."
    )];
    if report.plan.design == Design::Screen {
        lines.push("On average: over the other tags being on and off.".into());
    }
    if rows.iter().any(|row| row.again.is_some()) {
        lines.push(
            "Hollow diamond: estimate from fresh trials, for what looked regressed at first."
                .into(),
        );
    }
    lines
}

fn note(page: &mut Page, text: &str) -> Result<()> {
    let style = (12.0, page.theme.faint);
    page.write(text, (EDGE, Anchor::Start), WIDTH - 2.0 * EDGE, style)
}

fn draw_panel(page: &mut Page, rows: &[Row]) -> Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let (unit, name) = (first.metric.unit, first.name());
    let effects = || rows.iter().map(|row| &row.cell.effect);
    let margins = || effects().map(|effect| effect.margin);
    let largest = margins().fold(0.0, f64::max);
    let smallest = margins().fold(largest, f64::min);
    let fresh = || rows.iter().filter_map(fresh_estimate);
    let ends: Vec<f64> = effects().flat_map(ends).chain(fresh()).collect();
    let axis = Axis::new(&ends, largest, PLOT);

    page.y += 36.0;
    let style = (15.0, page.theme.ink);
    page.write(&name, (EDGE, Anchor::Start), PLOT.1 - EDGE, style)?;
    let allowed = match (text::plain(unit, smallest), text::plain(unit, largest)) {
        (low, high) if low == high => format!("margin {high}"),
        (low, high) => format!("margins {low} to {high}"),
    };
    let half = draw::width(&allowed, 11.0)? / 2.0;
    let least = PLOT.0.max(EDGE + draw::width(&name, 15.0)? + 8.0) + half;
    let at = axis.x(largest).min(PLOT.1 - half).max(least);
    let style = (11.0, page.theme.faint);
    page.write(&allowed, (at, Anchor::Middle), WIDTH, style)?;

    let shown = rows.get(..MOST_ROWS).unwrap_or(rows);
    let height = if rows.len() > 12 { 19.0 } else { 25.0 };
    let top = page.y + 7.0;
    page.y = top + height * shown.len() as f64;
    draw_scale(page, (shown, unit), &axis, (top, page.y))?;
    let bottom = page.y;
    for (at, row) in shown.iter().enumerate() {
        draw_row(page, row, &axis, top + height * (at as f64 + 0.5))?;
    }
    page.y = bottom;
    if shown.len() < rows.len() {
        page.y += 18.0;
        let rest = rows.len() - shown.len();
        note(page, &format!("and {rest} more tags: see the table"))?;
    }
    Ok(())
}

/// Everything behind the rows, and the numbers below them.
fn draw_scale(
    page: &mut Page,
    (rows, unit): (&[Row], Unit),
    axis: &Axis,
    (top, bottom): (f64, f64),
) -> Result<()> {
    let theme = page.theme;
    let height = (bottom - top) / rows.len() as f64;
    let margins: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let from = top + height * at as f64;
            (axis.x(row.cell.effect.margin), (from, from + height))
        })
        .collect();
    for (margin, span) in &margins {
        page.rect((*margin, PLOT.1), *span, theme.beyond);
    }
    page.y = bottom + 14.0;
    for tick in axis.ticks() {
        let x = axis.x(tick);
        page.rule(x, (top, bottom + 3.0), theme.grid);
        let label = text::plain(unit, tick);
        page.write(&label, (x, Anchor::Middle), WIDTH, (11.0, theme.faint))?;
    }
    for (margin, span) in &margins {
        page.rule(*margin, *span, theme.margin);
    }
    page.rule(axis.x(0.0), (top, bottom), theme.faint);
    Ok(())
}

/// One tag: its name, bar and whisker around the height `middle`, figures, verdict.
fn draw_row(page: &mut Page, row: &Row, axis: &Axis, middle: f64) -> Result<()> {
    let theme = page.theme;
    let effect = &row.cell.effect;
    page.y = middle + 4.5;
    let tag = safe::name(&effect.tag, 60);
    page.write(
        &tag,
        (EDGE, Anchor::Start),
        PLOT.0 - EDGE - 8.0,
        (13.0, theme.ink),
    )?;
    let verdict = row.cell.verdict;
    let colour = theme.of(verdict);
    page.sign(verdict, (VERDICT, middle));
    // An effect that is shown beyond its margin and is ok all the same needs its reason beside it.
    let cleared = |again: Again| again.suspicion.outcome == Confirmed::Cleared;
    let word = match verdict {
        Verdict::Ok if row.again.is_some_and(cleared) => "ok, cleared".into(),
        verdict => verdict.to_string(),
    };
    page.write(
        &word,
        (VERDICT + 11.0, Anchor::Start),
        WIDTH,
        (12.0, colour),
    )?;
    match text::effect(row.metric.unit, effect) {
        Some(figures) => {
            bar(page, effect, axis, middle, colour);
            if let Some(fresh) = fresh_estimate(row).filter(|fresh| !axis.cuts(*fresh)) {
                page.hollow((axis.x(fresh), middle), 5.0, theme.ink);
            }
            let pairs = format!("n = {}", effect.pairs);
            let room = PAIRS - 8.0 - FIGURES - draw::width(&pairs, 12.0)?;
            page.write(&pairs, (PAIRS, Anchor::End), WIDTH, (12.0, theme.ink))?;
            // Figures are never cut: a shortened number is another number.
            let size = 12.0 * (room / draw::width(&figures, 12.0)?).min(1.0);
            page.write(&figures, (FIGURES, Anchor::Start), WIDTH, (size, theme.ink))
        }
        None => {
            let why = effect
                .dropped_because
                .as_deref()
                .unwrap_or("no pair of samples");
            let why = format!("no estimate: {}", safe::text(why, 120));
            let start = axis.x(0.0) + 8.0;
            let room = PAIRS - start;
            let end = start + draw::width(&why, 12.0)?.min(room);
            page.rect(
                (start - 4.0, end),
                (middle - 8.0, middle + 8.0),
                theme.ground,
            );
            page.write(&why, (start, Anchor::Start), room, (12.0, theme.faint))
        }
    }
}

/// The estimate as a bar from zero, the interval as a whisker; an arrow where the axis ends before the estimate.
fn bar(page: &mut Page, effect: &Effect, axis: &Axis, middle: f64, colour: Colour) {
    let Some(estimate) = effect.estimate else {
        return;
    };
    let end = axis.x(estimate);
    let pale = mix(colour, page.theme.ground, 0.55);
    page.rect((axis.x(0.0), end), (middle - 4.5, middle + 4.5), pale);
    if axis.cuts(estimate) {
        cut_bar(page, (end, estimate.signum()), middle, colour);
        return;
    }
    if let Some(interval) = effect.interval {
        let (low, high) = (axis.x(interval.low), axis.x(interval.high));
        page.rect((low, high), (middle - 0.75, middle + 0.75), colour);
        for (value, x) in [(interval.low, low), (interval.high, high)] {
            if !axis.cuts(value) {
                page.rect((x - 0.75, x + 0.75), (middle - 5.0, middle + 5.0), colour);
            }
        }
    }
    page.rect((end - 2.0, end + 2.0), (middle - 4.5, middle + 4.5), colour);
}

/// An arrow beyond the axis's end, and a gap in the bar: its length says nothing any more.
fn cut_bar(page: &mut Page, (end, towards): (f64, f64), middle: f64, colour: Colour) {
    let x = |out: f64| end + towards * out;
    let arrow = [
        (x(0.0), middle - 8.0),
        (x(10.0), middle),
        (x(0.0), middle + 8.0),
    ];
    page.polygon(&arrow, colour);
    let gap = [(-18.0, 5.0), (-14.0, 5.0), (-8.0, -5.0), (-12.0, -5.0)];
    let ground = page.theme.ground;
    page.polygon(&gap.map(|(out, down)| (x(out), middle + down)), ground);
}

/// What fresh trials gave, where there were any.
fn fresh_estimate(row: &Row) -> Option<f64> {
    row.again?.fresh?.effect.estimate
}

fn ends(effect: &Effect) -> Vec<f64> {
    let ends = effect
        .interval
        .map(|interval| [interval.low, interval.high]);
    effect
        .estimate
        .into_iter()
        .chain(ends.into_iter().flatten())
        .collect()
}

/// `share` of `one`, the rest of `other`.
fn mix(one: Colour, other: Colour, share: f64) -> Colour {
    let channel =
        |a: u8, b: u8| (f64::from(a) * share + f64::from(b) * (1.0 - share)).round() as u8;
    Colour(
        channel(one.0, other.0),
        channel(one.1, other.1),
        channel(one.2, other.2),
    )
}
