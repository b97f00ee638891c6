//! Paths with parameters in braces: whether one matches, and the values of its parameters.

use std::cmp::Reverse;

use crate::extract::{Entry, percent_decoded, query_entries};

/// The parsed path of an operation.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Segment>,
    /// Required entries of the query.
    query: Vec<(String, String)>,
    /// Names of parameters in the query.
    parameters: Vec<String>,
}

/// The part between two slashes: literals, each but the last followed by a parameter.
#[derive(Debug)]
struct Segment {
    literals: Vec<String>,
    names: Vec<String>,
}

impl Template {
    pub(super) fn new(path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let is_parameter =
            |entry: &Entry| entry.value.starts_with('{') && entry.value.ends_with('}');
        let (parameters, query): (Vec<_>, Vec<_>) =
            query_entries(query).into_iter().partition(is_parameter);
        Self {
            segments: path.split('/').map(Segment::new).collect(),
            query: query.into_iter().map(|entry| (entry.name, entry.value)).collect(),
            parameters: parameters.into_iter().map(|entry| entry.name).collect(),
        }
    }

    /// Returns a key that sorts specific templates first: those with a literal where others have
    /// a parameter, or with more entries in the query.
    pub(super) fn generality(&self) -> (Vec<u8>, Reverse<usize>) {
        let class = |segment: &Segment| match segment.names.as_slice() {
            [] => 0,
            _ if segment.is_multiple() => 3,
            _ if segment.literals.iter().any(|literal| !literal.is_empty()) => 1,
            _ => 2,
        };
        // After a parameter of several segments, further segments are more specific than none.
        let classes = self.segments.iter().map(class).chain([4]);
        (classes.collect(), Reverse(self.query.len() + self.parameters.len()))
    }

    /// Returns whether a query has the parameters that distinguish this template from others
    /// with the same path.
    pub(super) fn has_parameters(&self, query: &str) -> bool {
        let entries = query_entries(query);
        self.parameters.iter().all(|name| entries.iter().any(|entry| entry.name == *name))
    }

    /// Returns the parameters, still percent-encoded, if a path and query match.
    pub(super) fn matches(&self, path: &str, query: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        let parts: Vec<_> = path.split('/').collect();
        let is_match = match_segments(&self.segments, &parts, &mut found);
        let entries = query_entries(query);
        let is_present = |(name, value): &(String, String)| {
            entries.iter().any(|entry| entry.name == *name && entry.value == *value)
        };
        (is_match && self.query.iter().all(is_present)).then_some(found)
    }
}

/// Matches segments against the parts of a path. A parameter of several segments takes as many
/// as possible.
fn match_segments(segments: &[Segment], parts: &[&str], found: &mut Vec<(String, String)>) -> bool {
    let Some((segment, segments)) = segments.split_first() else { return parts.is_empty() };
    let max = match parts.len().checked_sub(segments.len()) {
        None | Some(0) => return false,
        Some(max) if segment.is_multiple() => max,
        Some(_) => 1,
    };
    let known = found.len();
    (1..=max).rev().any(|count| {
        found.truncate(known);
        let (own, rest) = parts.split_at(count);
        segment.matches(&own.join("/"), found).is_some() && match_segments(segments, rest, found)
    })
}

impl Segment {
    fn new(segment: &str) -> Self {
        let (mut literals, mut names) = (Vec::new(), Vec::new());
        let mut rest = segment;
        while let Some((before, name, after)) = split_parameter(rest) {
            literals.push(before.to_owned());
            names.push(name.to_owned());
            rest = after;
        }
        literals.push(rest.to_owned());
        Self { literals, names }
    }

    /// Whether a parameter spans several segments: its name ends in `+`.
    fn is_multiple(&self) -> bool {
        self.names.iter().any(|name| name.ends_with('+'))
    }

    /// Matches a part of a path. Parameters are as short as possible, and never empty.
    fn matches(&self, part: &str, found: &mut Vec<(String, String)>) -> Option<()> {
        let [first, others @ ..] = self.literals.as_slice() else { return None };
        if others.is_empty() {
            return (part == first || percent_decoded(part) == *first).then_some(());
        }
        let mut rest = part.strip_prefix(first.as_str())?;
        for (i, (name, literal)) in self.names.iter().zip(others).enumerate() {
            let is_last = i + 1 == others.len();
            let end = match literal.as_str() {
                "" if is_last => rest.len(),
                literal if is_last => rest.strip_suffix(literal)?.len(),
                literal => {
                    let mut ends = rest.char_indices().skip(1);
                    ends.find(|(end, _)| rest[*end..].starts_with(literal))?.0
                }
            };
            if end == 0 {
                return None;
            }
            found.push((name.clone(), rest[..end].to_owned()));
            rest = rest[end..].strip_prefix(literal.as_str())?;
        }
        rest.is_empty().then_some(())
    }
}

/// Splits at the first parameter: what comes before it, its name, what comes after it.
fn split_parameter(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, path: &str) -> Option<Vec<String>> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let found = Template::new(template).matches(path, query)?;
        Some(found.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn parameters_are_extracted_from_paths() {
        let found = |values: &[&str]| Some(values.iter().map(ToString::to_string).collect());
        assert_eq!(matches("/a/b", "/a/b"), found(&[]));
        assert_eq!(matches("/a b", "/a%20b"), found(&[]));
        assert_eq!(matches("/a/{id}", "/a/x%2Fy"), found(&["id=x%2Fy"]));
        assert_eq!(matches("/a/{p+}", "/a/b/c"), found(&["p+=b/c"]));
        assert_eq!(matches("/a/{p+}/z/{q}", "/a/b/z/c/z/d"), found(&["p+=b/z/c", "q=d"]));
        assert_eq!(matches("/a?do=x&on", "/a?on&b=1&do=%78"), found(&[]));
        assert_eq!(matches("/a?do=x&id={id}", "/a?do=x"), found(&[]));
        assert_eq!(matches("/{a}/{b}.json", "/1/2.json"), found(&["a=1", "b=2"]));
        assert_eq!(matches("/{a}-{b}:go", "/1-2-3:go"), found(&["a=1", "b=2-3"]));
        assert_eq!(matches("/{é}é{b}", "/ééé"), found(&["é=é", "b=é"]));
        for (template, path) in [
            ("/a", "/a/"),
            ("/a/", "/a"),
            ("/a/{id}", "/a/"),
            ("/a/{id}", "/a/b/c"),
            ("/{a}.json", "/.json"),
            ("/{a}-{b}", "/1-"),
            ("/{a}", "/"),
            ("/a/{p+}", "/a"),
            ("/a/{p+}/z", "/a/b"),
            ("/a?do=x", "/a?do=y"),
            ("/a?do=x", "/a"),
        ] {
            assert_eq!(matches(template, path), None, "{template} {path}");
        }
    }

    #[test]
    fn query_parameters_distinguish_templates() {
        let template = Template::new("/a?do=x&id={id}");
        assert!(template.has_parameters("id=&do=x"));
        assert!(!template.has_parameters("do=x&ids=1"));
        assert!(Template::new("/a?do=x").has_parameters(""));
    }

    #[test]
    fn literals_take_precedence_over_parameters() {
        let paths = ["/{a}/b", "/a/{b+}", "/a/{b+}/c", "/a/{b}", "/a/b", "/a/x{b}", "/a/b?c=d"];
        let mut templates = paths.map(|path| (Template::new(path), path));
        templates.sort_by_key(|(template, _)| template.generality());
        let order = templates.map(|(_, path)| path);
        assert_eq!(
            order,
            ["/a/b?c=d", "/a/b", "/a/x{b}", "/a/{b}", "/a/{b+}/c", "/a/{b+}", "/{a}/b"]
        );
    }
}
