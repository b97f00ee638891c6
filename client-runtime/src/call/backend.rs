//! Test doubles: what takes the place of an API in the tests of those who use a client.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use crate::call::transport::Transport;
use crate::outcome::error::{ConfigError, Error};
use crate::outcome::response::Response;

/// An answer of a double that is on its way.
pub type Pending<'a, T, E> = Pin<Box<dyn Future<Output = Result<Response<T>, E>> + Send + 'a>>;

/// In the place of doubles, where a client is built without them.
pub enum NoTestDouble {}

/// Who carries out the calls of a client. Clones share it.
pub enum Backend<D: ?Sized> {
    /// The API.
    Api(Transport),
    /// What stands in for it.
    TestDouble(Arc<D>),
}

impl<D: ?Sized> Clone for Backend<D> {
    fn clone(&self) -> Self {
        match self {
            Self::Api(transport) => Self::Api(transport.clone()),
            Self::TestDouble(double) => Self::TestDouble(double.clone()),
        }
    }
}

impl<D: ?Sized> fmt::Debug for Backend<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(transport) => transport.fmt(f),
            Self::TestDouble(_) => f.write_str("Double"),
        }
    }
}

/// What a double answers that does not have an operation.
pub fn not_implemented<R, T, B>(name: &str, request: R) -> Ready<Result<Response<T>, Error<B>>> {
    drop(request);
    let problem = format!("`{name}` was called, and the test double does not have it");
    ready(Err(ConfigError::new(problem).into()))
}
