//! A call under way. What is generated only says how an answer is read: futures of its own
//! would cost the compiler more than all else that an operation has.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::call::backend::{Backend, Pending};
use crate::call::raw_response::RawResponse;
use crate::call::request::Request;
use crate::call::transport::Transport;
use crate::outcome::error::{CallError, ConfigError, Error};
use crate::outcome::response::Response;

/// A call: the future of its answer. Nothing is sent before it is polled.
///
/// `T` is what a success brings, `B` the body of error answers that the client knows.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, B>(State<T, B>);

enum State<T, B> {
    /// It is made by the transport, and its answer read by what is generated.
    Sent(Sent, Read<T, B>),
    /// A test double answers it.
    Doubled(Pending<'static, T, Error<B>>),
    /// It could not be made.
    Failed(Box<Error<B>>),
    /// It has ended.
    Over,
}

type Sent = Pin<Box<dyn Future<Output = Result<RawResponse, CallError>> + Send>>;

/// What becomes of an answer.
type Read<T, B> = fn(RawResponse) -> Result<Response<T>, Error<B>>;

impl<T, B> Call<T, B> {
    /// A call that fails.
    pub fn failed(error: Error<B>) -> Self {
        Self(State::Failed(Box::new(error)))
    }

    /// A call to the API.
    pub fn to_api(transport: &Transport, request: Request, read: Read<T, B>) -> Self {
        let transport = transport.clone();
        let answer = async move { transport.execute(request).await };
        Self(State::Sent(Box::pin(answer), read))
    }

    /// A call to the API, where a test double might stand in for it.
    pub fn to_backend<D: ?Sized>(backend: &Backend<D>, request: Request, read: Read<T, B>) -> Self {
        match backend {
            Backend::Api(transport) => Self::to_api(transport, request, read),
            Backend::TestDouble(_) => {
                let problem = "this call was left to a test double that was not asked";
                Self::failed(ConfigError::new(problem.to_owned()).into())
            }
        }
    }
}

impl<T: 'static, B: 'static> Call<T, B> {
    /// A call that a test double answers.
    ///
    /// Only here do requests have to be `Send`: the compiler looks through all models that they
    /// lead to, which takes it longer than the rest of an operation.
    pub fn to_test_double<D, R>(
        double: &Arc<D>,
        request: &R,
        method: for<'a> fn(&'a D, R) -> Pending<'a, T, Error<B>>,
    ) -> Self
    where
        D: ?Sized + Send + Sync + 'static,
        R: Clone + Send + 'static,
    {
        let (double, request) = (Arc::clone(double), request.clone());
        Self(State::Doubled(Box::pin(async move { method(&double, request).await })))
    }
}

impl<T, B> Future for Call<T, B> {
    type Output = Result<Response<T>, Error<B>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match &mut self.0 {
            State::Sent(answer, read) => {
                let read = *read;
                ready!(answer.as_mut().poll(context)).map_err(Error::from).and_then(read)
            }
            State::Doubled(answer) => ready!(answer.as_mut().poll(context)),
            State::Failed(_) | State::Over => match std::mem::replace(&mut self.0, State::Over) {
                State::Failed(error) => Err(*error),
                // As futures that have ended may, and better than a panic.
                _ => return Poll::Pending,
            },
        };
        self.0 = State::Over;
        Poll::Ready(result)
    }
}

impl<T, B> fmt::Debug for Call<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
