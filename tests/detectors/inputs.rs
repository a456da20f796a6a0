//! What a tag does for each event of the hand.

use tagperf::model::{Act, After, Fetch, Gauge, Inventory, Listener};

use super::*;
use visits::moved;

const ON_MOVE: (&str, &str, u32, u32) = (TAG.0, "onMove", 9, 20);

fn one(id: &str, with: &[Visit], without: &[Visit]) -> Option<Finding> {
    let findings = found(detector(id), &tag(), with, without);
    assert!(findings.len() <= 1, "{findings:#?}");
    findings.into_iter().next()
}

fn visits(kind: &str, each: fn(&mut Tape, usize)) -> [Visit; 2] {
    [1.0, 1.5].map(|slowness| moved(kind, each, |_, _| {}, slowness))
}

const NOTHING_MOVES: fn(&mut Tape, usize) = |_, _| {};

fn code() -> CodeLocation {
    CodeLocation {
        url: ON_MOVE.0.into(),
        function: ON_MOVE.1.into(),
        line: ON_MOVE.2,
        column: ON_MOVE.3,
    }
}

#[test]
fn work_for_each_move_is_found_and_named() {
    let without = visits("mousemove", NOTHING_MOVES);
    let heavy = visits("mousemove", |tape, _| tape.call(ON_MOVE, 7_000.0));
    let finding = one("heavy_input_handler", &heavy, &without).unwrap();
    assert_eq!(function(&finding), "onMove");
    assert_eq!(finding.step.as_deref(), Some("hover #buy"));
    let light = visits("mousemove", |tape, nth| {
        tape.call(ON_MOVE, if nth == 0 { 90_000.0 } else { 300.0 });
    });
    assert!(one("heavy_input_handler", &light, &without).is_none());
}

#[test]
fn work_in_a_frame_that_a_key_asked_for_is_the_keys() {
    let without = visits("keydown", NOTHING_MOVES);
    let with = [1.0, 1.5].map(|slowness| {
        moved(
            "keydown",
            |tape, nth| {
                tape.call_to(ON_MOVE, |tape| {
                    tape.asks("RequestAnimationFrame", ON_MOVE, nth as u32 + 1);
                });
            },
            |tape, nth| {
                tape.task(|tape| {
                    tape.fires("FireAnimationFrame", nth as u32 + 1, |tape| {
                        tape.call(LATER, 8_000.0);
                    });
                });
            },
            slowness,
        )
    });
    let finding = one("heavy_input_handler", &with, &without).unwrap();
    assert_eq!(function(&finding), "later");
}

#[test]
fn scrolling_is_another_detectors() {
    let without = visits("scroll", NOTHING_MOVES);
    let with = visits("scroll", |tape, _| tape.call(ON_MOVE, 9_000.0));
    assert!(one("heavy_input_handler", &with, &without).is_none());
}

#[test]
fn layouts_forced_one_after_the_other_are_thrashing() {
    let without = visits("mousemove", NOTHING_MOVES);
    let with = visits("mousemove", |tape, _| {
        tape.call_to(ON_MOVE, |tape| {
            for _ in 0..6 {
                tape.forced_layout(MEASURE, 80.0);
            }
        });
    });
    let finding = one("layout_thrashing", &with, &without).unwrap();
    assert_eq!(function(&finding), "measureAll");
    assert_eq!(
        figure(&finding, "forced layouts beyond two per call"),
        (160.0, 0.0)
    );
    let careful = visits("mousemove", |tape, _| {
        tape.call_to(ON_MOVE, |tape| {
            tape.forced_layout(MEASURE, 80.0);
            tape.forced_layout(MEASURE, 80.0);
        });
    });
    assert!(one("layout_thrashing", &careful, &without).is_none());
}

#[test]
fn layouts_of_the_pages_own_code_are_not_the_tags() {
    let without = visits("mousemove", NOTHING_MOVES);
    let with = visits("mousemove", |tape, _| {
        tape.call_to(PAGE, |tape| {
            for _ in 0..6 {
                tape.forced_layout(PAGE, 80.0);
            }
        });
    });
    assert!(one("layout_thrashing", &with, &without).is_none());
}

/// Every so many moves, within the call that the move made.
fn times_ms(visit: &Visit, every: usize) -> Vec<f64> {
    let events = &visit.trace.as_ref().unwrap().events;
    let start = events.iter().find(|event| event.name == "navigationStart");
    let start = start.unwrap().start_us;
    let calls = events.iter().filter(|event| event.name == "FunctionCall");
    calls
        .step_by(every)
        .map(|call| (call.start_us + 20.0 - start) / 1e3)
        .collect()
}

fn with_acts(mut visit: Visit, kind: &str, what: &str, every: usize) -> Visit {
    let times_ms = times_ms(&visit, every);
    visit.inventory = Some(Inventory {
        acts: vec![Act {
            kind: kind.into(),
            what: what.into(),
            code: code(),
            count: times_ms.len() as u32,
            times_ms,
            length: 10.0,
        }],
        ..Inventory::default()
    });
    visit
}

#[test]
fn a_write_for_each_event_is_found_and_one_for_many_is_not() {
    let without = visits("keyup", NOTHING_MOVES);
    let moves = || visits("keyup", |tape, _| tape.call(ON_MOVE, 100.0));
    for kind in ["storage_write", "cookie_write"] {
        let each = moves().map(|visit| with_acts(visit, kind, "key", 1));
        let finding = one("storage_writes_per_event", &each, &without).unwrap();
        assert_eq!(function(&finding), "onMove");
        assert_eq!(
            figure(&finding, "storage writes within keyup events").0,
            40.0
        );
        let rare = moves().map(|visit| with_acts(visit, kind, "key", 8));
        assert!(one("storage_writes_per_event", &rare, &without).is_none());
    }
}

#[test]
fn a_request_for_each_event_is_found_and_one_for_many_is_not() {
    let without = visits("mousemove", NOTHING_MOVES);
    let fetching = |mut visit: Visit, every| {
        let times = times_ms(&visit, every);
        let trace = visit.trace.as_mut().unwrap();
        let start = trace
            .events
            .iter()
            .find(|event| event.name == "navigationStart");
        let start = start.unwrap().start_us;
        let fetch = |ms: f64| Fetch {
            url: "https://px.other.test/e.gif".into(),
            kind: "Image".into(),
            start_us: start + ms * 1e3,
            ..Fetch::default()
        };
        trace.fetches = times.into_iter().map(fetch).collect();
        visit
    };
    let moves = || visits("mousemove", |tape, _| tape.call(ON_MOVE, 100.0));
    let each = moves().map(|visit| fetching(visit, 1));
    let finding = one("requests_per_event", &each, &without).unwrap();
    assert_eq!(function(&finding), "onMove");
    let rare = moves().map(|visit| fetching(visit, 8));
    assert!(one("requests_per_event", &rare, &without).is_none());
}

#[test]
fn a_listener_for_the_wheel_is_found_unless_it_is_passive() {
    let without = visits("wheel", NOTHING_MOVES);
    let listening = |passive| {
        visits("wheel", |tape, _| tape.call(ON_MOVE, 100.0)).map(|mut visit| {
            visit.inventory = Some(Inventory {
                listeners: vec![Listener {
                    target: "window".into(),
                    kind: "wheel".into(),
                    passive,
                    code: code(),
                    ..Listener::default()
                }],
                ..Inventory::default()
            });
            visit
        })
    };
    let finding = one("blocking_listener", &listening(false), &without).unwrap();
    assert_eq!(function(&finding), "onMove");
    assert!(finding.summary.contains("wheel"), "{}", finding.summary);
    assert!(one("blocking_listener", &listening(true), &without).is_none());
}

#[test]
fn a_listener_of_an_element_blocks_when_it_works() {
    let without = visits("wheel", NOTHING_MOVES);
    let listening = |each| {
        visits("wheel", each).map(|visit| with_acts(visit, "listen", "wheel passive=false", 40))
    };
    let light = listening(|tape, _| tape.call(ON_MOVE, 100.0));
    assert!(one("blocking_listener", &light, &without).is_none());
    let heavy = listening(|tape, _| tape.call(ON_MOVE, 3_000.0));
    assert!(one("blocking_listener", &heavy, &without).is_some());
}

/// After each step there are so many listeners; with every `every`-th move comes one more, in the gauges too.
fn growing(every: usize, kept: f64) -> [Visit; 2] {
    visits("mousemove", |tape, _| tape.call(ON_MOVE, 100.0)).map(|mut visit| {
        let counts = [10.0, 10.0 + kept];
        for (step, listeners) in visit.steps.iter_mut().zip(counts) {
            step.after = Some(After {
                listeners,
                ..After::default()
            });
        }
        let trace = visit.trace.as_mut().unwrap();
        let calls = trace
            .events
            .iter()
            .filter(|event| event.name == "FunctionCall");
        let mut listeners = 10.0;
        let mut gauges = vec![Gauge::default()];
        for (nth, call) in calls.enumerate() {
            if nth % every == 0 {
                listeners += 1.0;
            }
            gauges.push(Gauge {
                at_us: call.start_us + call.wall_us,
                listeners,
                ..Gauge::default()
            });
        }
        trace.gauges = gauges;
        visit
    })
}

#[test]
fn listeners_that_come_with_each_event_and_stay_are_growth() {
    let without = visits("mousemove", NOTHING_MOVES);
    let finding = one("listener_growth", &growing(1, 40.0), &without).unwrap();
    assert_eq!(function(&finding), "onMove");
    assert_eq!(finding.step.as_deref(), Some("hover #buy"));
    // Taken away again.
    assert!(one("listener_growth", &growing(1, 1.0), &without).is_none());
    // Added at once.
    assert!(one("listener_growth", &growing(20, 40.0), &without).is_none());
}
