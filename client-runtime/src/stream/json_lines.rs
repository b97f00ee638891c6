//! Answers of many JSON values, one behind the other, as a typed stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use specwright_model::stream::{Framing, MAX_SIZE, Splitter};

use crate::call::chunks::Chunks;
use crate::call::raw_response::Origin;
use crate::outcome::error::CallError;

/// The values of an answer that has one behind the other (`application/x-ndjson`,
/// `application/jsonl`, `application/json-seq`), as they come.
///
/// A value that cannot be read is an error that says which one it is, and the values behind it
/// come all the same. Nothing comes behind any other error.
#[must_use = "values come as they are asked for"]
pub struct JsonLines<T, E>(Source<T, E>);

enum Source<T, E> {
    Met(Box<Met<T, E>>),
    /// From somebody who plays an API.
    Told(Pin<Box<dyn Stream<Item = Result<T, E>> + Send>>),
}

struct Met<T, E> {
    chunks: Chunks,
    splitter: Splitter,
    origin: Origin,
    count: u64,
    is_over: bool,
    failed: Option<CallError>,
    read: fn(&Origin, &str, String) -> Result<T, CallError>,
    fail: fn(CallError) -> E,
}

impl<T, E> JsonLines<T, E> {
    pub(crate) fn met(chunks: Chunks, origin: Origin, framing: Framing) -> Self
    where
        T: DeserializeOwned,
        E: From<CallError>,
    {
        Self(Source::Met(Box::new(Met {
            chunks,
            splitter: Splitter::new(framing, MAX_SIZE),
            origin,
            count: 0,
            is_over: false,
            failed: None,
            read: Origin::json,
            fail: E::from,
        })))
    }

    /// Values that a stream brings, for whoever plays an API.
    pub fn new(stream: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self {
        Self(Source::Told(Box::pin(stream)))
    }

    /// The most bytes that one value may have: 16 MiB unless this says otherwise.
    pub fn max_line_size(mut self, most: usize) -> Self {
        if let Source::Met(met) = &mut self.0 {
            met.splitter.most = most;
        }
        self
    }

    /// The next value; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<T, E>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next value; `Ok(None)` behind the last.
    ///
    /// # Errors
    /// Fails where the value cannot be read, or the answer is cut off.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        self.next().await.transpose()
    }
}

impl<T, E> Stream for JsonLines<T, E> {
    type Item = Result<T, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.get_mut().0 {
            Source::Met(met) => met.poll_next(context),
            Source::Told(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl<T, E> Met<T, E> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        loop {
            if let Some(line) = self.splitter.whole.pop_front() {
                self.count += 1;
                let part = format!("value {}", self.count);
                let value = match std::str::from_utf8(&line) {
                    Ok(text) => (self.read)(&self.origin, text, part),
                    Err(_) => {
                        let text = String::from_utf8_lossy(&line);
                        Err(self.origin.unreadable(&text, 0, "is not UTF-8", part))
                    }
                };
                return Poll::Ready(Some(value.map_err(self.fail)));
            }
            if let Some(failure) = self.failed.take() {
                return Poll::Ready(Some(Err((self.fail)(failure))));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            match ready!(self.chunks.poll_next(context)) {
                Some(Ok(bytes)) => {
                    if !self.splitter.feed(&bytes) {
                        let message = format!("is longer than {} bytes", self.splitter.most);
                        let behind = self.splitter.whole.len() as u64 + 1;
                        let part = format!("value {}", self.count + behind);
                        self.failed = Some(self.origin.unreadable("", 0, &message, part));
                        self.is_over = true;
                    }
                }
                Some(Err(error)) => {
                    self.failed = Some(CallError::Transport(error));
                    self.is_over = true;
                }
                None => {
                    self.splitter.end();
                    self.is_over = true;
                }
            }
        }
    }
}

impl<T, E> fmt::Debug for JsonLines<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.0 {
            Source::Met(met) => Some(met.count),
            Source::Told(_) => None,
        };
        f.debug_struct("JsonLines").field("read", &count).finish_non_exhaustive()
    }
}
