//! One request as plain data, before it is sent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use specwright_model::scalar::from_str;

use crate::call::background::Background;
use crate::encode::body::Body;
use crate::setup::hooks::Attempt;

pub use specwright_model::style::Method;

/// An operation of an OpenAPI document.
#[derive(Debug)]
pub struct Operation {
    /// The operation id in the OpenAPI document.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with parameters in braces. It may be followed by a query of constant entries, and
    /// of required parameters as `name={name}`.
    pub path: &'static str,
    /// The alternative sets of credentials that it requires, as indices into the scheme table.
    pub security: &'static [&'static [usize]],
    /// Whether the operation is safe or idempotent, and may be executed more than once.
    pub repeatable: bool,
}

/// A request that is built from typed parts. `Debug` shows none of them: they may be secret.
pub struct Request {
    pub(crate) operation: &'static Operation,
    /// The index of its servers among those of operations with their own servers.
    pub(crate) server: Option<usize>,
    pub(crate) path: String,
    /// The path as hooks and logs show it, if a part of it is secret.
    pub(crate) shown_path: Option<String>,
    /// The encoded entries of the query.
    pub(crate) query: Vec<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The names of the headers that logs do not show.
    pub(crate) secret_headers: Vec<&'static str>,
    /// The encoded cookies.
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Option<Body>,
    /// The compressed body, which is sent instead, with its `Content-Encoding`.
    pub(crate) compressed: Option<(&'static str, Bytes)>,
    /// The accepted media types. Defaults to JSON.
    pub(crate) accept: Option<&'static str>,
    /// If set, the body of a success is left open, except for these media types.
    pub(crate) whole: Option<&'static [&'static str]>,
    pub(crate) timeout: Option<Duration>,
    /// Whether retries are disabled for this request.
    pub(crate) once: bool,
    /// The background task that makes the call.
    pub(crate) background: Option<Arc<Background>>,
}

/// An encoded body, or nothing if the request has none in memory.
pub struct Encoded(Bytes);

impl Encoded {
    /// Returns the size in bytes.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Decodes the value that was encoded.
    pub fn decode<T: DeserializeOwned + 'static>(&self) -> Option<T> {
        from_str(std::str::from_utf8(&self.0).ok()?).ok()
    }
}

impl Request {
    /// Creates a request without parameters or body.
    pub fn new(operation: &'static Operation) -> Self {
        let (path, query) = operation.path.split_once('?').unwrap_or((operation.path, ""));
        // Parameters are added later, with their values.
        let is_parameter = |entry: &str| entry.contains("={") && entry.ends_with('}');
        let query = query.split('&').filter(|entry| !entry.is_empty() && !is_parameter(entry));
        Self {
            operation,
            server: None,
            path: path.to_owned(),
            shown_path: None,
            query: query.map(str::to_owned).collect(),
            headers: Vec::new(),
            secret_headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            compressed: None,
            accept: None,
            whole: None,
            timeout: None,
            once: false,
            background: None,
        }
    }

    /// Selects the servers of the operation, by index among those of operations with their own.
    pub fn server(&mut self, servers: usize) {
        self.server = Some(servers);
    }

    /// Returns the request as it is passed to hooks.
    pub(crate) fn attempt(&self, number: u32) -> Attempt<'_> {
        Attempt {
            operation: self.operation.id,
            method: self.operation.method.as_str(),
            path: self.shown_path.as_ref().unwrap_or(&self.path),
            body: self.body.as_ref().and_then(Body::whole).map(|bytes| bytes.as_ref()),
            number,
        }
    }

    /// Returns the body, before compression, if it is in memory.
    pub fn encoded(&self) -> Encoded {
        Encoded(self.body.as_ref().and_then(Body::whole).cloned().unwrap_or_default())
    }

    /// Returns whether the body is complete. A stream is not after it was started.
    pub(crate) fn can_be_sent(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_there)
    }

    /// Sets whether retries are disabled for this request.
    pub fn once(&mut self, once: bool) {
        self.once = once;
    }

    /// Sets the background task that makes the call.
    pub fn background(&mut self, background: &Arc<Background>) {
        self.background = Some(Arc::clone(background));
    }

    /// Sets the accepted media types.
    pub fn accept(&mut self, media_types: &'static str) {
        self.accept = Some(media_types);
    }

    /// Leaves the body of a success open, to be read incrementally, except for these media types.
    pub fn open_unless(&mut self, whole: &'static [&'static str]) {
        self.whole = Some(whole);
    }

    /// Returns whether the request can be sent more than once: its body is not a stream.
    pub(crate) fn can_be_repeated(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_buffered)
    }

    /// Returns a copy of the request, or `None` if its body can be sent only once.
    pub(crate) fn again(&self) -> Option<Self> {
        if !self.can_be_repeated() {
            return None;
        }
        Some(Self {
            operation: self.operation,
            server: self.server,
            path: self.path.clone(),
            shown_path: self.shown_path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            secret_headers: self.secret_headers.clone(),
            cookies: self.cookies.clone(),
            body: self.body.clone(),
            compressed: self.compressed.clone(),
            accept: self.accept,
            whole: self.whole,
            timeout: self.timeout,
            once: self.once,
            background: self.background.clone(),
        })
    }

    /// Sets the timeout of an attempt of this request. Defaults to the timeout of the client.
    pub fn timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
