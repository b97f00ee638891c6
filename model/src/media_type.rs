//! Media types: parsing, JSON, selection.

use std::borrow::Cow;

/// Returns the type and subtype of a `Content-Type`, in lower case.
pub fn essence(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether content of a media type is a single JSON value. JSON lines and other streams of
/// values are not. The generator has the same rule, and its test has the same rows.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let is_named = matches!(
        essence.as_str(),
        "application/json" | "text/json" | "text/x-json" | "application/x-json"
    );
    is_named
        || (essence.contains('/')
            && essence.ends_with("+json")
            && essence != "application/stream+json")
}

/// Returns a parameter of a header such as `Content-Type` or `Content-Disposition`.
pub fn parameter<'v>(value: &'v str, name: &str) -> Option<Cow<'v, str>> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, left) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let (value, left) = unquoted(quoted)?;
                (Cow::Owned(value), left.split_once(';').map(|(_, left)| left))
            }
            None => match after.split_once(';') {
                Some((value, left)) => (Cow::Borrowed(value.trim()), Some(left)),
                None => (Cow::Borrowed(after.trim()), None),
            },
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = left?;
    }
}

/// Returns a quoted string up to its closing quote, and what follows it. Browsers percent-encode
/// some characters, and write a backslash as it is unless a quote follows.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut string = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let string = string.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
                return Some((string, &quoted[at + 1..]));
            }
            '\\' => match characters.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => string.push(escaped),
                None => string.push('\\'),
            },
            other => string.push(other),
        }
    }
    None
}

/// Selects one of several media types for a body: the one with the same parameters, else without
/// them, else any JSON for another JSON type, else a range that contains it. Without a media type
/// the first one is selected.
pub fn choose(sent: Option<&str>, known: &[&'static str]) -> Option<&'static str> {
    let Some(sent) = sent else { return known.first().copied() };
    let (full, short) = (normal(sent), essence(sent));
    let find = |fits: &dyn Fn(&str) -> bool| known.iter().copied().find(|known| fits(known));
    let family = short.split('/').next().unwrap_or_default();
    find(&|known| normal(known) == full)
        .or_else(|| find(&|known| essence(known) == short))
        .or_else(|| find(&|known| is_json(&short) && is_json(known)))
        .or_else(|| find(&|known| essence(known).strip_suffix("/*") == Some(family)))
        .or_else(|| find(&|known| essence(known) == "*/*"))
}

/// Selects one of several media types for a response by the `Accept` headers of its request: the one
/// with the highest quality (RFC 9110, 12.5.1), of equal ones the one that is named most exactly, and
/// of these the first. Without an acceptable one the first is selected.
pub fn preferred<'a>(
    accept: impl IntoIterator<Item = &'a str>,
    known: &[&'static str],
) -> Option<&'static str> {
    let ranges = accept.into_iter().flat_map(|value| value.split(','));
    let ranges: Vec<_> = ranges.map(Range::new).collect();
    let rank = |media_type: &str| {
        let fits = ranges.iter().filter_map(|range| Some((range.fit(media_type)?, range.quality)));
        let (fit, quality) = fits.max().unwrap_or_default();
        (quality, if quality == 0 { 0 } else { fit })
    };
    // Of equal ones, the last is the greatest.
    known.iter().copied().rev().max_by_key(|media_type| rank(media_type))
}

/// A media range of an `Accept` header.
struct Range {
    essence: String,
    parameters: Vec<String>,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn new(value: &str) -> Self {
        let mut range = Self { essence: essence(value), parameters: Vec::new(), quality: 1000 };
        for parameter in value.split(';').skip(1).map(normal) {
            match parameter.strip_prefix("q=") {
                Some(quality) => {
                    let quality: f32 = quality.parse().unwrap_or(1.0);
                    range.quality = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
                }
                // Everything is sent in UTF-8.
                None if parameter.starts_with("charset=") => {}
                None => range.parameters.push(parameter),
            }
        }
        range
    }

    /// Returns how exactly the range names a media type, or nothing if it does not contain it.
    fn fit(&self, media_type: &str) -> Option<usize> {
        let own = essence(media_type);
        let parameters: Vec<_> = media_type.split(';').skip(1).map(normal).collect();
        let is_there = |parameter: &String| parameters.contains(parameter);
        if !self.parameters.iter().all(is_there) {
            return None;
        }
        let family = own.split('/').next().unwrap_or_default();
        match self.essence.as_str() {
            "*/*" | "*" => Some(1),
            range if range.strip_suffix("/*") == Some(family) => Some(2),
            range if range == own => Some(3 + self.parameters.len()),
            _ => None,
        }
    }
}

/// Removes a byte order mark, which has no meaning in UTF-8.
pub fn without_byte_order_mark(body: &str) -> &str {
    body.strip_prefix('\u{FEFF}').unwrap_or(body)
}

/// Removes white space from a media type, and converts it to lower case.
fn normal(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase()
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
    fn the_best_media_type_is_selected() {
        let known = ["application/json", "text/csv", "application/json;v=2", "image/*"];
        for (sent, expected) in [
            (None, Some("application/json")),
            (Some("Text/CSV; charset=utf-8"), Some("text/csv")),
            (Some("application/json; v=2"), Some("application/json;v=2")),
            (Some("application/json;v=3"), Some("application/json")),
            (Some("application/problem+json"), Some("application/json")),
            (Some("application/x-json"), Some("application/json")),
            (Some("image/png"), Some("image/*")),
            (Some("application/pdf"), None),
            (Some(""), None),
        ] {
            assert_eq!(choose(sent, &known), expected, "{sent:?}");
        }
        assert_eq!(choose(Some("a/b"), &["text/csv", "*/*"]), Some("*/*"));
        assert_eq!(choose(None, &[]), None);
    }

    #[test]
    fn the_accepted_media_type_is_preferred() {
        let known = ["application/hal+json", "application/vnd.api+json", "application/json;v=2"];
        for (accept, expected) in [
            ("", 0),
            ("*/*", 0),
            ("text/html", 0),
            ("application/vnd.api+json", 1),
            ("Application/Vnd.Api+Json; charset=utf-8", 1),
            ("application/vnd.api+json, application/hal+json", 0),
            ("application/hal+json;q=0.5, application/vnd.api+json;q=0.8", 1),
            ("application/hal+json; q=0, */*;q=0.1", 1),
            ("application/vnd.api+json, */*", 1),
            ("application/json", 2),
            ("application/json; V=2", 2),
            ("application/json;v=3", 0),
            ("application/*;q=0.2, application/json;q=0.1, application/vnd.api+json;q=0.3", 1),
        ] {
            assert_eq!(preferred([accept], &known), Some(known[expected]), "{accept}");
        }
        assert_eq!(preferred(["text/html", "application/json"], &known), Some(known[2]));
        assert_eq!(preferred([], &known), Some(known[0]));
        assert_eq!(preferred(["*/*"], &[]), None);
    }

    #[test]
    fn parameters_are_parsed_as_browsers_and_others_write_them() {
        for (value, expected) in [
            ("form-data; name=a", Some("a")),
            ("text/csv; charset=\"utf-8\"; name=\"a\"", Some("a")),
            ("text/csv;header=absent", None),
            ("form-data; filename=\"x; name=b\"; name=\"a\"", Some("a")),
            ("form-data; NAME = \"a\\\"b\\\\c\\d\"", Some("a\"b\\c\\d")),
            ("form-data; name=\"a%22%0D%0A%25\"", Some("a\"\r\n%25")),
            ("form-data; name=\"\"", Some("")),
            ("form-data; name=\"a", None),
            ("form-data; name", None),
            ("form-data", None),
        ] {
            assert_eq!(parameter(value, "name").as_deref(), expected, "{value}");
        }
    }
}
