//! The API behind its generated trait.

use std::net::SocketAddr;
use std::sync::Arc;

use datadog_ci_pipelines::JsonObject;
use datadog_ci_pipelines::models::{
    AggregateResponse, ApiErrors, EventsPage, HttpError, HttpErrors, SendDataSingleOrArray,
    SendRequest,
};
use serde_json::{Map, Value};
use specwright_runtime::Checks;
use specwright_server::http::StatusCode;
use specwright_server::http::header::{CONTENT_TYPE, HOST};
use specwright_server::{Answer, Call, Keys, Operation, Problem, Refusal, RefusalBody};

use crate::event;
use crate::generated::Api;
use crate::generated::operations::{
    AggregatePipelineEvents, CreatePipelineEvent, ListPipelineEvents, SearchPipelineEvents,
};
use crate::intake::{Ask, Intake};
use crate::keys::Pinned;
use crate::problem;
use crate::store::Submission;

/// The content type of the answer to events that were sent.
const JSON_API: &str = "application/vnd.api+json";
/// The operation that takes an API key alone.
const SEND: &str = "CreateCIAppPipelineEvent";

/// The API of an intake.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) intake: Arc<Intake>,
    pub(crate) keys: Pinned,
    /// Whether events may have ended at any time, not only within the last 18 hours.
    pub(crate) any_age: bool,
    /// Where it listens, for those who do not say how they got here.
    pub(crate) address: SocketAddr,
}

impl Api for Service {
    fn authorize(&self, operation: &'static Operation, keys: &Keys) -> Result<(), Refusal> {
        if operation.is_satisfied_by(|scheme| self.keys.accept(scheme, keys.get(scheme))) {
            return Ok(());
        }
        let names: Vec<&str> = operation.schemes().iter().filter_map(|id| header(id)).collect();
        let is_missing = !operation.is_satisfied_by(|scheme| keys.get(scheme).is_some());
        // A reader without keys is told the same as one with wrong ones.
        let status = if is_missing && operation.id == SEND { 401 } else { 403 };
        let reason = if is_missing { "needs" } else { "was sent with keys that are not those of" };
        Err(Refusal::new(status, format!("this request {reason} {}", names.join(" and "))))
    }

    fn describe(&self, refusal: &Refusal) -> RefusalBody {
        problem::body(refusal)
    }

    fn http_errors(&self, refusal: &Refusal) -> HttpErrors {
        http_errors(refusal)
    }

    fn api_errors(&self, refusal: &Refusal) -> ApiErrors {
        api_errors(refusal)
    }

    fn check_create_pipeline_event(&self, body: &SendRequest, checks: &mut Checks) {
        let now = (!self.any_age).then(|| self.intake.clock.now());
        event::check(body, now, checks);
    }

    async fn create_pipeline_event(
        &self,
        request: CreatePipelineEvent,
        _: Call,
    ) -> Result<Answer<JsonObject>, Refusal> {
        keep(&self.intake, request.body).await?;
        let body = JsonObject::from_value(&Map::from_iter([("data".to_owned(), Value::Null)]));
        Ok(Answer::new(body.map_err(unreadable)?).header(CONTENT_TYPE.as_str(), JSON_API))
    }

    async fn list_pipeline_events(
        &self,
        request: ListPipelineEvents,
        call: Call,
    ) -> Result<Answer<EventsPage>, Refusal> {
        let ListPipelineEvents { query, from, to, sort, cursor, limit } = request;
        let limit_name = "page[limit]";
        let ask = Ask { query, from, to, sort, cursor, limit, limit_name, options: None };
        self.list(ask, &call).await
    }

    async fn search_pipeline_events(
        &self,
        request: SearchPipelineEvents,
        call: Call,
    ) -> Result<Answer<EventsPage>, Refusal> {
        self.list(request.body.unwrap_or_default().into(), &call).await
    }

    async fn aggregate_pipeline_events(
        &self,
        request: AggregatePipelineEvents,
        _: Call,
    ) -> Result<Answer<AggregateResponse>, Refusal> {
        let intake = Arc::clone(&self.intake);
        apart(move || intake.aggregate(&request.body)).await
    }
}

impl Service {
    async fn list(&self, ask: Ask, call: &Call) -> Result<Answer<EventsPage>, Refusal> {
        let host = call.parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let base = match host {
            Some(host) => format!("http://{host}"),
            None => format!("http://{}", self.address),
        };
        let intake = Arc::clone(&self.intake);
        apart(move || intake.list(&ask, &base)).await
    }
}

/// Does what may take long on another thread, so that others are answered meanwhile.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Vec<String>> + Send + 'static,
) -> Result<Answer<T>, Refusal> {
    let problem = |message| Problem { place: String::new(), message };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result
            .map(Answer::new)
            .map_err(|problems| Refusal::of(400, problems.into_iter().map(problem).collect())),
        Err(error) => {
            tracing::error!(%error, "a request could not be carried out");
            Err(Refusal::new(500, "the request could not be carried out"))
        }
    }
}

/// Takes in the events of a request that has been checked, and says how many they were.
pub(crate) async fn keep(intake: &Intake, request: SendRequest) -> Result<usize, Refusal> {
    let events = submissions(request).map_err(unreadable)?;
    let count = events.len();
    intake.accept(events).await.map_err(|error| {
        tracing::error!(%error, "events could not be kept");
        Refusal::new(503, format!("the events could not be kept: {error}"))
    })?;
    Ok(count)
}

fn submissions(request: SendRequest) -> Result<Vec<Submission>, serde_json::Error> {
    let events = match request.data {
        Some(SendDataSingleOrArray::Single(event)) => vec![event],
        Some(SendDataSingleOrArray::Array(events)) => events,
        Some(SendDataSingleOrArray::Unknown(_)) | None => Vec::new(),
    };
    let attributes = events.iter().filter_map(|event| event.attributes.as_ref());
    attributes.map(|attributes| serde_json::to_string(attributes).map(Submission::of)).collect()
}

fn unreadable(error: serde_json::Error) -> Refusal {
    Refusal::new(400, format!("the body cannot be read: {error}"))
}

/// The header of a security scheme.
fn header(scheme: &str) -> Option<&'static str> {
    match scheme {
        "apiKeyAuth" => Some("DD-API-KEY"),
        "appKeyAuth" => Some("DD-APPLICATION-KEY"),
        _ => None,
    }
}

/// The body of a refusal to take events.
pub(crate) fn http_errors(refusal: &Refusal) -> HttpErrors {
    let title = StatusCode::from_u16(refusal.status).ok();
    let title = title.and_then(|status| status.canonical_reason()).unwrap_or("Error");
    let error = |problem: &Problem| HttpError {
        detail: Some(problem.to_string()),
        status: Some(refusal.status.to_string()),
        title: Some(title.to_owned()),
        ..HttpError::default()
    };
    HttpErrors {
        errors: Some(refusal.problems.iter().map(error).collect()),
        ..HttpErrors::default()
    }
}

/// The body of a refusal to read events.
pub(crate) fn api_errors(refusal: &Refusal) -> ApiErrors {
    ApiErrors {
        errors: refusal.problems.iter().map(ToString::to_string).collect(),
        additional_properties: Default::default(),
    }
}
