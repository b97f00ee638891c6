//! The body of a rejection where the OpenAPI document has none.

use http::StatusCode;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::rejection::Rejection;

/// The body of a rejection for which the OpenAPI document has none, for example for an unknown
/// path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectionBody {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl RejectionBody {
    /// Creates a body of any media type.
    #[must_use]
    pub fn new(media_type: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { media_type, bytes: bytes.into() }
    }

    /// Creates a JSON body. It is empty if the value has no JSON form.
    #[must_use]
    pub fn json(media_type: &'static str, value: &impl Serialize) -> Self {
        Self::new(media_type, serde_json::to_vec(value).unwrap_or_default())
    }

    /// Creates problem details (RFC 9457): the status, its name, and the problems.
    #[must_use]
    pub fn problem_details(rejection: &Rejection) -> Self {
        let status = StatusCode::from_u16(rejection.status).ok();
        let title = status.and_then(|status| status.canonical_reason());
        let problems: Vec<_> = rejection.problems.iter().map(ToString::to_string).collect();
        let detail = (!problems.is_empty()).then(|| problems.join("; "));
        let details = ProblemDetails { title, status: rejection.status, detail };
        Self::json("application/problem+json", &details)
    }
}

struct ProblemDetails {
    title: Option<&'static str>,
    status: u16,
    detail: Option<String>,
}

impl Serialize for ProblemDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(title) = self.title {
            map.serialize_entry("title", title)?;
        }
        map.serialize_entry("status", &self.status)?;
        if let Some(detail) = &self.detail {
            map.serialize_entry("detail", detail)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problem_details_contain_what_is_known() {
        let json = |rejection: &Rejection| {
            let body = RejectionBody::problem_details(rejection);
            String::from_utf8_lossy(&body.bytes).into_owned()
        };
        let rejection = Rejection::new(404, "no such path");
        let expected = r#"{"title":"Not Found","status":404,"detail":"no such path"}"#;
        assert_eq!(json(&rejection), expected);
        assert_eq!(json(&Rejection::with_problems(599, Vec::new())), r#"{"status":599}"#);
    }
}
