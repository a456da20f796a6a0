//! The journeys, each readable on one page. The only station that knows the whole road.

mod analyse;
pub mod baselines;
mod bench;
mod check;
mod explain;
mod folder;
mod machine;
mod measure;
mod notices;
mod run;
mod show;
mod standing;
mod vocabulary;

pub use analyse::{Record, analyse};
pub use check::{Outlook, check};
pub use explain::{Topic, explain, topics};
pub use folder::redo;
pub use measure::{Event, Limits, Run, Watch};
pub use run::{Finished, RunWish, run};
pub use show::{Look, formats, metric, render, show, verdict};
pub use standing::Accepted;

pub use crate::baseline::{Change, Cost};
pub use crate::chart::text::safe::text as safe_text;
pub use crate::lab::Interrupt;
pub use crate::report::{baseline_schema, schema as run_schema};
pub use crate::scenario::ScenarioError;
