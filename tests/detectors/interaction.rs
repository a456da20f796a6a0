//! What a tag does to those who use the page.

use super::loading::{ids, of, visits};
use super::visits::found::Found;
use super::*;

const HANDLER: (&str, &str, u32, u32) = (TAG.0, "onClick", 22, 11);
const PAGES: (&str, &str, u32, u32) = ("https://shop.test/app.js", "menu", 2, 9);

fn on_click(nth: usize, tape: &mut Tape, within: fn(&mut Tape)) {
    if nth == 5 {
        tape.task(|tape| tape.dispatch("click", within));
    }
}

#[test]
fn a_slow_listener_of_a_click_is_found_by_its_cpu() {
    let plain = visits(NOTHING, |_| {});
    let slow = Behaviour {
        before: |tape, nth| on_click(nth, tape, |tape| tape.call(HANDLER, 90_000.0)),
        ..NOTHING
    };
    let with = visits(slow, |_| {});
    let findings = of("slow_interaction", &with, &plain);
    assert_eq!(function(blamed(&findings)), "onClick");
    assert_eq!(ids(&with, &plain), ["slow_interaction"]);
    let quick = Behaviour {
        before: |tape, nth| on_click(nth, tape, |tape| tape.call(HANDLER, 30_000.0)),
        ..NOTHING
    };
    assert_eq!(ids(&visits(quick, |_| {}), &plain), [""; 0]);
}

#[test]
fn work_that_holds_up_the_next_frame_is_the_clicks() {
    let deferred = Behaviour {
        before: |tape, nth| {
            on_click(nth, tape, |tape| tape.call(PAGES, 200.0));
            if nth == 5 {
                tape.task(|tape| tape.animation_frame(HANDLER, 90_000.0));
            }
        },
        ..NOTHING
    };
    let with = visits(deferred, |_| {});
    assert_eq!(ids(&with, &visits(NOTHING, |_| {})), ["slow_interaction"]);
}

#[test]
fn a_wrapper_of_the_pages_slow_listener_is_not_slow() {
    let pages_own = Behaviour {
        before: |tape, nth| on_click(nth, tape, |tape| tape.call(PAGES, 90_000.0)),
        ..NOTHING
    };
    let wrapped = Behaviour {
        before: |tape, nth| on_click(nth, tape, |tape| tape.call(HANDLER, 90_500.0)),
        ..NOTHING
    };
    assert_eq!(
        ids(&visits(wrapped, |_| {}), &visits(pages_own, |_| {})),
        [""; 0]
    );
}

#[test]
fn shifts_after_the_tags_change_are_its_own() {
    let pushes = Behaviour {
        before: |tape, nth| {
            if nth == 10 {
                tape.task(|tape| tape.call_to(HANDLER, |tape| tape.touch(HANDLER)));
            }
        },
        ..NOTHING
    };
    let plain = visits(NOTHING, |visit| visit.shift(90.0, 0.02, "img"));
    let with = visits(pushes, |visit| {
        visit.shift(90.0, 0.02, "img");
        visit.shift(420.0, 0.2, "main#content");
    });
    let findings = of("layout_shift", &with, &plain);
    let finding = blamed(&findings);
    assert_eq!(function(finding), "onClick");
    assert!(
        finding.summary.contains("main#content"),
        "{}",
        finding.summary
    );
    let slight = visits(pushes, |visit| visit.shift(420.0, 0.03, "main#content"));
    assert_eq!(ids(&slight, &plain), [""; 0]);
    // Nothing of the tag's ran before.
    let others = visits(NOTHING, |visit| visit.shift(420.0, 0.2, "main#content"));
    assert_eq!(ids(&others, &plain), [""; 0]);
}

/// A click 83 ms into the idle step, which begins some 20 ms after navigation.
const CLICKED: Behaviour = Behaviour {
    before: |tape, nth| on_click(nth, tape, |_| {}),
    ..NOTHING
};

#[test]
fn what_answers_a_click_is_wanted() {
    for (kind, what, id) in [
        ("focus", "input#email", "focus_stealing"),
        ("history", "pushState", "history_spam"),
    ] {
        let plain = visits(CLICKED, |_| {});
        let unasked = visits(CLICKED, |visit| {
            visit.act(kind, what, HANDLER, &[30.0, 3_000.0])
        });
        assert_eq!(function(blamed(&of(id, &unasked, &plain))), "onClick");
        assert_eq!(ids(&unasked, &plain), [id]);
        let asked = visits(CLICKED, |visit| visit.act(kind, what, HANDLER, &[400.0]));
        assert_eq!(ids(&asked, &plain), [""; 0]);
    }
}

#[test]
fn many_changes_of_the_address_are_found_one_is_not() {
    let plain = visits(NOTHING, |_| {});
    let calls = |count| {
        let times: Vec<f64> = (0..count).map(|nth| 50.0 * f64::from(nth)).collect();
        visits(NOTHING, move |visit| {
            visit.act("history", "replaceState", HANDLER, &times)
        })
    };
    assert_eq!(ids(&calls(40), &plain), ["history_spam"]);
    assert_eq!(ids(&calls(1), &plain), [""; 0]);
}

#[test]
fn a_dialog_of_the_browsers_is_found() {
    let plain = visits(NOTHING, |_| {});
    let with = visits(NOTHING, |visit| {
        visit.act("dialog", "confirm", HANDLER, &[900.0])
    });
    assert_eq!(
        function(blamed(&of("blocking_dialog", &with, &plain))),
        "onClick"
    );
}

const STAYS: [f64; 4] = [0.0, 0.0, 1500.0, 1500.0];
const FREE: [bool; 4] = [false; 4];

#[test]
fn a_page_that_is_scrolled_by_the_tag_is_found() {
    let plain = visits(NOTHING, |visit| visit.ends(&STAYS, &FREE));
    let scrolled = |ends: [f64; 4], what: &'static str| {
        visits(NOTHING, move |visit| {
            visit.ends(&ends, &FREE);
            visit.act("scroll", what, HANDLER, &[600.0]);
        })
    };
    let moved = [0.0, 700.0, 2200.0, 2200.0];
    let with = scrolled(moved, "window.scrollTo");
    let findings = of("scroll_hijack", &with, &plain);
    assert_eq!(function(blamed(&findings)), "onClick");
    assert_eq!(ids(&with, &plain), ["scroll_hijack"]);
    // A list within the page, or a page that stays where it is.
    assert_eq!(
        ids(&scrolled(moved, "Element.scrollTop div#chat"), &plain),
        [""; 0]
    );
    assert_eq!(ids(&scrolled(STAYS, "window.scrollTo"), &plain), [""; 0]);
}

#[test]
fn a_lock_that_is_left_behind_is_found_and_one_that_is_undone_is_not() {
    let locks = Behaviour {
        before: |tape, nth| {
            if nth == 10 {
                tape.task(|tape| tape.call_to(HANDLER, |tape| tape.touch(HANDLER)));
            }
        },
        ..NOTHING
    };
    let plain = visits(NOTHING, |visit| visit.ends(&STAYS, &FREE));
    let with = |locked: [bool; 4]| visits(locks, move |visit| visit.ends(&[0.0; 4], &locked));
    let left = with([false, true, true, true]);
    let findings = of("scroll_hijack", &left, &plain);
    let finding = blamed(&findings);
    assert_eq!(function(finding), "onClick");
    assert_eq!(finding.step.as_deref(), Some("idle 1s"));
    assert_eq!(ids(&with([false, true, true, false]), &plain), [""; 0]);
}

#[test]
fn cancelled_wheels_and_scrolling_in_their_place_is_found() {
    let plain = visits(NOTHING, |visit| visit.ends(&STAYS, &FREE));
    let times: Vec<f64> = (0..40).map(|nth| 1_100.0 + 20.0 * f64::from(nth)).collect();
    let with = |cancelled: usize| {
        let times = &times;
        visits(NOTHING, move |visit| {
            visit.ends(&STAYS, &FREE);
            visit.act("prevent_default", "wheel", HANDLER, &times[..cancelled]);
            visit.act("scroll", "window.scrollTo", HANDLER, times);
        })
    };
    assert_eq!(ids(&with(40), &plain), ["scroll_hijack"]);
    assert_eq!(ids(&with(1), &plain), [""; 0]);
}
