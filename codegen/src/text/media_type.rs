//! Media types (RFC 9110). The runtimes have the same rules in `specwright-model`.

/// Returns a media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    without_parameters(media_type).to_ascii_lowercase()
}

/// Returns a media type without its parameters.
pub(crate) fn without_parameters(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Returns whether content of this media type is a single JSON value. JSON lines and other streams
/// of values are not.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(
        essence.as_str(),
        "application/json" | "text/json" | "application/x-json" | "text/x-json"
    ) || (essence.contains('/')
        && essence.ends_with("+json")
        && essence != "application/stream+json")
}

/// Returns whether a string is a media type or a media range that can be sent in a header.
pub(crate) fn is_valid(media_type: &str) -> bool {
    let is_token = |token: &str| {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !token.is_empty() && token.bytes().all(is_allowed)
    };
    let has_types = without_parameters(media_type)
        .split_once('/')
        .is_some_and(|(ty, subtype)| is_token(ty) && is_token(subtype));
    has_types && media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_recognised_by_its_essence() {
        for (media_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            (" application/json ;simple", true),
            ("text/json", true),
            ("application/x-json", true),
            ("text/x-json", true),
            ("application/problem+json", true),
            ("Application/Merge-Patch+JSON; a=b", true),
            ("application/vnd.api+json", true),
            ("application/*+json", true),
            ("application/stream+json", false),
            ("application/x-ndjson", false),
            ("application/jsonl", false),
            ("application/json-seq", false),
            ("application/geo+json-seq", false),
            ("application/jsonp", false),
            ("application/*", false),
            ("*/*", false),
            ("text/plain; type=json", false),
            ("text/plain;a=b+json", false),
            ("+json", false),
            ("json", false),
            ("", false),
        ] {
            assert_eq!(is_json(media_type), expected, "{media_type}");
        }
    }

    #[test]
    fn media_types_are_two_tokens_in_ascii() {
        for valid in ["text/csv; charset=utf-8", "*/*", "image/*", "application/a+json;simple"] {
            assert!(is_valid(valid), "{valid}");
        }
        for invalid in ["", "code", "/", "a/", "a b/c", "täxt/plain", "text/plain; ä", "a/b\n"] {
            assert!(!is_valid(invalid), "{invalid}");
        }
    }
}
