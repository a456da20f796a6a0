//! What a traced visit knows of who did what: scripts, frames, threads, requests, timers, the profile.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use tagperf::browser::OpenOptions;
use tagperf::model::{Hands, Script, ThreadKind, Trace, TraceEvent};

use crate::support::{Lab, load, step};

fn traced(lab: &Lab) -> OpenOptions {
    OpenOptions {
        traced: true,
        ..lab.options()
    }
}

async fn visit(lab: &Lab, options: &OpenOptions, pages: &[&str]) -> Trace {
    let mut page = lab.browser.open(options).await.unwrap();
    for url in pages {
        load(&mut page, url).await;
    }
    let wait = Duration::from_millis(700);
    step(&mut page, "idle", async |page| {
        page.idle(wait).await.unwrap()
    })
    .await;
    page.finish().await.unwrap().trace.unwrap()
}

fn calls<'t>(trace: &'t Trace, function: &str) -> Vec<&'t TraceEvent> {
    let named = |event: &&TraceEvent| {
        event.name == "FunctionCall"
            && event
                .code
                .as_ref()
                .is_some_and(|code| code.function == function)
    };
    trace.events.iter().filter(named).collect()
}

fn script<'t>(trace: &'t Trace, part: &str) -> &'t Script {
    let has = |script: &&Script| {
        script
            .source
            .as_deref()
            .is_some_and(|text| text.contains(part))
    };
    let mut found = trace.scripts.iter().filter(has);
    // The tag holds the texts of the others.
    found.find(|script| script.url.is_empty()).unwrap()
}

fn inside(inner: &TraceEvent, outer: &TraceEvent) -> bool {
    outer.thread == inner.thread
        && (outer.start_us..outer.start_us + outer.wall_us).contains(&inner.start_us)
}

#[tokio::test]
async fn a_traced_visit_tells_who_did_what() {
    // The headless shell gives no frame a process of its own unless it is told to.
    let lab = Lab::with(&["--site-per-process"]).await;
    let trace = visit(&lab, &traced(&lab), &["tagged.html"]).await;
    lab.browser.close().await;
    assert!(!trace.incomplete);
    code_made_by_code_has_its_maker(&trace);
    frames_and_workers_have_threads(&trace);
    requests_have_their_askers(&trace);
    timers_are_joined_by_number(&trace);
    the_profile_and_the_trace_have_one_clock(&trace);
    animations_and_gauges_are_told(&trace);
}

fn code_made_by_code_has_its_maker(trace: &Trace) {
    let inserted = script(trace, "inserted");
    let maker = &inserted.made_by[0].code;
    assert_eq!((maker.function.as_str(), maker.line), ("insert", 10));
    assert!(maker.url.ends_with("/tagged.js"));
    // Its evaluation, which has no URL, has its number.
    let evaluation =
        |event: &&TraceEvent| event.name == "EvaluateScript" && event.script == inserted.id;
    assert_eq!(trace.events.iter().filter(evaluation).count(), 1);

    let evaluated = script(trace, "evaluated");
    assert_eq!(evaluated.made_by[0].code.function, "tag");
    assert_eq!(evaluated.made_by[0].code.line, 13);
    let tag = evaluated.made_by[0].script;
    assert_eq!(calls(trace, "evaluated")[0].script, evaluated.id);
    let tag = trace
        .scripts
        .iter()
        .find(|script| script.id == tag)
        .unwrap();
    assert!(tag.url.ends_with("/tagged.js") && tag.source.as_deref().unwrap().contains("arm()"));

    // An inline script of the document begins where its text does.
    let own = calls(trace, "own")[0];
    let own = trace
        .scripts
        .iter()
        .find(|script| script.id == own.script)
        .unwrap();
    assert!(own.url.ends_with("/tagged.html") && own.made_by.is_empty());
    assert_eq!((own.line, own.column), (11, 47));
}

fn frames_and_workers_have_threads(trace: &Trace) {
    let attached = trace
        .frames
        .iter()
        .find(|frame| frame.url.ends_with("?attached"));
    let attached = attached.unwrap();
    assert_eq!(attached.made_by[0].code.function, "attach");
    assert_eq!(attached.made_by[0].code.line, 18);
    assert_eq!(attached.parent, trace.threads[0].frame);
    let standing = trace
        .frames
        .iter()
        .find(|frame| frame.url.ends_with("/inner.html"));
    assert!(standing.unwrap().made_by.is_empty());

    assert_eq!(trace.threads[0].kind, ThreadKind::Page);
    assert!(trace.threads[0].url.ends_with("/tagged.html"));
    let of = |kind: ThreadKind| {
        let mut found = trace.threads.iter().enumerate();
        found.find(|(_, thread)| thread.kind == kind).unwrap()
    };
    let (frame, thread) = of(ThreadKind::Frame);
    assert_eq!((&thread.url, &thread.frame), (&attached.url, &attached.id));
    assert!(thread.cpu_us > 0.0);
    // The frame of the page's own site runs on the page's thread.
    let mut inner: Vec<usize> = calls(trace, "inner")
        .iter()
        .map(|c| c.thread as usize)
        .collect();
    inner.sort_unstable();
    assert_eq!(inner, [0, frame]);
    let (worker, thread) = of(ThreadKind::Worker);
    assert!(thread.url.ends_with("/worker.js"), "{thread:?}");
    assert_eq!(thread.frame, trace.threads[0].frame);
    assert!(thread.cpu_us > 0.0);
    assert_eq!(calls(trace, "inWorker")[0].thread as usize, worker);

    let tasks = trace
        .events
        .iter()
        .filter(|event| event.name == "RunTask" && event.thread == 0);
    let cpu_us: f64 = tasks.map(|task| task.cpu_us).sum();
    assert!((trace.threads[0].cpu_us / cpu_us - 1.0).abs() < 0.1);
}

fn requests_have_their_askers(trace: &Trace) {
    let of = |part: &str| {
        let found = trace
            .fetches
            .iter()
            .filter(|fetch| fetch.url.contains(part));
        found.collect::<Vec<_>>()
    };
    let tag = of("/tagged.js")[0];
    assert_eq!(
        (tag.initiator.as_str(), tag.api.as_str()),
        ("parser", "script")
    );
    assert_eq!((tag.kind.as_str(), tag.status), ("Script", 200));
    assert!(tag.initiator_url.ends_with("/tagged.html") && tag.decoded_bytes > 500.0);
    assert!(tag.end_us >= tag.response_us && tag.response_us > Some(tag.start_us));
    // Each hop is a request of the one who asked for the first.
    for hop in ["/redirect", "/request?redirected"] {
        let fetch = of(hop)[0];
        assert_eq!(
            (fetch.initiator.as_str(), fetch.api.as_str()),
            ("script", "fetch")
        );
        assert_eq!(
            (
                fetch.stack[0].code.function.as_str(),
                fetch.stack[0].code.line
            ),
            ("ask", 23)
        );
    }
    assert_eq!(of("/request?redirected")[0].status, 200);
    let from_worker = of("/request?worker")[0];
    let thread = &trace.threads[from_worker.thread as usize];
    assert_eq!(thread.kind, ThreadKind::Worker);
    let document = of("/tagged.html")[0];
    assert_eq!(
        (document.kind.as_str(), document.frame.as_str()),
        ("Document", trace.threads[0].frame.as_str())
    );
}

fn timers_are_joined_by_number(trace: &Trace) {
    let asked = |name: &str, function: &str| {
        let mut found = trace.events.iter().filter(|event| event.name == name);
        found
            .find(|event| {
                event
                    .code
                    .as_ref()
                    .is_some_and(|code| code.function == function)
            })
            .unwrap()
    };
    let ran = |name: &str, id: u32| {
        let found = trace
            .events
            .iter()
            .filter(|event| event.name == name && event.id == id);
        found.collect::<Vec<_>>()
    };
    let install = asked("TimerInstall", "arm");
    assert_eq!(install.delay_ms, Some(40.0));
    assert_eq!(install.code.as_ref().unwrap().line, 27);
    let [fire] = ran("TimerFire", install.id)[..] else {
        panic!("one timer fires once, in whichever document");
    };
    assert!(inside(calls(trace, "later")[0], fire));
    let told = asked("SchedulePostMessage", "tell");
    let [heard] = ran("HandlePostMessage", told.id)[..] else {
        panic!("one message is handled once");
    };
    assert!(inside(calls(trace, "heard")[0], heard));
}

fn the_profile_and_the_trace_have_one_clock(trace: &Trace) {
    let profile = trace.profile.as_ref().unwrap();
    assert!(profile.times_us.is_sorted() && profile.times_us.len() == profile.samples.len());
    let parents = profile.nodes.iter().enumerate();
    assert!(
        parents
            .clone()
            .all(|(at, node)| node.parent.is_none_or(|parent| (parent as usize) < at))
    );
    let later = calls(trace, "later")[0];
    let span = later.start_us..later.start_us + later.wall_us;
    let burns = |node: u32| profile.nodes[node as usize].code.function == "burn";
    let samples = || profile.times_us.iter().zip(&profile.samples);
    let within: Vec<_> = samples().filter(|(at, _)| span.contains(*at)).collect();
    let burning = within.iter().filter(|(_, node)| burns(**node)).count();
    assert!(
        burning >= 5 && burning * 10 >= within.len() * 8,
        "{burning} of {}",
        within.len()
    );
    // Two samples' time is what an interrupted stack may come late.
    let about = span.start - 2e3..span.end + 2e3;
    let all: Vec<_> = samples().filter(|(_, node)| burns(**node)).collect();
    let outside = all.iter().filter(|(at, _)| !about.contains(*at)).count();
    assert!(outside * 20 <= all.len(), "{outside} of {}", all.len());
    let burn = profile
        .nodes
        .iter()
        .find(|node| node.code.function == "burn")
        .unwrap();
    assert_eq!(burn.code.line, 2);
    assert_eq!(burn.lines[0].0, 4, "{:?}", burn.lines);
}

fn animations_and_gauges_are_told(trace: &Trace) {
    let of = |name: &str| {
        trace
            .animations
            .iter()
            .find(|animation| animation.name == name)
            .unwrap()
    };
    assert!(!of("spin").on_main_thread && of("glow").on_main_thread);
    assert!(of("glow").element.contains("dear") && of("glow").end_us.is_none());
    let gauges = &trace.gauges;
    assert!(gauges.last().unwrap().nodes > 20.0 && gauges.last().unwrap().heap_bytes > 1e5);
    let apart = gauges.windows(2).map(|pair| pair[1].at_us - pair[0].at_us);
    assert!(apart.rev().skip(1).all(|us| us >= 20_000.0));
}

#[tokio::test]
async fn a_page_in_another_process_has_scripts_and_a_profile_of_its_own() {
    let lab = Lab::new().await;
    let pages = ["tagged.html", "http://other.example/tagged.html"];
    let trace = visit(&lab, &traced(&lab), &pages).await;
    lab.browser.close().await;
    assert!(trace.profile.is_some());
    let scripts = trace.scripts.iter();
    let mut urls = scripts
        .map(|script| script.url.as_str())
        .filter(|url| !url.is_empty());
    assert!(
        urls.all(|url| !url.contains("shop.test")),
        "{:?}",
        trace.scripts
    );
    let call = *calls(&trace, "later").last().unwrap();
    let script = trace
        .scripts
        .iter()
        .find(|script| script.id == call.script)
        .unwrap();
    assert_eq!(script.url, "http://other.example/tagged.js");
}

#[tokio::test]
async fn the_next_document_of_a_process_keeps_the_scripts_of_the_last() {
    let lab = Lab::new().await;
    let trace = visit(&lab, &traced(&lab), &["tagged.html", "forced.html"]).await;
    lab.browser.close().await;
    for file in ["/tagged.js", "/forced.js"] {
        assert!(
            trace
                .scripts
                .iter()
                .any(|script| script.url.ends_with(file)),
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_kept_trace_is_one_json_object_with_all_events() {
    let lab = Lab::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traces/block001-0-control.json.gz");
    let options = OpenOptions {
        keep_trace: Some(path.clone()),
        ..traced(&lab)
    };
    let trace = visit(&lab, &options, &["plain.html"]).await;
    lab.browser.close().await;
    let mut text = String::new();
    let file = File::open(path).unwrap();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    let events = whole["traceEvents"].as_array().unwrap();
    assert!(events.len() > trace.events.len());
    let again = tagperf::browser::read_trace([text.as_bytes()], &trace.threads[0].frame);
    assert_eq!(again.events, trace.events);
}

#[tokio::test]
async fn a_kept_trace_that_cannot_be_written_is_a_fault() {
    let lab = Lab::new().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let options = OpenOptions {
        keep_trace: Some(file.path().join("trace.json.gz")),
        ..traced(&lab)
    };
    let mut page = lab.browser.open(&options).await.unwrap();
    load(&mut page, "plain.html").await;
    let fault = page.finish().await.unwrap_err();
    assert!(fault.to_string().contains("trace.json.gz"), "{fault}");
    lab.browser.close().await;
}
