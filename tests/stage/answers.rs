//! Each rule by which a request is answered.

use bytes::Bytes;
use hyper::Method;
use tagperf::model::Answer;
use tagperf::stage::Stage;

use crate::client::Client;
use crate::{config, data, start, with_heatmap};

const DATA: (&str, &str) = ("sec-fetch-dest", "empty");
const IMAGE: (&str, &str) = ("sec-fetch-dest", "image");

#[tokio::test]
async fn each_request_ends_at_its_rule() {
    let stage = start().await;
    stage.begin(&with_heatmap()).unwrap();
    let client = Client::of(&stage);
    let get = Method::GET;
    let cut = 0;
    #[rustfmt::skip]
    let cases = [
        // host, method, path, destination, status, answer
        ("chat.example", &get, "/widget.js", "script", cut, Answer::Blocked),
        ("chat.example", &Method::POST, "/log", "empty", cut, Answer::Blocked),
        ("heatmap.example", &get, "/h.js?id=7", "script", 200, Answer::Played),
        ("heatmap.example", &get, "/h.js", "script", 200, Answer::Played),
        ("heatmap.example", &get, "/other.js", "script", cut, Answer::Refused),
        ("heatmap.example", &Method::POST, "/h.js", "document", 405, Answer::Missing),
        ("shop.example", &get, "/", "document", 200, Answer::Played),
        ("shop.example", &get, "/style.css?v=2", "style", 200, Answer::Played),
        ("shop.example", &get, "/about", "document", 301, Answer::Played),
        ("shop.example", &get, "/about/", "document", 200, Answer::Played),
        ("shop.example", &get, "/media/", "document", 404, Answer::Missing),
        ("shop.example", &get, "/none.js", "script", 404, Answer::Missing),
        ("shop.example", &get, "/none.jpg?w=800", "image", 404, Answer::Missing),
        ("shop.example", &Method::DELETE, "/style.css", "empty", 405, Answer::Missing),
        ("shop.example", &Method::POST, "/style.css", "document", 405, Answer::Missing),
        ("shop.example", &Method::POST, "/collect", "empty", 204, Answer::Beacon),
        ("shop.example", &get, "/collect?e=1", "image", 200, Answer::Beacon),
        ("api.example", &Method::POST, "/v1", "empty", 204, Answer::Beacon),
        ("api.example", &Method::PUT, "/v1", "empty", 204, Answer::Beacon),
        ("api.example", &Method::POST, "/csp", "report", 204, Answer::Beacon),
        ("api.example", &get, "/p.gif?e=1", "image", 200, Answer::Beacon),
        ("api.example", &get, "/p.gif", "image", cut, Answer::Refused),
        ("api.example", &get, "/hero.webp?w=800", "image", cut, Answer::Refused),
        ("api.example", &get, "/v1?q=1", "empty", cut, Answer::Refused),
        ("api.example", &get, "/", "document", cut, Answer::Refused),
        ("api.example", &Method::POST, "/form", "document", cut, Answer::Refused),
        ("api.example", &Method::OPTIONS, "/", "empty", cut, Answer::Refused),
    ];
    for (host, method, path, destination, status, _) in &cases {
        let mut h2 = client.h2(host).await;
        let headers = [("sec-fetch-dest", *destination)];
        let reply = h2
            .ask((*method).clone(), path, &headers, Bytes::new())
            .await;
        let seen = match reply {
            Ok(reply) => reply.status.as_u16(),
            Err(error) => {
                assert!(error.is_reset(), "{host}{path}: {error}");
                // Chromium repeats a request that was reset with REFUSED_STREAM.
                assert_eq!(error.reason(), Some(h2::Reason::INTERNAL_ERROR));
                cut
            }
        };
        assert_eq!(seen, *status, "{method} {host}{path}");
    }
    let requests = stage.end();
    assert_eq!(requests.len(), cases.len());
    for (request, (host, method, path, destination, status, answer)) in requests.iter().zip(cases) {
        assert_eq!(request.url, format!("https://{host}{path}"));
        assert_eq!(request.method, method.as_str());
        assert_eq!(request.destination, destination);
        assert_eq!(request.status, status, "{}", request.url);
        assert_eq!(request.answer, answer, "{}", request.url);
    }
    stage.stop().await;
}

#[tokio::test]
async fn files_come_with_what_a_static_host_says_of_them() {
    let stage = start().await;
    stage.begin(&with_heatmap()).unwrap();
    let client = Client::of(&stage);
    #[rustfmt::skip]
    let cases = [
        ("shop.example", "/frame.html", "text/html; charset=utf-8", "no-cache"),
        ("shop.example", "/style.css", "text/css; charset=utf-8", "public, max-age=3600"),
        ("shop.example", "/module.mjs", "text/javascript; charset=utf-8", "public, max-age=3600"),
        ("shop.example", "/media/digits.bin", "application/octet-stream", "public, max-age=3600"),
        ("cdn.example", "/logo.svg", "image/svg+xml", "public, max-age=3600"),
        ("heatmap.example", "/h.js", "text/javascript; charset=utf-8", "public, max-age=3600"),
    ];
    for (host, path, kind, cache) in cases {
        let reply = client.h2(host).await.get(path, &[]).await.unwrap();
        assert_eq!(reply.header("content-type"), kind, "{path}");
        assert_eq!(reply.header("cache-control"), cache, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("timing-allow-origin"), "*");
        assert_eq!(reply.header("vary"), "Origin");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
    }
    let mut shop = client.h2("shop.example").await;
    let reply = shop.get("/about?x=1", &[]).await.unwrap();
    assert_eq!(reply.header("location"), "https://shop.example/about/?x=1");
    let origin = ("origin", "https://shop.example");
    let mut cdn = client.h2("cdn.example").await;
    for path in ["/lib.js", "/none.js"] {
        let reply = cdn.get(path, &[origin]).await.unwrap();
        assert_eq!(reply.header("access-control-allow-origin"), origin.1);
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_part_of_a_file_and_its_head() {
    let stage = start().await;
    let client = Client::of(&stage);
    let mut shop = client.h2("shop.example").await;
    let path = "/media/digits.bin";
    let part = shop.get(path, &[("range", "bytes=2-4")]).await.unwrap();
    assert_eq!((part.status.as_u16(), part.text()), (206, "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(part.header("content-length"), "3");
    let none = shop.get(path, &[("range", "bytes=10-")]).await.unwrap();
    assert_eq!((none.status.as_u16(), none.text()), (416, ""));
    assert_eq!(none.header("content-range"), "bytes */10");
    let whole = [("range", "bytes=2-4"), ("if-range", "\"x\"")];
    let whole = shop.get(path, &whole).await.unwrap();
    assert_eq!((whole.status.as_u16(), whole.text()), (200, "0123456789"));
    assert_eq!(whole.header("accept-ranges"), "bytes");

    let head = shop
        .ask(Method::HEAD, path, &[], Bytes::new())
        .await
        .unwrap();
    assert_eq!((head.status.as_u16(), head.text()), (200, ""));
    assert_eq!(head.header("content-length"), "10");
    let text = format!("HEAD {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
    let head = client.h1(Some("shop.example"), &text).await.unwrap();
    let head = String::from_utf8(head).unwrap();
    assert!(head.contains("content-length: 10\r\n"), "{head}");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    stage.stop().await;
}

#[tokio::test]
async fn a_file_that_is_too_large_for_the_memory_comes_from_the_disk() {
    const SIZE: usize = 33 << 20;
    let dir = tempfile::tempdir().unwrap();
    let mut content = vec![b'.'; SIZE];
    content[SIZE - 3..].copy_from_slice(b"end");
    std::fs::write(dir.path().join("film.mp4"), &content).unwrap();
    let mut config = config();
    config.origins[0].dir = dir.path().into();
    let stage = Stage::start(config).await.unwrap();
    let mut shop = Client::of(&stage).h2("shop.example").await;
    let whole = shop.get("/film.mp4", &[]).await.unwrap();
    assert_eq!(whole.header("content-length"), SIZE.to_string());
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert!(whole.body == content);
    let part = [("range", "bytes=-3")];
    let part = shop.get("/film.mp4", &part).await.unwrap();
    assert_eq!((part.status.as_u16(), part.text()), (206, "end"));
    let sent: Vec<_> = stage.end().iter().map(|r| r.sent_bytes).collect();
    assert_eq!(sent, [SIZE as u64, 3]);
    stage.stop().await;
}

#[tokio::test]
async fn no_request_reads_beyond_the_folder() {
    let stage = start().await;
    let client = Client::of(&stage);
    let secret = std::fs::read_to_string(data("tags/heatmap.js")).unwrap();
    for target in [
        "/../tags/heatmap.js",
        "/%2e%2e/tags/heatmap.js",
        "/..%2ftags/heatmap.js",
        "/about/..%2f..%2ftags%2fheatmap.js",
        "/..%5ctags%5cheatmap.js",
        "/about/../../tags/heatmap.js",
        "http://shop.example/../tags/heatmap.js",
        "/style.css%00.html",
    ] {
        let answer = client.plain("shop.example", target, "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{target}: {answer}");
        assert!(!answer.contains(secret.trim()), "{target}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_preflight_is_let_pass_and_then_the_beacon_is_taken() {
    let stage = start().await;
    let client = Client::of(&stage);
    let mut api = client.h2("api.example").await;
    let origin = ("origin", "https://shop.example");
    let preflight = [
        origin,
        DATA,
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "content-type,x-key"),
    ];
    let reply = api
        .ask(Method::OPTIONS, "/v1", &preflight, Bytes::new())
        .await
        .unwrap();
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), origin.1);
    assert_eq!(reply.header("access-control-allow-credentials"), "true");
    assert_eq!(reply.header("access-control-allow-methods"), "PUT");
    assert_eq!(
        reply.header("access-control-allow-headers"),
        "content-type,x-key"
    );
    let body = Bytes::from_static(b"{\"event\":1}");
    let reply = api
        .ask(Method::PUT, "/v1", &[origin, DATA], body.clone())
        .await
        .unwrap();
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), origin.1);
    let pixel = api.get("/p?e=1", &[IMAGE]).await.unwrap();
    assert_eq!(pixel.header("content-type"), "image/gif");
    assert!(pixel.body.starts_with(b"GIF89a"));

    let requests = stage.end();
    let answers: Vec<_> = requests.iter().map(|request| request.answer).collect();
    assert_eq!(answers, [Answer::Beacon; 3]);
    assert_eq!(requests[1].received_bytes, body.len() as u64);
    assert_eq!(requests[1].sent_bytes, 0);
    assert_eq!(requests[2].sent_bytes, pixel.body.len() as u64);
    stage.stop().await;
}

#[tokio::test]
async fn a_beacon_without_end_is_not_taken() {
    let stage = start().await;
    let client = Client::of(&stage);
    let mut api = client.h2("api.example").await;
    let body = Bytes::from(vec![0; 17 << 20]);
    // The server may answer, and reset the rest of the upload, before all is sent.
    let reply = api.ask(Method::POST, "/v1", &[DATA], body).await;
    if let Ok(reply) = reply {
        assert_eq!(reply.status, 413);
    }
    let requests = stage.end();
    assert_eq!(requests[0].status, 413);
    assert!(requests[0].received_bytes <= 17 << 20);
    stage.stop().await;
}

#[tokio::test]
async fn websockets_and_tunnels_are_cut_off() {
    let stage = start().await;
    let client = Client::of(&stage);
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13";
    for host in ["shop.example", "chat.example"] {
        let text = format!("GET /socket HTTP/1.1\r\nHost: {host}\r\n{upgrade}\r\n\r\n");
        let answer = client.h1(Some(host), &text).await.unwrap_or_default();
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
    let tunnel = "CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n";
    let answer = client.h1(None, tunnel).await.unwrap_or_default();
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    let requests = stage.end();
    let urls: Vec<_> = requests
        .iter()
        .map(|request| request.url.as_str())
        .collect();
    let expected = [
        "wss://shop.example/socket",
        "wss://chat.example/socket",
        "http://shop.example:443/",
    ];
    assert_eq!(urls, expected);
    assert!(
        requests
            .iter()
            .all(|r| r.answer == Answer::Refused && r.status == 0)
    );
    stage.stop().await;
}
