//! What a run tells while it runs: a live line for somebody who watches, plain lines for a log.

mod standing;
mod story;

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{Event, Watch};
use crate::model::Purpose;

use story::{Story, doubt, fault, opening};

/// For somebody who watches, or for a log.
pub(super) fn telling() -> Box<dyn Watch> {
    if super::terminal::is_live() {
        Box::new(Live::new())
    } else {
        Box::new(Lines::new())
    }
}

/// Says nothing.
pub(super) struct Silent;

impl Watch for Silent {
    fn hear(&mut self, _: Event) {}
}

/// A line that is rewritten in place.
pub(super) struct Live {
    bar: ProgressBar,
    story: Option<Story>,
}

impl Live {
    pub fn new() -> Self {
        let bar = ProgressBar::new(0);
        // The template is a constant, so it cannot be malformed; plain bars are a sound second choice.
        let style = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸─"));
        bar.set_prefix("starting");
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { bar, story: None }
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| anstream::eprintln!("{line}"));
    }
}

impl Watch for Live {
    fn hear(&mut self, event: Event) {
        if let Event::Doubt { text } = &event {
            self.say(&doubt(text));
        }
        if let Event::Begin {
            header, resumed, ..
        } = &event
        {
            self.say(&opening(header, *resumed));
            self.story = Some(Story::new(&header.plan, *resumed));
        }
        let Some(story) = &mut self.story else {
            return;
        };
        let line = match &event {
            Event::Begin { .. } | Event::Doubt { .. } => None,
            Event::Trial { kept, done } => {
                story.standing.done = *done;
                let slot = &kept.trial.slot;
                self.bar.set_prefix(story.phase(slot.purpose, slot.block));
                self.bar.set_position(*done as u64);
                self.bar.set_message(story.left().unwrap_or_default());
                fault(&kept.trial)
            }
            Event::Look {
                blocks,
                judgement,
                decided,
                tags,
                forecast,
            } => Some(story.look(*blocks, &judgement.cells, (*decided, *tags), forecast)),
            Event::Suspects { confirmation } => Some(story.suspects(confirmation)),
            Event::Explain => {
                story.standing.trace();
                self.bar.set_prefix("tracing");
                None
            }
        };
        self.bar.set_length(story.standing.expected as u64);
        if let Some(line) = line {
            self.say(&line);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// One line per block, for logs.
pub(super) struct Lines {
    story: Option<Story>,
    block: Option<(Purpose, usize)>,
}

impl Lines {
    pub fn new() -> Self {
        Self {
            story: None,
            block: None,
        }
    }
}

impl Watch for Lines {
    fn hear(&mut self, event: Event) {
        if let Event::Doubt { text } = &event {
            anstream::eprintln!("{}", doubt(text));
        }
        if let Event::Begin {
            header, resumed, ..
        } = &event
        {
            anstream::eprintln!("{}", opening(header, *resumed));
            self.story = Some(Story::new(&header.plan, *resumed));
        }
        let Some(story) = &mut self.story else {
            return;
        };
        match &event {
            Event::Doubt { .. } | Event::Begin { .. } => {}
            Event::Explain => story.standing.trace(),
            Event::Trial { kept, done } => {
                let slot = &kept.trial.slot;
                let block = Some((slot.purpose, slot.block));
                if std::mem::replace(&mut self.block, block) != block {
                    let left = story.left().map(|left| format!(", {left}"));
                    let phase = story.phase(slot.purpose, slot.block);
                    anstream::eprintln!("{phase}{}", left.unwrap_or_default());
                }
                story.standing.done = *done;
                if let Some(line) = fault(&kept.trial) {
                    anstream::eprintln!("{line}");
                }
            }
            Event::Look {
                blocks,
                judgement,
                decided,
                tags,
                forecast,
            } => {
                let cells = &judgement.cells;
                let line = story.look(*blocks, cells, (*decided, *tags), forecast);
                anstream::eprintln!("{line}");
            }
            Event::Suspects { confirmation } => {
                anstream::eprintln!("{}", story.suspects(confirmation));
            }
        }
    }
}
