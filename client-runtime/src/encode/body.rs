//! Request bodies: a media type and a sequence of bytes and streams.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use specwright_model::blob::Content;

use crate::encode::sending::Sending;

/// A request body. Each attempt sends a clone, which is cheap.
#[derive(Clone)]
pub(crate) struct Body {
    /// The value of `Content-Type`.
    pub(crate) media_type: Cow<'static, str>,
    parts: Vec<Content>,
}

impl Body {
    /// Creates a body with one part.
    pub(crate) fn new(media_type: impl Into<Cow<'static, str>>, content: Content) -> Self {
        Self { media_type: media_type.into(), parts: vec![content] }
    }

    /// Creates a body of several concatenated parts.
    pub(crate) fn from_parts(media_type: String, parts: Vec<Content>) -> Self {
        Self { media_type: media_type.into(), parts }
    }

    /// Returns the bytes if the body is a single buffer.
    pub(crate) fn whole(&self) -> Option<&Bytes> {
        match self.parts.as_slice() {
            [Content::Whole(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// Returns the length in bytes, if known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.parts.iter().try_fold(0_u64, |sum, part| {
            let length = match part {
                Content::Whole(bytes) => bytes.len() as u64,
                Content::Streamed(_, length) => (*length)?,
            };
            sum.checked_add(length)
        })
    }

    /// Returns whether the body can be sent: no stream was consumed.
    pub(crate) fn is_there(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Content::Whole(_) => true,
            Content::Streamed(streamed, _) => streamed.is_there(),
        })
    }

    /// Returns whether the body can be sent repeatedly: it contains no stream.
    pub(crate) fn is_buffered(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Content::Whole(_)))
    }

    /// Returns the body for one attempt.
    pub(crate) fn send(&self) -> reqwest::Body {
        match self.whole() {
            // The bytes are shared, not copied.
            Some(bytes) => bytes.clone().into(),
            None => reqwest::Body::wrap(Sending::new(self.parts.clone(), self.length())),
        }
    }
}

/// Shows only the length of the content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("media_type", &self.media_type)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
