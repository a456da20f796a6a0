//! A report in the formats that people and machines read.
//!
//! A format is a file here and a row in [`ALL`]. What a page or a vendor wrote is hostile in every one of them.

mod json;
pub mod markdown;
mod say;
pub mod terminal;

use anyhow::Result;

pub use json::examination as examination_json;
pub use say::{baseline_schema, examination_schema, quoted, schema};

use crate::model::Report;

/// A format.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    pub id: &'static str,
    /// Name of the file in the run's folder.
    pub file: &'static str,
    /// What it is for, for help texts.
    pub what: &'static str,
    pub render: fn(&Report) -> Result<String>,
}

impl Reporter {
    /// The file's extension, without the dot.
    pub fn extension(&self) -> &'static str {
        self.file
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }
}

#[rustfmt::skip]
pub static ALL: &[Reporter] = &[
    terminal::REPORTER,
    markdown::REPORTER,
    json::REPORTER,
];
