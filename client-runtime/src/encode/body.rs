//! The body of a request: bytes, streams, or both behind each other, under a media type.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use specwright_model::blob::Content;

use crate::encode::sending::Sending;

/// The body of a request, of which each try sends a copy that costs nothing.
#[derive(Clone)]
pub(crate) struct Body {
    /// What its `Content-Type` says.
    pub(crate) media_type: Cow<'static, str>,
    parts: Vec<Content>,
}

impl Body {
    /// A body in one piece.
    pub(crate) fn new(media_type: impl Into<Cow<'static, str>>, content: Content) -> Self {
        Self { media_type: media_type.into(), parts: vec![content] }
    }

    /// A body of several pieces behind each other.
    pub(crate) fn of_parts(media_type: String, parts: Vec<Content>) -> Self {
        Self { media_type: media_type.into(), parts }
    }

    /// All of it, where it is there in one piece.
    pub(crate) fn whole(&self) -> Option<&Bytes> {
        match self.parts.as_slice() {
            [Content::Whole(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// How many bytes it has, where that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.parts.iter().try_fold(0_u64, |sum, part| {
            let length = match part {
                Content::Whole(bytes) => bytes.len() as u64,
                Content::Streamed(_, length) => (*length)?,
            };
            sum.checked_add(length)
        })
    }

    /// Whether it can be sent: nothing was taken from any of its streams.
    pub(crate) fn is_there(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Content::Whole(_) => true,
            Content::Streamed(streamed, _) => streamed.is_there(),
        })
    }

    /// Whether it can be sent as often as anybody likes: nothing of it is a stream.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Content::Whole(_)))
    }

    /// The body of one try.
    pub(crate) fn send(&self) -> reqwest::Body {
        match self.whole() {
            // The bytes are shared, not copied.
            Some(bytes) => bytes.clone().into(),
            None => reqwest::Body::wrap(Sending::new(self.parts.clone(), self.length())),
        }
    }
}

/// Of the content only how long it is.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("media_type", &self.media_type)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
