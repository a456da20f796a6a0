//! The sentences of a run, in the order in which they are said.

use crate::app::{metric, safe_text, too_small};
use crate::model::{
    Cell, Confirmation, Design, Plan, Purpose, ReasonId, RunHeader, Trial, Verdict,
};

use super::standing::Standing;

/// Suspects that are named; the others are counted.
const MOST_NAMED: usize = 8;

/// What is known of a run so far.
pub struct Story {
    pub standing: Standing,
    design: Design,
    /// Suspects are being asked again.
    fresh: bool,
    /// Tag and metric of what looked regressed at the last look of the first trials.
    suspects: Vec<(String, String)>,
}

impl Story {
    pub fn new(plan: &Plan, resumed: usize) -> Self {
        Self {
            standing: Standing::new(plan, resumed),
            design: plan.design,
            fresh: false,
            suspects: Vec::new(),
        }
    }

    /// `block 12`, in a screen `pair 12`.
    pub fn phase(&self, purpose: Purpose, block: usize) -> String {
        match purpose {
            Purpose::WarmUp => "warm-up".into(),
            Purpose::Measure => format!("{} {block}", self.design.noun()),
            Purpose::Confirm => format!("fresh block {block}"),
            Purpose::Explain => format!("traced block {block}"),
        }
    }

    /// `about 40 s to the next look`; of traced trials, to the end.
    pub fn left(&self) -> Option<String> {
        let (left, to) = self.standing.left()?;
        Some(format!("about {} s to the {to}", left.as_secs()))
    }

    /// What a look showed; until the first ones are asked again, what regressed is only suspect. `forecast` says
    /// what the budget will hardly decide.
    pub fn look(
        &mut self,
        blocks: usize,
        cells: &[Cell],
        (decided, tags): (usize, usize),
        forecast: &[String],
    ) -> String {
        self.standing.expect_look(blocks);
        let gated = || cells.iter().filter(|cell| cell.gated);
        if self.fresh {
            let asked = gated().filter(|cell| cell.effect.fresh && self.is_suspect(cell));
            let [yes, no, open] = count(asked);
            return format!(
                "look after {blocks} fresh blocks: {yes} confirmed, {no} cleared, {open} open"
            );
        }
        let first = || gated().filter(|cell| !cell.effect.fresh);
        self.suspects = first()
            .filter(|cell| {
                cell.verdict == Verdict::Regressed || cell.reason.id == ReasonId::Unconfirmed
            })
            .map(|cell| (cell.effect.tag.clone(), cell.effect.metric.clone()))
            .collect();
        let (suspected, others): (Vec<&Cell>, Vec<&Cell>) =
            first().partition(|cell| self.is_suspect(cell));
        let [_, ok, open] = count(others.into_iter());
        let mut lines = format!(
            "look after {blocks} {}s: {} suspected, {ok} ok, {open} open; {decided} of {tags} tags decided",
            self.design.noun(),
            suspected.len()
        );
        for sentence in forecast.iter().take(MOST_NAMED) {
            lines += &format!("\n  {}", safe_text(sentence, 300));
        }
        lines
    }

    /// `2 suspects are asked again of fresh trials: heatmap main-thread CPU, chat LCP; at most 12 fresh blocks of 3 trials`.
    pub fn suspects(&mut self, confirmation: &Confirmation) -> String {
        self.fresh = true;
        let trials = self.standing.confirm(confirmation);
        let mut names = Vec::new();
        for contrast in &confirmation.contrasts {
            let tag = safe_text(&contrast.tag, 40);
            let own = self.suspects.iter().filter(|(of, _)| *of == contrast.tag);
            let metrics: Vec<String> = own
                .map(|(_, metric)| format!("{tag} {}", name(metric)))
                .collect();
            if metrics.is_empty() {
                names.push(tag);
            }
            names.extend(metrics);
        }
        let all = names.len();
        names.truncate(MOST_NAMED);
        if all > MOST_NAMED {
            names.push(format!("{} more", all - MOST_NAMED));
        }
        let verb = if all == 1 {
            "suspect is"
        } else {
            "suspects are"
        };
        format!(
            "{all} {verb} asked again of fresh trials: {}; at most {} fresh blocks of {trials} trials",
            names.join(", "),
            confirmation.schedule.budget()
        )
    }

    fn is_suspect(&self, cell: &Cell) -> bool {
        let effect = &cell.effect;
        let mut suspects = self.suspects.iter();
        suspects.any(|(tag, metric)| *tag == effect.tag && *metric == effect.metric)
    }
}

/// What the user should know of what was asked for.
pub fn doubt(text: &str) -> String {
    format!("notice: {}", safe_text(text, 300))
}

/// The first line: what is measured, with what, and when it is judged.
pub fn opening(header: &RunHeader, resumed: usize) -> String {
    let plan = &header.plan;
    let looks: Vec<String> = plan.schedule.looks.iter().map(usize::to_string).collect();
    let sandbox = if header.environment.sandbox {
        ""
    } else {
        "\nnotice: the browser runs without its sandbox, which cannot work as root or in this container"
    };
    let warning = match too_small(plan, &header.gate) {
        Some(warning) if !plan.only_traces() => format!("\nwarning: {warning}"),
        _ => String::new(),
    };
    let resumed = if resumed > 0 {
        format!(", going on after {resumed} trials")
    } else {
        String::new()
    };
    let looks = format!("looks after {} {}s", looks.join(", "), plan.design.noun());
    let what = match plan.design {
        _ if plan.only_traces() => format!(
            "{} arms, traced {} times each, nothing measured",
            plan.traced_arms().len(),
            plan.traced_blocks
        ),
        Design::Blocks => format!("{} arms, {looks}", plan.arms.len()),
        Design::Screen => format!("screen of {} tags, {looks}", plan.contrasts.len()),
    };
    format!(
        "{}: {} ({}), {what}, seed {}{resumed}{warning}{sandbox}",
        safe_text(&header.scenario.name, 60),
        safe_text(&header.environment.browser, 60),
        safe_text(&header.environment.browser_program, 60),
        plan.seed
    )
}

/// Why a trial gave no evidence, if it did not.
pub fn fault(trial: &Trial) -> Option<String> {
    let fault = trial.outcome.as_ref().err()?;
    let arm = safe_text(&trial.slot.arm.to_string(), 60);
    Some(format!("  {arm}: {}", safe_text(&fault.to_string(), 400)))
}

/// The metric's name in the table of metrics, or its id.
fn name(id: &str) -> String {
    metric(id).map_or_else(|| safe_text(id, 40), |metric| metric.name)
}

/// Cells that are regressed, ok, and neither.
fn count<'a>(cells: impl Iterator<Item = &'a Cell>) -> [usize; 3] {
    let mut counts = [0; 3];
    for cell in cells {
        match cell.verdict {
            Verdict::Regressed => counts[0] += 1,
            Verdict::Ok => counts[1] += 1,
            Verdict::Inconclusive | Verdict::NotMeasured | Verdict::NotComparable => counts[2] += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Arm, Basis, Contrast, Effect, Environment, Factor, Fingerprint, Gate, Inconclusive, Reason,
        ScenarioInfo, Schedule,
    };

    fn plan(design: Design) -> Plan {
        let arm = |tags: &[&str]| Arm(tags.iter().map(|tag| (*tag).into()).collect());
        let contrast = |tag: &str| Contrast {
            tag: tag.into(),
            with: arm(&[tag]),
            without: arm(&[]),
        };
        Plan {
            seed: 1,
            arms: vec![arm(&[]), arm(&["a"]), arm(&["b"]), arm(&["c"])],
            contrasts: ["a", "b", "c"].map(contrast).into(),
            design,
            factors: vec![Factor {
                tag: "c".into(),
                members: vec!["c".into()],
                needs: vec![],
            }],
            schedule: Schedule {
                looks: vec![10, 20],
                weights: vec![0.5, 0.5],
            },
            warm_up_blocks: 1,
            traced_blocks: 3,
        }
    }

    fn cell(tag: &str, verdict: Verdict, fresh: bool) -> Cell {
        Cell {
            effect: Effect {
                tag: tag.into(),
                metric: "lcp".into(),
                basis: Basis::Control,
                fresh,
                pairs: 10,
                dropped: 0,
                dropped_because: None,
                without: None,
                with: None,
                estimate: None,
                interval: None,
                margin: 1.0,
                p_regressed: None,
                p_ok: None,
                detectable: None,
            },
            gated: true,
            verdict,
            reason: Reason {
                id: ReasonId::Undecided,
                tag: None,
                metric: None,
                text: String::new(),
            },
        }
    }

    fn confirmation(plan: &Plan) -> Confirmation {
        Confirmation {
            contrasts: plan.contrasts[..2].to_vec(),
            schedule: Schedule {
                looks: vec![6, 12],
                weights: vec![0.5, 0.5],
            },
        }
    }

    #[test]
    fn suspects_are_named_and_then_told_apart() {
        let plan = plan(Design::Blocks);
        let mut story = Story::new(&plan, 0);
        assert_eq!(story.standing.expected, 4 + 10 * 4 + 3 * 4);
        let mut cells = vec![
            cell("a", Verdict::Regressed, false),
            cell("b", Verdict::Regressed, false),
            cell("c", Verdict::Ok, false),
        ];
        assert_eq!(
            story.look(10, &cells, (2, 3), &[]),
            "look after 10 blocks: 2 suspected, 1 ok, 0 open; 2 of 3 tags decided"
        );
        story.standing.done = 44;
        assert_eq!(
            story.suspects(&confirmation(&plan)),
            "2 suspects are asked again of fresh trials: a LCP, b LCP; at most 12 fresh blocks of 3 trials"
        );
        assert_eq!(story.standing.expected, 44 + 6 * 3 + 3 * 4);
        assert_eq!(story.phase(Purpose::Confirm, 3), "fresh block 3");
        cells.extend([
            cell("a", Verdict::Regressed, true),
            cell("b", Verdict::Ok, true),
        ]);
        assert_eq!(
            story.look(6, &cells, (3, 3), &[]),
            "look after 6 fresh blocks: 1 confirmed, 1 cleared, 0 open"
        );
        assert_eq!(story.standing.expected, 44 + 12 * 3 + 3 * 4);
    }

    #[test]
    fn a_budget_that_can_decide_nothing_is_told_at_once() {
        let header = |looks: &[usize]| RunHeader {
            format: RunHeader::FORMAT,
            run: String::new(),
            scenario: ScenarioInfo {
                name: "landing".into(),
                file: String::new(),
                url: String::new(),
                hash: String::new(),
                device: String::new(),
                steps: vec![],
                entities: vec![],
            },
            environment: Environment::default(),
            fingerprint: Fingerprint::default(),
            plan: Plan {
                schedule: Schedule {
                    looks: looks.to_vec(),
                    weights: vec![1.0],
                },
                ..plan(Design::Blocks)
            },
            gate: Gate {
                forbid_chosen: false,
                limits: vec![],
                metrics: vec![],
                exploratory: vec![],
                forbid: vec![],
                inconclusive: Inconclusive::Report,
                require_baseline: false,
            },
            tags: vec![],
        };
        // 2⁻⁸ is more than a third of 1 %.
        let warned = opening(&header(&[8]), 0);
        assert!(
            warned.contains("\nwarning: 8 blocks can never fail the gate: it takes at least 9"),
            "{warned}"
        );
        assert!(!opening(&header(&[9]), 0).contains("warning"));
    }

    #[test]
    fn a_screen_counts_pairs_of_trials() {
        let mut story = Story::new(&plan(Design::Screen), 0);
        // Traced: the control and the tag, three times.
        assert_eq!(story.standing.expected, 2 + 10 * 2 + 3 * 2);
        assert_eq!(story.phase(Purpose::Measure, 3), "pair 3");
        assert_eq!(
            story.look(
                10,
                &[cell("a", Verdict::Inconclusive, false)],
                (0, 3),
                &["a LCP: hidden\u{1b}[2J".into()]
            ),
            "look after 10 pairs: 0 suspected, 0 ok, 1 open; 0 of 3 tags decided\n  a LCP: hidden"
        );
    }
}
