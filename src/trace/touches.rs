//! When the tag's code changed how the page looks.

use super::{Evidence, Run};
use crate::model::CodeLocation;

/// Events with which Chromium notes that style or layout has to be worked out anew.
const TOUCHES: &[&str] = &["InvalidateLayout", "ScheduleStyleRecalculation"];

/// The tag's code changed the page, or may have.
#[derive(Clone, Copy, Debug)]
pub struct Touch<'v> {
    pub at_us: f64,
    pub code: &'v CodeLocation,
    pub script: u32,
}

impl<'v> Evidence<'v> {
    /// When the tag's code changed style or layout, in order; the code of others that it called counts for it.
    pub fn touches(&self) -> Vec<Touch<'v>> {
        let own = self.own_runs();
        let nodes = self.tree().nodes.iter();
        let touches = nodes.filter(|node| TOUCHES.contains(&node.event.name.as_str()));
        let found = touches.filter_map(|node| {
            let (code, script) = (node.event.code.as_ref()?, node.event.script);
            let at_us = node.start_us;
            if self.is_tags(code, script) {
                return Some(Touch {
                    at_us,
                    code,
                    script,
                });
            }
            let run = own[..own.partition_point(|run| run.start_us <= at_us)].last()?;
            let (code, script) = (run.code, run.script);
            (at_us <= run.end_us).then_some(Touch {
                at_us,
                code,
                script,
            })
        });
        found.collect()
    }

    /// The stretches of the tag's script, in order, as touches: for changes that leave no trace of their own.
    pub fn tag_runs(&self) -> Vec<Touch<'v>> {
        let runs = self.own_runs().into_iter();
        let touch = |run: Run<'v>| Touch {
            at_us: run.start_us,
            code: run.code,
            script: run.script,
        };
        runs.map(touch).collect()
    }

    fn own_runs(&self) -> Vec<Run<'v>> {
        let mut runs = self.runs();
        runs.retain(|run| self.is_tags(run.code, run.script));
        runs
    }
}

/// The last of `touches`, which ascend, that is not after `time_us`.
pub fn last_before<'t, 'v>(touches: &'t [Touch<'v>], time_us: f64) -> Option<&'t Touch<'v>> {
    let until = touches.partition_point(|touch| touch.at_us <= time_us);
    touches[..until].last()
}
