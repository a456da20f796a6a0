//! How many loads does it take to find one bad tag among many?

use tagperf::stats::{DUST, Rng, fold_over, huber, signed_rank_p};

use super::noise::Noise;
use super::procedure::{blocks, differences};
use super::table::{Table, percent};

pub const TAGS: [usize; 4] = [5, 10, 20, 50];
/// The bad tag's cost, in s.
const COST: f64 = 1.0;
const POWER: f64 = 0.95;
const RUNS: usize = 600;

/// Loads needed, by number of tags; `None` when the largest size tried did not reach the power.
pub struct Growth {
    pub design: &'static str,
    pub noise: Noise,
    pub loads: Vec<(usize, Option<usize>)>,
}

pub fn simulate() -> (Table, Vec<Growth>) {
    let mut table = Table::new(
        &format!(
            "Loads to find one bad tag of {COST} s among N with probability 95 %, at most 1 % for any good tag; {RUNS} runs per size tried."
        ),
        &["design, noise", "N = 5", "N = 10", "N = 20", "N = 50"],
    );
    let mut all = Vec::new();
    for noise in [Noise::Logn, Noise::All] {
        let designs: [(&str, Design); 3] = [
            ("a pair of arms per tag", separate),
            ("leave one out", leave_one_out),
            ("fold-over", screen),
        ];
        for (design, needed) in designs {
            let found = TAGS.map(|tags| needed(noise, tags));
            let cells = found.iter().map(|needed| match needed.loads {
                Some(loads) => format!("{loads}{}", needed.remark),
                None => format!("-{}", needed.remark),
            });
            table.row(&format!("{design}, {}", noise.name()), cells);
            let loads = TAGS
                .into_iter()
                .zip(found.iter().map(|needed| needed.loads));
            all.push(Growth {
                design,
                noise,
                loads: loads.collect(),
            });
        }
    }
    (table, all)
}

/// Finds the loads that a design needs under a noise, for a number of tags.
type Design = fn(Noise, usize) -> Needed;

struct Needed {
    loads: Option<usize>,
    remark: String,
}

/// The smallest size in the range at which `power` is reached, by bisection, or the power at its end.
fn smallest(mut low: usize, mut high: usize, power: impl Fn(usize) -> f64) -> Result<usize, f64> {
    let most = power(high);
    if most < POWER {
        return Err(most);
    }
    while low < high {
        let middle = (low + high) / 2;
        if power(middle) >= POWER {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(high)
}

fn needed(found: Result<usize, f64>, largest: usize, loads_per_size: usize) -> Needed {
    match found {
        Ok(size) => Needed {
            loads: Some(size * loads_per_size),
            remark: String::new(),
        },
        Err(power) => Needed {
            loads: None,
            remark: format!(" ({:.0} % at {})", 100.0 * power, largest * loads_per_size),
        },
    }
}

const MOST_BLOCKS: usize = 100;

/// Share of runs in which the bad tag's signed-rank test passes Bonferroni, with `arms` arms per block.
fn block_power(noise: Noise, tags: usize, arms: usize, n: usize) -> f64 {
    let mut rng = Rng::stream(106, (tags * 1000 + n) as u64);
    let found = (0..RUNS).filter(|_| {
        let loads = blocks(&mut rng, noise, arms, n);
        let d: Vec<f64> = differences(&loads[0], &loads[1])
            .iter()
            .map(|d| d + COST)
            .collect();
        signed_rank_p(&d, DUST).expect("finite loads") <= 0.01 / tags as f64
    });
    found.count() as f64 / RUNS as f64
}

fn separate(noise: Noise, tags: usize) -> Needed {
    let found = smallest(8, MOST_BLOCKS, |n| block_power(noise, tags, 2, n));
    needed(found, MOST_BLOCKS, 2 * tags)
}

fn leave_one_out(noise: Noise, tags: usize) -> Needed {
    let found = smallest(8, MOST_BLOCKS, |n| block_power(noise, tags, tags + 1, n));
    needed(found, MOST_BLOCKS, tags + 1)
}

const MOST_PAIRS: usize = 200;

fn screen(noise: Noise, tags: usize) -> Needed {
    let found = smallest(tags + 8, MOST_PAIRS, |pairs| {
        screens(noise, tags, pairs).0 as f64 / RUNS as f64
    });
    let mut needed = needed(found, MOST_PAIRS, 2);
    if let Ok(pairs) = found {
        let (_, blamed) = screens(noise, tags, pairs);
        needed.remark = format!(" (good tag: {} %)", percent(blamed, RUNS));
    }
    needed
}

/// In how many runs the joint fit finds the bad tag, and in how many it blames a good one.
fn screens(noise: Noise, tags: usize, pairs: usize) -> (usize, usize) {
    let mut rng = Rng::stream(107, (tags * 1000 + pairs) as u64);
    let (mut found, mut blamed) = (0, 0);
    for _ in 0..RUNS {
        let design = fold_over(&mut rng, tags, pairs).expect("a design");
        let loads = noise.run(&mut rng, 2 * pairs);
        let d: Vec<f64> = design
            .iter()
            .zip(loads.chunks_exact(2))
            .map(|(pair, load)| {
                let set_minus_complement = if pair.set_first {
                    load[0] - load[1]
                } else {
                    load[1] - load[0]
                };
                set_minus_complement + COST * f64::from(pair.signs[0])
            })
            .collect();
        let signs: Vec<&[i8]> = design.iter().map(|pair| pair.signs.as_slice()).collect();
        let fit = huber(&signs, &d).expect("enough pairs");
        let passes = |j: usize| fit.p_above(j, 0.0).is_some_and(|p| p <= 0.01 / tags as f64);
        found += usize::from(passes(0));
        blamed += usize::from((1..tags).any(passes));
    }
    (found, blamed)
}
