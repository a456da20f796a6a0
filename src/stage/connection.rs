//! Connections: one port for every host, with TLS or without.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::CONTENT_ENCODING;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::answer::{failed, respond};
use super::asked::Asked;
use super::body::Body;
use super::decide::{Reply, decide};
use super::house::House;
use super::log::Entry;
use super::tasks::Tasks;
use super::text;
use super::trial::Trial;

/// First byte of a TLS record that carries a handshake: RFC 8446, section 5.1.
const HANDSHAKE: u8 = 0x16;

/// A browser needs milliseconds.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// Longer request bodies are not taken: 413.
const MOST_BODY_BYTES: usize = 16 << 20;

/// Tags put much into the URL of a beacon; servers in the wild take less.
const MOST_HEADER_BYTES: u32 = 256 << 10;

/// As many requests at once on one HTTP/2 connection as common servers allow.
const STREAMS: u32 = 128;

/// Cutting off and cancelling many requests is what blocked tags and closed pages do, and no attack.
const RESET_STREAMS: usize = 1_000_000;

/// What every connection needs.
pub(super) struct Door {
    pub(super) house: House,
    pub(super) tls: TlsAcceptor,
    pub(super) tasks: Tasks,
    /// The trial that new connections belong to.
    pub(super) trial: Mutex<Arc<Trial>>,
}

/// Takes connections for ever.
pub(super) async fn accept(door: Arc<Door>, listener: TcpListener) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Under one lock, so that no connection of an ended trial slips past its end.
                let trial = door.trial.lock().unwrap_or_else(PoisonError::into_inner);
                let connection = Connection {
                    door: door.clone(),
                    trial: trial.clone(),
                };
                door.tasks.spawn(async move {
                    // A broken connection concerns only the browser, which sees it too.
                    let _ = connection.run(stream).await;
                });
            }
            // Out of file descriptors, or the connection is gone already.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

/// A connection, in the trial in which it was opened.
#[derive(Clone)]
struct Connection {
    door: Arc<Door>,
    trial: Arc<Trial>,
}

impl Connection {
    async fn run(self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(());
        }
        let secure = first[0] == HANDSHAKE;
        if let Some(shaping) = &self.door.house.shaping {
            sleep(shaping.connection(secure)).await;
        }
        if !secure {
            return self.serve(stream, false).await;
        }
        match timeout(HANDSHAKE_LIMIT, self.door.tls.accept(stream)).await? {
            Ok(stream) => self.serve(stream, true).await,
            Err(error) => {
                // A browser that has second thoughts closes; only a quarrel about TLS is worth a word.
                if error.kind() == io::ErrorKind::InvalidData {
                    self.trial.note(format!(
                        "a connection failed in the TLS handshake ({error}): start the browser with the stage's flags and a user-data-dir"
                    ));
                }
                Err(error)
            }
        }
    }

    async fn serve<S>(self, stream: S, secure: bool) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut server = auto::Builder::new(self.door.tasks.clone());
        server
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(None);
        server
            .http2()
            .max_header_list_size(MOST_HEADER_BYTES)
            .max_concurrent_streams(STREAMS)
            .max_local_error_reset_streams(RESET_STREAMS)
            .max_pending_accept_reset_streams(RESET_STREAMS);
        if !secure {
            server = server.http1_only();
        }
        let service = service_fn(move |request| {
            let connection = self.clone();
            async move { connection.answer(request, secure).await }
        });
        server
            .serve_connection(TokioIo::new(stream), service)
            .await
            .map_err(io::Error::other)
    }

    async fn answer(&self, request: Request<Incoming>, secure: bool) -> io::Result<Response<Body>> {
        let arrived = Instant::now();
        let (head, body) = request.into_parts();
        let Some(asked) = Asked::read(head, secure) else {
            return Ok(failed(StatusCode::BAD_REQUEST));
        };
        let decision = decide(&self.door.house, &self.trial, &asked);
        let entry = self.trial.log.open(&asked, arrived, decision.answer);
        let Some(mut reply) = decision.reply else {
            // With any error, hyper resets the HTTP/2 stream or closes the HTTP/1 connection.
            return Err(io::ErrorKind::ConnectionAborted.into());
        };
        let mut kept = Vec::new();
        let taken = self.take(body, &entry, &mut kept).await;
        if !taken.map_err(io::Error::other)? {
            reply = Reply::Failed(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if !kept.is_empty() {
            let encoding = asked.header(CONTENT_ENCODING);
            let encoding = encoding.and_then(|value| value.to_str().ok());
            entry.body(text::text(&kept, encoding.unwrap_or_default()));
        }
        let shaping = self.door.house.shaping.as_ref();
        let wait = decision.latency + shaping.map_or(Duration::ZERO, |shaping| shaping.rtt);
        if !wait.is_zero() {
            sleep(wait).await;
        }
        let response = respond(&asked, reply, &decision.declared).await?;
        if self.trial.recorded {
            entry.headers(decision.declared.told(&response));
        }
        entry.status(response.status().as_u16());
        let down = shaping.map(|shaping| shaping.down.clone());
        Ok(response.map(|body| body.over(down).counted(entry)))
    }

    /// Takes a request's body as far as is allowed, and tells whether that was all of it. Its beginning is
    /// `kept` where the trial is recorded.
    async fn take(
        &self,
        mut body: Incoming,
        entry: &Entry,
        kept: &mut Vec<u8>,
    ) -> hyper::Result<bool> {
        let up = self.door.house.shaping.as_ref().map(|shaping| &shaping.up);
        let mut taken = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame?;
            let data = frame.data_ref().map_or(&[][..], |data| data);
            let bytes = data.len();
            if self.trial.recorded {
                let room = text::MOST_BYTES - kept.len();
                kept.extend_from_slice(&data[..bytes.min(room)]);
            }
            entry.received(bytes);
            taken += bytes;
            if taken > MOST_BODY_BYTES {
                return Ok(false);
            }
            if let Some(up) = up {
                up.pass(bytes).await;
            }
        }
        Ok(true)
    }
}
