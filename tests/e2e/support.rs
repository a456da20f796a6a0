//! A folder per test, scenarios on the fixture page, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// Two measurements at a time would measure each other.
static MACHINE: Mutex<()> = Mutex::new(());

pub struct Desk {
    pub dir: tempfile::TempDir,
    _alone: MutexGuard<'static, ()>,
}

pub struct Told {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Steps that take about a second.
pub const LOAD: &str = r#"{ load = { url = "/", settle = "300ms" } }"#;

impl Desk {
    pub fn new() -> Self {
        let alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            dir: tempfile::tempdir().unwrap(),
            _alone: alone,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A scenario on the fixture page, with `rest` after the origins.
    pub fn scenario(&self, steps: &str, rest: &str) -> PathBuf {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e");
        let text = format!(
            r#"name = "bench"
url = "https://bench.example/"
steps = [{steps}]

[[origin]]
host = "bench.example"
dir = "{fixtures}/site"

[[origin]]
host = "widget.chat.example"
dir = "{fixtures}/widget"

{rest}"#
        );
        let path = self.path("bench.toml");
        fs::write(&path, text.replace("FIXTURES", fixtures)).unwrap();
        path
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tagperf"));
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env("NO_COLOR", "1")
            .env("CI", "1")
            .env("TMPDIR", self.temporary())
            .stdin(Stdio::null());
        command
    }

    /// The browser's profiles go here, so that a test sees what is left.
    pub fn temporary(&self) -> PathBuf {
        let path = self.path("tmp");
        fs::create_dir_all(&path).unwrap();
        path
    }

    pub fn tell(&self, arguments: &[&str]) -> Told {
        Told::of(self.command(arguments).output().unwrap())
    }

    /// Measures the scenario and checks that nothing is left behind.
    pub fn run(&self, scenario: &Path, more: &[&str]) -> Told {
        let scenario = scenario.to_str().unwrap();
        let mut arguments = vec!["run", scenario, "--seed", "1"];
        arguments.extend(more);
        let told = self.tell(&arguments);
        self.nothing_left();
        told
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// No profile, and no process that used it.
    pub fn nothing_left(&self) {
        let left: Vec<_> = fs::read_dir(self.temporary())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
        let mine = self.dir.path().to_str().unwrap().to_owned();
        let alive: Vec<String> = browsers(&mine);
        assert!(alive.is_empty(), "still running: {alive:?}");
    }

    pub fn run_dir(&self) -> PathBuf {
        let mut dirs: Vec<PathBuf> = fs::read_dir(self.path("tagperf-out/bench"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        dirs.sort();
        dirs.pop().unwrap()
    }

    pub fn report(&self) -> Value {
        let text = fs::read_to_string(self.run_dir().join("run.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

impl Told {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn ends_with_code(&self, code: i32) {
        assert_eq!(self.code, Some(code), "\n{}\n{}", self.out, self.err);
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        let all = format!("{}\n{}", self.out, self.err);
        // Text is wrapped to the terminal's width.
        let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(text), "`{text}` is not in:\n{all}");
    }
}

/// Command lines of living processes that mention `mark`; zombies have none.
pub fn browsers(mark: &str) -> Vec<String> {
    let of = |id: &str| fs::read(format!("/proc/{id}/cmdline")).ok();
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|id| of(&id))
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains("--user-data-dir") && line.contains(mark))
        .collect()
}

/// The gated cell of a tag and metric.
pub fn cell<'a>(report: &'a Value, tag: &str, metric: &str) -> &'a Value {
    let cells = report["judgement"]["cells"].as_array().unwrap();
    cells
        .iter()
        .find(|cell| cell["effect"]["tag"] == tag && cell["effect"]["metric"] == metric)
        .unwrap()
}
