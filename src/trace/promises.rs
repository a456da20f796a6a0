//! Promise reactions: they leave no call in a trace, only microtasks that take time, and samples of the profile.

use super::{Evidence, Span};
use crate::model::{CodeLocation, ProfileNode};

impl<'v> Evidence<'v> {
    /// Microtasks of the main thread in `spans`: CPU time beside the calls within them, microseconds.
    ///
    /// Promise reactions leave no call in a trace.
    pub fn promise_cpu_us(&self, span: Span) -> f64 {
        let tree = self.tree();
        let mut total = 0.0;
        for index in tree.outermost(tree.all(), |event| event.name == "RunMicrotasks") {
            let node = &tree.nodes[index];
            if span.holds(node.start_us) {
                let calls =
                    tree.outermost(index + 1..node.end, |event| event.name == "FunctionCall");
                let called = calls.map(|call| tree.nodes[call].cpu_us);
                total += (node.cpu_us - called.fold(0.0, |a, b| a + b)).max(0.0);
            }
        }
        total
    }

    /// The functions that ran in the microtasks that began within `span`, as the profile saw them: the outermost of each
    /// sample, and the time until the next one, microseconds.
    pub fn promises(&self, span: Span) -> Vec<(&'v CodeLocation, u32, f64)> {
        let Some(profile) = self.trace().and_then(|trace| trace.profile.as_ref()) else {
            return Vec::new();
        };
        let tree = self.tree();
        let mut found = Vec::new();
        for index in tree.outermost(tree.all(), |event| event.name == "RunMicrotasks") {
            let node = &tree.nodes[index];
            if !span.holds(node.start_us) {
                continue;
            }
            let times = &profile.times_us;
            let from = times.partition_point(|time| *time < node.start_us);
            let to = times.partition_point(|time| *time <= node.end_us());
            for sample in from..to {
                let until = times.get(sample + 1).copied().unwrap_or(times[sample]);
                let outermost = profile
                    .samples
                    .get(sample)
                    .and_then(|at| outermost(&profile.nodes, *at));
                if let Some(node) = outermost {
                    let at = &profile.nodes[node];
                    found.push((&at.code, at.script, (until - times[sample]).max(0.0)));
                }
            }
        }
        found
    }
}

/// The function nearest to the root that is the page's and not V8's own.
fn outermost(nodes: &[ProfileNode], sample: u32) -> Option<usize> {
    let mut at = usize::try_from(sample).ok();
    let mut found = None;
    // Parents come before their children, so that this ends.
    while let Some(index) = at {
        let node = nodes.get(index)?;
        if node.script != 0 || !node.code.url.is_empty() {
            found = Some(index);
        }
        let parent = node.parent.and_then(|parent| usize::try_from(parent).ok());
        at = parent.filter(|parent| *parent < index);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Profile, Trace, TraceEvent, Visit};

    fn visit(microtasks: TraceEvent, profile: Profile) -> Visit {
        Visit {
            trace: Some(Trace {
                events: vec![microtasks],
                profile: Some(profile),
                ..Trace::default()
            }),
            ..Visit::default()
        }
    }

    #[test]
    fn promises_are_named_by_the_profile() {
        let node = |function: &str, script, parent| ProfileNode {
            code: CodeLocation {
                function: function.into(),
                ..CodeLocation::default()
            },
            script,
            parent,
            lines: vec![],
        };
        let microtasks = TraceEvent {
            name: "RunMicrotasks".into(),
            start_us: 500_000.0,
            wall_us: 10_000.0,
            cpu_us: 9_000.0,
            ..TraceEvent::default()
        };
        let profile = Profile {
            nodes: vec![
                node("(root)", 0, None),
                node("spin", 3, Some(0)),
                node("then", 0, Some(1)),
            ],
            times_us: vec![499_000.0, 501_000.0, 503_000.0, 512_000.0],
            samples: vec![1, 2, 77, 1],
        };
        let visit = visit(microtasks, profile);
        let evidence = Evidence::new(&visit);
        let span = Span::new(0.0, 1e6).unwrap();
        assert_eq!(evidence.promise_cpu_us(span), 9_000.0);
        let named: Vec<_> = evidence
            .promises(span)
            .into_iter()
            .map(|(code, script, us)| (code.function.as_str(), script, us))
            .collect();
        assert_eq!(named, [("spin", 3, 2_000.0)]);
    }
}
