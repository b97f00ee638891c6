//! The summary at `/`, for programs that do not show pages.

use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::Method;

use super::unknown_operation;

/// Describes the intake. It shows nothing of what the intake has, so it needs no credentials.
pub(in crate::http) async fn index(method: Method) -> Response {
    match method {
        Method::GET | Method::HEAD => SUMMARY.into_response(),
        _ => unknown_operation().await.into_response(),
    }
}

const SUMMARY: &str = concat!(
    "datadog-ci-intake ",
    env!("CARGO_PKG_VERSION"),
    ": Datadog's CI Visibility Pipelines API on this machine. Events stay here.\n\n",
    "Set DD_URL to this address, and DD_API_KEY and DD_APP_KEY, and any client works with it:\n",
    "  POST /api/v2/ci/pipeline                       sends events\n",
    "  GET  /api/v2/ci/pipelines/events               lists events\n",
    "  POST /api/v2/ci/pipelines/events/search        searches events\n",
    "  POST /api/v2/ci/pipelines/analytics/aggregate  aggregates events\n\n",
    "For people and tests:\n",
    "  GET  /_intake                                  its state, limits and other operations\n",
    "  GET  /_intake/events                           all events\n",
);
