//! The public type for bytes that are sent as they are.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::content::{Chunks, Content, StreamError, Streamed};
use super::reader::Reading;

/// Bytes that are sent as they are: the body of a request, or a file in a form.
///
/// Created from bytes or a string with `into()`, from a stream, or from a reader such as a file.
///
/// Clones share a stream, and a stream is sent once. A call is not retried after its stream has
/// started, whatever the policy, and another call with the same stream fails. Bytes can be sent any
/// number of times.
///
/// ```
/// use specwright_model::blob::Blob;
///
/// let report: Blob = "a,b\n1,2\n".into();
/// let report = report.with_file_name("report.csv").with_media_type("text/csv");
/// assert_eq!(report.len(), Some(8));
///
/// let large = Blob::from_reader(std::io::repeat(b'x'));
/// assert_eq!(large.len(), None);
/// ```
#[derive(Clone)]
#[must_use = "a blob is sent only as part of a request"]
pub struct Blob {
    content: Content,
    /// Boxed, because most blobs have none of it and structs with files stay small.
    about: Option<Box<About>>,
}

/// The file name, media type and headers of a blob.
#[derive(Clone, Default, PartialEq)]
struct About {
    file_name: Option<String>,
    media_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl Blob {
    /// Creates a blob from bytes. They are shared, not copied.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self::from_content(Content::Whole(bytes.into()))
    }

    /// Creates a blob from a stream. If the stream fails, so does the call.
    pub fn from_stream<B, E>(chunks: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let chunks = Box::pin(Converted(Box::pin(chunks)));
        Self::from_content(Content::Streamed(Streamed(Arc::new(Mutex::new(Some(chunks)))), None))
    }

    /// Creates a blob from a reader, such as a file. It is read while it is sent, on threads for
    /// blocking work.
    pub fn from_reader(reader: impl io::Read + Send + 'static) -> Self {
        Self::from_stream(Reading::new(reader))
    }

    fn from_content(content: Content) -> Self {
        Self { content, about: None }
    }

    fn about(&mut self) -> &mut About {
        self.about.get_or_insert_default()
    }

    /// Declares the length of a stream, sent as `Content-Length`. It is an error if the stream has
    /// another length. For bytes in memory, this has no effect.
    pub fn with_len(mut self, bytes: u64) -> Self {
        if let Content::Streamed(_, length) = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// Sets the name of a file in a form. Defaults to the name of its property.
    pub fn with_file_name(mut self, name: impl Into<String>) -> Self {
        self.about().file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`. Defaults to that of the OpenAPI document.
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.about().media_type = Some(media_type.into());
        self
    }

    /// Adds a header to a file in a form. For other bodies, use the headers of the request.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.about().headers.push((name.into(), value.into()));
        self
    }

    /// Returns the bytes, if they are in memory.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Streamed(..) => None,
        }
    }

    /// Returns all bytes, and reads a stream to its end.
    ///
    /// # Errors
    /// Returns an error if the stream fails or was taken before.
    pub async fn into_bytes(self) -> Result<Bytes, Box<dyn StdError + Send + Sync>> {
        let streamed = match self.content {
            Content::Whole(bytes) => return Ok(bytes),
            Content::Streamed(streamed, _) => streamed,
        };
        let mut chunks = streamed.take().ok_or("stream body was already consumed")?;
        let mut all = Vec::new();
        while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.into())
    }

    /// Returns the length in bytes, if it is known.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the length of a stream may be unknown")]
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes.len() as u64),
            Content::Streamed(_, length) => *length,
        }
    }

    /// Returns the file name.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.about.as_ref()?.file_name.as_deref()
    }

    /// Returns the media type, if one was set.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.about.as_ref()?.media_type.as_deref()
    }

    /// Returns the additional headers of a file in a form.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.about.iter().flat_map(|about| &about.headers);
        headers.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the content.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Converts the blob into a stream of chunks. It fails if a stream was taken before.
    pub fn into_stream(self) -> BlobStream {
        BlobStream(match self.content {
            Content::Whole(bytes) => State::Whole(bytes),
            Content::Streamed(streamed, _) => match streamed.take() {
                Some(chunks) => State::Streamed(Mutex::new(chunks)),
                None => State::Taken,
            },
        })
    }
}

/// Shows the length, not the content.
impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob")
            .field("length", &self.len())
            .field("file_name", &self.file_name())
            .field("media_type", &self.media_type())
            .finish_non_exhaustive()
    }
}

/// Streams are equal only to their clones.
impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.content, &other.content) {
            (Content::Whole(own), Content::Whole(others)) => own == others,
            (Content::Streamed(own, _), Content::Streamed(others, _)) => {
                Arc::ptr_eq(&own.0, &others.0)
            }
            _ => false,
        };
        same && self.about == other.about
    }
}

/// The bytes of a [`Blob`] as a stream.
pub struct BlobStream(State);

enum State {
    Whole(Bytes),
    /// The mutex makes this `Sync`, which senders of bodies require.
    Streamed(Mutex<Chunks>),
    Taken,
    Ended,
}

impl Stream for BlobStream {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::Streamed(chunks) = &mut self.0 {
            let chunks = chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
            return chunks.as_mut().poll_next(context);
        }
        Poll::Ready(match std::mem::replace(&mut self.0, State::Ended) {
            State::Whole(bytes) => Some(Ok(bytes)),
            State::Taken => Some(Err("stream body was already consumed".into())),
            State::Streamed(_) | State::Ended => None,
        })
    }
}

impl fmt::Debug for BlobStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobStream").finish_non_exhaustive()
    }
}

macro_rules! from {
    ($($from_content:ty)*) => {$(
        impl From<$from_content> for Blob {
            fn from(bytes: $from_content) -> Self {
                Self::new(bytes)
            }
        }
    )*};
}

from!(Bytes Vec<u8> String &'static str &'static [u8] Box<[u8]>);

impl<const N: usize> From<&'static [u8; N]> for Blob {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::new(bytes.as_slice())
    }
}

/// Converts the chunks and errors of a stream.
struct Converted<S>(Pin<Box<S>>);

impl<B, E, S> Stream for Converted<S>
where
    B: Into<Bytes>,
    E: Into<StreamError>,
    S: Stream<Item = Result<B, E>>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|next| next.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }
}
