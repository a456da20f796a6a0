//! What one trial shows and records.

use bytes::Bytes;
use hyper::Method;
use tagperf::model::{Answer, Insert, Millis, Place, PlayedFile, Staging, UrlPattern};
use tagperf::stage::{Stage, StageConfig, StageError};

use crate::client::Client;
use crate::{config, data, origin, start, with_heatmap};

const TAG: &str = r#"<script src="https://heatmap.example/h.js?id=7" async></script>"#;
const CHAT: &str = r#"<script src="https://chat.example/widget.js" async></script>"#;

#[tokio::test]
async fn only_the_pages_own_documents_are_changed() {
    let stage = start().await;
    stage.begin(&with_heatmap()).unwrap();
    let client = Client::of(&stage);
    let mut shop = client.h2("shop.example").await;

    let home = shop.open("/?utm=1").await.unwrap();
    let html = std::fs::read_to_string(data("site/index.html")).unwrap();
    let expected = html
        .replace(CHAT, "")
        .replace("</head>", &format!("{TAG}</head>"));
    assert_eq!(home.text(), expected);
    assert_eq!(home.header("content-length"), expected.len().to_string());
    let about = shop.open("/about/").await.unwrap();
    assert!(about.text().contains(TAG));
    let frame = [("sec-fetch-dest", "iframe")];
    for reply in [
        shop.get("/frame.html", &frame).await.unwrap(),
        shop.get("/", &frame).await.unwrap(),
        shop.get("/", &[("sec-fetch-dest", "empty")]).await.unwrap(),
        shop.open("/none").await.unwrap(),
    ] {
        assert!(!reply.text().contains(TAG), "{}", reply.text());
    }
    let plain = client
        .plain("shop.example", "/about/", "Accept: text/html,*/*\r\n")
        .await
        .unwrap();
    assert!(plain.contains(TAG), "{plain}");
    stage.end();
    assert_eq!(stage.problems(), [""; 0]);
    stage.stop().await;
}

#[tokio::test]
async fn each_trial_has_its_own_staging_and_log() {
    let stage = start().await;
    let client = Client::of(&stage);
    for _ in 0..2 {
        stage.begin(&with_heatmap()).unwrap();
        let home = client.h2("shop.example").await.open("/").await.unwrap();
        assert!(home.text().contains(TAG) && !home.text().contains(CHAT));
        client
            .h2("heatmap.example")
            .await
            .get("/h.js", &[])
            .await
            .unwrap();
        let requests = stage.end();
        let urls: Vec<_> = requests
            .iter()
            .map(|request| request.url.as_str())
            .collect();
        assert_eq!(
            urls,
            ["https://shop.example/", "https://heatmap.example/h.js"]
        );
        assert_eq!(requests[0].sent_bytes, home.body.len() as u64);
        assert!(requests[0].start_ms <= requests[1].start_ms);
        assert!(
            requests
                .iter()
                .all(|r| r.start_ms >= 0.0 && r.duration_ms >= 0.0)
        );

        stage.begin(&Staging::default()).unwrap();
        let home = client.h2("shop.example").await.open("/").await.unwrap();
        assert!(!home.text().contains(TAG) && home.text().contains(CHAT));
        let tag = client.h2("heatmap.example").await.get("/h.js", &[]).await;
        assert!(tag.is_err());
        let requests = stage.end();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].answer, Answer::Refused);
        assert_eq!(stage.end().len(), 0);
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_connection_ends_with_its_trial() {
    let stage = start().await;
    let client = Client::of(&stage);
    stage.begin(&with_heatmap()).unwrap();
    let mut old = client.h2("shop.example").await;
    old.open("/").await.unwrap();
    stage.end();
    // Between trials the stage still answers, and lists nothing.
    old.open("/").await.unwrap();
    stage.begin(&Staging::default()).unwrap();
    assert!(old.open("/").await.is_err());
    assert_eq!(stage.end(), []);
    stage.stop().await;
}

#[tokio::test]
async fn a_request_that_still_runs_is_listed() {
    let mut slow = origin("slow.example", "cdn");
    slow.latency = Millis(60_000.0);
    let mut config = config();
    config.origins.push(slow);
    let stage = Stage::start(config).await.unwrap();
    let client = Client::of(&stage);
    let cut = Staging {
        blocks: vec![UrlPattern("*/cut.js".into())],
        ..Staging::default()
    };
    stage.begin(&cut).unwrap();
    let slow = client.h2("slow.example").await;
    let waiting = slow.start("/lib.js").await;
    // Requests of one connection arrive in order.
    assert!(slow.clone().get("/cut.js", &[]).await.is_err());
    let requests = stage.end();
    assert_eq!(requests.len(), 2);
    let request = &requests[0];
    assert_eq!((request.status, request.sent_bytes), (0, 0));
    assert_eq!(request.answer, Answer::Played);
    assert!(request.duration_ms > 0.0);
    stage.stop().await;
    assert!(!waiting.await.unwrap());
}

#[tokio::test]
async fn the_latency_of_an_origin_is_added_to_all_its_answers() {
    let mut slow = origin("slow.example", "cdn");
    slow.latency = Millis(80.0);
    let mut config = config();
    config.origins.push(slow);
    let stage = Stage::start(config).await.unwrap();
    let client = Client::of(&stage);
    stage.begin(&Staging::default()).unwrap();
    let mut slow = client.h2("slow.example").await;
    slow.get("/lib.js", &[]).await.unwrap();
    slow.get("/none.js", &[]).await.unwrap();
    let beacon = [("sec-fetch-dest", "empty")];
    slow.ask(Method::POST, "/collect", &beacon, Bytes::new())
        .await
        .unwrap();
    let requests = stage.end();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|r| r.duration_ms >= 80.0),
        "{requests:#?}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn an_insert_that_has_no_place_is_a_problem_of_every_trial() {
    let stage = start().await;
    let client = Client::of(&stage);
    let staging = Staging {
        inserts: vec![Insert {
            tag: "footer".into(),
            place: Place::Body,
            html: "<p>footer</p>".into(),
        }],
        ..Staging::default()
    };
    for _ in 0..2 {
        stage.begin(&staging).unwrap();
        client
            .h2("shop.example")
            .await
            .open("/broken.html")
            .await
            .unwrap();
        stage.end();
        let problems = stage.problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].contains("tag `footer` was not put"),
            "{problems:?}"
        );
    }
    stage.begin(&staging).unwrap();
    assert_eq!(stage.problems(), [""; 0]);
    client
        .h2("shop.example")
        .await
        .open("/none.html")
        .await
        .unwrap();
    stage.end();
    assert!(
        stage.problems()[0].contains("no document"),
        "{:?}",
        stage.problems()
    );
    stage.begin(&Staging::default()).unwrap();
    stage.end();
    assert_eq!(stage.problems(), [""; 0]);
    stage.stop().await;
}

#[tokio::test]
async fn a_staging_that_cannot_be_played_is_an_error_and_changes_nothing() {
    let stage = start().await;
    let played = |url: &str, file: &str| Staging {
        plays: vec![PlayedFile {
            tag: "heatmap".into(),
            url: url.into(),
            file: data(file),
            headers: None,
        }],
        ..with_heatmap()
    };
    stage.begin(&with_heatmap()).unwrap();
    let error = stage.begin(&played("https://a.example/", "tags/none.js"));
    let error = error.unwrap_err().to_string();
    assert!(error.contains("tag `heatmap`: cannot read"), "{error}");
    let error = stage.begin(&played("h.js", "tags/heatmap.js")).unwrap_err();
    assert!(matches!(error, StageError::Url { .. }), "{error}");
    let home = Client::of(&stage).h2("shop.example").await.open("/").await;
    assert!(home.unwrap().text().contains(TAG));
    stage.stop().await;
}

#[tokio::test]
async fn a_stage_that_cannot_be_set_up_is_an_error() {
    let with = |host: &str, dir: &str| StageConfig {
        origins: vec![origin("shop.example", "site"), origin(host, dir)],
        ..config()
    };
    let text = |result: Result<Stage, StageError>| result.err().unwrap().to_string();
    let error = text(Stage::start(with("a.example", "none")).await);
    assert!(
        error.contains("origin `a.example` cannot be played"),
        "{error}"
    );
    let error = text(Stage::start(with("a.example", "site/index.html")).await);
    assert!(
        error.contains("origin `a.example` cannot be played"),
        "{error}"
    );
    let error = text(Stage::start(with("a b", "site")).await);
    assert!(error.contains("origin `a b` cannot be played"), "{error}");
    let error = text(Stage::start(with("SHOP.example", "site")).await);
    assert!(error.contains("listed twice"), "{error}");
}
