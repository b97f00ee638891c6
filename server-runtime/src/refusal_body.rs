//! The body of a refusal for which the description has none.

use http::StatusCode;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::refusal::Rejection;

/// The body of a refusal for which the description has none: that of a path that no operation
/// has, say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectionBody {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl RejectionBody {
    /// A body of any media type.
    #[must_use]
    pub fn new(media_type: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { media_type, bytes: bytes.into() }
    }

    /// A body that is JSON; empty where the value cannot be written as JSON.
    #[must_use]
    pub fn json(media_type: &'static str, value: &impl Serialize) -> Self {
        Self::new(media_type, serde_json::to_vec(value).unwrap_or_default())
    }

    /// Problem details (RFC 9457): the status, what it is called, and what is wrong.
    #[must_use]
    pub fn problem_details(refusal: &Rejection) -> Self {
        let status = StatusCode::from_u16(refusal.status).ok();
        let title = status.and_then(|status| status.canonical_reason());
        let problems: Vec<_> = refusal.problems.iter().map(ToString::to_string).collect();
        let detail = (!problems.is_empty()).then(|| problems.join("; "));
        let details = ProblemDetails { title, status: refusal.status, detail };
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
    fn problem_details_say_what_is_known() {
        let text = |refusal: &Rejection| {
            String::from_utf8_lossy(&RejectionBody::problem_details(refusal).bytes).into_owned()
        };
        let refusal = Rejection::new(404, "there is nothing");
        let expected = r#"{"title":"Not Found","status":404,"detail":"there is nothing"}"#;
        assert_eq!(text(&refusal), expected);
        assert_eq!(text(&Rejection::of(599, Vec::new())), r#"{"status":599}"#);
    }
}
