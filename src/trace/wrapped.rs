//! Functions that others only pass on: an error monitor wraps every listener and timer of the page, so that the
//! browser calls the monitor and not the tag.

use std::collections::HashMap;

use super::Node;
use super::stacks::{Stacks, is_script};
use crate::model::CodeLocation;

/// Whether code, by its place and its script's number, is the tag's.
type IsTags<'e> = &'e dyn Fn(&CodeLocation, u32) -> bool;

/// Below a call of others, the tag's outermost function, by the profile.
#[derive(Default)]
pub struct Wrapped<'e, 'v> {
    stacks: Option<&'e Stacks<'v>>,
    /// By function of the profile: the tag's outermost on the way to it.
    outermost: Vec<Option<usize>>,
    /// By function of the profile: it, or one that called it, is a script's.
    scripted: Vec<bool>,
    is_tags: Option<IsTags<'e>>,
}

impl<'e, 'v> Wrapped<'e, 'v> {
    pub fn new(stacks: &'e Stacks<'v>, is_tags: IsTags<'e>) -> Self {
        let outermost = stacks.inherit(None, |above: &Option<usize>, index, node| {
            above.or_else(|| (is_script(node) && is_tags(&node.code, node.script)).then_some(index))
        });
        Self {
            scripted: stacks.inherit(false, |above, _, node| *above || is_script(node)),
            outermost,
            stacks: Some(stacks),
            is_tags: Some(is_tags),
        }
    }

    /// The tag's function in which most of a call of others was spent.
    pub fn within(
        &self,
        code: &CodeLocation,
        script: u32,
        call: &Node<'v>,
    ) -> Option<(&'v CodeLocation, u32)> {
        let stacks = self.stacks?;
        let samples = stacks.during(call.start_us, call.end_us());
        if samples.is_empty() || self.is_tags?(code, script) {
            return None;
        }
        let scripted = samples.iter().filter(|(_, node)| self.scripted[*node]);
        let mut counts: HashMap<(u32, &CodeLocation), usize> = HashMap::new();
        for at in samples.iter().filter_map(|(_, node)| self.outermost[*node]) {
            let function = &stacks.nodes[at];
            *counts.entry((function.script, &function.code)).or_default() += 1;
        }
        let ((script, code), most) = counts
            .into_iter()
            .max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a)))?;
        (most * 2 > scripted.count()).then_some((code, script))
    }
}
