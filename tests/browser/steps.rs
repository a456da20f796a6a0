//! Real input, and what the steps say when it does not work out.

use std::time::{Duration, Instant};

use serde_json::json;
use tagperf::model::{Device, Hands, StepError, Viewport};

use crate::support::{Lab, PATIENCE, load};

fn unmet<T: std::fmt::Debug>(result: Result<T, StepError>) -> String {
    match result.unwrap_err() {
        StepError::Unmet(why) => why,
        StepError::Fault(fault) => panic!("a fault: {fault}"),
    }
}

#[tokio::test]
async fn the_wheel_scrolls_by_what_was_asked_with_trusted_events() {
    let lab = Lab::new().await;
    for viewport in [Viewport::DESKTOP, Viewport::MOBILE] {
        let mut options = lab.options();
        options.device = Device {
            viewport,
            ..Device::default()
        };
        let mut page = lab.browser.open(&options).await.unwrap();
        load(&mut page, "tall.html").await;
        let start = Instant::now();
        page.scroll_by(0.0, 1500.0, Duration::from_secs(1))
            .await
            .unwrap();
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(700), "{took:?}");
        page.idle(Duration::from_millis(300)).await.unwrap();
        let seen = page
            .evaluate("[scrollX, scrollY, trusted, scrolls > 10]", PATIENCE)
            .await
            .unwrap();
        assert_eq!(seen, json!([0, 1500, true, true]));
        page.scroll_by(200.0, -500.0, Duration::from_millis(300))
            .await
            .unwrap();
        page.idle(Duration::from_millis(300)).await.unwrap();
        let seen = page.evaluate("[scrollX, scrollY]", PATIENCE).await.unwrap();
        assert_eq!(seen, json!([200, 1000]));
        page.finish().await.unwrap();
    }
    lab.browser.close().await;
}

#[tokio::test]
async fn a_page_that_scrolls_itself_for_ever_does_not_hold_up_the_visit() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "tall.html").await;
    let runaway = "addEventListener('scroll', () => scrollBy(0, scrollY % 2 ? -1 : 1)); 0";
    page.evaluate(runaway, PATIENCE).await.unwrap();
    page.begin_step("scroll", "scroll").await.unwrap();
    page.scroll_by(0.0, 600.0, Duration::from_millis(400))
        .await
        .unwrap();
    page.end_step().await.unwrap();
    let before = page
        .evaluate("scrolls", PATIENCE)
        .await
        .unwrap()
        .as_f64()
        .unwrap();
    page.idle(Duration::from_millis(500)).await.unwrap();
    let after = page
        .evaluate("scrolls", PATIENCE)
        .await
        .unwrap()
        .as_f64()
        .unwrap();
    assert!(
        after > before + 5.0,
        "it goes on by itself: {before} {after}"
    );
    page.finish().await.unwrap();
    lab.browser.close().await;
}

#[tokio::test]
async fn keys_and_clicks_arrive_as_from_a_visitor() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "form.html").await;
    let (x, y) = page.find("#field", PATIENCE).await.unwrap().centre();
    page.click(x, y).await.unwrap();
    page.type_text("Ab 3@é", Duration::from_millis(5))
        .await
        .unwrap();
    page.press("Backspace").await.unwrap();
    page.press("Enter").await.unwrap();
    let seen = page
        .evaluate(
            "[field.value, keys.join(), submits, clicks, trusted]",
            PATIENCE,
        )
        .await
        .unwrap();
    assert_eq!(
        seen,
        json!(["Ab 3@", "A,b, ,3,@,Backspace,Enter", 1, 1, true])
    );
    let (x, y) = page.find("#hover", PATIENCE).await.unwrap().centre();
    page.point(x, y).await.unwrap();
    assert_eq!(page.evaluate("hovers", PATIENCE).await.unwrap(), 1);
    assert!(unmet(page.press("Entr").await).contains("Entr"));
    page.finish().await.unwrap();
    lab.browser.close().await;
}

#[tokio::test]
async fn what_is_not_there_is_said_in_time() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "form.html").await;
    let start = Instant::now();
    let why = unmet(page.find("#nothing", Duration::from_millis(300)).await);
    assert!(
        why.contains("#nothing") && start.elapsed() < Duration::from_secs(3),
        "{why}"
    );
    assert!(unmet(page.find("#hidden", Duration::from_millis(200)).await).contains("visible"));
    assert!(unmet(page.find("##", PATIENCE).await).contains("not a valid selector"));
    assert!(
        unmet(page.evaluate("nothing.at.all", PATIENCE).await).contains("nothing is not defined")
    );
    let why = unmet(
        page.evaluate("new Promise(() => {})", Duration::from_millis(300))
            .await,
    );
    assert!(why.contains("promise"), "{why}");
    assert_eq!(
        page.evaluate("Promise.resolve({ a: [1] })", PATIENCE)
            .await
            .unwrap(),
        json!({ "a": [1] })
    );
    assert_eq!(
        page.evaluate("undefined", PATIENCE).await.unwrap(),
        json!(null)
    );
    let why = unmet(page.load("http://shop.test:1/", PATIENCE).await);
    assert!(why.contains("net::ERR_"), "{why}");
    lab.browser.close().await;
}

#[tokio::test]
async fn an_element_that_comes_late_is_waited_for() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let late = "setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<b id=late>late</b>'), 300); 0";
    page.evaluate(late, PATIENCE).await.unwrap();
    assert!(page.find("#late", PATIENCE).await.unwrap().width > 0.0);
    lab.browser.close().await;
}

#[tokio::test]
async fn a_load_event_that_never_comes_is_no_error() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    let start = Instant::now();
    page.begin_step("load", "load").await.unwrap();
    page.load("hung.html", Duration::from_millis(800))
        .await
        .unwrap();
    page.end_step().await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(800));
    let evidence = page.finish().await.unwrap();
    assert_eq!(evidence.pages[0].load_ms, None);
    assert!(evidence.pages[0].first_contentful_paint_ms.is_some());
    lab.browser.close().await;
}

#[tokio::test]
async fn dialogs_do_not_stop_a_page() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "dialogs.html").await;
    let answers = page.evaluate("answers", PATIENCE).await.unwrap();
    assert_eq!(answers, json!([null, true, ""]));
    // It also asks before it is left.
    page.click(50.0, 50.0).await.unwrap();
    load(&mut page, "plain.html").await;
    page.finish().await.unwrap();
    lab.browser.close().await;
}

#[tokio::test]
async fn a_screenshot_is_a_png_of_the_page() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let png = page.screenshot().await.unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..20], 1366_u32.to_be_bytes());
    lab.browser.close().await;
}
