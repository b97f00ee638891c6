//! Binary response bodies: read at once, in chunks, or through a reader.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::call::chunks::Chunks;
use crate::call::raw_response::RawResponse;
use crate::outcome::error::TransportError;
use crate::outcome::response::Response;

/// A binary response body that is read on demand.
///
/// [`bytes`](Self::bytes) reads all of it, [`try_next`](Self::try_next) a chunk at a time. It is also a
/// [`Stream`] and an [`AsyncRead`].
///
/// The total time and size are not limited, except by `bytes`. A pause longer than the client's
/// [`read_timeout`](crate::HttpOptions::read_timeout) is an error.
///
/// Test doubles create one from bytes, or from a stream with [`new`](Self::new):
///
/// ```
/// use specwright_runtime::{Download, Response};
///
/// let response = Response::new(Download::from("PK..."));
/// assert_eq!(response.len(), Some(5));
/// ```
pub struct Download {
    chunks: Chunks,
    /// The bytes that were received but not read yet.
    rest: Bytes,
    length: Option<u64>,
    media_type: Option<String>,
    limit: Limit,
}

/// The maximum size that `bytes` reads, and the call that an error is about.
pub(crate) struct Limit {
    pub(crate) max_size: usize,
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
}

impl Limit {
    /// For test doubles, whose bytes are in memory anyway.
    const NONE: Self = Self { max_size: usize::MAX, operation: "", attempts: 1 };

    fn check(&self, size: u64) -> Result<(), TransportError> {
        let Self { max_size, operation, attempts } = *self;
        match size > max_size as u64 {
            true => Err(TransportError::too_long(operation, attempts, max_size)),
            false => Ok(()),
        }
    }
}

impl RawResponse {
    /// Returns the body as bytes.
    pub fn download(self) -> Response<Download> {
        let media_type = self.content_type().map(str::to_owned);
        let length = match &self.rest {
            Some(rest) => rest.length,
            None => u64::try_from(self.body.len()).ok(),
        };
        let limit = Limit {
            max_size: self.max_size,
            operation: self.operation,
            attempts: self.meta.attempts,
        };
        let (response, chunks, _) = self.into_parts();
        Response::read(Download::received(chunks, length, media_type, limit), response.meta)
    }
}

impl Download {
    pub(crate) fn received(
        chunks: Chunks,
        length: Option<u64>,
        media_type: Option<String>,
        limit: Limit,
    ) -> Self {
        Self { chunks, rest: Bytes::new(), length, media_type, limit }
    }

    /// Creates a download from a stream of chunks, for test doubles.
    pub fn new(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self::received(Chunks::supplied(stream), None, None, Limit::NONE)
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Returns the size in bytes, if the server sent it in advance (`Content-Length`).
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the length of a stream may be unknown")]
    pub fn len(&self) -> Option<u64> {
        self.length
    }

    /// Returns the media type (`Content-Type`).
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Sets the maximum size that [`bytes`](Self::bytes) reads, in bytes. Defaults to the client's
    /// [`max_response_size`](crate::HttpOptions::max_response_size).
    #[must_use]
    pub fn max_size(mut self, bytes: usize) -> Self {
        self.limit.max_size = bytes;
        self
    }

    /// Reads the whole body into memory.
    ///
    /// # Errors
    /// Returns an error if the body exceeds the maximum size, and if the connection is interrupted or
    /// pauses for longer than the read timeout.
    pub async fn bytes(mut self) -> Result<Bytes, TransportError> {
        self.limit.check(self.length.unwrap_or(0))?;
        let Some(first) = self.try_next().await? else { return Ok(Bytes::new()) };
        self.limit.check(first.len() as u64)?;
        let Some(second) = self.try_next().await? else { return Ok(first) };
        let mut all = BytesMut::from(first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            self.limit.check((all.len() + chunk.len()) as u64)?;
            all.extend_from_slice(&chunk);
            next = self.try_next().await?;
        }
        Ok(all.freeze())
    }

    /// Returns the next chunk, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next chunk, or `Ok(None)` at the end.
    ///
    /// # Errors
    /// Returns an error if the connection is interrupted, or pauses for longer than the read timeout.
    /// The stream ends after an error.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.next().await.transpose()
    }
}

impl Response<Download> {
    /// Reads the whole body into memory.
    ///
    /// # Errors
    /// Returns the errors of [`Download::bytes`].
    pub async fn bytes(self) -> Result<Bytes, TransportError> {
        self.into_body().bytes().await
    }
}

impl<B: Into<Bytes>> From<B> for Download {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).ok();
        Self::received(Chunks::ready(bytes), length, None, Limit::NONE)
    }
}

impl Stream for Download {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        self.chunks.poll_next(context)
    }
}

impl AsyncRead for Download {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.chunks.poll_next(context)) {
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => return Poll::Ready(Ok(())),
            }
        }
        let count = self.rest.len().min(buffer.remaining());
        buffer.put_slice(&self.rest.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}
