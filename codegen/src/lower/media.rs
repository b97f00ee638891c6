//! Media types: their kinds, and the names of variants that derive from them.

pub(crate) use crate::text::media_type::{essence, is_json};

/// Returns whether a media type is JSON, or a range that includes all media types.
pub(crate) fn is_json_or_any(media_type: &str) -> bool {
    let essence = essence(media_type);
    is_json(&essence) || essence == "*/*"
}

/// Returns whether a media type is a stream of values: server-sent events, or a sequence of JSON
/// values.
pub(crate) fn is_stream(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "text/event-stream" || (essence.contains("json") && !is_json(&essence))
}

/// Returns whether a media type is binary.
pub(crate) fn is_binary(media_type: &str) -> bool {
    let essence = essence(media_type);
    ["image/", "audio/", "video/", "font/"].iter().any(|kind| essence.starts_with(kind))
        || matches!(
            essence.as_str(),
            "application/octet-stream" | "application/pdf" | "application/zip" | "application/gzip"
        )
}

/// Returns the name of the variant for bodies with a media type.
pub(crate) fn variant(media_type: &str) -> String {
    let essence = essence(media_type);
    let parameters = media_type.split_once(';').map_or("", |(_, parameters)| parameters);
    // The character set does not distinguish media types.
    let parameters = if parameters.contains("charset") { "" } else { parameters };
    let (of, sub) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
    let name = match (of, sub) {
        (_, "form-data") => "multipart",
        ("multipart", "*") => "multipart",
        (_, "x-www-form-urlencoded") => "form",
        ("text", "plain") => "text",
        (_, "octet-stream") => "bytes",
        ("*", _) => "any",
        (of, "*") => of,
        (_, sub) => sub.trim_start_matches("x-").trim_start_matches("vnd."),
    };
    format!("{name} {parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_classified_by_name() {
        for stream in ["text/event-stream; a=b", "application/x-ndjson", "application/json-seq"] {
            assert!(is_stream(stream), "{stream}");
        }
        assert!(!is_stream("application/a+json") && !is_stream("text/plain"));
        for (media_type, json, binary, name) in [
            ("application/json", true, false, "json "),
            ("Application/Merge-Patch+JSON; a=b", true, false, "merge-patch+json  a=b"),
            ("application/json;simple", true, false, "json simple"),
            ("text/json", true, false, "json "),
            ("application/x-ndjson", false, false, "ndjson "),
            ("image/*", false, true, "image "),
            ("*/*", false, false, "any "),
            ("text/plain; charset=utf-8", false, false, "text "),
            ("multipart/form-data", false, false, "multipart "),
        ] {
            assert_eq!(is_json(&essence(media_type)), json, "{media_type}");
            assert_eq!(is_binary(media_type), binary, "{media_type}");
            assert_eq!(variant(media_type), name);
        }
    }
}
