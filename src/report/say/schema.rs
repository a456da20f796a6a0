//! JSON Schemas of the stored formats, made from the types.

use anyhow::{Context, Result};

use crate::model::{Baseline, Examination, Report};

/// JSON Schema (2020-12) of `run.json`.
///
/// # Errors
/// The schema cannot be written as JSON.
pub fn schema() -> Result<String> {
    write(schemars::schema_for!(Report))
}

/// JSON Schema (2020-12) of an accepted baseline.
///
/// # Errors
/// The schema cannot be written as JSON.
pub fn baseline_schema() -> Result<String> {
    write(schemars::schema_for!(Baseline))
}

/// JSON Schema (2020-12) of an examination of the machine: `doctor.json`.
///
/// # Errors
/// The schema cannot be written as JSON.
pub fn examination_schema() -> Result<String> {
    write(schemars::schema_for!(Examination))
}

fn write(schema: schemars::Schema) -> Result<String> {
    let text = serde_json::to_string_pretty(&schema).context("write a JSON Schema")?;
    Ok(text + "\n")
}
