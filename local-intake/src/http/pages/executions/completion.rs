//! Names and values for the search field: `GET /_intake/names` and `GET /_intake/values`.

use std::sync::Arc;

use serde_json::{Value, json};
use specwright_server::axum::Json;
use specwright_server::axum::extract;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::{StatusCode, Uri};

use crate::event::Level;
use crate::http::State;
use crate::http::pages::frame::{Address, Filter};

/// The maximum number of completions.
const COMPLETIONS: usize = 20;
/// The maximum number of values of a facet that are searched for a string.
const SEARCHED: usize = 5000;
/// The maximum number of facets of a request, because all values of each are counted at once.
const MAX_FACETS: usize = 20;

/// `GET /_intake/names?contains=ci.`: the names of attributes (with `@`) and tags that contain a string.
pub(in crate::http::pages) async fn names(
    extract::State(state): extract::State<Arc<State>>,
    uri: Uri,
) -> Json<Value> {
    let address = Address::new("/_intake/names", uri.query());
    let contained = address.get("contains").unwrap_or_default();
    Json(json!({ "data": state.intake.store().names(contained, COMPLETIONS) }))
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
    let counted =
        state.intake.process(move |intake, work| intake.facets(&filter, &names, limit, work));
    match counted.await {
        Ok(Ok((facets, events))) => {
            let facets = facets.into_iter().map(|facet| {
                let values = facet.values.into_iter();
                let values = values.filter(|(value, _)| shown(value).contains(&contained));
                let values = values
                    .take(COMPLETIONS)
                    .map(|(value, count)| json!({ "value": value, "count": count }));
                json!({ "name": facet.name, "values": values.collect::<Vec<_>>() })
            });
            Json(json!({ "data": facets.collect::<Vec<_>>(), "events": events })).into_response()
        }
        Ok(Err(problems)) => {
            (StatusCode::BAD_REQUEST, Json(json!({ "errors": problems }))).into_response()
        }
        Err(error) => {
            tracing::error!(error = error.chain(), "cannot count values");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Returns a value as it is compared with what was entered.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}
