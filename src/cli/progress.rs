//! What a run tells while it runs: a live line for somebody who watches, plain lines for a log.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{Event, Watch};
use crate::model::{Cell, Plan, Purpose, RunHeader, Verdict};

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

/// Where a run stands, and when it will be done.
struct Standing {
    began: Instant,
    /// Trials of a block.
    arms: usize,
    /// Trials up to the next look, and the traced ones.
    expected: usize,
    done: usize,
    traced: usize,
    looks: Vec<usize>,
    warm_up: usize,
}

impl Standing {
    fn new(plan: &Plan, resumed: usize) -> Self {
        let arms = plan.arms.len();
        let mut standing = Self {
            began: Instant::now(),
            arms,
            expected: 0,
            done: resumed,
            traced: plan.traced_blocks * arms,
            looks: plan.schedule.looks.clone(),
            warm_up: plan.warm_up_blocks,
        };
        standing.expect_look(0);
        standing
    }

    /// The next look after `blocks` measured blocks; what comes after it cannot be known yet.
    fn expect_look(&mut self, blocks: usize) {
        let next = self
            .looks
            .iter()
            .find(|look| **look > blocks)
            .copied()
            .unwrap_or(blocks);
        self.expected = (self.warm_up + next) * self.arms + self.traced;
    }

    fn left(&self, since: usize) -> Option<Duration> {
        let ran = self.done.checked_sub(since).filter(|ran| *ran > 0)?;
        let each = self.began.elapsed() / u32::try_from(ran).ok()?;
        Some(each * u32::try_from(self.expected.saturating_sub(self.done)).ok()?)
    }
}

/// A line that is rewritten in place.
pub(super) struct Live {
    bar: ProgressBar,
    standing: Option<Standing>,
    resumed: usize,
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
        Self {
            bar,
            standing: None,
            resumed: 0,
        }
    }
}

impl Watch for Live {
    fn hear(&mut self, event: Event) {
        match &event {
            Event::Begin {
                header, resumed, ..
            } => {
                self.bar
                    .suspend(|| anstream::eprintln!("{}", opening(header, *resumed)));
                self.resumed = *resumed;
                let standing = Standing::new(&header.plan, *resumed);
                self.bar.set_length(standing.expected as u64);
                self.standing = Some(standing);
            }
            Event::Trial { kept, done } => {
                let Some(standing) = &mut self.standing else {
                    return;
                };
                standing.done = *done;
                let slot = &kept.trial.slot;
                self.bar.set_prefix(phase(slot.purpose, slot.block));
                self.bar.set_position(*done as u64);
                let left = standing.left(self.resumed).map_or(String::new(), |left| {
                    format!("about {} s to the next look", left.as_secs())
                });
                self.bar.set_message(left);
                if let Err(fault) = &kept.trial.outcome {
                    self.bar
                        .suspend(|| anstream::eprintln!("  {}: {fault}", slot.arm));
                }
            }
            Event::Look {
                blocks,
                cells,
                decided,
                tags,
            } => {
                if let Some(standing) = &mut self.standing {
                    standing.expect_look(*blocks);
                    self.bar.set_length(standing.expected as u64);
                }
                let line = look(*blocks, cells, *decided, *tags);
                self.bar.suspend(|| anstream::eprintln!("{line}"));
            }
            Event::Explain => self.bar.set_prefix("tracing"),
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
    standing: Option<Standing>,
    resumed: usize,
    block: Option<(Purpose, usize)>,
}

impl Lines {
    pub fn new() -> Self {
        Self {
            standing: None,
            resumed: 0,
            block: None,
        }
    }
}

impl Watch for Lines {
    fn hear(&mut self, event: Event) {
        match &event {
            Event::Begin {
                header, resumed, ..
            } => {
                anstream::eprintln!("{}", opening(header, *resumed));
                self.resumed = *resumed;
                self.standing = Some(Standing::new(&header.plan, *resumed));
            }
            Event::Trial { kept, done } => {
                let slot = &kept.trial.slot;
                let Some(standing) = &mut self.standing else {
                    return;
                };
                if self.block.replace((slot.purpose, slot.block))
                    != Some((slot.purpose, slot.block))
                {
                    let left = standing.left(self.resumed).map_or(String::new(), |left| {
                        format!(", about {} s to the next look", left.as_secs())
                    });
                    anstream::eprintln!("{}{left}", phase(slot.purpose, slot.block));
                }
                standing.done = *done;
                if let Err(fault) = &kept.trial.outcome {
                    anstream::eprintln!("  {}: {fault}", slot.arm);
                }
            }
            Event::Look {
                blocks,
                cells,
                decided,
                tags,
            } => {
                if let Some(standing) = &mut self.standing {
                    standing.expect_look(*blocks);
                }
                anstream::eprintln!("{}", look(*blocks, cells, *decided, *tags));
            }
            Event::Explain => {}
        }
    }
}

fn opening(header: &RunHeader, resumed: usize) -> String {
    let plan = &header.plan;
    let looks: Vec<String> = plan.schedule.looks.iter().map(usize::to_string).collect();
    let sandbox = if header.environment.sandbox {
        ""
    } else {
        "\nnotice: the browser runs without its sandbox, which cannot work as root or in this container"
    };
    let resumed = if resumed > 0 {
        format!(", going on after {resumed} trials")
    } else {
        String::new()
    };
    format!(
        "{}: {} ({}), {} arms, looks after {} blocks, seed {}{resumed}{sandbox}",
        header.scenario.name,
        header.environment.browser,
        header.environment.browser_program,
        plan.arms.len(),
        looks.join(", "),
        plan.seed
    )
}

fn phase(purpose: Purpose, block: usize) -> String {
    match purpose {
        Purpose::WarmUp => "warm-up".into(),
        Purpose::Measure => format!("block {block}"),
        Purpose::Confirm => format!("fresh block {block}"),
        Purpose::Explain => format!("traced block {block}"),
    }
}

fn look(blocks: usize, cells: &[Cell], decided: usize, tags: usize) -> String {
    let count = |verdict| {
        cells
            .iter()
            .filter(|cell| cell.gated && cell.verdict == verdict)
            .count()
    };
    format!(
        "look after {blocks} blocks: {} regressed, {} ok, {} open; {decided} of {tags} tags decided",
        count(Verdict::Regressed),
        count(Verdict::Ok),
        count(Verdict::Inconclusive) + count(Verdict::NotMeasured)
    )
}
