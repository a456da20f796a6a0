//! Connections of every kind, good and bad, and their end.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use tagperf::model::{Millis, Staging, UrlPattern};
use tagperf::stage::Stage;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use crate::client::{Client, LIMIT};
use crate::{config, origin, start};

#[tokio::test]
async fn any_host_is_met_with_a_certificate_of_its_own() {
    let stage = start().await;
    let client = Client::of(&stage);
    for host in [
        "shop.example",
        "cdn.example",
        "nobody.test",
        "a.b.c.co.uk",
        "xn--bcher-kva.example",
    ] {
        // The client accepts no other name.
        let stream = client.tls(host, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(&b"h2"[..]),
            "{host}"
        );
    }
    // Without a name, as for an IP address.
    client.tls("192.0.2.1", &["h2"]).await.unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn one_port_speaks_every_protocol() {
    let stage = start().await;
    let client = Client::of(&stage);
    let css = std::fs::read(crate::data("site/style.css")).unwrap();
    let h2 = client
        .h2("shop.example")
        .await
        .get("/style.css", &[])
        .await
        .unwrap();
    assert_eq!(h2.body, css);
    let text = "GET /style.css HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
    for host in [Some("shop.example"), None] {
        let h1 = client.h1(host, text).await.unwrap();
        assert!(h1.starts_with(b"HTTP/1.1 200 OK\r\n") && h1.ends_with(&css));
    }
    let old = "GET /style.css HTTP/1.0\r\nHost: shop.example\r\n\r\n";
    let h1 = client.h1(None, old).await.unwrap();
    assert!(h1.starts_with(b"HTTP/1.0 200 OK\r\n") && h1.ends_with(&css));
    let ports = [("shop.example:8443", 200), ("[2001:db8::1]:81", 0)];
    for (host, status) in ports {
        let answer = client
            .plain(host, "/style.css", "")
            .await
            .unwrap_or_default();
        assert_eq!(answer.is_empty(), status == 0, "{host}: {answer}");
    }
    let requests = stage.end();
    let urls: Vec<_> = requests.iter().map(|r| r.url.as_str()).collect();
    let expected = [
        "https://shop.example/style.css",
        "https://shop.example/style.css",
        "http://shop.example/style.css",
        "http://shop.example/style.css",
        "http://shop.example:8443/style.css",
        "http://[2001:db8::1]:81/style.css",
    ];
    assert_eq!(urls, expected);
    stage.stop().await;
}

#[test]
fn the_browser_is_sent_to_the_stage_for_everything() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = runtime.block_on(start());
    let flags = stage.browser_flags();
    let rule = format!(
        "--host-resolver-rules=MAP * 127.0.0.1:{}",
        stage.address().port()
    );
    assert!(flags.contains(&rule), "{flags:?}");
    assert!(
        flags.contains(&"--proxy-server=direct://".into()),
        "{flags:?}"
    );
    assert!(stage.address().ip().is_loopback());
    runtime.block_on(stage.stop());
}

/// An arm in which every `/cut.js` is blocked.
fn cut() -> Staging {
    Staging {
        blocks: vec![UrlPattern("*/cut.js".into())],
        ..Staging::default()
    }
}

#[tokio::test]
async fn many_cut_and_cancelled_requests_leave_a_connection_usable() {
    let stage = start().await;
    stage.begin(&cut()).unwrap();
    let client = Client::of(&stage);
    let mut shop = client.h2("shop.example").await;
    for _ in 0..15 {
        let cut = || {
            let mut one = shop.clone();
            let body = Bytes::from_static(b"sent while the server resets");
            tokio::spawn(async move { one.ask(Method::POST, "/cut.js", &[], body).await.err() })
        };
        let asked: Vec<_> = (0..100).map(|_| cut()).collect();
        for one in asked {
            let error = one.await.unwrap().unwrap();
            assert!(error.is_reset(), "{error}");
        }
    }
    for _ in 0..15 {
        shop.cancel("/style.css", 100).await;
    }
    assert_eq!(shop.get("/style.css", &[]).await.unwrap().status, 200);
    stage.stop().await;
}

#[tokio::test]
async fn malformed_requests_end_with_an_error() {
    let stage = start().await;
    let client = Client::of(&stage);
    let huge = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(2 << 20)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n",
        "X: y\r\n".repeat(5000)
    );
    let cases = [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish that is no frame",
        "\u{16}\u{3}\u{1}rubbish that is no handshake",
        &huge,
        &many,
    ];
    for text in cases {
        let mut stream = client.tcp().await;
        let _ = stream.write_all(text.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "no end: {:.40}", text);
        let good = answer.is_empty() || answer.starts_with(b"HTTP/1.1 4") || answer[0] == 0x15;
        assert!(good, "{:.40}: {}", text, String::from_utf8_lossy(&answer));
    }
    let mut shop = client.h2("shop.example").await;
    let long = "x".repeat(300 << 10);
    let reply = shop.get("/style.css", &[("x", &long)]).await;
    assert!(reply.map_or(true, |reply| reply.status == 431));
    // All that was survived.
    let mut shop = client.h2("shop.example").await;
    assert_eq!(shop.get("/style.css", &[]).await.unwrap().status, 200);
    let long = format!("/style.css?{}", "x".repeat(60 << 10));
    assert_eq!(shop.get(&long, &[]).await.unwrap().status, 200);
    stage.stop().await;
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_request() {
    let mut slow = origin("slow.example", "cdn");
    slow.latency = Millis(60_000.0);
    let mut config = config();
    config.origins.push(slow);
    let stage = Stage::start(config).await.unwrap();
    let client = Client::of(&stage);
    stage.begin(&cut()).unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    let slow = client.h2("slow.example").await;
    let asked = slow.start("/lib.js").await;
    assert!(slow.clone().get("/cut.js", &[]).await.is_err());
    asked.abort();
    drop(slow);
    let mut stream = client.tcp().await;
    let text = "GET /lib.js HTTP/1.1\r\nHost: slow.example\r\n\r\n";
    stream.write_all(text.as_bytes()).await.unwrap();
    drop(stream);
    let ended = async {
        while Handle::current().metrics().num_alive_tasks() > before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, ended).await.unwrap();
    let mut requests = stage.end();
    requests.retain(|request| request.url.ends_with("/lib.js"));
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|r| r.status == 0 && r.duration_ms < 60_000.0)
    );
    stage.stop().await;
}

/// Connections that would wait for ever, one of each kind.
async fn stuck(client: &Client) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for text in [
        "",
        "\u{16}\u{3}\u{1}",
        "GET / HT",
        "GET /style.css HTTP/1.1\r\nHost: shop.example\r\n\r\n",
        "GET /lib.js HTTP/1.1\r\nHost: slow.example\r\n\r\n",
        "POST /v1 HTTP/1.1\r\nHost: api.example\r\nContent-Length: 1000\r\n\r\nsome",
    ] {
        let mut stream = client.tcp().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    streams
}

async fn assert_closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(LIMIT, stream.read_to_end(&mut rest)).await;
    assert!(read.is_ok(), "still open");
}

#[tokio::test]
async fn stop_ends_every_task_and_closes_the_port() {
    let before = Handle::current().metrics().num_alive_tasks();
    let mut slow = origin("slow.example", "cdn");
    slow.latency = Millis(60_000.0);
    let mut config = config();
    config.origins.push(slow);
    let stage = Stage::start(config).await.unwrap();
    let client = Client::of(&stage);
    let streams = stuck(&client).await;
    let h2 = client.h2("slow.example").await;
    let waiting = h2.start("/lib.js").await;
    drop(h2);
    let mut api = client.h2("api.example").await;
    let headers = [("sec-fetch-dest", "empty")];
    let sent = api
        .ask(Method::POST, "/v1", &headers, Bytes::from_static(b"x"))
        .await;
    assert_eq!(sent.unwrap().status, 204);
    drop(api);

    tokio::time::timeout(LIMIT, stage.stop()).await.unwrap();
    assert!(!waiting.await.unwrap());
    let refused = TcpStream::connect(client.address).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    for stream in streams {
        assert_closed(stream).await;
    }
    let ended = async {
        // The client's own connections take a moment to notice.
        while Handle::current().metrics().num_alive_tasks() > before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, ended).await.unwrap();
}

#[tokio::test]
async fn a_dropped_stage_ends_too() {
    let stage = start().await;
    let client = Client::of(&stage);
    let streams = stuck(&client).await;
    drop(stage);
    for stream in streams {
        assert_closed(stream).await;
    }
    let closed = async {
        while TcpStream::connect(client.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, closed).await.unwrap();
}

#[tokio::test]
async fn a_browser_without_the_flags_is_a_problem_that_is_told() {
    let stage = start().await;
    let stranger = Client::distrusting(&stage);
    assert!(stranger.tls("shop.example", &["h2"]).await.is_err());
    let told = async {
        while stage.problems().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, told).await.unwrap();
    let problems = stage.problems();
    assert!(problems[0].contains("TLS handshake"), "{problems:?}");
    stage.stop().await;
}
