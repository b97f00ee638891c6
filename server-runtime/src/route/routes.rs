//! Finding the operation of a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use http::Method as HttpMethod;
use specwright_model::style::Method;

use super::operation::Handler;
use super::template::Template;
use crate::extract::{BodyLimiter, IncomingBody, Input, Scheme};
use crate::limits::Limits;
use crate::reject::{Rejection, RejectionBody};
use crate::respond::Reply;

/// The operations of an API, each with its path.
///
/// Paths are matched here and not by axum, which does not accept some that OpenAPI documents
/// have: `/{a}` next to `/{b}`, `/{a}-{b}`.
pub struct Routes<A> {
    api: Arc<A>,
    limiter: Arc<BodyLimiter>,
    schemes: &'static [Scheme],
    rejection_body: RejectionBodyOf<A>,
    routes: Vec<Route<A>>,
}

/// Returns the body of a rejection for which the OpenAPI document has none.
type RejectionBodyOf<A> = fn(&A, &Rejection) -> RejectionBody;

struct Route<A> {
    path: &'static str,
    template: Template,
    method: Method,
    run: fn(Arc<A>, Input) -> ResponseFuture,
}

type ResponseFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

impl<A: Send + Sync + 'static> Routes<A> {
    /// Creates routes without operations.
    pub fn new(
        api: Arc<A>,
        schemes: &'static [Scheme],
        limits: Limits,
        rejection_body: RejectionBodyOf<A>,
    ) -> Self {
        let limiter = Arc::new(BodyLimiter::new(limits));
        Self { api, limiter, schemes, rejection_body, routes: Vec::new() }
    }

    /// Adds an operation.
    #[must_use]
    pub fn with<H: Handler<A> + 'static>(mut self) -> Self {
        self.routes.push(Route {
            path: H::OPERATION.path,
            template: Template::new(H::OPERATION.path),
            method: H::OPERATION.method,
            run: |api, input| Box::pin(run::<A, H>(api, input)),
        });
        self
    }

    /// Returns the router. Requests that match no operation are rejected with 404 or 405.
    pub fn router(mut self) -> Router {
        self.routes.sort_by_key(|route| route.template.generality());
        let routes = Arc::new(self);
        Router::new().fallback(move |request: Request| routes.handle(request))
    }

    fn handle(&self, request: Request) -> ResponseFuture {
        let (parts, body) = request.into_parts();
        let mut body = IncomingBody::new(&parts.headers, body);
        let query = parts.uri.query().unwrap_or_default();
        let matches: Vec<_> = self
            .routes
            .iter()
            .filter_map(|route| Some((route, route.template.matches(parts.uri.path(), query)?)))
            .collect();
        let with_method = |method: &str| {
            let mut indices = (0..matches.len()).filter(|i| matches[*i].0.method == *method);
            let first = indices.clone().next();
            // Without any of them, the rejection lists the parameters of the first.
            indices.find(|i| matches[*i].0.template.has_parameters(query)).or(first)
        };
        let chosen = with_method(parts.method.as_str()).or_else(|| match parts.method {
            HttpMethod::HEAD => with_method("GET"),
            _ => None,
        });
        let rejection = match chosen.and_then(|index| matches.get(index)) {
            Some((route, path)) => {
                let (path, limiter) = (path.clone(), self.limiter.clone());
                let input = Input::new(parts, body, route.path, path, limiter, self.schemes);
                return (route.run)(self.api.clone(), input);
            }
            None if matches.is_empty() => Rejection::new(404, "no route matches this path"),
            None => {
                let mut allowed: Vec<_> =
                    matches.iter().map(|(route, _)| route.method.as_str()).collect();
                allowed.sort_unstable();
                allowed.dedup();
                Rejection::new(405, format!("this path does not support {}", parts.method))
                    .header("Allow", allowed.join(", "))
            }
        };
        let rejection_body = (self.rejection_body)(&self.api, &rejection);
        let limiter = self.limiter.clone();
        Box::pin(async move {
            limiter.drain(&mut body).await;
            Reply::plain(&rejection, rejection_body).0
        })
    }
}

async fn run<A, H: Handler<A>>(api: Arc<A>, mut input: Input) -> Response {
    match H::run(api.clone(), &mut input).await {
        Ok(reply) => reply.0,
        Err(rejection) => {
            input.drain().await;
            H::reject(&api, &rejection).0
        }
    }
}
