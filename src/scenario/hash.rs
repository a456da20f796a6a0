//! The fingerprint of a scenario: equal when two runs measured the same page in the same way.
//!
//! It covers the page, the device's screen and network, the steps, what the origins serve, and what the tags change in arms that
//! lack them. It leaves out the tags' own code and where it is put, since a change there is what is to be
//! measured; the gate and the budget, which judge and do not measure; and the CPU slowdown, which a comparison
//! scales away.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::{Device, Origin};
use crate::tags::Tag;

use super::PlacedStep;

/// What the hash is taken of.
pub(super) struct Measured<'a> {
    pub url: &'a str,
    pub device: &'a Device,
    pub steps: &'a [PlacedStep],
    pub tags: &'a [Tag],
    /// Hosts whose documents the scenario opens.
    pub pages: &'a [String],
}

/// Begins a hash; [`Canon::origin`] adds each origin, sorted by host.
pub(super) struct Canon(Sha256);

impl Canon {
    pub fn new(measured: &Measured<'_>) -> io::Result<Self> {
        let mut canon = Self(Sha256::new());
        canon.part("url", measured.url.as_bytes());
        let Device {
            viewport, network, ..
        } = measured.device;
        canon.part("device", &serde_json::to_vec(&(viewport, network))?);
        for placed in measured.steps {
            canon.part("step", &serde_json::to_vec(&placed.step)?);
        }
        let mut tags: Vec<&Tag> = measured.tags.iter().collect();
        tags.sort_by_key(|tag| &tag.id);
        for tag in tags {
            let (control, needs) = (tag.changes_control(), &tag.needs);
            if let Some(group) = &tag.group {
                canon.part("group", &serde_json::to_vec(&(&tag.id, group))?);
            }
            if !control.is_empty() {
                canon.part("control", &serde_json::to_vec(&control)?);
            }
            if !needs.is_empty() {
                canon.part("needs", &serde_json::to_vec(&(&tag.id, needs))?);
            }
        }
        Ok(canon)
    }

    /// Adds what an origin serves.
    pub fn origin(&mut self, origin: &Origin, measured: &Measured<'_>) -> io::Result<()> {
        self.part("host", origin.host.as_bytes());
        self.part("latency", &origin.latency.0.to_le_bytes());
        if let Some(headers) = &origin.headers {
            self.part("headers", &serde_json::to_vec(headers)?);
        }
        if !origin.redirects.is_empty() {
            self.part("redirects", &serde_json::to_vec(&origin.redirects)?);
        }
        let page_host = measured.pages.contains(&origin.host);
        for (path, file) in files(&origin.dir)? {
            let owned = |tag: &Tag| tag.owns(&origin.host, &path, page_host);
            if !measured.tags.iter().any(owned) {
                self.part("path", path.as_bytes());
                self.part("file", &fs::read(file)?);
            }
        }
        Ok(())
    }

    pub fn finish(self) -> String {
        let bytes = self.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Lengths stand in front, so that no two lists of parts look alike.
    fn part(&mut self, kind: &str, content: &[u8]) {
        for bytes in [kind.as_bytes(), content] {
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
    }
}

/// All files below `folder` by their path in a URL, sorted.
fn files(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut open = vec![(
        String::new(),
        folder.to_owned(),
        vec![folder.canonicalize()?],
    )];
    while let Some((path, folder, above)) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = format!("{path}/{}", entry.file_name().to_string_lossy());
            let file = entry.path();
            if !file.is_dir() {
                found.insert(path, file);
                continue;
            }
            // A link to a folder above would be walked for ever.
            let real = file.canonicalize()?;
            if !above.contains(&real) {
                let mut above = above.clone();
                above.push(real);
                open.push((path, file, above));
            }
        }
    }
    Ok(found)
}
