//! One request as plain data, before it is sent.

use std::time::Duration;

use bytes::Bytes;

use crate::encode::body::Body;
use crate::setup::hooks::Attempt;

pub use reqwest::Method;

/// An operation of a description.
#[derive(Debug)]
pub struct Operation {
    /// Its id in the description.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces, and its query, if the description gives it one: what
    /// is always the same, and as `name={name}` the parameters that have to be there.
    pub path: &'static str,
    /// The alternatives of keys that it needs; each is a list of places in the scheme table.
    pub security: &'static [&'static [usize]],
    /// Whether it may be carried out twice: it only reads, or the second time changes nothing.
    pub repeatable: bool,
}

/// A request, put together from typed parts.
#[derive(Debug)]
pub struct Request {
    pub(crate) operation: &'static Operation,
    /// The place of its servers among those of operations that have their own.
    pub(crate) server: Option<usize>,
    pub(crate) path: String,
    /// The entries of the query, encoded.
    pub(crate) query: Vec<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The cookies, encoded.
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Option<Body>,
    /// The body as it is sent instead, with its `Content-Encoding`.
    pub(crate) compressed: Option<(&'static str, Bytes)>,
    /// The media types that an answer may have; JSON if this says nothing.
    pub(crate) accept: Option<&'static str>,
    /// If the body of a success is left open: the media types of those that are read whole.
    pub(crate) whole: Option<&'static [&'static str]>,
    pub(crate) timeout: Option<Duration>,
    /// Whether it is tried once, whatever the policy.
    pub(crate) once: bool,
}

impl Request {
    /// A request without parameters or body.
    pub fn new(operation: &'static Operation) -> Self {
        let (path, query) = operation.path.split_once('?').unwrap_or((operation.path, ""));
        // A parameter of the query is added with its value.
        let is_parameter = |entry: &str| entry.contains("={") && entry.ends_with('}');
        let query = query.split('&').filter(|entry| !entry.is_empty() && !is_parameter(entry));
        Self {
            operation,
            server: None,
            path: path.to_owned(),
            query: query.map(str::to_owned).collect(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            compressed: None,
            accept: None,
            whole: None,
            timeout: None,
            once: false,
        }
    }

    /// Sends it to servers that the operation has for itself: their place among all of them.
    pub fn server(&mut self, servers: usize) {
        self.server = Some(servers);
    }

    /// The request as a hook sees it.
    pub(crate) fn attempt(&self, number: u32) -> Attempt<'_> {
        Attempt {
            operation: self.operation.id,
            method: self.operation.method.as_str(),
            path: &self.path,
            body: self.body.as_ref().and_then(Body::whole).map(|bytes| bytes.as_ref()),
            number,
        }
    }

    /// How many bytes the body has, as far as they are there already.
    pub fn size(&self) -> usize {
        self.body.as_ref().and_then(Body::whole).map_or(0, Bytes::len)
    }

    /// Whether all of the body is still there: a stream is not, once it has begun.
    pub(crate) fn can_be_sent(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_there)
    }

    /// Whether this request is tried once, whatever the client's policy.
    pub fn once(&mut self, once: bool) {
        self.once = once;
    }

    /// Sets the media types that the answer may have.
    pub fn accept(&mut self, media_types: &'static str) {
        self.accept = Some(media_types);
    }

    /// Leaves the body of a success open, to be read bit by bit, unless it comes in one of these
    /// media types.
    pub fn open_unless(&mut self, whole: &'static [&'static str]) {
        self.whole = Some(whole);
    }

    /// Whether the request can be sent any number of times: its body is not a stream.
    pub(crate) fn can_be_repeated(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_at_hand)
    }

    /// The same request once more; none if it has something that can be sent only once.
    pub(crate) fn again(&self) -> Option<Self> {
        if !self.can_be_repeated() {
            return None;
        }
        Some(Self {
            operation: self.operation,
            server: self.server,
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            cookies: self.cookies.clone(),
            body: self.body.clone(),
            compressed: self.compressed.clone(),
            accept: self.accept,
            whole: self.whole,
            timeout: self.timeout,
            once: self.once,
        })
    }

    /// Sets how long this request may take, instead of the client's own limit.
    pub fn timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }
}
