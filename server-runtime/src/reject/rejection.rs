//! A status and the problems of a request.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use specwright_model::validate::ValidationError;

/// The number of problems that are listed: a hundred of a body, and that there may be more.
const MAX_PROBLEMS: usize = 101;

/// Why a request is rejected: a status and everything that is wrong with the request.
///
/// The generated `Api` trait determines the body of the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong; rarely empty.
    pub problems: Vec<Problem>,
    /// Additional response headers.
    pub headers: HeaderMap,
}

impl Rejection {
    /// Creates a rejection for one reason without a location.
    #[must_use]
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self::with_problems(status, vec![Problem::new("", message)])
    }

    /// Creates a rejection for several reasons. At most 101 of them are listed.
    #[must_use]
    pub fn with_problems(status: u16, mut problems: Vec<Problem>) -> Self {
        let more = problems.len().saturating_sub(MAX_PROBLEMS);
        if more > 0 {
            problems.truncate(MAX_PROBLEMS);
            problems.push(Problem::new("", format!("and {more} more problems")));
        }
        Self { status, problems, headers: HeaderMap::new() }
    }

    /// Adds a response header. Invalid names and values are ignored.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        insert(&mut self.headers, name, value.as_ref());
        self
    }
}

/// A response that cannot be built, because a property is missing or invalid, is an internal error
/// (500).
impl From<ValidationError> for Rejection {
    fn from(error: ValidationError) -> Self {
        Self::new(500, format!("the response cannot be built: {error}"))
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for (i, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { ": " } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Rejection {}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A JSON pointer (RFC 6901) into the body, or the name of a parameter; empty if the problem
    /// has no location.
    pub location: String,
    /// What is wrong: a sentence, or the end of one that starts with the location.
    pub message: String,
}

impl Problem {
    /// Creates a problem with a location.
    #[must_use]
    pub fn new(location: impl Into<String>, message: impl Into<String>) -> Self {
        Self { location: location.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location.as_str() {
            "" => f.write_str(&self.message),
            location => write!(f, "{location} {}", self.message),
        }
    }
}

/// Sets a header, if its name and value are valid.
pub(crate) fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
