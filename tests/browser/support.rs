//! A server for the pages of these tests, and one browser at a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tagperf::browser::{Browser, OpenOptions, Page, PageEvidence, Program, find};
use tagperf::model::{Device, Fault, Hands, PageRecord};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

pub const PATIENCE: Duration = Duration::from_secs(10);

pub const NOBODY: [i32; 0] = [];

/// Browsers disturb each other's timing, and the tests count processes and folders.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

pub struct Lab {
    pub browser: Browser,
    _turn: MutexGuard<'static, ()>,
}

impl Lab {
    /// Keeps other browsers away without starting one.
    pub async fn turn() -> MutexGuard<'static, ()> {
        ONE_AT_A_TIME.lock().await
    }

    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// Starts the browser with `flags` besides.
    pub async fn with(flags: &[&str]) -> Self {
        let turn = Self::turn().await;
        let port = serve().await;
        // Every host is the server of this test.
        let rules = format!("--host-resolver-rules=MAP * 127.0.0.1:{port}");
        let mut extra: Vec<String> = flags.iter().map(|flag| flag.to_string()).collect();
        extra.push(rules);
        let browser = Browser::launch(&program(), &extra).await.unwrap();
        Self {
            browser,
            _turn: turn,
        }
    }

    pub fn options(&self) -> OpenOptions {
        OpenOptions {
            device: Device::default(),
            base_url: Url::parse("http://shop.test/").unwrap(),
            traced: false,
            keep_trace: None,
            deadline: PATIENCE,
        }
    }

    pub async fn open(&self) -> Page {
        self.browser.open(&self.options()).await.unwrap()
    }

    /// Loads a page of `tests/data/browser`, waits, and reads it out.
    pub async fn visit(&self, page: &str, wait: Duration) -> PageEvidence {
        let mut tab = self.open().await;
        load(&mut tab, page).await;
        step(&mut tab, "idle", async |tab| tab.idle(wait).await.unwrap()).await;
        tab.finish().await.unwrap()
    }
}

pub async fn load(page: &mut Page, url: &str) {
    step(page, "load", async |page| {
        page.load(url, PATIENCE).await.unwrap()
    })
    .await;
}

pub async fn step<T>(page: &mut Page, kind: &str, act: impl AsyncFnOnce(&mut Page) -> T) -> T {
    page.begin_step(kind, kind).await.unwrap();
    let result = act(page).await;
    page.end_step().await.unwrap();
    result
}

pub fn only(evidence: &PageEvidence) -> &PageRecord {
    assert_eq!(evidence.pages.len(), 1, "{:?}", evidence.pages);
    &evidence.pages[0]
}

pub fn program() -> Program {
    find(None).expect("these tests need a browser")
}

pub fn fault<T: std::fmt::Debug>(result: Result<T, tagperf::model::StepError>) -> Fault {
    match result.unwrap_err() {
        tagperf::model::StepError::Fault(fault) => fault,
        other => panic!("not a fault: {other}"),
    }
}

/// The folder of the one browser that this process runs.
pub fn profile() -> String {
    let found = profiles();
    let [profile] = &found[..] else {
        panic!("one browser, one folder: {found:?}");
    };
    profile.to_str().unwrap().into()
}

/// Folders that browsers started by this process still have.
fn profiles() -> Vec<PathBuf> {
    let prefix = format!("tagperf-{}-", std::process::id());
    let entries = fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix));
    ours.map(|entry| entry.path()).collect()
}

/// Processes whose command line has all of `words`.
pub fn processes(words: &[&str]) -> Vec<i32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        words.iter().all(|word| line.contains(word)).then_some(pid)
    });
    found.collect()
}

/// The browser's own process.
pub fn main_process(profile: &str) -> i32 {
    let mut found = processes(&["--remote-debugging-pipe", profile]);
    let children = processes(&["--type=", profile]);
    found.retain(|pid| !children.contains(pid));
    let [main] = found[..] else {
        panic!("one browser, one main process: {found:?}");
    };
    main
}

/// The processes of that browser that run pages.
pub fn renderers(browser: i32) -> Vec<i32> {
    let mut found = processes(&["--type=renderer"]);
    found.retain(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let group = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(2));
        group == Some(&browser.to_string())
    });
    found
}

async fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    port
}

async fn answer(stream: TcpStream) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            if !matches!(stream.read_line(&mut request).await, Ok(1..)) {
                return;
            }
        }
        let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
        if path.starts_with("/slow/") {
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        if path == "/never" {
            std::future::pending::<()>().await;
        }
        let (status, kind, body) = response(&path, &request);
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: max-age=600\r\n\r\n",
            body.len()
        );
        let sent = stream.write_all(&[head.as_bytes(), &body].concat()).await;
        if sent.is_err() {
            return;
        }
    }
}

fn response(path: &str, request: &str) -> (&'static str, &'static str, Vec<u8>) {
    let name = path
        .trim_start_matches("/slow")
        .trim_start_matches('/')
        .split('?')
        .next()
        .unwrap_or_default();
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        _ => "text/plain",
    };
    if name == "redirect" {
        return (
            "302 Found\r\nLocation: /request?redirected",
            kind,
            Vec::new(),
        );
    }
    if name == "request" {
        return ("200 OK", kind, request.into());
    }
    match fs::read(Path::new("tests/data/browser").join(name)) {
        Ok(body) => ("200 OK", kind, body),
        Err(_) => ("404 Not Found", kind, Vec::new()),
    }
}
