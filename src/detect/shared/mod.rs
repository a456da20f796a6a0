//! What detectors have in common: the trials they compare, whom they blame, what they say.

mod arms;
mod asked;
mod calls;
mod culprit;
mod sighting;
mod words;

pub use arms::Arms;
pub use culprit::Culprit;
pub use sighting::Sighting;

pub(super) use arms::{median, mostly};
pub(super) use asked::{asker, beginning};
pub(super) use calls::{Calls, count};
pub(super) use words::{bounded, printable, shown};
