//! What a request is refused with.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// How many problems are named, beside the last that says that there are more: a hundred of a
/// body, and that the search for them was cut short.
const MANY: usize = 101;

/// Why a request is refused: a status and everything that is wrong.
///
/// The body that it is answered with is that of the description; see the generated trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong; seldom empty.
    pub problems: Vec<Problem>,
    /// Further headers of the answer.
    pub headers: HeaderMap,
}

impl Rejection {
    /// A refusal for one reason that has no place.
    #[must_use]
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self::of(status, vec![Problem::new("", message)])
    }

    /// A refusal for several reasons. Of very many, the first hundred are named.
    #[must_use]
    pub fn of(status: u16, mut problems: Vec<Problem>) -> Self {
        let more = problems.len().saturating_sub(MANY);
        if more > 0 {
            problems.truncate(MANY);
            problems.push(Problem::new("", format!("and {more} more problems")));
        }
        Self { status, problems, headers: HeaderMap::new() }
    }

    /// Adds a header to the answer. What no header can carry is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        insert(&mut self.headers, name, value.as_ref());
        self
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
    /// Where: a JSON pointer (RFC 6901) in the body, or the name of a parameter; empty where
    /// there is no such place.
    pub place: String,
    /// What is wrong, as the end of a sentence that begins with the place, or as a sentence.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.message),
            place => write!(f, "{place} {}", self.message),
        }
    }
}

/// Sets a header, unless no header can carry it.
pub(crate) fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
