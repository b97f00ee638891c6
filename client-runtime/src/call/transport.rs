//! Sends requests and reads responses. Nothing here is generic over models, so this code is compiled
//! once, not per operation.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName,
    HeaderValue,
};

use crate::call::chunks::{collect, with_timeout};
use crate::call::raw_response::{Hidden, RawResponse, Reconnect, Rest, Sent};
use crate::call::request::Request;
use crate::call::spans::Span;
use crate::encode::body::Body;
use crate::outcome::error::{CallError, ConfigError, TransportError};
use crate::outcome::rate_limit_headers::RateLimitHeaders;
use crate::outcome::response::Meta;
use crate::resilience::retry::{Attempts, FailureKind, RetryPolicy};
use crate::setup::config::{Config, Connection};
use crate::setup::connection::HttpOptions;
use crate::setup::credentials::Credentials;
use crate::setup::hooks::{Attempt, AttemptOutcome, ResponseSummary};
use crate::setup::redaction::Redactor;
use crate::setup::server::Addresses;
use crate::setup::settings::Settings;
use specwright_model::media_type as media;
use specwright_model::style::Headers;
use specwright_model::validate::ValidationError;

/// The headers in which APIs return a request id, the most likely first.
static REQUEST_ID_HEADERS: [HeaderName; 4] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("x-datadog-trace-id"),
];

/// The configured connection of a client to an API. Clones share it.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    http: reqwest::Client,
    /// To open separate connections for background tasks.
    options: HttpOptions,
    user_agent: &'static str,
    addresses: Addresses,
    credentials: Credentials,
    redactor: Arc<Redactor>,
    settings: Settings,
}

impl Config {
    /// Builds the transport.
    ///
    /// # Errors
    /// Returns an error that lists all problems of the configuration.
    pub fn build(self) -> Result<Transport, ConfigError> {
        let Connection { http, options, user_agent, addresses, credentials, settings } =
            self.resolve()?;
        let redactor = Arc::new(credentials.redactor());
        Ok(Transport(Arc::new(Shared {
            http,
            options,
            user_agent,
            addresses,
            credentials,
            redactor,
            settings,
        })))
    }
}

impl Transport {
    /// Sends a request, with retries according to the policy of the client, and reads the response.
    ///
    /// Returns the response whatever its status. If the body of a success is left open, this returns
    /// after the headers.
    pub async fn execute(&self, mut request: Request) -> Result<RawResponse, CallError> {
        if !request.can_be_sent() {
            let message = "has a stream body that was already consumed";
            return Err(CallError::Validation(ValidationError::new("", message)));
        }
        if let (Some(compression), Some(body)) = (self.0.settings.compression, &request.body) {
            request.compressed = compression.apply(body);
        }
        let span = Span::call(request.operation);
        let mut response = span.around(self.send(&request, &span)).await?;
        if let Some(rest) = &mut response.rest {
            let repeated = Repeated { transport: self.clone(), request };
            if repeated.request.can_be_repeated() {
                rest.reconnect = Some(Box::new(repeated));
            }
        }
        Ok(response)
    }

    /// Makes attempts until one succeeds or the policy allows no more.
    async fn send(&self, request: &Request, span: &Span) -> Result<RawResponse, CallError> {
        let settings = &self.0.settings;
        let mut attempts = Attempts::new(&settings.retry);
        let mut wait = Duration::ZERO;
        let mut before = None;
        let background = request.background.as_deref();
        let build = || self.0.options.build(self.0.user_agent).ok();
        let http = background.and_then(|task| task.http(build)).unwrap_or(&self.0.http);
        loop {
            let attempt = request.attempt(attempts.made());
            if let Some(limiter) = &settings.limiter {
                wait += limiter.admit(attempt.operation).await;
            }
            let time_left = attempts.time_left();
            let prepared = self.prepare(request, time_left)?;
            let attempt_span = Span::attempt(&attempt, wait);
            let start = Instant::now();
            let sending = self.attempt(http, prepared, &attempt, request.whole);
            let result = attempt_span.around(sending).await;
            let next_attempt_in = match failure(&result) {
                // Part of a stream body is already consumed; the rest would be a different body.
                Some(_) if request.once || !request.can_be_sent() => None,
                Some(failure) => attempts.again(failure, request.operation.repeatable),
                None => {
                    attempts.succeeded();
                    None
                }
            };
            let outcome = outcome(&result, start.elapsed(), next_attempt_in);
            attempt_span.end_attempt(&outcome);
            settings.hooks.response(&attempt, &outcome);
            if let Some(background) = background {
                background.note(shown_failure(&result));
            }
            let Some(next_attempt_in) = next_attempt_in else {
                let status = result.as_ref().ok().map(RawResponse::status);
                span.end_call(status, attempt.number);
                return result.map_err(|mut error| {
                    let timeout = request.timeout.unwrap_or(settings.timeout);
                    let was_shortened = time_left.is_some_and(|left| left < timeout);
                    if attempts.is_out_of_time() || (was_shortened && error.is_timeout()) {
                        error.out_of_time(attempts.deadline(), before);
                    }
                    CallError::Transport(error)
                });
            };
            before = Some(match &result {
                Ok(response) => format!("status {}", response.status()),
                Err(error) => error.reason().to_string(),
            });
            wait = next_attempt_in;
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends a request once.
    async fn attempt(
        &self,
        http: &reqwest::Client,
        mut prepared: reqwest::Request,
        attempt: &Attempt<'_>,
        whole: Option<&'static [&'static str]>,
    ) -> Result<RawResponse, TransportError> {
        let Settings { limiter, hooks, size_limits, .. } = &self.0.settings;
        hooks.request(attempt);
        let start = Instant::now();
        let timeout = prepared.timeout().copied();
        let failed = |error| {
            let mut error = TransportError::from_reqwest(attempt.operation, attempt.number, error);
            // Otherwise, it is the connect or the read timeout.
            if let Some(timeout) = timeout.filter(|timeout| start.elapsed() >= *timeout) {
                error.exceeded(timeout);
            }
            error
        };
        // The timeout does not apply to a body that is read incrementally.
        let limit = whole.and_then(|_| prepared.timeout_mut().take());
        let head = http.execute(prepared);
        let mut response = match limit {
            None => head.await.map_err(failed)?,
            Some(limit) => {
                let head = async { head.await.map_err(failed) };
                with_timeout(attempt.operation, attempt.number, limit, limit, head).await?
            }
        };
        let redactor = &self.0.redactor;
        let mut rate_limit = RateLimitHeaders::new(response.headers());
        rate_limit.name = rate_limit.name.map(|name| redactor.redact_owned(name));
        let meta = Meta {
            operation: attempt.operation,
            status: response.status().as_u16(),
            request_id: request_id(response.headers()).map(|id| redactor.redact_owned(id)),
            rate_limit,
            headers: Headers::from(std::mem::take(response.headers_mut())),
            attempts: attempt.number,
        };
        if let Some(limiter) = limiter {
            limiter.learn(attempt.operation, meta.status, &meta.rate_limit);
        }
        let mut raw = RawResponse {
            hidden: Hidden::default(),
            operation: attempt.operation,
            meta,
            body: Bytes::new(),
            max_size: match response.status().is_success() {
                true => size_limits.response,
                false => size_limits.error,
            },
            is_cut: false,
            rest: None,
            redactor: Arc::clone(&self.0.redactor),
        };
        let is_whole = whole.is_none_or(|whole| match raw.content_type() {
            None => !whole.is_empty(),
            sent => media::choose(sent, whole).is_some(),
        });
        if !is_whole && response.status().is_success() {
            let length = response.content_length();
            let body = response.into();
            let max_pause = self.0.options.max_pause();
            raw.rest = Some(Box::new(Rest { body, length, max_pause, reconnect: None }));
            return Ok(raw);
        }
        let collecting = async { collect(&mut response, raw.max_size).await.map_err(failed) };
        let collected = match limit {
            None => collecting.await?,
            Some(limit) => {
                let left = limit.saturating_sub(start.elapsed());
                with_timeout(attempt.operation, attempt.number, limit, left, collecting).await?
            }
        };
        (raw.body, raw.is_cut) = (collected.bytes, collected.is_cut);
        Ok(raw)
    }

    /// Builds the HTTP request. The timeout of a retry is limited to the time that is left.
    fn prepare(
        &self,
        request: &Request,
        time_left: Option<Duration>,
    ) -> Result<reqwest::Request, CallError> {
        let operation = request.operation;
        let shared = &self.0;
        let mut url = shared.addresses.get(request.server).map_err(CallError::Config)?.clone();
        url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), request.path));
        if !request.query.is_empty() {
            url.set_query(Some(&request.query.join("&")));
        }
        let mut headers = HeaderMap::new();
        headers
            .insert(ACCEPT, HeaderValue::from_static(request.accept.unwrap_or("application/json")));
        if let Some(body) = &request.body {
            let media_type = HeaderValue::try_from(&*body.media_type).map_err(|_| {
                let message =
                    format!("{}: the media type is not a valid header value", operation.id);
                CallError::Config(ConfigError::new(message))
            })?;
            headers.insert(CONTENT_TYPE, media_type);
        }
        let body = match &request.compressed {
            Some((encoding, body)) => {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
                Some(body.clone().into())
            }
            None => request.body.as_ref().map(Body::send),
        };
        // Servers may reject such a request without a length (RFC 9110, section 8.6).
        if body.is_none() && matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH") {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in &request.headers {
            let invalid = |reason: &str| {
                CallError::Config(ConfigError::new(format!("{}: `{name}` {reason}", operation.id)))
            };
            let header =
                HeaderName::try_from(*name).map_err(|_| invalid("is not a valid header name"))?;
            let mut value =
                HeaderValue::try_from(value).map_err(|_| invalid("has an invalid header value"))?;
            value.set_sensitive(request.secret_headers.contains(name));
            headers.append(header, value);
        }
        if let Ok(cookies) = HeaderValue::try_from(request.cookies.join("; "))
            && !cookies.is_empty()
        {
            headers.append(COOKIE, cookies);
        }
        let credentials = &shared.credentials;
        let chosen = credentials.choose(operation.id, operation.security);
        credentials.apply(chosen.map_err(CallError::Config)?, &mut url, &mut headers);
        let method = reqwest::Method::from_bytes(operation.method.as_str().as_bytes());
        let method = method.map_err(|_| {
            let message = format!("{}: `{}` is not a method", operation.id, operation.method);
            CallError::Config(ConfigError::new(message))
        })?;
        let mut prepared = reqwest::Request::new(method, url);
        *prepared.headers_mut() = headers;
        let timeout = request.timeout.unwrap_or(shared.settings.timeout);
        *prepared.timeout_mut() = Some(time_left.map_or(timeout, |left| left.min(timeout)));
        *prepared.body_mut() = body;
        Ok(prepared)
    }
}

/// Returns why an attempt failed, if it did.
fn failure(result: &Result<RawResponse, TransportError>) -> Option<FailureKind<'_>> {
    match result {
        // An interim response is the result of an operation that switches protocols.
        Ok(response) if (100..400).contains(&response.status()) => None,
        Ok(response) => Some(FailureKind::Status(response.status(), &response.meta.rate_limit)),
        Err(error) => Some(FailureKind::from_error(error)),
    }
}

/// Returns the failure of an attempt in words, if it failed.
fn shown_failure(result: &Result<RawResponse, TransportError>) -> Option<String> {
    failure(result)?;
    Some(match result {
        Ok(response) => format!("{} returned {}", response.operation, response.status()),
        Err(error) => error.to_string(),
    })
}

/// The request of a stream. It is sent again to continue the stream.
struct Repeated {
    transport: Transport,
    request: Request,
}

impl Reconnect for Repeated {
    fn policy(&self) -> &RetryPolicy {
        &self.transport.0.settings.retry
    }

    fn is_repeatable(&self) -> bool {
        self.request.operation.repeatable && !self.request.once
    }

    fn send(&self, delay: Duration, last_event_id: Option<&str>) -> Option<Sent> {
        let mut request = self.request.again()?;
        if let Some(id) = last_event_id {
            request.headers.push(("Last-Event-ID", id.to_owned()));
        }
        let transport = self.transport.clone();
        Some(Box::pin(async move {
            tokio::time::sleep(delay).await;
            transport.execute(request).await
        }))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.0.addresses.shown())
            .field("credentials", &self.0.credentials)
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

/// Returns the outcome of an attempt, as it is passed to hooks.
fn outcome(
    result: &Result<RawResponse, TransportError>,
    elapsed: Duration,
    next_attempt_in: Option<Duration>,
) -> AttemptOutcome<'_> {
    let result = result.as_ref().map(|response| ResponseSummary {
        status: response.meta.status,
        request_id: response.meta.request_id.as_deref(),
        rate_limit: &response.meta.rate_limit,
        bytes: response.body.len(),
    });
    AttemptOutcome { elapsed, result, next_attempt_in }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(name))?;
    value.to_str().ok().map(str::to_owned)
}
