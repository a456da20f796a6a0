//! What the terminal can do, and the signals that end a run.

use std::io::IsTerminal;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::app::{Interrupt, Look};

pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Width of a terminal that does not tell, and of a pipe.
const PLAIN_WIDTH: usize = 120;

/// Exit code of a program that was interrupted twice: 128 + SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// Is there somebody who watches? CI systems set `CI`, whatever their terminal claims.
pub(super) fn is_live() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// How standard output is to be written: its width, and whether colour is wanted (`NO_COLOR`,
/// `CLICOLOR_FORCE` and the kind of terminal decide).
pub(super) fn look(run: &Path) -> Look {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let width = terminal_size::terminal_size_of(std::io::stdout())
        .map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0));
    Look {
        width,
        colour,
        folder: Some(run.display().to_string()),
    }
}

/// What drives the browser and the servers.
pub(super) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("start the runtime")
}

/// Where the run's files are.
pub(super) fn files(dir: &Path, files: &[String]) -> String {
    if files.is_empty() {
        return String::new();
    }
    format!("\n{}/: {}\n", dir.display(), files.join(", "))
}

/// Raised by the first SIGINT or SIGTERM; the second ends the program at once.
pub(super) fn interrupts() -> Result<Interrupt> {
    let (sender, receiver) = watch::channel(false);
    let mut int = signal(SignalKind::interrupt()).context("listen for Ctrl-C")?;
    let mut term = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = int.recv() => {}
                _ = term.recv() => {}
            }
            if sender.send_replace(true) {
                #[expect(clippy::exit, reason = "asked for twice: at once, without a report")]
                std::process::exit(EXIT_INTERRUPTED);
            }
            anstream::eprintln!(
                "\ntagperf: stopping after what is measured; once more to end at once"
            );
        }
    });
    Ok(receiver)
}
