//! An answer that has come whole, and what it becomes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::call::chunks::Chunks;
use crate::outcome::error::{ApiError, CallError, DecodeError, Error, ErrorBody};
use crate::outcome::response::{Meta, Response};
use crate::resilience::retry::RetryPolicy;
use crate::setup::credentials::Credentials;
use specwright_model::json::offset_at;
use specwright_model::media_type as media;
use specwright_model::union::locate;

/// How much of an error answer is shown, in characters.
const ERROR_EXCERPT: usize = 512;

/// How much of a body is shown around a place that cannot be read, in characters.
const DECODE_EXCERPT: usize = 240;

/// An answer that is not yet decoded. It has come whole, unless its request says that it is to be
/// left open.
pub struct RawResponse {
    pub(crate) operation: &'static str,
    pub(crate) meta: Meta,
    pub(crate) body: Bytes,
    /// The body instead, if it is still to come.
    pub(crate) rest: Option<Box<Rest>>,
    /// Knows the keys, which an answer may quote.
    pub(crate) credentials: Arc<Credentials>,
}

/// A body that is still to come.
pub(crate) struct Rest {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
    pub(crate) reconnect: Option<Box<dyn Reconnect>>,
}

/// A request that is sent.
pub(crate) type Sent = Pin<Box<dyn Future<Output = Result<RawResponse, CallError>> + Send>>;

/// Sends the request of a stream again, to continue it.
pub(crate) trait Reconnect: Send + Sync {
    /// The retry policy of the client.
    fn policy(&self) -> &RetryPolicy;

    /// Whether the request may be carried out again.
    fn is_repeatable(&self) -> bool;

    /// Sends the request after a delay, to continue after an event.
    fn send(&self, delay: Duration, last_event_id: Option<&str>) -> Option<Sent>;
}

impl RawResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// What the body is, as the answer says.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.meta.headers.get_str(CONTENT_TYPE.as_str())
    }

    /// In which of these media types the answer came.
    pub fn media_type(&self, known: &[&'static str]) -> Result<&'static str, CallError> {
        let sent = self.content_type();
        media::choose(sent, known).ok_or_else(|| {
            let sent = sent.unwrap_or_default();
            let message = format!("comes as `{sent}`, and not as {}", known.join(" or "));
            let text = String::from_utf8_lossy(&self.body);
            self.origin().unreadable(&text, 0, &message, String::new())
        })
    }

    /// Decodes a successful answer.
    pub fn json<T: DeserializeOwned>(self) -> Result<Response<T>, CallError> {
        let text = match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => {
                let text = String::from_utf8_lossy(&self.body);
                let valid = error.valid_up_to();
                return Err(self.origin().unreadable(&text, valid, "is not UTF-8", String::new()));
            }
        };
        let text = media::without_mark(text);
        if text.trim_ascii().is_empty() {
            return self.without_content();
        }
        match serde_json::from_str(text) {
            Ok(body) => Ok(Response::read(body, self.meta)),
            Err(error) => Err(self.origin().not_decoded(text, &error, String::new())),
        }
    }

    /// An answer without content where the description has some. Statuses that never have any may
    /// be among those of a range; they bring what may be null.
    fn without_content<T: DeserializeOwned>(self) -> Result<Response<T>, CallError> {
        let status = self.meta.status;
        let null = matches!(status, 204 | 205).then(|| serde_json::from_str("null"));
        match null {
            Some(Ok(body)) => Ok(Response::read(body, self.meta)),
            _ => {
                let message = format!("has no content with status {status}");
                Err(self.origin().unreadable("", 0, &message, String::new()))
            }
        }
    }

    /// A successful answer that is a text.
    pub fn text(self) -> Result<Response<String>, CallError> {
        let charset = self.content_type().and_then(|sent| media::parameter(sent, "charset"));
        let charset = charset.map(|charset| charset.to_ascii_lowercase());
        let body = match charset.as_deref() {
            // Of what a description says nothing, little else is sent.
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => {
                let bytes = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
                std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "is not UTF-8".to_owned())
            }
            Some("iso-8859-1" | "latin1") => {
                Ok(self.body.iter().map(|byte| char::from(*byte)).collect())
            }
            Some(other) => Err(format!("is in `{other}`, which cannot be read")),
        };
        match body {
            Ok(body) => Ok(Response::read(body, self.meta)),
            Err(message) => {
                let text = String::from_utf8_lossy(&self.body);
                let at = text.find('\u{FFFD}').unwrap_or(0);
                Err(self.origin().unreadable(&text, at, &message, String::new()))
            }
        }
    }

    /// A successful answer whose body, if any, has no meaning.
    pub fn empty(self) -> Response<()> {
        Response::read((), self.meta)
    }

    /// An error answer whose body the description has a type for.
    pub fn error<T: DeserializeOwned, B: ErrorBody>(self, body: impl FnOnce(T) -> B) -> Error<B> {
        let text = self.credentials.redact(&String::from_utf8_lossy(&self.body));
        let body = match serde_json::from_str(media::without_mark(&text)) {
            Ok(decoded) => body(decoded),
            Err(_) => B::other(text.clone()),
        };
        self.refused(body, &text)
    }

    /// An error answer that the description does not have.
    pub fn unexpected<B: ErrorBody>(self) -> Error<B> {
        let text = self.credentials.redact(&String::from_utf8_lossy(&self.body));
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
            headers: self.meta.headers,
            attempts: self.meta.attempts,
        }))
    }

    /// The bytes that are still to come; the answer where its status is no success.
    pub(crate) fn into_chunks(self) -> Result<Chunks, Box<Self>> {
        let is_success = (200..300).contains(&self.status());
        if is_success { Ok(self.into_parts().1) } else { Err(Box::new(self)) }
    }

    pub(crate) fn into_parts(mut self) -> (Self, Chunks, Option<Box<dyn Reconnect>>) {
        match self.rest.take().map(|rest| *rest) {
            Some(Rest { body, reconnect, .. }) => {
                let chunks = Chunks::met(body, self.operation, self.meta.attempts);
                (self, chunks, reconnect)
            }
            None => {
                let chunks = Chunks::ready(self.body.clone());
                (self, chunks, None)
            }
        }
    }

    /// What is said of this answer where it, or a part of it, cannot be read.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            operation: self.operation,
            meta: self.meta.clone(),
            credentials: Arc::clone(&self.credentials),
        }
    }
}

/// What is said of an answer where it, or a part of it, cannot be read.
#[derive(Clone)]
pub(crate) struct Origin {
    operation: &'static str,
    meta: Meta,
    credentials: Arc<Credentials>,
}

impl Origin {
    /// Decodes a part of an answer, and says which one it is if that fails.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        text: &str,
        part: String,
    ) -> Result<T, CallError> {
        serde_json::from_str(text).map_err(|error| self.not_decoded(text, &error, part))
    }

    fn not_decoded(&self, text: &str, error: &serde_json::Error, part: String) -> CallError {
        let (pointer, message) = locate(text, error);
        let at = offset_at(text, error.line(), error.column());
        self.unreadable_at(text, at, pointer, &message, part)
    }

    /// The error of a text that cannot be read from a place on.
    pub(crate) fn unreadable(
        &self,
        text: &str,
        at: usize,
        message: &str,
        part: String,
    ) -> CallError {
        self.unreadable_at(text, at, String::new(), message, part)
    }

    fn unreadable_at(
        &self,
        text: &str,
        at: usize,
        pointer: String,
        message: &str,
        part: String,
    ) -> CallError {
        let redact = |text: &str| self.credentials.redact(text);
        // The half before the place shows what led there, the half behind what is wrong. Taking
        // the keys out moves the place.
        let before = redact(text.get(..at).unwrap_or_default()).chars().count();
        let skipped = before.saturating_sub(DECODE_EXCERPT / 2);
        let meta = self.meta.clone();
        CallError::Decode(Box::new(DecodeError {
            operation: self.operation,
            status: meta.status,
            part: redact(&part),
            pointer: redact(&pointer),
            message: redact(message),
            excerpt: redact(text).chars().skip(skipped).take(DECODE_EXCERPT).collect(),
            request_id: meta.request_id,
            rate_limit: meta.rate_limit,
            headers: meta.headers,
            attempts: meta.attempts,
        }))
    }
}
