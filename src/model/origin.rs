use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Millis;

/// A host that the stage plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Host name without scheme or port, lower case.
    pub host: String,
    /// Folder whose files are served; `index.html` stands for a folder.
    pub dir: PathBuf,
    /// Added to every response.
    pub latency: Millis,
    /// What the responses say of themselves, names in small letters. `None`: as a static host does, and the
    /// visit does not tell of it.
    #[serde(default)]
    pub headers: Option<Vec<(String, String)>>,
    /// Paths that are answered by 302, and the URLs where they lead.
    #[serde(default)]
    pub redirects: Vec<(String, String)>,
}
