//! Which operation a request is for.

mod template;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use http::Method;

use self::template::Template;
use crate::answer::Reply;
use crate::body::{BodyLimiter, IncomingBody};
use crate::input::Input;
use crate::keys::Scheme;
use crate::limits::Limits;
use crate::operation::Handler;
use crate::refusal::Rejection;
use crate::refusal_body::RejectionBody;

/// The operations of an API, each with its path.
///
/// Paths are told apart here and not by axum, which refuses some that descriptions have:
/// `/{a}` beside `/{b}`, `/{a}-{b}`.
pub struct Routes<A> {
    api: Arc<A>,
    gate: Arc<BodyLimiter>,
    schemes: &'static [Scheme],
    describe: Describe<A>,
    routes: Vec<Route<A>>,
}

/// What gives the body of a refusal for which the description has none.
type Describe<A> = fn(&A, &Rejection) -> RejectionBody;

struct Route<A> {
    path: &'static str,
    template: Template,
    method: &'static Method,
    run: fn(Arc<A>, Input) -> Running,
}

type Running = Pin<Box<dyn Future<Output = Response> + Send>>;

impl<A: Send + Sync + 'static> Routes<A> {
    /// No operation yet.
    pub fn new(
        api: Arc<A>,
        schemes: &'static [Scheme],
        limits: Limits,
        describe: Describe<A>,
    ) -> Self {
        Self {
            api,
            gate: Arc::new(BodyLimiter::new(limits)),
            schemes,
            describe,
            routes: Vec::new(),
        }
    }

    /// Adds an operation.
    #[must_use]
    pub fn with<O: Handler<A> + 'static>(mut self) -> Self {
        self.routes.push(Route {
            path: O::OPERATION.path,
            template: Template::new(O::OPERATION.path),
            method: &O::OPERATION.method,
            run: |api, input| Box::pin(run::<A, O>(api, input)),
        });
        self
    }

    /// The finished router. What no operation has is answered with 404 or 405.
    pub fn router(mut self) -> Router {
        self.routes.sort_by_key(|route| route.template.generality());
        let routes = Arc::new(self);
        Router::new().fallback(move |request: Request| routes.answer(request))
    }

    fn answer(&self, request: Request) -> Running {
        let (parts, body) = request.into_parts();
        let mut body = IncomingBody::new(&parts.headers, body);
        let query = parts.uri.query().unwrap_or_default();
        let fits: Vec<_> = self
            .routes
            .iter()
            .filter_map(|route| Some((route, route.template.fit(parts.uri.path(), query)?)))
            .collect();
        let with = |method: &Method| {
            let mut own = (0..fits.len()).filter(|at| fits[*at].0.method == method);
            let first = own.clone().next();
            // Without its parameters, a request is told what it lacks.
            own.find(|at| fits[*at].0.template.has_parameters(query)).or(first)
        };
        let chosen = with(&parts.method).or_else(|| match parts.method {
            Method::HEAD => with(&Method::GET),
            _ => None,
        });
        let refusal = match chosen.and_then(|at| fits.get(at)) {
            Some((route, path)) => {
                let (path, gate) = (path.clone(), self.gate.clone());
                let input = Input::new(parts, body, route.path, path, gate, self.schemes);
                return (route.run)(self.api.clone(), input);
            }
            None if fits.is_empty() => Rejection::new(404, "there is nothing at this path"),
            None => {
                let mut allowed: Vec<_> =
                    fits.iter().map(|(route, _)| route.method.as_str()).collect();
                allowed.sort_unstable();
                allowed.dedup();
                Rejection::new(405, format!("this path does not take {}", parts.method))
                    .header("Allow", allowed.join(", "))
            }
        };
        let described = (self.describe)(&self.api, &refusal);
        let gate = self.gate.clone();
        Box::pin(async move {
            gate.drain(&mut body).await;
            Reply::plain(&refusal, described).0
        })
    }
}

async fn run<A, O: Handler<A>>(api: Arc<A>, mut input: Input) -> Response {
    match O::run(api.clone(), &mut input).await {
        Ok(reply) => reply.0,
        Err(refusal) => {
            input.drain().await;
            O::reject(&api, &refusal).0
        }
    }
}
