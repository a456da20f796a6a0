//! Stretches of script that the browser began: calls, evaluations, microtasks.

use super::Evidence;
use crate::model::CodeLocation;

/// Events in which the text of a script is compiled and run for the first time.
const EVALUATION: &[&str] = &[
    "EvaluateScript",
    "v8.compile",
    "v8.compileModule",
    "v8.evaluateModule",
];

/// One stretch; what script calls within it is part of it.
pub struct Run<'v> {
    /// The function that was called; for an evaluation, where the script begins.
    pub code: &'v CodeLocation,
    /// The script of the code; 0 is unknown.
    pub script: u32,
    /// The script's text is compiled or run, and not one of its functions called.
    pub evaluates: bool,
    pub start_us: f64,
    pub end_us: f64,
    /// Thread CPU time, microseconds.
    pub cpu_us: f64,
    /// The main thread's task that it is part of: an index into the tree.
    pub task: usize,
}

/// What a tag's code did in one task of the main thread.
#[derive(Debug)]
pub struct TagTask<'v> {
    pub start_us: f64,
    pub end_us: f64,
    /// CPU time of the tag's code, microseconds: functions called, and scripts evaluated.
    pub called_us: f64,
    pub evaluated_us: f64,
    /// The code with the largest part in it.
    pub code: &'v CodeLocation,
    pub script: u32,
}

impl<'v> Evidence<'v> {
    /// All stretches of script on the main thread, in order.
    pub fn runs(&self) -> Vec<Run<'v>> {
        let tree = self.tree();
        let mut runs: Vec<Run<'v>> = Vec::new();
        let evaluations = tree.outermost(tree.all(), |event| {
            EVALUATION.contains(&event.name.as_str()) || event.name == "FunctionCall"
        });
        for index in evaluations {
            let node = &tree.nodes[index];
            let code = node.event.code.as_ref();
            let Some(code) = code.filter(|_| node.event.name != "FunctionCall") else {
                continue;
            };
            runs.push(Run {
                code,
                script: self.evaluated_script(index),
                evaluates: true,
                start_us: node.start_us,
                end_us: node.end_us(),
                cpu_us: node.cpu_us,
                task: self.task_of(index),
            });
        }
        let evaluated: Vec<(f64, f64)> =
            runs.iter().map(|run| (run.start_us, run.end_us)).collect();
        let within = |time_us: f64| {
            let after = evaluated.partition_point(|(start_us, _)| *start_us <= time_us);
            after > 0 && time_us < evaluated[after - 1].1
        };
        for call in &self.callbacks().calls {
            if !within(call.start_us) {
                runs.push(Run {
                    code: call.code,
                    script: call.script,
                    evaluates: false,
                    start_us: call.start_us,
                    end_us: call.end_us,
                    cpu_us: call.cpu_us,
                    task: self.task_of(call.nodes.start),
                });
            }
        }
        runs.extend(self.microtasks(&runs));
        runs.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        runs
    }

    /// The tasks in which the tag's code ran, in order.
    pub fn tag_tasks(&self) -> Vec<TagTask<'v>> {
        let mut tasks: Vec<(usize, TagTask<'v>, f64)> = Vec::new();
        let runs = self.runs();
        for run in runs.iter().filter(|run| self.is_tags(run.code, run.script)) {
            if tasks.last().is_none_or(|(task, _, _)| *task != run.task) {
                let node = &self.tree().nodes[run.task];
                let task = TagTask {
                    start_us: node.start_us,
                    end_us: node.end_us(),
                    called_us: 0.0,
                    evaluated_us: 0.0,
                    code: run.code,
                    script: run.script,
                };
                tasks.push((run.task, task, 0.0));
            }
            let Some((_, task, largest)) = tasks.last_mut() else {
                continue;
            };
            if run.evaluates {
                task.evaluated_us += run.cpu_us;
            } else {
                task.called_us += run.cpu_us;
            }
            if run.cpu_us > *largest {
                *largest = run.cpu_us;
                (task.code, task.script) = (run.code, run.script);
            }
        }
        tasks.into_iter().map(|(_, task, _)| task).collect()
    }

    /// CPU time of all script, microseconds.
    pub fn all_script_us(&self) -> f64 {
        let runs = self.runs();
        runs.iter().map(|run| run.cpu_us).fold(0.0, |a, b| a + b)
    }

    /// Microtasks that no call and no evaluation explains: reactions of promises. Only the profile names them.
    fn microtasks(&self, known: &[Run<'v>]) -> Vec<Run<'v>> {
        let tree = self.tree();
        let within: Vec<_> = self
            .callbacks()
            .calls
            .iter()
            .map(|call| call.nodes.clone())
            .collect();
        let mut ranges = within;
        ranges.sort_by_key(|range| range.start);
        let explained = |index: usize| {
            let after = ranges.partition_point(|range| range.start <= index);
            after > 0 && index < ranges[after - 1].end
        };
        let loose = tree.outermost(tree.all(), |event| event.name == "RunMicrotasks");
        let loose = loose.filter(|&index| !explained(index));
        let named = loose.filter_map(|index| {
            let node = &tree.nodes[index];
            // Functions that observers had called from within the microtasks stand for themselves.
            let (start_us, end_us) = (node.start_us, node.end_us());
            let held = |run: &&Run| start_us <= run.start_us && run.start_us < end_us;
            let others = known.iter().filter(held).map(|run| run.cpu_us);
            let cpu_us = node.cpu_us - others.fold(0.0, |a, b| a + b);
            if cpu_us <= 0.0 {
                return None;
            }
            let (code, script, share) = self.called_most(start_us, end_us)?;
            Some(Run {
                code,
                script,
                evaluates: false,
                start_us,
                end_us,
                cpu_us: cpu_us * share,
                task: self.task_of(index),
            })
        });
        named.collect()
    }

    /// Chromium numbers the script where it compiles it, within the evaluation.
    fn evaluated_script(&self, index: usize) -> u32 {
        let nodes = &self.tree().nodes;
        let within = nodes[index..nodes[index].end].iter();
        let code = &nodes[index].event.code;
        let mut same = within.filter(|node| node.event.code == *code);
        same.find_map(|node| Some(node.event.script).filter(|script| *script != 0))
            .unwrap_or(0)
    }

    pub(super) fn task_of(&self, mut index: usize) -> usize {
        while let Some(parent) = self.tree().nodes.get(index).and_then(|node| node.parent) {
            index = parent;
        }
        index
    }
}
