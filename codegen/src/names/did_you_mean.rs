//! Suggestions for misspelled names.

/// The length in bytes from which names are not compared, which takes quadratic time.
const MAX_LENGTH: usize = 200;

/// Returns `; did you mean …?` with the most similar name, or nothing.
pub(crate) fn suggestion<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    similar(written, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

/// Returns the most similar of some names, if it is similar enough. Case is ignored, so names that
/// differ only in case are the most similar.
pub(crate) fn similar<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if written.len() > MAX_LENGTH {
        return None;
    }
    let folded = written.to_lowercase();
    let length = folded.chars().count();
    // One edit per three characters is accepted, and at least one.
    let max_distance = (length / 3).clamp(1, 6);
    let names = names.into_iter().filter(|name| *name != written && name.len() <= MAX_LENGTH);
    let candidates = names.filter_map(|name| {
        let other = name.to_lowercase();
        let other_length = other.chars().count();
        let is_candidate = length.abs_diff(other_length) <= max_distance && other_length > 1;
        is_candidate.then(|| (strsim::osa_distance(&folded, &other), name))
    });
    candidates.filter(|(distance, _)| *distance <= max_distance).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_suggested() {
        let names = ["Albums", "/files", "get-an-album", "GET /albums", "GET", "PUT", "a"];
        for (written, expected) in [
            ("Albms", Some("Albums")),
            ("albums", Some("Albums")),
            ("Ablums", Some("Albums")),
            ("files", Some("/files")),
            ("get-an-albm", Some("get-an-album")),
            ("GET /albms", Some("GET /albums")),
            ("GETT", Some("GET")),
            ("putt", Some("PUT")),
            ("POST", None),
            ("", None),
            ("x", None),
            ("something else", None),
            // The name itself is not a suggestion.
            ("PUT", None),
        ] {
            assert_eq!(similar(written, names), expected, "{written}");
        }
    }
}
