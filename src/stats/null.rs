//! Null distributions of the two rank statistics without ties, and their critical values.

/// P(W⁺ ≥ w) for w = 0 ..= n(n+1)/2, where W⁺ is the sum of the positive ranks of `n` untied differences
/// that are symmetric about 0.
///
/// Each rank enters with probability 1/2: the product of the generating functions (1 + zʳ)/2, r = 1..n.
/// O(n³) time, O(n²) space.
pub fn signed_rank_sf(n: usize) -> Vec<f64> {
    let ranks: Vec<usize> = (1..=n).collect();
    survival(flip_sums(&ranks))
}

/// P(U ≥ u) for u = 0 ..= n₁n₂, where U counts the pairs (x, y) with y > x of two untied samples from one
/// distribution.
///
/// Counts by the recurrence of Mann & Whitney (1947): the largest value belongs to y with probability
/// n₂/(n₁+n₂) and then adds n₁ to U. O(n₁²·n₂²) time.
pub fn rank_sum_sf(n1: usize, n2: usize) -> Vec<f64> {
    // below[j] is the distribution for sizes (i, j); row i = 0 is certain to be 0.
    let mut below: Vec<Vec<f64>> = vec![vec![1.0]; n2 + 1];
    for i in 1..=n1 {
        let mut row: Vec<Vec<f64>> = vec![vec![1.0]];
        for j in 1..=n2 {
            let mut next = vec![0.0; i * j + 1];
            let share_y = j as f64 / (i + j) as f64;
            for (u, p) in below[j].iter().enumerate() {
                next[u] += (1.0 - share_y) * p;
            }
            for (u, p) in row[j - 1].iter().enumerate() {
                next[u + i] += share_y * p;
            }
            row.push(next);
        }
        below = row;
    }
    survival(below.pop().unwrap_or_default())
}

/// The smallest w with P(W⁺ ≥ w) ≤ `alpha`; `None` when even the largest W⁺ is likelier than that.
pub fn critical_signed_rank(n: usize, alpha: f64) -> Option<usize> {
    first_within(&signed_rank_sf(n), alpha)
}

/// The smallest u with P(U ≥ u) ≤ `alpha`; `None` when even the largest U is likelier than that.
pub fn critical_rank_sum(n1: usize, n2: usize, alpha: f64) -> Option<usize> {
    first_within(&rank_sum_sf(n1, n2), alpha)
}

/// Distribution of the sum of `ranks` when each enters or not by a fair coin; index is the sum.
///
/// The shift algorithm of Streitberg & Röhmel (1986), with halving in place of counting so that nothing
/// overflows: exact in `f64` while 2⁻ᵐ of the probabilities fits its 53 bits.
pub(super) fn flip_sums(ranks: &[usize]) -> Vec<f64> {
    let mut p = vec![0.0; ranks.iter().sum::<usize>() + 1];
    p[0] = 1.0;
    let mut high = 0;
    for &rank in ranks {
        for sum in (0..=high).rev() {
            let half = p[sum] / 2.0;
            p[sum] = half;
            p[sum + rank] += half;
        }
        high += rank;
    }
    p
}

/// From point probabilities to upper tails, summed from the small end so that small tails stay exact.
fn survival(mut p: Vec<f64>) -> Vec<f64> {
    let mut tail = 0.0;
    for value in p.iter_mut().rev() {
        tail += *value;
        *value = f64::min(tail, 1.0);
    }
    p
}

/// The first index at which a survival function is at most `alpha`, up to rounding error in either: a level
/// that was written as (1 − 0.9)/2 is meant to be 0.05.
pub(super) fn first_within(sf: &[f64], alpha: f64) -> Option<usize> {
    let level = alpha * (1.0 + 1e-12);
    let at = sf.partition_point(|p| *p > level);
    (at < sf.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_begin_at_one_and_end_at_the_single_best_case() {
        let sf = signed_rank_sf(10);
        assert_eq!((sf[0], sf[55]), (1.0, 2f64.powi(-10)));
        let sf = rank_sum_sf(3, 4);
        assert!((sf[0] - 1.0).abs() < 1e-15 && (sf[12] - 1.0 / 35.0).abs() < 1e-15);
        assert_eq!(signed_rank_sf(0), [1.0]);
        assert_eq!(rank_sum_sf(0, 3), [1.0]);
    }

    #[test]
    fn a_level_out_of_reach_has_no_critical_value() {
        assert_eq!(critical_signed_rank(6, 0.01), None);
        assert_eq!(critical_signed_rank(7, 0.01), Some(28));
        assert_eq!(critical_rank_sum(2, 2, 0.01), None);
    }
}
