//! Why a request was rejected, from its response.

use serde_json::Value;
use specwright_server::axum::body::{Body, to_bytes};
use specwright_server::axum::response::Response;

use super::RecordedRequest;

/// The maximum number of reasons that are kept, and of characters of each.
const MAX_PROBLEMS: usize = 50;
const MAX_LENGTH: usize = 500;

impl RecordedRequest {
    /// Reads the reasons of a rejection. Both error formats have a list `errors`: of strings, or of
    /// objects with `detail`.
    fn set_problems(&mut self, body: &[u8]) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
        let detail = |error: &Value| {
            let string = error.get("detail").unwrap_or(error).as_str()?;
            Some(string.chars().take(MAX_LENGTH).collect())
        };
        self.problems = errors.filter_map(detail).take(MAX_PROBLEMS).collect();
    }
}

/// Keeps the reasons of a rejection. Returns the same response.
pub(in crate::http) async fn keep_problems(
    recorded: &mut RecordedRequest,
    response: Response,
) -> Response {
    if response.status().as_u16() < 400 {
        return response;
    }
    let (parts, body) = response.into_parts();
    // Rejections are created as a whole, so reading one neither waits nor fails.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    recorded.set_problems(&bytes);
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::RecordedRequest;

    #[test]
    fn both_error_formats_have_reasons() {
        for (body, expected) in [
            (r#"{"errors":["a","b"]}"#, vec!["a", "b"]),
            (r#"{"errors":[{"status":"400","title":"Bad Request","detail":"c"}]}"#, vec!["c"]),
            (r#"{"errors":[{"title":"Bad Request"}, 1]}"#, vec![]),
            ("not JSON", vec![]),
        ] {
            let mut recorded = RecordedRequest::default();
            recorded.set_problems(body.as_bytes());
            assert_eq!(recorded.problems, expected, "{body}");
        }
    }
}
