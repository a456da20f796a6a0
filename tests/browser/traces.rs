//! What a trace says of a page whose misdeeds are known.

use std::time::{Duration, Instant};

use tagperf::model::{Hands, TraceEvent};

use crate::support::{Lab, PATIENCE, load, step};

#[tokio::test]
async fn a_trace_names_the_function_and_line_that_force_layout_while_scrolling() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.traced = true;
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "forced.html").await;
    step(&mut page, "scroll", async |page| {
        page.scroll_by(0.0, 1000.0, Duration::from_millis(700))
            .await
            .unwrap();
    })
    .await;
    let evidence = page.finish().await.unwrap();
    let trace = evidence.trace.unwrap();
    assert!(!trace.incomplete);
    let named = |name: &str| {
        trace
            .events
            .iter()
            .filter(move |event| event.name == name)
            .collect::<Vec<_>>()
    };

    // Lines and columns count from 1, and the column is that of the parameter list.
    let handler = named("FunctionCall")
        .into_iter()
        .find(|call| function(call) == "onScroll")
        .unwrap();
    let code = handler.code.as_ref().unwrap();
    assert_eq!(
        (code.url.as_str(), code.line, code.column),
        ("http://shop.test/forced.js", 6, 18)
    );
    assert!(handler.wall_us > 0.0 && handler.cpu_us > 0.0);
    let scrolls = named("EventDispatch")
        .into_iter()
        .filter(|event| event.kind.as_deref() == Some("scroll"));
    let inside = |outer: &TraceEvent| {
        outer.start_us <= handler.start_us
            && outer.start_us + outer.wall_us >= handler.start_us + handler.wall_us
    };
    assert!(scrolls.clone().count() > 5 && scrolls.clone().any(inside));
    let forced = named("Layout")
        .into_iter()
        .find(|layout| layout.forced && function(layout) == "measure")
        .unwrap();
    assert_eq!(forced.code.as_ref().unwrap().line, 3);
    assert!(
        named("Layout").iter().any(|layout| !layout.forced),
        "the first layout was nobody's"
    );

    // The trace's clock and the steps' are the same.
    let (from, to) = evidence.steps[1].trace_us.unwrap();
    assert!(
        scrolls
            .clone()
            .all(|event| (from..=to + 1e6).contains(&event.start_us)),
        "{from} {to}"
    );
    assert!(scrolls.clone().filter(|event| event.start_us <= to).count() > 5);
    let navigation = named("navigationStart");
    let (from, to) = evidence.steps[0].trace_us.unwrap();
    assert!(
        navigation
            .iter()
            .any(|event| (from..=to).contains(&event.start_us)),
        "{navigation:?}"
    );

    // Tasks in the trace are the tasks that Chromium counts.
    let times: Vec<(f64, f64)> = evidence.steps.iter().filter_map(|it| it.trace_us).collect();
    let within = |at: f64| times.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let tasks = named("RunTask")
        .into_iter()
        .filter(|task| within(task.start_us));
    let traced = tasks.map(|task| task.cpu_us).sum::<f64>() / 1e3;
    let counted = evidence.counters.task_ms;
    assert!((traced / counted - 1.0).abs() < 0.15, "{traced} {counted}");
    assert!(trace.events.is_sorted_by(|a, b| a.start_us <= b.start_us));
    lab.browser.close().await;
}

#[tokio::test]
async fn the_tracing_script_of_another_process_is_followed() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.traced = true;
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "plain.html").await;
    load(&mut page, "http://other.example/forced.html").await;
    let trace = page.finish().await.unwrap().trace.unwrap();
    let compiled = trace.events.iter().any(|event| {
        event.name == "EvaluateScript"
            && event
                .code
                .as_ref()
                .is_some_and(|code| code.url.ends_with("/forced.js"))
    });
    assert!(compiled);
    lab.browser.close().await;
}

#[tokio::test]
async fn a_flood_of_events_is_counted_to_the_last() {
    let lab = Lab::new().await;
    let mut options = lab.options();
    options.traced = true;
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "tall.html").await;
    // Chromium traces no event that a script dispatches at the window itself.
    let flood = "new Promise(done => {
        const end = performance.now() + 1500;
        (function again() {
            for (let i = 0; i < 20; i++) document.dispatchEvent(new Event('scroll', { bubbles: true }));
            if (performance.now() < end) setTimeout(again); else done(scrolls);
        })();
    })";
    let seen = step(&mut page, "flood", async |page| {
        page.evaluate(flood, PATIENCE).await.unwrap()
    });
    let seen = seen.await.as_u64().unwrap() as usize;
    let start = Instant::now();
    let trace = page.finish().await.unwrap().trace.unwrap();
    let scroll = |event: &&TraceEvent| event.kind.as_deref() == Some("scroll");
    let traced = trace.events.iter().filter(scroll).count();
    eprintln!(
        "{seen} events; the trace was read in {:.1?}",
        start.elapsed()
    );
    assert!(seen > 1000);
    assert_eq!(traced, seen);
    lab.browser.close().await;
}

fn function(event: &TraceEvent) -> &str {
    event
        .code
        .as_ref()
        .map_or("", |code| code.function.as_str())
}
