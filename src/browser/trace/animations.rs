//! Animations, put together from their asynchronous events.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::super::Animation;
use super::super::stack;
use super::event::Raw;
use super::threads::Place;

const MOST: usize = 50_000;

#[derive(Default)]
pub(super) struct Animations {
    /// With the slot of the thread.
    all: Vec<(u32, Animation)>,
    open: HashMap<(i64, Box<str>), usize>,
}

impl Animations {
    /// `false` if there are too many.
    #[must_use]
    pub fn take(&mut self, raw: &Raw, slot: u32) -> bool {
        let Some(key) = raw.key() else {
            return true;
        };
        let key = (raw.thread().0, stack::name(key).into());
        let Args { data } = raw.args();
        match &*raw.ph {
            "b" if self.all.len() >= MOST => return false,
            "b" => {
                self.open.insert(key, self.all.len());
                let name = if data.keyframes.is_empty() {
                    &data.name
                } else {
                    &data.keyframes
                };
                let animation = Animation {
                    start_us: raw.ts,
                    end_us: None,
                    name: stack::name(name),
                    element: stack::name(&data.element),
                    on_main_thread: false,
                };
                self.all.push((slot, animation));
            }
            "n" => {
                // The compositor is asked again when something has changed; only a refusal is told.
                if let (Some(&at), Some(failed)) = (self.open.get(&key), data.failed) {
                    self.all[at].1.on_main_thread = failed != 0;
                }
            }
            "e" => {
                if let Some(at) = self.open.remove(&key) {
                    self.all[at].1.end_us = Some(raw.ts);
                }
            }
            _ => {}
        }
        true
    }

    /// Those of kept threads, in order of their start.
    pub fn finish(self, places: &[Option<Place>]) -> Vec<Animation> {
        let own = self.all.into_iter();
        let own = own.filter(|(slot, _)| places[*slot as usize].is_some());
        let mut animations: Vec<Animation> = own.map(|(_, animation)| animation).collect();
        animations.sort_by(|a, b| a.start_us.total_cmp(&b.start_us));
        animations
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Args<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    /// What the script called it.
    #[serde(borrow)]
    name: Cow<'a, str>,
    /// Of a style sheet's: the keyframes' name, or the property in transition.
    #[serde(borrow, rename = "displayName")]
    keyframes: Cow<'a, str>,
    #[serde(borrow, rename = "nodeName")]
    element: Cow<'a, str>,
    /// Why the compositor cannot run it, as bits.
    #[serde(rename = "compositeFailed")]
    failed: Option<i64>,
}
