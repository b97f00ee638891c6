//! The backend of a client: the API, or a test double that replaces it.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use crate::call::transport::Transport;
use crate::outcome::error::{ConfigError, Error};
use crate::outcome::response::Response;

/// The pending response of a test double.
pub type Pending<'a, T, E> = Pin<Box<dyn Future<Output = Result<Response<T>, E>> + Send + 'a>>;

/// The test double type of clients that are built without test doubles. It has no values.
pub enum NoTestDouble {}

/// The backend that executes the calls of a client. Clones share it.
pub enum Backend<D: ?Sized> {
    /// The API.
    Api(Transport),
    /// A test double that replaces the API.
    TestDouble(Arc<D>),
}

impl<D: ?Sized> Clone for Backend<D> {
    fn clone(&self) -> Self {
        match self {
            Self::Api(transport) => Self::Api(transport.clone()),
            Self::TestDouble(mock) => Self::TestDouble(mock.clone()),
        }
    }
}

impl<D: ?Sized> fmt::Debug for Backend<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(transport) => transport.fmt(f),
            Self::TestDouble(_) => f.write_str("TestDouble"),
        }
    }
}

/// Returns the error of an operation that a test double does not implement.
pub fn not_implemented<R, T, B>(name: &str, request: R) -> Ready<Result<Response<T>, Error<B>>> {
    drop(request);
    let message = format!("`{name}` is not implemented by the test double");
    ready(Err(ConfigError::new(message).into()))
}
