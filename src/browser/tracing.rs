//! Records a Chromium trace and streams it out. A browser records one trace at a time.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::io::{CloseParams, ReadParams, StreamHandle};
use chromiumoxide::cdp::browser_protocol::tracing::{
    EndParams, StartParams, StartTransferMode, TraceConfig, TraceConfigRecordMode,
};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::Trace;
use super::archive::Archive;
use super::trace::Reader;
use super::transport::{CallError, Connection, Event};

/// Tasks and the functions in them, and for a forced layout the JavaScript stack that asked for it.
const CATEGORIES: [&str; 7] = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.stack",
    "loading",
    "blink.user_timing",
    "v8",
    "v8.execute",
];

/// Chromium's own default. A page that fills it makes an incomplete trace, which is marked as such.
const BUFFER_KB: f64 = 200.0 * 1024.0;
/// A piece is in memory several times over on its way through the connection.
const CHUNK_BYTES: i64 = 1 << 20;

/// Writing out a full buffer takes a while, and no page is waiting.
const HANDOVER: Duration = Duration::from_secs(60);

/// A trace that is being recorded. Dropping it ends the trace without wanting it.
pub(super) struct Recording {
    connection: Connection,
    keep: Option<PathBuf>,
    wanted: bool,
}

impl Recording {
    /// `keep` is the file for the whole trace, compressed with gzip.
    pub async fn start(
        connection: &Connection,
        keep: Option<PathBuf>,
        deadline: Duration,
    ) -> Result<Self, CallError> {
        let config = TraceConfig {
            record_mode: Some(TraceConfigRecordMode::RecordUntilFull),
            trace_buffer_size_in_kb: Some(BUFFER_KB),
            included_categories: Some(CATEGORIES.map(String::from).to_vec()),
            excluded_categories: Some(vec!["*".into()]),
            ..Default::default()
        };
        let start = StartParams {
            transfer_mode: Some(StartTransferMode::ReturnAsStream),
            trace_config: Some(config),
            ..Default::default()
        };
        let end = Instant::now() + deadline;
        loop {
            match connection.call("", start.clone(), deadline).await {
                // The trace of a visit that was broken off may still be ending.
                Err(CallError::Refused { .. }) if Instant::now() < end => {
                    connection.post("", EndParams::default());
                    sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error),
                Ok(_) => {
                    let connection = connection.clone();
                    return Ok(Self {
                        connection,
                        keep,
                        wanted: true,
                    });
                }
            }
        }
    }

    /// Ends the trace and reads what concerns the page whose main frame is `frame`.
    pub async fn stop(mut self, frame: &str) -> Result<Trace, CallError> {
        self.wanted = false;
        let connection = &self.connection;
        let events = connection.events("");
        connection.call("", EndParams::default(), HANDOVER).await?;
        let complete = timeout(HANDOVER, completion(events)).await;
        connection.forget("");
        let complete = match complete {
            Ok(Some(complete)) => complete,
            Ok(None) => return Err(CallError::Closed(connection.ended().unwrap_or_default())),
            Err(_) => {
                return Err(CallError::TimedOut {
                    method: "handing over the trace".into(),
                    after: HANDOVER,
                });
            }
        };
        let mut trace = self.read(frame, complete.stream).await?;
        trace.incomplete |= complete.lost;
        Ok(trace)
    }

    async fn read(&self, frame: &str, stream: StreamHandle) -> Result<Trace, CallError> {
        let connection = &self.connection;
        let mut archive = match &self.keep {
            Some(path) => Some(Archive::create(path).map_err(|error| self.not_kept(&error))?),
            None => None,
        };
        let mut reader = Reader::new(frame);
        loop {
            let mut read = ReadParams::new(stream.clone());
            read.size = Some(CHUNK_BYTES);
            let chunk = connection.call("", read, HANDOVER).await?;
            reader.push(chunk.data.as_bytes());
            if let Some(archive) = &mut archive {
                let written = archive.write(chunk.data.as_bytes());
                written.map_err(|error| self.not_kept(&error))?;
            }
            if chunk.eof {
                break;
            }
        }
        connection.post("", CloseParams::new(stream));
        if let Some(archive) = archive {
            archive.finish().map_err(|error| self.not_kept(&error))?;
        }
        Ok(reader.finish())
    }

    fn not_kept(&self, error: &io::Error) -> CallError {
        let path = self.keep.as_deref().unwrap_or(Path::new(""));
        CallError::NotKept(format!("{}: {error}", path.display()))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.wanted {
            self.connection.post("", EndParams::default());
        }
    }
}

/// Waits for the trace to be ready; `None` when the connection ends before.
async fn completion(mut events: mpsc::UnboundedReceiver<Event>) -> Option<Complete> {
    loop {
        let event = events.recv().await?;
        if event.method == "Tracing.tracingComplete" {
            return event.read();
        }
    }
}

#[derive(Deserialize)]
struct Complete {
    #[serde(rename = "dataLossOccurred", default)]
    lost: bool,
    stream: StreamHandle,
}
