//! Do intervals hold the truth, and is the announced noise floor honest?

use tagperf::stats::{DUST, Rng, WalshAverages, mde, schedule, signed_rank_p};

use super::noise::Noise;
use super::procedure::{blocks, differences};
use super::table::{Table, percent, share};

const RUNS: usize = 4000;
const BLOCKS: [usize; 3] = [10, 20, 40];

pub struct Coverage {
    pub noise: Noise,
    /// Per cent of 98 % intervals that hold the truth, by number of blocks.
    pub held: [f64; 3],
}

pub fn coverage() -> (Table, Vec<Coverage>) {
    let mut table = Table::new(
        &format!(
            "Coverage in % of the 98 % interval for a fixed number of blocks, and of the five repeated intervals of a run together; {RUNS} runs per row, standard error 0.2."
        ),
        &[
            "noise",
            "10 blocks",
            "20 blocks",
            "40 blocks",
            "all five looks",
        ],
    );
    let looks = schedule(1.0, 40, 0.01).expect("a valid schedule");
    let mut all = Vec::new();
    for (stream, noise) in Noise::EVERY.into_iter().enumerate() {
        let mut rng = Rng::stream(108, stream as u64);
        let (mut held, mut together) = ([0; 3], 0);
        for _ in 0..RUNS {
            let arms = blocks(&mut rng, noise, 2, 40);
            let d = differences(&arms[0], &arms[1]);
            let holds = |n: usize, alpha: f64| {
                let walsh = WalshAverages::of(&d[..n]).expect("finite loads");
                let interval = walsh.interval(alpha).expect("a level");
                interval.is_none_or(|interval| interval.holds(0.0))
            };
            for (count, n) in held.iter_mut().zip(BLOCKS) {
                *count += usize::from(holds(n, 0.01));
            }
            let mut each = looks.blocks.iter().zip(&looks.weights);
            together += usize::from(each.all(|(n, weight)| holds(*n, 0.01 * weight)));
        }
        let counts = held.into_iter().chain([together]);
        table.row(noise.name(), counts.map(|count| percent(count, RUNS)));
        all.push(Coverage {
            noise,
            held: held.map(|count| share(count, RUNS)),
        });
    }
    (table, all)
}

/// The minimum detectable effect that a run announces, tried on fresh runs.
pub fn noise_floor() -> Table {
    let mut table = Table::new(
        &format!(
            "Measured power in % at the announced minimum detectable effect (80 %), one-sided 1 %; {RUNS} runs per cell."
        ),
        &["noise", "10 blocks", "20 blocks", "40 blocks"],
    );
    let noises = [
        Noise::Gauss,
        Noise::Logn,
        Noise::Spikes,
        Noise::Bimodal,
        Noise::All,
    ];
    for (stream, noise) in noises.into_iter().enumerate() {
        let mut rng = Rng::stream(109, stream as u64);
        let mut run = |n: usize| {
            let arms = blocks(&mut rng, noise, 2, n);
            differences(&arms[0], &arms[1])
        };
        let cells = BLOCKS.map(|n| {
            let seen = (0..RUNS).filter(|_| {
                let announced = mde(&run(n), 0.01, 0.8).expect("finite loads");
                let Some(effect) = announced else {
                    return false;
                };
                let fresh: Vec<f64> = run(n).iter().map(|d| d + effect).collect();
                signed_rank_p(&fresh, DUST).expect("finite loads") <= 0.01
            });
            percent(seen.count(), RUNS)
        });
        table.row(noise.name(), cells);
    }
    table
}
