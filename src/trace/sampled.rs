//! Which functions the profile saw at work.

use std::collections::HashMap;

use super::Evidence;
use crate::model::{CodeLocation, Profile};

impl<'v> Evidence<'v> {
    /// The function of the tag in which the most samples between the two times lie: it, or what it called of the
    /// browser's and of others' code, was at work.
    pub fn busiest(&self, start_us: f64, end_us: f64) -> Option<(&'v CodeLocation, u32)> {
        let profile = self.trace()?.profile.as_ref()?;
        let most = most(samples(profile, start_us, end_us), |sample| {
            let mut line = ancestry(profile, sample);
            line.find(|&node| {
                let node = &profile.nodes[node];
                self.is_tags(&node.code, node.script)
            })
        })?;
        let node = &profile.nodes[most.0];
        Some((&node.code, node.script))
    }

    /// The outermost function on the stack in the most samples between the two times, and in which share.
    pub fn called_most(&self, start_us: f64, end_us: f64) -> Option<(&'v CodeLocation, u32, f64)> {
        let profile = self.trace()?.profile.as_ref()?;
        let (node, share) = most(samples(profile, start_us, end_us), |sample| {
            let line = ancestry(profile, sample);
            // V8's own, such as `(program)`, belong to no script.
            line.filter(|&node| profile.nodes[node].script != 0).last()
        })?;
        let node = &profile.nodes[node];
        Some((&node.code, node.script, share))
    }
}

fn samples(profile: &Profile, start_us: f64, end_us: f64) -> impl Iterator<Item = usize> {
    let from = profile.times_us.partition_point(|time| *time < start_us);
    let times = profile.times_us[from..].iter();
    let times = times.take_while(move |time| **time <= end_us);
    times
        .zip(profile.samples.iter().skip(from))
        .map(|(_, sample)| *sample as usize)
}

/// A node and those above it.
fn ancestry(profile: &Profile, node: usize) -> impl Iterator<Item = usize> {
    let above = move |node: &usize| {
        let parent = profile.nodes.get(*node)?.parent? as usize;
        // Parents come first: anything else is damage, and might never end.
        (parent < *node).then_some(parent)
    };
    let first = Some(node).filter(|node| *node < profile.nodes.len());
    std::iter::successors(first, above)
}

/// The node that `of` gives for the most samples, and the share of them.
fn most(
    samples: impl Iterator<Item = usize>,
    of: impl Fn(usize) -> Option<usize>,
) -> Option<(usize, f64)> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut all = 0;
    for sample in samples {
        all += 1;
        if let Some(node) = of(sample) {
            *counts.entry(node).or_default() += 1;
        }
    }
    let most = counts
        .into_iter()
        .max_by_key(|(node, count)| (*count, usize::MAX - node))?;
    Some((most.0, most.1 as f64 / all as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Firing, ProfileNode, TagInfo, Trace, UrlPattern, Visit};

    fn node(url: &str, function: &str, script: u32, parent: Option<u32>) -> ProfileNode {
        ProfileNode {
            code: CodeLocation {
                url: url.into(),
                function: function.into(),
                ..CodeLocation::default()
            },
            script,
            parent,
            ..ProfileNode::default()
        }
    }

    #[test]
    fn the_tags_function_at_work_and_the_one_that_was_called_are_told_apart() {
        let tag = "https://cdn.vendor.test/tag.js";
        let profile = Profile {
            nodes: vec![
                node("", "(root)", 0, None),
                node(tag, "outer", 7, Some(0)),
                node(tag, "inner", 7, Some(1)),
                node("https://shop.test/lib.js", "each", 3, Some(2)),
                node("", "(idle)", 0, Some(0)),
            ],
            times_us: vec![1.0, 2.0, 3.0, 4.0, 50.0],
            samples: vec![3, 3, 1, 9, 4],
        };
        let visit = Visit {
            trace: Some(Trace {
                profile: Some(profile),
                ..Trace::default()
            }),
            ..Visit::default()
        };
        let tag = TagInfo {
            id: "t".into(),
            owner: None,
            members: vec![],
            source: "script".into(),
            what: String::new(),
            urls: vec![UrlPattern(tag.into())],
            inline: vec![],
            code: String::new(),
            line: 1,
            firing: Firing::default(),
        };
        let evidence = Evidence::about(&visit, &tag);
        let (busiest, script) = evidence.busiest(0.0, 10.0).unwrap();
        assert_eq!((busiest.function.as_str(), script), ("inner", 7));
        let (called, _, share) = evidence.called_most(0.0, 10.0).unwrap();
        assert_eq!((called.function.as_str(), share), ("outer", 0.75));
        assert!(evidence.called_most(40.0, 60.0).is_none());
    }
}
