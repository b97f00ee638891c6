//! The bytes of a response body, as they arrive.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use tokio::time::{Sleep, sleep};

use crate::outcome::error::TransportError;

type Supplied = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The chunks of a response body. The stream ends after the first error.
pub(crate) struct Chunks(Source);

enum Source {
    /// Read from the connection of a call.
    Received {
        body: reqwest::Body,
        pause: Option<Pause>,
        operation: &'static str,
        attempts: u32,
    },
    /// Supplied by a test double.
    Supplied(Supplied),
    /// Already in memory, followed by an error if the body was cut off.
    Ready(Bytes, Option<Box<TransportError>>),
    Failed(Box<TransportError>),
    Ended,
}

impl Chunks {
    /// Creates the chunks of a body that is still being received.
    pub(crate) fn received(
        body: reqwest::Body,
        pause: Option<Pause>,
        operation: &'static str,
        attempts: u32,
    ) -> Self {
        Self(Source::Received { body, pause, operation, attempts })
    }

    /// Creates the chunks of a stream that a test double supplies.
    pub(crate) fn supplied(
        stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Source::Supplied(Box::pin(stream)))
    }

    /// Creates a single chunk of bytes that are already in memory.
    pub(crate) fn ready(bytes: Bytes) -> Self {
        Self(Source::Ready(bytes, None))
    }

    /// Creates the beginning of a body that was cut off.
    pub(crate) fn cut(beginning: Bytes, error: TransportError) -> Self {
        Self(Source::Ready(beginning, Some(Box::new(error))))
    }

    /// Polls for the next chunk, which is never empty.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let next = match &mut self.0 {
                Source::Received { body, pause, operation, attempts } => {
                    let frame = Pin::new(body).poll_frame(context);
                    let too_long =
                        pause.as_mut().and_then(|pause| pause.poll(frame.is_pending(), context));
                    if let Some(limit) = too_long {
                        let mut error = TransportError::timed_out(operation, *attempts);
                        error.exceeded(limit);
                        self.0 = Source::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                    match ready!(frame) {
                        // Trailers are ignored.
                        Some(Ok(frame)) => Some(Ok(frame.into_data().unwrap_or_default())),
                        Some(Err(error)) => {
                            Some(Err(TransportError::from_reqwest(operation, *attempts, error)))
                        }
                        None => None,
                    }
                }
                Source::Supplied(stream) => ready!(stream.as_mut().poll_next(context)),
                Source::Ready(bytes, error) => {
                    let bytes = std::mem::take(bytes);
                    self.0 = error.take().map_or(Source::Ended, Source::Failed);
                    Some(Ok(bytes))
                }
                Source::Failed(_) => match std::mem::replace(&mut self.0, Source::Ended) {
                    Source::Failed(error) => Some(Err(*error)),
                    _ => None,
                },
                Source::Ended => return Poll::Ready(None),
            };
            match next {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                last => {
                    self.0 = Source::Ended;
                    return Poll::Ready(last);
                }
            }
        }
    }
}

/// The time since the last chunk of a body, while the next one is awaited.
pub(crate) struct Pause {
    limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Pause {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, sleep: None }
    }

    /// Returns the limit if it is exceeded.
    fn poll(&mut self, is_pending: bool, context: &mut Context<'_>) -> Option<Duration> {
        if !is_pending {
            self.sleep = None;
            return None;
        }
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        sleep.as_mut().poll(context).is_ready().then_some(self.limit)
    }
}

/// A body that was read at once, or its beginning if it exceeds the limit.
pub(crate) struct Collected {
    pub(crate) bytes: Bytes,
    pub(crate) is_cut: bool,
}

/// Reads a body of at most `limit` bytes. More are not read: a few kilobytes on the wire may expand
/// to gigabytes. If a response announces too many bytes, only its first chunk is read.
pub(crate) async fn collect(
    response: &mut reqwest::Response,
    limit: usize,
) -> Result<Collected, reqwest::Error> {
    let is_announced = response.content_length().is_some_and(|length| length > limit as u64);
    let mut first = response.chunk().await?.unwrap_or_default();
    if is_announced || first.len() > limit {
        first.truncate(limit);
        return Ok(Collected { bytes: first, is_cut: true });
    }
    let Some(second) = response.chunk().await? else {
        return Ok(Collected { bytes: first, is_cut: false });
    };
    let mut all = first.to_vec();
    let mut next = Some(second);
    while let Some(chunk) = next {
        let room = limit - all.len();
        let chunk_end = chunk.len().min(room);
        // Doubling is limited, so that the last step does not reserve twice the limit.
        if all.capacity() - all.len() < chunk_end {
            let doubled = all.capacity().saturating_mul(2).min(limit);
            all.reserve_exact(doubled.max(all.len() + chunk_end) - all.len());
        }
        all.extend_from_slice(&chunk[..chunk_end]);
        if chunk.len() > room {
            return Ok(Collected { bytes: all.into(), is_cut: true });
        }
        next = response.chunk().await?;
    }
    Ok(Collected { bytes: all.into(), is_cut: false })
}

/// Awaits a future for the time that is left of a timeout, and returns a timeout error after it.
pub(crate) async fn with_timeout<T>(
    operation: &'static str,
    attempts: u32,
    timeout: Duration,
    left: Duration,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    match tokio::time::timeout(left, future).await {
        Ok(result) => result,
        Err(_) => {
            let mut error = TransportError::timed_out(operation, attempts);
            error.exceeded(timeout);
            Err(error)
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Source::Received { .. } | Source::Supplied(_) => "Chunks(streaming)",
            Source::Ready(..) => "Chunks(ready)",
            Source::Failed(_) | Source::Ended => "Chunks(ended)",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body::Frame;

    use super::*;

    /// A body with one chunk, whose second one never arrives.
    struct Stuck(Option<Bytes>);

    impl http_body::Body for Stuck {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
        }
    }

    #[test]
    fn a_body_that_pauses_too_long_is_a_timeout() {
        let body = reqwest::Body::wrap(Stuck(Some(Bytes::from_static(b"a"))));
        let pause = Some(Pause::new(Duration::from_millis(1)));
        let mut chunks = Chunks::received(body, pause, "watch", 1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(async {
            let mut next = async || std::future::poll_fn(|cx| chunks.poll_next(cx)).await;
            assert_eq!(next().await.expect("a chunk").expect("no error"), "a");
            let error = next().await.expect("an error").expect_err("the body is stuck");
            assert!(error.is_timeout(), "{error}");
            assert!(next().await.is_none());
        });
    }
}
