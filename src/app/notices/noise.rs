//! What looks odd in the gated metrics' values: one row per oddity.

use std::collections::BTreeMap;

use crate::model::{Arm, Design, Notice, Reading, Report, TrialSummary, Unit};
use crate::stats::{self, DUST};

/// Something that may be odd about the values of a metric.
struct Oddity {
    id: &'static str,
    /// Said of the metrics that show it.
    text: &'static str,
    shows: fn(&Values) -> bool,
}

#[rustfmt::skip]
const ALL: &[Oddity] = &[
    Oddity { id: "drift", shows: |v| raised(stats::drift(&v.levels)),
        text: "drifted during the run; trials were interleaved by lot, so the effects hold" },
    Oddity { id: "spells", shows: |v| raised(stats::regime(&v.levels)),
        text: "came in spells, as beside a neighbour that is busy at times; the effects hold, and a quieter machine decides sooner" },
    Oddity { id: "first_block", shows: |v| raised(stats::warm_up_outlier(&v.levels)),
        text: "was unlike the rest in the first block that counts: `[trials] warm_up = 2` leaves one more out" },
    Oddity { id: "trials_disturb_each_other", shows: |v| raised(stats::position_effect(&v.last_minus_first, DUST)),
        text: "differs between the first and the last trial of a block: trials disturb each other, and only their order by lot keeps the effects fair" },
    Oddity { id: "two_states", shows: |v| stats::bimodality(&v.without, &v.with).is_ok_and(|found| found.diagnostic.raised),
        text: "has two states, as of a fast and a slow path: the typical effect may hide what happens in one of them" },
    Oddity { id: "constant", shows: |v| v.unit == Unit::Ms && stats::constant(&v.levels) && v.levels.iter().any(|level| *level != 0.0),
        text: "is the same in every trial: a time that never varies is not measured" },
];

fn raised(found: Result<stats::Diagnostic, stats::Error>) -> bool {
    // Too few values, or values without spread, are not odd.
    found.is_ok_and(|diagnostic| diagnostic.raised)
}

/// A metric's values in the order in which they were measured.
struct Values {
    unit: Unit,
    /// One per block: the control's value, in a screen the mean of the pair.
    levels: Vec<f64>,
    /// Of each block with more than one trial.
    last_minus_first: Vec<f64>,
    /// Of all blocks, without and with the first tag; none in a screen.
    without: Vec<f64>,
    with: Vec<f64>,
}

pub(super) fn notices(report: &Report) -> Vec<Notice> {
    let all: Vec<(String, Values)> = report
        .gate
        .metrics
        .iter()
        .filter_map(|gated| {
            let metric = report.metric(&gated.metric)?;
            Some((metric.name.clone(), values(report, &metric.id, metric.unit)))
        })
        .collect();
    ALL.iter()
        .filter_map(|oddity| {
            let odd = all.iter().filter(|(_, values)| (oddity.shows)(values));
            let names: Vec<&str> = odd.map(|(name, _)| name.as_str()).collect();
            (!names.is_empty()).then(|| Notice {
                id: oddity.id.into(),
                text: format!("{} {}", names.join(", "), oddity.text),
            })
        })
        .collect()
}

fn values(report: &Report, metric: &str, unit: Unit) -> Values {
    let value = |trial: &TrialSummary| trial.readings.get(metric).and_then(Reading::value);
    let mut blocks: BTreeMap<usize, BTreeMap<usize, (&Arm, f64)>> = BTreeMap::new();
    for trial in report.measured() {
        if let Some(value) = value(trial) {
            let block = blocks.entry(trial.slot.block).or_default();
            block.insert(trial.slot.position, (&trial.slot.arm, value));
        }
    }
    let of = |arm: &Arm| -> Vec<f64> {
        let trials = blocks.values().flat_map(BTreeMap::values);
        trials
            .filter(|(own, _)| *own == arm)
            .map(|(_, value)| *value)
            .collect()
    };
    let (control, first) = (Arm::control(), report.plan.contrasts.first());
    let screen = report.plan.design == Design::Screen;
    let levels = match screen {
        true => blocks
            .values()
            .map(|trials| trials.values().map(|(_, v)| v).sum::<f64>() / trials.len() as f64)
            .collect(),
        // Arms of decided tags leave the run: only the control is in every block.
        false => of(&control),
    };
    let last_minus_first = blocks
        .values()
        .filter(|trials| trials.len() > 1)
        .filter_map(|trials| Some(trials.values().next_back()?.1 - trials.values().next()?.1))
        .collect();
    let (without, with) = match (screen, first) {
        (false, Some(contrast)) => (of(&contrast.without), of(&contrast.with)),
        _ => (vec![], vec![]),
    };
    Values {
        unit,
        levels,
        last_minus_first,
        without,
        with,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady() -> Values {
        let wave = |at: i32| 100.0 + f64::from(at * 7 % 10);
        Values {
            unit: Unit::Ms,
            levels: (0..20).map(wave).collect(),
            last_minus_first: (0..20).map(|at| f64::from(at * 7 % 10) - 4.5).collect(),
            without: (0..20).map(wave).collect(),
            with: (0..20).map(wave).collect(),
        }
    }

    fn odd(values: &Values) -> Vec<&'static str> {
        let shown = ALL.iter().filter(|oddity| (oddity.shows)(values));
        shown.map(|oddity| oddity.id).collect()
    }

    #[test]
    fn steady_values_are_not_odd() {
        assert!(odd(&steady()).is_empty(), "{:?}", odd(&steady()));
    }

    #[test]
    fn each_oddity_is_seen_by_its_own_check() {
        let drifting = Values {
            levels: (0..20).map(|at| 100.0 + f64::from(at)).collect(),
            ..steady()
        };
        assert!(odd(&drifting).contains(&"drift"));
        let mut first = steady();
        first.levels[0] = 900.0;
        assert_eq!(odd(&first), ["first_block"]);
        let later = Values {
            last_minus_first: (1..=20).map(f64::from).collect(),
            ..steady()
        };
        assert_eq!(odd(&later), ["trials_disturb_each_other"]);
        let states = |at: i32| 100.0 + f64::from(at % 2) * 500.0 + f64::from(at * 7 % 10);
        let bimodal = Values {
            without: (0..20).map(states).collect(),
            with: (0..20).map(states).collect(),
            ..steady()
        };
        assert_eq!(odd(&bimodal), ["two_states"]);
        let constant = Values {
            levels: vec![5.0; 20],
            ..steady()
        };
        assert_eq!(odd(&constant), ["constant"]);
        let spells = Values {
            levels: (0..20)
                .map(|at| if at / 5 % 2 == 0 { 100.0 } else { 200.0 } + f64::from(at * 7 % 10))
                .collect(),
            ..steady()
        };
        assert_eq!(odd(&spells), ["spells"]);
    }

    #[test]
    fn a_count_that_never_varies_is_no_fault() {
        let count = Values {
            unit: Unit::Count,
            levels: vec![3.0; 20],
            ..steady()
        };
        assert!(odd(&count).is_empty());
        let never = Values {
            levels: vec![0.0; 20],
            ..steady()
        };
        assert!(odd(&never).is_empty());
    }
}
