//! What a person most likely meant who wrote a name that does not exist.

/// The name that is the nearest to another, if one is near enough to be meant. Names that differ
/// by nothing but case are nearer than all others.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded: Vec<char> = written.to_lowercase().chars().collect();
    // One sign in three may be wrong, and one always.
    let most = (folded.len() / 3).clamp(1, 6);
    let candidates = names.into_iter().filter(|name| *name != written).filter_map(|name| {
        let other: Vec<char> = name.to_lowercase().chars().collect();
        let is_near = folded.len().abs_diff(other.len()) <= most && other.len() > 1;
        is_near.then(|| (distance(&folded, &other), name))
    });
    candidates.filter(|(distance, _)| *distance <= most).min().map(|(_, name)| name)
}

/// `; did you mean …?`, or nothing.
pub(crate) fn suggestion<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

/// How many signs must be added, left out, changed or swapped with the next.
fn distance(a: &[char], b: &[char]) -> usize {
    // Three rows of the table are needed: the last but one is for signs that are swapped.
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_found_and_nothing_else() {
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
            // What is there is not what was meant.
            ("PUT", None),
        ] {
            assert_eq!(nearest(written, names), expected, "{written}");
        }
    }

    #[test]
    fn the_distance_is_that_of_edits() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
        ] {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a)), expected, "{b} {a}");
        }
    }
}
