//! One request as plain data, before it is sent.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::error::Failure;
use crate::hooks::Attempt;
use crate::validate::ValidationError;

pub use reqwest::Method;

/// An operation of a description.
#[derive(Debug)]
pub struct Operation {
    /// Its id in the description.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// The alternatives of keys that it needs; each is a list of places in the scheme table.
    pub security: &'static [&'static [usize]],
    /// Whether it may be carried out twice: it only reads, or the second time changes nothing.
    pub repeatable: bool,
}

/// How a parameter of several parts is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`, and `k,v,l,w` for objects.
    Simple,
    /// `k=v,l=w` for objects, otherwise as [`Style::Simple`].
    SimpleExploded,
    /// `name=a,b`
    Form,
    /// `name=a&name=b`, and `k=v&l=w` for objects.
    FormExploded,
    /// `name=a b`
    SpaceDelimited,
    /// `name=a|b`
    PipeDelimited,
    /// `name[k]=v&name[l]=w`
    DeepObject,
}

/// A request, put together from typed parts.
#[derive(Debug)]
pub struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Bytes>,
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
        Self {
            operation,
            path: operation.path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            compressed: None,
            accept: None,
            whole: None,
            timeout: None,
            once: false,
        }
    }

    /// Fills in a parameter of the path.
    pub fn path(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), Failure> {
        let text = joined(&parts(name, value)?, style);
        // An empty segment, or one of dots, would be another path.
        if matches!(text.as_str(), "" | "." | "..") {
            let message = format!("must not be `{text}`: it would change the path");
            return Err(Failure::Validation(ValidationError::of(format!("/{name}"), message)));
        }
        self.path = self.path.replace(&format!("{{{name}}}"), &encode_segment(&text));
        Ok(())
    }

    /// Adds a parameter to the query.
    pub fn query(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), Failure> {
        let parts = parts(name, value)?;
        let separator = match style {
            Style::SpaceDelimited => " ",
            Style::PipeDelimited => "|",
            _ => ",",
        };
        match (parts, style) {
            (Parts::Many(items), Style::FormExploded) => {
                self.query.extend(items.into_iter().map(|item| (name.to_owned(), item)));
            }
            (Parts::Many(items), _) => self.query.push((name.to_owned(), items.join(separator))),
            (Parts::Pairs(pairs), Style::DeepObject) => {
                self.query.extend(pairs.into_iter().map(|(k, v)| (format!("{name}[{k}]"), v)));
            }
            (Parts::Pairs(pairs), Style::FormExploded) => self.query.extend(pairs),
            (parts, style) => self.query.push((name.to_owned(), joined(&parts, style))),
        }
        Ok(())
    }

    /// Adds a parameter as a header.
    pub fn header(
        &mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<(), Failure> {
        let text = joined(&parts(name, value)?, style);
        self.headers.push((name, text));
        Ok(())
    }

    /// Sets the body, as JSON.
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(body).map_err(|error| not_json("", &error))?;
        self.body = Some(bytes.into());
        Ok(())
    }

    /// The request as a hook sees it.
    pub(crate) fn attempt(&self, number: u32) -> Attempt<'_> {
        Attempt {
            operation: self.operation.id,
            method: self.operation.method.as_str(),
            path: &self.path,
            body: self.body.as_deref(),
            number,
        }
    }

    /// How many bytes the body has.
    pub fn size(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
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

    /// The same request once more; none if it has something that can be sent only once.
    pub(crate) fn again(&self) -> Option<Self> {
        Some(Self {
            operation: self.operation,
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
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

/// A parameter taken apart.
enum Parts {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
}

fn parts(name: &'static str, value: &impl Serialize) -> Result<Parts, Failure> {
    let value = serde_json::to_value(value).map_err(|error| not_json(name, &error))?;
    Ok(match value {
        Value::Array(items) => Parts::Many(items.into_iter().map(text).collect()),
        Value::Object(entries) => {
            Parts::Pairs(entries.into_iter().map(|(k, v)| (k, text(v))).collect())
        }
        scalar => Parts::One(text(scalar)),
    })
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn joined(parts: &Parts, style: Style) -> String {
    match parts {
        Parts::One(text) => text.clone(),
        Parts::Many(items) => items.join(","),
        Parts::Pairs(pairs) => {
            let between = if style == Style::SimpleExploded { '=' } else { ',' };
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}{between}{v}")).collect();
            pairs.join(",")
        }
    }
}

/// Percent-encodes all that is not unreserved (RFC 3986), except what `simple` separates with.
fn encode_segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b','
            | b'='
            | b':'
            | b'@' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn not_json(name: &str, error: &serde_json::Error) -> Failure {
    let pointer = if name.is_empty() { String::new() } else { format!("/{name}") };
    Failure::Validation(ValidationError::of(pointer, format!("cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    static OPERATION: Operation = Operation {
        id: "op",
        method: Method::GET,
        path: "/a/{id}/b",
        security: &[],
        repeatable: true,
    };

    fn query(style: Style, value: &impl Serialize) -> String {
        let mut request = Request::new(&OPERATION);
        request.query("q", style, value).expect("a parameter that can be written");
        let pairs: Vec<_> = request.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("&")
    }

    #[test]
    fn query_styles_are_those_of_openapi() {
        let list = ["blue", "black"];
        let object = BTreeMap::from([("B", 150), ("R", 100)]);
        assert_eq!(query(Style::FormExploded, &"blue"), "q=blue");
        assert_eq!(query(Style::FormExploded, &list), "q=blue&q=black");
        assert_eq!(query(Style::Form, &list), "q=blue,black");
        assert_eq!(query(Style::SpaceDelimited, &list), "q=blue black");
        assert_eq!(query(Style::PipeDelimited, &list), "q=blue|black");
        assert_eq!(query(Style::FormExploded, &object), "B=150&R=100");
        assert_eq!(query(Style::Form, &object), "q=B,150,R,100");
        assert_eq!(query(Style::DeepObject, &object), "q[B]=150&q[R]=100");
    }

    #[test]
    fn a_path_parameter_stays_one_segment() {
        let mut request = Request::new(&OPERATION);
        request.path("id", Style::Simple, &"x/../y é").expect("a segment");
        assert_eq!(request.path, "/a/x%2F..%2Fy%20%C3%A9/b");
        for bad in ["", ".", ".."] {
            assert!(Request::new(&OPERATION).path("id", Style::Simple, &bad).is_err());
        }
    }
}
