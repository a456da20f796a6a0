//! How many blocks a gate needs on this machine.

use anstyle::Style;

use crate::chart::text::{plain, safe};
use crate::model::{Longest, MetricInfo, Power, Schedule};

use super::examination::named;
use super::screen::Screen;
use super::table::{Column, Table};
use super::{Options, look, say};

/// `from` says where the noise was learnt, `doubt` what could not be compared with it; `scenario` is the file to
/// type next.
pub fn power(
    of: &Power,
    from: &str,
    doubt: Option<&str>,
    scenario: &str,
    metrics: &[MetricInfo],
    options: &Options,
) -> String {
    let mut screen = Screen::new(options.width.max(40), options.colour);
    screen.line(&[("What the margins take here".into(), look::BOLD)]);
    screen.indented(&format!("from {}", safe::text(from, 300)), 2, look::DIM);
    if let Some(doubt) = doubt {
        screen.indented(&safe::text(doubt, 300), 2, look::DIM);
    }
    table(of, metrics).write(&mut screen);
    screen.blank();
    screen.indented(&sentence(of, scenario, metrics), 0, Style::new());
    screen.done()
}

fn table(of: &Power, metrics: &[MetricInfo]) -> Table {
    let unknown = || "?".to_owned();
    let row = |needed: &crate::model::Needed| {
        let (name, unit) = named(&needed.metric, metrics);
        let beyond = needed.blocks.is_some_and(|blocks| blocks > of.budget);
        let style = if beyond { look::YELLOW } else { Style::new() };
        vec![
            (name, Style::new()),
            (
                needed.sd.map_or_else(unknown, |sd| plain(unit, sd)),
                Style::new(),
            ),
            (plain(unit, needed.margin), Style::new()),
            (
                needed
                    .blocks
                    .map_or_else(unknown, |blocks| blocks.to_string()),
                style,
            ),
        ]
    };
    let things = format!("{}s", of.design.noun());
    let heads = ["gated metric", "noise (sd)", "margin", &things]
        .into_iter()
        .enumerate();
    Table {
        columns: heads
            .map(|(at, head)| Column {
                head: head.into(),
                right: at > 0,
                least: (at == 0).then_some(8),
            })
            .collect(),
        rows: of.metrics.iter().map(row).collect(),
    }
}

fn sentence(of: &Power, scenario: &str, metrics: &[MetricInfo]) -> String {
    let (Some(blocks), Some((trials, seconds))) = (of.blocks, of.effort) else {
        let unknown = of.metrics.iter().filter(|needed| needed.blocks.is_none());
        let names: Vec<String> = unknown.map(|n| named(&n.metric, metrics).0).collect();
        return format!(
            "The noise of {} is not known: examine the machine with `tagperf doctor {}`, 20 blocks or more.",
            names.join(", "),
            say::quoted(scenario)
        );
    };
    let mut text = format!(
        "This gate needs about {}, {}, on this machine ({}).",
        say::count(blocks, of.design.noun()),
        time(seconds),
        say::count(trials, "trial")
    );
    let beyond: Vec<String> = of
        .beyond()
        .filter_map(|needed| {
            let (name, unit) = named(&needed.metric, metrics);
            Some(format!(
                "a margin of {} for {name}",
                plain(unit, needed.least_margin?)
            ))
        })
        .collect();
    if !beyond.is_empty() {
        let margins = beyond.join(" and ");
        text += &match blocks <= Schedule::MOST {
            true => format!(
                " Its budget is {}: use --max-blocks {blocks}, or {margins}.",
                of.budget
            ),
            false => format!(
                " That is more than may be asked for. Within its budget of {} it takes {margins}.",
                of.budget
            ),
        };
    } else if let Some(Longest {
        metric,
        margin,
        blocks,
    }) = &of.longest
    {
        let (name, unit) = named(metric, metrics);
        text += &format!(
            " {name} is what takes longest: a margin of {} would do with {blocks}.",
            plain(unit, *margin)
        );
    }
    text
}

fn time(seconds: f64) -> String {
    match seconds {
        short if short < 100.0 => format!("{:.0} s", short.max(1.0)),
        long => format!("{} minutes", (long / 60.0).ceil()),
    }
}
