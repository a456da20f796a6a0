//! What leaves the page, and that no finding tells it.

use super::made::*;
use super::*;
use tagperf::model::Visit;

const EMAIL: &str = "jane.roe@mail.test";
const PASSWORD: &str = "Sesame!42";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9m";

/// One request after all was typed.
fn sends(url: &str, body: &str) -> impl Fn() -> Visit {
    let (url, body) = (url.to_owned(), body.to_owned());
    move || {
        let asked = Asked {
            body: Some(body.clone()),
            ..beacon(7.5, &url)
        };
        asks(visit(), [asked])
    }
}

const COLLECT: &str = "https://in.vendor.test/collect";

#[test]
fn secrets_are_told_and_their_values_are_not() {
    let urls = format!("{COLLECT}?dl=https%3A%2F%2Fshop.test%2F%3Fkey%3D{JWT}");
    let finding = told("secret_in_request", sends(&urls, ""), without);
    assert!(
        finding
            .summary
            .contains("a JSON web token (in the address) to in.vendor.test")
    );
    discreet(&finding, &[JWT]);
    let card = "{\"card\":\"4111 1111 1111 1111\"}";
    let finding = told("secret_in_request", sends(COLLECT, card), without);
    assert!(finding.summary.contains("a card number (in the body)"));
    discreet(&finding, &["4111"]);
    silent(
        "secret_in_request",
        sends("https://api.shop.test/login", JWT),
        without,
    );
    silent(
        "secret_in_request",
        sends(COLLECT, "tid=G-ABC123DEF4&token=5a1b2c3d4e5f"),
        without,
    );
}

#[test]
fn a_key_in_the_tags_own_code_is_public() {
    let own = || {
        let mut visit = sends(COLLECT, "access_token=d41d8cd98f00b204")();
        visit.trace.as_mut().unwrap().scripts = vec![tagperf::model::Script {
            id: 1,
            url: by_tag().url,
            source: Some("init('d41d8cd98f00b204')".into()),
            ..Default::default()
        }];
        visit
    };
    silent("secret_in_request", own, without);
    let finding = told(
        "secret_in_request",
        sends(COLLECT, "access_token=d41d8cd98f00b204"),
        without,
    );
    discreet(&finding, &["d41d8cd98f00b204"]);
}

#[test]
fn what_was_typed_is_told_in_any_form_and_its_value_is_not() {
    let base64 = "eyJlIjoiamFuZS5yb2VAbWFpbC50ZXN0In0";
    let sha = "4ebb2e1a5c4e7cb4ed1bb80ae60bca0b9d58d3ea1a4d9b3e0d3d8b3a00000000";
    for body in [
        format!("mail={EMAIL}"),
        format!("d={base64}"),
        "e=jane.roe%40mail.test".into(),
    ] {
        let finding = told("personal_data", sends(COLLECT, &body), without);
        assert!(
            finding
                .summary
                .contains("an e-mail address (j…@…), readable, in the body"),
            "{}",
            finding.summary
        );
        discreet(&finding, &[EMAIL, "jane.roe", base64]);
    }
    let hashed = told(
        "personal_data",
        sends(&format!("{COLLECT}?ud[em]={sha}"), ""),
        without,
    );
    assert!(hashed.summary.contains("hashed"), "{}", hashed.summary);
    discreet(&hashed, &[sha]);
    let password = told("personal_data", sends(COLLECT, PASSWORD), without);
    assert_eq!(password.step.as_deref(), Some("quiet for 1 s"));
    discreet(&password, &[PASSWORD]);
    silent(
        "personal_data",
        sends("https://api.shop.test/login", EMAIL),
        without,
    );
    silent(
        "personal_data",
        sends(COLLECT, "<a>hello@shop.test</a>"),
        without,
    );
}

#[test]
fn what_is_sent_before_it_is_typed_is_the_same_by_chance() {
    let before = || {
        let asked = Asked {
            body: Some(EMAIL.into()),
            ..beacon(1.0, COLLECT)
        };
        asks(visit(), [asked])
    };
    silent("personal_data", before, without);
}

#[test]
fn neither_step_nor_culprit_tells_what_was_typed() {
    let inline = || {
        let asked = Asked {
            body: Some(format!("mail={EMAIL}")),
            by: vec![code(&format!("https://shop.test/?mail={EMAIL}"), "send", 3)],
            ..beacon(5.9, COLLECT)
        };
        let mut visit = asks(visit(), [asked]);
        visit.pages[0].url = format!("https://shop.test/?mail={EMAIL}");
        visit.trace.as_mut().unwrap().fetches[0]
            .stack
            .push(tagperf::model::StackFrame {
                code: by_tag(),
                script: 0,
            });
        visit
    };
    let finding = told("personal_data", inline, without);
    assert_eq!(finding.step.as_deref(), Some("type … into #email"));
    discreet(&finding, &[EMAIL, "jane.roe"]);
}

#[test]
fn listeners_in_password_fields_are_told_and_shortcuts_are_not() {
    let at = |target: &'static str, by: fn() -> CodeLocation| {
        move || {
            inventory(visit(), |all| {
                all.listeners = vec![listener(target, "keydown", by())]
            })
        }
    };
    let finding = told(
        "keystroke_listener",
        at("input[type=password]#password", by_tag),
        without,
    );
    assert_eq!(function(&finding), "act");
    discreet(&finding, &[PASSWORD]);
    silent(
        "keystroke_listener",
        at("input[type=email]#email", by_tag),
        without,
    );
    silent("keystroke_listener", at("window", by_tag), without);
    let page = at("input[type=password]#password", by_page);
    silent("keystroke_listener", page, page);
    let echo = || {
        asks(
            at("window", by_tag)(),
            (0..9).map(|nth| beacon(6.1 + 0.05 * f64::from(nth), COLLECT)),
        )
    };
    assert_eq!(function(&told("keystroke_listener", echo, without)), "act");
    let search = || {
        asks(
            at("window", by_tag)(),
            (0..9).map(|nth| beacon(5.1 + 0.05 * f64::from(nth), COLLECT)),
        )
    };
    silent("keystroke_listener", search, without);
}

#[test]
fn cookies_of_others_long_ones_and_many_are_told() {
    let jar = |cookies: &'static [(&'static str, &'static str, f64)]| {
        move || {
            inventory(visit(), |all| {
                let made = cookies
                    .iter()
                    .map(|(name, domain, days)| cookie(name, domain, *days));
                all.cookies = made.collect();
                all.acts = vec![act("cookie_write", "a", 1, 10.0)];
            })
        }
    };
    let finding = told(
        "cookies_set",
        jar(&[("uid", ".adgraph.test2", 30.0)]),
        without,
    );
    assert!(
        finding.summary.contains("uid (adgraph.test2)"),
        "{}",
        finding.summary
    );
    told("cookies_set", jar(&[("a", ".shop.test", 400.0)]), without);
    silent(
        "cookies_set",
        jar(&[("a", ".shop.test", 90.0), ("b", "shop.test", 30.0)]),
        without,
    );
    let same = jar(&[("uid", ".adgraph.test2", 30.0)]);
    silent("cookies_set", same, same);
}

#[test]
fn several_telling_interfaces_are_a_fingerprint_and_a_chart_is_none() {
    let calls = |whats: &'static [&'static str]| {
        move || {
            inventory(visit(), |all| {
                all.acts = whats
                    .iter()
                    .map(|what| act("fingerprint", what, 1, 50.0))
                    .collect();
            })
        }
    };
    let finding = told(
        "fingerprinting",
        calls(&["canvas.toDataURL", "webgl.getParameter", "screen.width"]),
        without,
    );
    assert_eq!(function(&finding), "act");
    silent(
        "fingerprinting",
        calls(&[
            "canvas.toDataURL",
            "screen.width",
            "screen.height",
            "navigator.deviceMemory",
        ]),
        without,
    );
    silent(
        "fingerprinting",
        calls(&["webgl.getParameter", "navigator.hardwareConcurrency"]),
        without,
    );
}
