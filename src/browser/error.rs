use std::path::PathBuf;

/// No browser could be started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error(
        "no Chromium was found: {}, or name a program with --browser PATH or TAGPERF_BROWSER",
        INSTALL
    )]
    NotFound,
    #[error("{} (from {origin}) is no program: give the path of a Chromium or chrome-headless-shell program", path.display())]
    Absent { path: PathBuf, origin: &'static str },
    #[error("a folder for the browser's profile could not be made in {}: {cause}", folder.display())]
    Profile {
        folder: PathBuf,
        cause: std::io::Error,
    },
    #[error("{} could not be started: {cause}", program.display())]
    Spawn {
        program: PathBuf,
        cause: std::io::Error,
    },
    /// `log` is what it wrote to its standard error last.
    #[error("{} did not come up: {why}{}", program.display(), shown(log))]
    NotReady {
        program: PathBuf,
        why: String,
        log: String,
    },
}

const INSTALL: &str = if cfg!(target_os = "macos") {
    "install Google Chrome (`brew install --cask google-chrome`)"
} else {
    "install one (`sudo apt-get install chromium-headless-shell`, or chromium, or google-chrome)"
};

fn shown(log: &str) -> String {
    if log.is_empty() {
        return String::new();
    }
    let next = if log.contains("error while loading shared libraries") {
        "\ninstall the library that is missing, for example with the distribution's own chromium package"
    } else {
        ""
    };
    format!("; it wrote:\n{log}{next}")
}
