//! The procedure as a run follows it, on simulated loads: lay out blocks, look, judge.

use tagperf::stats::{DUST, Looks, Rng, confirmation, repeated_p, signed_rank_p};

use super::noise::Noise;

/// How one comparison ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Regressed,
    Ok,
    Inconclusive,
}

/// The noise of `blocks` randomised complete blocks, by arm.
pub fn blocks(rng: &mut Rng, noise: Noise, arms: usize, blocks: usize) -> Vec<Vec<f64>> {
    let loads = noise.run(rng, arms * blocks);
    let mut by_arm = vec![Vec::with_capacity(blocks); arms];
    let mut order: Vec<usize> = (0..arms).collect();
    for block in loads.chunks_exact(arms) {
        rng.shuffle(&mut order);
        for (&arm, &load) in order.iter().zip(block) {
            by_arm[arm].push(load);
        }
    }
    by_arm
}

/// `with` minus `without`, block by block.
pub fn differences(without: &[f64], with: &[f64]) -> Vec<f64> {
    with.iter().zip(without).map(|(a, b)| a - b).collect()
}

/// Repeated p-values of "slower than the margin" and of "faster than the margin" after each look, for
/// differences `d` less the margin.
pub fn repeated(d: &[f64], looks: &Looks) -> Vec<(f64, f64)> {
    let flipped: Vec<f64> = d.iter().map(|v| -v).collect();
    let p = |d: &[f64], n: usize| signed_rank_p(&d[..n], DUST).expect("finite differences");
    let (mut slower, mut faster) = (Vec::new(), Vec::new());
    let mut all = Vec::new();
    for &n in &looks.blocks {
        slower.push(p(d, n));
        faster.push(p(&flipped, n));
        let so_far = |p: &[f64]| repeated_p(p, &looks.weights).expect("p-values");
        all.push((so_far(&slower), so_far(&faster)));
    }
    all
}

/// Follows one comparison from look to look: its fate, and after how many blocks it was known.
pub fn follow(d: &[f64], looks: &Looks, regressed: f64, ok: f64) -> (Fate, usize) {
    for ((slower, faster), &n) in repeated(d, looks).into_iter().zip(&looks.blocks) {
        if slower <= regressed {
            return (Fate::Regressed, n);
        }
        if faster <= ok {
            return (Fate::Ok, n);
        }
    }
    (
        Fate::Inconclusive,
        looks.blocks.last().copied().unwrap_or(0),
    )
}

/// When the fresh blocks that confirm or clear a suspicion are judged.
///
/// Six blocks can just decide: 2⁻⁶ / 0.32 is below 5 %.
pub fn fresh_looks(cap: usize) -> Looks {
    let looks = confirmation();
    let scaled = |blocks: &usize| match *blocks {
        first if first == looks.blocks[0] => first,
        later => later * cap / 40,
    };
    Looks {
        blocks: looks.blocks.iter().map(scaled).collect(),
        weights: looks.weights.clone(),
    }
}
