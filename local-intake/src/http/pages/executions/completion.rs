//! Names and values for the search field: `GET /_intake/names` and `GET /_intake/values`.

use std::sync::Arc;

use serde_json::{Value, json};
use specwright_server::axum::Json;
use specwright_server::axum::extract;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::{StatusCode, Uri};

use crate::common::IntakeError;
use crate::event::Level;
use crate::http::State;
use crate::http::pages::frame::{Address, Filter};
use crate::operations::{Aggregated, FacetRequest};

/// The maximum number of completions.
const COMPLETIONS: usize = 20;
/// The maximum number of values of a facet that are searched for a string.
const SEARCHED: usize = 5000;
/// The maximum number of facets of a request, because all values of each are counted at once.
const MAX_FACETS: usize = 20;

/// `GET /_intake/names?contains=ci.&level=…&from=…&to=…`: the names of attributes (with `@`) and tags that
/// contain a string, of the events of a level.
pub(in crate::http::pages) async fn names(
    extract::State(state): extract::State<Arc<State>>,
    uri: Uri,
) -> Response {
    let address = Address::new("/_intake/names", uri.query());
    let filter = Filter::new(&address.with("query", ""), Level::Pipeline).to_api();
    let contained = address.get("contains").unwrap_or_default().to_owned();
    let names = state
        .intake
        .process(move |intake, work| intake.names(&filter, &contained, COMPLETIONS, work));
    let names = names.await.map(|names| names.map(|names| json!({ "data": names })));
    respond(names)
}

/// `GET /_intake/values?name=@ci.status&contains=…&query=…&from=…&to=…&level=…`: the most frequent values
/// of a facet that contain a string, in any case, with their numbers of events.
pub(in crate::http::pages) async fn values(
    extract::State(state): extract::State<Arc<State>>,
    uri: Uri,
) -> Response {
    let address = Address::new("/_intake/values", uri.query());
    let filter = Filter::new(&address, Level::Pipeline);
    if let Some((_, rest, reason)) = filter.syntax_error() {
        let problem = format!("the query has a syntax error before `{rest}`: {reason}");
        return (StatusCode::BAD_REQUEST, Json(json!({ "errors": [problem] }))).into_response();
    }
    let filter = filter.to_api();
    let names: Vec<String> = address.all("name").map(str::to_owned).collect();
    if names.len() > MAX_FACETS {
        let problem = format!("more than {MAX_FACETS} names");
        return (StatusCode::BAD_REQUEST, Json(json!({ "errors": [problem] }))).into_response();
    }
    let contained = address.get("contains").unwrap_or_default().to_lowercase();
    let limit = if contained.is_empty() { COMPLETIONS } else { SEARCHED };
    let counted = state.intake.process(move |intake, work| {
        let facets = FacetRequest { filter: &filter, names: &names, limit };
        intake.aggregate_all(&[], Some(&facets), work)
    });
    let counted = counted.await.map(|counted| {
        counted.map(|Aggregated { facets, events, .. }| {
            let facets = facets.into_iter().map(|facet| {
                let values = facet.values.into_iter();
                let values = values.filter(|(value, _)| shown(value).contains(&contained));
                let values = values
                    .take(COMPLETIONS)
                    .map(|(value, count)| json!({ "value": value, "count": count }));
                json!({ "name": facet.name, "values": values.collect::<Vec<_>>() })
            });
            json!({ "data": facets.collect::<Vec<_>>(), "events": events })
        })
    });
    respond(counted)
}

fn respond(result: Result<Result<Value, Vec<String>>, IntakeError>) -> Response {
    match result {
        Ok(Ok(found)) => Json(found).into_response(),
        Ok(Err(problems)) => {
            (StatusCode::BAD_REQUEST, Json(json!({ "errors": problems }))).into_response()
        }
        Err(error) => {
            tracing::error!(error = error.chain(), "cannot complete");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Returns a value as it is compared with what was entered.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}
