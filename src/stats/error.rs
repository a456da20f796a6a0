//! Why a statistic cannot be computed, and the checks that find out.

/// Why a statistic cannot be computed from what was given.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("no values were given")]
    Empty,
    #[error("value {index} (from 0) is {value}, which is not a finite number")]
    NotFinite { index: usize, value: f64 },
    #[error("{got} values were given where at least {need} are needed")]
    TooFew { need: usize, got: usize },
    #[error("{left} values were given beside {right}: they must belong together one to one")]
    Unpaired { left: usize, right: usize },
    #[error("all values are equal, so that this statistic does not exist")]
    NoSpread,
    #[error("{what} is {value}, but must be {must}")]
    OutOfRange {
        what: &'static str,
        value: f64,
        must: &'static str,
    },
    #[error(
        "a budget of {got} blocks cannot reach significance at every look: it takes at least {need}"
    )]
    BudgetTooSmall { need: usize, got: usize },
    #[error("the design cannot tell its factors apart: add pairs")]
    Singular,
}

/// Fails on the first value that is NaN or infinite.
pub(super) fn all_finite(values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(Error::NotFinite {
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

/// As [`all_finite`], and fails when there are fewer than `need` values.
pub(super) fn usable(values: &[f64], need: usize) -> Result<(), Error> {
    if values.is_empty() {
        return Err(Error::Empty);
    }
    if values.len() < need {
        return Err(Error::TooFew {
            need,
            got: values.len(),
        });
    }
    all_finite(values)
}

/// Fails when two lists that belong together differ in length.
pub(super) fn paired(left: usize, right: usize) -> Result<(), Error> {
    if left == right {
        Ok(())
    } else {
        Err(Error::Unpaired { left, right })
    }
}

/// Fails unless `value` lies strictly between 0 and 1; `what` names it.
pub(super) fn share(what: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value < 1.0 {
        Ok(())
    } else {
        Err(Error::OutOfRange {
            what,
            value,
            must: "between 0 and 1",
        })
    }
}

/// Fails unless `value` is finite and above 0; `what` names it.
pub(super) fn positive(what: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(Error::OutOfRange {
            what,
            value,
            must: "a finite number above 0",
        })
    }
}
