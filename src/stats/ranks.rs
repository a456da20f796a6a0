//! Ranks with ties.

/// Twice the midrank of every value, in the order given: first plus last position of its group of equal
/// values, positions from 1. Doubled, midranks are whole numbers.
pub(super) fn doubled_midranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0; values.len()];
    let mut first = 0;
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let last = first + group.len();
        for &index in group {
            ranks[index] = first + 1 + last;
        }
        first = last;
    }
    ranks
}

/// Sum of `t³ − t` over groups of `t` equal values: what ties take from a rank statistic's variance.
pub(super) fn tie_term(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .chunk_by(|a, b| a == b)
        .map(|group| {
            let t = group.len() as f64;
            t * t * t - t
        })
        .sum()
}

/// Pearson's correlation; `None` when a side has no spread or there are fewer than two pairs.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    (aa > 0.0 && bb > 0.0).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_middle_rank() {
        assert_eq!(
            doubled_midranks(&[3.0, 1.0, 3.0, 2.0, 3.0]),
            [8, 2, 8, 4, 8]
        );
        assert_eq!(doubled_midranks(&[0.0, -0.0]), [3, 3]);
        assert_eq!(tie_term(&[3.0, 1.0, 3.0, 2.0, 3.0]), 24.0);
    }

    #[test]
    fn no_spread_has_no_correlation() {
        assert_eq!(correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(correlation(&[], &[]), None);
        assert_eq!(correlation(&[1.0, 2.0], &[5.0, 9.0]), Some(1.0));
    }
}
