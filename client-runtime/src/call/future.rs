//! The future of a call. Generated code only passes a function that reads the response: a future
//! type per operation would dominate compile times.

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

/// A call to an operation: a future that resolves to its response.
///
/// The request is sent when the future is first polled. `T` is the body of successful responses, `B`
/// the body of error responses.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, B>(State<T, B>);

enum State<T, B> {
    /// Executed by the transport; generated code reads the response.
    Sent(Sent, Read<T, B>),
    /// Executed by a test double.
    Mocked(Pending<'static, T, Error<B>>),
    /// Failed before sending.
    Failed(Box<Error<B>>),
    /// Completed.
    Done,
}

type Sent = Pin<Box<dyn Future<Output = Result<RawResponse, CallError>> + Send>>;

/// Returns the future that sends a request. It is compiled here, once: inside of a generic function
/// it would be compiled again for each type of response, in the crate of the caller.
#[inline(never)]
fn sent(transport: Transport, request: Request) -> Sent {
    Box::pin(async move { transport.execute(request).await })
}

/// Converts a raw response to a typed result.
type Read<T, B> = fn(RawResponse) -> Result<Response<T>, Error<B>>;

impl<T, B> Call<T, B> {
    /// Creates a call that fails without sending a request.
    pub fn failed(error: Error<B>) -> Self {
        Self(State::Failed(Box::new(error)))
    }

    /// Creates a call to the API.
    pub fn to_api(transport: &Transport, request: Request, read: Read<T, B>) -> Self {
        Self(State::Sent(sent(transport.clone(), request), read))
    }

    /// Creates a call to the API, for clients that may have a test double.
    ///
    /// The call fails if the backend is a test double; see [`to_test_double`](Self::to_test_double).
    pub fn to_backend<D: ?Sized>(backend: &Backend<D>, request: Request, read: Read<T, B>) -> Self {
        match backend {
            Backend::Api(transport) => Self::to_api(transport, request, read),
            Backend::TestDouble(_) => {
                let message = "a call for a test double was sent to the API transport";
                Self::failed(ConfigError::new(message.to_owned()).into())
            }
        }
    }
}

impl<T: 'static, B: 'static> Call<T, B> {
    /// Creates a call that a test double executes.
    ///
    /// Only this function requires `Send` requests. To prove it, the compiler visits all models that
    /// a request refers to, which takes longer than the rest of an operation.
    pub fn to_test_double<D, R>(
        mock: &Arc<D>,
        request: &R,
        method: for<'a> fn(&'a D, R) -> Pending<'a, T, Error<B>>,
    ) -> Self
    where
        D: ?Sized + Send + Sync + 'static,
        R: Clone + Send + 'static,
    {
        let (mock, request) = (Arc::clone(mock), request.clone());
        Self(State::Mocked(Box::pin(async move { method(&mock, request).await })))
    }
}

impl<T, B> Future for Call<T, B> {
    type Output = Result<Response<T>, Error<B>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match &mut self.0 {
            State::Sent(response, read) => {
                let read = *read;
                ready!(response.as_mut().poll(context)).map_err(Error::from).and_then(read)
            }
            State::Mocked(response) => ready!(response.as_mut().poll(context)),
            State::Failed(_) | State::Done => match std::mem::replace(&mut self.0, State::Done) {
                State::Failed(error) => Err(*error),
                // Polled after completion: pending is permitted, and better than a panic.
                _ => return Poll::Pending,
            },
        };
        self.0 = State::Done;
        Poll::Ready(result)
    }
}

impl<T, B> fmt::Debug for Call<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
