//! Every millisecond of a traced trial has an owner, and a culprit's place is told as far as it is known.

#[path = "attribution/hostile.rs"]
mod hostile;
#[path = "attribution/places.rs"]
mod places;
#[expect(dead_code, reason = "other tests use the rest")]
mod visits;

use tagperf::attribute::{Case, attribution};
use tagperf::model::{
    Arm, Attribution, CodeLocation, Contrast, Fetch, Finding, Firing, Inventory, Listener, Owner,
    OwnerCosts, Profile, ProfileNode, Purpose, Script, Slot, StackFrame, StepRecord, TagInfo,
    ThreadKind, TraceEvent, TraceThread, Trial, UrlPattern, Visit,
};
use tagperf::trace::Evidence;

use visits::{Behaviour, NOTHING, PAGE, TAG, shop};

type Code = (&'static str, &'static str, u32, u32);

const OTHER: Code = ("https://www.googletagmanager.com/gtm.js", "push", 1, 9);

fn tag() -> TagInfo {
    TagInfo {
        inline: vec![],
        id: "heatmap".into(),
        owner: None,
        members: vec![],
        source: "script".into(),
        what: "https://cdn.vendor.test/tag.js".into(),
        urls: vec![UrlPattern("https://cdn.vendor.test/*".into())],
        code: String::new(),
        line: 1,
        firing: Firing::default(),
    }
}

fn contrast() -> Contrast {
    Contrast {
        tag: "heatmap".into(),
        with: Arm(vec!["heatmap".into()]),
        without: Arm::control(),
    }
}

fn trials(visits: Vec<Visit>) -> Vec<Trial> {
    let trial = |(nth, visit)| Trial {
        slot: Slot {
            block: nth,
            position: 0,
            arm: contrast().with,
            purpose: Purpose::Explain,
        },
        attempt: 1,
        at_s: 0.0,
        outcome: Ok(visit),
    };
    visits.into_iter().enumerate().map(trial).collect()
}

fn attributed(visits: Vec<Visit>) -> Attribution {
    let (tags, contrasts) = ([tag()], [contrast()]);
    let case = Case {
        page: "https://shop.test/",
        tags: &tags,
        contrasts: &contrasts,
        entities: &[],
    };
    let mut all = attribution(&case, &[], &trials(visits));
    all.pop().expect("the tag was traced")
}

fn costs(attribution: &Attribution, owner: &Owner) -> OwnerCosts {
    let mut owners = attribution.owners.iter();
    let found = owners.find(|costs| costs.owner == *owner);
    found
        .unwrap_or_else(|| panic!("no {owner:?}: {:#?}", attribution.owners))
        .clone()
}

fn main_ms(attribution: &Attribution, owner: &Owner) -> f64 {
    costs(attribution, owner).main_cpu_ms.median
}

fn heatmap() -> Owner {
    Owner::Tag("heatmap".into())
}

fn google() -> Owner {
    Owner::ThirdParty("Google Tag Manager".into())
}

fn code((url, function, line, column): Code) -> CodeLocation {
    CodeLocation {
        url: url.into(),
        function: function.into(),
        line,
        column,
    }
}

fn event(name: &str, start_us: f64, cpu_us: f64) -> TraceEvent {
    TraceEvent {
        name: name.into(),
        start_us,
        wall_us: cpu_us,
        cpu_us,
        ..TraceEvent::default()
    }
}

fn call(start_us: f64, cpu_us: f64, at: Code) -> TraceEvent {
    TraceEvent {
        code: Some(code(at)),
        ..event("FunctionCall", start_us, cpu_us)
    }
}

/// A visit of these events alone, on a page that nothing else happens on.
fn visit(events: Vec<TraceEvent>) -> Visit {
    let mut visit = shop(NOTHING, 1.0);
    visit.steps.clear();
    visit.trace.as_mut().unwrap().events = events;
    visit
}

/// A sample each millisecond: the functions by their place in `nodes`.
fn profile(nodes: &[(Code, Option<u32>)], samples: &[u32]) -> Profile {
    Profile {
        nodes: nodes
            .iter()
            .map(|(at, parent)| ProfileNode {
                code: code(*at),
                parent: *parent,
                ..ProfileNode::default()
            })
            .collect(),
        times_us: (0..samples.len())
            .map(|nth| nth as f64 * 1000.0 + 500.0)
            .collect(),
        samples: samples.to_vec(),
    }
}

#[test]
fn every_millisecond_has_an_owner() {
    let tagged = Behaviour {
        scroll: |tape, _| {
            tape.call_to(TAG, |tape| {
                tape.work(2_000.0);
                tape.forced_layout((TAG.0, "measureAll", 10, 21), 1_000.0);
                tape.event("MinorGC", |tape| tape.work(98.0));
            });
            tape.call(OTHER, 500.0);
        },
        ..NOTHING
    };
    let found = attributed(vec![shop(tagged, 1.0), shop(tagged, 2.0)]);
    let sum: f64 = found
        .owners
        .iter()
        .map(|costs| costs.main_cpu_ms.median)
        .sum();
    assert!((sum - found.main_cpu_ms.median).abs() < 1e-6);
    let own = costs(&found, &heatmap());
    let per_event = |ms: f64| ms / 60.0;
    assert!(
        (3.0..3.3).contains(&per_event(own.main_cpu_ms.median)),
        "{own:?}"
    );
    assert!(
        (1.0..1.1).contains(&per_event(own.forced_layout_ms.median)),
        "{own:?}"
    );
    assert!(
        (0.09..0.11).contains(&per_event(own.gc_ms.median)),
        "{own:?}"
    );
    assert!((0.5..0.6).contains(&per_event(main_ms(&found, &google()))));
    assert!(main_ms(&found, &Owner::FirstParty) > 60.0 * 0.05);
    assert_eq!(found.trials, 2);
    // The page's script of this recording has no address.
    assert!(found.unknown_share.high < 0.2, "{found:?}");
}

#[test]
fn a_wrappers_time_is_that_of_what_it_wraps() {
    let mut visit = visit(vec![
        event("RunTask", 0.0, 10_000.0),
        call(0.0, 10_000.0, OTHER),
    ]);
    let nodes = [
        (OTHER, None),
        (TAG, Some(0)),
        (("", "appendChild", 0, 0), Some(1)),
    ];
    visit.trace.as_mut().unwrap().profile = Some(profile(&nodes, &[0, 0, 1, 1, 1, 1, 1, 1, 2, 2]));
    let found = attributed(vec![visit.clone()]);
    assert!((main_ms(&found, &heatmap()) - 8.0).abs() < 1e-9);
    assert!((main_ms(&found, &google()) - 2.0).abs() < 1e-9);
    assert_eq!(found.called_ms.median, 0.0);

    let tag = tag();
    let evidence = Evidence::about(&visit, &tag);
    let call = &evidence.callbacks().calls[0];
    assert_eq!(call.code.function, TAG.1);
    assert_eq!(call.cpu_us, 10_000.0);
    let evidence = Evidence::new(&visit);
    assert_eq!(evidence.callbacks().calls[0].code.function, OTHER.1);
}

#[test]
fn the_harness_works_for_whoever_called_it() {
    const SPY: Code = ("tagperf:spy", "apply", 6, 1);
    let mut visit = visit(vec![
        event("RunTask", 0.0, 10_000.0),
        call(0.0, 10_000.0, TAG),
        event("RunTask", 20_000.0, 3_000.0),
        event("EvaluateScript", 20_000.0, 3_000.0),
    ]);
    let nodes = [(TAG, None), (SPY, Some(0))];
    visit.trace.as_mut().unwrap().profile = Some(profile(&nodes, &[0, 0, 1, 1, 1, 1, 1, 1, 1, 1]));
    let found = attributed(vec![visit]);
    assert!((main_ms(&found, &heatmap()) - 10.0).abs() < 1e-9);
    assert!((main_ms(&found, &Owner::Harness) - 3.0).abs() < 1e-9);
    assert_eq!(found.unknown_share.median, 0.0);
}

#[test]
fn others_code_that_the_tag_calls_is_theirs_and_told() {
    let mut visit = visit(vec![
        event("RunTask", 0.0, 10_000.0),
        call(0.0, 10_000.0, TAG),
    ]);
    let nodes = [(TAG, None), (PAGE, Some(0)), (TAG, Some(1))];
    visit.trace.as_mut().unwrap().profile = Some(profile(&nodes, &[0, 0, 1, 1, 1, 2, 2, 2, 2, 2]));
    let found = attributed(vec![visit]);
    assert!((main_ms(&found, &heatmap()) - 7.0).abs() < 1e-9);
    assert!((main_ms(&found, &Owner::FirstParty) - 3.0).abs() < 1e-9);
    assert!((found.called_ms.median - 3.0).abs() < 1e-9);
}

#[test]
fn calls_too_short_for_a_sample_are_divided_as_all_of_their_place() {
    let mut events = Vec::new();
    for nth in 0..100 {
        let start_us = f64::from(nth) * 1000.0;
        events.push(event("RunTask", start_us, 200.0));
        events.push(call(start_us, 200.0, OTHER));
    }
    let mut visit = visit(events);
    let mut profile = profile(&[(OTHER, None), (TAG, Some(0))], &[1; 100]);
    // One sample in ten meets a call.
    for (nth, time) in profile.times_us.iter_mut().enumerate() {
        *time += if nth % 10 == 0 { -400.0 } else { 0.0 };
    }
    visit.trace.as_mut().unwrap().profile = Some(profile);
    let found = attributed(vec![visit]);
    assert!((main_ms(&found, &heatmap()) - 20.0).abs() < 1e-9);
}

#[test]
fn microtasks_are_divided_by_samples_and_else_follow_their_script() {
    let events = || {
        vec![
            event("RunTask", 0.0, 10_000.0),
            call(0.0, 1_000.0, PAGE),
            event("RunMicrotasks", 1_000.0, 9_000.0),
        ]
    };
    let mut sampled = visit(events());
    sampled.trace.as_mut().unwrap().profile = Some(profile(&[(TAG, None)], &[0; 10]));
    let found = attributed(vec![sampled]);
    assert!((main_ms(&found, &heatmap()) - 10.0).abs() < 1e-9);
    let found = attributed(vec![visit(events())]);
    assert!((main_ms(&found, &Owner::FirstParty) - 10.0).abs() < 1e-9);
}

#[test]
fn what_lies_between_microtasks_is_divided_as_they_are() {
    let engine = ("", "(program)", 0, 0);
    let share = |samples: &[u32]| {
        let mut visit = visit(vec![
            event("RunTask", 0.0, 10_000.0),
            event("RunMicrotasks", 0.0, 10_000.0),
        ]);
        visit.trace.as_mut().unwrap().profile =
            Some(profile(&[(TAG, None), (engine, None)], samples));
        attributed(vec![visit]).unknown_share.median
    };
    assert_eq!(share(&[0, 0, 0, 0, 0, 0, 0, 1, 1, 1]), 0.0);
    assert!((share(&[0, 0, 1, 1, 1, 1, 1, 1, 1, 1]) - 0.8).abs() < 1e-9);
}

#[test]
fn a_frame_belongs_to_whoever_made_it_necessary() {
    let invalidation = |start_us| TraceEvent {
        code: Some(code(TAG)),
        ..event("ScheduleStyleRecalculation", start_us, 0.0)
    };
    let frame = |start_us: f64| {
        [
            event("RunTask", start_us, 100.0),
            event("UpdateLayoutTree", start_us, 60.0),
            event("Paint", start_us + 60.0, 30.0),
        ]
    };
    let mut events = vec![event("RunTask", 0.0, 50.0), invalidation(10.0)];
    events.extend(frame(1_000.0));
    events.extend(frame(2_000.0));
    let found = attributed(vec![visit(events)]);
    assert!((main_ms(&found, &heatmap()) - 0.09).abs() < 1e-9);
    assert!((main_ms(&found, &Owner::Browser) - 0.16).abs() < 1e-9);
}

#[test]
fn code_that_nobody_can_be_named_for_is_unknown() {
    let found = attributed(vec![visit(vec![
        event("RunTask", 0.0, 100.0),
        call(0.0, 40.0, ("", "f", 1, 1)),
        event("RunMicrotasks", 50.0, 10.0),
    ])]);
    assert!((found.unknown_share.median - 0.5).abs() < 1e-9);
}

#[test]
fn requests_timers_listeners_and_threads_have_owners() {
    let mut visit = visit(vec![
        event("RunTask", 0.0, 100.0),
        TraceEvent {
            code: Some(code(TAG)),
            ..event("TimerInstall", 5.0, 0.0)
        },
    ]);
    visit.inventory = Some(Inventory {
        listeners: vec![Listener {
            code: code(PAGE),
            ..Listener::default()
        }],
        ..Inventory::default()
    });
    let trace = visit.trace.as_mut().unwrap();
    trace.fetches = vec![Fetch {
        url: "https://collect.example/c".into(),
        encoded_bytes: 120.0,
        stack: vec![StackFrame {
            code: code(TAG),
            script: 0,
        }],
        ..Fetch::default()
    }];
    trace.threads = vec![
        TraceThread::default(),
        TraceThread {
            kind: ThreadKind::Worker,
            url: "https://cdn.vendor.test/worker.js".into(),
            cpu_us: 7_000.0,
            ..TraceThread::default()
        },
    ];
    let found = attributed(vec![visit]);
    let own = costs(&found, &heatmap());
    assert_eq!((own.requests.median, own.bytes.median), (1.0, 120.0));
    assert_eq!((own.timers.median, own.worker_cpu_ms.median), (1.0, 7.0));
    assert_eq!(costs(&found, &Owner::FirstParty).listeners.median, 1.0);
}

#[test]
fn the_way_to_the_tag_is_told() {
    let mut visit = visit(vec![event("RunTask", 0.0, 100.0)]);
    let maker = |script| {
        vec![StackFrame {
            script,
            ..StackFrame::default()
        }]
    };
    let script = |id, url: &str, made_by| Script {
        id,
        url: url.into(),
        made_by,
        ..Script::default()
    };
    visit.trace.as_mut().unwrap().scripts = vec![
        script(1, &format!("{}?id=7", OTHER.0), vec![]),
        script(2, TAG.0, maker(1)),
        script(3, "", maker(2)),
    ];
    let found = attributed(vec![visit]);
    let [chain] = &found.chains[..] else {
        panic!("one way: {:#?}", found.chains);
    };
    let links: Vec<(&str, Option<&str>)> = chain
        .links
        .iter()
        .map(|link| (link.url.as_str(), link.entity.as_deref()))
        .collect();
    let expected = [
        ("https://shop.test/", None),
        (OTHER.0, Some("Google Tag Manager")),
        (TAG.0, None),
        ("(inline)", None),
    ];
    assert_eq!(links, expected);
}

#[test]
fn the_harnesss_own_steps_are_no_part_of_what_is_compared() {
    let effect = tagperf::model::Effect {
        tag: "heatmap".into(),
        metric: "cpu".into(),
        basis: tagperf::model::Basis::Control,
        fresh: false,
        pairs: 10,
        dropped: 0,
        dropped_because: None,
        without: Some(10.0),
        with: Some(40.0),
        estimate: Some(30.0),
        interval: Some(tagperf::model::Interval {
            low: 28.0,
            high: 32.0,
            confidence: 0.98,
        }),
        margin: 50.0,
        p_regressed: None,
        p_ok: None,
        detectable: None,
    };
    let arm = |tag_us: f64| {
        let mut visit = visit(vec![
            event("RunTask", 0.0, 20_000.0 + tag_us),
            call(0.0, tag_us, TAG),
            event("RunTask", 900_000.0, 50_000.0),
            call(900_000.0, 50_000.0, TAG),
        ]);
        visit.steps = vec![StepRecord {
            kind: StepRecord::QUIET.into(),
            trace_us: Some((800_000.0, 990_000.0)),
            ..StepRecord::default()
        }];
        visit
    };
    let mut all = trials(vec![arm(60_000.0), arm(0.0)]);
    all[1].slot.arm = Arm::control();
    let (tags, contrasts) = ([tag()], [contrast()]);
    let case = Case {
        page: "https://shop.test/",
        tags: &tags,
        contrasts: &contrasts,
        entities: &[],
    };
    let found = attribution(&case, &[effect], &all);
    let agreement = found[0].agreement.as_ref().unwrap();
    assert_eq!((agreement.ratio, agreement.booked_ms.median), (0.5, 30.0));
    assert!(!agreement.disagree);
}
