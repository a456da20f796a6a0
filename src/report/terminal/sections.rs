//! The parts of the summary. A part without content is left out.

use anstyle::Style;
use anyhow::Result;
use unicode_width::UnicodeWidthStr;

use crate::chart::text::{self, Row, safe};
use crate::model::{Answer, BaselineUse, Finding, Report, Verdict};

use super::screen::{self, Screen};
use super::{PEN, effects, look, owners, say};

/// Lists end here; the rest is counted.
const MOST_LINES: usize = 8;
const MOST_EXPLORATORY: usize = 15;

pub fn head(screen: &mut Screen, report: &Report) {
    let scenario = &report.scenario;
    screen.line(&[
        (safe::text(&scenario.name, 60), look::BOLD),
        (format!("  {}", safe::url(&scenario.url, 120)), Style::new()),
    ]);
    let environment = &report.environment;
    let setting = format!(
        "{}; {}",
        safe::text(&scenario.device, 120),
        safe::text(&environment.browser, 60)
    );
    screen.indented(&setting, 2, look::DIM);
    let effort = format!("{}; {}", say::trials(report), say::stop(report));
    screen.indented(&effort, 2, look::DIM);
}

pub fn gated(screen: &mut Screen, report: &Report, shown: &say::Effects) {
    heading(screen, &say::title(report));
    if shown.rows.is_empty() && shown.folded.is_empty() {
        screen.indented("no metric is gated: nothing was judged", 2, Style::new());
    }
    if !shown.rows.is_empty() {
        effects::judged(screen, &shown.rows, &interval(&shown.rows));
    }
    if shown.left_out > 0 {
        let note = format!(
            "{} effects of these tags that are ok are left out; run.json has all",
            shown.left_out
        );
        screen.indented(&note, 2, look::DIM);
    }
    if let Some(line) = PEN.folded(&shown.folded) {
        screen.indented(&line, 0, look::of(Verdict::Ok));
        let names = format!(
            "{}; their rows are in summary.md and run.json",
            PEN.names(&shown.folded)
        );
        screen.indented(&names, 2, look::DIM);
    }
    let all = [&shown.rows[..], &shown.folded[..]].concat();
    let groups = PEN.groups(report, &all);
    for group in groups.iter().take(MOST_LINES) {
        screen.indented(group, 2, Style::new());
    }
    rest(screen, groups.len(), groups.len().min(MOST_LINES));
    for doubt in say::doubts(&shown.rows) {
        screen.item(&PEN.doubt(&doubt), Style::new());
    }
}

pub fn exploratory(screen: &mut Screen, report: &Report) -> Result<()> {
    let shown = say::exploratory(report)?;
    if shown.rows.is_empty() && shown.folded.is_empty() {
        return Ok(());
    }
    heading(screen, say::EXPLORATORY);
    let rows = shown.rows.get(..MOST_EXPLORATORY).unwrap_or(&shown.rows);
    if !rows.is_empty() {
        effects::exploratory(screen, rows, &interval(rows));
    }
    rest(screen, shown.rows.len(), rows.len());
    if !shown.folded.is_empty() {
        let note = format!(
            "{} effects within their margins are left out; run.json has all",
            shown.folded.len()
        );
        screen.indented(&note, 2, look::DIM);
    }
    Ok(())
}

pub fn findings(screen: &mut Screen, report: &Report) {
    let findings = say::findings(report);
    if findings.is_empty() {
        return;
    }
    heading(screen, "Findings");
    for finding in &findings {
        self::finding(screen, report, finding);
    }
}

fn finding(screen: &mut Screen, report: &Report, finding: &Finding) {
    let (gate, style) = if say::is_forbidden(report, finding) {
        (", forbidden by the gate", look::of(Verdict::Regressed))
    } else {
        ("", look::BOLD)
    };
    let id = safe::text(&finding.id, 40);
    let room = screen.width.saturating_sub(id.width() + 2);
    let tag = screen::cut(&safe::name(&finding.tag, 60), room);
    screen.line(&[(format!("{tag}: {id}"), style)]);
    let standing = format!(
        "{}{gate}; seen in {} of {} traced trials",
        say::severity(finding.severity),
        finding.seen_in,
        finding.seen_of
    );
    screen.indented(&standing, 2, Style::new());
    screen.indented(&safe::text(&finding.summary, 400), 2, Style::new());
    match &finding.culprit {
        Some(culprit) => {
            screen.indented(&format!("at {}", safe::place(culprit, 240)), 2, look::BOLD)
        }
        None => screen.indented("the trace names no code for it", 2, look::DIM),
    }
    owners::place(screen, report, finding);
    if let Some(step) = &finding.step {
        screen.indented(
            &format!("during step: {}", safe::text(step, 160)),
            2,
            Style::new(),
        );
    }
    for figure in finding.figures.iter().take(MOST_LINES) {
        let scale = text::Scale::of(figure.unit, &[figure.with, figure.without]);
        let (with, without) = (scale.show(figure.with), scale.show(figure.without));
        let name = safe::text(&figure.name, 60);
        screen.indented(
            &format!("{name}: {with} with, {without} without"),
            2,
            Style::new(),
        );
    }
}

pub fn idle(screen: &mut Screen, report: &Report) {
    let tags = say::idle_tags(report);
    let lines = tags.iter().map(|tag| {
        let firing = &tag.firing;
        let why = firing
            .problem
            .as_deref()
            .unwrap_or("no trial of it was measured");
        format!(
            "{}: ran in {} of {} trials; {} ({}:{})",
            safe::name(&tag.id, 40),
            firing.ran,
            firing.of,
            safe::text(why, 200),
            safe::text(&report.scenario.file, 120),
            tag.line
        )
    });
    list(screen, "Tags that did not always run", lines.collect());
}

pub fn hosts(screen: &mut Screen, report: &Report) {
    for (answer, title) in [
        (Answer::Refused, "Refused: nobody plays these hosts"),
        (
            Answer::Missing,
            "Not found: the stage plays the host, not this path",
        ),
    ] {
        let hosts = report.network.iter().filter(|host| host.answer == answer);
        let lines = hosts.map(|host| {
            format!(
                "{}: {} requests, such as {}",
                safe::text(&host.host, 80),
                host.requests,
                safe::url(&host.example, 120)
            )
        });
        list(screen, title, lines.collect());
    }
}

pub fn faults(screen: &mut Screen, report: &Report) {
    let lines = report.trials.iter().filter_map(|trial| {
        let fault = safe::text(&trial.fault.as_ref()?.to_string(), 200);
        let arm = safe::text(&trial.slot.arm.to_string(), 60);
        Some(format!(
            "{arm}, block {}, attempt {}: {fault}",
            trial.slot.block, trial.attempt
        ))
    });
    list(screen, "Trials that failed", lines.collect());
}

pub fn baseline(screen: &mut Screen, report: &Report) {
    match &report.baseline {
        BaselineUse::None => {}
        BaselineUse::Compared {
            file,
            run,
            accepted,
            ..
        } => {
            let (file, run) = (safe::text(file, 120), safe::text(run, 40));
            let line = format!("{file}: run {run}, accepted {}", safe::text(accepted, 80));
            let terms = say::terms(report).into_iter();
            let terms = terms.map(|term| safe::text(&term, 400));
            let lines = std::iter::once(line).chain(terms).collect();
            list(screen, "Compared with the baseline", lines);
        }
        BaselineUse::NotComparable {
            file, differences, ..
        } => {
            let title = format!("Not comparable with {}", safe::text(file, 120));
            let lines = differences.iter().map(|difference| {
                format!(
                    "{}: {} then, {} now",
                    safe::text(&difference.what, 40),
                    safe::text(&difference.baseline, 100),
                    safe::text(&difference.run, 100)
                )
            });
            list(screen, &title, lines.collect());
        }
    }
}

pub fn notices(screen: &mut Screen, report: &Report) {
    let notices = report.notices.iter();
    let lines = notices.map(|notice| safe::text(&notice.text, say::SENTENCE));
    list(screen, "Doubts about the measurement", lines.collect());
}

pub fn heading(screen: &mut Screen, text: &str) {
    screen.blank();
    screen.indented(text, 0, look::BOLD);
}

fn list(screen: &mut Screen, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    heading(screen, title);
    for line in lines.iter().take(MOST_LINES) {
        screen.indented(line, 2, Style::new());
    }
    rest(screen, lines.len(), lines.len().min(MOST_LINES));
}

fn rest(screen: &mut Screen, all: usize, shown: usize) {
    if shown < all {
        let note = format!("and {} more; run.json has all", all - shown);
        screen.indented(&note, 2, look::DIM);
    }
}

fn interval(rows: &[Row]) -> String {
    text::intervals(rows.iter().map(|row| &row.cell.effect))
}
