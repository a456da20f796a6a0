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
}
