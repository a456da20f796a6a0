//! What goes on when nobody touches the page is told once, by its kind.

use tagperf::model::{Act, Inventory, ThreadKind, TraceEvent, TraceThread};

use super::*;
use visits::{at_rest, quietly};

const TICK: (&str, &str, u32, u32) = (TAG.0, "tick", 4, 18);
const HEAR: (&str, &str, u32, u32) = (TAG.0, "hear", 8, 30);

/// Detectors of endless work that have something to say, each with the function that it blames.
fn said(with: &[Visit], without: &[Visit]) -> Vec<(String, String)> {
    let tag = tag();
    let ids = ALL
        .iter()
        .filter(|detector| detector.id != "runaway_scroll");
    let findings = ids.flat_map(|detector| found(detector, &tag, with, without));
    findings
        .map(|finding| {
            let function = finding.culprit.map(|culprit| culprit.function);
            (finding.id, function.unwrap_or_default())
        })
        .collect()
}

fn alone(each: fn(&mut Tape, usize)) -> Vec<(String, String)> {
    let visits = |each| [at_rest(each, 1.0), at_rest(each, 1.6)];
    said(&visits(each), &visits(|_, _| {}))
}

fn is(said: &[(String, String)], id: &str, function: &str) {
    assert_eq!(said, [(id.to_owned(), function.to_owned())]);
}

#[test]
fn light_timers_that_fire_too_often_are_a_storm() {
    is(
        &alone(|tape, _| {
            for _ in 0..4 {
                tape.timer(TICK, 20.0);
            }
        }),
        "timer_storm",
        "tick",
    );
}

#[test]
fn rare_timers_that_work_too_much_are_a_storm() {
    is(
        &alone(|tape, nth| {
            if nth % 15 == 0 {
                tape.timer(TICK, 30_000.0);
            }
        }),
        "timer_storm",
        "tick",
    );
}

#[test]
fn a_timer_that_wakes_a_promise_is_named_by_who_asked_for_it() {
    is(
        &alone(|tape, nth| {
            let id = nth as u32 + 1;
            tape.task(|tape| tape.asks("TimerInstall", TICK, id));
            tape.task(|tape| tape.fires("TimerFire", id, |_| {}));
        }),
        "timer_storm",
        "tick",
    );
}

#[test]
fn timers_with_care_are_no_storm() {
    assert_eq!(
        alone(|tape, nth| {
            if nth % 6 == 0 {
                tape.timer(TICK, 300.0);
            }
            // Something that ends.
            if nth < 60 {
                tape.task(|tape| tape.animation_frame(HEAR, 600.0));
            }
        }),
        []
    );
}

#[test]
fn what_goes_on_without_the_tag_as_well_is_not_its_own() {
    let busy: fn(&mut Tape, usize) = |tape, _| {
        for _ in 0..4 {
            tape.timer(PAGE, 400.0);
        }
    };
    let visits = || [at_rest(busy, 1.0), at_rest(busy, 1.6)];
    assert_eq!(said(&visits(), &visits()), []);
}

#[test]
fn frames_that_show_nothing_are_a_loop() {
    let looking: fn(&mut Tape, usize) = |tape, _| {
        tape.task(|tape| {
            tape.animation_frame(TICK, 20.0);
            tape.event("Commit", |tape| tape.work(20.0));
        });
    };
    is(&alone(looking), "animation_loop", "tick");
    let showing: fn(&mut Tape, usize) = |tape, _| {
        tape.task(|tape| {
            tape.animation_frame(TICK, 20.0);
            tape.event("Paint", |tape| tape.work(20.0));
        });
    };
    assert_eq!(alone(showing), []);
}

#[test]
fn mutations_of_its_own_are_an_observers_loop() {
    let itself: fn(&mut Tape, usize) = |tape, nth| {
        let id = nth as u32 + 1;
        tape.task(|tape| {
            tape.fires("TimerFire", id, |tape| {
                tape.call(TICK, 50.0);
                tape.event("RunMicrotasks", |tape| {
                    tape.call_to(HEAR, |tape| tape.asks("TimerInstall", HEAR, id + 1));
                });
            });
        });
    };
    is(&alone(itself), "observer_loop", "hear");
    // A recorder that hears of the page's own changes.
    let others: fn(&mut Tape, usize) = |tape, nth| {
        let id = nth as u32 + 1;
        tape.task(|tape| {
            tape.fires("TimerFire", id, |tape| {
                tape.call_to(PAGE, |tape| tape.asks("TimerInstall", PAGE, id + 1));
                tape.event("RunMicrotasks", |tape| tape.call(HEAR, 50.0));
            });
        });
    };
    let page: fn(&mut Tape, usize) = |tape, nth| {
        let id = nth as u32 + 1;
        tape.task(|tape| {
            tape.fires("TimerFire", id, |tape| {
                tape.call_to(PAGE, |tape| tape.asks("TimerInstall", PAGE, id + 1));
            });
        });
    };
    let visits = |each| [at_rest(each, 1.0), at_rest(each, 1.6)];
    assert_eq!(said(&visits(others), &visits(page)), []);
}

#[test]
fn sizes_that_it_changes_itself_are_an_observers_loop() {
    is(
        &alone(|tape, _| {
            tape.task(|tape| {
                tape.call_to(HEAR, |tape| {
                    tape.asks("ScheduleStyleRecalculation", HEAR, 0)
                });
                tape.event("PrePaint", |tape| tape.work(20.0));
            });
        }),
        "observer_loop",
        "hear",
    );
}

#[test]
fn calls_faster_than_any_frame_are_messages() {
    is(
        &alone(|tape, _| {
            for _ in 0..30 {
                tape.task(|tape| tape.call(HEAR, 10.0));
            }
        }),
        "message_loop",
        "hear",
    );
}

#[test]
fn microtasks_without_calls_are_promises() {
    let said = alone(|tape, nth| {
        if nth % 2 == 0 {
            tape.task(|tape| tape.event("RunMicrotasks", |tape| tape.work(6_000.0)));
        }
    });
    is(&said, "promise_loop", "");
}

#[test]
fn timers_that_force_layouts_are_polling_and_no_storm() {
    is(
        &alone(|tape, _| {
            tape.task(|tape| {
                tape.event("TimerFire", |tape| {
                    tape.call_to(TICK, |tape| tape.forced_layout(TICK, 30.0));
                });
            });
        }),
        "geometry_polling",
        "tick",
    );
}

#[test]
fn geometry_that_costs_no_layout_is_known_from_the_calls_of_interfaces() {
    let each: fn(&mut Tape, usize) = |tape, nth| {
        if nth == 0 {
            tape.event("navigationStart", |_| {});
        }
        if nth % 6 == 0 {
            tape.timer(TICK, 400.0);
        }
    };
    let spied = |slowness| {
        let mut visit = at_rest(each, slowness);
        let trace = visit.trace.as_ref().unwrap();
        let named =
            |name: &'static str| trace.events.iter().filter(move |event| event.name == name);
        let start = named("navigationStart").next().unwrap().start_us;
        let calls = named("FunctionCall").map(|call| (call.start_us + 50.0 - start) / 1e3);
        let times: Vec<f64> = calls.flat_map(|time| [time; 12]).collect();
        visit.inventory = Some(Inventory {
            acts: vec![Act {
                kind: "geometry".into(),
                what: "getBoundingClientRect".into(),
                code: CodeLocation {
                    url: TAG.0.into(),
                    ..CodeLocation::default()
                },
                count: times.len() as u32,
                times_ms: times,
                length: 0.0,
            }],
            ..Inventory::default()
        });
        visit
    };
    let without = [at_rest(|_, _| {}, 1.0)];
    is(
        &said(&[spied(1.0), spied(1.6)], &without),
        "geometry_polling",
        "tick",
    );
}

#[test]
fn styles_in_every_frame_without_script_are_an_animation() {
    is(
        &alone(|tape, _| {
            tape.task(|tape| tape.event("UpdateLayoutTree", |tape| tape.work(200.0)));
        }),
        "endless_animation",
        "",
    );
}

#[test]
fn work_of_no_other_kind_is_told_as_such() {
    is(
        &alone(|tape, _| {
            tape.task(|tape| tape.event("FireIdleCallback", |tape| tape.call(TICK, 3_000.0)));
        }),
        "idle_cpu",
        "tick",
    );
}

#[test]
fn one_piece_of_work_does_not_go_on() {
    assert_eq!(
        alone(|tape, nth| {
            if nth == 10 {
                tape.timer(TICK, 600_000.0);
            }
        }),
        [("long_task".to_owned(), "tick".to_owned())]
    );
}

#[test]
fn a_worker_that_spins_is_named_by_its_function() {
    let visit = |kind, busy_us| {
        let mut visit = at_rest(|_, _| {}, 1.0);
        let (start_us, _) = visit.steps[1].trace_us.unwrap();
        let trace = visit.trace.as_mut().unwrap();
        trace.threads = vec![
            TraceThread::default(),
            TraceThread {
                kind,
                ..TraceThread::default()
            },
        ];
        for nth in 0..40 {
            for name in ["RunTask", "FunctionCall"] {
                trace.events.push(TraceEvent {
                    name: name.into(),
                    thread: 1,
                    start_us: start_us + 120e3 + f64::from(nth) * 50e3,
                    wall_us: busy_us,
                    cpu_us: busy_us,
                    code: (name == "FunctionCall").then(|| CodeLocation {
                        url: TAG.0.into(),
                        function: "mix".into(),
                        ..CodeLocation::default()
                    }),
                    ..TraceEvent::default()
                });
            }
        }
        visit
    };
    for (kind, id) in [
        (ThreadKind::Worker, "busy_worker"),
        (ThreadKind::Frame, "busy_frame"),
    ] {
        let without = [visit(kind, 1_000.0)];
        is(&said(&[visit(kind, 30_000.0)], &without), id, "mix");
        assert_eq!(said(&[visit(kind, 2_000.0)], &without), []);
    }
}

#[test]
fn work_for_a_hidden_page_is_told() {
    let visits = |hidden| {
        [
            quietly(|_, _| {}, hidden, 1.0),
            quietly(|_, _| {}, hidden, 1.6),
        ]
    };
    let nothing = visits(|_, _| {});
    let works = visits(|tape, nth| {
        if nth % 6 == 0 {
            tape.timer(TICK, 20_000.0);
        }
    });
    is(&said(&works, &nothing), "hidden_work", "tick");
    let says_goodbye = visits(|tape, nth| {
        if nth < 4 {
            tape.timer(TICK, 20_000.0);
        }
    });
    assert_eq!(said(&says_goodbye, &nothing), []);
}
