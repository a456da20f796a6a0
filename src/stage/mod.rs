//! The stage: local servers that play every origin for the browser.
//!
//! One port of the loopback interface answers for all hosts and ports, with TLS or without. The browser is
//! sent there by the flags of [`Stage::browser_flags`], and nothing that a page asks for leaves the machine.
//!
//! A request is answered by the first rule that fits:
//!
//! 1. its URL matches a pattern that the arm blocks: cut off ([`Answer::Blocked`](crate::model::Answer));
//! 2. the arm plays a file for its URL: that file (`Played`), with the headers declared for it;
//! 3. its host is a played origin that sends its path elsewhere: 302; or a played origin that has a file at its path: that file (`Played`), and for a top-level
//!    document of the page, with the arm's inserts and without the elements that the arm blocks;
//! 4. it looks like measurement data: taken and counted (`Beacon`);
//! 5. its host is a played origin: 404, or 405 to a method other than `GET` and `HEAD` (`Missing`);
//! 6. all else, WebSockets too: cut off (`Refused`).
//!
//! To cut off is to reset the stream (HTTP/2) or to close the connection (HTTP/1), at once and without a
//! response. A browser then asks once more if the HTTP/1 connection was not new, and the log lists both.

mod answer;
mod asked;
mod beacon;
mod body;
mod charset;
mod connection;
mod decide;
mod document;
mod files;
mod headers;
mod house;
mod log;
mod range;
mod shaping;
mod survey;
mod tasks;
mod text;
mod tls;
mod trial;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use self::connection::Door;
use self::files::Found;
use self::house::House;
use self::tasks::Tasks;
use self::tls::Certificates;
use self::trial::{Staged, Trial};
use crate::model::{Network, Origin, Request, Staging};

/// What is the same in all trials.
#[derive(Clone, Debug)]
pub struct StageConfig {
    /// The page under test. Top-level documents of its host are those that an arm changes.
    pub page: Url,
    pub origins: Vec<Origin>,
    /// None leaves the loopback interface as fast as it is.
    pub network: Option<Network>,
}

/// The stage cannot be set up, or not for this arm.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    #[error("no port of the loopback interface could be opened for the stage: {0}")]
    Port(io::Error),
    #[error("the stage's certificate could not be made: {0}")]
    Certificate(rcgen::Error),
    #[error("the stage's TLS could not be set up: {0}")]
    Tls(tokio_rustls::rustls::Error),
    #[error(
        "origin `{host}` cannot be played from {}: {cause}: give a host name and a folder with its files",
        dir.display()
    )]
    Origin {
        host: String,
        dir: PathBuf,
        cause: io::Error,
    },
    #[error("{who}: no server could send the header `{name}`")]
    Header { who: String, name: String },
    #[error("origin `{host}`: `{to}` is no URL that a redirect could lead to")]
    Redirect { host: String, to: String },
    #[error("origin `{host}` is listed twice: remove one of the two")]
    OriginTwice { host: String },
    #[error("the network lets nothing through: give `down` and `up` above zero")]
    NoBandwidth,
    #[error("tag `{tag}`: `{url}` is no absolute URL: {cause}")]
    Url {
        tag: String,
        url: String,
        cause: url::ParseError,
    },
    #[error("tag `{tag}`: cannot read {}: {cause}", file.display())]
    File {
        tag: String,
        file: PathBuf,
        cause: io::Error,
    },
}

/// The running stage. Dropped, it ends; [`Stage::stop`] also waits for that.
///
/// A connection belongs to the trial in which it was opened, and ends with it: each trial needs a browser
/// or a browser context of its own, and a late beacon of one visit is no part of the next.
pub struct Stage {
    door: Arc<Door>,
    address: SocketAddr,
    key_hash: String,
    /// One per arm that was played.
    staged: Mutex<Vec<Arc<Staged>>>,
    accepting: JoinHandle<()>,
}

impl Stage {
    /// Opens the port and plays `config` with no tag put in, until the first [`Stage::begin`].
    ///
    /// # Errors
    /// If an origin's folder cannot be read, or the machine gives no port.
    pub async fn start(config: StageConfig) -> Result<Self, StageError> {
        let house = House::new(config)?;
        let certificates = Arc::new(Certificates::new()?);
        let key_hash = certificates.key_hash();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(StageError::Port)?;
        let address = listener.local_addr().map_err(StageError::Port)?;
        let bare = Arc::new(Staged::new(&Staging::default(), &house.shelf)?);
        let door = Arc::new(Door {
            house,
            tls: tls::acceptor(certificates)?,
            tasks: Tasks::default(),
            trial: Mutex::new(Trial::new(bare.clone(), false)),
        });
        let accepting = connection::accept(door.clone(), listener);
        Ok(Self {
            door,
            address,
            key_hash,
            staged: Mutex::new(vec![bare]),
            accepting: tokio::spawn(async move {
                accepting.await;
            }),
        })
    }

    /// The port that plays all hosts.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Chromium's switches for a browser that shall see the stage and nothing else.
    ///
    /// They also keep it from a proxy and from WebRTC's own way out. Chromium heeds the trusted key only
    /// together with `--user-data-dir`.
    pub fn browser_flags(&self) -> Vec<String> {
        vec![
            format!("--host-resolver-rules=MAP * {}", self.address),
            format!("--ignore-certificate-errors-spki-list={}", self.key_hash),
            // The headless shell does not know `--no-proxy-server` and would heed `https_proxy`.
            "--proxy-server=direct://".into(),
            // The same for the headless shell and for Chromium, which differ in its name.
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp".into(),
            "--webrtc-ip-handling-policy=disable_non_proxied_udp".into(),
        ]
    }

    /// Begins a trial: closes all connections, plays `staging` from now on, and starts an empty log and the
    /// trial's clock.
    ///
    /// # Errors
    /// If a file that the arm plays cannot be read; the stage then goes on as before.
    pub fn begin(&self, staging: &Staging) -> Result<(), StageError> {
        self.begin_trial(staging, false)
    }

    /// As [`Stage::begin`]; the log also keeps what the page sends and what declared headers said:
    /// [`Request::body`], [`Request::headers`].
    ///
    /// # Errors
    /// As [`Stage::begin`].
    pub fn begin_recorded(&self, staging: &Staging) -> Result<(), StageError> {
        self.begin_trial(staging, true)
    }

    fn begin_trial(&self, staging: &Staging, recorded: bool) -> Result<(), StageError> {
        let staged = self.staged(staging)?;
        let mut trial = self.current();
        self.door.tasks.abort();
        *trial = Trial::new(staged, recorded);
        Ok(())
    }

    /// Ends the trial's log: its requests in order of arrival. Those that still run are listed with what is
    /// known of them; the stage goes on answering, without listing.
    pub fn end(&self) -> Vec<Request> {
        self.current().end(&self.door.house.page)
    }

    /// What the stage could not do as the arm wants it, in this trial: a sentence each, such as an insert
    /// that has no place in the document. Complete after [`Stage::end`].
    pub fn problems(&self) -> Vec<String> {
        self.current().problems()
    }

    /// The file that this trial plays at `url`, for the harness and without a line in the log: what an arm
    /// plays, else what an origin has. `None` if nobody plays it, or if it is longer than `most` bytes.
    pub fn file(&self, url: &Url, most: usize) -> Option<Vec<u8>> {
        let staged = self.current().staged.clone();
        let path = match staged.play(url) {
            Some(play) => play.path.clone(),
            None => {
                let origin = self.door.house.origin(url.host_str()?)?;
                match files::find(&origin.root, url.path()) {
                    Found::File(path) => path,
                    Found::Folder | Found::Nothing => return None,
                }
            }
        };
        let bytes = std::fs::metadata(&path).ok()?.len();
        (bytes <= most as u64).then(|| std::fs::read(path).ok())?
    }

    /// Closes the port and all connections, and returns when their tasks have ended.
    pub async fn stop(mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
        self.door.tasks.close().await;
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Arc<Trial>> {
        self.door
            .trial
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn staged(&self, staging: &Staging) -> Result<Arc<Staged>, StageError> {
        let mut all = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter().find(|staged| staged.is(staging)) {
            return Ok(known.clone());
        }
        let house = &self.door.house;
        let new = Arc::new(Staged::new(staging, &house.shelf)?);
        house.prepare(&new);
        all.push(new.clone());
        Ok(new)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.accepting.abort();
        self.door.tasks.abort();
    }
}
