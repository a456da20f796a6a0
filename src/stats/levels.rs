//! The error rates that the method promises: what claims, doctor and simulations share.

/// Chance that a gate suspects any tag of a run without a harmful one; over all tags and gated metrics.
pub const ALPHA: f64 = 0.01;

/// Chance, per effect, that a cost at or above its margin is called ok.
pub const ALPHA_OK: f64 = 0.05;

/// Chance that fresh trials confirm a suspicion that is none, or clear one that is.
pub const ALPHA_CONFIRM: f64 = 0.05;

/// A tag whose p-value in a finished screen is at most this is asked again although it is not suspected.
pub const ALPHA_DOUBT: f64 = 0.10;

/// Power at which the smallest detectable effect is told.
pub const POWER: f64 = 0.8;
