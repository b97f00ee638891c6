//! The string, number or boolean that selects a variant: a property, or a value further inside.

use std::borrow::Cow;

use crate::json::{JsonView, Kind};

/// How many arrays a path may lead through. Documents with more of them select nothing, so that
/// they cannot exhaust the stack.
const MAX_ARRAYS: usize = 8;

/// Returns the value of a string; for a number or a boolean, its JSON.
pub(super) fn scalar(view: JsonView<'_>) -> Option<Cow<'_, str>> {
    match Kind::of(view.as_json()) {
        Kind::String => view.as_str(),
        Kind::Number => {
            // `1.0` is the same number as `1`.
            let json = view.as_json();
            let digits = json.strip_suffix(".0").filter(|digits| !digits.contains(['e', 'E']));
            Some(Cow::Borrowed(digits.unwrap_or(json)))
        }
        Kind::Boolean => Some(Cow::Borrowed(view.as_json())),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

/// Returns the first scalar at a path of properties. Arrays on the path are searched.
pub(super) fn scalar_at<'a>(view: JsonView<'a>, path: &[&str]) -> Option<Cow<'a, str>> {
    search(view, path, MAX_ARRAYS)
}

fn search<'a>(view: JsonView<'a>, path: &[&str], arrays: usize) -> Option<Cow<'a, str>> {
    if Kind::of(view.as_json()) == Kind::Array {
        let arrays = arrays.checked_sub(1)?;
        return view.elements().find_map(|element| search(element, path, arrays));
    }
    match path {
        [] => scalar(view),
        [name, rest @ ..] => search(view.first(name)?, rest, arrays),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str, path: &[&str]) -> Option<String> {
        scalar_at(JsonView::new(json), path).map(Cow::into_owned)
    }

    #[test]
    fn a_path_leads_through_objects_and_arrays() {
        let path = ["requests", "query", "source"];
        let json =
            r#"{"requests": [{}, [{"query": {"source": "logs"}}], {"query": {"source": 1}}]}"#;
        assert_eq!(found(json, &path).as_deref(), Some("logs"));
        assert_eq!(found(r#"{"requests": []}"#, &path), None);
        assert_eq!(found(r#"{"requests": {"query": "source"}}"#, &path), None);
        assert_eq!(found("[[2.0]]", &[]).as_deref(), Some("2"));
        assert_eq!(found("[null, true]", &[]).as_deref(), Some("true"));
    }

    #[test]
    fn deep_arrays_end_the_search() {
        let deep = "[".repeat(100_000) + "1" + &"]".repeat(100_000);
        assert_eq!(found(&deep, &[]), None);
    }
}
