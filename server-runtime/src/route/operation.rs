//! An operation as data, and the trait of the generated handlers.

use std::future::Future;
use std::sync::Arc;

use specwright_model::style::Method;

use crate::extract::Input;
use crate::reject::Rejection;
use crate::respond::Reply;

/// An operation of an OpenAPI document.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces, and the query, if the document's path has one.
    pub path: &'static str,
    /// The alternatives of credentials; each is a list of security schemes that are all
    /// required. An empty alternative means that credentials are optional.
    pub security: &'static [&'static [&'static str]],
}

impl Operation {
    /// Returns whether some alternative is complete. `holds` reports whether a security scheme
    /// is satisfied. An operation without alternatives requires no credentials.
    pub fn is_satisfied_by(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.security.is_empty()
            || self.security.iter().any(|schemes| schemes.iter().all(|scheme| holds(scheme)))
    }

    /// Returns the security schemes of all alternatives, without duplicates.
    #[must_use]
    pub fn schemes(&self) -> Vec<&'static str> {
        let mut schemes = Vec::new();
        for scheme in self.security.iter().flat_map(|schemes| schemes.iter()) {
            if !schemes.contains(scheme) {
                schemes.push(*scheme);
            }
        }
        schemes
    }
}

/// The generated handler of an operation of the API `A`.
pub trait Handler<A> {
    /// The operation.
    const OPERATION: &'static Operation;

    /// Extracts the typed request and calls the API.
    fn run(api: Arc<A>, input: &mut Input)
    -> impl Future<Output = Result<Reply, Rejection>> + Send;

    /// Creates the response of a rejection, with the body that the OpenAPI document has for it.
    fn reject(api: &A, rejection: &Rejection) -> Reply;
}
