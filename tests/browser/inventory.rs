//! What a traced visit finds beside its trace, and that an untraced one asks for nothing of it.

use std::time::Duration;

use tagperf::browser::{Page, PageEvidence};
use tagperf::model::{Act, Hands, Inventory, StepRecord};

use crate::support::{Lab, PATIENCE, load, step};

const SETTLED: Duration = Duration::from_millis(700);

async fn open(lab: &Lab) -> Page {
    let mut options = lab.options();
    options.traced = true;
    lab.browser.open(&options).await.unwrap()
}

async fn visit(lab: &Lab, page: &str) -> (PageEvidence, Inventory) {
    let mut tab = open(lab).await;
    load(&mut tab, page).await;
    step(&mut tab, "idle", async |tab| {
        tab.idle(SETTLED).await.unwrap()
    })
    .await;
    let mut evidence = tab.finish().await.unwrap();
    let inventory = evidence.inventory.take().unwrap();
    (evidence, inventory)
}

fn act<'i>(inventory: &'i Inventory, kind: &str, what: &str) -> &'i Act {
    let mut acts = inventory.acts.iter();
    acts.find(|act| act.kind == kind && act.what == what)
        .unwrap_or_else(|| panic!("no {kind} {what}: {:#?}", inventory.acts))
}

#[tokio::test]
async fn every_interface_is_named_with_the_function_and_line_that_used_it() {
    let lab = Lab::new().await;
    let (_, inventory) = visit(&lab, "acts.html").await;
    let expected = [
        ("storage_write", "seen", "writesStorage", 2),
        ("cookie_write", "visitor", "writesCookie", 5),
        (
            "sync_request",
            "http://shop.test/light.js",
            "asksInSync",
            12,
        ),
        ("focus", "input[type=password]#pw", "focuses", 16),
        ("scroll", "window.scrollTo", "scrolls", 19),
        ("scroll", "Element.scrollTop html", "scrolls", 20),
        ("worker", "blob:", "works", 23),
        ("fingerprint", "canvas.toDataURL", "prints", 26),
        ("geometry", "getBoundingClientRect", "measures", 29),
        ("listen", "wheel passive=false", "listens", 32),
        ("listen", "touchstart passive=true", "listens", 33),
        ("listen", "keydown passive=false", "listens", 34),
        ("storage_write", "evaluated", "evaluates", 37),
        ("history", "pushState", "moves", 40),
        ("post_message", "MessagePort", "moves", 41),
        ("post_message", "Window", "moves", 41),
        ("document_write", "write", "", 61),
    ];
    for (kind, what, function, line) in expected {
        let act = act(&inventory, kind, what);
        let code = &act.code;
        assert_eq!(
            (code.url.as_str(), code.function.as_str(), code.line),
            ("http://shop.test/acts.js", function, line),
            "{act:?}"
        );
        assert!(code.column > 0 && act.count > 0 && !act.times_ms.is_empty());
    }
    assert_eq!(act(&inventory, "storage_write", "seen").length, 5.0);
    assert_eq!(act(&inventory, "document_write", "write").length, 27.0);
    assert_eq!(act(&inventory, "cookie_read", "").count, 2);
    assert_eq!(act(&inventory, "storage_write", "framed").code.line, 2);
    // Beyond the first, each call that was looked at stands for those before it.
    let measured = act(&inventory, "geometry", "getBoundingClientRect").count;
    assert!((900..=1000).contains(&measured), "{measured}");
    let hidden = &inventory.hidden[0];
    assert_eq!(hidden.how, "html opacity");
    assert!(hidden.end_ms - hidden.start_ms > 100.0, "{hidden:?}");
    lab.browser.close().await;
}

#[tokio::test]
async fn what_is_left_behind_is_listed() {
    let lab = Lab::new().await;
    let (_, inventory) = visit(&lab, "acts.html").await;
    let listener = |target: &str, kind: &str| {
        let mut all = inventory.listeners.iter();
        all.find(|it| it.target == target && it.kind == kind)
            .unwrap_or_else(|| panic!("no {kind} of {target}: {:#?}", inventory.listeners))
    };
    let wheel = listener("window", "wheel");
    assert_eq!(
        (wheel.code.function.as_str(), wheel.code.line),
        ("onWheel", 32)
    );
    assert!(!wheel.passive && !wheel.capture && wheel.script > 0);
    let key = listener("input[type=password]#pw", "keydown");
    assert_eq!((key.code.function.as_str(), key.code.line), ("onKey", 34));
    assert!(key.capture);
    listener("window", "unload");
    let own = inventory.listeners.iter();
    let mut own = own.filter(|it| it.kind.starts_with("tagperf") || it.kind == "pagehide");
    assert_eq!(own.next(), None);

    let cookie = &inventory.cookies[0];
    assert_eq!((cookie.name.as_str(), cookie.bytes), ("visitor", 9.0));
    assert!((1.9..=2.0).contains(&cookie.days.unwrap()), "{cookie:?}");
    let stored: Vec<_> = inventory
        .stored
        .iter()
        .map(|it| (it.area.as_str(), it.key.as_str(), it.length))
        .collect();
    assert!(stored.contains(&("local", "seen", 9.0)), "{stored:?}");
    assert!(stored.contains(&("session", "framed", 9.0)), "{stored:?}");
    assert_eq!(
        inventory.not_restored.as_deref(),
        Some(&["UnloadHandlerExistsInMainFrame".to_owned()][..])
    );
    let (_, plain) = visit(&lab, "plain.html").await;
    assert_eq!(plain.not_restored.as_deref(), Some(&[][..]));
    lab.browser.close().await;
}

#[tokio::test]
async fn a_page_can_neither_break_nor_forge_nor_see_the_spy() {
    let lab = Lab::new().await;
    let mut tab = open(&lab).await;
    load(&mut tab, "acts-hostile.html").await;
    let verdict = tab.evaluate("verdict", PATIENCE).await.unwrap();
    assert_eq!(verdict, "0 1 TypeError 0 function 0");
    let natives = tab.evaluate("natives", PATIENCE).await.unwrap();
    let native = "function () { [native code] }";
    assert_eq!(natives, format!("{native}{native}truetrueWorker2"));
    let inventory = tab.finish().await.unwrap().inventory.unwrap();
    let act = act(&inventory, "storage_write", "sneaked");
    assert_eq!((act.code.function.as_str(), act.code.line), ("sneaks", 20));
    lab.browser.close().await;
}

#[tokio::test]
async fn a_message_comes_from_the_window_that_sent_it() {
    let lab = Lab::new().await;
    let mut tab = open(&lab).await;
    load(&mut tab, "acts.html").await;
    let source = "new Promise((done) => setTimeout(() => done(source), 300))";
    let source = tab.evaluate(source, PATIENCE).await.unwrap();
    assert_eq!(source, "the frame");
    lab.browser.close().await;
}

#[tokio::test]
async fn a_document_that_was_left_has_told_what_it_did_until_then() {
    let lab = Lab::new().await;
    let mut tab = open(&lab).await;
    load(&mut tab, "acts.html").await;
    step(&mut tab, "leave", async |tab| {
        tab.idle(SETTLED).await.unwrap();
        let late = "localStorage.setItem('late', '1'); 1";
        tab.evaluate(late, PATIENCE).await.unwrap();
        tab.load("http://other.example/plain.html", PATIENCE)
            .await
            .unwrap();
    })
    .await;
    let inventory = tab.finish().await.unwrap().inventory.unwrap();
    act(&inventory, "storage_write", "seen");
    act(&inventory, "storage_write", "late");
    lab.browser.close().await;
}

#[tokio::test]
async fn a_flood_of_acts_is_bounded_and_counted() {
    let lab = Lab::new().await;
    let mut tab = open(&lab).await;
    load(&mut tab, "acts.html").await;
    step(&mut tab, "flood", async |tab| {
        tab.evaluate("floods(); 1", PATIENCE).await.unwrap()
    })
    .await;
    let inventory = tab.finish().await.unwrap().inventory.unwrap();
    let written = inventory
        .acts
        .iter()
        .filter(|act| act.kind == "storage_write" && act.code.line == 48);
    let (distinct, count) = written.fold((0, 0), |(n, sum), act| (n + 1, sum + act.count));
    assert!(distinct <= 101, "{distinct}");
    assert!((4900..=5000).contains(&count), "{count}");
    lab.browser.close().await;
}

#[tokio::test]
async fn a_step_of_a_traced_visit_ends_with_a_look_at_the_page() {
    let lab = Lab::new().await;
    let mut tab = open(&lab).await;
    load(&mut tab, "tall.html").await;
    let grow = "for (let i = 0; i < 300; i++) document.body.append(document.createElement('p'));
        localStorage.setItem('k', 'value'); document.cookie = 'a=1'; scrollTo(0, 120);
        document.body.style.overflow = 'hidden'; 1";
    step(&mut tab, "grow", async |tab| {
        tab.evaluate(grow, PATIENCE).await.unwrap()
    })
    .await;
    tab.quiet_step(Duration::from_millis(300)).await.unwrap();
    let state = "addEventListener('visibilitychange', () => (window.states ??= []).push(document.visibilityState)); 1";
    tab.evaluate(state, PATIENCE).await.unwrap();
    tab.hidden_step(Duration::from_millis(300)).await.unwrap();
    let states = "new Promise((done) => setTimeout(() => done(states.join()), 100))";
    let states = tab.evaluate(states, PATIENCE).await.unwrap();
    assert_eq!(states, "hidden,visible");
    let evidence = tab.finish().await.unwrap();
    let [first, grown, quiet, hidden] = &evidence.steps[..] else {
        panic!("{:?}", evidence.steps);
    };
    let (before, after) = (first.after.unwrap(), grown.after.unwrap());
    assert_eq!(after.elements, before.elements + 300.0);
    assert!(after.nodes >= before.nodes + 300.0 && after.heap_bytes > 0.0);
    assert_eq!((after.storage_length, after.cookies), (6.0, 1.0));
    assert_eq!((before.scroll_y, after.scroll_y), (0.0, 120.0));
    assert!(!before.locked && after.locked);

    assert_eq!(quiet.kind, StepRecord::QUIET);
    assert_eq!(quiet.text, "quiet for 0.3 s after the last step");
    assert_eq!(
        (hidden.kind.as_str(), hidden.text.as_str()),
        ("hidden", "hidden for 0.3 s")
    );
    let own = first.counters.task_ms + grown.counters.task_ms;
    assert!((evidence.counters.task_ms - own).abs() < 1e-6);
    let own = first.duration_ms + grown.duration_ms;
    assert!((evidence.steps_ms - own).abs() < 1e-6);
    // Garbage is collected between the steps, and not within them.
    assert!(first.trace_us.unwrap().1 < grown.trace_us.unwrap().0);
    lab.browser.close().await;
}

#[tokio::test]
async fn an_untraced_visit_is_left_alone() {
    let lab = Lab::new().await;
    let mut tab = lab.open().await;
    load(&mut tab, "acts.html").await;
    let source = "String(Storage.prototype.setItem)";
    let source = tab.evaluate(source, PATIENCE).await.unwrap();
    assert_eq!(source, "function setItem() { [native code] }");
    let evidence = tab.finish().await.unwrap();
    assert_eq!(evidence.inventory, None);
    assert!(
        evidence
            .steps
            .iter()
            .all(|step| step.after.is_none() && step.trace_us.is_none())
    );
    lab.browser.close().await;
}
