//! Pages that hang and crash, browsers that are killed: each is a fault, told at once, and no more.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tagperf::model::{Fault, Hands};

use crate::support::{
    Lab, NOBODY, PATIENCE, fault, load, main_process, processes, profile, renderers,
};

#[tokio::test]
async fn a_killed_browser_fails_every_call_at_once() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let profile = profile();
    let main = main_process(&profile);
    let mut killed = Instant::now();
    let (pending, ()) = tokio::join!(page.evaluate("new Promise(() => {})", PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        killed = Instant::now();
        kill_process(Pid::from_raw(main).unwrap(), Signal::KILL).unwrap();
    });
    let Fault::BrowserDied { why } = fault(pending) else {
        panic!("another fault");
    };
    assert!(why.contains("signal 9"), "{why}");
    assert!(!lab.browser.alive());
    assert!(matches!(
        fault(page.idle(PATIENCE).await),
        Fault::BrowserDied { .. }
    ));
    assert!(matches!(
        page.begin_step("a", "b").await,
        Err(Fault::BrowserDied { .. })
    ));
    assert!(matches!(
        lab.browser.open(&lab.options()).await.err(),
        Some(Fault::BrowserDied { .. })
    ));
    assert!(matches!(
        page.finish().await,
        Err(Fault::BrowserDied { .. })
    ));
    lab.browser.close().await;
    assert!(
        killed.elapsed() < Duration::from_secs(2),
        "{:?}",
        killed.elapsed()
    );
    assert_eq!(processes(&[&profile]), NOBODY);
}

#[tokio::test]
async fn a_crashed_page_is_told_at_once_and_the_browser_goes_on() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let renderer = renderers(main_process(&profile()));
    let start = Instant::now();
    let (pending, ()) = tokio::join!(page.idle(PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        kill_process(Pid::from_raw(renderer[0]).unwrap(), Signal::KILL).unwrap();
    });
    assert_eq!(fault(pending), Fault::PageCrashed);
    assert_eq!(fault(page.click(1.0, 1.0).await), Fault::PageCrashed);
    assert_eq!(page.finish().await.unwrap_err(), Fault::PageCrashed);
    assert!(start.elapsed() < Duration::from_secs(2));
    usable(&lab).await;
    lab.browser.close().await;
}

#[tokio::test]
async fn a_page_that_crashes_while_it_loads_is_a_crashed_page() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    let renderer = renderers(main_process(&profile()));
    let (loading, ()) = tokio::join!(page.load("hung.html", PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        kill_process(Pid::from_raw(renderer[0]).unwrap(), Signal::KILL).unwrap();
    });
    assert_eq!(fault(loading), Fault::PageCrashed);
    drop(page);
    usable(&lab).await;
    lab.browser.close().await;
}

#[tokio::test]
async fn an_endless_loop_times_out_and_is_gone_afterwards() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.deadline = Duration::from_millis(700);
    let mut page = lab.browser.open(&options).await.unwrap();
    let start = Instant::now();
    page.begin_step("load the loop", "load").await.unwrap();
    page.load("loop.html", Duration::from_millis(700))
        .await
        .unwrap();
    let Err(Fault::TimedOut { what, .. }) = page.end_step().await else {
        panic!("no time-out");
    };
    assert!(what.contains("load the loop"), "{what}");
    assert!(matches!(
        fault(page.evaluate("1", options.deadline).await),
        Fault::TimedOut { .. }
    ));
    let Fault::TimedOut { what, .. } = fault(page.click(9.0, 9.0).await) else {
        panic!("no time-out");
    };
    assert!(what.contains("load the loop"), "{what}");
    drop(page);
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{:?}",
        start.elapsed()
    );
    usable(&lab).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let left = renderers(main_process(&profile()));
    assert!(
        left.is_empty(),
        "it would eat a core for the rest of the run: {left:?}"
    );
    lab.browser.close().await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_a_time_out() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    let fault = fault(page.load("/never", Duration::from_millis(500)).await);
    let Fault::TimedOut { what, .. } = fault else {
        panic!("{fault}");
    };
    assert!(what.contains("/never"), "{what}");
    drop(page);
    usable(&lab).await;
    lab.browser.close().await;
}

#[tokio::test]
async fn a_broken_off_trace_does_not_keep_the_next_from_starting() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.traced = true;
    let mut page = lab.browser.open(&options).await.unwrap();
    page.load("plain.html", PATIENCE).await.unwrap();
    drop(page);
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "plain.html").await;
    let trace = page.finish().await.unwrap().trace.unwrap();
    assert!(!trace.events.is_empty() && !trace.incomplete);
    lab.browser.close().await;
}

#[tokio::test]
async fn a_browser_that_does_not_answer_is_not_alive() {
    let lab = Lab::new().await;
    let main = Pid::from_raw(main_process(&profile())).unwrap();
    kill_process(main, Signal::STOP).unwrap();
    let mut options = lab.options();
    options.deadline = Duration::from_millis(500);
    let opened = lab.browser.open(&options).await.err();
    assert!(matches!(opened, Some(Fault::TimedOut { .. })), "{opened:?}");
    assert!(!lab.browser.alive());
    let profile = profile();
    drop(lab.browser);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(processes(&[&profile]), NOBODY);
}

async fn usable(lab: &Lab) {
    let evidence = lab.visit("plain.html", Duration::from_millis(100)).await;
    assert!(evidence.pages[0].first_contentful_paint_ms.is_some());
}
