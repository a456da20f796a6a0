//! Many questions at once: adjusted p-values, and the gate's rule.
//!
//! An adjusted p-value is the smallest error level at which the procedure rejects that hypothesis. Every
//! function keeps the order of its input, gives an empty list for an empty one, and fails with
//! [`Error::NotFinite`] or [`Error::OutOfRange`] on a value that is no probability.

use super::Error;
use super::error::{paired, positive, share};
use super::sequential::probabilities;

/// p·m, at most 1: the chance of any false rejection, under any dependence.
pub fn bonferroni(p: &[f64]) -> Result<Vec<f64>, Error> {
    probabilities(p)?;
    Ok(p.iter().map(|v| (v * p.len() as f64).min(1.0)).collect())
}

/// Step-down Bonferroni: the same error as [`bonferroni`], never weaker. Holm (1979).
pub fn holm(p: &[f64]) -> Result<Vec<f64>, Error> {
    probabilities(p)?;
    let order = ascending(p);
    let mut adjusted = vec![0.0; p.len()];
    let mut most: f64 = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        most = most.max(p[index] * (p.len() - rank) as f64).min(1.0);
        adjusted[index] = most;
    }
    Ok(adjusted)
}

/// Step-up Bonferroni: the same error, for independent or positively dependent p-values. Hochberg (1988).
pub fn hochberg(p: &[f64]) -> Result<Vec<f64>, Error> {
    step_up(p, |m, rank| (m - rank + 1) as f64)
}

/// The expected share of false ones among the rejections, for independent or positively dependent
/// p-values. Benjamini & Hochberg (1995).
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, Error> {
    step_up(p, |m, rank| m as f64 / rank as f64)
}

/// As [`benjamini_hochberg`] under any dependence. Benjamini & Yekutieli (2001).
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, Error> {
    let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
    step_up(p, |m, rank| harmonic * m as f64 / rank as f64)
}

/// What the gate says of one tag.
#[derive(Clone, Debug, PartialEq)]
pub struct TagGate {
    /// min over metrics of p / weight, at most 1.
    pub p: f64,
    /// `p` after Holm over all tags: the tag is regressed when this is at most the level.
    pub adjusted: f64,
    pub regressed: bool,
    /// The metrics' own p-values after Holm within the tag.
    pub metrics: Vec<f64>,
    /// Which metrics are regressed, by index; never empty for a regressed tag, always empty for another.
    pub blamed: Vec<usize>,
}

/// The gate's rule: which tags regressed, and on which metrics, with at most `alpha` for the chance that
/// any good tag of the run is blamed.
///
/// `p[t][m]` is the (repeated) p-value of "tag t costs more than the margin of metric m", over **all** tags
/// of the run, those that were decided long ago included; a metric that was not measured is 1. `weights[m]`
/// are the metrics' shares and add up to at most 1.
///
/// A tag's p-value is min over m of p/weight (weighted Bonferroni). Tags go through Holm at `alpha`. Inside
/// a tag that is flagged, its metrics go through Holm at `alpha`; if none passes, the one with the smallest
/// p/weight is named, since that is the one that flagged the tag. Valid under any dependence.
///
/// # Errors
/// A value that is no probability, a tag with more or fewer values than there are weights, a weight that
/// is not above 0, weights that add up to more than 1, or `alpha` not between 0 and 1.
pub fn gate<T: AsRef<[f64]>>(p: &[T], weights: &[f64], alpha: f64) -> Result<Vec<TagGate>, Error> {
    share("error budget", alpha)?;
    for weight in weights {
        positive("weight", *weight)?;
    }
    let total: f64 = weights.iter().sum();
    // Decimal shares such as .30+.25+.15+.10+.10+.10 need not add up to exactly 1 in binary.
    if total > 1.0 + 1e-9 {
        return Err(Error::OutOfRange {
            what: "sum of weights",
            value: total,
            must: "at most 1",
        });
    }
    let mut weighted = Vec::new();
    for tag in p {
        let tag = tag.as_ref();
        paired(tag.len(), weights.len())?;
        probabilities(tag)?;
        weighted.push(tag.iter().zip(weights).map(|(p, w)| p / w).collect());
    }
    let least: Vec<f64> = weighted
        .iter()
        .map(|tag: &Vec<f64>| tag.iter().copied().fold(1.0, f64::min))
        .collect();
    let adjusted = holm(&least)?;
    p.iter()
        .zip(&weighted)
        .zip(least.iter().zip(&adjusted))
        .map(|((tag, weighted), (&p, &adjusted))| {
            let metrics = holm(tag.as_ref())?;
            let regressed = adjusted <= alpha;
            let blamed = if regressed {
                blamed(&metrics, weighted, alpha)
            } else {
                Vec::new()
            };
            Ok(TagGate {
                p,
                adjusted,
                regressed,
                metrics,
                blamed,
            })
        })
        .collect()
}

fn blamed(metrics: &[f64], weighted: &[f64], alpha: f64) -> Vec<usize> {
    let passed: Vec<usize> = (0..metrics.len())
        .filter(|m| metrics[*m] <= alpha)
        .collect();
    if !passed.is_empty() {
        return passed;
    }
    ascending(weighted).first().copied().into_iter().collect()
}

/// Adjusts from the largest p-value down: the running minimum of p times `factor(m, rank)`, rank from 1.
fn step_up(p: &[f64], factor: impl Fn(usize, usize) -> f64) -> Result<Vec<f64>, Error> {
    probabilities(p)?;
    let mut adjusted = vec![0.0; p.len()];
    let mut least: f64 = 1.0;
    for (at, &index) in ascending(p).iter().enumerate().rev() {
        least = least.min(p[index] * factor(p.len(), at + 1));
        adjusted[index] = least;
    }
    Ok(adjusted)
}

/// Indices in ascending order of their values.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEIGHTS: [f64; 6] = [0.30, 0.25, 0.15, 0.10, 0.10, 0.10];

    #[test]
    fn a_flagged_tag_always_names_a_metric() {
        // 0.0029 / 0.30 passes the tag's 1 %, while Holm inside asks 0.0029 · 6.
        let tags = [
            [0.0029, 1.0, 1.0, 1.0, 1.0, 1.0],
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
        ];
        let alone = gate(&tags[..1], &WEIGHTS, 0.01).unwrap();
        assert!(alone[0].regressed);
        assert_eq!(alone[0].blamed, [0]);
        assert!(alone[0].metrics[0] > 0.01);
        // A second tag, however good, makes the bar higher.
        let two = gate(&tags, &WEIGHTS, 0.01).unwrap();
        assert!(!two[0].regressed && two[0].blamed.is_empty());
        assert!((two[0].adjusted - 2.0 * 0.0029 / 0.30).abs() < 1e-15);
    }

    #[test]
    fn every_metric_that_passes_inside_a_flagged_tag_is_blamed() {
        let tags = [[1e-5, 1e-4, 0.2, 0.9, 1e-9, 1.0], [0.5; 6]];
        let out = gate(&tags, &WEIGHTS, 0.01).unwrap();
        assert_eq!(out[0].blamed, [0, 1, 4]);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(gate(&[[0.1, 0.2]], &[0.5], 0.01).is_err());
        assert!(gate(&[[f64::NAN]], &[1.0], 0.01).is_err());
        assert!(gate(&[[0.1, 0.1]], &[0.9, 0.2], 0.01).is_err());
        assert!(gate(&[[0.1]], &[0.0], 0.01).is_err());
        assert!(gate(&[[0.1]], &[1.0], 1.0).is_err());
        assert!(holm(&[0.1, -0.1]).is_err());
        assert_eq!(holm(&[]), Ok(vec![]));
        assert_eq!(gate::<Vec<f64>>(&[], &WEIGHTS, 0.01), Ok(vec![]));
    }

    fn p_values() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![0.0..=1.0f64, 0.0..=0.01f64], 1..20)
    }

    proptest! {
        #![proptest_config(super::super::seeded())]

        #[test]
        fn adjusting_keeps_the_order_and_never_helps(p in p_values()) {
            for adjust in [bonferroni, holm, hochberg, benjamini_hochberg, benjamini_yekutieli] {
                let adjusted = adjust(&p).unwrap();
                for i in 0..p.len() {
                    prop_assert!(adjusted[i] >= p[i] && adjusted[i] <= 1.0);
                    for j in 0..p.len() {
                        prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                    }
                }
            }
        }

        #[test]
        fn stronger_procedures_are_stronger(p in p_values()) {
            let (all, down, up) = (bonferroni(&p).unwrap(), holm(&p).unwrap(), hochberg(&p).unwrap());
            for i in 0..p.len() {
                prop_assert!(up[i] <= down[i] + 1e-15 && down[i] <= all[i] + 1e-15);
            }
        }

        #[test]
        fn only_flagged_tags_are_blamed(tags in prop::collection::vec(prop::collection::vec(0.0..=0.02f64, 6), 1..6)) {
            for tag in gate(&tags, &WEIGHTS, 0.01).unwrap() {
                prop_assert_eq!(tag.regressed, !tag.blamed.is_empty());
                prop_assert_eq!(tag.regressed, tag.adjusted <= 0.01);
            }
        }
    }
}
