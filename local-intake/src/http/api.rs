//! The operations of the API: the implementation of the generated trait.

use std::net::SocketAddr;
use std::sync::Arc;

use datadog_ci_pipelines::JsonObject;
use datadog_ci_pipelines::models::{
    AggregateResponse, ApiErrors, EventsPage, HttpErrors, SendRequest,
};
use serde_json::{Map, Value};
use specwright_runtime::Validator;
use specwright_server::http::header::{CONTENT_TYPE, HOST};
use specwright_server::{
    Call, Credentials, Operation, Problem, Rejection, RejectionBody, Response, ValidationError,
};

use super::access::RequiredCredentials;
use super::errors;
use super::insert::insert;
use super::sending::Memory;
use crate::common::{Granted, Work};
use crate::event::check_request;
use crate::generated::Api;
use crate::generated::operations::{
    AggregatePipelineEvents, AggregatePipelineEventsError, CreatePipelineEvent,
    CreatePipelineEventError, ListPipelineEvents, ListPipelineEventsError, SearchPipelineEvents,
    SearchPipelineEventsError,
};
use crate::operations::{Intake, ListRequest};

/// The content type of the response to sent events.
const JSON_API: &str = "application/vnd.api+json";
/// The operation that only requires an API key.
const SEND_OPERATION: &str = "CreateCIAppPipelineEvent";

/// The API of an intake.
#[derive(Debug)]
pub(crate) struct ApiService {
    pub(crate) intake: Arc<Intake>,
    pub(crate) credentials: RequiredCredentials,
    /// Whether events of any age are accepted, not only those of the last 18 hours.
    pub(crate) accept_any_age: bool,
    /// The local address, for requests without a `Host` header.
    pub(crate) address: SocketAddr,
}

impl Api for ApiService {
    fn authorize(
        &self,
        operation: &'static Operation,
        sent: &Credentials,
    ) -> Result<(), Rejection> {
        if operation.is_satisfied_by(|scheme| self.credentials.accept(scheme, sent.get(scheme))) {
            return Ok(());
        }
        let names: Vec<&str> = operation.schemes().iter().filter_map(|id| header(id)).collect();
        let names = names.join(" and ");
        let is_missing = !operation.is_satisfied_by(|scheme| sent.get(scheme).is_some());
        // The operations that read return 403 for missing and for wrong credentials.
        let status = if is_missing && operation.id == SEND_OPERATION { 401 } else { 403 };
        Err(Rejection::new(
            status,
            match is_missing {
                true => format!("this request requires {names}"),
                false => format!("the credentials in {names} are not accepted"),
            },
        ))
    }

    fn describe(&self, rejection: &Rejection) -> RejectionBody {
        errors::default_body(rejection)
    }

    fn http_errors(&self, rejection: &Rejection) -> Result<HttpErrors, ValidationError> {
        Ok(errors::http_errors(rejection))
    }

    fn api_errors(&self, rejection: &Rejection) -> Result<ApiErrors, ValidationError> {
        errors::api_errors(rejection)
    }

    fn check_create_pipeline_event(&self, body: &SendRequest, checks: &mut Validator) {
        let now = (!self.accept_any_age).then(|| self.intake.clock.now());
        check_request(body, now, checks);
    }

    async fn create_pipeline_event(
        &self,
        request: CreatePipelineEvent,
        _: Call,
    ) -> Result<Response<JsonObject>, CreatePipelineEventError> {
        insert(&self.intake, request.body).await?;
        let body = JsonObject::from_value(&Map::from_iter([("data".to_owned(), Value::Null)]));
        let body = body.map_err(|error| Rejection::new(500, error.to_string()))?;
        Ok(Response::new(body).header(CONTENT_TYPE.as_str(), JSON_API))
    }

    async fn list_pipeline_events(
        &self,
        request: ListPipelineEvents,
        call: Call,
    ) -> Result<Response<EventsPage>, ListPipelineEventsError> {
        let ListPipelineEvents { query, from, to, sort, cursor, limit } = request;
        let limit_name = "page[limit]";
        let request =
            ListRequest { query, from, to, sort, cursor, limit, limit_name, options: None };
        Ok(self.list(request, &call).await?)
    }

    async fn search_pipeline_events(
        &self,
        request: SearchPipelineEvents,
        call: Call,
    ) -> Result<Response<EventsPage>, SearchPipelineEventsError> {
        Ok(self.list(request.body.unwrap_or_default().into(), &call).await?)
    }

    async fn aggregate_pipeline_events(
        &self,
        request: AggregatePipelineEvents,
        call: Call,
    ) -> Result<Response<AggregateResponse>, AggregatePipelineEventsError> {
        let aggregate = move |intake: &Intake, work: &Work| intake.aggregate(&request.body, work);
        Ok(self.process(&call, aggregate).await?)
    }
}

impl ApiService {
    async fn list(
        &self,
        request: ListRequest,
        call: &Call,
    ) -> Result<Response<EventsPage>, Rejection> {
        let host = call.parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let base = match host {
            Some(host) => format!("http://{host}"),
            None => format!("http://{}", self.address),
        };
        self.process(call, move |intake, work| intake.list(&request, &base, work)).await
    }

    /// Processes a query without delaying other requests.
    async fn process<T: Send + 'static>(
        &self,
        call: &Call,
        query: impl FnOnce(&Intake, &Work) -> Result<(T, Granted), Vec<String>> + Send + 'static,
    ) -> Result<Response<T>, Rejection> {
        let problem = |message| Problem { location: String::new(), message };
        match self.intake.process(query).await {
            Ok(Ok((response, granted))) => {
                if let Some(memory) = call.parts.extensions.get::<Memory>() {
                    memory.keep(granted);
                }
                Ok(Response::new(response))
            }
            Ok(Err(problems)) => {
                Err(Rejection::with_problems(400, problems.into_iter().map(problem).collect()))
            }
            Err(error) => {
                tracing::error!(error = error.chain(), "cannot process a request");
                Err(Rejection::new(500, "internal error"))
            }
        }
    }
}

/// Returns the header of a security scheme.
fn header(scheme: &str) -> Option<&'static str> {
    match scheme {
        "apiKeyAuth" => Some("DD-API-KEY"),
        "appKeyAuth" => Some("DD-APPLICATION-KEY"),
        _ => None,
    }
}
