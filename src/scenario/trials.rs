use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Design, Schedule};
use crate::reader::{At, Noted, Value};

/// How much may be measured: `[trials]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trials {
    /// The most blocks that count, or pairs of a screen; `None` leaves it to the method.
    pub max_blocks: Option<usize>,
    /// How the tags share the trials; `None` leaves it to their number.
    pub design: Option<Design>,
    /// Measuring ends after this time, decided or not.
    pub max_time: Option<Duration>,
    /// Traced trials per arm, beside those that count.
    pub traced: usize,
    /// Blocks before the first that counts: the first visits of a browser are slower.
    pub warm_up: usize,
}

impl Default for Trials {
    fn default() -> Self {
        Self {
            max_blocks: None,
            design: None,
            max_time: None,
            traced: 2,
            warm_up: 1,
        }
    }
}

/// Reads `[trials]`, and where `traced` stands.
pub(super) fn read(value: Value<'_>) -> Result<At<Trials>, Noted> {
    let mut span = value.span();
    value.table(|fields| {
        let default = Trials::default();
        let max_blocks = fields.optional("max_blocks", |v| count(v, 1..=Schedule::MOST as u64));
        let design = fields.optional("design", |v| {
            v.choice(&[("blocks", Design::Blocks), ("screen", Design::Screen)])
        });
        let max_time = fields.optional("max_time", Value::some_time);
        let traced = fields.or("traced", default.traced, |value| {
            span = value.span();
            count(value, 0..=20)
        });
        let warm_up = fields.or("warm_up", default.warm_up, |v| count(v, 1..=20));
        let value = Trials {
            max_blocks: max_blocks?,
            design: design?,
            max_time: max_time?,
            traced: traced?,
            warm_up: warm_up?,
        };
        Ok(At { value, span })
    })
}

fn count(value: Value<'_>, range: std::ops::RangeInclusive<u64>) -> Result<usize, Noted> {
    Ok(value.integer(range)? as usize)
}
