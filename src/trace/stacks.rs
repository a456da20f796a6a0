//! Which functions were on the stack of the page's main thread, from moment to moment.

use crate::model::{CodeLocation, Profile, ProfileNode};

/// Scripts that tagperf itself runs in the page.
pub const HARNESS: &str = "tagperf:";

/// The samples of a profile that can be used, in order.
#[derive(Default)]
pub struct Stacks<'v> {
    /// Functions, each after the one that called it.
    pub nodes: &'v [ProfileNode],
    /// When, microseconds of the trace's clock; and the innermost function: an index into `nodes`.
    pub samples: Vec<(f64, usize)>,
}

impl<'v> Stacks<'v> {
    /// Samples without a usable time or function are left out.
    pub fn new(profile: &'v Profile) -> Self {
        let times = profile.times_us.iter().zip(&profile.samples);
        let sound = times.filter_map(|(&time, &node)| {
            let node = usize::try_from(node).ok()?;
            (time.is_finite() && node < profile.nodes.len()).then_some((time, node))
        });
        let mut samples: Vec<(f64, usize)> = sound.collect();
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            nodes: &profile.nodes,
            samples,
        }
    }

    /// The function that called the one at `node`; a caller that does not stand before it is damage.
    pub fn caller(&self, node: usize) -> Option<usize> {
        let caller = usize::try_from(self.nodes.get(node)?.parent?).ok()?;
        (caller < node).then_some(caller)
    }

    /// A value for each function, made of its caller's: `outermost` stands for that of what nobody called.
    pub fn inherit<T: Clone>(
        &self,
        outermost: T,
        of: impl Fn(&T, usize, &'v ProfileNode) -> T,
    ) -> Vec<T> {
        let mut values: Vec<T> = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            let callers = self.caller(index).map_or(&outermost, |at| &values[at]);
            let value = of(callers, index, node);
            values.push(value);
        }
        values
    }

    /// The samples that were taken in a stretch of time.
    pub fn during(&self, start_us: f64, end_us: f64) -> &[(f64, usize)] {
        let first = self.samples.partition_point(|(time, _)| *time < start_us);
        let last = self.samples.partition_point(|(time, _)| *time <= end_us);
        self.samples.get(first..last).unwrap_or_default()
    }
}

/// The function is a script's: V8's own, such as `(idle)` and `appendChild`, have no place.
pub fn is_script(node: &ProfileNode) -> bool {
    node.script != 0 || !node.code.url.is_empty()
}

/// tagperf's own function: where it stands between the page's code and what that calls, it is nobody's.
pub fn is_harness(node: &ProfileNode) -> bool {
    node.code.url.starts_with(HARNESS)
}

/// The two name the same place; what a function is called does not matter.
pub fn same_place(a: (&CodeLocation, u32), b: (&CodeLocation, u32)) -> bool {
    let file = if a.1 != 0 && b.1 != 0 {
        a.1 == b.1
    } else {
        a.0.url == b.0.url
    };
    file && (a.0.line, a.0.column) == (b.0.line, b.0.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: Option<u32>) -> ProfileNode {
        ProfileNode {
            parent,
            ..ProfileNode::default()
        }
    }

    #[test]
    fn damage_makes_no_circle() {
        let profile = Profile {
            nodes: vec![node(Some(1)), node(Some(1)), node(Some(0)), node(Some(9))],
            times_us: vec![5.0, f64::NAN, 3.0, 4.0, 9.0],
            samples: vec![2, 0, 1, 77, 3],
        };
        let stacks = Stacks::new(&profile);
        assert_eq!(stacks.samples, [(3.0, 1), (5.0, 2), (9.0, 3)]);
        let depths = stacks.inherit(0, |callers, _, _| callers + 1);
        assert_eq!(depths, [1, 1, 2, 1]);
        assert_eq!(stacks.during(4.0, 5.0), [(5.0, 2)]);
        assert!(stacks.during(6.0, 5.0).is_empty());
    }
}
