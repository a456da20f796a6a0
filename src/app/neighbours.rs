//! What else runs on the machine: processor time of others, over a time, from `/proc`.
//!
//! Formats: proc(5) and <https://docs.kernel.org/accounting/psi.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Instant;

use crate::fitness::Watched;

use super::vitals;

/// `/proc` counts time in these, whatever the kernel's own clock: `USER_HZ`.
const TICK_S: f64 = 0.01;

/// A beginning: [`Neighbours::until_now`] tells what happened since.
pub(super) struct Neighbours {
    began: Instant,
    machine: Option<Machine>,
    stalled_us: Option<u64>,
    processes: BTreeMap<Id, Process>,
}

/// Pid and start time: pids come back.
type Id = (u32, u64);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Machine {
    busy_s: f64,
    steal_s: f64,
    all_s: f64,
    processors: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Process {
    id: Id,
    parent: u32,
    name: String,
    own_s: f64,
    /// Of children that ended and were waited for.
    children_s: f64,
}

impl Neighbours {
    pub fn watch() -> Self {
        Self {
            began: Instant::now(),
            machine: fs::read_to_string("/proc/stat")
                .ok()
                .and_then(|text| machine(&text)),
            stalled_us: fs::read_to_string("/proc/pressure/cpu")
                .ok()
                .and_then(|text| stalled_us(&text)),
            processes: processes(),
        }
    }

    /// What others than this program and its children did since.
    pub fn until_now(&self, when: &'static str) -> Watched {
        self.until(&Self::watch(), std::process::id(), when)
    }

    fn until(&self, now: &Self, own: u32, when: &'static str) -> Watched {
        let seconds = now.began.duration_since(self.began).as_secs_f64();
        let machines = self.machine.zip(now.machine);
        let used = now.family(own) - self.family(own);
        let others = machines.map(|(then, now)| {
            // The two are not read at the same instant, and ticks are coarse.
            ((now.busy_s - then.busy_s - used) / seconds).max(0.0)
        });
        let steal = machines.and_then(|(then, now)| {
            let all = now.all_s - then.all_s;
            (all > 0.0).then(|| (now.steal_s - then.steal_s) / all)
        });
        let stalled = self.stalled_us.zip(now.stalled_us);
        Watched {
            when,
            seconds,
            cpus: now.machine.map_or(1, |machine| machine.processors),
            others,
            most: others.and_then(|others| self.most(now, own, seconds, others)),
            steal,
            stalled: stalled
                .map(|(then, now)| (now.saturating_sub(then) as f64 / 1e6 / seconds).min(1.0)),
        }
    }

    /// Time that `own` and all its descendants have used, those that ended included.
    fn family(&self, own: u32) -> f64 {
        let members = self.members(own);
        let mine = self
            .processes
            .values()
            .filter(|p| members.contains(&p.id.0));
        mine.map(|p| p.own_s + p.children_s).sum()
    }

    fn members(&self, own: u32) -> BTreeSet<u32> {
        let mut members = BTreeSet::from([own]);
        loop {
            let children: Vec<u32> = self
                .processes
                .values()
                .filter(|p| members.contains(&p.parent) && !members.contains(&p.id.0))
                .map(|p| p.id.0)
                .collect();
            if children.is_empty() {
                return members;
            }
            members.extend(children);
        }
    }

    /// The name under which others used most, and the processors that it kept busy, at most `others` of them.
    ///
    /// Children that ended count for whoever waited for them: a compiler for its build tool.
    fn most(&self, now: &Self, own: u32, seconds: f64, others: f64) -> Option<(String, f64)> {
        let used = |process: &Process| process.own_s + process.children_s;
        let mut by_name: BTreeMap<&str, f64> = BTreeMap::new();
        let members = now.members(own);
        let strangers = now
            .processes
            .values()
            .filter(|p| !members.contains(&p.id.0));
        for process in strangers {
            let before = self.processes.get(&process.id).map_or(0.0, used);
            *by_name.entry(&process.name).or_default() += (used(process) - before).max(0.0);
        }
        let (name, used) = by_name.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let cpus = (used / seconds).min(others);
        (cpus > 0.0).then(|| (name.to_owned(), cpus))
    }
}

fn machine(stat: &str) -> Option<Machine> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<f64> = line
        .split_whitespace()
        .map(|field| field.parse::<u64>().map(|ticks| ticks as f64 * TICK_S))
        .collect::<Result<_, _>>()
        .ok()?;
    // Guests' time, which may follow, is part of the first two.
    let &[user, nice, system, idle, waiting, irq, softirq, steal, ..] = ticks.as_slice() else {
        return None;
    };
    let busy_s = user + nice + system + irq + softirq;
    Some(Machine {
        busy_s,
        steal_s: steal,
        all_s: busy_s + idle + waiting + steal,
        processors: vitals::processors(stat),
    })
}

/// Microseconds in which some process waited for a processor.
fn stalled_us(pressure: &str) -> Option<u64> {
    let some = pressure
        .lines()
        .find_map(|line| line.strip_prefix("some "))?;
    some.split_whitespace()
        .find_map(|field| field.strip_prefix("total="))?
        .parse()
        .ok()
}

fn processes() -> BTreeMap<Id, Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return BTreeMap::new();
    };
    entries
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .bytes()
                .all(|b| b.is_ascii_digit())
        })
        // One that has just ended is no longer there.
        .filter_map(|entry| process(&fs::read_to_string(entry.path().join("stat")).ok()?))
        .map(|process| (process.id, process))
        .collect()
}

fn process(stat: &str) -> Option<Process> {
    let (pid, rest) = stat.split_once(" (")?;
    // The name may hold anything, brackets included.
    let (name, rest) = rest.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let seconds = |at: usize| Some((number(at)? + number(at + 1)?) as f64 * TICK_S);
    Some(Process {
        id: (pid.parse().ok()?, number(19)?),
        parent: fields.get(1)?.parse().ok()?,
        name: name.to_owned(),
        own_s: seconds(11)?,
        children_s: seconds(13)?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const STAT: &str = "cpu  100 10 50 800 20 5 5 10 0 0\ncpu0 50 5 25 400 10 2 3 5 0 0\ncpu1 50 5 25 400 10 3 2 5 0 0\nctxt 9\n";

    #[test]
    fn files_of_proc_are_read() {
        let read = machine(STAT).unwrap();
        assert_eq!(read.processors, 2);
        assert!((read.busy_s - 1.7).abs() < 1e-9 && (read.all_s - 10.0).abs() < 1e-9);
        assert!((read.steal_s - 0.1).abs() < 1e-9);
        assert_eq!(machine("cpu  1 2 3\n"), None);
        let pressure =
            "some avg10=1.00 avg60=0.04 avg300=2.09 total=289\nfull avg10=0.00 total=0\n";
        assert_eq!(stalled_us(pressure), Some(289));
        let stat = "42 (a) b) S 7 42 42 0 -1 4194304 91 0 0 0 150 50 30 20 20 0 1 0 12345 4096";
        assert_eq!(
            process(stat),
            Some(Process {
                id: (42, 12345),
                parent: 7,
                name: "a) b".into(),
                own_s: 2.0,
                children_s: 0.5
            })
        );
        assert_eq!(process("42 (cut"), None);
    }

    fn one(pid: u32, parent: u32, name: &str, own_s: f64, children_s: f64) -> (Id, Process) {
        let id = (pid, 1);
        let name = name.into();
        (
            id,
            Process {
                id,
                parent,
                name,
                own_s,
                children_s,
            },
        )
    }

    #[test]
    fn what_this_program_and_its_children_use_is_not_the_neighbours() {
        let machine = |busy_s, steal_s| Machine {
            busy_s,
            steal_s,
            all_s: busy_s + 100.0,
            processors: 2,
        };
        let then = Neighbours {
            began: Instant::now(),
            machine: Some(machine(50.0, 0.0)),
            stalled_us: Some(1_000_000),
            processes: BTreeMap::from([
                one(10, 1, "tagperf", 1.0, 0.0),
                one(20, 1, "yes", 5.0, 0.0),
            ]),
        };
        let now = Neighbours {
            began: then.began + Duration::from_secs(10),
            machine: Some(machine(70.0, 2.0)),
            stalled_us: Some(6_000_000),
            // A grandchild that lives, another that was waited for, a neighbour that has just come.
            processes: BTreeMap::from([
                one(10, 1, "tagperf", 2.0, 0.0),
                one(11, 10, "chromium", 1.0, 2.0),
                one(12, 11, "page", 4.0, 0.0),
                one(20, 1, "yes", 11.0, 2.0),
                one(21, 1, "yes", 3.0, 0.0),
            ]),
        };
        let seen = then.until(&now, 10, "then");
        assert!((seen.others.unwrap() - 1.2).abs() < 1e-9, "{seen:?}");
        let (name, cpus) = seen.most.unwrap();
        assert!(name == "yes" && (cpus - 1.1).abs() < 1e-9);
        assert!((seen.steal.unwrap() - 0.1).abs() < 1e-9);
        assert!((seen.stalled.unwrap() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_system_that_tells_nothing_is_not_quiet() {
        let nothing = || Neighbours {
            began: Instant::now(),
            machine: None,
            stalled_us: None,
            processes: BTreeMap::new(),
        };
        let seen = nothing().until(&nothing(), 1, "then");
        assert_eq!(
            (seen.others, seen.steal, seen.stalled, seen.most),
            (None, None, None, None)
        );
    }
}
