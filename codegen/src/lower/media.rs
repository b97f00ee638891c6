//! Media types: their kinds, and the names of variants that derive from them.

use crate::ir::Framing;
use crate::names::{TypeName, type_name};

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
    essence == "text/event-stream"
        || (essence.contains("json") && !is_json(&essence))
        || is_streamed(media_type)
}

/// Returns how the values of a sequence of JSON values are separated, if a media type is one.
pub(crate) fn framing(media_type: &str) -> Option<Framing> {
    if is_streamed(media_type) {
        return Some(Framing::JsonLines);
    }
    let essence = essence(media_type);
    Some(match essence.as_str() {
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/x-json-stream"
        | "application/stream+json"
        | "text/x-ndjson"
        | "text/jsonl" => Framing::Lines,
        "application/json-seq" => Framing::Sequence,
        _ if essence.ends_with("+json-seq") => Framing::Sequence,
        _ => return None,
    })
}

/// Returns whether a media type of JSON has a parameter for a stream of values, one per line:
/// `application/json;stream=watch`.
pub(crate) fn is_streamed(media_type: &str) -> bool {
    let mut parameters = media_type.split(';').skip(1);
    let is_stream = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let is_off = ["false", "0", "no"].iter().any(|off| value.trim().eq_ignore_ascii_case(off));
        name.trim().eq_ignore_ascii_case("stream") && !is_off
    };
    is_json(&essence(media_type)) && parameters.any(is_stream)
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

/// Returns whether a media type is YAML, in which every JSON document is valid.
pub(crate) fn is_yaml(media_type: &str) -> bool {
    let essence = essence(media_type);
    let (_, subtype) = essence.split_once('/').unwrap_or_default();
    matches!(subtype, "yaml" | "x-yaml" | "vnd.yaml") || subtype.ends_with("+yaml")
}

/// Returns the name of a media type among others. Its parameters or its family are part of the name
/// if they distinguish it.
pub(crate) fn media_type_name(media_type: &str, all: &[String]) -> TypeName {
    let own = essence(media_type);
    let name = essence_name(&own);
    let has_namesake = |is_same: bool| {
        let mut others = all.iter().filter(|other| *other != media_type).map(|it| essence(it));
        others.any(|other| (other == own) == is_same && essence_name(&other) == name)
    };
    match media_type.split_once(';') {
        Some((_, parameters)) if has_namesake(true) => {
            type_name(&format!("{} {parameters}", name.0))
        }
        _ if !own.starts_with("application/") && has_namesake(false) => {
            type_name(&own.replace('/', " "))
        }
        _ => name,
    }
}

fn essence_name(essence: &str) -> TypeName {
    let (family, subtype) = essence.split_once('/').unwrap_or(("", essence));
    match essence {
        "*/*" => TypeName("Other".to_owned()),
        "text/plain" => TypeName("Text".to_owned()),
        "text/event-stream" => TypeName("Events".to_owned()),
        "application/octet-stream" => TypeName("Bytes".to_owned()),
        "application/x-www-form-urlencoded" => TypeName("Form".to_owned()),
        "multipart/form-data" => TypeName("Multipart".to_owned()),
        _ if subtype == "*" => type_name(family),
        _ => type_name(subtype.strip_prefix("x-").unwrap_or(subtype)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_distinct_names() {
        let all = [
            "application/json",
            "csv/json",
            "application/json;v=2",
            "text/csv; charset=utf-8",
            "application/vnd.api+json",
            "image/*",
        ];
        let names = ["Json", "CsvJson", "JsonV2", "Csv", "VndApiJson", "Image"];
        let all = all.map(str::to_owned);
        assert_eq!(all.clone().map(|media_type| media_type_name(&media_type, &all).0), names);
    }

    #[test]
    fn yaml_is_recognised_by_its_subtype() {
        for yaml in ["application/yaml", "text/x-yaml; a=b", "Application/Apply-Patch+YAML"] {
            assert!(is_yaml(yaml), "{yaml}");
        }
        assert!(!is_yaml("application/json") && !is_yaml("yaml") && !is_yaml("text/yamlish"));
    }

    #[test]
    fn media_types_are_classified_by_name() {
        for stream in ["text/event-stream; a=b", "application/x-ndjson", "application/json-seq"] {
            assert!(is_stream(stream), "{stream}");
        }
        for stream in ["application/json;stream=watch", "application/a+json; v=2; Stream=\"1\""] {
            assert!(is_stream(stream), "{stream}");
        }
        for other in
            ["application/json; stream=false", "text/plain;stream=a", "application/json;streams=1"]
        {
            assert!(!is_stream(other), "{other}");
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
