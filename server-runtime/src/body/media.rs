//! `Content-Type`: which bodies are JSON.

use http::header::{CONTENT_TYPE, HeaderMap};

use crate::refusal::Rejection;

/// Refuses a body that does not say that it is JSON, though one that says nothing is taken
/// for it.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Rejection> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json =
        essence == "application/json" || (essence.contains('/') && essence.ends_with("+json"));
    if is_json {
        return Ok(());
    }
    let message = format!("the body is `{essence}`, not `application/json`");
    Err(Rejection::new(415, message).header("Accept", "application/json"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn json_has_several_names() {
        let status = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            require_json(&headers).map_err(|refusal| refusal.status)
        };
        for good in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/vnd.api+json",
            "text/x+json;a=b",
        ] {
            assert_eq!(status(good), Ok(()), "{good}");
        }
        for bad in ["text/plain", "", "json", "+json", "application/jsonp", "multipart/form-data"] {
            assert_eq!(status(bad), Err(415), "{bad}");
        }
        assert_eq!(require_json(&HeaderMap::new()), Ok(()));
    }
}
