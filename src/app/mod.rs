//! The journeys, each readable on one page. The only station that knows the whole road.

mod analyse;
pub mod baselines;
mod bench;
mod check;
mod doctor;
mod explain;
mod folder;
mod inspect;
mod machine;
mod measure;
mod neighbours;
mod notices;
mod power;
mod run;
mod show;
mod source_maps;
mod standing;
mod vitals;
mod vocabulary;

pub use analyse::{Record, analyse};
pub use check::{Outlook, check, too_small};
pub use doctor::{DoctorWish, Examined, doctor};
pub use explain::{Topic, explain, limit, topics};
pub use folder::redo;
pub use inspect::{InspectWish, inspect};
pub use measure::{Event, Limits, Run, Watch};
pub use power::{Planned, power};
pub use run::{Finished, RunWish, run};
pub use show::{
    Look, examination_json, formats, metric, render, show, show_examination, show_power, verdict,
};
pub use standing::Accepted;

pub use crate::baseline::{Change, Cost};
pub use crate::chart::text::plain as show_plain;
pub use crate::chart::text::safe::text as safe_text;
pub use crate::lab::Interrupt;
pub use crate::report::{baseline_schema, examination_schema, schema as run_schema};
pub use crate::scenario::ScenarioError;
