//! Single figures of the machine, each of which a system may not tell.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use crate::fitness::{Clock, Cpus};

use super::machine;

/// Readings of the clock until its smallest step must have shown.
const CLOCK_READINGS: usize = 10_000;

pub(super) fn cpus() -> Cpus {
    Cpus {
        model: machine::cpu_model(),
        allowed: machine::cpu_count(),
        present: fs::read_to_string("/proc/stat")
            .ok()
            .map(|text| processors(&text)),
    }
}

/// Lines of `/proc/stat` for single processors.
pub(super) fn processors(stat: &str) -> usize {
    let single = |line: &&str| {
        let rest = line.strip_prefix("cpu");
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    stat.lines().filter(single).count()
}

/// Load average of the last minute.
pub(super) fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

pub(super) fn governor() -> Option<String> {
    word("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
}

/// The clocks, since `began` and `wall` were read together.
pub(super) fn clock(began: Instant, wall: SystemTime) -> Clock {
    let jump = match wall.elapsed() {
        Ok(elapsed) => elapsed.as_secs_f64() - began.elapsed().as_secs_f64(),
        // The wall clock was set back.
        Err(back) => -back.duration().as_secs_f64() - began.elapsed().as_secs_f64(),
    };
    Clock {
        source: word("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        step_us: step().as_secs_f64() * 1e6,
        jump_s: jump,
    }
}

/// The smallest difference between two readings one after the other that are not the same.
fn step() -> Duration {
    let mut least = Duration::MAX;
    let mut before = Instant::now();
    for _ in 0..CLOCK_READINGS {
        let now = Instant::now();
        if now > before {
            least = least.min(now - before);
        }
        before = now;
    }
    least
}

/// Bytes that are left for `folder`, which need not exist yet.
pub(super) fn disk_free(folder: &Path) -> Option<u64> {
    let here = Path::new(".");
    let exists = folder
        .ancestors()
        .find(|above| above.exists())
        .unwrap_or(here);
    let status = rustix::fs::statvfs(exists).ok()?;
    Some(status.f_bavail.saturating_mul(status.f_frsize))
}

fn word(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let word = text.trim();
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_single_processors_count() {
        assert_eq!(processors("cpu  1 2\ncpu0 1 2\ncpu1 1 2\nintr 5\n"), 2);
    }

    #[test]
    fn clocks_that_run_together_have_not_jumped() {
        let clock = clock(Instant::now(), SystemTime::now());
        assert!(clock.step_us > 0.0 && clock.step_us.is_finite());
        assert!(clock.jump_s.abs() < 60.0);
        let later = SystemTime::now() - Duration::from_secs(7200);
        assert!(self::clock(Instant::now(), later).jump_s > 3600.0);
    }

    #[test]
    fn a_folder_that_is_yet_to_be_made_has_the_room_of_the_one_above() {
        let place = tempfile::tempdir().unwrap();
        assert!(disk_free(&place.path().join("a/b")).is_some());
    }
}
