//! One running browser.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{CloseParams, GetVersionParams};
use rustix::process::getuid;

use super::process::Process;
use super::profile::Profile;
use super::transport::Connection;
use super::{Fault, LaunchError, OpenOptions, Page, Program, Viewport, flags, user_agent};

/// Starting takes well under a second; a busy machine in a pipeline may need many times that.
const STARTING: Duration = Duration::from_secs(30);
const CLOSING: Duration = Duration::from_secs(5);

/// More than any of them: Chromium 156 takes 87 px.
const TOOL_BARS: u32 = 150;

/// A running browser. Dropping it kills its processes and removes its folder.
pub struct Browser {
    // Dropped in this order: the folder goes after the processes that write into it.
    pub(super) connection: Connection,
    pub(super) process: Process,
    _profile: Profile,
    info: BrowserInfo,
    /// It could not open a page although it runs.
    stuck: AtomicBool,
}

/// What runs, for the environment of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserInfo {
    /// As the browser says: `HeadlessChrome/156.0.8078.79`.
    pub version: String,
    /// File name of the program.
    pub program: String,
    /// Off as root, and where the system forbids it.
    pub sandbox: bool,
    pub(super) major: u32,
    /// Its windows have a tool bar above the page, headless or not.
    decorated: bool,
}

impl BrowserInfo {
    /// What a page of this device is told about the browser.
    pub fn user_agent(&self, viewport: &Viewport) -> String {
        user_agent::override_for(viewport, self.major, self.number()).user_agent
    }

    /// A window that holds the viewport.
    pub(super) fn window(&self, viewport: &Viewport) -> (u32, u32) {
        let bars = if self.decorated { TOOL_BARS } else { 0 };
        (viewport.width, viewport.height + bars)
    }

    /// `156.0.8078.79`.
    pub(super) fn number(&self) -> &str {
        self.version.split('/').next_back().unwrap_or_default()
    }
}

impl Browser {
    /// Starts `program` with an empty profile; `extra` flags are put last.
    ///
    /// # Errors
    /// When it cannot be started or does not answer; the error holds what it wrote last.
    pub async fn launch(program: &Program, extra: &[String]) -> Result<Self, LaunchError> {
        let major = user_agent::major_version(program).await;
        let agent = major.map(user_agent::desktop);
        let sandbox = !getuid().is_root();
        let start = async |sandbox| Self::start(program, sandbox, agent.as_deref(), extra).await;
        match start(sandbox).await {
            Err(LaunchError::NotReady { log, .. }) if sandbox && blames_sandbox(&log) => {
                start(false).await
            }
            started => started,
        }
    }

    async fn start(
        program: &Program,
        sandbox: bool,
        agent: Option<&str>,
        extra: &[String],
    ) -> Result<Self, LaunchError> {
        let place = env::temp_dir();
        let profile = Profile::new(&place).map_err(|cause| LaunchError::Profile {
            folder: place,
            cause,
        })?;
        let flags = flags::arguments(program, profile.path(), sandbox, agent, extra);
        let (process, connection) =
            Process::start(&program.path, &flags, profile.path()).map_err(|cause| {
                LaunchError::Spawn {
                    program: program.path.clone(),
                    cause,
                }
            })?;
        let not_ready = |why: String, process: &Process| LaunchError::NotReady {
            program: program.path.clone(),
            why,
            log: process.log(),
        };
        let version = connection
            .call("", GetVersionParams::default(), STARTING)
            .await
            .map_err(|error| not_ready(error.to_string(), &process))?
            .product;
        let major = user_agent::major(&version)
            .ok_or_else(|| not_ready(format!("its version is {version:?}"), &process))?;
        let info = BrowserInfo {
            version,
            program: program.name(),
            sandbox,
            major,
            decorated: !program.is_shell(),
        };
        Ok(Self {
            connection,
            process,
            _profile: profile,
            info,
            stuck: AtomicBool::new(false),
        })
    }

    pub fn info(&self) -> &BrowserInfo {
        &self.info
    }

    /// Whether it runs and can open pages; if not, a new one is needed.
    pub fn alive(&self) -> bool {
        !self.stuck.load(Ordering::Relaxed) && self.connection.ended().is_none()
    }

    /// Opens a blank page in a context of its own, ready for its first step.
    ///
    /// # Errors
    /// When the page crashes at once, or the browser does not answer in time or is gone: then it is no
    /// longer [`Browser::alive`].
    pub async fn open(&self, options: &OpenOptions) -> Result<Page, Fault> {
        let opened = Page::open(self, options).await;
        if !matches!(opened, Ok(_) | Err(Fault::PageCrashed)) {
            self.stuck.store(true, Ordering::Relaxed);
        }
        opened
    }

    /// Ends the browser in an orderly way, or by force when it does not go, and removes its folder.
    pub async fn close(mut self) {
        // Its answer may come or not, as it is going.
        let _ = self
            .connection
            .call("", CloseParams::default(), CLOSING)
            .await;
        self.process.end(CLOSING).await;
    }
}

/// Chromium says so in these words when the system gives it no namespaces and no helper with privileges.
fn blames_sandbox(log: &str) -> bool {
    [
        "No usable sandbox",
        "SUID sandbox",
        "setuid sandbox",
        "Failed to move to new namespace",
        "Running as root without --no-sandbox",
    ]
    .iter()
    .any(|words| log.contains(words))
}
