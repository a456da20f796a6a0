//! Whose the work was.

use anstyle::Style;

use crate::chart::text::safe;
use crate::model::{Excerpt, Finding, Report};

use super::screen::{self, Screen};
use super::sections::heading;
use super::{look, say};

/// More tags than this are in `run.json` alone.
const MOST_TAGS: usize = 3;

pub fn owners(screen: &mut Screen, report: &Report) {
    let all = say::attributed(report);
    if all.is_empty() {
        return;
    }
    heading(screen, say::WHO);
    for one in all.iter().take(MOST_TAGS) {
        let head = format!("{}: {}", safe::name(one.tag, 40), one.head);
        screen.indented(&head, 0, look::BOLD);
        for line in &one.lines {
            screen.indented(&safe::text(line, 300), 2, Style::new());
        }
    }
    if all.len() > MOST_TAGS {
        let note = format!("and {} more tags; run.json has all", all.len() - MOST_TAGS);
        screen.indented(&note, 2, look::DIM);
    }
}

/// Where a finding's code comes from, and the code itself.
pub fn place(screen: &mut Screen, report: &Report, finding: &Finding) {
    if let Some(original) = &finding.original {
        let line = format!("written in {}", safe::place(original, 240));
        screen.indented(&line, 2, look::BOLD);
    }
    if let Some(hot) = &finding.hot {
        let line = format!("most of its time in {}", safe::place(hot, 240));
        screen.indented(&line, 2, Style::new());
    }
    if let Some(excerpt) = &finding.excerpt {
        self::excerpt(screen, excerpt);
    }
    if let Some(brought) = say::brought(report, &finding.chain) {
        screen.indented(&safe::text(&brought, 300), 2, Style::new());
    }
}

fn excerpt(screen: &mut Screen, excerpt: &Excerpt) {
    let last = u32::try_from(excerpt.lines.len()).unwrap_or(u32::MAX);
    let digits = excerpt.line.saturating_add(last).to_string().len();
    for (nth, (line, number)) in excerpt.lines.iter().zip(excerpt.line..).enumerate() {
        let (mark, style) = if nth == excerpt.at {
            ('>', look::BOLD)
        } else {
            (' ', look::DIM)
        };
        let text = format!("  {mark} {number:>digits$} | {}", safe::code(line, 200));
        screen.line(&[(screen::cut_end(text.trim_end(), screen.width), style)]);
    }
}
