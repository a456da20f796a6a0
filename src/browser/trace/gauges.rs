//! What the page holds from moment to moment.

use serde::Deserialize;

use super::super::Gauge;
use super::event::Raw;
use super::threads::Place;

/// Chromium tells after every task; a curve needs far fewer points, microseconds.
const APART_US: f64 = 20_000.0;

const MOST: usize = 500_000;

/// As they come, with the slot of the thread.
#[derive(Default)]
pub(super) struct Gauges(Vec<(u32, Gauge)>);

impl Gauges {
    /// `false` if there are too many.
    #[must_use]
    pub fn take(&mut self, raw: &Raw, slot: u32) -> bool {
        if self.0.len() >= MOST {
            return false;
        }
        let Args { data } = raw.args();
        let gauge = Gauge {
            at_us: raw.ts,
            nodes: data.nodes,
            listeners: data.listeners,
            heap_bytes: data.heap,
        };
        self.0.push((slot, gauge));
        true
    }

    /// Those of the page's process, thinned out; the last one is always there.
    pub fn finish(self, places: &[Option<Place>]) -> Vec<Gauge> {
        let page = |slot: u32| places[slot as usize].is_some_and(|place| place.thread == 0);
        let own = self.0.into_iter().filter(|(slot, _)| page(*slot));
        let mut all: Vec<Gauge> = own.map(|(_, gauge)| gauge).collect();
        all.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
        let mut kept: Vec<Gauge> = Vec::new();
        for (at, gauge) in all.iter().enumerate() {
            let due = kept
                .last()
                .is_none_or(|last| gauge.at_us - last.at_us >= APART_US);
            if due || at + 1 == all.len() {
                kept.push(*gauge);
            }
        }
        kept
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Args {
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    nodes: f64,
    #[serde(rename = "jsEventListeners")]
    listeners: f64,
    #[serde(rename = "jsHeapSizeUsed")]
    heap: f64,
}
