//! Birth and death of a browser.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tagperf::browser::{Browser, LaunchError, find};
use tagperf::model::{Device, Hands, Viewport};

use crate::support::{Lab, NOBODY, PATIENCE, load, processes, profile, program, step};

#[tokio::test]
async fn a_closed_browser_leaves_no_process_and_no_folder() {
    let lab = Lab::new().await;
    let info = lab.browser.info().clone();
    assert!(info.version.contains('/'), "{info:?}");
    assert_eq!(info.program, program().name());
    let profile = profile();
    assert!(!processes(&[&profile]).is_empty());
    lab.browser.close().await;
    assert_eq!(processes(&[&profile]), NOBODY);
    assert!(!Path::new(&profile).exists());
}

#[tokio::test]
async fn a_dropped_browser_leaves_nothing_either() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let profile = profile();
    drop(lab.browser);
    drop(page);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(processes(&[&profile]), NOBODY);
    assert!(!Path::new(&profile).exists());
}

#[tokio::test]
async fn a_browser_whose_owner_is_killed_goes_and_its_folder_is_swept_later() {
    let _turn = Lab::turn().await;
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "life::owns_a_browser_until_it_is_killed"])
        .args(["--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let mut paths = lines
        .map_while(Result::ok)
        .filter(|line| line.starts_with('/'));
    let profile = paths.next().expect("the path of its folder");
    assert!(!processes(&[&profile]).is_empty());
    owner.kill().unwrap();
    owner.wait().unwrap();
    let patience = Instant::now() + PATIENCE;
    while !processes(&[&profile]).is_empty() {
        assert!(Instant::now() < patience, "it lives on without its owner");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let next = Browser::launch(&program(), &[]).await.unwrap();
    assert!(!Path::new(&profile).exists());
    next.close().await;
}

#[tokio::test]
#[ignore = "another test starts and kills it"]
async fn owns_a_browser_until_it_is_killed() {
    let _browser = Browser::launch(&program(), &[]).await.unwrap();
    println!("\n{}", profile());
    tokio::time::sleep(PATIENCE).await;
}

#[tokio::test]
async fn a_program_that_does_not_come_up_is_quoted() {
    let _turn = Lab::turn().await;
    let folder = tempfile::tempdir().unwrap();
    let path = script(
        folder.path(),
        "echo 'libnss3.so: error while loading shared libraries' >&2; exit 127",
    );
    let error = Browser::launch(&find(Some(&path)).unwrap(), &[])
        .await
        .err()
        .unwrap();
    assert!(matches!(error, LaunchError::NotReady { .. }));
    let text = error.to_string();
    assert!(
        text.contains("libnss3.so") && text.contains("status 127"),
        "{text}"
    );
    assert!(text.contains("install the library"), "{text}");
}

#[tokio::test]
async fn without_namespaces_the_sandbox_is_off_and_said_to_be() {
    let _turn = Lab::turn().await;
    let folder = tempfile::tempdir().unwrap();
    let real = program().path;
    let path = script(
        folder.path(),
        &format!(
            "case \"$*\" in *--no-sandbox*) exec {} \"$@\" ;; esac\necho 'FATAL: No usable sandbox!' >&2; exit 133",
            real.display()
        ),
    );
    let browser = Browser::launch(&find(Some(&path)).unwrap(), &[])
        .await
        .unwrap();
    assert!(!browser.info().sandbox);
    browser.close().await;
}

fn script(folder: &Path, text: &str) -> std::path::PathBuf {
    let path = folder.join(program().name());
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn a_page_is_told_of_an_ordinary_browser_and_its_device() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.device = Device {
        viewport: Viewport::MOBILE,
        ..Device::default()
    };
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "tall.html").await;
    let seen = "[navigator.userAgent, navigator.webdriver, innerWidth, devicePixelRatio, navigator.maxTouchPoints,
        navigator.userAgentData?.mobile ?? 'insecure']";
    let seen = page.evaluate(seen, PATIENCE).await.unwrap();
    let agent = lab.browser.info().user_agent(&Viewport::MOBILE);
    assert!(agent.contains("Mobile") && !agent.contains("Headless"));
    assert_eq!(
        seen,
        serde_json::json!([agent, false, 412, 2.625, 5, "insecure"])
    );
    let sent = page
        .evaluate("fetch('/request').then(r => r.text())", PATIENCE)
        .await
        .unwrap();
    assert!(sent.as_str().unwrap().contains(&agent));
    assert!(!sent.to_string().contains("Headless"), "{sent}");
    page.finish().await.unwrap();
    lab.browser.close().await;
}

#[tokio::test]
async fn every_page_starts_without_a_past() {
    let lab = Lab::new().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut page = lab.open().await;
        load(&mut page, "plain.html").await;
        let past = "(async () => {
            const before = [localStorage.length, document.cookie, (await caches?.keys?.() ?? []).length];
            const script = document.createElement('script');
            script.src = 'light.js';
            await new Promise(done => { script.onload = done; document.head.append(script); });
            const [entry] = performance.getEntriesByName(script.src);
            localStorage.setItem('a', 'b'); document.cookie = 'c=d; max-age=600';
            return [...before, entry.transferSize > 0];
        })()";
        let past = past.replace("(await caches?.keys?.() ?? []).length", "0");
        seen.push(page.evaluate(&past, PATIENCE).await.unwrap());
        page.finish().await.unwrap();
    }
    assert_eq!(
        seen,
        [
            serde_json::json!([0, "", 0, true]),
            serde_json::json!([0, "", 0, true])
        ]
    );
    lab.browser.close().await;
}

/// Prints what the harness itself costs. A context of its own must be cheaper than a browser of its own,
/// or there would be no reason for contexts.
#[tokio::test]
async fn a_new_page_costs_less_than_a_new_browser() {
    let lab = Lab::new().await;
    let start = Instant::now();
    let fresh = Browser::launch(&program(), &[]).await.unwrap();
    let page = fresh.open(&lab.options()).await.unwrap();
    page.finish().await.unwrap();
    fresh.close().await;
    let fresh = start.elapsed();
    let mut totals = Vec::new();
    for round in 0..6 {
        let start = Instant::now();
        let mut page = lab.open().await;
        let opened = start.elapsed();
        page.begin_step("load", "load").await.unwrap();
        let loading = Instant::now();
        page.load("plain.html", PATIENCE).await.unwrap();
        let loaded = loading.elapsed();
        let ending = Instant::now();
        page.end_step().await.unwrap();
        let ended = ending.elapsed();
        let finishing = Instant::now();
        page.finish().await.unwrap();
        let finished = finishing.elapsed();
        let rest = start.elapsed() - loaded;
        eprintln!(
            "{round}: open {opened:.1?}, load {loaded:.1?}, end of step {ended:.1?}, finish {finished:.1?}; beyond the load {rest:.1?}"
        );
        totals.push(rest);
    }
    totals.sort();
    assert!(totals[2] < fresh, "{totals:?} {fresh:?}");
    lab.browser.close().await;
}

#[tokio::test]
async fn the_loop_is_slowed_down_as_asked() {
    let lab = Lab::new().await;
    let calibration = lab.browser.calibrate(2.0).await.unwrap();
    eprintln!("{calibration:?}");
    assert!(calibration.cpu_ms > 0.0);
    assert!(
        (1.3..5.0).contains(&calibration.slowdown),
        "{calibration:?}"
    );
    assert!(
        (1.3..5.0).contains(&calibration.slowdown_counted),
        "{calibration:?}"
    );
    let full = lab.browser.calibrate(1.0).await.unwrap();
    assert_eq!((full.slowdown, full.slowdown_counted), (1.0, 1.0));

    let mut work = Vec::new();
    for cpu_slowdown in [1.0, 4.0] {
        let mut options = lab.options();
        options.device.cpu_slowdown = cpu_slowdown;
        let mut page = lab.browser.open(&options).await.unwrap();
        load(&mut page, "plain.html").await;
        let took = step(&mut page, "spin", async |page| {
            page.evaluate(SPINS, PATIENCE).await.unwrap()
        });
        work.push(took.await.as_f64().unwrap());
    }
    assert!(work[1] > work[0] * 2.0, "{work:?}");
    lab.browser.close().await;
}

/// The least of a few times, so that a busy machine matters little.
const SPINS: &str = "(() => {
    const spin = () => {
        const start = performance.now();
        for (let i = 0, sum = 0; i < 3e6; i++) sum = Math.imul(sum ^ i, 16777619);
        return performance.now() - start;
    };
    return Math.min(...Array.from({ length: 8 }, spin));
})()";
