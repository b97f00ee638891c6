//! A reader as a stream. Each chunk is read on a thread for blocking work.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

/// The maximum size of a chunk in bytes.
const CHUNK: usize = 64 * 1024;

/// The chunks of a reader.
pub(super) enum Reading<R> {
    /// Nothing is being read.
    Idle(R),
    /// A thread reads a chunk, then returns the reader.
    Busy(JoinHandle<(R, io::Result<Bytes>)>),
    /// The end is reached.
    Ended,
}

impl<R> Reading<R> {
    pub(super) fn new(reader: R) -> Self {
        Self::Idle(reader)
    }
}

// Nothing inside is pinned: the handle of a task may be moved.
impl<R> Unpin for Reading<R> {}

impl<R: Read + Send + 'static> Stream for Reading<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut task = match std::mem::replace(&mut *self, Self::Ended) {
            Self::Idle(reader) => spawn_blocking(|| chunk(reader)),
            Self::Busy(task) => task,
            Self::Ended => return Poll::Ready(None),
        };
        match Pin::new(&mut task).poll(context) {
            Poll::Pending => {
                *self = Self::Busy(task);
                Poll::Pending
            }
            Poll::Ready(Ok((_, Ok(chunk)))) if chunk.is_empty() => Poll::Ready(None),
            Poll::Ready(Ok((reader, Ok(chunk)))) => {
                *self = Self::Idle(reader);
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(Ok((_, Err(error)))) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(io::Error::other(error)))),
        }
    }
}

/// Reads a chunk, which is empty at the end.
fn chunk<R: Read>(mut reader: R) -> (R, io::Result<Bytes>) {
    let mut bytes = Vec::with_capacity(CHUNK);
    let read = reader.by_ref().take(CHUNK as u64).read_to_end(&mut bytes);
    (reader, read.map(|_| bytes.into()))
}
