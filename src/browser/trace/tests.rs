use proptest::prelude::*;

use super::super::ThreadKind;
use super::*;

fn read(text: &str) -> Trace {
    let mut reader = Reader::new("MAIN");
    reader.push(text.as_bytes());
    reader.finish()
}

/// A trace whose page is thread 7 of process 7, with these events besides.
fn trace(events: &str) -> String {
    let start =
        r#"{"name":"navigationStart","ph":"R","pid":7,"tid":7,"ts":1,"args":{"frame":"MAIN"}}"#;
    format!("{{\"traceEvents\":[\n{start},\n{events}],\"metadata\":{{\"traceEvents\":[1]}}}}")
}

fn names(trace: &Trace) -> Vec<&str> {
    trace
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect()
}

#[test]
fn only_the_pages_main_thread_and_known_events_are_kept() {
    let trace = read(&trace(
        r#"{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"tdur":4,"args":{}},
           {"name":"RunTask","ph":"X","pid":7,"tid":8,"ts":6,"dur":9,"args":{}},
           {"name":"RunTask","ph":"X","pid":9,"tid":9,"ts":7,"dur":9,"args":{}},
           {"name":"navigationStart","ph":"R","pid":9,"tid":9,"ts":7,"args":{"frame":"OTHER"}},
           {"name":"AnimationFrame","ph":"b","pid":7,"tid":7,"ts":8,"args":{}},
           {"name":"largestContentfulPaint::Candidate","ph":"R","pid":7,"tid":7,"ts":8,"args":{"frame":"CHILD"}}"#,
    ));
    assert_eq!(names(&trace), ["navigationStart", "RunTask"]);
    let task = &trace.events[1];
    assert_eq!((task.start_us, task.wall_us, task.cpu_us), (5.0, 9.0, 4.0));
    assert!(!trace.incomplete);
}

#[test]
fn code_is_named_where_the_event_has_it() {
    let trace = read(&trace(
        r#"{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":2,"dur":9,"args":{"data":{"functionName":"f","url":"http://a/b.js","lineNumber":3,"columnNumber":14}}},
           {"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":3,"dur":1,"args":{"data":{"type":"scroll"}}},
           {"name":"Layout","ph":"X","pid":7,"tid":7,"ts":4,"dur":1,"args":{"beginData":{"stackTrace":[{"functionName":"inner","url":"u","lineNumber":1,"columnNumber":2},{"functionName":"outer","url":"u","lineNumber":9,"columnNumber":9}]}}},
           {"name":"Layout","ph":"X","pid":7,"tid":7,"ts":6,"dur":1,"args":{"beginData":{"frame":"MAIN"}}},
           {"name":"TimerInstall","ph":"I","pid":7,"tid":7,"ts":7,"args":{"data":{"stackTrace":[{"functionName":"asker","url":"u","lineNumber":-1,"columnNumber":0}]}}},
           {"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":8,"dur":1,"args":{"data":{}}}"#,
    ));
    let [_, call, dispatch, forced, layout, timer, anonymous] = &trace.events[..] else {
        panic!("{:?}", names(&trace));
    };
    assert_eq!(
        call.code.as_ref().unwrap().to_string(),
        "f http://a/b.js:3:14"
    );
    assert_eq!(dispatch.kind.as_deref(), Some("scroll"));
    assert_eq!(
        (
            forced.forced,
            forced.code.as_ref().unwrap().function.as_str()
        ),
        (true, "inner")
    );
    assert_eq!((layout.forced, &layout.code), (false, &None));
    assert_eq!(
        timer.code.as_ref().unwrap().line,
        0,
        "unknown, not minus one"
    );
    assert_eq!(anonymous.code, None);
}

#[test]
fn parents_come_before_their_children() {
    let trace = read(&trace(
        r#"{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":5,"dur":3,"args":{}},
           {"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":5,"dur":8,"args":{}},
           {"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":4,"dur":9,"args":{}}"#,
    ));
    assert_eq!(
        names(&trace)[1..],
        ["RunTask", "EventDispatch", "FunctionCall"]
    );
}

#[test]
fn what_was_going_on_at_the_end_lasts_until_the_end() {
    let trace = read(&trace(
        r#"{"name":"RunTask","ph":"B","pid":7,"tid":7,"ts":10,"args":{}},
           {"name":"Paint","ph":"X","pid":1,"tid":1,"ts":90,"dur":20,"args":{}}"#,
    ));
    assert_eq!(trace.events[1].wall_us, 100.0);
}

#[test]
fn a_trace_that_breaks_off_is_incomplete_and_keeps_what_came() {
    let whole = trace(r#"{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"args":{}}"#);
    let broken = read(&whole[..whole.find("],\"metadata").unwrap()]);
    assert!(broken.incomplete);
    assert_eq!(names(&broken), ["navigationStart", "RunTask"]);
    for text in [
        "",
        "{",
        "[]",
        "{\"traceEvents\"",
        "no trace at all",
        "{\"traceEvents\":[{",
    ] {
        let trace = read(text);
        assert!(trace.incomplete && trace.events.is_empty(), "{text:?}");
    }
}

#[test]
fn events_that_cannot_be_read_cost_only_themselves() {
    let trace = read(&trace(
        r#"{"name":7},{"ph":"X"},{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":1,"args":{"data":"]}\"{["}}"#,
    ));
    assert_eq!(names(&trace), ["navigationStart", "RunTask"]);
    assert!(trace.incomplete);
}

#[test]
fn the_pages_own_texts_are_cut() {
    let long = "x".repeat(100_000);
    let trace = read(&trace(&format!(
        r#"{{"name":"FunctionCall","ph":"X","pid":7,"tid":7,"ts":2,"args":{{"data":{{"functionName":"{long}","url":"data:{long}"}}}}}}"#
    )));
    let code = trace.events[1].code.as_ref().unwrap();
    assert!(code.function.len() <= 200 && code.url.len() <= 2000);
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same_trace(size in 1_usize..60) {
        let text = trace(
            r#"{"name":"EventDispatch","ph":"X","pid":7,"tid":7,"ts":3,"dur":1,"args":{"data":{"type":"a\"]}\\"}}},
               {"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"dur":9,"args":{"data":[[{}]]}}"#,
        );
        let mut reader = Reader::new("MAIN");
        for piece in text.as_bytes().chunks(size) {
            reader.push(piece);
        }
        prop_assert_eq!(reader.finish(), read(&text));
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut reader = Reader::new("MAIN");
        reader.push(b"{\"traceEvents\":[");
        reader.push(&bytes);
        reader.finish();
    }
}

#[test]
fn a_thread_that_runs_no_page_is_passed_over_from_its_name_on() {
    let trace = read(&trace(
        r#"{"name":"thread_name","ph":"M","pid":7,"tid":9,"ts":0,"args":{"name":"Compositor"}},
           {"name":"thread_name","ph":"M","pid":7,"tid":7,"ts":0,"args":{"name":"CrRendererMain"}},
           {"name":"CommitLoad","ph":"X","pid":7,"tid":9,"ts":3,"args":{"data":{"frame":"F","url":"http://f/"}}},
           {"name":"RunTask","ph":"X","pid":7,"tid":9,"ts":5,"dur":1,"args":{}}"#,
    ));
    assert_eq!(names(&trace), ["navigationStart"]);
    assert_eq!(trace.threads.len(), 1);
}

#[test]
fn frames_in_other_processes_and_workers_have_threads() {
    let trace = read(&trace(
        r#"{"name":"CommitLoad","ph":"X","pid":7,"tid":7,"ts":2,"args":{"data":{"frame":"MAIN","url":"http://m/"}}},
           {"name":"CommitLoad","ph":"X","pid":8,"tid":8,"ts":3,"args":{"data":{"frame":"F","url":"http://f/1"}}},
           {"name":"CommitLoad","ph":"X","pid":8,"tid":8,"ts":4,"args":{"data":{"frame":"F","url":"http://f/2","parent":"MAIN"}}},
           {"name":"CommitLoad","ph":"X","pid":9,"tid":9,"ts":4,"args":{"data":{"frame":"X","url":"chrome://x/"}}},
           {"name":"TracingSessionIdForWorker","ph":"I","pid":7,"tid":12,"ts":5,"args":{"data":{"frame":"MAIN","url":"blob:w","workerThreadId":12}}},
           {"name":"RunTask","ph":"X","pid":8,"tid":8,"ts":6,"dur":9,"tdur":5,"args":{}},
           {"name":"RunTask","ph":"X","pid":8,"tid":8,"ts":7,"dur":1,"tdur":1,"args":{}},
           {"name":"RunTask","ph":"X","pid":9,"tid":9,"ts":6,"dur":9,"tdur":5,"args":{}},
           {"name":"FunctionCall","ph":"X","pid":7,"tid":12,"ts":8,"dur":1,"args":{"data":{"functionName":"w","scriptId":"3"}}}"#,
    ));
    let [page, frame, worker] = &trace.threads[..] else {
        panic!("{:?}", trace.threads);
    };
    assert_eq!(
        (page.kind, page.url.as_str(), page.frame.as_str()),
        (ThreadKind::Page, "http://m/", "MAIN")
    );
    assert_eq!(
        (frame.kind, frame.url.as_str(), frame.frame.as_str()),
        (ThreadKind::Frame, "http://f/2", "F")
    );
    // The task inside the other counts once.
    assert_eq!(frame.cpu_us, 5.0);
    assert_eq!(
        (worker.kind, worker.url.as_str()),
        (ThreadKind::Worker, "blob:w")
    );
    let threads: Vec<u32> = trace.events.iter().map(|event| event.thread).collect();
    assert_eq!(threads, [0, 1, 1, 2]);
    assert_eq!(trace.events[3].script, 0, "workers number their own");
    assert_eq!(trace.frames.len(), 1);
    assert_eq!(
        (
            trace.frames[0].url.as_str(),
            trace.frames[0].parent.as_str()
        ),
        ("http://f/2", "")
    );
}

#[test]
fn numbers_of_two_documents_are_two() {
    let trace = read(&trace(
        r#"{"name":"TimerInstall","ph":"I","pid":7,"tid":7,"ts":2,"args":{"data":{"frame":"MAIN","timerId":1,"timeout":50}}},
           {"name":"TimerInstall","ph":"I","pid":7,"tid":7,"ts":3,"args":{"data":{"frame":"F","timerId":1,"timeout":0}}},
           {"name":"RequestAnimationFrame","ph":"I","pid":7,"tid":7,"ts":4,"args":{"data":{"frame":"F","id":1}}},
           {"name":"TimerFire","ph":"X","pid":7,"tid":7,"ts":5,"args":{"data":{"frame":"F","timerId":1}}},
           {"name":"TimerFire","ph":"X","pid":7,"tid":7,"ts":6,"args":{"data":{"frame":"MAIN","timerId":1}}}"#,
    ));
    let ids: Vec<u32> = trace.events[1..].iter().map(|event| event.id).collect();
    assert_eq!([ids[3], ids[4]], [ids[1], ids[0]]);
    assert!(ids[0] != ids[1] && ids[2] != ids[1] && ids[2] != 0);
    assert_eq!(trace.events[1].delay_ms, Some(50.0));
}

#[test]
fn an_evaluation_has_the_number_of_what_it_compiled() {
    let trace = read(&trace(
        r#"{"name":"EvaluateScript","ph":"X","pid":7,"tid":7,"ts":2,"dur":50,"args":{"data":{"url":"http://a/","scriptId":0}}},
           {"name":"v8.compile","ph":"X","pid":7,"tid":7,"ts":3,"dur":1,"args":{"data":{"url":"http://a/","scriptId":5}}},
           {"name":"EvaluateScript","ph":"X","pid":7,"tid":7,"ts":10,"dur":9,"args":{"data":{"url":"","scriptId":0}}},
           {"name":"v8.compile","ph":"X","pid":7,"tid":7,"ts":11,"dur":1,"args":{"data":{"url":"","scriptId":6}}},
           {"name":"v8.compile","ph":"X","pid":7,"tid":7,"ts":30,"dur":1,"args":{"data":{"url":"","scriptId":7}}}"#,
    ));
    let evaluations = trace
        .events
        .iter()
        .filter(|event| event.name == "EvaluateScript");
    let scripts: Vec<u32> = evaluations.map(|event| event.script).collect();
    assert_eq!(scripts, [5, 6]);
}

#[test]
fn requests_are_put_together_and_redirects_are_their_own() {
    let stack = r#"[{"functionName":"ask","scriptId":"4","url":"http://t/t.js","lineNumber":2,"columnNumber":3}]"#;
    let trace = read(&trace(&format!(
        r#"{{"name":"ResourceSendRequest","ph":"I","pid":7,"tid":7,"ts":2,"args":{{"data":{{"requestId":"7.2","url":"http://t/a","requestMethod":"POST","resourceType":"Other","initiator":{{"type":"script","fetchType":"beacon"}},"stackTrace":{stack}}}}}}},
           {{"name":"ResourceSendRequest","ph":"I","pid":7,"tid":7,"ts":4,"args":{{"data":{{"requestId":"7.2","url":"http://t/b","initiator":{{"type":"parser","fetchType":"beacon","url":"http://m/"}}}}}}}},
           {{"name":"ResourceReceiveResponse","ph":"I","pid":7,"tid":7,"ts":5,"args":{{"data":{{"requestId":"7.2","statusCode":204,"headers":[{{"name":"a","value":"b"}}]}}}}}},
           {{"name":"ResourceReceivedData","ph":"I","pid":7,"tid":7,"ts":6,"args":{{"data":{{"requestId":"7.2","encodedDataLength":30}}}}}},
           {{"name":"ResourceFinish","ph":"I","pid":7,"tid":7,"ts":7,"args":{{"data":{{"requestId":"7.2","encodedDataLength":130,"decodedBodyLength":60,"didFail":false}}}}}},
           {{"name":"ResourceFinish","ph":"I","pid":8,"tid":8,"ts":9,"args":{{"data":{{"requestId":"7.2","decodedBodyLength":1}}}}}},
           {{"name":"ResourceSendRequest","ph":"I","pid":7,"tid":7,"ts":8,"args":{{"data":{{"requestId":"7.3","url":"http://t/bg.svg","initiator":{{"type":"parser","fetchType":"css","url":"http://t/s.css"}},"isLinkPreload":false,"renderBlocking":"blocking","priority":"Low"}}}}}}"#
    )));
    let [first, second, styled] = &trace.fetches[..] else {
        panic!("{:?}", trace.fetches);
    };
    assert_eq!(
        (first.status, first.end_us, first.method.as_str()),
        (0, Some(4.0), "POST")
    );
    assert_eq!(
        (second.status, second.end_us, second.response_us),
        (204, Some(7.0), Some(5.0))
    );
    assert_eq!((second.encoded_bytes, second.decoded_bytes), (130.0, 60.0));
    for hop in [first, second] {
        assert_eq!(
            (hop.initiator.as_str(), hop.initiator_url.as_str()),
            ("script", "http://t/t.js")
        );
        assert_eq!((hop.stack[0].script, hop.stack[0].code.line), (4, 2));
    }
    assert_eq!(
        (styled.initiator.as_str(), styled.initiator_url.as_str()),
        ("css", "http://t/s.css")
    );
}

#[test]
fn animations_end_and_say_whether_the_compositor_refused() {
    let event = |ph: &str, id: u32, data: &str| {
        format!(
            r#"{{"name":"Animation","ph":"{ph}","pid":7,"tid":7,"ts":{id},"id2":{{"local":"{id}"}},"args":{{"data":{{{data}}}}}}}"#
        )
    };
    let trace = read(&trace(
        &[
            event(
                "b",
                1,
                r#""displayName":"spin","nodeName":"DIV id='x'","state":"running""#,
            ),
            event("n", 1, r#""state":"running""#),
            event(
                "b",
                2,
                r#""displayName":"","name":"mine","state":"running""#,
            ),
            event(
                "n",
                2,
                r#""compositeFailed":8192,"unsupportedProperties":["left"]"#,
            ),
            event("e", 2, ""),
        ]
        .join(","),
    ));
    let [spin, mine] = &trace.animations[..] else {
        panic!("{:?}", trace.animations);
    };
    assert_eq!(
        (spin.name.as_str(), spin.element.as_str()),
        ("spin", "DIV id='x'")
    );
    assert_eq!((spin.on_main_thread, spin.end_us), (false, None));
    assert_eq!(
        (mine.name.as_str(), mine.on_main_thread, mine.end_us),
        ("mine", true, Some(2.0))
    );
}

#[test]
fn gauges_are_thinned_out_to_the_last() {
    let gauge = |ts: u32| {
        format!(
            r#"{{"name":"UpdateCounters","ph":"I","pid":7,"tid":7,"ts":{ts},"args":{{"data":{{"nodes":{ts},"jsEventListeners":1,"jsHeapSizeUsed":9}}}}}}"#
        )
    };
    let events: Vec<String> = [1, 10_000, 20_001, 30_000, 50_000, 50_001]
        .map(gauge)
        .into();
    let trace = read(&trace(&events.join(",")));
    let times: Vec<f64> = trace.gauges.iter().map(|gauge| gauge.at_us).collect();
    assert_eq!(times, [1.0, 20_001.0, 50_000.0, 50_001.0]);
    assert_eq!(trace.gauges[1].nodes, 20_001.0);
}

#[test]
fn an_element_of_many_megabytes_costs_itself_alone() {
    let text = trace(&format!(
        r#"{{"name":"{}","ph":"X","pid":7,"tid":7,"ts":2}},{{"name":"RunTask","ph":"X","pid":7,"tid":7,"ts":5,"args":{{}}}}"#,
        "x".repeat(40 << 20)
    ));
    let read = read_trace(text.as_bytes().chunks(1 << 20), "MAIN");
    assert_eq!(names(&read), ["navigationStart", "RunTask"]);
    assert!(read.incomplete);
}

#[test]
fn a_flood_of_threads_is_bounded() {
    let tasks = (0..30_000).map(|tid| {
        format!(r#"{{"name":"TracingSessionIdForWorker","ph":"I","pid":7,"tid":{tid},"ts":2,"args":{{"data":{{"url":"blob:{tid}"}}}}}}"#)
    });
    let trace = read(&trace(&tasks.collect::<Vec<_>>().join(",")));
    assert!(trace.incomplete && trace.threads.len() <= 10_000);
}

/// One event with whatever a damaged trace or a hostile page could put into it.
fn event() -> impl Strategy<Value = String> {
    let name = prop::sample::select(
        &[
            "RunTask",
            "FunctionCall",
            "EvaluateScript",
            "v8.compile",
            "TimerInstall",
            "TimerFire",
            "Layout",
            "EventDispatch",
            "ParseHTML",
            "CommitLoad",
            "TracingSessionIdForWorker",
            "thread_name",
            "UpdateCounters",
            "Animation",
            "ResourceSendRequest",
            "ResourceReceiveResponse",
            "ResourceFinish",
            "navigationStart",
        ][..],
    );
    let phase = prop::sample::select(&["X", "B", "I", "b", "n", "e", "M"][..]);
    let number = prop::sample::select(
        &[
            "0",
            "1",
            "2",
            "3.5",
            "-1",
            "-1e300",
            "1e300",
            "1e14",
            "18446744073709551615",
            "null",
            "\"7\"",
            "[]",
        ][..],
    );
    let text = prop::sample::select(
        &[
            "",
            "MAIN",
            "F",
            "CrRendererMain",
            "http://a/\\u202e\\u0000",
            "blob:x",
            "running",
            "\\ud83d\\ude00",
            "\\n",
        ][..],
    );
    let numbers = prop::collection::vec(number, 8);
    let texts = prop::collection::vec(text, 4);
    (name, phase, 0..3_u8, numbers, texts).prop_map(|(name, phase, thread, n, t)| {
        let frame = format!(r#"{{"functionName":"{}","scriptId":{},"url":"{}","lineNumber":{},"columnNumber":{}}}"#, t[0], n[0], t[1], n[1], n[2]);
        let data = format!(
            r#""type":"{0}","frame":"{1}","url":"{2}","scriptId":{3},"lineNumber":{4},"timerId":{5},"timeout":{6},"requestId":"{0}","statusCode":{5},"encodedDataLength":{6},"nodes":{6},"compositeFailed":{5},"stackTrace":[{frame}]"#,
            t[0], t[1], t[2], n[0], n[1], n[2], n[3]
        );
        format!(
            r#"{{"name":"{name}","ph":"{phase}","pid":7,"tid":{thread},"ts":{},"dur":{},"tdur":{},"id":{},"args":{{"frame":"{}","name":"{}","data":{{{data}}},"beginData":{{"stackTrace":[{frame}]}}}}}}"#,
            n[4], n[5], n[6], n[7], t[3], t[1]
        )
    })
}

proptest! {
    #[test]
    fn hostile_events_leave_a_sound_trace(
        events in prop::collection::vec(event(), 0..40),
        cut in 0.0..1.2_f64,
        size in 1_usize..300,
    ) {
        let text = trace(&events.join(","));
        let end = ((text.len() as f64 * cut) as usize).min(text.len());
        let text = &text.as_bytes()[..end];
        let trace = read_trace(text.chunks(size), "MAIN");
        prop_assert!(trace == read_trace([text], "MAIN"), "pieces differ from the whole");
        prop_assert!(trace.events.is_sorted_by(|a, b| a.start_us <= b.start_us));
        let threads = trace.threads.len() as u32;
        prop_assert!(threads >= 1);
        for event in &trace.events {
            prop_assert!(event.thread < threads);
            for us in [event.start_us, event.wall_us, event.cpu_us] {
                prop_assert!((0.0..=2e15).contains(&us), "{event:?}");
            }
        }
        prop_assert!(trace.fetches.iter().all(|fetch| fetch.thread < threads));
        prop_assert!(trace.threads.iter().all(|thread| thread.cpu_us.is_finite()));
    }
}
