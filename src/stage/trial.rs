//! What the stage holds for one trial, and for all trials with the same staging.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use super::StageError;
use super::document::Document;
use super::files::{Content, Shelf};
use super::headers::Declared;
use super::log::Log;
use crate::model::{Request, Staging};

/// One thing that goes wrong in every request shall not fill the memory.
const MOST_PROBLEMS: usize = 100;

/// A staging that is ready to be played.
pub(super) struct Staged {
    staging: Staging,
    plays: HashMap<String, Play>,
    /// Rewritten once, so that no trial waits for it.
    documents: Mutex<HashMap<String, Arc<Document>>>,
}

/// A file that stands for one URL.
pub(super) struct Play {
    pub(super) path: PathBuf,
    pub(super) content: Arc<Content>,
    pub(super) declared: Declared,
}

impl Staged {
    pub(super) fn new(staging: &Staging, shelf: &Shelf) -> Result<Self, StageError> {
        let mut plays = HashMap::new();
        for played in &staging.plays {
            let url = Url::parse(&played.url).map_err(|cause| StageError::Url {
                tag: played.tag.clone(),
                url: played.url.clone(),
                cause,
            })?;
            let content = shelf.read(&played.file).map_err(|cause| StageError::File {
                tag: played.tag.clone(),
                file: played.file.clone(),
                cause,
            })?;
            let declared = Declared::new(played.headers.as_ref());
            let play = Play {
                path: played.file.clone(),
                content,
                declared: declared.map_err(|name| StageError::Header {
                    who: format!("tag `{}`", played.tag),
                    name,
                })?,
            };
            plays.insert(without_query(&url), play);
        }
        Ok(Self {
            staging: staging.clone(),
            plays,
            documents: Mutex::default(),
        })
    }

    pub(super) fn is(&self, staging: &Staging) -> bool {
        self.staging == *staging
    }

    pub(super) fn blocks(&self, url: &Url) -> bool {
        let url = url.as_str();
        self.staging.blocks.iter().any(|block| block.matches(url))
    }

    pub(super) fn play(&self, url: &Url) -> Option<&Play> {
        self.plays.get(&without_query(url))
    }

    /// The document in `file`, which is loaded from `url`, as this staging wants it.
    pub(super) fn document(
        &self,
        path: &Path,
        file: &Arc<Content>,
        url: &Url,
    ) -> std::io::Result<Arc<Document>> {
        let mut documents = self
            .documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let key = without_query(url);
        if let Some(document) = documents.get(&key) {
            return Ok(document.clone());
        }
        let document = Arc::new(match &**file {
            Content::Kept(html) => Document::stage(file, html, url, &self.staging),
            Content::OnDisk { .. } => Document::stage(file, &fs::read(path)?, url, &self.staging),
        });
        documents.insert(key, document.clone());
        Ok(document)
    }
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// One trial: its staging, and what happened.
pub(super) struct Trial {
    pub(super) staged: Arc<Staged>,
    pub(super) log: Arc<Log>,
    /// The log keeps bodies and headers.
    pub(super) recorded: bool,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    problems: BTreeSet<String>,
    saw_document: bool,
    ended: bool,
}

impl Trial {
    pub(super) fn new(staged: Arc<Staged>, recorded: bool) -> Arc<Self> {
        Arc::new(Self {
            staged,
            log: Log::new(),
            recorded,
            notes: Mutex::default(),
        })
    }

    pub(super) fn note(&self, problem: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.problems.len() < MOST_PROBLEMS {
            notes.problems.insert(problem);
        }
    }

    /// A document of the page was asked for and is sent with what belongs into it, but for its problems.
    pub(super) fn note_document(&self, document: &Document) {
        document.problems.iter().cloned().for_each(|p| self.note(p));
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.saw_document = true;
    }

    /// Ends the log.
    pub(super) fn end(&self, page: &Url) -> Vec<Request> {
        let (requests, unlisted) = self.log.close();
        if unlisted > 0 {
            self.note(format!(
                "{unlisted} requests beyond the first {} were answered and are not listed",
                requests.len()
            ));
        }
        let inserts = self.staged.staging.inserts.len();
        let lost = {
            let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
            let first = !std::mem::replace(&mut notes.ended, true);
            first && !notes.saw_document && inserts > 0
        };
        if lost {
            self.note(format!(
                "no document of {page} was asked for that a played origin has, so that {inserts} inserts were not put in"
            ));
        }
        requests
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.problems.iter().cloned().collect()
    }
}
