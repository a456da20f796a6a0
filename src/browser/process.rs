//! The browser's processes: started as one group, ended as one group.
//!
//! The pipes are also the leash: when this program dies, however it does, Chromium reads the end of its
//! pipe and goes.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::cpu;
use super::transport::Connection;

/// Chromium reads commands here, and writes answers to the next.
const COMMANDS: i32 = 3;
const ANSWERS: i32 = 4;

const LOG_LINES: usize = 12;
const LOG_LINE_BYTES: u64 = 400;

pub(super) struct Process {
    group: Pid,
    exited: watch::Receiver<Option<String>>,
    log: Log,
}

/// The last lines that the browser wrote to its standard error.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Process {
    /// Starts `program` with `folder` as its home and for its temporary files.
    ///
    /// Must be called within a Tokio runtime with input, output and time.
    pub fn start(
        program: &Path,
        flags: &[String],
        folder: &Path,
    ) -> io::Result<(Self, Connection)> {
        let (their_commands, our_commands) = io::pipe()?;
        let (our_answers, their_answers) = io::pipe()?;
        let mut child = {
            let mut command = std::process::Command::new(program);
            command
                .args(flags)
                .env("HOME", folder)
                .env("TMPDIR", folder)
                .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
                .env_remove("XDG_CACHE_HOME")
                .env_remove("XDG_CONFIG_HOME")
                .env_remove("XDG_DATA_HOME")
                .current_dir(folder)
                .process_group(0)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .fd_mappings(vec![
                    mapping(their_commands.into(), COMMANDS),
                    mapping(their_answers.into(), ANSWERS),
                ])
                .map_err(io::Error::other)?;
            // The browser's ends close here with `command`, so that its death ends ours.
            Command::from(command).kill_on_drop(true).spawn()?
        };
        let group = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        let group = group.ok_or_else(|| io::Error::other("it ended at once"))?;
        let log = Log::default();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log.clone().follow(stderr));
        }
        let (exit, exited) = watch::channel(None);
        tokio::spawn(reap(child, group, exit));
        let mut why = exited.clone();
        let connection = Connection::start(
            pipe::Receiver::from_owned_fd(our_answers.into())?,
            pipe::Sender::from_owned_fd(our_commands.into())?,
            async move {
                let why = why.wait_for(Option::is_some).await;
                why.map_or(None, |why| why.clone()).unwrap_or_default()
            },
        );
        let process = Self { group, exited, log };
        Ok((process, connection))
    }

    /// Waits for the end at most `deadline`, then brings it about.
    pub async fn end(&mut self, deadline: Duration) {
        let ended = self.exited.wait_for(Option::is_some);
        if tokio::time::timeout(deadline, ended).await.is_err() {
            self.kill();
            let ended = self.exited.wait_for(Option::is_some);
            let _ = tokio::time::timeout(Duration::from_secs(5), ended).await;
        }
        // The rest of the group was killed with it, and takes a moment to go.
        let patience = Instant::now() + Duration::from_secs(2);
        while cpu::runs(self.group.as_raw_nonzero().get()) && Instant::now() < patience {
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn kill(&self) {
        // After it was reaped the number may be somebody else's.
        if self.exited.borrow().is_none() {
            let _ = kill_process_group(self.group, Signal::KILL);
        }
    }

    pub fn group(&self) -> Pid {
        self.group
    }

    pub fn log(&self) -> String {
        let lines = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn mapping(parent_fd: OwnedFd, child_fd: i32) -> FdMapping {
    FdMapping {
        parent_fd,
        child_fd,
    }
}

/// Collects the browser's exit, takes what is left of its group with it, and says how it ended.
async fn reap(mut child: Child, group: Pid, exit: watch::Sender<Option<String>>) {
    let status = child.wait().await;
    let _ = kill_process_group(group, Signal::KILL);
    exit.send_replace(Some(match status {
        Ok(status) => how_it_ended(status),
        Err(error) => error.to_string(),
    }));
}

fn how_it_ended(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(9), _) => "it was killed (signal 9): perhaps the machine ran out of memory".into(),
        (Some(signal), _) => format!("it was ended by signal {signal}"),
        (_, Some(code)) => format!("it exited with status {code}"),
        _ => "it exited".into(),
    }
}

impl Log {
    async fn follow(self, stderr: impl AsyncRead + Unpin) {
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while let Ok(1..) = (&mut stderr)
            .take(LOG_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .await
        {
            let text = String::from_utf8_lossy(&line);
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            line.clear();
            // Headless machines have no message bus; that says nothing about a failure.
            if text.is_empty() || text.contains("dbus") {
                continue;
            }
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() == LOG_LINES {
                lines.pop_front();
            }
            lines.push_back(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_log_keeps_the_last_lines_and_no_control_characters() {
        let log = Log::default();
        let mut text: String = (0..100).map(|line| format!("line {line}\n")).collect();
        text += "\u{1b}[31mred\u{1b}[0m\nabout dbus\n";
        log.clone().follow(text.as_bytes()).await;
        let lines = log.0.lock().unwrap();
        assert_eq!(lines.len(), LOG_LINES);
        assert_eq!(lines.back().unwrap(), "[31mred[0m");
    }

    #[tokio::test]
    async fn an_endless_line_is_cut() {
        let log = Log::default();
        log.clone().follow("x".repeat(100_000).as_bytes()).await;
        let lines = log.0.lock().unwrap();
        assert!(lines.iter().all(|line| line.len() <= 400));
    }
}
