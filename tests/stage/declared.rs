//! What an origin or a played file says of its responses, and what the log of a recorded trial keeps.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use hyper::Method;
use tagperf::model::{Request, Staging};
use tagperf::stage::{Stage, StageConfig, StageError};

use crate::client::Client;
use crate::{config, origin, start, with_heatmap};

const GZIP: (&str, &str) = ("accept-encoding", "gzip, br");

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
    of.iter().map(pair).collect()
}

/// The shop says nothing of what it sends; the other host does, and sends one path elsewhere.
async fn declaring() -> Stage {
    let mut cdn = origin("cdn.example", "site");
    cdn.headers = Some(pairs(&[
        ("cache-control", "no-store"),
        ("content-encoding", "gzip"),
        ("set-cookie", "visitor=secret; Path=/"),
        ("vary", "Accept-Encoding"),
        ("x-served-by", "cache-7"),
    ]));
    let mut shop = origin("shop.example", "site");
    shop.redirects = pairs(&[("/go", "https://cdn.example/style.css?from=shop")]);
    let config = StageConfig {
        origins: vec![shop, cdn],
        ..config()
    };
    Stage::start(config).await.unwrap()
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let mut headers = request.headers.iter();
    let found = headers.find(|(key, _)| key == name)?;
    Some(found.1.as_str())
}

#[tokio::test]
async fn declared_headers_are_sent_and_logged_and_the_stages_own_are_not_logged() {
    let stage = declaring().await;
    stage.begin_recorded(&Staging::default()).unwrap();
    let client = Client::of(&stage);
    let mut cdn = client.h2("cdn.example").await;
    let style = cdn.get("/style.css", &[GZIP]).await.unwrap();
    let mut plain = String::new();
    GzDecoder::new(&style.body[..])
        .read_to_string(&mut plain)
        .unwrap();
    let file = std::fs::read_to_string(crate::data("site/style.css")).unwrap();
    assert_eq!(plain, file);
    assert_eq!(style.header("cache-control"), "no-store");
    assert_eq!(style.header("x-served-by"), "cache-7");
    let bare = cdn.get("/style.css", &[]).await.unwrap();
    assert_eq!((bare.text(), bare.header("content-encoding")), (&*file, ""));
    let mut shop = client.h2("shop.example").await;
    let own = shop.get("/style.css", &[GZIP]).await.unwrap();
    assert_eq!(own.header("cache-control"), "public, max-age=3600");

    let requests = stage.end();
    let [style_request, bare, own] = &requests[..] else {
        panic!("{requests:?}");
    };
    let told = |name| header(style_request, name);
    assert_eq!(told("cache-control"), Some("no-store"));
    assert_eq!(told("content-encoding"), Some("gzip"));
    assert_eq!(told("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(told("set-cookie"), Some("visitor"));
    assert_eq!(told("vary"), Some("Accept-Encoding"));
    assert_eq!(told("x-served-by"), None);
    let length = style.body.len().to_string();
    assert_eq!(told("content-length"), Some(length.as_str()));
    assert_eq!(header(bare, "content-encoding"), None);
    assert_eq!(own.headers, []);
    stage.stop().await;
}

#[tokio::test]
async fn a_redirect_leads_where_the_origin_says() {
    let stage = declaring().await;
    stage.begin_recorded(&Staging::default()).unwrap();
    let client = Client::of(&stage);
    let mut shop = client.h2("shop.example").await;
    let reply = shop.get("/go?again=1", &[]).await.unwrap();
    let to = "https://cdn.example/style.css?from=shop";
    assert_eq!((reply.status.as_u16(), reply.header("location")), (302, to));
    let requests = stage.end();
    assert_eq!(requests[0].status, 302);
    assert_eq!(header(&requests[0], "location"), Some(to));
    stage.stop().await;
}

#[tokio::test]
async fn a_played_file_has_its_own_headers() {
    let stage = start().await;
    let mut staging = with_heatmap();
    staging.plays[0].headers = Some(pairs(&[("cache-control", "max-age=60")]));
    stage.begin_recorded(&staging).unwrap();
    let client = Client::of(&stage);
    let mut vendor = client.h2("heatmap.example").await;
    let script = vendor.get("/h.js?id=7", &[]).await.unwrap();
    assert_eq!(script.header("cache-control"), "max-age=60");
    assert_eq!(header(&stage.end()[0], "cache-control"), Some("max-age=60"));

    staging.plays[0].headers = Some(pairs(&[("cache-control", "a\nb")]));
    let error = stage.begin(&staging).unwrap_err();
    assert!(matches!(error, StageError::Header { .. }), "{error}");
    stage.stop().await;
}

#[tokio::test]
async fn what_a_page_sends_is_kept_as_text_in_a_recorded_trial_alone() {
    let stage = start().await;
    let client = Client::of(&stage);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(b"packed").unwrap();
    let gzip = gzip.finish().unwrap();
    for recorded in [true, false] {
        if recorded {
            stage.begin_recorded(&Staging::default()).unwrap();
        } else {
            stage.begin(&Staging::default()).unwrap();
        }
        let mut shop = client.h2("shop.example").await;
        let long = "x".repeat(100_000);
        let encoded = [("sec-fetch-dest", "empty"), ("content-encoding", "gzip")];
        for (headers, body) in [
            (&encoded[..1], Bytes::from_static(b"{\"a\":1}")),
            (&encoded[..1], Bytes::from(long)),
            (&encoded[..], Bytes::from(gzip.clone())),
            (&encoded[..1], Bytes::from_static(b"\0\xff")),
        ] {
            shop.ask(Method::POST, "/collect", headers, body)
                .await
                .unwrap();
        }
        let requests = stage.end();
        let bodies: Vec<_> = requests.iter().map(|r| r.body.as_deref()).collect();
        let cut = "x".repeat(16 << 10);
        if recorded {
            assert_eq!(
                bodies,
                [Some("{\"a\":1}"), Some(cut.as_str()), Some("packed"), None]
            );
            assert_eq!(requests[1].received_bytes, 100_000);
        } else {
            assert_eq!(bodies, [None; 4]);
        }
    }
    stage.stop().await;
}
