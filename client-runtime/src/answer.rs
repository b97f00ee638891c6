//! An answer that has come whole, and what it becomes.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, DecodeError, Error, ErrorBody, Failure};
use crate::json::offset_at;
use crate::response::{Meta, Response};
use crate::transport::Transport;
use crate::union::locate;

/// How much of an error answer is shown, in characters.
const ERROR_EXCERPT: usize = 512;

/// How much of a body is shown around a place that cannot be read, in characters.
const DECODE_EXCERPT: usize = 240;

/// An answer that has come whole and is not yet decoded.
pub struct Answer {
    pub(crate) operation: &'static str,
    pub(crate) meta: Meta,
    pub(crate) body: Bytes,
    /// Knows the keys, which an answer may quote.
    pub(crate) transport: Transport,
}

impl Answer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// Decodes a successful answer.
    pub fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Failure> {
        let text = match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => {
                let valid = error.valid_up_to();
                return Err(self.unreadable(valid, String::new(), "is not UTF-8".to_owned()));
            }
        };
        match serde_json::from_str(text) {
            Ok(body) => Ok(Response::read(body, self.meta)),
            Err(error) => {
                let (pointer, message) = locate(text, &error);
                let at = offset_at(text, error.line(), error.column());
                Err(self.unreadable(at, pointer, message))
            }
        }
    }

    /// A successful answer whose body, if any, has no meaning.
    pub fn empty(self) -> Response<()> {
        Response::read((), self.meta)
    }

    /// An error answer whose body the description has a type for.
    pub fn error<T: DeserializeOwned, B: ErrorBody>(self, body: impl FnOnce(T) -> B) -> Error<B> {
        let text = self.shown(&self.body);
        let body = match serde_json::from_str(&text) {
            Ok(decoded) => body(decoded),
            Err(_) => B::other(text.clone()),
        };
        self.refused(body, &text)
    }

    /// An error answer that the description does not have.
    pub fn unexpected<B: ErrorBody>(self) -> Error<B> {
        let text = self.shown(&self.body);
        self.refused(B::other(text.clone()), &text)
    }

    fn refused<B>(self, body: B, text: &str) -> Error<B> {
        Error::Api(Box::new(ApiError {
            operation: self.operation,
            status: self.meta.status,
            body,
            excerpt: text.chars().take(ERROR_EXCERPT).collect(),
            request_id: self.meta.request_id,
            rate_limit: self.meta.rate_limit,
            attempts: self.meta.attempts,
        }))
    }

    fn unreadable(self, at: usize, pointer: String, message: String) -> Failure {
        // The half before the place shows what led there, the half behind what is wrong. Taking
        // the keys out moves the place.
        let before = self.shown(self.body.get(..at).unwrap_or_default()).chars().count();
        let skipped = before.saturating_sub(DECODE_EXCERPT / 2);
        let shown = self.shown(&self.body);
        Failure::Decode(Box::new(DecodeError {
            operation: self.operation,
            status: self.meta.status,
            pointer: self.transport.redact(&pointer),
            message: self.transport.redact(&message),
            excerpt: shown.chars().skip(skipped).take(DECODE_EXCERPT).collect(),
            request_id: self.meta.request_id,
            rate_limit: self.meta.rate_limit,
            attempts: self.meta.attempts,
        }))
    }

    /// A part of the body as it may be shown: an API may quote a key that it refuses.
    fn shown(&self, part: &[u8]) -> String {
        self.transport.redact(&String::from_utf8_lossy(part))
    }
}
