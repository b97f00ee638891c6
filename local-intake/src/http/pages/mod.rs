//! The pages for people: HTML at `/`, made on the server from what the API returns.
//!
//! A page asks for events and aggregations with the requests of the public API, in this process. Its
//! address has the whole state, so it can be shared, and the back button works. Without the script,
//! everything works but live updates.
//!
//! | module | responsibility |
//! |---|---|
//! | `frame` | what all pages share: addresses, layout, access, files, live updates |
//! | `show` | durations, times and charts |
//! | `source` | asking the API, and the events and buckets that it returns |
//! | `pipelines` | each pipeline with its failure rate and duration |
//! | `executions` | searching events, with facets and graphs |
//! | `execution` | one execution: waterfall, details and attempts |
//! | `intervals` | the time range, and the intervals of charts over time |
//! | `jobs` | the jobs that take the time of a pipeline |
//! | `requests` | what clients have sent, and why it was rejected |

mod execution;
mod executions;
mod frame;
mod intervals;
mod jobs;
mod pipelines;
mod requests;
mod show;
mod source;

use std::sync::Arc;

use specwright_server::axum::Router;
use specwright_server::axum::middleware::{from_fn, from_fn_with_state};
use specwright_server::axum::routing::get;

use crate::http::State;

/// Returns the routes of the pages.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/", get(pipelines::page))
        .route("/executions", get(executions::page))
        .route("/execution", get(execution::page))
        .route("/jobs", get(jobs::page))
        .route("/requests", get(requests::page))
        .route("/_intake/changes", get(frame::changes))
        .route("/_intake/names", get(executions::names))
        .route("/_intake/values", get(executions::values))
        .layer(from_fn_with_state(Arc::clone(&state), frame::require_password))
        .layer(from_fn(frame::describe_to_programs))
        .route("/assets/{name}", get(frame::asset))
        .layer(from_fn(frame::add_headers))
        .with_state(state)
}
