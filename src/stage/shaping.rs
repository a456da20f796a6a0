//! A slow network: round trips for every connection and request, and a shared line of limited rate.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::model::Network;

/// The share of a second that is sent at once: fine enough for the page, coarse enough for the timer.
const SLICE: Duration = Duration::from_millis(10);
const LARGEST_CHUNK: usize = 16 << 10;
const SMALLEST_CHUNK: usize = 256;

/// The network between the page and all servers.
#[derive(Clone)]
pub(super) struct Shaping {
    pub(super) rtt: Duration,
    pub(super) down: Arc<Line>,
    pub(super) up: Arc<Line>,
}

impl Shaping {
    /// None for a network that lets nothing through.
    pub(super) fn new(network: Network) -> Option<Self> {
        let line =
            |bits_per_second| (bits_per_second > 0).then(|| Arc::new(Line::new(bits_per_second)));
        Some(Self {
            rtt: network.rtt.into(),
            down: line(network.down_bps)?,
            up: line(network.up_bps)?,
        })
    }

    /// What a new connection costs before its first request: one round trip for TCP, and one for TLS 1.3.
    pub(super) fn connection(&self, secure: bool) -> Duration {
        self.rtt * if secure { 2 } else { 1 }
    }
}

/// One direction of the line: a token bucket that all connections share, first come, first served.
///
/// A stream asks for one chunk at a time, so that concurrent streams take turns.
pub(super) struct Line {
    /// Bytes per second.
    rate: f64,
    free_at: Mutex<Instant>,
}

impl Line {
    fn new(bits_per_second: u64) -> Self {
        Self {
            rate: bits_per_second as f64 / 8.0,
            free_at: Mutex::new(Instant::now()),
        }
    }

    /// How many bytes to send at once.
    pub(super) fn chunk(&self) -> usize {
        ((self.rate * SLICE.as_secs_f64()) as usize).clamp(SMALLEST_CHUNK, LARGEST_CHUNK)
    }

    /// Takes the line for `bytes`, and tells when the last of them is through.
    pub(super) fn book(&self, bytes: usize) -> Instant {
        let now = Instant::now();
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        // Timers fire late by about a millisecond; a slice of credit keeps the mean rate.
        let credit = now.checked_sub(SLICE).unwrap_or(now);
        *free_at = (*free_at).max(credit) + Duration::from_secs_f64(bytes as f64 / self.rate);
        *free_at
    }

    pub(super) async fn pass(&self, bytes: usize) {
        sleep_until(self.book(bytes)).await;
    }
}
