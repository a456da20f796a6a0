//! Which program to run.

use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{LaunchError, user_agent};

/// The environment variable that names the browser.
const VARIABLE: &str = "TAGPERF_BROWSER";

/// Headless shells first: they start faster, talk to nobody and measure with less noise.
const NAMES: [&str; 7] = [
    "chrome-headless-shell",
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
];

/// Where packages put the program itself. Debian's `/usr/bin/chromium*` are scripts that add flags of
/// their own, so the folder that holds the program comes before the `PATH`.
const FOLDERS: [&str; 6] = [
    "/usr/lib/chromium",
    "/usr/lib64/chromium-browser",
    "/usr/lib/chromium-browser",
    "/opt/google/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS",
    "/Applications/Chromium.app/Contents/MacOS",
];

/// Names that only occur in [`FOLDERS`].
const IN_FOLDERS: [&str; 2] = ["Google Chrome", "Chromium"];

/// A browser to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The program itself, not a wrapper beside it.
    pub path: PathBuf,
}

impl Program {
    /// The file name: two products share a version, and their measurements must not be mixed.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The major version that it tells without being launched; `None` if it tells none in time.
    pub async fn major(&self) -> Option<u32> {
        user_agent::major_version(self).await
    }

    /// A headless shell has no windows at all; everything else must be told to have none.
    pub(super) fn is_shell(&self) -> bool {
        self.name()
            .to_lowercase()
            .replace('_', "-")
            .contains("headless-shell")
    }
}

/// The browser that `--browser` names, else the one that `TAGPERF_BROWSER` names, else the first found.
///
/// # Errors
/// A program that was named and is not there is an error: another one would measure something else.
pub fn find(explicit: Option<&Path>) -> Result<Program, LaunchError> {
    if let Some(path) = explicit {
        return named(path, "--browser");
    }
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        return named(Path::new(&path), VARIABLE);
    }
    let on_path: Vec<PathBuf> =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    first(&FOLDERS.map(PathBuf::from), &on_path).ok_or(LaunchError::NotFound)
}

fn named(path: &Path, origin: &'static str) -> Result<Program, LaunchError> {
    if !is_program(path) {
        let path = path.into();
        return Err(LaunchError::Absent { path, origin });
    }
    Ok(Program {
        path: behind_wrapper(path, &FOLDERS.map(PathBuf::from)),
    })
}

/// By name first, then by place: a headless shell anywhere is preferred to a full browser.
fn first(folders: &[PathBuf], on_path: &[PathBuf]) -> Option<Program> {
    NAMES.iter().chain(&IN_FOLDERS).find_map(|name| {
        let path = folders
            .iter()
            .chain(on_path)
            .map(|folder| folder.join(name))
            .find(|path| is_program(path) && !is_snap(path))?;
        Some(Program {
            path: behind_wrapper(&path, folders),
        })
    })
}

/// What a distribution's wrapper script starts, if `path` is one: the program of its name in a package's
/// folder, or `chrome` beside the script. A user's own script is left alone.
fn behind_wrapper(path: &Path, folders: &[PathBuf]) -> PathBuf {
    let script = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let packaged = ["/usr/bin", "/opt"]
        .iter()
        .any(|top| script.starts_with(top));
    let (Some(folder), Some(name)) = (script.parent(), script.file_name()) else {
        return path.into();
    };
    if !packaged || !is_script(&script) {
        return path.into();
    }
    let named = folders.iter().map(|folder| folder.join(name));
    named
        .chain([folder.join("chrome")])
        .find(|inner| is_program(inner) && !is_script(inner))
        .unwrap_or_else(|| path.into())
}

/// A snap may not use a folder of ours as its profile. Ubuntu puts a script in its place under the usual name.
fn is_snap(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let names_snap = || fs::read_to_string(&real).is_ok_and(|script| script.contains("/snap/"));
    real.starts_with("/snap") || real.ends_with("snap") || (is_script(&real) && names_snap())
}

fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && &start == b"#!"
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn a_stand_in_for_a_snap_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let stub = put(folder.path(), "chromium-browser");
        fs::write(&stub, "#!/bin/sh\nexec /snap/bin/chromium \"$@\"\n").unwrap();
        let path = [folder.path().to_path_buf()];
        assert!(first(&[], &path).is_none());
        let chrome = put(folder.path(), "google-chrome");
        assert_eq!(first(&[], &path).unwrap().path, chrome);
    }

    #[test]
    fn a_named_program_that_is_absent_is_no_reason_to_take_another() {
        let error = find(Some(Path::new("/nowhere/chromium"))).unwrap_err();
        assert!(matches!(error, LaunchError::Absent { .. }), "{error}");
        assert!(
            error
                .to_string()
                .contains("/nowhere/chromium (from --browser)")
        );
    }

    #[test]
    fn a_headless_shell_anywhere_comes_before_a_full_browser() {
        let (near, far) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put(near.path(), "chromium");
        let shell = put(far.path(), "chrome-headless-shell");
        let folders = [near.path().to_path_buf()];
        let found = first(&folders, &[far.path().to_path_buf()]).unwrap();
        assert_eq!(found.path, shell);
        assert!(found.is_shell());
    }

    #[test]
    fn a_file_that_cannot_run_is_no_browser() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("chromium"), "text").unwrap();
        assert_eq!(first(&[], &[folder.path().to_path_buf()]), None);
        assert_eq!(first(&[], &[]), None);
    }

    #[test]
    fn the_advice_names_a_command() {
        assert!(LaunchError::NotFound.to_string().contains("install"));
    }
}
