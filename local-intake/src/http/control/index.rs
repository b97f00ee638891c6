//! The response to those who open the address of an intake without pages.

use specwright_server::axum::Router;
use specwright_server::axum::routing::get;

/// Returns the route of `/`. It shows nothing of the intake, so it needs no credentials.
pub(crate) fn router() -> Router {
    Router::new().route("/", get(index))
}

/// Describes the intake to those who open its address.
async fn index() -> &'static str {
    concat!(
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
    )
}
