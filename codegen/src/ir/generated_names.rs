//! Names of generated items that have no counterpart in the document: the server side,
//! test doubles, and blocking calls.

use super::{Name, TypeName};

/// Names of the server side.
#[derive(Clone, Debug)]
pub(crate) struct ServerNames {
    /// The trait that a server implements.
    pub api_trait: TypeName,
    /// The type parameter for its implementation.
    pub implementation: TypeName,
    /// The method that decides whether credentials allow an operation.
    pub authorize: Name,
    /// The method that returns the body of a rejection that the document does not define.
    pub describe_rejection: Name,
    /// The methods that return the body of a rejection, one for each of
    /// [`Api::error_bodies`](super::Api::error_bodies).
    pub rejections: Vec<Name>,
}

impl Default for ServerNames {
    fn default() -> Self {
        Self {
            api_trait: TypeName("Api".to_owned()),
            implementation: TypeName("A".to_owned()),
            authorize: Name("authorize".to_owned()),
            describe_rejection: Name("describe".to_owned()),
            rejections: Vec::new(),
        }
    }
}

/// Names of test doubles of a client.
#[derive(Clone, Debug)]
pub(crate) struct TestDoubleNames {
    /// The trait that a test double implements.
    pub operations: TypeName,
    /// The object-safe version of this trait, which a client stores.
    pub boxed_operations: TypeName,
    /// The type parameter for a test double.
    pub implementation: TypeName,
}

/// Names of blocking calls.
#[derive(Clone, Debug)]
pub(crate) struct BlockingNames {
    /// The type parameter for the client, blocking or not.
    pub client: TypeName,
}
