//! What the probe and the counters record.

use std::time::Duration;

use tagperf::model::{Hands, PageRecord, Viewport};

use crate::support::{Lab, PATIENCE, load, only, step};

const SETTLED: Duration = Duration::from_millis(700);

#[tokio::test]
async fn the_probe_records_what_the_page_does() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "measured.html").await;
    step(&mut page, "idle", async |page| {
        page.idle(SETTLED).await.unwrap()
    })
    .await;
    step(&mut page, "click", async |page| {
        let (x, y) = page.find("#buy", PATIENCE).await.unwrap().centre();
        page.click(x, y).await.unwrap();
        page.idle(Duration::from_millis(300)).await.unwrap();
    })
    .await;
    let evidence = page.finish().await.unwrap();
    let record = only(&evidence);

    assert_eq!(record.url, "http://shop.test/measured.html");
    let paint = record.first_contentful_paint_ms.unwrap();
    let largest = record.largest_contentful_paint.as_ref().unwrap();
    assert!(largest.time_ms >= paint);
    assert_eq!(largest.element, "img#hero");
    assert_eq!(largest.url.as_deref(), Some("http://shop.test/hero.svg"));
    assert!(
        (170_000.0..=180_000.0).contains(&largest.size),
        "{largest:?}"
    );
    assert!(record.load_ms.unwrap() >= record.dom_content_loaded_ms.unwrap());

    let shift = record
        .shifts
        .iter()
        .find(|shift| !shift.after_input)
        .unwrap();
    assert!(
        shift.score > 0.01 && shift.elements.iter().any(|name| name == "p.moved"),
        "{shift:?}"
    );
    assert!(
        record
            .long_tasks
            .iter()
            .any(|task| task.duration_ms >= 119.0),
        "{:?}",
        record.long_tasks
    );
    let scripts = record.long_frames.iter().flat_map(|frame| &frame.scripts);
    assert!(
        scripts
            .clone()
            .any(|script| script.url.ends_with("measured.html")),
        "{:?}",
        record.long_frames
    );
    let click = record
        .interactions
        .iter()
        .find(|it| it.duration_ms >= 96.0)
        .unwrap_or_else(|| panic!("{:?}", record.interactions));
    assert_eq!(click.target, "button#buy");

    let ran = |name: &str| {
        record
            .scripts
            .iter()
            .find(|script| script.url.ends_with(name))
            .unwrap()
            .ran
    };
    assert!(ran("busy.js") && !ran("absent.js"));
    assert_eq!(record.snippets, ["chat"]);
    let error = |text: &str| {
        record
            .errors
            .iter()
            .find(|error| error.message.contains(text))
            .unwrap()
    };
    assert!(error("made to fail").url.ends_with("measured.html") && error("made to fail").line > 1);
    error("nobody waits");
    assert_eq!(record.csp_violations.len(), 1);
    assert_eq!(record.csp_violations[0].directive, "img-src");
    lab.browser.close().await;
}

#[tokio::test]
async fn an_interaction_is_seen_wherever_it_happens() {
    let lab = Lab::new().await;
    for viewport in [Viewport::DESKTOP, Viewport::MOBILE] {
        let mut options = lab.options();
        options.device.viewport = viewport;
        let mut page = lab.browser.open(&options).await.unwrap();
        load(&mut page, "corner.html").await;
        step(&mut page, "click", async |page| {
            let (x, y) = page.find("#corner", PATIENCE).await.unwrap().centre();
            assert!(y > f64::from(viewport.height) - 15.0);
            page.click(x, y).await.unwrap();
            page.idle(Duration::from_millis(300)).await.unwrap();
        })
        .await;
        let evidence = page.finish().await.unwrap();
        let interactions = &only(&evidence).interactions;
        assert!(
            interactions.iter().any(|it| it.target == "button#corner"),
            "{interactions:?}"
        );
    }
    lab.browser.close().await;
}

#[tokio::test]
async fn a_hostile_page_does_not_disturb_the_probe() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "hostile.html").await;
    step(&mut page, "idle", async |page| {
        page.idle(SETTLED).await.unwrap()
    })
    .await;
    let seen = page.evaluate("sawProbe.length", PATIENCE).await.unwrap();
    assert_eq!(seen, 1, "only what the page itself put there");
    let found = page.find("#title", PATIENCE).await.unwrap();
    assert!(found.width > 0.0);
    let evidence = page.finish().await.unwrap();
    let record = only(&evidence);
    assert!(
        record
            .largest_contentful_paint
            .as_ref()
            .unwrap()
            .element
            .starts_with("h1#title")
    );
    assert!(
        record.long_tasks.iter().any(|task| task.duration_ms > 60.0),
        "{record:?}"
    );
    assert!(
        record
            .scripts
            .iter()
            .any(|script| script.ran && script.url.ends_with("light.js"))
    );
    assert_eq!(record.snippets, ["chat"]);
    assert!(
        record
            .errors
            .iter()
            .any(|error| error.message.contains("still told")),
        "{record:?}"
    );
    assert!(record.load_ms.is_some());
    lab.browser.close().await;
}

#[tokio::test]
async fn lists_and_texts_of_a_page_without_measure_are_bounded() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "plain.html").await;
    let flood = "for (let i = 0; i < 5000; i++) dispatchEvent(new ErrorEvent('error', { message: 'x'.repeat(1e4) }));
        const more = document.createElement('i'); more.id = 'y'.repeat(1e6); document.body.append(more); 0";
    step(&mut page, "flood", async |page| {
        page.evaluate(flood, PATIENCE).await.unwrap()
    })
    .await;
    let evidence = page.finish().await.unwrap();
    let errors = &only(&evidence).errors;
    assert_eq!(errors.len(), 100);
    assert!(errors.iter().all(|error| error.message.len() <= 500));
    lab.browser.close().await;
}

#[tokio::test]
async fn every_document_of_a_visit_keeps_its_record() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "measured.html").await;
    // Another site runs in another process.
    step(&mut page, "leave", async |page| {
        page.idle(SETTLED).await.unwrap();
        page.load("http://other.example/second.html", PATIENCE)
            .await
            .unwrap();
        page.idle(Duration::from_millis(200)).await.unwrap();
        page.load("http://other.example/plain.html", PATIENCE)
            .await
            .unwrap();
        page.idle(Duration::from_millis(200)).await.unwrap();
    })
    .await;
    let evidence = page.finish().await.unwrap();
    let urls: Vec<&str> = evidence
        .pages
        .iter()
        .map(|page| page.url.as_str())
        .collect();
    assert_eq!(
        urls,
        [
            "http://shop.test/measured.html",
            "http://other.example/second.html",
            "http://other.example/plain.html"
        ]
    );
    let shifted = |page: &PageRecord| page.shifts.iter().map(|shift| shift.score).sum::<f64>();
    assert!(
        shifted(&evidence.pages[0]) > 0.01,
        "read when it was left, not only after its first step"
    );
    assert!(
        evidence
            .pages
            .iter()
            .all(|page| page.first_contentful_paint_ms.is_some())
    );
    assert_eq!(evidence.steps.len(), 2);
    assert!(
        evidence
            .steps
            .iter()
            .all(|step| step.counters.task_ms > 0.0),
        "{:?}",
        evidence.steps
    );
    lab.browser.close().await;
}

#[tokio::test]
async fn a_document_that_is_left_by_a_click_tells_what_happened_until_then() {
    let lab = Lab::new().await;
    for (link, target) in [
        ("#near", "http://shop.test/slow/second.html"),
        ("#far", "http://other.example/second.html"),
    ] {
        let mut page = lab.open().await;
        load(&mut page, "link.html").await;
        step(&mut page, "click", async |page| {
            page.idle(SETTLED).await.unwrap();
            let (x, y) = page.find(link, PATIENCE).await.unwrap().centre();
            page.click(x, y).await.unwrap();
            page.idle(SETTLED).await.unwrap();
        })
        .await;
        let evidence = page.finish().await.unwrap();
        let [first, second] = &evidence.pages[..] else {
            panic!("{:?}", evidence.pages);
        };
        assert_eq!(second.url, target);
        assert!(
            !first.long_tasks.is_empty(),
            "after its first step: {first:?}"
        );
    }
    lab.browser.close().await;
}

#[tokio::test]
async fn counters_are_the_steps_own_share() {
    let lab = Lab::new().await;
    let mut page = lab.open().await;
    load(&mut page, "measured.html").await;
    step(&mut page, "idle", async |page| {
        page.idle(SETTLED).await.unwrap()
    })
    .await;
    for (kind, work) in [
        ("rest", "0"),
        (
            "spin",
            "new Promise(done => setTimeout(() => { spin(200); done(1) }, 0))",
        ),
        ("worker", WORKER),
    ] {
        step(&mut page, kind, async |page| {
            page.evaluate(work, PATIENCE).await.unwrap()
        })
        .await;
    }
    let grow = "const box = document.createElement('div'); document.body.append(box);
        for (let i = 0; i < 300; i++) { const p = document.createElement('p'); p.onclick = () => i; box.append(p); } 0";
    step(&mut page, "grow", async |page| {
        page.evaluate(grow, PATIENCE).await.unwrap()
    })
    .await;
    let evidence = page.finish().await.unwrap();
    let [_, _, rest, spin, worker, _] = &evidence.steps[..] else {
        panic!("{:?}", evidence.steps);
    };
    // The loop ends by wall time; on a busy machine it gets less of a core than that.
    assert!(
        spin.counters.task_ms > rest.counters.task_ms + 20.0,
        "{spin:?} {rest:?}"
    );
    assert!(
        spin.counters.script_ms > rest.counters.script_ms + 20.0,
        "{spin:?} {rest:?}"
    );
    assert!(spin.duration_ms >= 199.0 && spin.start_ms >= rest.start_ms + rest.duration_ms);
    assert!(evidence.holdings.dom_nodes > 300.0 && evidence.holdings.listeners > 300.0);
    assert!(evidence.holdings.heap_bytes > 100_000.0);
    let parts: f64 = evidence
        .steps
        .iter()
        .map(|step| step.counters.task_ms)
        .sum();
    assert!((evidence.counters.task_ms - parts).abs() < 1e-6);
    if cfg!(target_os = "linux") {
        assert!(
            worker.counters.task_ms < 100.0,
            "the main thread only waits: {worker:?}"
        );
        assert!(
            worker.counters.processes_ms.unwrap() > worker.counters.task_ms + 20.0,
            "{worker:?}"
        );
        assert!(
            spin.counters.waited_ms.is_some_and(|waited| waited >= 0.0),
            "{spin:?}"
        );
    }
    lab.browser.close().await;
}

/// Works in a thread that ends before the step does.
const WORKER: &str = "new Promise(done => {
    const code = 'const end = performance.now() + 300; while (performance.now() < end); postMessage(1); close()';
    new Worker(URL.createObjectURL(new Blob([code]))).onmessage = () => setTimeout(() => done(1), 100);
})";
