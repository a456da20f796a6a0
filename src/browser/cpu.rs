//! CPU time as the system counts it, over all processes of the browser: the only figure in which workers
//! and cross-site frames show. Linux only; elsewhere there is none.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// `/proc` counts process time in these, whatever the kernel's own clock: `USER_HZ`.
const TICK_MS: f64 = 10.0;

const RENDERER: &[u8] = b"--type=renderer";

/// Sums up what the browser's processes have used, and remembers those that ended.
#[derive(Debug, Default)]
pub(super) struct CpuClock {
    group: i32,
    /// By pid and start time: pids come back.
    used_ms: HashMap<(i32, u64), f64>,
}

/// One process of the group.
struct Member {
    pid: i32,
    started: u64,
    ticks_ms: f64,
    folder: PathBuf,
    /// It has ended, and its parent has not yet asked how.
    zombie: bool,
}

impl CpuClock {
    pub fn new(group: i32) -> Self {
        Self {
            group,
            used_ms: HashMap::new(),
        }
    }

    /// CPU milliseconds of all processes since each began; a process that ended keeps what was seen last.
    pub fn sample(&mut self) -> Option<f64> {
        let members = members(self.group);
        if members.is_empty() {
            return None;
        }
        for member in members {
            let used = self
                .used_ms
                .entry((member.pid, member.started))
                .or_default();
            *used = member.used_ms().max(*used);
        }
        Some(self.used_ms.values().sum())
    }

    /// The processes that run pages.
    pub fn renderers(&self) -> Vec<i32> {
        // Forked processes write their arguments as one text, started ones apart.
        let is_renderer = |member: &Member| {
            let line = fs::read(member.folder.join("cmdline")).unwrap_or_default();
            line.windows(RENDERER.len()).any(|word| word == RENDERER)
        };
        let members = members(self.group);
        members
            .iter()
            .filter(|member| is_renderer(member))
            .map(|member| member.pid)
            .collect()
    }
}

impl Member {
    fn read(folder: PathBuf) -> Option<(Self, i32)> {
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        // The name may hold anything, brackets included.
        let (pid, rest) = stat.split_once(' ')?;
        let fields: Vec<&str> = rest.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        let group = fields.get(2)?.parse().ok()?;
        let member = Self {
            pid: pid.parse().ok()?,
            started: number(19)?,
            ticks_ms: (number(11)? + number(12)?) as f64 * TICK_MS,
            folder,
            zombie: fields.first() == Some(&"Z"),
        };
        Some((member, group))
    }

    /// Two lower bounds of the same time, of which the larger is the better: the threads' own clocks are
    /// exact and lose the threads that ended, the process's clock loses none and has coarse steps.
    fn used_ms(&self) -> f64 {
        let tasks = fs::read_dir(self.folder.join("task"))
            .into_iter()
            .flatten()
            .flatten();
        let threads: f64 = tasks
            .filter_map(|task| Some(schedstat(&task.path())?.0))
            .sum();
        threads.max(self.ticks_ms)
    }
}

/// How long a process's main thread was ready and had to wait for a core, milliseconds since it began.
pub(super) fn waited_ms(pid: i32) -> Option<f64> {
    Some(schedstat(Path::new(&format!("/proc/{pid}")))?.1)
}

/// Time on a core and time waiting for one, milliseconds:
/// <https://docs.kernel.org/scheduler/sched-stats.html>.
fn schedstat(folder: &Path) -> Option<(f64, f64)> {
    let text = fs::read_to_string(folder.join("schedstat")).ok()?;
    let mut fields = text.split_whitespace().map(|field| field.parse::<f64>());
    Some((fields.next()?.ok()? / 1e6, fields.next()?.ok()? / 1e6))
}

/// Whether a process of the group still runs; elsewhere than on Linux nobody tells.
pub(super) fn runs(group: i32) -> bool {
    members(group).iter().any(|member| !member.zombie)
}

fn members(group: i32) -> Vec<Member> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().as_encoded_bytes()[0].is_ascii_digit())
        .filter_map(|entry| Member::read(entry.path()))
        .filter(|(_, of)| *of == group)
        .map(|(member, _)| member)
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::hint::black_box;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn work_counts_even_after_the_process_ended() {
        let mut child = Command::new("sh")
            .args([
                "-c",
                "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; read x",
            ])
            .stdin(std::process::Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let group = child.id().cast_signed();
        let mut clock = CpuClock::new(group);
        let mut used = 0.0;
        while used < 20.0 {
            used = clock.sample().unwrap();
            black_box(used);
        }
        drop(child.stdin.take());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(clock.sample(), None, "nobody is left to ask");
        assert!(clock.used_ms.values().sum::<f64>() >= used);
    }

    #[test]
    fn this_process_has_no_renderers() {
        let group = rustix::process::getpgrp().as_raw_nonzero().get();
        assert!(!members(group).is_empty());
        assert!(CpuClock::new(group).renderers().is_empty());
    }
}
