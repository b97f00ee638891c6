//! Bodies that have to be JSON.

use http::header::{CONTENT_TYPE, HeaderMap};
use specwright_model::media_type::{essence, is_json};

use crate::reject::Rejection;

/// Rejects a body whose media type is not JSON. A body without a media type is taken for JSON.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Rejection> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let essence = essence(&String::from_utf8_lossy(value.as_bytes()));
    if is_json(&essence) {
        return Ok(());
    }
    let message = format!("the media type `{essence}` is not supported, only `application/json`");
    Err(Rejection::new(415, message).header("Accept", "application/json"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn all_json_media_types_are_accepted() {
        let status = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            require_json(&headers).map_err(|rejection| rejection.status)
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
