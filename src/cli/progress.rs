//! What a run tells while it runs: a live line for somebody who watches, plain lines for a log.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{Event, Watch};
use crate::model::{Confirmation, Confirmed, Design, Judgement, Plan, Purpose, RunHeader, Verdict};

/// Says nothing.
pub(super) struct Silent;

impl Watch for Silent {
    fn hear(&mut self, _: Event) {}
}

/// Where a run stands, and when it will be done.
struct Standing {
    began: Instant,
    design: Design,
    /// Trials of a block.
    each: usize,
    /// Trials before the first block that counts, and traced ones.
    fixed: usize,
    /// Trials up to the next look, and the traced ones.
    expected: usize,
    done: usize,
    looks: Vec<usize>,
}

impl Standing {
    fn new(plan: &Plan, resumed: usize) -> Self {
        let arms = plan.arms.len();
        let mut standing = Self {
            began: Instant::now(),
            design: plan.design,
            each: match plan.design {
                Design::Blocks => arms,
                Design::Screen => 2,
            },
            fixed: (plan.warm_up_blocks + plan.traced_blocks) * arms,
            expected: 0,
            done: resumed,
            looks: plan.schedule.looks.clone(),
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
        self.expected = next * self.each + self.fixed;
    }

    /// From here on fresh blocks count, up to their own looks.
    fn expect_fresh(&mut self, confirmation: &Confirmation) {
        let mut arms: Vec<_> = confirmation
            .contrasts
            .iter()
            .flat_map(|contrast| [&contrast.with, &contrast.without])
            .collect();
        arms.sort();
        arms.dedup();
        self.design = Design::Blocks;
        self.fixed += self.done;
        self.each = arms.len();
        self.looks.clone_from(&confirmation.schedule.looks);
        self.expect_look(0);
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
                self.bar
                    .set_prefix(phase(slot.purpose, slot.block, standing.design));
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
            Event::Look { .. } | Event::Suspects { .. } | Event::FreshLook { .. } => {
                let Some(standing) = &mut self.standing else {
                    return;
                };
                let lines = judged(standing, &event);
                self.bar.set_length(standing.expected as u64);
                self.bar.suspend(|| anstream::eprintln!("{lines}"));
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
                    let phase = phase(slot.purpose, slot.block, standing.design);
                    anstream::eprintln!("{phase}{left}");
                }
                standing.done = *done;
                if let Err(fault) = &kept.trial.outcome {
                    anstream::eprintln!("  {}: {fault}", slot.arm);
                }
            }
            Event::Look { .. } | Event::Suspects { .. } | Event::FreshLook { .. } => {
                if let Some(standing) = &mut self.standing {
                    anstream::eprintln!("{}", judged(standing, &event));
                }
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
    let trials = match plan.design {
        Design::Blocks => format!("{} arms", plan.arms.len()),
        Design::Screen => format!("a screen of {} tags", plan.contrasts.len()),
    };
    format!(
        "{}: {} ({}), {trials}, looks after {} {}, seed {}{resumed}{sandbox}",
        header.scenario.name,
        header.environment.browser,
        header.environment.browser_program,
        looks.join(", "),
        things(plan.design),
        plan.seed
    )
}

fn things(design: Design) -> &'static str {
    match design {
        Design::Blocks => "blocks",
        Design::Screen => "pairs",
    }
}

fn phase(purpose: Purpose, block: usize, design: Design) -> String {
    match (purpose, design) {
        (Purpose::WarmUp, _) => "warm-up".into(),
        (Purpose::Measure, Design::Blocks) => format!("block {block}"),
        (Purpose::Measure, Design::Screen) => format!("pair {block}"),
        (Purpose::Confirm, _) => format!("fresh block {block}"),
        (Purpose::Explain, _) => format!("traced block {block}"),
    }
}

/// What a judgement in the middle of a run says, and what comes after it.
fn judged(standing: &mut Standing, event: &Event) -> String {
    match event {
        Event::Look {
            blocks,
            judgement,
            decided,
            tags,
            forecast,
        } => {
            standing.expect_look(*blocks);
            let mut lines = look(*blocks, things(standing.design), judgement);
            lines += &format!("; {decided} of {tags} tags decided");
            for sentence in *forecast {
                lines += &format!("\n  {}", plain(sentence));
            }
            lines
        }
        Event::Suspects { confirmation, .. } => {
            standing.expect_fresh(confirmation);
            let suspects: Vec<&str> = confirmation
                .contrasts
                .iter()
                .map(|contrast| contrast.tag.as_str())
                .collect();
            let looks: Vec<String> = confirmation
                .schedule
                .looks
                .iter()
                .map(usize::to_string)
                .collect();
            format!(
                "suspected: {}; fresh trials are to confirm it, looks after {} blocks",
                plain(&suspects.join(", ")),
                looks.join(", ")
            )
        }
        Event::FreshLook { blocks, judgement } => {
            standing.expect_look(*blocks);
            look(*blocks, "fresh blocks", judgement)
        }
        Event::Begin { .. } | Event::Trial { .. } | Event::Explain => String::new(),
    }
}

fn look(blocks: usize, things: &str, judgement: &Judgement) -> String {
    let gated = || {
        let cells = judgement.cells.iter();
        cells.filter(|cell| cell.gated && !cell.effect.fresh)
    };
    let count = |verdict| gated().filter(|cell| cell.verdict == verdict).count();
    let suspected = judgement
        .suspicions
        .iter()
        .filter(|suspicion| suspicion.outcome == Confirmed::Open)
        .count();
    let named = |number: usize, word: &str| match number {
        0 => String::new(),
        number => format!("{number} {word}, "),
    };
    format!(
        "look after {blocks} {things}: {}{}{} ok, {} open",
        named(count(Verdict::Regressed), "regressed"),
        named(suspected, "suspected"),
        count(Verdict::Ok),
        (count(Verdict::Inconclusive) + count(Verdict::NotMeasured)).saturating_sub(suspected),
    )
}

/// Names of tags come from the scenario, and a terminal obeys control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
