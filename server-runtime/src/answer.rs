//! What handlers get beside the typed request, and what they return.

use axum::body::Body;
use axum::response::{IntoResponse, Response as HttpResponse};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use specwright_model::style::Headers;

use crate::refusal::{Rejection, insert};
use crate::refusal_body::RejectionBody;

/// What a handler gets beside the typed request.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request without its body: method, address, headers, extensions.
    pub parts: http::request::Parts,
}

/// What a handler answers with.
#[derive(Clone, Debug, PartialEq)]
pub struct Response<T> {
    /// The body.
    pub body: T,
    /// Further headers. A `Content-Type` here replaces the usual `application/json`.
    pub headers: HeaderMap,
}

impl<T> Response<T> {
    /// An answer without further headers.
    #[must_use]
    pub fn new(body: T) -> Self {
        Self { body, headers: HeaderMap::new() }
    }

    /// Adds a header. What no header can carry is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        insert(&mut self.headers, name, value.as_ref());
        self
    }

    /// Adds typed headers, as the description has them for the operation.
    #[must_use]
    pub fn with_headers(mut self, headers: impl Into<Headers>) -> Self {
        self.headers.extend(HeaderMap::from(headers.into()));
        self
    }
}

impl<T> From<T> for Response<T> {
    fn from(body: T) -> Self {
        Self::new(body)
    }
}

/// An answer as it is sent.
#[derive(Debug)]
pub struct Reply(pub(crate) HttpResponse);

impl Reply {
    /// An answer with a JSON body.
    pub fn json(status: u16, headers: HeaderMap, body: &impl Serialize) -> Self {
        Self::json_as("application/json", status, headers, body)
    }

    /// An answer with a JSON body of a media type of its own.
    pub fn json_as(
        media_type: &'static str,
        status: u16,
        headers: HeaderMap,
        body: &impl Serialize,
    ) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::typed(media_type, status, headers, Body::from(bytes)),
            // A map with keys that are no texts: the fault of the server, not of the request.
            Err(error) => {
                let refusal = Rejection::new(500, format!("no answer: {error}"));
                Self::plain(&refusal, RejectionBody::problem_details(&refusal))
            }
        }
    }

    /// An answer with a text.
    pub fn text(media_type: &'static str, status: u16, headers: HeaderMap, body: String) -> Self {
        Self::typed(media_type, status, headers, Body::from(body))
    }

    /// An answer with a body of a media type, unless the headers have another one.
    pub(crate) fn typed(media_type: &str, status: u16, headers: HeaderMap, body: Body) -> Self {
        let mut response = response(status, headers, body);
        // A range is not what anything is.
        if let Ok(value) = HeaderValue::try_from(media_type)
            && !media_type.contains('*')
        {
            response.headers_mut().entry(CONTENT_TYPE).or_insert(value);
        }
        Self(response)
    }

    /// An answer without a body.
    pub fn empty(status: u16, headers: HeaderMap) -> Self {
        Self(response(status, headers, Body::empty()))
    }

    /// A refusal with the body that the description has for it.
    pub fn rejection(media_type: &'static str, refusal: &Rejection, body: &impl Serialize) -> Self {
        Self::json_as(media_type, refusal.status, refusal.headers.clone(), body)
    }

    /// A refusal for which the description has no body.
    pub fn plain(refusal: &Rejection, body: RejectionBody) -> Self {
        let headers = refusal.headers.clone();
        Self::typed(body.media_type, refusal.status, headers, Body::from(body.bytes))
    }
}

/// For routes that no description has: problem details (RFC 9457).
impl IntoResponse for Rejection {
    fn into_response(self) -> HttpResponse {
        Reply::plain(&self, RejectionBody::problem_details(&self)).0
    }
}

fn response(status: u16, headers: HeaderMap, body: Body) -> HttpResponse {
    let mut response = HttpResponse::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}
