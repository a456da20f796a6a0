//! The words and numbers that figures and reports share: safe strings, effects in figures, rows in order of harm.

mod again;
mod number;
mod rows;
pub mod safe;

pub use again::Again;
pub use number::{Scale, effect, figures, intervals, pairs, plain};
pub use rows::{Row, rows, tags_by_harm};
