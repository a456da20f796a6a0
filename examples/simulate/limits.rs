//! Where the promises end: costs that vary, rare events, other machines; and what warnings see.

use tagperf::stats::*;

use super::noise::{Noise, normal};
use super::procedure::{blocks, differences};
use super::table::{Table, percent};

const RUNS: usize = 4000;

fn pair(rng: &mut Rng, noise: Noise, n: usize) -> Vec<f64> {
    let arms = blocks(rng, noise, 2, n);
    differences(&arms[0], &arms[1])
}

/// A cost that is skewed and whose typical value is exactly the margin: the test's null is not sharp.
pub fn skewed_cost() -> Table {
    let mut table = Table::new(
        &format!(
            "A tag whose cost is exponential, with a Hodges-Lehmann centre exactly at the margin; logn noise, {RUNS} runs: called at nominal 1 % / 5 %, in %."
        ),
        &[
            "mean cost",
            "regressed, 20 blocks",
            "ok, 20 blocks",
            "regressed, 40 blocks",
            "ok, 40 blocks",
        ],
    );
    for (stream, mean) in [0.5, 1.0, 2.0, 4.0].into_iter().enumerate() {
        let mut rng = Rng::stream(110, stream as u64);
        let draw = |rng: &mut Rng, n: usize| -> Vec<f64> {
            let d = pair(rng, Noise::Logn, n);
            d.iter()
                .map(|d| d - mean * (1.0 - rng.unit()).ln())
                .collect()
        };
        let center = median(
            &draw(&mut rng, 400_000)
                .chunks_exact(2)
                .map(|pair| (pair[0] + pair[1]) / 2.0)
                .collect::<Vec<_>>(),
        )
        .expect("finite draws");
        let mut cells = Vec::new();
        for n in [20, 40] {
            let (mut regressed, mut ok) = (0, 0);
            for _ in 0..RUNS {
                let d: Vec<f64> = draw(&mut rng, n).iter().map(|d| d - center).collect();
                let flipped: Vec<f64> = d.iter().map(|d| -d).collect();
                regressed += usize::from(signed_rank_p(&d, DUST).expect("finite") <= 0.01);
                ok += usize::from(signed_rank_p(&flipped, DUST).expect("finite") <= 0.05);
            }
            cells.extend([percent(regressed, RUNS), percent(ok, RUNS)]);
        }
        table.row(&format!("{mean} s"), cells);
    }
    table
}

/// Counts of events: a rise of the mean by exactly the margin of 0.5, and by more.
pub fn counts() -> Table {
    let mut table = Table::new(
        &format!(
            "Poisson counts, 40 blocks, margin 0.5; {RUNS} runs: called at nominal 1 % / 5 %, in %."
        ),
        &[
            "mean of control",
            "true +0.5: regressed",
            "true +0.5: ok",
            "true +2: regressed",
            "true 0: ok",
        ],
    );
    for (stream, mean) in [0.3, 1.0, 3.0, 10.0].into_iter().enumerate() {
        let mut rng = Rng::stream(111, stream as u64);
        let mut called = |rise: f64| {
            let (mut regressed, mut ok) = (0, 0);
            for _ in 0..RUNS {
                let d: Vec<f64> = (0..40)
                    .map(|_| poisson(&mut rng, mean + rise) - poisson(&mut rng, mean) - 0.5)
                    .collect();
                let flipped: Vec<f64> = d.iter().map(|d| -d).collect();
                regressed += usize::from(signed_rank_p(&d, DUST).expect("finite") <= 0.01);
                ok += usize::from(signed_rank_p(&flipped, DUST).expect("finite") <= 0.05);
            }
            (percent(regressed, RUNS), percent(ok, RUNS))
        };
        let (at, more, none) = (called(0.5), called(2.0), called(0.0));
        table.row(&mean.to_string(), [at.0, at.1, more.0, none.1]);
    }
    table
}

fn poisson(rng: &mut Rng, mean: f64) -> f64 {
    let (limit, mut product, mut count) = ((-mean).exp(), rng.unit(), 0.0);
    while product > limit {
        product *= rng.unit();
        count += 1.0;
    }
    count
}

/// The cost of a tag, 60 ms on the baseline's machine, where a load has sd 40 ms.
const COST: f64 = 60.0;
const SD: f64 = 40.0;

/// Against a baseline of 40 blocks from a machine of another speed.
pub fn baseline() -> Table {
    let mut table = Table::new(
        &format!(
            "A 60 ms tag against its baseline, 40 blocks each, logn with sd 40 ms, margin max(15 ms, 25 %), speed ratio known to 3 %; {RUNS} runs: regressed / ok in %."
        ),
        &["machines", "unchanged", "grown by the margin", "doubled"],
    );
    // How the speed ratio is drawn, whether it is used, and how far costs may depart from scaling with it.
    let rows: [(&str, f64, bool, f64); 5] = [
        ("same", 0.0, true, 0.0),
        ("within 1.25, not scaled", 1.25, false, 0.0),
        ("within 1.25", 1.25, true, 0.0),
        (
            "within 1.25, cost scales badly (exponent sd 0.5)",
            1.25,
            true,
            0.5,
        ),
        (
            "within 1.7 (never called regressed beyond 1.25)",
            1.7,
            true,
            0.0,
        ),
    ];
    for (stream, (name, reach, scaled, bad)) in rows.into_iter().enumerate() {
        let mut rng = Rng::stream(112, stream as u64);
        let cells = [1.0, 1.25, 2.0].map(|grown| {
            let (mut regressed, mut ok) = (0, 0);
            for _ in 0..RUNS {
                let slower = if reach > 1.0 {
                    (reach.ln() * (2.0 * rng.unit() - 1.0)).exp()
                } else {
                    1.0
                };
                let exponent = 1.0 + bad * normal(&mut rng);
                let here: Vec<f64> = pair(&mut rng, Noise::Logn, 40);
                let there: Vec<f64> = pair(&mut rng, Noise::Logn, 40);
                let then: Vec<f64> = here.iter().map(|d| COST + SD * d).collect();
                let factor = slower.powf(exponent);
                let now: Vec<f64> = there
                    .iter()
                    .map(|d| factor * (COST * grown + SD * d))
                    .collect();
                let speed = if scaled {
                    (0.03 * normal(&mut rng)).exp() / slower
                } else {
                    1.0
                };
                let growth = Growth::between(&then, &now, speed).expect("finite");
                let margin = (0.25 * growth.before().abs()).max(15.0);
                let bounds = |alpha| growth.interval(alpha).expect("a level").expect("40 blocks");
                regressed += usize::from(bounds(0.01).low > margin && speed_is_comparable(speed));
                ok += usize::from(bounds(0.05).high < margin);
            }
            format!("{} / {}", percent(regressed, RUNS), percent(ok, RUNS))
        });
        table.row(name, cells);
    }
    table
}

/// How often each warning is raised.
pub fn warnings() -> Table {
    let mut table = Table::new(
        &format!("Warnings raised in %, two arms; {RUNS} runs per cell, at 20 / 40 blocks."),
        &["noise", "drift", "regime", "first block", "two states"],
    );
    for (stream, noise) in Noise::EVERY.into_iter().enumerate() {
        let mut rng = Rng::stream(113, stream as u64);
        let counts = [20, 40].map(|n| {
            let mut raised = [0; 4];
            for _ in 0..RUNS {
                let arms = blocks(&mut rng, noise, 2, n);
                let mean = |(a, b): (&f64, &f64)| (a + b) / 2.0;
                let means: Vec<f64> = arms[0].iter().zip(&arms[1]).map(mean).collect();
                for (count, diagnostic) in raised.iter_mut().zip([
                    drift(&means),
                    regime(&means),
                    warm_up_outlier(&means),
                    bimodality(&arms[0], &arms[1]).map(|found| found.diagnostic),
                ]) {
                    *count += usize::from(diagnostic.expect("spread").raised);
                }
            }
            raised
        });
        let cell = |i: usize| {
            format!(
                "{} / {}",
                percent(counts[0][i], RUNS),
                percent(counts[1][i], RUNS)
            )
        };
        table.row(noise.name(), (0..4).map(cell));
    }
    table
}
