//! A shaped network, by ratio: absolute times are the machine's.

use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::Method;
use tagperf::model::{Millis, Network, Origin};
use tagperf::stage::{Stage, StageConfig};

use crate::client::Client;
use crate::{config, start_shaped};

const FILE: usize = 120 << 10;

fn network(rtt: f64, down_bps: u64, up_bps: u64) -> Network {
    Network {
        rtt: Millis(rtt),
        down_bps,
        up_bps,
    }
}

/// A stage whose page has `FILE` bytes at `/file.bin`.
async fn start_with_file(network: Network) -> (Stage, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file.bin"), vec![7; FILE]).unwrap();
    let config = StageConfig {
        origins: vec![Origin {
            host: "shop.example".into(),
            dir: dir.path().into(),
            latency: Millis(0.0),
            headers: None,
            redirects: vec![],
        }],
        network: Some(network),
        ..config()
    };
    (Stage::start(config).await.unwrap(), dir)
}

/// How long `times` downloads at once take; the best of three, since a busy machine can only delay them.
async fn download(stage: &Stage, times: usize) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        best = best.min(download_once(stage, times).await);
    }
    best
}

async fn download_once(stage: &Stage, times: usize) -> Duration {
    let client = Client::of(stage);
    let mut streams = Vec::new();
    for _ in 0..times {
        streams.push(client.h2("shop.example").await);
    }
    let begun = Instant::now();
    let running: Vec<_> = streams
        .into_iter()
        .map(|mut h2| tokio::spawn(async move { h2.get("/file.bin", &[]).await.unwrap() }))
        .collect();
    for one in running {
        assert_eq!(one.await.unwrap().body, vec![7; FILE]);
    }
    begun.elapsed()
}

fn assert_about(times: f64, long: Duration, short: Duration) {
    let ratio = long.as_secs_f64() / short.as_secs_f64();
    let fits = (times * 0.6..times * 1.6).contains(&ratio);
    assert!(fits, "{long:?} is {ratio:.2} times {short:?}, not {times}");
}

#[tokio::test]
async fn downloads_take_their_time_and_share_the_line() {
    let (slow, _dir) = start_with_file(network(0.0, 2_000_000, 1_000_000_000)).await;
    let (fast, _dir) = start_with_file(network(0.0, 8_000_000, 1_000_000_000)).await;
    let one = download(&slow, 1).await;
    assert_about(4.0, one, download(&fast, 1).await);
    assert_about(2.0, download(&slow, 2).await, one);
    let requests = slow.end();
    assert_eq!(requests.len(), 3 + 6);
    assert!(requests.iter().all(|r| r.sent_bytes == FILE as u64));
    // A request lasts until its last byte is through, not until the server has it in a buffer.
    let shortest = requests.iter().map(|r| r.duration_ms).reduce(f64::min);
    assert!(shortest.unwrap() / 1e3 > one.as_secs_f64() * 0.6);
    slow.stop().await;
    fast.stop().await;
}

#[tokio::test]
async fn uploads_take_their_time() {
    let mut took = Vec::new();
    for up in [1_000_000, 4_000_000] {
        let stage = start_shaped(network(0.0, 1_000_000_000, up)).await;
        let mut api = Client::of(&stage).h2("api.example").await;
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let body = Bytes::from(vec![0; 60 << 10]);
            let headers = [("sec-fetch-dest", "empty")];
            let begun = Instant::now();
            api.ask(Method::POST, "/v1", &headers, body).await.unwrap();
            best = best.min(begun.elapsed());
        }
        took.push(best);
        stage.stop().await;
    }
    assert_about(4.0, took[0], took[1]);
}

#[tokio::test]
async fn connections_and_requests_take_round_trips() {
    let rtt = Duration::from_millis(60);
    let stage = start_shaped(network(60.0, 1_000_000_000, 1_000_000_000)).await;
    let client = Client::of(&stage);
    let begun = Instant::now();
    let mut shop = client.h2("shop.example").await;
    assert!(begun.elapsed() >= rtt * 2, "TCP and TLS");
    let begun = Instant::now();
    shop.get("/style.css", &[]).await.unwrap();
    assert!(begun.elapsed() >= rtt, "request");
    let begun = Instant::now();
    client
        .plain("shop.example", "/style.css", "")
        .await
        .unwrap();
    assert!(begun.elapsed() >= rtt * 2, "TCP and request");
    stage.stop().await;
}

#[tokio::test]
async fn a_network_that_lets_nothing_through_is_an_error() {
    for network in [network(0.0, 0, 1), network(0.0, 1, 0)] {
        let config = StageConfig {
            network: Some(network),
            ..config()
        };
        let error = Stage::start(config).await.err().unwrap().to_string();
        assert!(error.contains("above zero"), "{error}");
    }
}
