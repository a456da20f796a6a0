//! What the main thread does for a click or a key, until the next frame.

use super::{Evidence, Run};

/// Events of the interactions that INP counts: <https://web.dev/articles/inp>.
const KINDS: &[&str] = &[
    "beforeinput",
    "change",
    "click",
    "dblclick",
    "input",
    "keydown",
    "keypress",
    "keyup",
    "mousedown",
    "mouseup",
    "pointerdown",
    "pointerup",
    "submit",
    "touchend",
    "touchstart",
];

/// Frames and timers that a listener asks for at once come within it, and hold up the next frame as well.
const AFTER_US: f64 = 50e3;

/// One task in which listeners of the user's input were called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reaction<'v> {
    /// The event type.
    pub kind: &'v str,
    /// The task's, and the end of what may still hold up the frame.
    pub start_us: f64,
    pub until_us: f64,
}

impl<'v> Evidence<'v> {
    /// The tasks that answer the user's input, in order.
    pub fn reactions(&self) -> Vec<Reaction<'v>> {
        let tree = self.tree();
        let mut reactions: Vec<(usize, Reaction<'v>)> = Vec::new();
        for index in tree.all() {
            let node = &tree.nodes[index];
            let kind = node.event.kind.as_deref().unwrap_or_default();
            let input = node.event.name == "EventDispatch" && KINDS.contains(&kind);
            if !input || self.is_within_script(index) {
                continue;
            }
            let task = self.task_of(index);
            if reactions.last().is_some_and(|(last, _)| *last == task) {
                continue;
            }
            let start_us = tree.nodes[task].start_us;
            if let Some((_, before)) = reactions.last_mut() {
                before.until_us = before.until_us.min(start_us);
            }
            let until_us = tree.nodes[task].end_us() + AFTER_US;
            let reaction = Reaction {
                kind,
                start_us,
                until_us,
            };
            reactions.push((task, reaction));
        }
        reactions
            .into_iter()
            .map(|(_, reaction)| reaction)
            .collect()
    }

    /// The event is dispatched by script, not by the user.
    pub(super) fn is_within_script(&self, index: usize) -> bool {
        let nodes = &self.tree().nodes;
        let above = |index: &usize| nodes[*index].parent;
        let mut parents = std::iter::successors(nodes[index].parent, above);
        parents.any(|parent| {
            let name = nodes[parent].event.name.as_str();
            matches!(name, "FunctionCall" | "EvaluateScript" | "RunMicrotasks")
        })
    }
}

/// The reaction, of those in order, that a task belongs to which begins at this time.
pub fn reaction_at<'a, 'v>(
    reactions: &'a [Reaction<'v>],
    time_us: f64,
) -> Option<&'a Reaction<'v>> {
    let until = reactions.partition_point(|reaction| reaction.start_us <= time_us);
    reactions[..until]
        .last()
        .filter(|reaction| time_us < reaction.until_us)
}

/// For each reaction, the sum of `cost` over the runs in it, and the reaction.
pub fn per_reaction<'a, 'v>(
    reactions: &'a [Reaction<'v>],
    runs: &[Run<'v>],
    cost: impl Fn(&Run<'v>) -> f64,
) -> Vec<(&'a Reaction<'v>, f64)> {
    let mut costs: Vec<(&Reaction<'v>, f64)> =
        reactions.iter().map(|reaction| (reaction, 0.0)).collect();
    for run in runs {
        let until = reactions.partition_point(|reaction| reaction.start_us <= run.start_us);
        if let Some((reaction, sum)) = until.checked_sub(1).map(|at| &mut costs[at]) {
            if run.start_us < reaction.until_us {
                *sum += cost(run);
            }
        }
    }
    costs
}
