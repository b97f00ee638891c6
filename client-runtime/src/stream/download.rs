//! A body of bytes: read whole, piece by piece, or as any reader reads.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::call::chunks::Chunks;
use crate::outcome::error::TransportError;
use crate::outcome::response::Response;

/// The bytes of an answer, which come as they are asked for: [`bytes`](Self::bytes) for all of
/// them, [`try_next`](Self::try_next) piece by piece. It is a [`Stream`], and an [`AsyncRead`].
///
/// It may come for as long as it takes, but must not pause for longer than the client's
/// [`read_timeout`](crate::HttpOptions::read_timeout).
///
/// Whoever plays an API makes one of bytes that are there, or of a stream of them:
///
/// ```
/// use specwright_runtime::{Download, Response};
///
/// let answer = Response::new(Download::from("PK..."));
/// assert_eq!(answer.len(), Some(5));
/// ```
pub struct Download {
    chunks: Chunks,
    /// What has come and was not yet read by a reader.
    rest: Bytes,
    length: Option<u64>,
    media_type: Option<String>,
}

impl Download {
    pub(crate) fn met(chunks: Chunks, length: Option<u64>, media_type: Option<String>) -> Self {
        Self { chunks, rest: Bytes::new(), length, media_type }
    }

    /// Bytes that a stream brings.
    pub fn new(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self::met(Chunks::told(stream), None, None)
    }

    /// The same bytes with this as what they are, such as `image/png`.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// How many bytes there are, if that is known before they come.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the length of a stream may be unknown")]
    pub fn len(&self) -> Option<u64> {
        self.length
    }

    /// What the bytes are, as the answer says (`Content-Type`).
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// All the bytes, in memory.
    ///
    /// # Errors
    /// Fails where the answer is cut off, or pauses for too long.
    pub async fn bytes(mut self) -> Result<Bytes, TransportError> {
        let Some(first) = self.try_next().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.try_next().await? else { return Ok(first) };
        let mut all = BytesMut::from(first);
        all.extend_from_slice(&second);
        while let Some(next) = self.try_next().await? {
            all.extend_from_slice(&next);
        }
        Ok(all.freeze())
    }

    /// The next bytes, as many as have come; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next bytes, as many as have come; `Ok(None)` behind the last.
    ///
    /// # Errors
    /// Fails where the answer is cut off, or pauses for too long; nothing comes after that.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.next().await.transpose()
    }
}

impl Response<Download> {
    /// All the bytes, in memory.
    ///
    /// # Errors
    /// Fails where the answer is cut off, or pauses for too long.
    pub async fn bytes(self) -> Result<Bytes, TransportError> {
        self.into_body().bytes().await
    }
}

impl<B: Into<Bytes>> From<B> for Download {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).ok();
        Self::met(Chunks::ready(bytes), length, None)
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
