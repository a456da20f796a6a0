use std::collections::BTreeMap;

use crate::model::{Contrast, Purpose, Reading, Sample};

/// The samples of one metric in the two arms of a contrast, paired by block.
pub(super) struct Pairs {
    by_block: BTreeMap<usize, Pair>,
    /// Blocks that ran and gave no value in one of the two arms.
    pub dropped: usize,
    pub dropped_because: Option<String>,
    counts: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub with: f64,
    pub without: f64,
}

impl Pairs {
    pub fn all(&self) -> impl Iterator<Item = Pair> + '_ {
        self.by_block.values().copied()
    }

    /// Pairs of the first `blocks` blocks.
    pub fn until(&self, blocks: usize) -> impl Iterator<Item = Pair> + '_ {
        self.by_block.range(..=blocks).map(|(_, pair)| *pair)
    }

    pub fn differences(&self) -> Vec<f64> {
        self.all().map(|pair| pair.with - pair.without).collect()
    }

    /// The last block that counts for looks; 0 for traced trials, which are never judged.
    pub fn last_block(&self) -> usize {
        if self.counts {
            self.by_block.keys().last().copied().unwrap_or(0)
        } else {
            0
        }
    }
}

/// Pairs the samples of one purpose.
pub(super) fn pair_up(
    samples: &[Sample],
    contrast: &Contrast,
    metric: &str,
    purpose: Purpose,
) -> Pairs {
    let of_metric = samples
        .iter()
        .filter(|s| s.metric == metric && s.slot.purpose == purpose);
    let mut blocks: BTreeMap<usize, [Option<&Reading>; 2]> = BTreeMap::new();
    for sample in of_metric {
        for (side, arm) in [&contrast.with, &contrast.without].into_iter().enumerate() {
            if sample.slot.arm == *arm {
                blocks.entry(sample.slot.block).or_default()[side] = Some(&sample.reading);
            }
        }
    }
    let mut pairs = Pairs {
        by_block: BTreeMap::new(),
        dropped: 0,
        dropped_because: None,
        counts: purpose != Purpose::Explain,
    };
    for (block, sides) in blocks {
        match sides {
            [Some(Reading::Value(with)), Some(Reading::Value(without))] => {
                pairs.by_block.insert(
                    block,
                    Pair {
                        with: *with,
                        without: *without,
                    },
                );
            }
            [Some(with), Some(without)] => {
                pairs.dropped += 1;
                pairs
                    .dropped_because
                    .get_or_insert_with(|| why([with, without]));
            }
            // The other trial has not run: the block is not complete, so nothing is lost.
            _ => {}
        }
    }
    pairs
}

fn why(sides: [&Reading; 2]) -> String {
    let missing = sides.into_iter().find_map(|reading| match reading {
        Reading::Missing(why) => Some(why.clone()),
        Reading::Value(_) => None,
    });
    missing.unwrap_or_default()
}
