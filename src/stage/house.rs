//! What the stage plays in every trial, whatever the arm.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use hyper::header::HeaderValue;
use url::{Host, Url};

use super::files::{self, Found, Shelf};
use super::headers::Declared;
use super::shaping::Shaping;
use super::trial::Staged;
use super::{StageConfig, StageError};

pub(super) struct House {
    pub(super) page: Url,
    pub(super) shelf: Shelf,
    pub(super) shaping: Option<Shaping>,
    origins: HashMap<String, Played>,
}

/// A played origin.
pub(super) struct Played {
    /// In canonical form.
    pub(super) root: PathBuf,
    pub(super) latency: Duration,
    pub(super) declared: Declared,
    /// By path.
    pub(super) redirects: HashMap<String, HeaderValue>,
}

impl House {
    pub(super) fn new(config: StageConfig) -> Result<Self, StageError> {
        let mut origins = HashMap::new();
        for origin in config.origins {
            let fault = |cause| StageError::Origin {
                host: origin.host.clone(),
                dir: origin.dir.clone(),
                cause,
            };
            let host = Host::parse(&origin.host)
                .map_err(|error| fault(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
            let root = origin.dir.canonicalize().map_err(fault)?;
            if !root.is_dir() {
                return Err(fault(io::ErrorKind::NotADirectory.into()));
            }
            let declared = Declared::new(origin.headers.as_ref());
            let played = Played {
                root,
                latency: origin.latency.into(),
                declared: declared.map_err(|name| StageError::Header {
                    who: format!("origin `{}`", origin.host),
                    name,
                })?,
                redirects: redirects(&origin.host, &origin.redirects)?,
            };
            if origins.insert(host.to_string(), played).is_some() {
                return Err(StageError::OriginTwice { host: origin.host });
            }
        }
        let shaping = match config.network {
            Some(network) => Some(Shaping::new(network).ok_or(StageError::NoBandwidth)?),
            None => None,
        };
        Ok(Self {
            page: config.page,
            shelf: Shelf::default(),
            shaping,
            origins,
        })
    }

    /// Rewrites the page's document for `staged` before the first trial asks for it.
    pub(super) fn prepare(&self, staged: &Staged) {
        let host = self.page.host_str().unwrap_or_default();
        if let Some(origin) = self.origin(host)
            && let Found::File(path) = files::find(&origin.root, self.page.path())
            && let Ok(file) = self.shelf.read(&path)
        {
            // What fails here fails again, and is reported, when the document is asked for.
            let _ = staged.document(&path, &file, &self.page);
        }
    }

    pub(super) fn origin(&self, host: &str) -> Option<&Played> {
        self.origins.get(host)
    }
}

fn redirects(
    host: &str,
    pairs: &[(String, String)],
) -> Result<HashMap<String, HeaderValue>, StageError> {
    let read = |(path, to): &(String, String)| match HeaderValue::try_from(to) {
        Ok(value) => Ok((path.clone(), value)),
        Err(_) => Err(StageError::Redirect {
            host: host.to_owned(),
            to: to.clone(),
        }),
    };
    pairs.iter().map(read).collect()
}
