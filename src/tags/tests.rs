use std::collections::BTreeSet;
use std::path::Path;

use url::Url;

use super::*;
use crate::model::{Answer, CspViolation, Insert, PageRecord, Place, Request, ScriptLoad};
use crate::reader;

/// What `[[tag]]` tables of a scenario give.
pub(super) fn tags(toml: &str) -> Vec<Tag> {
    let page = Url::parse("https://shop.example/").unwrap();
    let hosts = ["shop.example".to_owned(), "cdn.example".to_owned()];
    let scene = Scene {
        folder: Path::new("tests/scenarios/good"),
        hosts: Some(&hosts),
        page: Some(&page),
    };
    let tags = reader::read("tags.toml", toml, |top| {
        top.required("tag", |list| read(list, &scene))
    });
    tags.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

pub(super) fn tag(source: &str) -> Tag {
    tags(&format!("[[tag]]\nid = \"it\"\n{source}")).remove(0)
}

/// The HTML that the stage puts in for a tag that is present, or absent.
pub(super) fn inserted(tag: &Tag, present: bool) -> String {
    let inserts = tag.staging(present).inserts;
    inserts.into_iter().map(|insert| insert.html).collect()
}

pub(super) fn asked(url: &str, answer: Answer) -> Visit {
    let request = Request {
        body: None,
        headers: vec![],
        start_ms: 0.0,
        duration_ms: 1.0,
        method: "GET".into(),
        url: url.into(),
        destination: "script".into(),
        status: 200,
        sent_bytes: 1,
        received_bytes: 0,
        answer,
    };
    Visit {
        requests: vec![request],
        pages: vec![PageRecord::default()],
        ..Visit::default()
    }
}

pub(super) fn script_event(mut visit: Visit, url: &str, ran: bool) -> Visit {
    visit.pages[0].scripts.push(ScriptLoad {
        url: url.into(),
        ran,
    });
    visit
}

pub(super) fn forbidden(mut visit: Visit, directive: &str, blocked: &str) -> Visit {
    visit.pages[0].csp_violations.push(CspViolation {
        directive: directive.into(),
        blocked: blocked.into(),
    });
    visit
}

/// Id and text of the reason, or `ok`.
pub(super) fn told(outcome: Result<(), Reason>) -> String {
    match outcome {
        Ok(()) => "ok".into(),
        Err(reason) => {
            assert_eq!(reason.tag.as_deref(), Some("it"));
            format!("{:?}: {}", reason.id, reason.text)
        }
    }
}

#[test]
fn every_source_explains_itself_by_an_example_that_works() {
    let ids: BTreeSet<&str> = ALL.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for row in ALL {
        assert!(row.what.ends_with('.'), "{}", row.what);
        let tag = tag(row.example);
        assert_eq!(tag.source.id(), row.id);
        let stored = serde_json::to_string(&tag).unwrap();
        assert_eq!(serde_json::from_str::<Tag>(&stored).unwrap(), tag);
        let info = tag.info(Firing::default());
        assert_eq!((info.source.as_str(), info.line), (row.id, 1));
    }
}

const FAMILY: &str = r#"
[[tag]]
id = "c"
needs = ["b"]
requests = ["*://c.example/*"]

[[tag]]
id = "b"
owner = "growth"
needs = ["a"]
snippet = { html = "<b>" }

[[tag]]
id = "x"
requests = ["*://x.example/*"]

[[tag]]
id = "a"
script = { src = "https://cdn.example/a.js" }
"#;

#[test]
fn tags_stand_behind_what_they_need() {
    let tags = tags(FAMILY);
    let ids: Vec<&str> = tags.iter().map(|tag| tag.id.as_str()).collect();
    assert_eq!(ids, ["x", "a", "b", "c"]);
    assert_eq!(needs(&tags, "c"), ["a", "b"]);
    assert_eq!(needs(&tags, "b"), ["a"]);
    assert!(needs(&tags, "x").is_empty());
    assert_eq!(tags[2].owner.as_deref(), Some("growth"));
    assert_eq!(tags[2].line, 7);
}

#[test]
fn an_arm_is_staged_from_all_tags_present_or_not() {
    let tags = tags(FAMILY);
    let staged = staging(&tags, &Arm(vec!["a".into(), "x".into()]));
    let insert = |tag: &str, html: &str| Insert {
        tag: tag.into(),
        place: Place::Head,
        html: html.into(),
    };
    let script = r#"<script async src="https://cdn.example/a.js"></script>"#;
    let absent = "<!--tagperf:b--><!--/tagperf:b-->";
    assert_eq!(staged.inserts, [insert("a", script), insert("b", absent)]);
    assert_eq!(staged.blocks, [UrlPattern("*://c.example/*".into())]);
    assert!(staged.plays.is_empty());
}
