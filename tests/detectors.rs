//! Detectors fire on what they are for, name the code, and stay silent on everything else.

#[path = "detectors/bounds.rs"]
mod bounds;
#[path = "detectors/endless.rs"]
mod endless;
#[path = "detectors/inputs.rs"]
mod inputs;
#[path = "detectors/interaction.rs"]
mod interaction;
#[path = "detectors/loading.rs"]
mod loading;
#[path = "detectors/recordings.rs"]
mod recordings;
#[path = "detectors/silent.rs"]
mod silent;
#[path = "detectors/unseen.rs"]
mod unseen;
mod visits;

use tagperf::detect::{ALL, Arms, Detector};
use tagperf::model::{CodeLocation, Finding, Firing, TagInfo, UrlPattern, Visit};
use tagperf::trace::Evidence;

use visits::{Behaviour, NOTHING, PAGE, TAG, Tape, shop, shop_with_page_script};

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

fn found<'t>(
    detector: &Detector,
    tag: &'t TagInfo,
    with: &'t [Visit],
    without: &'t [Visit],
) -> Vec<Finding> {
    let about = |visits: &'t [Visit]| -> Vec<Evidence<'t>> {
        let visits = visits.iter();
        visits.map(|visit| Evidence::about(visit, tag)).collect()
    };
    let (with, without) = (about(with), about(without));
    (detector.detect)(&Arms::new(tag, &with, &without))
}

fn detector(id: &str) -> &'static Detector {
    ALL.iter().find(|detector| detector.id == id).unwrap()
}

fn scroll_findings(with: &[Visit], without: &[Visit]) -> Vec<Finding> {
    found(detector("runaway_scroll"), &tag(), with, without)
}

/// Three visits with the tag and three without, one of each on a machine that is twice as busy.
fn scroll_findings_of(tag: Behaviour) -> Vec<Finding> {
    let visits = |tag| [shop(tag, 1.0), shop(tag, 2.0), shop(tag, 1.1)];
    scroll_findings(&visits(tag), &visits(NOTHING))
}

/// The one finding, when the tag is to blame for it.
fn blamed(findings: &[Finding]) -> &Finding {
    let [finding] = findings else {
        panic!("one finding is wanted: {findings:#?}");
    };
    assert_eq!((finding.seen_in, finding.seen_of), (3, 3));
    finding
}

fn function(finding: &Finding) -> &str {
    &finding.culprit.as_ref().expect("a culprit").function
}

fn figure(finding: &Finding, name: &str) -> (f64, f64) {
    let figure = finding.figures.iter().find(|figure| figure.name == name);
    let figure = figure.unwrap_or_else(|| panic!("no figure {name}"));
    (figure.with, figure.without)
}

const MEASURE: (&str, &str, u32, u32) = (TAG.0, "measureAll", 10, 21);
const LATER: (&str, &str, u32, u32) = (TAG.0, "later", 20, 9);

/// Forty milliseconds of layout thrashing for each scroll event.
const THRASHING: Behaviour = Behaviour {
    scroll: |tape, _| {
        tape.call_to(TAG, |tape| {
            for _ in 0..40 {
                tape.work(500.0);
                tape.forced_layout(MEASURE, 500.0);
            }
        });
    },
    ..NOTHING
};

#[test]
fn work_per_scroll_event_is_found_and_named() {
    let findings = scroll_findings_of(THRASHING);
    let finding = blamed(&findings);
    let culprit = finding.culprit.as_ref().unwrap();
    assert_eq!((culprit.line, culprit.column), (TAG.2, TAG.3));
    assert_eq!(finding.tag, "heatmap");
    assert_eq!(finding.step.as_deref(), Some("scroll by 1500px over 1s"));
    let (with, without) = figure(finding, "culprit's CPU per scroll event");
    assert!((30.0..45.0).contains(&with), "{with}");
    assert_eq!(without, 0.0);
    let (layouts, _) = figure(finding, "culprit's forced layouts per scroll event");
    assert!((layouts - 40.0).abs() < 1e-9, "{layouts}");
    assert!(
        finding.summary.contains("measureAll"),
        "{}",
        finding.summary
    );
}

#[test]
fn work_after_an_await_is_the_listeners() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| {
            tape.call(TAG, 20.0);
            tape.work(15_000.0);
        },
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "onScroll");
}

#[test]
fn work_in_an_animation_frame_that_scrolling_asked_for_is_found() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(TAG, 20.0),
        frame: |tape, _| tape.animation_frame(LATER, 12_000.0),
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "later");
}

#[test]
fn work_in_a_timer_that_scrolling_asked_for_is_found() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(TAG, 20.0),
        between: |tape, _| tape.timer(LATER, 8_000.0),
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "later");
}

#[test]
fn style_and_layout_that_a_light_listener_causes_in_every_frame_are_found() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(TAG, 60.0),
        frame: |tape, _| {
            tape.event("UpdateLayoutTree", |tape| tape.work(3_000.0));
            tape.event("Layout", |tape| tape.work(2_000.0));
        },
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "onScroll");
}

#[test]
fn a_listener_that_scrolls_again_is_found_after_scrolling() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(TAG, 130.0),
        after: |tape, _| tape.scrolled_by_itself(TAG, 130.0),
        ..NOTHING
    });
    let finding = blamed(&findings);
    assert_eq!(function(finding), "onScroll");
    assert_eq!(finding.step.as_deref(), Some("idle 2s"));
    let (with, without) = figure(finding, "scroll events per second after scrolling");
    assert!((50.0..70.0).contains(&with), "{with}");
    assert_eq!(without, 0.0);
}

#[test]
fn a_heavy_listener_that_scrolls_again_is_told_as_one() {
    let findings = scroll_findings_of(Behaviour {
        after: |tape, _| tape.scrolled_by_itself(TAG, 20_000.0),
        ..THRASHING
    });
    let summary = &blamed(&findings).summary;
    assert!(summary.contains("while nobody scrolled"), "{summary}");
    assert!(summary.contains("of CPU per scroll event"), "{summary}");
}

/// Synthetic events at the window leave no trace of their own: only the timers that send them do.
const SELF_DISPATCHING: Behaviour = Behaviour {
    scroll: |tape, _| tape.call(TAG, 20.0),
    between: |tape, _| {
        for _ in 0..100 {
            tape.timer(LATER, 40.0);
        }
    },
    after: |tape, _| {
        for _ in 0..100 {
            tape.timer(LATER, 40.0);
        }
    },
    ..NOTHING
};

#[test]
fn a_listener_that_dispatches_through_timers_is_found_after_scrolling() {
    let findings = scroll_findings_of(SELF_DISPATCHING);
    let finding = blamed(&findings);
    assert_eq!(function(finding), "later");
    let (calls, _) = figure(finding, "culprit's calls per second while it went on");
    assert!(calls > 1_000.0, "{calls}");
}

#[test]
fn a_listener_that_dispatches_within_itself_is_found() {
    fn again(tape: &mut Tape, depth: usize) {
        if depth > 0 {
            tape.dispatch("scroll", |tape| again(tape, depth - 1));
        }
    }
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call_to(TAG, |tape| again(tape, 50)),
        ..NOTHING
    });
    let finding = blamed(&findings);
    assert_eq!(function(finding), "onScroll");
    assert_eq!(
        figure(finding, "events dispatched within a scroll event"),
        (50.0, 0.0)
    );
}

#[test]
fn a_listener_added_for_every_event_is_found() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, nth| {
            for _ in 0..=nth {
                tape.call(TAG, 3.0);
            }
        },
        ..NOTHING
    });
    let finding = blamed(&findings);
    assert_eq!(function(finding), "onScroll");
    let (first, _) = figure(finding, "culprit's calls per scroll event, first quarter");
    let (last, _) = figure(finding, "culprit's calls per scroll event, last quarter");
    assert_eq!((first, last), (8.0, 53.0));
}

#[test]
fn an_animation_loop_started_for_every_event_is_found() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(TAG, 10.0),
        frame: |tape, nth| {
            for _ in 0..=nth {
                tape.animation_frame(LATER, 5.0);
            }
        },
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "later");
}

#[test]
fn what_happens_without_the_tag_as_well_is_not_its_fault() {
    let page: fn(&mut Tape, usize) = |tape, nth| {
        for _ in 0..=nth {
            tape.call(PAGE, 20.0);
        }
        tape.work(15_000.0);
    };
    let light = Behaviour {
        scroll: |tape, _| tape.call(TAG, 100.0),
        after: |tape, _| tape.scrolled_by_itself(TAG, 50.0),
        ..NOTHING
    };
    let page_alone = Behaviour {
        after: |tape, _| tape.task(|tape| tape.dispatch("scroll", |tape| tape.call(PAGE, 50.0))),
        ..NOTHING
    };
    let visits = |tag| [1.0, 2.0, 1.1].map(|slowness| shop_with_page_script(tag, slowness, page));
    let findings = scroll_findings(&visits(light), &visits(page_alone));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_wrapper_around_the_pages_own_listener_is_not_to_blame_for_it() {
    let heavy: fn(&mut Tape, usize) = |tape, _| tape.call(PAGE, 20_000.0);
    let wrapped: fn(&mut Tape, usize) = |tape, _| tape.call(TAG, 20_100.0);
    let visits =
        |page| [1.0, 2.0, 1.1].map(|slowness| shop_with_page_script(NOTHING, slowness, page));
    let findings = scroll_findings(&visits(wrapped), &visits(heavy));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_wrapper_of_the_page_that_the_tags_listener_goes_through_is_named() {
    let wrapper: fn(&mut Tape, usize) = |tape, _| tape.call(PAGE, 200.0);
    let with_tags: fn(&mut Tape, usize) = |tape, _| tape.call(PAGE, 20_000.0);
    let visits =
        |page| [1.0, 2.0, 1.1].map(|slowness| shop_with_page_script(NOTHING, slowness, page));
    let findings = scroll_findings(&visits(with_tags), &visits(wrapper));
    let finding = blamed(&findings);
    assert_eq!(function(finding), "pageScroll");
    assert!(
        finding.summary.contains("without the tag as well"),
        "{}",
        finding.summary
    );
}

#[test]
fn a_snippet_in_the_page_is_told_from_the_pages_own_script_that_it_moves_down() {
    const MOVED: (&str, &str, u32, u32) = (PAGE.0, PAGE.1, PAGE.2 + 20, PAGE.3);
    const SNIPPET: (&str, &str, u32, u32) = (PAGE.0, "snippet", 5, 12);
    let page: fn(&mut Tape, usize) = |tape, _| tape.call(PAGE, 12_000.0);
    let moved: fn(&mut Tape, usize) = |tape, _| {
        tape.call(MOVED, 12_100.0);
        tape.call(SNIPPET, 8_000.0);
    };
    let visits = |page| [1.0, 2.0, 1.1].map(|slow| shop_with_page_script(NOTHING, slow, page));
    let findings = scroll_findings(&visits(moved), &visits(page));
    assert_eq!(function(blamed(&findings)), "snippet");
}

#[test]
fn a_script_that_the_tag_loads_is_named_and_not_the_tags_trifle() {
    const CHILD: (&str, &str, u32, u32) = ("https://other.test/child.js?t=81", "deep", 1, 9);
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| {
            tape.call(TAG, 50.0);
            tape.call(CHILD, 20_000.0);
        },
        ..NOTHING
    });
    assert_eq!(function(blamed(&findings)), "deep");
}

#[test]
fn code_without_a_name_is_found_without_a_culprit() {
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(("", "", 0, 0), 20_000.0),
        ..NOTHING
    });
    let finding = blamed(&findings);
    assert_eq!(finding.culprit, None);
    assert!(
        finding
            .summary
            .starts_with("code that the trace does not name")
    );
}

#[test]
fn one_odd_trial_in_three_is_no_finding_and_two_are() {
    let without = [1.0, 2.0, 1.1].map(|slowness| shop(NOTHING, slowness));
    let [calm, bad] = [NOTHING, THRASHING].map(|tag| move || shop(tag, 1.0));
    assert!(scroll_findings(&[calm(), bad(), calm()], &without).is_empty());
    let findings = scroll_findings(&[bad(), calm(), bad()], &without);
    assert_eq!((findings[0].seen_in, findings[0].seen_of), (2, 3));
}

#[test]
fn a_busy_machine_alone_is_no_finding() {
    let light = Behaviour {
        scroll: |tape, _| tape.call(TAG, 400.0),
        ..NOTHING
    };
    let with = [8.0, 6.0, 8.0].map(|slowness| shop(light, slowness));
    let without = [1.0, 1.0, 1.0].map(|slowness| shop(NOTHING, slowness));
    let findings = scroll_findings(&with, &without);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn without_a_control_arm_nothing_is_said() {
    assert!(scroll_findings(&[shop(THRASHING, 1.0)], &[]).is_empty());
}

#[test]
fn a_name_made_by_the_page_cannot_change_how_the_summary_reads() {
    const HOSTILE: (&str, &str, u32, u32) = (TAG.0, "a\u{202e}b\u{0}c\n\u{1b}[31m", 1, 1);
    let findings = scroll_findings_of(Behaviour {
        scroll: |tape, _| tape.call(HOSTILE, 20_000.0),
        ..NOTHING
    });
    let finding = blamed(&findings);
    assert_eq!(function(finding), HOSTILE.1);
    assert!(
        !finding
            .summary
            .contains(|c: char| c.is_control() || c == '\u{202e}')
    );
}
