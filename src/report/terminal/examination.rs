//! What the doctor says: one line per check, the noise of each gated metric, and last the verdict.

use anstyle::Style;

use crate::chart::text::{Scale, plain, safe};
use crate::model::{Examination, Fitness, MetricInfo, Noise, Power, Session, Unit};

use super::screen::Screen;
use super::table::{Column, Table};
use super::{Options, look, say};

/// Where the words of a check begin.
const INDENT: usize = 24;

/// The examination as text. `metrics` describe those that it names, `scenario` is the file to type next.
pub fn examination(
    of: &Examination,
    power: Option<&Power>,
    metrics: &[MetricInfo],
    scenario: Option<&str>,
    options: &Options,
) -> String {
    let mut screen = Screen::new(options.width.max(40), options.colour);
    for check in &of.checks {
        let id = safe::text(&check.id, 14);
        screen.pieces_then(
            &[
                (
                    format!("  {:<6}", mark(check.fitness)),
                    style(check.fitness),
                ),
                (format!("{id:<16}"), Style::new()),
            ],
            &safe::text(&check.seen, 600),
            INDENT,
        );
        if !check.advice.is_empty() {
            let advice = format!("→ {}", safe::text(&check.advice, 600));
            screen.indented(&advice, INDENT, look::DIM);
        }
    }
    if let Some(session) = &of.session {
        noise(&mut screen, session, power, metrics);
    }
    verdict(&mut screen, of, scenario);
    screen.done()
}

fn noise(screen: &mut Screen, session: &Session, power: Option<&Power>, metrics: &[MetricInfo]) {
    let certificate = &session.certificate;
    let head = format!(
        "The page against itself: {}, {:.1} s a trial",
        say::count(certificate.blocks, "block"),
        session.trial_s
    );
    screen.blank();
    screen.line(&[(head, look::BOLD)]);
    let rows = session.noise.iter();
    let things = power.map_or("block", |power| power.design.noun());
    let needed = format!("{things}s needed");
    let table = Table {
        columns: [
            "gated metric",
            "noise (sd)",
            "sees in 10",
            "in 20",
            "in 40 blocks",
            "margin",
            &needed,
        ]
        .into_iter()
        .enumerate()
        .map(|(at, head)| Column {
            head: head.into(),
            right: at > 0,
            least: (at == 0).then_some(8),
        })
        .collect(),
        rows: rows
            .map(|noise| {
                let cells = row(noise, power, metrics);
                cells.into_iter().map(|cell| (cell, Style::new())).collect()
            })
            .collect(),
    };
    if !table.write(screen) {
        // Too narrow for columns: one line per figure.
        for row in &table.rows {
            for (column, (cell, style)) in table.columns.iter().zip(row) {
                screen.line(&[
                    (format!("  {:<14}", column.head), look::DIM),
                    (cell.clone(), *style),
                ]);
            }
        }
    }
}

fn row(noise: &Noise, power: Option<&Power>, metrics: &[MetricInfo]) -> Vec<String> {
    let (name, unit) = named(&noise.metric, metrics);
    let unknown = || "?".to_owned();
    let mut cells = vec![name];
    let seen = noise.detectable;
    let known: Vec<f64> = noise
        .sd
        .into_iter()
        .chain(seen.into_iter().flatten())
        .collect();
    let scale = Scale::of(unit, &known);
    cells.push(noise.sd.map_or_else(unknown, |sd| scale.show(sd)));
    for at in 0..3 {
        cells.push(seen.map_or_else(unknown, |seen| scale.show(seen[at])));
    }
    cells.push(plain(unit, noise.margin));
    let needed = power.and_then(|power| power.metrics.iter().find(|n| n.metric == noise.metric));
    let blocks = needed.and_then(|needed| needed.blocks);
    cells.push(blocks.map_or_else(unknown, |blocks| blocks.to_string()));
    cells
}

/// A metric's name and unit; one that nobody describes keeps its id.
pub(super) fn named(id: &str, metrics: &[MetricInfo]) -> (String, Unit) {
    let info = metrics.iter().find(|metric| metric.id == id);
    info.map_or_else(
        || (safe::text(id, 40), Unit::Count),
        |info| (safe::text(&info.name, 40), info.unit),
    )
}

fn verdict(screen: &mut Screen, of: &Examination, scenario: Option<&str>) {
    let (meaning, next) = match (of.fitness, scenario) {
        (Fitness::Fit, None) => (
            "nothing speaks against it; how fine it judges is seen on a page: name a scenario",
            "tagperf doctor SCENARIO".into(),
        ),
        (Fitness::Fit, Some(file)) => (
            "this machine can judge this page",
            format!("tagperf check {} --power", say::quoted(file)),
        ),
        (Fitness::Noisy, _) => (
            "verdicts hold, but many will be inconclusive: do what the lines marked noisy say",
            again(scenario),
        ),
        (Fitness::Unfit, _) => (
            "no verdict from here can be trusted: do what the lines marked unfit say",
            again(scenario),
        ),
    };
    screen.blank();
    let word = of.fitness.to_string().to_uppercase();
    screen.line(&[
        (word, style(of.fitness).bold()),
        (format!("  {}", safe::text(&of.scenario, 60)), look::BOLD),
    ]);
    screen.indented(meaning, 2, Style::new());
    screen.line(&[("  next: ".into(), look::DIM), (next, look::BOLD)]);
}

fn again(scenario: Option<&str>) -> String {
    let file = scenario.map_or(String::new(), |file| format!(" {}", say::quoted(file)));
    format!("tagperf doctor{file}")
}

fn mark(fitness: Fitness) -> &'static str {
    match fitness {
        Fitness::Fit => "ok",
        Fitness::Noisy => "noisy",
        Fitness::Unfit => "unfit",
    }
}

fn style(fitness: Fitness) -> Style {
    match fitness {
        Fitness::Fit => look::GREEN,
        Fitness::Noisy => look::YELLOW,
        Fitness::Unfit => look::RED,
    }
}
