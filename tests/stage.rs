//! The stage as a browser meets it: through its port, over HTTP/1.1 and HTTP/2, with TLS and without.

#[path = "stage/answers.rs"]
mod answers;
#[path = "stage/client.rs"]
mod client;
#[path = "stage/declared.rs"]
mod declared;
#[path = "stage/network.rs"]
mod network;
#[path = "stage/protocol.rs"]
mod protocol;
#[path = "stage/trials.rs"]
mod trials;

use std::path::PathBuf;

use tagperf::model::{Insert, Millis, Network, Origin, Place, PlayedFile, Staging, UrlPattern};
use tagperf::stage::{Stage, StageConfig};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/stage")
        .join(name)
}

fn origin(host: &str, dir: &str) -> Origin {
    Origin {
        host: host.into(),
        dir: data(dir),
        latency: Millis(0.0),
        headers: None,
        redirects: vec![],
    }
}

fn config() -> StageConfig {
    StageConfig {
        page: "https://shop.example/".parse().unwrap(),
        origins: vec![origin("shop.example", "site"), origin("cdn.example", "cdn")],
        network: None,
    }
}

async fn start() -> Stage {
    Stage::start(config()).await.unwrap()
}

async fn start_shaped(network: Network) -> Stage {
    let config = StageConfig {
        network: Some(network),
        ..config()
    };
    Stage::start(config).await.unwrap()
}

/// The arm with a heatmap, played from a file, and without the chat that the page brings along.
fn with_heatmap() -> Staging {
    Staging {
        inserts: vec![Insert {
            tag: "heatmap".into(),
            place: Place::Head,
            html: r#"<script src="https://heatmap.example/h.js?id=7" async></script>"#.into(),
        }],
        plays: vec![PlayedFile {
            tag: "heatmap".into(),
            url: "https://heatmap.example/h.js".into(),
            file: data("tags/heatmap.js"),
            headers: None,
        }],
        blocks: vec![UrlPattern("*://chat.example/*".into())],
    }
}
