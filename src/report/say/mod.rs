//! What reports for people have in common: which rows and findings are shown, and sentences about the run.

mod run;
mod schema;
mod selection;

pub use run::{count, headline, next, outcomes, quoted, stop, trials};
pub use schema::{baseline_schema, examination_schema, schema};
pub use selection::{Effects, doubts, effects, findings, idle_tags, is_forbidden, severity};
