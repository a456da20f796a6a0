use super::*;
use crate::model::{
    Answer, Arm, Counters, Fault, Holdings, Interaction, LargestPaint, LayoutShift, LongTask,
    PageRecord, Request, Slot, StepRecord, Trace, TraceEvent, Visit,
};

fn read(id: &str, visit: &Visit) -> Result<f64, String> {
    let metric = ALL.iter().find(|metric| metric.id == id).unwrap();
    (metric.measure)(&Evidence::new(visit))
}

fn visit(page: PageRecord) -> Visit {
    Visit {
        pages: vec![page],
        ..Visit::default()
    }
}

fn missing(id: &str, visit: &Visit, reason: &str) {
    let error = read(id, visit).unwrap_err();
    assert!(error.contains(reason), "{id}: {error}");
}

fn tasks(tasks: &[(f64, f64)]) -> Vec<LongTask> {
    let task = |&(start_ms, duration_ms)| LongTask {
        start_ms,
        duration_ms,
    };
    tasks.iter().map(task).collect()
}

#[test]
fn paints_come_from_the_first_document() {
    let mut visit = visit(PageRecord {
        first_contentful_paint_ms: Some(80.0),
        largest_contentful_paint: Some(LargestPaint {
            time_ms: 120.0,
            ..LargestPaint::default()
        }),
        load_ms: Some(300.0),
        ..PageRecord::default()
    });
    visit.pages.push(PageRecord {
        first_contentful_paint_ms: Some(900.0),
        ..PageRecord::default()
    });
    assert_eq!(read("fcp", &visit), Ok(80.0));
    assert_eq!(read("lcp", &visit), Ok(120.0));
    assert_eq!(read("load", &visit), Ok(300.0));
}

#[test]
fn a_page_that_painted_nothing_has_no_paint_times() {
    let mut visit = visit(PageRecord::default());
    for id in ["fcp", "lcp", "tbt"] {
        missing(id, &visit, "the page painted no content");
    }
    missing("load", &visit, "the load event did not come");
    visit.pages[0].first_contentful_paint_ms = Some(80.0);
    missing("lcp", &visit, "nothing that counts for LCP");
}

#[test]
fn without_a_page_record_nothing_is_known_of_the_page() {
    for id in [
        "fcp",
        "lcp",
        "load",
        "cls",
        "tbt",
        "long_tasks",
        "long_task_total",
        "longest_task",
    ] {
        missing(id, &Visit::default(), "no page was recorded");
    }
}

#[test]
fn blocking_is_what_long_tasks_have_beyond_50_ms_after_the_first_paint() {
    let mut visit = visit(PageRecord {
        first_contentful_paint_ms: Some(1000.0),
        // Before the paint; astride it with 120 ms after it; astride it with 40 ms after it; after it.
        long_tasks: tasks(&[
            (100.0, 200.0),
            (980.0, 140.0),
            (940.0, 100.0),
            (2000.0, 70.0),
        ]),
        ..PageRecord::default()
    });
    assert_eq!(read("tbt", &visit), Ok(70.0 + 20.0));
    visit.pages.push(PageRecord {
        first_contentful_paint_ms: Some(10.0),
        long_tasks: tasks(&[(20.0, 60.0)]),
        ..PageRecord::default()
    });
    assert_eq!(read("tbt", &visit), Ok(100.0));
}

#[test]
fn long_tasks_of_all_documents_count() {
    let mut visit = visit(PageRecord {
        long_tasks: tasks(&[(0.0, 60.0), (100.0, 90.0)]),
        ..PageRecord::default()
    });
    visit.pages.push(PageRecord {
        long_tasks: tasks(&[(0.0, 55.0)]),
        ..PageRecord::default()
    });
    assert_eq!(read("long_tasks", &visit), Ok(3.0));
    assert_eq!(read("long_task_total", &visit), Ok(205.0));
    assert_eq!(read("longest_task", &visit), Ok(90.0));
}

#[test]
fn shifts_count_by_the_worst_document() {
    let shift = |score| PageRecord {
        shifts: vec![LayoutShift {
            time_ms: 10.0,
            score,
            ..LayoutShift::default()
        }],
        ..PageRecord::default()
    };
    let visit = Visit {
        pages: vec![shift(0.1), shift(0.25), shift(0.05)],
        ..Visit::default()
    };
    assert_eq!(read("cls", &visit), Ok(0.25));
}

#[test]
fn one_interaction_in_fifty_is_left_out() {
    let interactions = |count: u32| -> Vec<Interaction> {
        let one = |nth| Interaction {
            duration_ms: 8.0 * f64::from(nth),
            ..Interaction::default()
        };
        (1..=count).map(one).collect()
    };
    let mut visit = visit(PageRecord {
        interactions: interactions(49),
        ..PageRecord::default()
    });
    assert_eq!(read("inp", &visit), Ok(8.0 * 49.0));
    visit.pages[0].interactions = interactions(50);
    assert_eq!(read("inp", &visit), Ok(8.0 * 49.0));
}

#[test]
fn a_fast_interaction_is_not_the_same_as_none() {
    let step = |kind: &str| StepRecord {
        kind: kind.into(),
        ..StepRecord::default()
    };
    let mut visit = visit(PageRecord::default());
    visit.steps = vec![step("load"), step("idle")];
    missing("inp", &visit, "no interaction in the scenario");
    visit.steps.push(step("click"));
    missing("inp", &visit, "less than the 16 ms");
}

#[test]
fn counters_are_read_or_missing() {
    let mut visit = Visit::default();
    for id in ["cpu", "script", "layout"] {
        missing(id, &visit, "no counters");
    }
    missing("cpu_total", &visit, "does not tell");
    visit.counters = Counters {
        task_ms: 90.0,
        script_ms: 41.0,
        layout_ms: 3.0,
        style_ms: 4.0,
        processes_ms: Some(180.0),
        ..Counters::default()
    };
    assert_eq!(read("cpu", &visit), Ok(90.0));
    assert_eq!(read("script", &visit), Ok(41.0));
    assert_eq!(read("layout", &visit), Ok(7.0));
    assert_eq!(read("cpu_total", &visit), Ok(180.0));
}

#[test]
fn holdings_are_read_or_missing() {
    let mut visit = Visit::default();
    for id in ["js_heap", "dom_nodes", "event_listeners"] {
        missing(id, &visit, "did not tell");
    }
    visit.holdings = Holdings {
        heap_bytes: 2e6,
        dom_nodes: 900.0,
        listeners: 0.0,
    };
    assert_eq!(read("js_heap", &visit), Ok(2e6));
    assert_eq!(read("dom_nodes", &visit), Ok(900.0));
    assert_eq!(read("event_listeners", &visit), Ok(0.0));
}

#[test]
fn scrolling_is_charged_by_scroll_steps() {
    let step = |kind: &str, task_ms| StepRecord {
        kind: kind.into(),
        counters: Counters {
            task_ms,
            ..Counters::default()
        },
        ..StepRecord::default()
    };
    let mut visit = Visit {
        steps: vec![step("load", 80.0)],
        ..Visit::default()
    };
    missing("scroll_cpu", &visit, "no scroll step in the scenario");
    visit.steps.extend([
        step("scroll", 30.0),
        step("idle", 1.0),
        step("scroll", 12.0),
    ]);
    assert_eq!(read("scroll_cpu", &visit), Ok(42.0));
    visit.steps.push(step("scroll", 0.0));
    missing("scroll_cpu", &visit, "no counters");
}

#[test]
fn requests_that_the_arm_cut_off_do_not_count() {
    let request = |answer, sent_bytes| Request {
        body: None,
        headers: vec![],
        start_ms: 0.0,
        duration_ms: 1.0,
        method: "GET".into(),
        url: "https://shop.test/".into(),
        destination: String::new(),
        status: 200,
        sent_bytes,
        received_bytes: 0,
        answer,
    };
    let mut visit = Visit::default();
    missing("requests", &visit, "the stage saw no request");
    missing("bytes", &visit, "the stage saw no request");
    visit.requests = vec![
        request(Answer::Played, 4000),
        request(Answer::Blocked, 0),
        request(Answer::Beacon, 0),
        request(Answer::Missing, 50),
    ];
    assert_eq!(read("requests", &visit), Ok(3.0));
    assert_eq!(read("bytes", &visit), Ok(4050.0));
}

#[test]
fn layouts_within_forced_layouts_count_once() {
    let event = |name: &str, start_us, wall_us, cpu_us, forced| TraceEvent {
        name: name.into(),
        start_us,
        wall_us,
        cpu_us,
        forced,
        ..TraceEvent::default()
    };
    let mut visit = Visit::default();
    missing("forced_layout", &visit, "not traced");
    visit.trace = Some(Trace::default());
    missing("forced_layout", &visit, "no event");
    visit.trace = Some(Trace {
        events: vec![
            event("FunctionCall", 0.0, 9000.0, 8000.0, false),
            event("Layout", 100.0, 3000.0, 2000.0, true),
            event("UpdateLayoutTree", 200.0, 1000.0, 900.0, true),
            event("UpdateLayoutTree", 5000.0, 1000.0, 500.0, true),
            event("Layout", 9500.0, 4000.0, 4000.0, false),
        ],
        incomplete: false,
        ..Trace::default()
    });
    let step = |kind: &str, start_us, end_us| StepRecord {
        kind: kind.into(),
        trace_us: Some((start_us, end_us)),
        ..StepRecord::default()
    };
    visit.steps = vec![step("scroll", 0.0, 20_000.0)];
    assert_eq!(read("forced_layout", &visit), Ok(2.5));
    // Steps of the harness's own, and what it does between steps, are no part of the scenario.
    visit.steps = vec![
        step("scroll", 0.0, 4000.0),
        step(StepRecord::QUIET, 4900.0, 20_000.0),
    ];
    assert_eq!(read("forced_layout", &visit), Ok(2.0));
    visit.trace.as_mut().unwrap().incomplete = true;
    missing("forced_layout", &visit, "incomplete");
}

fn trial(purpose: Purpose, attempt: u32, outcome: Result<Visit, Fault>) -> Trial {
    Trial {
        slot: Slot {
            block: 1,
            position: 0,
            arm: Arm::control(),
            purpose,
        },
        attempt,
        at_s: 0.0,
        outcome,
    }
}

#[test]
fn timings_of_traced_trials_never_mix_with_the_others() {
    let trials = [
        trial(Purpose::Measure, 1, Ok(Visit::default())),
        trial(Purpose::Explain, 1, Ok(Visit::default())),
        trial(Purpose::WarmUp, 1, Ok(Visit::default())),
    ];
    for sample in samples(&trials) {
        let traced = sample.slot.purpose == Purpose::Explain;
        assert_eq!(traced, sample.metric == "forced_layout", "{sample:?}");
    }
    let expected = 2 * (ALL.len() - 1) + 1;
    assert_eq!(samples(&trials).len(), expected);
}

#[test]
fn a_fault_is_the_reason_why_a_metric_is_missing_unless_the_retry_measured_it() {
    let mut measured = Visit::default();
    measured.counters.task_ms = 5.0;
    let cpu = |trials: &[Trial]| -> Vec<Reading> {
        let samples = samples(trials).into_iter();
        let cpu = samples.filter(|sample| sample.metric == "cpu");
        cpu.map(|sample| sample.reading).collect()
    };
    let crash = trial(Purpose::Measure, 1, Err(Fault::PageCrashed));
    let retry = trial(Purpose::Measure, 2, Ok(measured));
    let reason = Reading::Missing("the page's process crashed".into());
    assert_eq!(cpu(std::slice::from_ref(&crash)), [reason]);
    assert_eq!(cpu(&[crash, retry]), [Reading::Value(5.0)]);
}

#[test]
fn an_absurd_number_is_no_value() {
    let mut visit = Visit::default();
    visit.counters.task_ms = f64::INFINITY;
    visit.counters.script_ms = -3.0;
    let samples = samples(&[trial(Purpose::Measure, 1, Ok(visit))]);
    let of = |id| {
        &samples
            .iter()
            .find(|sample| sample.metric == id)
            .unwrap()
            .reading
    };
    for id in ["cpu", "script"] {
        assert!(matches!(of(id), Reading::Missing(_)), "{:?}", of(id));
    }
}

#[test]
fn an_empty_sum_is_a_plain_zero() {
    let samples = samples(&[trial(Purpose::Measure, 1, Ok(visit(PageRecord::default())))]);
    let total = samples
        .iter()
        .find(|sample| sample.metric == "long_task_total");
    let value = total.unwrap().reading.value().unwrap();
    assert!(value == 0.0 && value.is_sign_positive());
}

#[test]
fn the_default_family_spends_the_whole_error_budget() {
    let gated: Vec<&Metric> = ALL.iter().filter(|metric| metric.gated).collect();
    let ids: Vec<&str> = gated.iter().map(|metric| metric.id).collect();
    assert_eq!(ids, ["cpu", "lcp", "tbt", "long_task_total", "scroll_cpu"]);
    let spent: f64 = gated.iter().map(|metric| metric.weight).sum();
    assert!((spent - 1.0).abs() < 1e-12);
    assert!(gated.iter().all(|metric| !metric.needs_trace));
}

#[test]
fn reports_are_told_of_every_metric() {
    let told: Vec<String> = infos().into_iter().map(|info| info.id).collect();
    let all: Vec<&str> = ALL.iter().map(|metric| metric.id).collect();
    assert_eq!(told, all);
}
