//! HTTP methods.

use std::fmt;

/// An HTTP method. Names are case-sensitive (RFC 9110).
///
/// ```
/// use specwright_model::style::Method;
///
/// assert_eq!(Method::QUERY.as_str(), "QUERY");
/// assert_eq!(Method::new("COPY"), "COPY");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(&'static str);

impl Method {
    /// `GET`
    pub const GET: Self = Self("GET");
    /// `PUT`
    pub const PUT: Self = Self("PUT");
    /// `POST`
    pub const POST: Self = Self("POST");
    /// `DELETE`
    pub const DELETE: Self = Self("DELETE");
    /// `OPTIONS`
    pub const OPTIONS: Self = Self("OPTIONS");
    /// `HEAD`
    pub const HEAD: Self = Self("HEAD");
    /// `PATCH`
    pub const PATCH: Self = Self("PATCH");
    /// `TRACE`
    pub const TRACE: Self = Self("TRACE");
    /// `QUERY`, which is safe and has a body.
    pub const QUERY: Self = Self("QUERY");

    /// Creates a method with another name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl PartialEq<str> for Method {
    fn eq(&self, name: &str) -> bool {
        self.0 == name
    }
}

impl PartialEq<&str> for Method {
    fn eq(&self, name: &&str) -> bool {
        self.0 == *name
    }
}

impl PartialEq<http::Method> for Method {
    fn eq(&self, method: &http::Method) -> bool {
        self.0 == method.as_str()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
