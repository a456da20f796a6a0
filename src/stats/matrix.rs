//! The little linear algebra that a regression on a handful of factors takes.

use super::Error;

/// The lower triangle L of A = L·Lᵀ for a symmetric positive definite A.
pub(super) struct Cholesky(Vec<Vec<f64>>);

impl Cholesky {
    /// # Errors
    /// [`Error::Singular`] when A is not clearly positive definite.
    pub(super) fn of(a: &[Vec<f64>]) -> Result<Self, Error> {
        let n = a.len();
        let mut l = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..=i {
                let rest: f64 = a[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
                if i != j {
                    l[i][j] = rest / l[j][j];
                } else if rest > a[i][i] * 1e-10 {
                    l[i][i] = rest.sqrt();
                } else {
                    return Err(Error::Singular);
                }
            }
        }
        Ok(Self(l))
    }

    /// x of A·x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let l = &self.0;
        let n = b.len();
        let mut x = b.to_vec();
        for i in 0..n {
            x[i] = (x[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
        }
        for i in (0..n).rev() {
            x[i] = (x[i] - (i + 1..n).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
        }
        x
    }

    /// The diagonal of A⁻¹.
    pub(super) fn inverse_diagonal(&self) -> Vec<f64> {
        let n = self.0.len();
        (0..n)
            .map(|i| {
                let unit: Vec<f64> = (0..n).map(|j| f64::from(u8::from(i == j))).collect();
                self.solve(&unit)[i]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_has_a_solution() {
        let a = [
            vec![4.0, 2.0, 0.0],
            vec![2.0, 5.0, 1.0],
            vec![0.0, 1.0, 3.0],
        ];
        let x = Cholesky::of(&a).unwrap().solve(&[8.0, 15.0, 11.0]);
        for (got, want) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((got - want).abs() < 1e-12);
        }
        let diagonal = Cholesky::of(&a).unwrap().inverse_diagonal();
        assert!((diagonal[0] - 14.0 / 44.0).abs() < 1e-12);
    }

    #[test]
    fn a_factor_that_repeats_another_is_singular() {
        let a = [vec![2.0, 2.0], vec![2.0, 2.0]];
        assert!(matches!(Cholesky::of(&a), Err(Error::Singular)));
        assert!(Cholesky::of(&[vec![0.0]]).is_err());
    }
}
