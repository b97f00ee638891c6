//! Who may see the pages, and what a page may do in the browser.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use specwright_server::axum::extract::{self, Request};
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::header::{
    ACCEPT, AUTHORIZATION, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, WWW_AUTHENTICATE,
};
use specwright_server::http::{HeaderMap, Method, StatusCode};

use crate::http::State;
use crate::http::control::index;

/// The headers of every page and file. Nothing is loaded from, sent to or shown on another site, and
/// no style or script is part of a page.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
         img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types page",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Requires a password if the intake requires credentials: the application key, or the API key if
/// only that is required. The user name is ignored.
pub(in crate::http::pages) async fn require_password(
    extract::State(state): extract::State<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    if state.accepts_password(password(request.headers()).as_deref()) {
        return next.run(request).await;
    }
    let challenge = "Basic realm=\"The application key of this intake is the password\"";
    let hint = "The password is the application key that this intake requires, or the API key.";
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)], hint).into_response()
}

/// Responds to `/` with a summary of the intake, unless the client shows HTML.
pub(in crate::http::pages) async fn describe_to_programs(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    let shows_html = accepted.windows(9).any(|part| part == b"text/html");
    let is_page = shows_html && [Method::GET, Method::HEAD].contains(request.method());
    match request.uri().path() {
        "/" if !is_page => index(request.method().clone()).await,
        _ => next.run(request).await,
    }
}

/// Returns the password of `Authorization: Basic`.
fn password(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let (_, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| password.to_owned())
}

/// Adds the headers that restrict what a page may do. Sends no page or file that the browser has.
pub(in crate::http::pages) async fn add_headers(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if known.is_some() && response.headers().get(ETAG) == known.as_ref() {
        response = StatusCode::NOT_MODIFIED.into_response();
    }
    for (name, value) in HEADERS {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        response.headers_mut().insert(name, value);
    }
    response
}
