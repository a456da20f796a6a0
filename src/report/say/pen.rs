//! Sentences that every format for people says, each in its own hand.

use crate::chart::text::{self, Row};
use crate::model::{Basis, Confounding, Interval, Report, TagInfo, TagInteraction};

use super::run::count;

/// The longest sentence that is shown whole, in characters: a verdict's reason says what to do at its end.
pub const SENTENCE: usize = 800;

/// Names that are listed one by one; the others are counted.
const MOST_NAMES: usize = 20;
const MOST_MEMBERS: usize = 6;

/// How a format writes what others have named, so that it cannot act on the reader.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    /// A tag's id.
    pub name: fn(&str) -> String,
    /// Words and figures.
    pub words: fn(&str) -> String,
}

impl Pen {
    /// What a verdict's reason says, after the tag and the metric if it does not name them itself.
    pub fn doubt(&self, row: &Row) -> String {
        let text = &row.cell.reason.text;
        let (tag, metric) = (&row.cell.effect.tag, &row.metric.name);
        let said = (self.words)(text);
        if text.contains(tag.as_str()) && text.contains(metric.as_str()) {
            return said;
        }
        format!(
            "{}, {}: {said}",
            (self.name)(tag),
            (self.words)(&row.name())
        )
    }

    /// `heatmap, LCP: confirmed on 6 fresh pairs: +49 ms [47 … 52]; the first 10 pairs gave +51 ms [38 … 66]`.
    pub fn asked_again(&self, row: &Row) -> Option<String> {
        let again = row.again?;
        let unit = row.metric.unit;
        let first = text::effect(unit, &row.cell.effect).unwrap_or_else(|| "no estimate".into());
        let pairs = count(again.suspicion.pairs, "pair");
        let first = match row.cell.effect.basis {
            Basis::Screen => format!("the screen's {pairs} gave {first} on average"),
            Basis::Control | Basis::Baseline => format!("the first {pairs} gave {first}"),
        };
        let said = format!("{}: {}; {first}", row.short_name(), again.sentence(unit));
        Some(format!(
            "{}, {}",
            (self.name)(&row.cell.effect.tag),
            (self.words)(&said)
        ))
    }

    /// `17 tags: all gated effects ok; largest: ads LCP +3.1 ms [1.0 … 5.2], margin 50 ms`.
    pub fn folded(&self, rows: &[Row]) -> Option<String> {
        let largest = rows.first()?;
        let effect = &largest.cell.effect;
        let unit = largest.metric.unit;
        let figures = text::effect(unit, effect).unwrap_or_else(|| "no estimate".into());
        let margin = text::plain(unit, effect.margin);
        Some(format!(
            "{}: all gated effects ok; largest: {} {}",
            count(tags_of(rows).len(), "tag"),
            (self.name)(&effect.tag),
            (self.words)(&format!(
                "{} {figures}, margin {margin}",
                largest.short_name()
            ))
        ))
    }

    /// The tags of these rows, by name.
    pub fn names(&self, rows: &[Row]) -> String {
        let tags = tags_of(rows);
        self.list(tags.iter().copied(), MOST_NAMES)
    }

    /// The tag, and for a group which tags it stands for: `consent (banner + cmp move together)`.
    pub fn tag(&self, report: &Report, id: &str) -> String {
        let mut tags = report.tags.iter();
        match tags.find(|tag| tag.id == id && !tag.members.is_empty()) {
            Some(group) => self.group(group),
            None => (self.name)(id),
        }
    }

    /// Every group that these rows mention.
    pub fn groups(&self, report: &Report, rows: &[Row]) -> Vec<String> {
        let tags = tags_of(rows);
        let groups = report.tags.iter().filter(|tag| !tag.members.is_empty());
        let shown = groups.filter(|tag| tags.contains(&tag.id.as_str()));
        shown.map(|tag| self.group(tag)).collect()
    }

    fn group(&self, tag: &TagInfo) -> String {
        let members = tag.members.iter().take(MOST_MEMBERS);
        let mut members: Vec<String> = members.map(|id| (self.name)(id)).collect();
        if tag.members.len() > MOST_MEMBERS {
            members.push(format!("{} more", tag.members.len() - MOST_MEMBERS));
        }
        let members = members.join(" + ");
        format!("{} ({members} move together)", (self.name)(&tag.id))
    }

    /// What two tags cost beyond the sum of both.
    pub fn interaction(&self, report: &Report, it: &TagInteraction) -> Option<String> {
        let metric = report.metric(&it.metric)?;
        let [one, other] = [&it.tags[0], &it.tags[1]].map(|tag| (self.name)(tag));
        let figures = text::figures(metric.unit, it.estimate, Some(it.interval));
        let saved = text::figures(metric.unit, -it.estimate, Some(mirrored(it.interval)));
        let metric = (self.words)(&text::safe::text(&metric.name, 40));
        let said = if it.interval.low > 0.0 {
            format!("cost {} only together", (self.words)(&figures))
        } else if it.interval.high < 0.0 {
            let saved = (self.words)(saved.trim_start_matches('+'));
            format!("save each other {saved}: the same work is done once")
        } else {
            let figures = (self.words)(&figures);
            format!("cost {figures} beyond the sum of both, which may be chance")
        };
        Some(format!(
            "{metric}: {one} and {other} {said}, n = {}",
            count(it.pairs, "pair")
        ))
    }

    /// Why two tags' costs are hard to tell apart.
    pub fn confounding(&self, it: &Confounding) -> String {
        let [one, other] = [&it.tags[0], &it.tags[1]].map(|tag| (self.name)(tag));
        let how = if it.correlation < 0.0 {
            "hardly ever ran together"
        } else {
            "ran together most of the time"
        };
        format!(
            "{one} and {other} {how} (correlation {:.2}): their costs are told apart poorly",
            it.correlation
        )
    }

    fn list<'a>(&self, tags: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
        let more = tags.len().saturating_sub(most);
        let mut names: Vec<String> = tags.take(most).map(|tag| (self.name)(tag)).collect();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}

/// Tags in the order of their first row.
fn tags_of<'a>(rows: &[Row<'a>]) -> Vec<&'a str> {
    let mut tags: Vec<&str> = Vec::new();
    for row in rows {
        let tag = row.cell.effect.tag.as_str();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn mirrored(interval: Interval) -> Interval {
    Interval {
        low: -interval.high,
        high: -interval.low,
        ..interval
    }
}
