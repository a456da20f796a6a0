//! Tags that do their job well, and pages that scroll by themselves.

use super::*;

fn assert_silent(tag: Behaviour) {
    let findings = scroll_findings_of(tag);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_light_listener_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 400.0),
        ..NOTHING
    });
}

#[test]
fn style_that_costs_less_than_the_pages_own_scrolling_is_no_finding() {
    let page: fn(&mut Tape, usize) = |tape, _| tape.call(PAGE, 5_000.0);
    let restyling = Behaviour {
        scroll: |tape, _| tape.call(TAG, 60.0),
        frame: |tape, _| tape.event("UpdateLayoutTree", |tape| tape.work(3_000.0)),
        ..NOTHING
    };
    let visits = |tag| [1.0, 1.1, 1.2].map(|slow| shop_with_page_script(tag, slow, page));
    let findings = scroll_findings(&visits(restyling), &visits(NOTHING));
    assert!(findings.is_empty(), "{findings:#?}");
    // On a page whose own scrolling is light it is one.
    let visits = |tag| [1.0, 1.1, 1.2].map(|slow| shop(tag, slow));
    blamed(&scroll_findings(&visits(restyling), &visits(NOTHING)));
}

#[test]
fn a_throttled_listener_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, nth| tape.call(TAG, if nth % 6 == 0 { 2_000.0 } else { 10.0 }),
        ..NOTHING
    });
}

#[test]
fn light_work_once_per_frame_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 30.0),
        frame: |tape, _| tape.animation_frame(LATER, 300.0),
        ..NOTHING
    });
}

#[test]
fn set_up_on_the_first_scroll_event_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, nth| tape.call(TAG, if nth == 0 { 400_000.0 } else { 20.0 }),
        ..NOTHING
    });
}

#[test]
fn work_that_waits_for_the_end_of_scrolling_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 20.0),
        after: |tape, nth| {
            if nth == 12 {
                tape.timer(LATER, 80_000.0);
            }
        },
        ..NOTHING
    });
}

#[test]
fn one_smooth_scroll_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 50.0),
        before: |tape, nth| {
            if nth < 45 {
                tape.scrolled_by_itself(TAG, 50.0);
            }
        },
        after: |tape, nth| {
            if nth < 45 {
                tape.scrolled_by_itself(TAG, 50.0);
            }
        },
        ..NOTHING
    });
}

#[test]
fn inertia_that_ends_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 50.0),
        after: |tape, nth| {
            if nth < 102 {
                tape.scrolled_by_itself(TAG, 50.0);
            }
        },
        ..NOTHING
    });
}

#[test]
fn an_endless_animation_that_scrolling_did_not_start_is_another_matter() {
    assert_silent(Behaviour {
        scroll: |tape, _| tape.call(TAG, 20.0),
        before: |tape, _| tape.task(|tape| tape.animation_frame(LATER, 8_000.0)),
        frame: |tape, _| tape.animation_frame(LATER, 8_000.0),
        after: |tape, _| tape.task(|tape| tape.animation_frame(LATER, 8_000.0)),
        ..NOTHING
    });
}

#[test]
fn a_few_widgets_that_listen_once_they_are_in_view_are_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, nth| {
            for _ in 0..nth / 12 {
                tape.call(TAG, 20.0);
            }
        },
        ..NOTHING
    });
}

#[test]
fn telling_others_of_a_scroll_event_is_no_finding() {
    assert_silent(Behaviour {
        scroll: |tape, _| {
            tape.call_to(TAG, |tape| {
                tape.dispatch("resize", |tape| tape.work(20.0));
                tape.dispatch("scroll", |tape| tape.work(20.0));
            });
        },
        ..NOTHING
    });
}
