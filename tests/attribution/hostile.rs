//! Whatever a trace says of who made what, attribution ends, and every figure is sound.

use proptest::collection::vec;
use proptest::prelude::*;
use tagperf::attribute::places::fill;
use tagperf::model::{Act, ChildFrame, Severity, Trace};

use super::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(&["", "https://shop.test/", TAG.0, OTHER.0, "blob:https://shop.test/1", "tagperf:x"][..])
            .prop_map(String::from),
        1 => Just("\0\u{202e}?#".to_owned()),
        1 => any::<String>(),
    ]
}

fn place() -> impl Strategy<Value = CodeLocation> {
    let number = || prop_oneof![4 => 0_u32..4, 1 => any::<u32>()];
    (text(), text(), number(), number()).prop_map(|(url, function, line, column)| CodeLocation {
        url,
        function,
        line,
        column,
    })
}

/// Of eight scripts, so that many made each other in a circle.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0_u32..8, 1 => any::<u32>()]
}

fn stack() -> impl Strategy<Value = Vec<StackFrame>> {
    vec((place(), number()), 0..3).prop_map(|frames| {
        let frames = frames.into_iter();
        frames
            .map(|(code, script)| StackFrame { code, script })
            .collect()
    })
}

fn script() -> impl Strategy<Value = Script> {
    let source = proptest::option::of(prop_oneof![
        any::<String>(),
        Just("é🙂\r\n\t(function(){".repeat(20))
    ]);
    let map = proptest::option::of(any::<String>());
    (number(), text(), place(), stack(), source, map).prop_map(
        |(id, url, at, made_by, source, source_map)| Script {
            id,
            url,
            line: at.line,
            column: at.column,
            made_by,
            source,
            source_map,
            frame: "1".into(),
            ..Script::default()
        },
    )
}

fn frame() -> impl Strategy<Value = ChildFrame> {
    (0_u32..4, 0_u32..4, text(), stack()).prop_map(|(id, parent, url, made_by)| ChildFrame {
        id: id.to_string(),
        parent: parent.to_string(),
        url,
        made_by,
    })
}

fn fetch() -> impl Strategy<Value = Fetch> {
    let bytes = prop_oneof![any::<f64>(), Just(5.0)];
    (text(), text(), stack(), 0_u32..4, bytes).prop_map(
        |(url, initiator_url, stack, frame, encoded_bytes)| Fetch {
            url,
            initiator_url,
            stack,
            frame: frame.to_string(),
            encoded_bytes,
            kind: ["Script", "Image"][frame as usize % 2].into(),
            ..Fetch::default()
        },
    )
}

fn thread() -> impl Strategy<Value = TraceThread> {
    let kind =
        proptest::sample::select(&[ThreadKind::Page, ThreadKind::Frame, ThreadKind::Worker][..]);
    (kind, text(), 0_u32..4, any::<f64>()).prop_map(|(kind, url, frame, cpu_us)| TraceThread {
        kind,
        url,
        frame: frame.to_string(),
        cpu_us,
    })
}

fn absurd_profile() -> impl Strategy<Value = Profile> {
    let node = (
        place(),
        number(),
        proptest::option::of(number()),
        vec((0_u32..9, any::<u32>()), 0..3),
    );
    let node = node.prop_map(|(code, script, parent, lines)| ProfileNode {
        code,
        script,
        parent,
        lines,
    });
    let samples = vec((prop_oneof![0.0..4e6, any::<f64>()], number()), 0..40);
    (vec(node, 0..20), samples).prop_map(|(nodes, samples)| {
        let (times_us, samples) = samples.into_iter().unzip();
        Profile {
            nodes,
            times_us,
            samples,
        }
    })
}

fn trace() -> impl Strategy<Value = Visit> {
    let event = (proptest::option::of(place()), number());
    let parts = (
        vec(script(), 0..10),
        vec(frame(), 0..5),
        vec(fetch(), 0..6),
        vec(thread(), 0..4),
        proptest::option::of(absurd_profile()),
    );
    (
        visits::absurd::visit(),
        parts,
        vec(event, 0..30),
        vec(place(), 0..4),
    )
        .prop_map(
            |(mut visit, (scripts, frames, fetches, threads, profile), events, acts)| {
                let trace = visit.trace.get_or_insert_default();
                let names = [
                    "RunMicrotasks",
                    "ScheduleStyleRecalculation",
                    "TimerInstall",
                    "MajorGC",
                    "v8.compile",
                ];
                for (nth, (code, script)) in events.into_iter().enumerate() {
                    trace.events.push(TraceEvent {
                        code,
                        script,
                        ..event_at(names[nth % names.len()], nth)
                    });
                }
                *trace = Trace {
                    events: std::mem::take(&mut trace.events),
                    scripts,
                    frames,
                    fetches,
                    threads,
                    profile,
                    ..Trace::default()
                };
                visit.inventory = Some(Inventory {
                    listeners: acts.iter().cloned().map(listener).collect(),
                    acts: acts.into_iter().map(act).collect(),
                    ..Inventory::default()
                });
                visit
            },
        )
}

fn event_at(name: &str, nth: usize) -> TraceEvent {
    event(name, nth as f64 * 100_000.0, 90_000.0)
}

fn listener(code: CodeLocation) -> Listener {
    Listener {
        code,
        ..Listener::default()
    }
}

fn act(code: CodeLocation) -> Act {
    Act {
        kind: "worker".into(),
        what: code.url.clone(),
        code,
        ..Act::default()
    }
}

fn assert_sound(found: &Attribution) -> Result<(), TestCaseError> {
    let sound = |spread: tagperf::model::Spread| {
        let all = [spread.low, spread.median, spread.high];
        all.is_sorted() && all.iter().all(|value| value.is_finite() && *value >= 0.0)
    };
    prop_assert!(sound(found.main_cpu_ms) && sound(found.unknown_share) && sound(found.called_ms));
    prop_assert!(found.unknown_share.high <= 1.0 + 1e-9);
    for of in &found.owners {
        let spreads = [
            of.main_cpu_ms,
            of.forced_layout_ms,
            of.gc_ms,
            of.requests,
            of.bytes,
            of.timers,
            of.listeners,
            of.worker_cpu_ms,
            of.frame_cpu_ms,
        ];
        prop_assert!(spreads.into_iter().all(sound), "{of:?}");
    }
    Ok(())
}

fn finding(culprit: CodeLocation) -> Finding {
    Finding {
        id: "x".into(),
        severity: Severity::Note,
        tag: "heatmap".into(),
        original: None,
        hot: None,
        excerpt: None,
        chain: vec![],
        summary: String::new(),
        culprit: Some(culprit),
        step: None,
        figures: vec![],
        seen_in: 1,
        seen_of: 1,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_trace_is_too_absurd(visits in vec(trace(), 1..3), culprits in vec(place(), 0..4)) {
        assert_sound(&attributed(visits.clone()))?;
        let mut findings: Vec<Finding> = culprits.into_iter().map(finding).collect();
        fill(&mut findings, &[contrast()], &trials(visits));
        for finding in findings {
            if let Some(excerpt) = finding.excerpt {
                prop_assert!(excerpt.at < excerpt.lines.len() && excerpt.lines.len() <= 5);
                prop_assert!(excerpt.lines.iter().all(|line| line.chars().count() <= 160));
            }
        }
    }
}

#[test]
fn thousands_of_frames_and_callers_are_no_more_work_than_they_are_many() {
    let mut visit = visit(vec![event("RunTask", 0.0, 1e6), call(0.0, 1e6, OTHER)]);
    let trace = visit.trace.as_mut().unwrap();
    // Each made by the one before, and the first by the last.
    let count = 20_000_u32;
    trace.scripts = (0..count)
        .map(|nth| Script {
            id: nth + 1,
            made_by: vec![StackFrame {
                script: (nth + count - 1) % count + 1,
                ..StackFrame::default()
            }],
            ..Script::default()
        })
        .collect();
    trace.frames = (0..count)
        .map(|nth| ChildFrame {
            id: nth.to_string(),
            parent: ((nth + 1) % count).to_string(),
            ..ChildFrame::default()
        })
        .collect();
    let nodes: Vec<(Code, Option<u32>)> = (0..count).map(|nth| (TAG, nth.checked_sub(1))).collect();
    trace.profile = Some(profile(&nodes, &vec![count - 1; 1000]));
    for nth in 0..200_000 {
        trace.events.push(event(
            "EventDispatch",
            f64::from(nth),
            1e6 - 2.0 * f64::from(nth),
        ));
    }
    let found = attributed(vec![visit]);
    assert_sound(&found).unwrap();
}
