//! V8's sampling profiler on the page's main thread. Its clock is the trace's.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chromiumoxide::cdp::js_protocol::profiler::{
    EnableParams, SetSamplingIntervalParams, StartParams, StopParams,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::stack::{Counting, RawFrame};
use super::tab::Session;
use super::transport::CallError;
use super::{Profile, ProfileNode};

/// Fine enough for the function that takes most of a long task.
const INTERVAL_US: i64 = 1000;

/// Handing over takes as long as the page's current task.
const HANDOVER: Duration = Duration::from_secs(15);

pub(super) async fn start(session: &Session, deadline: Duration) -> Result<(), CallError> {
    let enabled = session.call(EnableParams::default(), deadline);
    let interval = session.call(SetSamplingIntervalParams::new(INTERVAL_US), deadline);
    let started = session.call(StartParams::default(), deadline);
    enabled.await?;
    interval.await?;
    started.await.map(drop)
}

/// The profile of the page's last process: where a navigation changes processes, Chromium starts the
/// profiler anew in the next one and forgets what the last one saw. `None` if it cannot be had.
pub(super) async fn stop(session: &Session) -> Option<Profile> {
    let stopped = session.call_for::<Box<RawValue>, _>(StopParams::default(), HANDOVER);
    let stopped = stopped.await.ok()?;
    let stopped: Stopped = serde_json::from_str(stopped.get()).ok()?;
    Some(stopped.profile.read())
}

#[derive(Deserialize)]
struct Stopped<'a> {
    #[serde(borrow)]
    profile: Raw<'a>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
    #[serde(rename = "startTime")]
    start_us: f64,
    #[serde(default)]
    samples: Vec<u64>,
    #[serde(rename = "timeDeltas", default)]
    deltas_us: Vec<f64>,
}

#[derive(Deserialize)]
struct Node<'a> {
    id: u64,
    #[serde(borrow, rename = "callFrame")]
    frame: RawFrame<'a>,
    #[serde(default)]
    children: Vec<u64>,
    #[serde(rename = "positionTicks", default)]
    ticks: Vec<Tick>,
}

#[derive(Deserialize)]
struct Tick {
    /// From 1, unlike all other lines of the protocol.
    line: i64,
    ticks: u32,
}

impl Raw<'_> {
    fn read(self) -> Profile {
        let (nodes, places) = arrange(&self.nodes);
        let mut at_us = self.start_us;
        let taken = self.samples.iter().zip(&self.deltas_us);
        let mut samples: Vec<(f64, u32)> = taken
            .filter_map(|(id, delta_us)| {
                at_us += delta_us;
                Some((at_us, *places.get(id)?))
            })
            .filter(|(at_us, _)| at_us.is_finite())
            .collect();
        // V8 hands over samples of different kinds as they are ready.
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        Profile {
            nodes,
            times_us: samples.iter().map(|(at_us, _)| *at_us).collect(),
            samples: samples.iter().map(|(_, node)| *node).collect(),
        }
    }
}

/// The nodes, each after its parent, and where each id went.
fn arrange(raw: &[Node]) -> (Vec<ProfileNode>, HashMap<u64, u32>) {
    let by_id: HashMap<u64, &Node> = raw.iter().map(|node| (node.id, node)).collect();
    let children: HashSet<u64> = raw
        .iter()
        .flat_map(|node| &node.children)
        .copied()
        .collect();
    let roots = raw.iter().filter(|node| !children.contains(&node.id));
    let mut open: Vec<(u64, Option<u32>)> = roots.map(|node| (node.id, None)).collect();
    open.reverse();
    let mut nodes = Vec::with_capacity(raw.len());
    let mut places = HashMap::new();
    while let Some((id, parent)) = open.pop() {
        let Some(node) = by_id.get(&id) else {
            continue;
        };
        let Ok(at) = u32::try_from(nodes.len()) else {
            break;
        };
        // Whatever is told twice is there once.
        if places.contains_key(&id) {
            continue;
        }
        places.insert(id, at);
        nodes.push(node.read(parent));
        open.extend(node.children.iter().rev().map(|child| (*child, Some(at))));
    }
    (nodes, places)
}

impl Node<'_> {
    fn read(&self, parent: Option<u32>) -> ProfileNode {
        let frame = self.frame.read(Counting::FromZero);
        let ticks = self.ticks.iter();
        let mut lines: Vec<(u32, u32)> = ticks
            .filter_map(|tick| Some((u32::try_from(tick.line).ok()?, tick.ticks)))
            .collect();
        lines.sort_by_key(|(line, ticks)| (std::cmp::Reverse(*ticks), *line));
        ProfileNode {
            code: frame.code,
            script: frame.script,
            parent,
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Profile {
        serde_json::from_str::<Raw>(json).unwrap().read()
    }

    #[test]
    fn nodes_follow_their_parents_and_samples_are_in_order_of_time() {
        let profile = read(
            r#"{"startTime":1000,"endTime":2000,"nodes":[
              {"id":5,"callFrame":{"functionName":"burn","scriptId":"4","url":"u","lineNumber":1,"columnNumber":2},"positionTicks":[{"line":2,"ticks":1},{"line":3,"ticks":8}]},
              {"id":1,"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1},"children":[2,5]},
              {"id":2,"callFrame":{"functionName":"(idle)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1}}],
              "samples":[2,5,2,77],"timeDeltas":[100,50,-20,5]}"#,
        );
        let names: Vec<&str> = profile
            .nodes
            .iter()
            .map(|n| n.code.function.as_str())
            .collect();
        assert_eq!(names, ["(root)", "(idle)", "burn"]);
        let burn = &profile.nodes[2];
        assert_eq!(
            (burn.parent, burn.script, burn.code.line, burn.code.column),
            (Some(0), 4, 2, 3)
        );
        assert_eq!(burn.lines, [(3, 8), (2, 1)]);
        assert_eq!(profile.nodes[0].code.line, 0);
        assert_eq!(profile.times_us, [1100.0, 1130.0, 1150.0]);
        assert_eq!(profile.samples, [1, 1, 2]);
    }

    #[test]
    fn nodes_that_go_in_circles_end() {
        let profile = read(
            r#"{"startTime":0,"nodes":[
              {"id":1,"callFrame":{},"children":[2]},{"id":2,"callFrame":{},"children":[3,2]},{"id":3,"callFrame":{},"children":[2,9]},
              {"id":4,"callFrame":{},"children":[4]}],"samples":[4,3],"timeDeltas":[1,1]}"#,
        );
        assert_eq!(profile.nodes.len(), 3);
        assert_eq!(profile.samples.len(), 1);
    }
}
