//! Bytes that are sent as they are, and their description as a file.

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
/// It is made of bytes or of a text, by `into()`; of a stream, whose chunks are sent as they
/// come; or of anything that can be read, such as a file.
///
/// Clones share a stream, and a stream can be sent once: a call whose stream has begun is not
/// tried again, whatever the policy, and another call with the same stream fails. Bytes may be
/// sent any number of times.
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
#[must_use = "it is not sent until a request has it"]
pub struct Blob {
    content: Content,
    /// Most have none of it, and structs with files stay small.
    about: Option<Box<About>>,
}

/// What is said of a blob.
#[derive(Clone, Default, PartialEq)]
struct About {
    file_name: Option<String>,
    media_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl Blob {
    /// Bytes that are there already. They are shared, not copied.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Whole(bytes.into()))
    }

    /// Chunks that are sent as they come. Where the stream fails, so does the call.
    pub fn from_stream<B, E>(chunks: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let chunks = Box::pin(Converted(Box::pin(chunks)));
        Self::of(Content::Streamed(Streamed(Arc::new(Mutex::new(Some(chunks)))), None))
    }

    /// What can be read from something, such as a file. It is read while it is sent, in threads
    /// that may wait.
    pub fn from_reader(reader: impl io::Read + Send + 'static) -> Self {
        Self::from_stream(Reading::new(reader))
    }

    fn of(content: Content) -> Self {
        Self { content, about: None }
    }

    fn about(&mut self) -> &mut About {
        self.about.get_or_insert_default()
    }

    /// How many bytes a stream will bring, so that the server can be told at once. A stream
    /// that brings more or fewer is an error. Of what is in memory, it is known.
    pub fn with_len(mut self, bytes: u64) -> Self {
        if let Content::Streamed(_, length) = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// The name that a file has in a form; that of its property unless this says otherwise.
    pub fn with_file_name(mut self, name: impl Into<String>) -> Self {
        self.about().file_name = Some(name.into());
        self
    }

    /// The media type that it is sent with (`image/png`), instead of that of the description.
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.about().media_type = Some(media_type.into());
        self
    }

    /// A further header of a file in a form. A body has the headers of its request.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.about().headers.push((name.into(), value.into()));
        self
    }

    /// The bytes, where they are there already.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Streamed(..) => None,
        }
    }

    /// All bytes: those that are there, or what a stream brings to its end.
    ///
    /// # Errors
    /// Fails where the stream fails or was taken before.
    pub async fn into_bytes(self) -> Result<Bytes, Box<dyn StdError + Send + Sync>> {
        let streamed = match self.content {
            Content::Whole(bytes) => return Ok(bytes),
            Content::Streamed(streamed, _) => streamed,
        };
        let mut chunks = streamed.take().ok_or("this stream was taken before")?;
        let mut all = Vec::new();
        while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.into())
    }

    /// How many bytes there are, where that is known.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the length of a stream may be unknown")]
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes.len() as u64),
            Content::Streamed(_, length) => *length,
        }
    }

    /// The name that it has as a file.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.about.as_ref()?.file_name.as_deref()
    }

    /// Its media type, where one was given.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.about.as_ref()?.media_type.as_deref()
    }

    /// Its further headers as a file in a form.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.about.iter().flat_map(|about| &about.headers);
        headers.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What is sent.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Its bytes as a stream of chunks. One that was taken before fails.
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

/// Of the content only how long it is.
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
    /// Streams are not shared between threads, but who sends a body wants to be able to.
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
            State::Taken => Some(Err("this stream was taken before".into())),
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
    ($($of:ty)*) => {$(
        impl From<$of> for Blob {
            fn from(bytes: $of) -> Self {
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

/// A stream of anything that becomes bytes.
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
