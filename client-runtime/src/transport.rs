//! Sends a request and reads the whole answer. Nothing here is generic over
//! models, so a generated operation costs a client only its description.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::auth::Credentials;
use crate::error::{ApiError, ConfigError, DecodeError, Error, ErrorBody, Failure, TransportError};
use crate::json::offset_at;
use crate::rate_limit::RateLimit;
use crate::request::{Operation, Request};
use crate::response::{Meta, Response};
use crate::retry::{Failed, RetryPolicy, Tries};
use crate::union::locate;

/// The headers in which APIs name a request, the likeliest first.
const REQUEST_ID_HEADERS: [&str; 4] =
    ["x-request-id", "request-id", "x-correlation-id", "x-datadog-trace-id"];

/// How much of an error answer is shown, in characters.
const ERROR_EXCERPT: usize = 512;

/// How much of a body is shown around a place that cannot be read, in characters.
const DECODE_EXCERPT: usize = 240;

/// A configured connection to an API. Clones share it.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    http: reqwest::Client,
    base_url: Url,
    credentials: Credentials,
    timeout: Duration,
    retry: RetryPolicy,
}

impl Transport {
    pub(crate) fn new(
        base_url: Url,
        credentials: Credentials,
        timeout: Duration,
        retry: RetryPolicy,
        user_agent: &str,
    ) -> Result<Self, ConfigError> {
        install_crypto();
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            // A redirect to another host would carry the keys there.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                let error = TransportError::new("setting up HTTPS", 1, error);
                ConfigError::of(format!("no client can be built: {error}"))
            })?;
        Ok(Self(Arc::new(Shared { http, base_url, credentials, timeout, retry })))
    }

    /// Sends a request and reads its answer, whatever its status; again, as long as the policy
    /// of the client says so.
    pub async fn execute(&self, request: Request) -> Result<Answer, Failure> {
        let operation = request.operation;
        let mut tries = Tries::new(&self.0.retry);
        loop {
            let outcome = self.attempt(&request, tries.made()).await?;
            let failed = match &outcome {
                Ok(answer) if (200..400).contains(&answer.meta.status) => {
                    tries.succeeded();
                    return outcome.map_err(Failure::Transport);
                }
                Ok(answer) => Failed::With(answer.meta.status, &answer.meta.rate_limit),
                Err(error) if error.source.is_connect() => Failed::ToConnect,
                Err(error) if error.source.is_timeout() => Failed::InTime,
                Err(_) => Failed::Midway,
            };
            match tries.again(failed, operation.repeatable) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return outcome.map_err(Failure::Transport),
            }
        }
    }

    /// Sends a request once. What cannot be sent at all is the outer error.
    async fn attempt(
        &self,
        request: &Request,
        attempts: u32,
    ) -> Result<Result<Answer, TransportError>, Failure> {
        let operation = request.operation;
        let prepared = self.prepare(request)?;
        let failed = |error| TransportError::new(operation.id, attempts, error);
        let response = match self.0.http.execute(prepared).await {
            Ok(response) => response,
            Err(error) => return Ok(Err(failed(error))),
        };
        let meta = Meta {
            status: response.status().as_u16(),
            request_id: request_id(response.headers()),
            rate_limit: RateLimit::of(response.headers()),
            attempts,
        };
        let credentials = self.0.credentials.clone();
        let body = response.bytes().await;
        Ok(body.map_err(failed).map(|body| Answer { operation, meta, body, credentials }))
    }

    fn prepare(&self, request: &Request) -> Result<reqwest::Request, Failure> {
        let operation = request.operation;
        let shared = &self.0;
        let mut url = shared.base_url.clone();
        url.set_path(&format!("{}{}", shared.base_url.path().trim_end_matches('/'), request.path));
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if request.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &request.headers {
            let problem = |what: &str| {
                Failure::Config(ConfigError::of(format!("{}: `{name}` {what}", operation.id)))
            };
            let header =
                HeaderName::try_from(*name).map_err(|_| problem("is not a header name"))?;
            let value = HeaderValue::try_from(value)
                .map_err(|_| problem("has a value that no header can carry"))?;
            headers.append(header, value);
        }
        let keys =
            shared.credentials.choose(operation.id, operation.security).map_err(Failure::Config)?;
        for (scheme, secret) in keys {
            scheme.apply(secret, &mut url, &mut headers);
        }
        let mut prepared = reqwest::Request::new(operation.method.clone(), url);
        *prepared.headers_mut() = headers;
        *prepared.timeout_mut() = Some(request.timeout.unwrap_or(shared.timeout));
        // The bytes are shared, not copied.
        *prepared.body_mut() = request.body.clone().map(Into::into);
        Ok(prepared)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.0.base_url.as_str())
            .field("credentials", &self.0.credentials)
            .field("timeout", &self.0.timeout)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}

/// An answer that has come whole and is not yet decoded.
pub struct Answer {
    operation: &'static Operation,
    meta: Meta,
    body: Bytes,
    credentials: Credentials,
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
            Ok(body) => Ok(Response::new(body, self.meta)),
            Err(error) => {
                let (pointer, message) = locate(text, &error);
                let at = offset_at(text, error.line(), error.column());
                Err(self.unreadable(at, pointer, message))
            }
        }
    }

    /// A successful answer whose body, if any, has no meaning.
    pub fn empty(self) -> Response<()> {
        Response::new((), self.meta)
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
            operation: self.operation.id,
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
            operation: self.operation.id,
            status: self.meta.status,
            pointer: self.credentials.redact(&pointer),
            message: self.credentials.redact(&message),
            excerpt: shown.chars().skip(skipped).take(DECODE_EXCERPT).collect(),
            request_id: self.meta.request_id,
            rate_limit: self.meta.rate_limit,
            attempts: self.meta.attempts,
        }))
    }

    /// A part of the body as it may be shown: an API may quote a key that it refuses.
    fn shown(&self, part: &[u8]) -> String {
        self.credentials.redact(&String::from_utf8_lossy(part))
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
}

/// rustls wants one crypto provider for the whole process. A program that has installed
/// its own keeps it.
fn install_crypto() {
    #[cfg(feature = "rustls-ring")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have been quicker: then that one serves.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
