//! What was asked of the stage in one trial, in order of arrival.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::asked::Asked;
use crate::model::{Answer, Request};

/// A tag that runs away can send without end; the log keeps the first of it and counts the rest.
const MOST_REQUESTS: usize = 50_000;
const MOST_URL_BYTES: usize = 16 << 20;
const MOST_BODY_BYTES: usize = 8 << 20;

pub(super) struct Log {
    began: Instant,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    requests: Vec<Line>,
    url_bytes: usize,
    body_bytes: usize,
    unlisted: usize,
    closed: bool,
}

struct Line {
    request: Request,
    running: bool,
}

impl Log {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            lines: Mutex::default(),
        })
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request that arrived at `arrived`; the entry carries what becomes of it.
    pub(super) fn open(self: &Arc<Self>, asked: &Asked, arrived: Instant, answer: Answer) -> Entry {
        let url = asked.url.as_str();
        let mut lines = self.lines();
        let full =
            lines.requests.len() >= MOST_REQUESTS || lines.url_bytes + url.len() > MOST_URL_BYTES;
        let index = if lines.closed {
            None
        } else if full {
            lines.unlisted += 1;
            None
        } else {
            lines.url_bytes += url.len();
            lines.requests.push(Line {
                request: Request {
                    body: None,
                    headers: vec![],
                    start_ms: milliseconds(self.began, arrived),
                    duration_ms: 0.0,
                    method: asked.method().to_string(),
                    url: url.to_owned(),
                    destination: asked.destination().to_owned(),
                    status: 0,
                    sent_bytes: 0,
                    received_bytes: 0,
                    answer,
                },
                running: true,
            });
            Some(lines.requests.len() - 1)
        };
        drop(lines);
        Entry {
            log: self.clone(),
            index,
            arrived,
        }
    }

    /// Ends the log. Requests that still run are listed with what is known of them; the number is that
    /// of requests beyond the limits, which are not listed.
    pub(super) fn close(&self) -> (Vec<Request>, usize) {
        let now = Instant::now();
        let mut lines = self.lines();
        lines.closed = true;
        let began = self.began;
        let requests = std::mem::take(&mut lines.requests)
            .into_iter()
            .map(|mut line| {
                if line.running {
                    line.request.duration_ms = milliseconds(began, now) - line.request.start_ms;
                }
                line.request
            })
            .collect();
        (requests, std::mem::take(&mut lines.unlisted))
    }
}

fn milliseconds(from: Instant, to: Instant) -> f64 {
    to.saturating_duration_since(from).as_secs_f64() * 1e3
}

/// One request's line in the log. Dropped, the request has ended.
pub(super) struct Entry {
    log: Arc<Log>,
    index: Option<usize>,
    arrived: Instant,
}

impl Entry {
    fn write(&self, change: impl FnOnce(&mut Line)) {
        if let Some(index) = self.index
            && let Some(line) = self.log.lines().requests.get_mut(index)
        {
            change(line);
        }
    }

    pub(super) fn status(&self, status: u16) {
        self.write(|line| line.request.status = status);
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.write(|line| line.request.sent_bytes += bytes as u64);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.write(|line| line.request.received_bytes += bytes as u64);
    }

    /// What was sent, as text; beyond the limit of all bodies nothing is kept.
    pub(super) fn body(&self, text: Option<String>) {
        let Some((index, text)) = self.index.zip(text) else {
            return;
        };
        let mut lines = self.log.lines();
        if lines.body_bytes + text.len() > MOST_BODY_BYTES {
            return;
        }
        if let Some(line) = lines.requests.get_mut(index) {
            let bytes = text.len();
            line.request.body = Some(text);
            lines.body_bytes += bytes;
        }
    }

    pub(super) fn headers(&self, headers: Vec<(String, String)>) {
        self.write(|line| line.request.headers = headers);
    }

    /// The last byte of the response was handed over.
    pub(super) fn done(&self) {
        let now = Instant::now();
        self.write(|line| {
            if line.running {
                line.running = false;
                line.request.duration_ms = milliseconds(self.arrived, now);
            }
        });
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.done();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(path: &str) -> Asked {
        let request = hyper::Request::get(path).header("host", "a.example");
        Asked::read(request.body(()).unwrap().into_parts().0, true).unwrap()
    }

    fn open(log: &Arc<Log>, asked: &Asked) -> Entry {
        log.open(asked, Instant::now(), Answer::Played)
    }

    #[test]
    fn what_is_beyond_the_limits_is_counted() {
        let log = Log::new();
        let short = asked("/");
        for _ in 0..MOST_REQUESTS + 3 {
            open(&log, &short);
        }
        let (requests, unlisted) = log.close();
        assert_eq!((requests.len(), unlisted), (MOST_REQUESTS, 3));

        let log = Log::new();
        let long = asked(&format!("/{}", "x".repeat(60_000)));
        for _ in 0..300 {
            open(&log, &long);
        }
        let (requests, unlisted) = log.close();
        assert!(unlisted > 0);
        assert_eq!(requests.len() + unlisted, 300);
    }

    #[test]
    fn a_closed_log_takes_nothing_more() {
        let log = Log::new();
        let asked = asked("/");
        let early = open(&log, &asked);
        early.sent(5);
        let (requests, _) = log.close();
        assert_eq!(requests[0].sent_bytes, 5);
        early.status(200);
        open(&log, &asked).sent(7);
        assert_eq!(log.close(), (vec![], 0));
    }
}
