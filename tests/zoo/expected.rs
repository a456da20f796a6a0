//! What is to be found of a group's tags.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A scenario of the zoo, and what its tags do.
pub struct Group {
    pub name: String,
    pub scenario: PathBuf,
    pub wants: BTreeMap<String, Want>,
    /// Tags that stand there for others that need them.
    pub carriers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tags: BTreeMap<String, Want>,
    #[serde(default)]
    carriers: Vec<String>,
}

/// What is to be found of a tag.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Want {
    /// Id of the finding.
    pub finding: Option<String>,
    /// Other findings that are true of it, and may come.
    pub also: Vec<String>,
    /// Of the culprit. Several names where browsers may call it differently.
    pub function: Option<Names>,
    /// The last part of the culprit's URL.
    pub file: Option<String>,
    pub line: Option<u32>,
    /// The tag is benign.
    pub silent: bool,
    /// It belongs to the few that every test run looks at.
    pub quick: bool,
}

#[derive(Debug, Deserialize)]
#[serde(from = "toml::Value")]
pub struct Names(pub Vec<String>);

impl From<toml::Value> for Names {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(name) => Self(vec![name]),
            toml::Value::Array(names) => {
                let names = names.iter().map(|name| name.as_str().unwrap().to_owned());
                Self(names.collect())
            }
            other => panic!("a function's name, or a list of them, not {other}"),
        }
    }
}

impl Group {
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        let read: File =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.file_name().unwrap().to_str().unwrap();
        let name = name.strip_suffix(".expected.toml").unwrap().to_owned();
        for (id, want) in &read.tags {
            assert!(
                want.silent != want.finding.is_some(),
                "{name}: {id} is either silent or has a finding"
            );
            assert!(
                !want.silent || (want.also.is_empty() && want.function.is_none()),
                "{name}: {id} is silent and yet has findings"
            );
        }
        Self {
            scenario: file.with_file_name(format!("{name}.toml")),
            name,
            wants: read.tags,
            carriers: read.carriers,
        }
    }
}
