//! Normal and Student's t: tails and quantiles.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::Error;
use super::error::{positive, share};

/// P(Z > z) for a standard normal Z; accurate in the far tail.
pub fn normal_sf(z: f64) -> f64 {
    Normal::standard().sf(z)
}

/// The z below which a standard normal variable falls with probability `p`.
///
/// # Errors
/// `p` is not between 0 and 1.
pub fn normal_quantile(p: f64) -> Result<f64, Error> {
    share("probability", p)?;
    Ok(Normal::standard().inverse_cdf(p))
}

/// P(T > t) for Student's t with `freedom` degrees of freedom. Infinite `t` is allowed.
///
/// # Errors
/// `freedom` is not a finite number above 0, or `t` is NaN.
pub fn t_sf(t: f64, freedom: f64) -> Result<f64, Error> {
    let dist = student(freedom)?;
    if t.is_nan() {
        return Err(Error::NotFinite { index: 0, value: t });
    }
    Ok(if t.is_infinite() {
        if t > 0.0 { 0.0 } else { 1.0 }
    } else {
        dist.sf(t)
    })
}

/// The t below which Student's t with `freedom` degrees of freedom falls with probability `p`.
///
/// # Errors
/// `freedom` is not a finite number above 0, or `p` is not between 0 and 1.
pub fn t_quantile(p: f64, freedom: f64) -> Result<f64, Error> {
    share("probability", p)?;
    Ok(student(freedom)?.inverse_cdf(p))
}

fn student(freedom: f64) -> Result<StudentsT, Error> {
    positive("degrees of freedom", freedom)?;
    StudentsT::new(0.0, 1.0, freedom).map_err(|_| Error::OutOfRange {
        what: "degrees of freedom",
        value: freedom,
        must: "a finite number above 0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        for p in [0.0, 1.0, -0.1, f64::NAN] {
            assert!(normal_quantile(p).is_err());
            assert!(t_quantile(p, 5.0).is_err());
        }
        assert!(t_sf(1.0, 0.0).is_err());
        assert!(t_sf(f64::NAN, 3.0).is_err());
        assert_eq!(t_sf(f64::INFINITY, 3.0), Ok(0.0));
        assert_eq!(t_sf(f64::NEG_INFINITY, 3.0), Ok(1.0));
    }
}
