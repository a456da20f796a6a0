//! What do the looks cost, and what do they save?

use tagperf::stats::{DUST, Looks, Rng, schedule, signed_rank_p};

use super::noise::Noise;
use super::procedure::{Fate, blocks, differences, follow};
use super::table::{Table, percent, share};

const RUNS: usize = 3000;
const CAP: usize = 40;

/// Verdicts against the true cost, in s beyond the margin.
pub struct Verdicts {
    pub noise: Noise,
    /// Cost beyond the margin, per cent regressed, per cent ok, mean blocks.
    pub points: Vec<(f64, f64, f64, f64)>,
}

fn pair(rng: &mut Rng, noise: Noise, beyond: f64) -> Vec<f64> {
    let arms = blocks(rng, noise, 2, CAP);
    let d = differences(&arms[0], &arms[1]);
    d.into_iter().map(|d| d + beyond).collect()
}

/// Looking five times, honestly and naively, beside not looking at all.
pub fn schemes() -> Table {
    let mut table = Table::new(
        &format!(
            "One comparison at nominal 1 %: false alarms of a cost exactly at the margin, and power for a cost 1 s beyond it, in %; {RUNS} runs per row."
        ),
        &[
            "noise",
            "false: 40 blocks, one look",
            "false: five naive looks",
            "false: five weighted looks",
            "power: 20 blocks",
            "power: 40 blocks",
            "power: weighted looks",
            "blocks: weighted looks",
        ],
    );
    let looks = schedule(1.0, CAP, 0.01).expect("a valid schedule");
    for (stream, noise) in Noise::EVERY.into_iter().enumerate() {
        let mut rng = Rng::stream(102, stream as u64);
        let (mut fixed, mut naive, mut weighted) = (0, 0, 0);
        for _ in 0..RUNS {
            let d = pair(&mut rng, noise, 0.0);
            let p = |n: usize| signed_rank_p(&d[..n], DUST).expect("finite loads");
            fixed += usize::from(p(CAP) <= 0.01);
            naive += usize::from(looks.blocks.iter().any(|n| p(*n) <= 0.01));
            weighted += usize::from(follow(&d, &looks, 0.01, 0.0).0 == Fate::Regressed);
        }
        let (mut at20, mut at40, mut found, mut spent) = (0, 0, 0, 0);
        for _ in 0..RUNS {
            let d = pair(&mut rng, noise, 1.0);
            let p = |n: usize| signed_rank_p(&d[..n], DUST).expect("finite loads");
            at20 += usize::from(p(20) <= 0.01);
            at40 += usize::from(p(CAP) <= 0.01);
            let (fate, blocks) = follow(&d, &looks, 0.01, 0.05);
            found += usize::from(fate == Fate::Regressed);
            spent += blocks;
        }
        let shares = [fixed, naive, weighted, at20, at40, found].map(|count| percent(count, RUNS));
        let blocks = format!("{:.1}", spent as f64 / RUNS as f64);
        table.row(noise.name(), shares.into_iter().chain([blocks]));
    }
    table
}

/// The three verdicts by true cost, noise and multiplicity.
pub fn verdicts() -> Table {
    let costs = [-1.0, -0.5, 0.0, 0.5, 1.0, 2.0];
    let mut table = Table::new(
        &format!(
            "Verdicts by true cost beyond the margin: regressed / ok / inconclusive in %, mean blocks; cap {CAP}, {RUNS} runs per cell."
        ),
        &[
            "multiplicity, noise",
            "-1.0 s",
            "-0.5 s",
            "0",
            "+0.5 s",
            "+1.0 s",
            "+2.0 s",
        ],
    );
    for m_eff in [1.0, 20.0, 120.0] {
        let looks = schedule(m_eff, CAP, 0.01).expect("a valid schedule");
        for (stream, noise) in [Noise::Logn, Noise::Spikes, Noise::All]
            .into_iter()
            .enumerate()
        {
            let mut rng = Rng::stream(103, stream as u64);
            let cells = costs.map(|cost| {
                let (regressed, ok, blocks) = fates(&mut rng, noise, cost, &looks, m_eff, RUNS);
                format!(
                    "{regressed:.1} / {ok:.1} / {:.1}, {blocks:.1}",
                    100.0 - regressed - ok
                )
            });
            table.row(&format!("{m_eff}, {}", noise.name()), cells);
        }
    }
    table
}

/// The same for one comparison, on a fine grid of costs, for the charts.
pub fn curves() -> Vec<Verdicts> {
    let looks = schedule(1.0, CAP, 0.01).expect("a valid schedule");
    [Noise::Logn, Noise::Spikes, Noise::All]
        .into_iter()
        .enumerate()
        .map(|(stream, noise)| {
            let mut rng = Rng::stream(104, stream as u64);
            let points = (-10..=10).map(|step| {
                let cost = f64::from(step) / 4.0;
                let (regressed, ok, blocks) = fates(&mut rng, noise, cost, &looks, 1.0, RUNS / 3);
                (cost, regressed, ok, blocks)
            });
            Verdicts {
                noise,
                points: points.collect(),
            }
        })
        .collect()
}

/// Per cent regressed, per cent ok, mean blocks.
fn fates(
    rng: &mut Rng,
    noise: Noise,
    cost: f64,
    looks: &Looks,
    m_eff: f64,
    runs: usize,
) -> (f64, f64, f64) {
    let (mut regressed, mut ok, mut spent) = (0, 0, 0);
    for _ in 0..runs {
        let (fate, blocks) = follow(&pair(rng, noise, cost), looks, 0.01 / m_eff, 0.05);
        regressed += usize::from(fate == Fate::Regressed);
        ok += usize::from(fate == Fate::Ok);
        spent += blocks;
    }
    (
        share(regressed, runs),
        share(ok, runs),
        spent as f64 / runs as f64,
    )
}
