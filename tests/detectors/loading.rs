//! What a tag costs while the page loads.

use tagperf::model::{Fetch, Profile, ProfileNode};

use super::visits::found::{Found, asked_by, request};
use super::*;

const WORKER: (&str, &str, u32, u32) = (TAG.0, "scoreAll", 30, 17);
const PAGES: (&str, &str, u32, u32) = ("https://shop.test/app.js", "start", 2, 9);

/// Three visits, each changed in the same way.
pub fn visits(tag: Behaviour, change: impl Fn(&mut Visit)) -> Vec<Visit> {
    let visit = |slowness| {
        let mut visit = shop(tag, slowness);
        visit.inventory = Some(tagperf::model::Inventory::default());
        change(&mut visit);
        visit
    };
    [1.0, 2.0, 1.1].map(visit).into()
}

pub fn of(id: &str, with: &[Visit], without: &[Visit]) -> Vec<Finding> {
    found(detector(id), &tag(), with, without)
}

/// What all detectors find, by id.
pub fn ids(with: &[Visit], without: &[Visit]) -> Vec<String> {
    let all = ALL
        .iter()
        .flat_map(|detector| found(detector, &tag(), with, without));
    all.map(|finding| finding.id).collect()
}

fn load(load: fn(&mut Tape)) -> Behaviour {
    Behaviour { load, ..NOTHING }
}

#[test]
fn a_long_task_is_the_tags_cpu_and_not_the_clocks() {
    let plain = visits(NOTHING, |_| {});
    let long = visits(load(|tape| tape.call(WORKER, 80_000.0)), |_| {});
    let findings = of("long_task", &long, &plain);
    let finding = blamed(&findings);
    assert_eq!(function(finding), "scoreAll");
    assert_eq!(finding.step.as_deref(), Some("load /"));
    // Twice as long on the busy machine's clock, and yet no 50 ms of CPU.
    let short = visits(load(|tape| tape.call(WORKER, 40_000.0)), |_| {});
    assert_eq!(ids(&short, &plain), [""; 0]);
}

#[test]
fn many_tasks_on_the_way_are_another_matter() {
    let behaviour = Behaviour {
        after: |tape, nth| {
            if nth % 10 == 0 {
                tape.timer(WORKER, 60_000.0);
            }
        },
        ..NOTHING
    };
    let with = visits(behaviour, |_| {});
    assert_eq!(of("long_task", &with, &visits(NOTHING, |_| {})), []);
}

#[test]
fn a_wrapper_of_the_pages_own_work_adds_none() {
    let pages_own = visits(load(|tape| tape.call(PAGES, 120_000.0)), |_| {});
    let wrapped = visits(load(|tape| tape.call(WORKER, 120_300.0)), |_| {});
    assert_eq!(of("long_task", &wrapped, &pages_own), []);
}

#[test]
fn a_heavy_evaluation_is_no_long_task_as_well() {
    let with = visits(
        load(|tape| tape.evaluate((TAG.0, "", 1, 1), 140_000.0)),
        |visit| {
            let code = |function: &str| CodeLocation {
                url: TAG.0.into(),
                function: function.into(),
                line: 7,
                column: 3,
            };
            let node = |function: &str, parent| ProfileNode {
                code: code(function),
                script: 4,
                parent,
                ..ProfileNode::default()
            };
            visit.records().profile = Some(Profile {
                nodes: vec![node("", None), node("buildTables", Some(0))],
                times_us: vec![1_030_000.0, 1_040_000.0, 1_050_000.0],
                samples: vec![0, 1, 1],
            });
        },
    );
    let plain = visits(NOTHING, |_| {});
    let findings = of("heavy_evaluation", &with, &plain);
    assert_eq!(function(blamed(&findings)), "buildTables");
    assert_eq!(ids(&with, &plain), ["heavy_evaluation"]);
}

#[test]
fn a_script_that_the_parser_waits_for_is_found_where_the_browser_says_so() {
    let with = |blocking: &'static str| {
        visits(NOTHING, move |visit| {
            visit.fetch(request(TAG.0, "Script", blocking))
        })
    };
    let plain = visits(NOTHING, |_| {});
    let blocking = with("blocking");
    let findings = of("parser_blocking_script", &blocking, &plain);
    assert_eq!(blamed(&findings).culprit.as_ref().unwrap().url, TAG.0);
    assert_eq!(ids(&blocking, &plain), ["parser_blocking_script"]);
    for honest in ["potentially_blocking", "non_blocking", ""] {
        assert_eq!(ids(&with(honest), &plain), [""; 0]);
    }
}

#[test]
fn what_the_page_loads_by_itself_is_not_the_tags() {
    let own = || {
        visits(NOTHING, |visit| {
            visit.fetch(request(TAG.0, "Script", "blocking"))
        })
    };
    assert_eq!(ids(&own(), &own()), [""; 0]);
}

#[test]
fn a_style_sheet_counts_until_the_first_paint() {
    let sheet = |start_us| {
        visits(NOTHING, move |visit| {
            visit.pages[0].first_contentful_paint_ms = Some(100.0);
            visit.fetch(Fetch {
                start_us,
                ..request("https://cdn.vendor.test/w.css", "Stylesheet", "blocking")
            });
        })
    };
    let plain = visits(NOTHING, |_| {});
    assert_eq!(ids(&sheet(1_020_000.0), &plain), ["render_blocking_style"]);
    assert_eq!(ids(&sheet(1_200_000.0), &plain), [""; 0]);
}

#[test]
fn calls_that_only_happen_with_the_tag_are_its_own() {
    for (kind, what, id) in [
        ("sync_request", "https://api.vendor.test/c", "sync_request"),
        ("document_write", "write", "document_write"),
    ] {
        let plain = visits(NOTHING, |_| {});
        let with = visits(NOTHING, |visit| visit.act(kind, what, WORKER, &[50.0]));
        let findings = of(id, &with, &plain);
        assert_eq!(function(blamed(&findings)), "scoreAll");
        assert_eq!(ids(&with, &plain), [id]);
        // The page calls it as well, now through the tag's wrapper.
        let pages_own = visits(NOTHING, |visit| visit.act(kind, what, PAGES, &[50.0]));
        assert_eq!(ids(&with, &pages_own), [""; 0]);
    }
}

#[test]
fn a_page_that_is_hidden_longer_is_found_and_who_hid_it() {
    let hide = load(|tape| tape.call_to(WORKER, |tape| tape.touch(WORKER)));
    let with = visits(hide, |visit| {
        visit.hidden(60.0, 900.0);
        visit.hidden(500.0, 950.0);
    });
    let plain = visits(NOTHING, |visit| visit.hidden(10.0, 40.0));
    let findings = of("anti_flicker", &with, &plain);
    let finding = blamed(&findings);
    assert_eq!(function(finding), "scoreAll");
    assert_eq!(
        figure(finding, "time for which the page is hidden"),
        (890.0, 30.0)
    );
    let short = visits(hide, |visit| visit.hidden(60.0, 140.0));
    assert_eq!(ids(&short, &plain), [""; 0]);
}

#[test]
fn a_late_largest_paint_needs_a_reason() {
    let plain = visits(NOTHING, |visit| visit.largest("img.hero", 120.0, 9e4));
    // The tag shows the hero 480 ms after its navigation.
    let shows = Behaviour {
        before: |tape, nth| {
            if nth == 24 {
                tape.task(|tape| tape.call_to(WORKER, |tape| tape.touch(WORKER)));
            }
        },
        ..NOTHING
    };
    let late = |tag| visits(tag, |visit| visit.largest("img.hero", 500.0, 9e4));
    let with = late(shows);
    let findings = of("lcp_delayed", &with, &plain);
    assert_eq!(function(blamed(&findings)), "scoreAll");
    assert_eq!(ids(&late(NOTHING), &plain), [""; 0]);
    let somewhat = visits(shows, |visit| visit.largest("img.hero", 230.0, 9e4));
    assert_eq!(ids(&somewhat, &plain), [""; 0]);
    // The reason has a finding of its own.
    let hidden = visits(shows, |visit| {
        visit.largest("img.hero", 500.0, 9e4);
        visit.hidden(20.0, 480.0);
    });
    assert_eq!(ids(&hidden, &plain), ["anti_flicker"]);
}

#[test]
fn another_largest_element_is_the_tags_when_it_is_larger() {
    let plain = visits(NOTHING, |visit| visit.largest("img.hero", 120.0, 9e4));
    let shows = load(|tape| tape.call_to(WORKER, |tape| tape.touch(WORKER)));
    let with = |size| {
        visits(shows, move |visit| {
            visit.largest("div#consent", 700.0, size)
        })
    };
    let larger = with(2e5);
    let findings = of("lcp_replaced", &larger, &plain);
    assert_eq!(function(blamed(&findings)), "scoreAll");
    assert_eq!(ids(&larger, &plain), ["lcp_replaced"]);
    assert_eq!(of("lcp_replaced", &with(5e4), &plain), []);
    // The page's own largest element is not always the same.
    let mut varying = plain;
    varying[1].largest("h1", 120.0, 9e4);
    assert_eq!(of("lcp_replaced", &larger, &varying), []);
}

#[test]
fn what_only_the_tags_html_makes_the_document_ask_for_is_its_own() {
    let sheet = |url: &'static str| {
        visits(NOTHING, move |visit| {
            visit.fetch(request(url, "Stylesheet", "blocking"))
        })
    };
    let foreign = "https://fonts.other.test/f.css";
    let with = sheet(foreign);
    assert_eq!(
        ids(&with, &visits(NOTHING, |_| {})),
        ["piggyback", "render_blocking_style"]
    );
    assert_eq!(ids(&with, &sheet(foreign)), [""; 0]);
}

#[test]
fn urgent_bytes_before_the_largest_paint_compete() {
    let fetch = |start_us, priority: &'static str, encoded_bytes| {
        visits(NOTHING, move |visit| {
            visit.largest("img.hero", 500.0, 9e4);
            visit.fetch(Fetch {
                start_us,
                priority: priority.into(),
                encoded_bytes,
                stack: asked_by(WORKER),
                ..request("https://media.vendor.test/v.mp4", "Other", "")
            });
        })
    };
    let plain = visits(NOTHING, |visit| visit.largest("img.hero", 500.0, 9e4));
    let with = fetch(1_100_000.0, "High", 4e5);
    let findings = of("competing_preload", &with, &plain);
    assert_eq!(function(blamed(&findings)), "scoreAll");
    for honest in [
        fetch(1_100_000.0, "Low", 4e5),
        fetch(1_600_000.0, "High", 4e5),
        fetch(1_100_000.0, "High", 9e3),
    ] {
        assert_eq!(ids(&honest, &plain), [""; 0]);
    }
}

#[test]
fn a_second_copy_of_a_library_is_found() {
    let page = |visit: &mut Visit| {
        visit.script(3, "https://shop.test/js/jquery-3.7.1.min.js", 90_000, None)
    };
    let plain = visits(NOTHING, page);
    let with = |file: &'static str| {
        visits(NOTHING, move |visit| {
            page(visit);
            visit.script(4, file, 90_000, None);
        })
    };
    let doubled = with("https://cdn.vendor.test/jquery-1.12.4.js");
    let findings = of("duplicate_library", &doubled, &plain);
    assert_eq!(figure(blamed(&findings), "copies on the page"), (2.0, 1.0));
    assert_eq!(
        ids(&with("https://cdn.vendor.test/jquery.cookie.js"), &plain),
        [""; 0]
    );
    // The page has two in any case.
    assert_eq!(ids(&doubled, &doubled), [""; 0]);
}

#[test]
fn much_code_from_text_is_found_and_its_maker() {
    let plain = visits(NOTHING, |_| {});
    let made = |count: u32, length: u32| {
        visits(NOTHING, move |visit| {
            for nth in 0..count {
                visit.script(10 + nth, "", length, Some(WORKER));
            }
        })
    };
    for with in [made(60, 80), made(1, 60_000)] {
        let findings = of("eval_heavy", &with, &plain);
        assert_eq!(function(blamed(&findings)), "scoreAll");
    }
    assert_eq!(ids(&made(3, 200), &plain), [""; 0]);
}
