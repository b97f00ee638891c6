//! Media types: in which of those that a description has an answer came.

/// The type and subtype of a `Content-Type`, in small letters.
pub fn essence(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a type and subtype is JSON.
pub fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

/// The value of a parameter of a `Content-Type`.
pub fn parameter<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let is_it = key.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

/// Which of the media types that a description has a body came in: the same with its parameters,
/// the same without, another one of JSON, or a range that holds it. A body that does not say what
/// it is, is taken for the first.
pub fn choose(sent: Option<&str>, known: &[&'static str]) -> Option<&'static str> {
    let Some(sent) = sent else { return known.first().copied() };
    let (full, short) = (normal(sent), essence(sent));
    let find = |fits: &dyn Fn(&str) -> bool| known.iter().copied().find(|known| fits(known));
    let family = short.split('/').next().unwrap_or_default();
    find(&|known| normal(known) == full)
        .or_else(|| find(&|known| essence(known) == short))
        .or_else(|| find(&|known| is_json(&short) && is_json(&essence(known))))
        .or_else(|| find(&|known| essence(known).strip_suffix("/*") == Some(family)))
        .or_else(|| find(&|known| essence(known) == "*/*"))
}

/// A text without the byte order mark in front, which says nothing in UTF-8.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

/// A media type in which spaces and capitals make no difference.
fn normal(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_that_fits_best_is_chosen() {
        let known = ["application/json", "text/csv", "application/json;v=2", "image/*"];
        for (sent, expected) in [
            (None, Some("application/json")),
            (Some("Text/CSV; charset=utf-8"), Some("text/csv")),
            (Some("application/json; v=2"), Some("application/json;v=2")),
            (Some("application/json;v=3"), Some("application/json")),
            (Some("application/problem+json"), Some("application/json")),
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
    fn parameters_are_found() {
        assert_eq!(parameter("text/csv; Charset=\"utf-8\"", "charset"), Some("utf-8"));
        assert_eq!(parameter("text/csv;header=absent", "charset"), None);
    }
}
