//! What detectors have in common: the trials they compare, whom they blame, what they say.

mod acts;
mod arms;
mod asked;
mod calls;
mod culprit;
mod delivery;
mod discreet;
mod growth;
mod listeners;
mod pairs;
mod personal;
mod secrets;
mod sighting;
mod traffic;
mod words;

pub use arms::Arms;
pub use culprit::Culprit;
pub use sighting::Sighting;

pub(super) use acts::Acts;
pub(super) use arms::{median, mostly};
pub(super) use asked::{asker, beginning};
pub(super) use calls::{Calls, count};
pub(super) use delivery::{Delivery, is_declared, kind};
pub(super) use discreet::{sensitive, without};
pub(super) use personal::{Needle, named};
pub(super) use secrets::{Secret, secrets};
pub(super) use traffic::{address, busiest, file, listed};
pub(super) use words::{bounded, printable, shown};
