//! A response as it is sent.

use axum::body::Body;
use axum::response::IntoResponse;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use specwright_model::blob::Blob;
use specwright_model::stream::{Framing, ServerSentEvent, write_event};
use specwright_model::style::form::boundary;
use specwright_model::style::plain;
use specwright_model::validate::ValidationError;

use super::stream::{Encoded, EventStream, JsonLines};
use crate::reject::{Rejection, RejectionBody};

/// A response as it is sent.
///
/// If a stream fails, the connection is closed: the status was sent before, and the client must
/// not take the body for complete.
pub struct Reply(pub(crate) axum::response::Response);

impl Reply {
    /// Creates a response with an `application/json` body.
    pub fn json(status: u16, headers: HeaderMap, body: &impl Serialize) -> Self {
        Self::json_as("application/json", status, headers, body)
    }

    /// Creates a response with a JSON body of another media type.
    pub fn json_as(
        media_type: &'static str,
        status: u16,
        headers: HeaderMap,
        body: &impl Serialize,
    ) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::typed(media_type, status, headers, Body::from(bytes)),
            // For example a map whose keys are not strings: a mistake of the server.
            Err(error) => {
                let rejection = Rejection::new(500, format!("the response is not JSON: {error}"));
                Self::plain(&rejection, RejectionBody::problem_details(&rejection))
            }
        }
    }

    /// Creates a response with a string.
    pub fn string(media_type: &'static str, status: u16, headers: HeaderMap, body: String) -> Self {
        Self::typed(media_type, status, headers, Body::from(body))
    }

    /// Creates a response without a body.
    pub fn empty(status: u16, headers: HeaderMap) -> Self {
        Self(response(status, headers, Body::empty()))
    }

    /// Creates a response of bytes. Their own media type takes precedence over the usual one.
    pub fn bytes(usual: &'static str, status: u16, headers: HeaderMap, body: Blob) -> Self {
        let media_type = body.media_type().unwrap_or(usual).to_owned();
        let length = body.len();
        let body = match body.as_bytes() {
            Some(bytes) => Body::from(bytes.clone()),
            None => Body::from_stream(body.into_stream()),
        };
        let mut reply = Self::typed(&media_type, status, headers, body);
        if let Some(length) = length {
            reply.0.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
        }
        reply
    }

    /// Creates a response of events whose data is JSON.
    pub fn events<T: Serialize + 'static>(
        status: u16,
        headers: HeaderMap,
        body: EventStream<T>,
    ) -> Self {
        let encode = |event: ServerSentEvent<T>| {
            let data = serde_json::to_string(&event.data)?;
            Ok(write_event(event.id, event.event, &data))
        };
        let stream = Encoded::new(body.0, encode);
        Self::typed("text/event-stream", status, headers, Body::from_stream(stream))
    }

    /// Creates a response of events whose data is a string.
    pub fn string_events(status: u16, headers: HeaderMap, body: EventStream<String>) -> Self {
        let encode =
            |event: ServerSentEvent<String>| Ok(write_event(event.id, event.event, &event.data));
        let stream = Encoded::new(body.0, encode);
        Self::typed("text/event-stream", status, headers, Body::from_stream(stream))
    }

    /// Creates a response of a sequence of JSON values.
    pub fn values<T: Serialize + 'static>(
        media_type: &'static str,
        framing: Framing,
        status: u16,
        headers: HeaderMap,
        body: JsonLines<T>,
    ) -> Self {
        let encode = move |value: T| Ok(framing.write(&value)?);
        let stream = Encoded::new(body.0, encode);
        Self::typed(media_type, status, headers, Body::from_stream(stream))
    }

    /// Creates a response of parts without names, whose values are JSON or strings.
    pub fn parts<T: Serialize + 'static>(
        media_type: &'static str,
        part_media_type: &'static str,
        framing: Framing,
        status: u16,
        headers: HeaderMap,
        body: JsonLines<T>,
    ) -> Self {
        let boundary = boundary();
        let content_type = format!("{media_type}; boundary={boundary}");
        let end = format!("--{boundary}--\r\n");
        let encode = move |value: T| {
            let content = match framing {
                Framing::StringParts => plain(&value)?,
                _ => serde_json::to_string(&value)?,
            };
            let head = format!("--{boundary}\r\nContent-Type: {part_media_type}\r\n\r\n");
            Ok(Bytes::from(format!("{head}{content}\r\n")))
        };
        let stream = Encoded::new(body.0, encode).with_end(end);
        Self::typed(&content_type, status, headers, Body::from_stream(stream))
    }

    /// Creates the response of a rejection for which the OpenAPI document has a body. If the body
    /// cannot be built, `other` is used.
    pub fn rejection<T: Serialize>(
        media_type: &'static str,
        rejection: &Rejection,
        body: Result<T, ValidationError>,
        other: impl FnOnce() -> RejectionBody,
    ) -> Self {
        match body {
            Ok(body) => {
                Self::json_as(media_type, rejection.status, rejection.headers.clone(), &body)
            }
            Err(_) => Self::plain(rejection, other()),
        }
    }

    /// Creates the response of a rejection for which the OpenAPI document has no body.
    pub fn plain(rejection: &Rejection, body: RejectionBody) -> Self {
        let headers = rejection.headers.clone();
        Self::typed(body.media_type, rejection.status, headers, Body::from(body.bytes))
    }

    /// Creates a response with a media type, unless the headers contain another one.
    fn typed(media_type: &str, status: u16, headers: HeaderMap, body: Body) -> Self {
        let mut response = response(status, headers, body);
        // A range such as `image/*` is not the media type of a body.
        if let Ok(value) = HeaderValue::try_from(media_type)
            && !media_type.contains('*')
        {
            response.headers_mut().entry(CONTENT_TYPE).or_insert(value);
        }
        Self(response)
    }
}

/// For routes outside of the OpenAPI document: problem details (RFC 9457).
impl IntoResponse for Rejection {
    fn into_response(self) -> axum::response::Response {
        Reply::plain(&self, RejectionBody::problem_details(&self)).0
    }
}

fn response(status: u16, headers: HeaderMap, body: Body) -> axum::response::Response {
    let mut response = axum::response::Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}
