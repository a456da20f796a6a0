//! The browser's own folder: profile, home and temporary files in one place that is gone afterwards.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, getuid, test_kill_process};
use tempfile::TempDir;

const PREFIX: &str = "tagperf-";
/// Locked as long as the owner lives, in whatever container it does.
const LOCK: &str = "owner.lock";

pub(super) struct Profile {
    folder: Option<TempDir>,
    _lock: File,
}

impl Profile {
    /// Makes a folder in `place` after removing those of owners that died without doing so.
    pub fn new(place: &Path) -> io::Result<Self> {
        sweep(place);
        let folder = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{}-", std::process::id()))
            .tempdir_in(place)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self {
            folder: Some(folder),
            _lock: lock,
        })
    }

    pub fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new(""), TempDir::path)
    }
}

impl Drop for Profile {
    /// Processes that were just killed may still write for a moment, so one attempt is not enough.
    fn drop(&mut self) {
        let Some(folder) = self.folder.take() else {
            return;
        };
        let folder = folder.keep();
        for _ in 0..50 {
            let removed = fs::remove_dir_all(&folder);
            if removed.is_ok() || !folder.exists() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn sweep(place: &Path) {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    for folder in entries.filter_map(|entry| abandoned(entry.path())) {
        // Somebody else may be sweeping too.
        let _ = fs::remove_dir_all(folder);
    }
}

/// The folder, if it is a profile of this user whose owner is dead.
fn abandoned(folder: PathBuf) -> Option<PathBuf> {
    let name = folder.file_name()?.to_str()?;
    let (owner, _) = name.strip_prefix(PREFIX)?.split_once('-')?;
    let owner = Pid::from_raw(owner.parse().ok().filter(|pid| *pid > 0)?)?;
    let metadata = fs::symlink_metadata(&folder).ok()?;
    let dead = test_kill_process(owner) == Err(Errno::SRCH);
    if !dead || !metadata.is_dir() || metadata.uid() != getuid().as_raw() {
        return None;
    }
    // The number alone is not enough: an owner in another container has numbers of its own.
    let lock = File::open(folder.join(LOCK));
    let free = lock.map_or(true, |lock| lock.try_lock().is_ok());
    free.then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Above the largest number that Linux gives to a process.
    const NOBODY: &str = "4999999";

    #[test]
    fn a_profile_is_gone_with_its_owner() {
        let place = tempfile::tempdir().unwrap();
        let profile = Profile::new(place.path()).unwrap();
        fs::write(profile.path().join("x"), "x").unwrap();
        drop(profile);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_the_profiles_of_the_dead_are_swept() {
        let place = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let folder = place.path().join(name);
            fs::create_dir(&folder).unwrap();
            let lock = File::create(folder.join(LOCK)).unwrap();
            (folder, lock)
        };
        let (dead, _) = make(&format!("tagperf-{NOBODY}-a"));
        let (elsewhere, lock) = make(&format!("tagperf-{NOBODY}-b"));
        lock.lock().unwrap();
        let (alive, _) = make(&format!("tagperf-{}-c", std::process::id()));
        let (others, _) = make("tagperf-notes");
        drop(Profile::new(place.path()).unwrap());
        assert!(!dead.exists());
        assert!(elsewhere.exists() && alive.exists() && others.exists());
    }
}
