//! The body of a response: from memory or from disk, at the pace of the network, and counted.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use hyper::body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncSeekExt as _, ReadBuf};
use tokio::time::Sleep;

use super::files::Content;
use super::log::Entry;
use super::shaping::Line;

/// So much is sent at once where the network is not shaped.
const CHUNK: usize = 64 << 10;

pub(super) struct Body {
    source: Source,
    /// Bytes that are still to be sent.
    left: u64,
    line: Option<Arc<Line>>,
    /// A chunk on its way, and when it is through.
    travelling: Option<(Bytes, Pin<Box<Sleep>>)>,
    entry: Option<Entry>,
}

enum Source {
    Memory(Bytes),
    Disk(File),
}

impl Body {
    pub(super) fn empty() -> Self {
        Self::from(Bytes::new())
    }

    /// A part of `content`, which must have it.
    pub(super) async fn part(content: &Content, range: Range<u64>) -> io::Result<Self> {
        match content {
            Content::Kept(bytes) => {
                let range = range.start as usize..range.end as usize;
                Ok(Self::from(bytes.slice(range)))
            }
            Content::OnDisk { path, .. } => {
                let mut file = File::open(path).await?;
                file.seek(io::SeekFrom::Start(range.start)).await?;
                Ok(Self {
                    source: Source::Disk(file),
                    left: range.end - range.start,
                    ..Self::empty()
                })
            }
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.left
    }

    /// Sends at the pace of `line`.
    pub(super) fn over(mut self, line: Option<Arc<Line>>) -> Self {
        self.line = line;
        self
    }

    /// Counts into `entry`, and ends it with the last byte.
    pub(super) fn counted(mut self, entry: Entry) -> Self {
        if self.left == 0 {
            entry.done();
        }
        self.entry = Some(entry);
        self
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let most = self.line.as_ref().map_or(CHUNK, |line| line.chunk());
        let wanted = usize::try_from(self.left).unwrap_or(most).min(most);
        match &mut self.source {
            Source::Memory(bytes) => Poll::Ready(Ok(bytes.split_to(wanted))),
            Source::Disk(file) => {
                let mut chunk = BytesMut::zeroed(wanted);
                let mut buffer = ReadBuf::new(&mut chunk);
                ready!(Pin::new(file).poll_read(context, &mut buffer))?;
                let read = buffer.filled().len();
                if read == 0 {
                    return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                }
                chunk.truncate(read);
                Poll::Ready(Ok(chunk.freeze()))
            }
        }
    }

    fn deliver(&mut self, chunk: Bytes) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.left -= chunk.len() as u64;
        if let Some(entry) = &self.entry {
            entry.sent(chunk.len());
            if self.left == 0 {
                entry.done();
            }
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            left: bytes.len() as u64,
            source: Source::Memory(bytes),
            line: None,
            travelling: None,
            entry: None,
        }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let body = self.get_mut();
        if let Some((chunk, sleep)) = &mut body.travelling {
            ready!(sleep.as_mut().poll(context));
            let chunk = std::mem::take(chunk);
            body.travelling = None;
            return body.deliver(chunk);
        }
        if body.left == 0 {
            return Poll::Ready(None);
        }
        let chunk = match ready!(body.poll_chunk(context)) {
            Ok(chunk) => chunk,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        match &body.line {
            None => body.deliver(chunk),
            Some(line) => {
                let through = line.book(chunk.len());
                body.travelling = Some((chunk, Box::pin(tokio::time::sleep_until(through))));
                Pin::new(body).poll_frame(context)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
