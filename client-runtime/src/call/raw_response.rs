//! Raw responses, and their conversion to typed results and errors.

use std::future::Future;
use std::pin::Pin;
use std::str::Utf8Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::call::chunks::{Chunks, Pause};
use crate::outcome::cause::TooLong;
use crate::outcome::error::{ApiError, CallError, DecodeError, Error, ErrorBody, TransportError};
use crate::outcome::response::{Meta, Response};
use crate::resilience::retry::RetryPolicy;
use crate::setup::redaction::Redactor;
use specwright_model::json::offset_at;
use specwright_model::media_type as media;
use specwright_model::scalar::from_str;
use specwright_model::union::locate;

/// The length of the excerpt of an error response, in characters.
const ERROR_EXCERPT: usize = 512;

/// The length of the excerpt around the location of a decoding error, in characters.
const DECODE_EXCERPT: usize = 240;

/// A response that is not decoded yet. Its body is complete, unless the request asks for an open body.
pub struct RawResponse {
    pub(crate) operation: &'static str,
    pub(crate) meta: Meta,
    pub(crate) body: Bytes,
    /// The maximum size of the body.
    pub(crate) max_size: usize,
    /// Whether the body exceeds that size, and was cut off.
    pub(crate) is_cut: bool,
    /// The open body, which replaces `body`, if it is still being received.
    pub(crate) rest: Option<Box<Rest>>,
    /// Removes credentials from what is shown: a response may quote them.
    pub(crate) redactor: Arc<Redactor>,
    pub(crate) hidden: Hidden,
}

/// Which errors must not quote the response, because its type has secrets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hidden {
    body: bool,
    errors: bool,
}

/// A body that is still being received.
pub(crate) struct Rest {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
    /// The maximum time between two chunks, unless the HTTP client limits it.
    pub(crate) max_pause: Option<Duration>,
    pub(crate) reconnect: Option<Box<dyn Reconnect>>,
}

/// The future of a request that is being sent.
pub(crate) type Sent = Pin<Box<dyn Future<Output = Result<RawResponse, CallError>> + Send>>;

/// Sends the request of a stream again, to continue it.
pub(crate) trait Reconnect: Send + Sync {
    /// Returns the retry policy of the client.
    fn policy(&self) -> &RetryPolicy;

    /// Returns whether the request may be executed again.
    fn is_repeatable(&self) -> bool;

    /// Sends the request after a delay, to continue after an event. Returns `None` if the request
    /// cannot be sent again.
    fn send(&self, delay: Duration, last_event_id: Option<&str>) -> Option<Sent>;
}

impl RawResponse {
    /// Keeps the body of a success, which has secrets, out of errors about it.
    pub fn hide_body(&mut self) {
        self.hidden.body = true;
    }

    /// Keeps the body of an error response, which has secrets, out of the excerpts of errors.
    pub fn hide_errors(&mut self) {
        self.hidden.errors = true;
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// Returns the `Content-Type` of the response.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.meta.headers.get_str(CONTENT_TYPE.as_str())
    }

    /// Returns the known media type that matches the response.
    ///
    /// # Errors
    /// Returns an error if none matches.
    pub fn media_type(&self, known: &[&'static str]) -> Result<&'static str, CallError> {
        let sent = self.content_type();
        media::choose(sent, known).ok_or_else(|| {
            let sent = sent.unwrap_or_default();
            let message =
                format!("unexpected media type `{sent}`; expected {}", known.join(" or "));
            self.origin().unreadable(&self.body, 0, &message, String::new())
        })
    }

    /// Returns an error if the body was cut off.
    pub(crate) fn check_size(&self) -> Result<(), CallError> {
        match self.is_cut {
            true => {
                let message = TooLong(self.max_size).to_string();
                Err(self.origin().unreadable(&self.body, 0, &message, String::new()))
            }
            false => Ok(()),
        }
    }

    /// Decodes the JSON body of a successful response.
    pub fn json<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, CallError> {
        self.check_size()?;
        let json = match std::str::from_utf8(&self.body) {
            Ok(json) => json,
            Err(error) => {
                let valid = error.valid_up_to();
                let origin = self.origin();
                return Err(origin.unreadable(&self.body, valid, "is not UTF-8", String::new()));
            }
        };
        let json = media::without_byte_order_mark(json);
        if json.trim_ascii().is_empty() {
            return self.without_content();
        }
        match from_str(json) {
            Ok(body) => Ok(Response::read(body, self.meta)),
            Err(error) => Err(self.origin().not_decoded(json, &error, String::new())),
        }
    }

    /// Decodes a response without content where the OpenAPI document specifies a body. Status ranges
    /// include 204 and 205, which never have content; they are `null` if the type permits it.
    fn without_content<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, CallError> {
        let status = self.meta.status;
        let null = matches!(status, 204 | 205).then(|| serde_json::from_str("null"));
        match null {
            Some(Ok(body)) => Ok(Response::read(body, self.meta)),
            _ => {
                let message = format!("has no content with status {status}");
                Err(self.origin().unreadable(b"", 0, &message, String::new()))
            }
        }
    }

    /// Decodes the `text/*` body of a successful response.
    pub fn text(self) -> Result<Response<String>, CallError> {
        self.check_size()?;
        let charset = self.content_type().and_then(|sent| media::parameter(sent, "charset"));
        let charset = charset.map(|charset| charset.to_ascii_lowercase());
        let body = match charset.as_deref() {
            // UTF-8 is assumed without a charset: servers rarely send anything else.
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => {
                let bytes = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
                let invalid = |error: Utf8Error| (error.valid_up_to(), "is not UTF-8".to_owned());
                std::str::from_utf8(bytes).map(str::to_owned).map_err(invalid)
            }
            Some("iso-8859-1" | "latin1") => {
                Ok(self.body.iter().map(|byte| char::from(*byte)).collect())
            }
            Some(other) => Err((0, format!("unsupported charset `{other}`"))),
        };
        match body {
            Ok(body) => Ok(Response::read(body, self.meta)),
            Err((offset, message)) => {
                Err(self.origin().unreadable(&self.body, offset, &message, String::new()))
            }
        }
    }

    /// Returns a successful response, and ignores its body.
    pub fn empty(self) -> Response<()> {
        Response::read((), self.meta)
    }

    /// Decodes an error response whose body is specified in the OpenAPI document.
    pub fn error<T: DeserializeOwned + 'static, B: ErrorBody>(
        self,
        body: impl FnOnce(T) -> B,
    ) -> Error<B> {
        let raw = self.redactor.redact(&String::from_utf8_lossy(&self.body));
        let body = match from_str(media::without_byte_order_mark(&raw)) {
            Ok(decoded) => body(decoded),
            Err(_) => B::other(raw.clone()),
        };
        self.into_error(body, &raw)
    }

    /// Returns the error of a response that the OpenAPI document does not specify.
    pub fn unexpected<B: ErrorBody>(self) -> Error<B> {
        let raw = self.redactor.redact(&String::from_utf8_lossy(&self.body));
        self.into_error(B::other(raw.clone()), &raw)
    }

    fn into_error<B>(self, body: B, raw: &str) -> Error<B> {
        Error::Api(Box::new(ApiError {
            operation: self.operation,
            status: self.meta.status,
            body,
            excerpt: match self.hidden.errors {
                true => String::new(),
                false => raw.chars().take(ERROR_EXCERPT).collect(),
            },
            cut_at: self.is_cut.then_some(self.max_size),
            request_id: self.meta.request_id,
            rate_limit: self.meta.rate_limit,
            headers: self.meta.headers,
            attempts: self.meta.attempts,
        }))
    }

    /// Returns the chunks of the body, or the response itself if its status is not a success.
    pub(crate) fn into_chunks(self) -> Result<Chunks, Box<Self>> {
        let is_success = (200..300).contains(&self.status());
        if is_success { Ok(self.into_parts().1) } else { Err(Box::new(self)) }
    }

    /// Splits off the chunks of the body, and the means to continue it after a disconnect.
    pub(crate) fn into_parts(mut self) -> (Self, Chunks, Option<Box<dyn Reconnect>>) {
        match self.rest.take().map(|rest| *rest) {
            Some(Rest { body, reconnect, max_pause, .. }) => {
                let pause = max_pause.map(Pause::new);
                let chunks = Chunks::received(body, pause, self.operation, self.meta.attempts);
                (self, chunks, reconnect)
            }
            None => {
                let beginning = self.body.clone();
                let chunks = match self.is_cut {
                    true => Chunks::cut(beginning, self.too_long()),
                    false => Chunks::ready(beginning),
                };
                (self, chunks, None)
            }
        }
    }

    /// Returns the error of a body that exceeds the maximum size.
    fn too_long(&self) -> TransportError {
        TransportError::too_long(self.operation, self.meta.attempts, self.max_size)
    }

    /// Returns the context for errors about this response.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            operation: self.operation,
            meta: self.meta.clone(),
            redactor: Arc::clone(&self.redactor),
            is_hidden: self.hidden.body,
        }
    }
}

/// The context of a response, for errors about it or a part of it.
#[derive(Clone)]
pub(crate) struct Origin {
    operation: &'static str,
    meta: Meta,
    redactor: Arc<Redactor>,
    /// Whether errors must not quote the body.
    is_hidden: bool,
}

impl Origin {
    /// Decodes a part of a response. An error names the part.
    pub(crate) fn json<T: DeserializeOwned + 'static>(
        &self,
        json: &str,
        part: String,
    ) -> Result<T, CallError> {
        from_str(json).map_err(|error| self.not_decoded(json, &error, part))
    }

    fn not_decoded(&self, json: &str, error: &serde_json::Error, part: String) -> CallError {
        let (pointer, message) = locate(json, error);
        let message =
            if self.is_hidden && error.is_data() { without_value(&message) } else { message };
        let offset = offset_at(json, error.line(), error.column());
        self.unreadable_at(json.as_bytes(), offset, pointer, &message, part)
    }

    /// Creates the error of a body that is malformed at an offset, in bytes.
    pub(crate) fn unreadable(
        &self,
        body: &[u8],
        offset: usize,
        message: &str,
        part: String,
    ) -> CallError {
        self.unreadable_at(body, offset, String::new(), message, part)
    }

    fn unreadable_at(
        &self,
        body: &[u8],
        offset: usize,
        pointer: String,
        message: &str,
        part: String,
    ) -> CallError {
        let redact = |string: &str| self.redactor.redact(string);
        let meta = self.meta.clone();
        CallError::Decode(Box::new(DecodeError {
            operation: self.operation,
            status: meta.status,
            part: redact(&part),
            pointer: redact(&pointer),
            message: redact(message),
            excerpt: match self.is_hidden {
                true => String::new(),
                false => self.excerpt(body, offset),
            },
            request_id: meta.request_id,
            rate_limit: meta.rate_limit,
            headers: meta.headers,
            attempts: meta.attempts,
        }))
    }

    /// Returns the part of a body around an offset, without credentials.
    ///
    /// Only this part is decoded, because a body may be large. A credential that the edges of the
    /// part cut is not recognised, so the part is longer than the excerpt by one credential.
    fn excerpt(&self, body: &[u8], offset: usize) -> String {
        let edge = self.redactor.longest() + 4;
        let reach = DECODE_EXCERPT * 4 + edge;
        let offset = offset.min(body.len());
        let start = offset.saturating_sub(reach);
        let end = offset.saturating_add(reach).min(body.len());
        let shown =
            |to: usize| self.redactor.redact(&String::from_utf8_lossy(&body[start..to.max(start)]));
        let characters = |to: usize| shown(to).chars().count();
        let from = if start == 0 { 0 } else { characters(start + edge) };
        let to = if end == body.len() { usize::MAX } else { characters(end - edge) };
        // The excerpt is centred on the offset. Redaction changes the offset, so the part before it
        // is measured after redaction.
        let skipped = characters(offset).saturating_sub(DECODE_EXCERPT / 2).max(from);
        let length = DECODE_EXCERPT.min(to.saturating_sub(skipped));
        shown(end).chars().skip(skipped).take(length).collect()
    }
}

/// Returns the message of a decoding error without the value that it quotes.
fn without_value(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("invalid value, expected {expected}"),
        None if message.starts_with("missing propert") => message.to_owned(),
        None => "invalid value".to_owned(),
    }
}
