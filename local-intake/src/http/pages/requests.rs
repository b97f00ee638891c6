//! *Requests*: what clients have sent, and why it was rejected.

use std::sync::Arc;

use askama::Template;
use specwright_server::axum::extract;
use specwright_server::axum::response::{Html, IntoResponse, Response};
use specwright_server::http::{StatusCode, Uri};

use super::frame::{Address, Frame, Section};
use super::show::{Time, duration};
use crate::http::request_log::{BODIES, BodyStart, NumberedRequest};
use crate::http::{RecordedRequest, State};

/// The number of requests of a page.
const PAGE: usize = 50;
/// The maximum length of a body that is shown with indentation, in bytes.
const MAX_PRETTY: usize = 128 * 1024;

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage {
    frame: Frame,
    /// Which requests to show: link, name, and whether it is chosen.
    choices: Vec<(String, &'static str, bool)>,
    rows: Vec<Row>,
    older: Option<String>,
    kept_bodies: usize,
}

struct Row {
    number: u64,
    status: String,
    class: &'static str,
    method: String,
    target: String,
    time: Time,
    duration: String,
    client: String,
    problems: Vec<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
    /// Why there is no body.
    no_body: String,
}

/// `GET /requests`
pub(super) async fn page(extract::State(state): extract::State<Arc<State>>, uri: Uri) -> Response {
    let address = Address::new("/requests", uri.query());
    let rejected_only = address.get("status") == Some("rejected");
    let before = address.get("before").and_then(|before| before.parse().ok());
    let is_shown = |request: &RecordedRequest| {
        !rejected_only || request.status.is_none_or(|status| status >= 400)
    };
    let (requests, next) = state.requests.before(before, PAGE, is_shown);
    let choice = |name, value| {
        let link = address.with("status", value).with("before", "").link();
        (link, name, rejected_only != value.is_empty())
    };
    let page = RequestsPage {
        frame: Frame::new("Requests", Section::Requests, &address),
        choices: vec![choice("all", ""), choice("rejected", "rejected")],
        rows: requests.into_iter().map(Row::new).collect(),
        older: next.map(|next| address.with("before", &next.to_string()).link()),
        kept_bodies: BODIES,
    };
    match page.render() {
        Ok(html) => ([("cache-control", "no-store")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot render a page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Row {
    fn new(NumberedRequest { number, request, body }: NumberedRequest) -> Self {
        let header = |name: &str| {
            let found = request.headers.iter().find(|(other, _)| other == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let was_announced = !matches!(header("content-length").as_str(), "" | "0")
            || !header("transfer-encoding").is_empty();
        let (encoding, media_type) = (header("content-encoding"), header("content-type"));
        let (shown, no_body) = body_of(body, was_announced, &encoding, &media_type);
        Self {
            number,
            status: match request.status {
                Some(status) => status.to_string(),
                None => "connection closed".to_owned(),
            },
            class: match request.status {
                Some(200..=299) => "success",
                _ => "error",
            },
            time: Time(request.received),
            duration: duration(request.duration as f64),
            client: header("user-agent").chars().take(200).collect(),
            body: shown,
            no_body,
            method: request.method,
            target: request.target,
            problems: request.problems,
            headers: request.headers,
        }
    }
}

/// Returns the start of a body as it is shown, or why it is not.
fn body_of(
    body: Option<BodyStart>,
    was_announced: bool,
    encoding: &str,
    media_type: &str,
) -> (Option<String>, String) {
    let Some(body) = body else { return (None, "The body is no longer kept.".to_owned()) };
    if body.length == 0 {
        let reason = match was_announced {
            true => "The body was not read.",
            false => "The request has no body.",
        };
        return (None, reason.to_owned());
    }
    if !encoding.is_empty() && encoding != "identity" {
        return (None, format!("{} bytes, compressed with {encoding}.", body.length));
    }
    let Ok(string) = std::str::from_utf8(body.valid()) else {
        return (None, format!("{} bytes of {media_type} that are not UTF-8.", body.length));
    };
    let pretty = serde_json::from_str::<serde_json::Value>(string).ok();
    let pretty = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok());
    // Deep nesting makes it much longer.
    let pretty = pretty.filter(|pretty| pretty.len() <= MAX_PRETTY);
    let mut shown = pretty.unwrap_or_else(|| string.to_owned());
    if body.length > string.len() as u64 {
        shown.push_str(&format!("… ({} bytes)", body.length));
    }
    (Some(shown), String::new())
}
