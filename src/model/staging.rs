use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::UrlPattern;

/// What the stage does to the page in one arm: the difference between the arms, and all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Staging {
    /// HTML put into the page's own document, in this order.
    pub inserts: Vec<Insert>,
    /// URLs answered from a local file.
    pub plays: Vec<PlayedFile>,
    /// Requests that are cut off, and elements that ask for them that are taken out of the document.
    pub blocks: Vec<UrlPattern>,
}

/// A piece of HTML for the page's own document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Insert {
    pub tag: String,
    pub place: Place,
    pub html: String,
}

/// One URL, query ignored, that the stage answers with the content of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayedFile {
    pub tag: String,
    pub url: String,
    pub file: PathBuf,
    /// As [`super::Origin::headers`].
    #[serde(default)]
    pub headers: Option<Vec<(String, String)>>,
}

/// Where in the document a tag is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// First in `<head>`.
    HeadStart,
    /// Last in `<head>`.
    #[default]
    Head,
    /// Last in `<body>`.
    Body,
}
