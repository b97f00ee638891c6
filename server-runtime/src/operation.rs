//! An operation as data, and the trait behind every generated one.

use std::future::Future;
use std::sync::Arc;

use http::Method;

use crate::answer::Reply;
use crate::input::Input;
use crate::refusal::Rejection;

/// An operation of a description.
#[derive(Debug)]
pub struct Operation {
    /// Its id in the description.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces, and its query, if the description gives it one.
    pub path: &'static str,
    /// The alternatives of keys that it needs, each as the security schemes that have to be
    /// there together. One without schemes means that keys are optional.
    pub security: &'static [&'static [&'static str]],
}

impl Operation {
    /// Whether some alternative is complete: `holds` says whether a security scheme is
    /// satisfied. An operation without alternatives is open to everyone.
    pub fn is_satisfied_by(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.security.is_empty()
            || self.security.iter().any(|schemes| schemes.iter().all(|scheme| holds(scheme)))
    }

    /// Every security scheme of any alternative, each once.
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

/// An operation as generated code knows it, for the API that carries it out.
pub trait Handler<A> {
    /// The operation.
    const OPERATION: &'static Operation;

    /// Reads the request and carries it out.
    fn run(api: Arc<A>, input: &mut Input)
    -> impl Future<Output = Result<Reply, Rejection>> + Send;

    /// Answers a refusal with the body that the description has for it.
    fn reject(api: &A, refusal: &Rejection) -> Reply;
}
