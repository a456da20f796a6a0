//! Visits as no browser makes them: any number, any nesting, any text.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tagperf::model::{
    CodeLocation, Counters, Holdings, Interaction, LargestPaint, LayoutShift, LongTask, PageRecord,
    StepRecord, Trace, TraceEvent, Visit,
};

/// Numbers of a real trace's size among all others, so that events nest.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (0_u32..4_000_000).prop_map(f64::from),
        1 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::MAX), Just(-1.0), Just(0.0)],
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop_oneof![Just("https://cdn.vendor.test/tag.js"), Just("https://shop.test/?x")].prop_map(String::from),
        1 => any::<String>(),
        1 => Just("\0\u{202e}\u{feff}?#".to_owned()),
    ]
}

fn code() -> impl Strategy<Value = CodeLocation> {
    (text(), text(), 0_u32..3, 0_u32..3).prop_map(|(url, function, line, column)| CodeLocation {
        url,
        function,
        line,
        column,
    })
}

fn event() -> impl Strategy<Value = TraceEvent> {
    const NAMES: &[&str] = &[
        "RunTask",
        "EventDispatch",
        "FunctionCall",
        "TimerFire",
        "FireAnimationFrame",
        "Layout",
        "UpdateLayoutTree",
    ];
    let name = proptest::sample::select(NAMES);
    let kind = proptest::sample::select(&["scroll", "wheel", "click", ""][..]);
    let times = (number(), number(), number());
    (
        name,
        times,
        option::of(kind),
        option::of(code()),
        any::<bool>(),
    )
        .prop_map(
            |(name, (start_us, wall_us, cpu_us), kind, code, forced)| TraceEvent {
                name: name.into(),
                start_us,
                wall_us,
                cpu_us,
                kind: kind.map(Into::into),
                code,
                forced,
                ..TraceEvent::default()
            },
        )
}

fn counters() -> impl Strategy<Value = Counters> {
    (number(), number(), number(), option::of(number())).prop_map(
        |(task_ms, script_ms, layout_ms, processes_ms)| Counters {
            task_ms,
            script_ms,
            layout_ms,
            processes_ms,
            ..Counters::default()
        },
    )
}

fn step() -> impl Strategy<Value = StepRecord> {
    let kind = proptest::sample::select(&["load", "scroll", "idle", "click", "other"][..]);
    let trace_us = option::of((number(), number()));
    (kind, text(), counters(), trace_us).prop_map(|(kind, text, counters, trace_us)| StepRecord {
        kind: kind.into(),
        text,
        counters,
        trace_us,
        ..StepRecord::default()
    })
}

fn page() -> impl Strategy<Value = PageRecord> {
    let shift = (number(), number(), any::<bool>());
    let interaction = number();
    let task = (number(), number());
    let paints = (
        option::of(number()),
        option::of(number()),
        option::of(number()),
    );
    (
        text(),
        paints,
        vec(shift, 0..6),
        vec(interaction, 0..4),
        vec(task, 0..4),
    )
        .prop_map(
            |(url, (fcp, lcp, load_ms), shifts, interactions, tasks)| PageRecord {
                url,
                first_contentful_paint_ms: fcp,
                largest_contentful_paint: lcp.map(|time_ms| LargestPaint {
                    time_ms,
                    ..LargestPaint::default()
                }),
                load_ms,
                shifts: shifts
                    .into_iter()
                    .map(|(time_ms, score, after_input)| LayoutShift {
                        time_ms,
                        score,
                        after_input,
                        ..LayoutShift::default()
                    })
                    .collect(),
                interactions: interactions
                    .into_iter()
                    .map(|duration_ms| Interaction {
                        duration_ms,
                        ..Interaction::default()
                    })
                    .collect(),
                long_tasks: tasks
                    .into_iter()
                    .map(|(start_ms, duration_ms)| LongTask {
                        start_ms,
                        duration_ms,
                    })
                    .collect(),
                ..PageRecord::default()
            },
        )
}

pub fn visit() -> impl Strategy<Value = Visit> {
    let holdings = (number(), number(), number());
    let trace = option::of((vec(event(), 0..60), any::<bool>()));
    (
        vec(page(), 0..3),
        vec(step(), 0..6),
        counters(),
        holdings,
        trace,
    )
        .prop_map(
            |(pages, steps, counters, (heap_bytes, dom_nodes, listeners), trace)| Visit {
                pages,
                steps,
                counters,
                holdings: Holdings {
                    heap_bytes,
                    dom_nodes,
                    listeners,
                },
                trace: trace.map(|(events, incomplete)| Trace {
                    events,
                    incomplete,
                    ..Trace::default()
                }),
                ..Visit::default()
            },
        )
}
