//! How often is a tag that costs nothing called slower, by the order of the loads?

use tagperf::stats::{Alternative, DUST, Rng, rank_sum_p, signed_rank_p};

use super::noise::Noise;
use super::procedure::{blocks, differences};
use super::table::{Table, percent, share};

const RUNS: usize = 4000;
const BLOCKS: usize = 20;
const LEVEL: f64 = 0.01;

pub struct FalseAlarms {
    pub noise: Noise,
    /// Per cent: one arm after the other, alternating, random within blocks.
    pub orders: [f64; 3],
}

pub fn simulate() -> (Table, Vec<FalseAlarms>) {
    let mut table = Table::new(
        &format!(
            "False alarms in %, nominal 1 %, {BLOCKS} loads per arm, {RUNS} runs per row, standard error 0.16."
        ),
        &[
            "noise",
            "one arm, then the other; rank-sum test",
            "strictly alternating; signed-rank test",
            "random within blocks; signed-rank test",
        ],
    );
    let mut all = Vec::new();
    for (stream, noise) in Noise::EVERY.into_iter().enumerate() {
        let mut rng = Rng::stream(101, stream as u64);
        let mut alarms = [0; 3];
        for _ in 0..RUNS {
            for (count, p) in alarms.iter_mut().zip(one_run(&mut rng, noise)) {
                *count += usize::from(p <= LEVEL);
            }
        }
        table.row(
            noise.name(),
            alarms.iter().map(|count| percent(*count, RUNS)),
        );
        all.push(FalseAlarms {
            noise,
            orders: alarms.map(|count| share(count, RUNS)),
        });
    }
    (table, all)
}

fn one_run(rng: &mut Rng, noise: Noise) -> [f64; 3] {
    let loads = noise.run(rng, 2 * BLOCKS);
    let (first, then) = loads.split_at(BLOCKS);
    let batches = rank_sum_p(first, then, Alternative::Greater);
    let loads = noise.run(rng, 2 * BLOCKS);
    let alternating: Vec<f64> = loads
        .chunks_exact(2)
        .map(|pair| pair[1] - pair[0])
        .collect();
    let arms = blocks(rng, noise, 2, BLOCKS);
    let random = differences(&arms[0], &arms[1]);
    [
        batches,
        signed_rank_p(&alternating, DUST),
        signed_rank_p(&random, DUST),
    ]
    .map(|p| p.expect("finite loads"))
}
