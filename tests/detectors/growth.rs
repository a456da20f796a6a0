//! What grows with every interaction.

use super::made::*;
use super::*;

#[test]
fn elements_that_each_click_adds_are_told_with_their_slope() {
    let leaks = || {
        held(visit(), |nth, after| {
            after.elements += 60.0 * nth.min(3) as f64;
            after.nodes += 90.0 * nth.min(3) as f64;
        })
    };
    let finding = told("dom_growth", leaks, without);
    assert_eq!(function(&finding), "act");
    assert!(
        finding
            .summary
            .contains("180 more while the page was clicked, 60 (60 to 60) for each click"),
        "{}",
        finding.summary
    );
    assert_eq!(
        figure(&finding, "elements gained while the page was clicked"),
        (180.0, 0.0)
    );
}

#[test]
fn what_a_click_builds_once_is_no_growth() {
    let widget = || {
        held(visit(), |nth, after| {
            after.elements += if nth > 0 { 400.0 } else { 0.0 }
        })
    };
    silent("dom_growth", widget, without);
    let also_without = || held(visit(), |nth, after| after.elements += 60.0 * nth as f64);
    silent("dom_growth", also_without, also_without);
    silent("dom_growth", Visit::default, Visit::default);
}

#[test]
fn elements_within_one_step_are_told_by_the_course_of_nodes() {
    let scrolled = |at_once: bool| {
        let share = move |second: f64| match at_once {
            true => f64::from(u8::from(second > 4.5)),
            false => (second - 4.0).clamp(0.0, 1.0),
        };
        let ends = held(visit(), |nth, after| {
            if nth >= 4 {
                after.elements += 200.0;
                after.nodes += 500.0;
            }
        });
        gauged(ends, move |second| 300.0 + 500.0 * share(second))
    };
    let finding = told("dom_growth", || scrolled(false), without);
    assert_eq!(finding.step.as_deref(), Some("scroll by 900px over 1s"));
    silent("dom_growth", || scrolled(true), without);
}

#[test]
fn nodes_beyond_the_document_are_told_and_text_in_it_is_not() {
    let detached = |elements: f64| {
        move || {
            held(visit(), move |nth, after| {
                after.nodes += 100.0 * nth.min(3) as f64;
                after.elements += elements * nth.min(3) as f64;
            })
        }
    };
    assert_eq!(
        function(&told("detached_nodes", detached(0.0), without)),
        "act"
    );
    silent("detached_nodes", detached(40.0), without);
}

#[test]
fn memory_is_told_unless_nodes_explain_it() {
    let heap = |nodes: f64| {
        move || {
            held(visit(), move |nth, after| {
                after.heap_bytes += 3e6 * nth.min(3) as f64;
                after.nodes += nodes * nth.min(3) as f64;
            })
        }
    };
    let finding = told("heap_growth", heap(0.0), without);
    assert!(
        finding.summary.contains("9.0 MB more"),
        "{}",
        finding.summary
    );
    silent("heap_growth", heap(1200.0), without);
}

#[test]
fn storage_that_fills_bit_by_bit_is_told_and_one_key_written_over_is_not() {
    let stores = |gained: f64, writes: u32| {
        move || {
            let visit = held(visit(), move |nth, after| {
                after.storage_length = gained * nth as f64
            });
            inventory(visit, |all| {
                all.acts = vec![act("storage_write", "k", writes, 500.0)]
            })
        }
    };
    assert_eq!(
        function(&told("storage_growth", stores(500.0, 12), without)),
        "act"
    );
    silent("storage_growth", stores(0.0, 12), without);
    silent("storage_growth", stores(500.0, 2), without);
}

#[test]
fn a_cookie_that_gets_longer_is_told_and_one_written_over_is_not() {
    let crumbs = |mean: f64| {
        move || {
            inventory(visit(), |all| {
                let mut writes = act("cookie_write", "trail", 10, 500.0);
                writes.length = 10.0 * mean;
                all.acts = vec![writes];
                let mut trail = cookie("trail", "shop.test", 1.0);
                trail.bytes = 900.0;
                all.cookies = vec![trail];
            })
        }
    };
    assert_eq!(
        function(&told("cookie_growth", crumbs(480.0), without)),
        "act"
    );
    silent("cookie_growth", crumbs(930.0), without);
}
