//! What the tag asks of the network.

use super::made::*;
use super::*;
use tagperf::model::Answer;

const COLLECT: &str = "https://in.vendor.test/collect";

fn every(pause_s: f64, from_s: f64, count: usize) -> impl Iterator<Item = Asked> {
    (0..count).map(move |nth| beacon(from_s + pause_s * nth as f64, COLLECT))
}

#[test]
fn beacons_without_pause_are_a_storm_and_batches_are_none() {
    let finding = told(
        "beacon_storm",
        || asks(visit(), every(0.05, 7.05, 18)),
        without,
    );
    assert_eq!(function(&finding), "act");
    silent(
        "beacon_storm",
        || asks(visit(), every(1.0, 0.5, 8)),
        without,
    );
    // What the last interaction left over comes at once.
    silent(
        "beacon_storm",
        || asks(visit(), every(0.01, 7.2, 9)),
        without,
    );
    // A tag that wraps `fetch` is on the stack of the page's own requests.
    let wrapped = || asks(visit(), every(0.05, 7.05, 18));
    silent("beacon_storm", wrapped, wrapped);
    assert_eq!(
        told(
            "beacon_storm",
            || asks(visit(), every(0.02, 0.1, 40)),
            without
        )
        .id,
        "beacon_storm"
    );
}

#[test]
fn images_that_nobody_is_said_to_have_asked_for_are_the_tags_when_they_come_with_it() {
    let pixels = || {
        let pixel = |nth: usize| Asked {
            by: vec![],
            method: "GET",
            kind: "Image",
            api: "img",
            ..beacon(0.502 + nth as f64 * 1e-4, &format!("{COLLECT}?n={nth}"))
        };
        asks(visit(), (0..40).map(pixel))
    };
    assert_eq!(function(&told("beacon_storm", pixels, without)), "act");
    silent("beacon_storm", pixels, pixels);
}

#[test]
fn heavy_loads_and_long_bodies_are_oversize() {
    let heavy = |bytes| {
        move || {
            let asked = Asked {
                bytes,
                ..script(0.6, "https://cdn.vendor.test/all.js")
            };
            asks(visit(), [asked])
        }
    };
    let finding = told("oversize_payload", heavy(900_000), without);
    assert_eq!(
        finding.culprit.unwrap().url,
        "https://cdn.vendor.test/all.js"
    );
    silent("oversize_payload", heavy(300_000), without);
    let sends = |sent| {
        move || {
            asks(
                visit(),
                [Asked {
                    sent,
                    ..beacon(1.5, COLLECT)
                }],
            )
        }
    };
    assert_eq!(
        function(&told("oversize_payload", sends(400_000), without)),
        "act"
    );
    silent("oversize_payload", sends(60_000), without);
}

#[test]
fn scripts_in_a_row_are_a_chain() {
    let chain = |length: usize| {
        move || {
            let url = |nth: usize| format!("https://cdn.vendor.test/{nth}.js");
            let link = |nth: usize| Asked {
                by: if nth == 0 {
                    vec![]
                } else {
                    vec![code(&url(nth - 1), "next", 4)]
                },
                ..script(0.1 * nth as f64, &url(nth))
            };
            let mut visit = asks(visit(), (0..length).map(link));
            let scripts = (0..length).map(|nth| tagperf::model::Script {
                id: nth as u32 + 1,
                url: url(nth),
                ..Default::default()
            });
            visit.trace.as_mut().unwrap().scripts = scripts.collect();
            visit
        }
    };
    let finding = told("request_chain", chain(6), without);
    assert_eq!(function(&finding), "next");
    assert_eq!(figure(&finding, "scripts in a row"), (6.0, 0.0));
    silent("request_chain", chain(3), without);
}

#[test]
fn vendors_that_come_along_are_listed() {
    let brings = |hosts: &'static [&'static str]| {
        move || {
            asks(
                visit(),
                hosts
                    .iter()
                    .map(|host| script(0.6, &format!("https://{host}/x.js?u=secret"))),
            )
        }
    };
    let finding = told(
        "piggyback",
        brings(&["a.stranger.test2", "js.other.test3"]),
        without,
    );
    assert!(
        finding.summary.contains("a.stranger.test2, js.other.test3"),
        "{}",
        finding.summary
    );
    assert!(!finding.summary.contains("secret"));
    assert_eq!(finding.severity, tagperf::model::Severity::Note);
    silent(
        "piggyback",
        brings(&["lib.vendor.test", "static.shop.test"]),
        without,
    );
    silent(
        "piggyback",
        brings(&["a.stranger.test2"]),
        brings(&["b.stranger.test2"]),
    );
}

#[test]
fn redirects_in_a_row_are_a_chain_and_one_is_none() {
    let hops = |count: usize| {
        move || {
            let hop = |nth: usize| Asked {
                kind: "Image",
                status: if nth < count { 302 } else { 200 },
                end_s: (nth < count).then_some(0.6 + 0.01 * (nth + 1) as f64),
                ..script(
                    0.6 + 0.01 * nth as f64,
                    &format!("https://px{nth}.vendor.test/s"),
                )
            };
            asks(visit(), (0..=count).map(hop))
        }
    };
    let finding = told("redirect_chain", hops(3), without);
    assert_eq!(figure(&finding, "redirects in a row"), (3.0, 0.0));
    assert_eq!(function(&finding), "act");
    silent("redirect_chain", hops(1), without);
}

#[test]
fn delivery_is_judged_where_it_is_declared() {
    let file = |headers: &'static [(&'static str, &'static str)]| {
        move || {
            let asked = Asked {
                headers: headers.to_vec(),
                ..script(0.1, "https://cdn.vendor.test/big.js")
            };
            asks(visit(), [asked])
        }
    };
    const PLAIN: &[(&str, &str)] = &[("cache-control", "max-age=60"), ("content-length", "20000")];
    const FRESH: &[(&str, &str)] = &[("cache-control", "no-store"), ("content-encoding", "br")];
    const KNOWN: &[(&str, &str)] = &[
        ("cache-control", "no-cache"),
        ("etag", "\"7\""),
        ("content-encoding", "gzip"),
    ];
    let finding = told("uncompressed_resource", file(PLAIN), without);
    assert_eq!(
        finding.culprit.unwrap().url,
        "https://cdn.vendor.test/big.js"
    );
    silent("uncached_resource", file(PLAIN), without);
    told("uncached_resource", file(FRESH), without);
    silent("uncompressed_resource", file(FRESH), without);
    for id in ["uncached_resource", "uncompressed_resource"] {
        silent(id, file(KNOWN), without);
        silent(id, file(&[]), without);
    }
}

#[test]
fn a_storm_of_retries_is_told_and_a_few_are_not() {
    let fails = |count: usize, answer: Answer, status: u16| {
        move || {
            let one = |nth: usize| Asked {
                answer,
                status,
                ..beacon(
                    0.1 * nth as f64,
                    &format!("https://api.vendor.test/v1?try={nth}"),
                )
            };
            asks(visit(), (0..count).map(one))
        }
    };
    let finding = told("failed_requests", fails(9, Answer::Missing, 404), without);
    assert!(finding.summary.contains("asks 9 times") && !finding.summary.contains("try="));
    silent("failed_requests", fails(3, Answer::Missing, 404), without);
    silent("failed_requests", fails(7, Answer::Refused, 0), without);
    told("failed_requests", fails(15, Answer::Refused, 0), without);
    silent("beacon_storm", fails(40, Answer::Missing, 404), without);
}
