//! Which tags are on in which trial of a screen: Hadamard matrices and fold-over pairs.

use super::{Error, Rng};

/// Larger designs are refused: no page has so many tags.
const MAX_ORDER: usize = 1024;

/// One pair of adjacent trials: a set of tags, and its complement.
///
/// The difference y(set) − y(complement) is Σ signsⱼ · costⱼ; two-factor interactions cancel in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// One per factor: +1 is on in the set, −1 is on in the complement.
    pub signs: Vec<i8>,
    /// The set is visited before the complement; drawn by lot.
    pub set_first: bool,
}

/// The smallest Hadamard matrix of order at least `at_least` that can be built here: entries ±1, columns
/// orthogonal, first column all +1 and the others balanced.
///
/// Orders: 1, 2, q + 1 for primes q = 3 mod 4 (Paley 1933), and doublings of these (Sylvester 1867):
/// 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 44, 48, 60, 64…
///
/// # Errors
/// The order would exceed 1024.
pub fn hadamard(at_least: usize) -> Result<Vec<Vec<i8>>, Error> {
    (at_least.max(1)..=MAX_ORDER)
        .find_map(build)
        .ok_or(Error::OutOfRange {
            what: "order of the design",
            value: at_least as f64,
            must: "at most 1024",
        })
}

/// At least `pairs` fold-over pairs for `factors` tags, rows of replicated Hadamard designs cut to length.
///
/// Each replicate takes the smallest matrix of order above `factors`, without its constant column, and
/// draws which columns serve which factor, a sign for each, and the order of the rows; each row draws which
/// of its two trials comes first. So each pair is a fair coin for each tag, alone, given the others.
///
/// # Errors
/// No factors, or more than 1023.
pub fn fold_over(rng: &mut Rng, factors: usize, pairs: usize) -> Result<Vec<Pair>, Error> {
    if factors == 0 {
        return Err(Error::Empty);
    }
    let matrix = hadamard(factors + 1)?;
    let mut all = Vec::with_capacity(pairs);
    while all.len() < pairs {
        let mut columns: Vec<usize> = (1..matrix.len()).collect();
        rng.shuffle(&mut columns);
        columns.truncate(factors);
        let turned: Vec<i8> = columns
            .iter()
            .map(|_| if rng.coin() { 1 } else { -1 })
            .collect();
        let mut rows: Vec<usize> = (0..matrix.len()).collect();
        rng.shuffle(&mut rows);
        for row in rows {
            let signs = columns
                .iter()
                .zip(&turned)
                .map(|(column, sign)| matrix[row][*column] * sign)
                .collect();
            let set_first = rng.coin();
            all.push(Pair { signs, set_first });
        }
    }
    all.truncate(pairs);
    Ok(all)
}

fn build(order: usize) -> Option<Vec<Vec<i8>>> {
    match order {
        1 => Some(vec![vec![1]]),
        2 => Some(doubled(vec![vec![1]])),
        _ if !order.is_multiple_of(4) => None,
        _ if is_prime(order - 1) => Some(paley(order - 1)),
        _ => build(order / 2).map(doubled),
    }
}

/// [[H, H], [H, −H]].
fn doubled(half: Vec<Vec<i8>>) -> Vec<Vec<i8>> {
    let join = |sign: i8| {
        half.iter()
            .map(move |row| {
                row.iter()
                    .copied()
                    .chain(row.iter().map(|v| v * sign))
                    .collect()
            })
            .collect::<Vec<Vec<i8>>>()
    };
    let mut all = join(1);
    all.extend(join(-1));
    all
}

/// Paley's first construction for a prime q = 3 mod 4: I plus the bordered matrix of quadratic residues,
/// all rows but the first negated so that the first column is constant.
fn paley(q: usize) -> Vec<Vec<i8>> {
    let mut residue = vec![-1i8; q];
    residue[0] = 0;
    for root in 1..q {
        residue[root * root % q] = 1;
    }
    let mut all = vec![vec![1; q + 1]];
    for i in 0..q {
        let entry = |j: usize| {
            let jacobsthal = residue[(q + j - i) % q];
            -(jacobsthal + i8::from(i == j))
        };
        all.push(std::iter::once(1).chain((0..q).map(entry)).collect());
    }
    all
}

fn is_prime(n: usize) -> bool {
    n >= 2
        && (2..)
            .take_while(|d| d * d <= n)
            .all(|d| !n.is_multiple_of(d))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(a: impl Iterator<Item = i8>, b: impl Iterator<Item = i8>) -> i32 {
        a.zip(b).map(|(x, y)| i32::from(x) * i32::from(y)).sum()
    }

    #[test]
    fn columns_are_orthogonal_and_the_first_is_constant() {
        for at_least in 1..=130 {
            let matrix = hadamard(at_least).unwrap();
            let order = matrix.len();
            assert!(order >= at_least);
            assert!(matrix.iter().all(|row| row[0] == 1 && row.len() == order));
            let column = |j: usize| matrix.iter().map(move |row| row[j]);
            for i in 0..order {
                for j in 0..=i {
                    let expected = if i == j { order as i32 } else { 0 };
                    assert_eq!(dot(column(i), column(j)), expected, "order {order}");
                }
            }
        }
        assert!(hadamard(MAX_ORDER + 1).is_err());
    }

    #[test]
    fn a_whole_replicate_is_orthogonal_and_balanced() {
        let pairs = fold_over(&mut Rng::seeded(1), 10, 12).unwrap();
        for i in 0..10 {
            assert_eq!(pairs.iter().map(|p| i32::from(p.signs[i])).sum::<i32>(), 0);
            for j in 0..i {
                let column = |j: usize| pairs.iter().map(move |p| p.signs[j]);
                assert_eq!(dot(column(i), column(j)), 0);
            }
        }
    }

    #[test]
    fn replicates_differ_and_the_length_is_as_asked() {
        let pairs = fold_over(&mut Rng::seeded(2), 5, 20).unwrap();
        assert_eq!(pairs.len(), 20);
        assert_ne!(pairs[..8], pairs[8..16]);
        assert!(pairs.iter().any(|p| p.set_first) && pairs.iter().any(|p| !p.set_first));
        assert_eq!(pairs, fold_over(&mut Rng::seeded(2), 5, 20).unwrap());
        assert_eq!(fold_over(&mut Rng::seeded(2), 0, 4), Err(Error::Empty));
        assert_eq!(fold_over(&mut Rng::seeded(2), 3, 0), Ok(vec![]));
    }
}
