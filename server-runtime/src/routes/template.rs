//! Paths with parameters in braces: whether one fits, and what the parameters are.

use std::cmp::Reverse;

use crate::input::{Entry, decoded, entries_of};

/// The path of an operation, taken apart.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Segment>,
    /// What the query has to have.
    query: Vec<(String, String)>,
    /// The parameters that it should have.
    parameters: Vec<String>,
}

/// What stands between two slashes: texts, with a parameter behind each but the last.
#[derive(Debug)]
struct Segment {
    texts: Vec<String>,
    names: Vec<String>,
}

impl Template {
    pub(super) fn new(path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let is_parameter = |entry: &Entry| entry.text.starts_with('{') && entry.text.ends_with('}');
        let (parameters, query): (Vec<_>, Vec<_>) =
            entries_of(query).into_iter().partition(is_parameter);
        Self {
            segments: path.split('/').map(Segment::new).collect(),
            query: query.into_iter().map(|entry| (entry.name, entry.text)).collect(),
            parameters: parameters.into_iter().map(|entry| entry.name).collect(),
        }
    }

    /// What sorts the more particular template first: where two differ, one has a text and
    /// the other a parameter, or one wants more of the query.
    pub(super) fn generality(&self) -> (Vec<u8>, Reverse<usize>) {
        let class = |segment: &Segment| match segment.names.as_slice() {
            [] => 0,
            _ if segment.takes_several() => 3,
            _ if segment.texts.iter().any(|text| !text.is_empty()) => 1,
            _ => 2,
        };
        // Where one takes several segments, another that goes on behind it comes first.
        let classes = self.segments.iter().map(class).chain([4]);
        (classes.collect(), Reverse(self.query.len() + self.parameters.len()))
    }

    /// Whether a query has the parameters that tell this template from others of the same path.
    pub(super) fn has_parameters(&self, query: &str) -> bool {
        let given = entries_of(query);
        self.parameters.iter().all(|name| given.iter().any(|entry| entry.name == *name))
    }

    /// The parameters, still encoded, if an address fits.
    pub(super) fn fit(&self, path: &str, query: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        let parts: Vec<_> = path.split('/').collect();
        let fits = fit(&self.segments, &parts, &mut found);
        let given = entries_of(query);
        let is_given = |(name, text): &(String, String)| {
            given.iter().any(|entry| entry.name == *name && entry.text == *text)
        };
        (fits && self.query.iter().all(is_given)).then_some(found)
    }
}

/// Whether segments fit parts of a path. One that takes several takes as many as it can.
fn fit(segments: &[Segment], parts: &[&str], found: &mut Vec<(String, String)>) -> bool {
    let Some((segment, segments)) = segments.split_first() else { return parts.is_empty() };
    let most = match parts.len().checked_sub(segments.len()) {
        None | Some(0) => return false,
        Some(most) if segment.takes_several() => most,
        Some(_) => 1,
    };
    let known = found.len();
    (1..=most).rev().any(|count| {
        found.truncate(known);
        let (own, rest) = parts.split_at(count);
        segment.fit(&own.join("/"), found).is_some() && fit(segments, rest, found)
    })
}

impl Segment {
    fn new(text: &str) -> Self {
        let (mut texts, mut names) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some((before, name, after)) = parameter(rest) {
            texts.push(before.to_owned());
            names.push(name.to_owned());
            rest = after;
        }
        texts.push(rest.to_owned());
        Self { texts, names }
    }

    /// Whether it takes several parts of a path: the name of its parameter ends in `+`.
    fn takes_several(&self) -> bool {
        self.names.iter().any(|name| name.ends_with('+'))
    }

    /// Takes the parameters out of a part of a path: each as short as it can be, and none
    /// empty.
    fn fit(&self, part: &str, found: &mut Vec<(String, String)>) -> Option<()> {
        let [first, others @ ..] = self.texts.as_slice() else { return None };
        if others.is_empty() {
            return (part == first || decoded(part) == *first).then_some(());
        }
        let mut rest = part.strip_prefix(first.as_str())?;
        for (i, (name, text)) in self.names.iter().zip(others).enumerate() {
            let is_last = i + 1 == others.len();
            let end = match text.as_str() {
                "" if is_last => rest.len(),
                text if is_last => rest.strip_suffix(text)?.len(),
                text => {
                    rest.char_indices().skip(1).find(|(at, _)| rest[*at..].starts_with(text))?.0
                }
            };
            if end == 0 {
                return None;
            }
            found.push((name.clone(), rest[..end].to_owned()));
            rest = rest[end..].strip_prefix(text.as_str())?;
        }
        rest.is_empty().then_some(())
    }
}

/// The first parameter in a text, with what stands before and behind it.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(template: &str, path: &str) -> Option<Vec<String>> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let found = Template::new(template).fit(path, query)?;
        Some(found.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn parameters_are_taken_out_of_paths() {
        let found = |values: &[&str]| Some(values.iter().map(ToString::to_string).collect());
        assert_eq!(fit("/a/b", "/a/b"), found(&[]));
        assert_eq!(fit("/a b", "/a%20b"), found(&[]));
        assert_eq!(fit("/a/{id}", "/a/x%2Fy"), found(&["id=x%2Fy"]));
        assert_eq!(fit("/a/{p+}", "/a/b/c"), found(&["p+=b/c"]));
        assert_eq!(fit("/a/{p+}/z/{q}", "/a/b/z/c/z/d"), found(&["p+=b/z/c", "q=d"]));
        assert_eq!(fit("/a?do=x&on", "/a?on&b=1&do=%78"), found(&[]));
        assert_eq!(fit("/a?do=x&id={id}", "/a?do=x"), found(&[]));
        assert_eq!(fit("/{a}/{b}.json", "/1/2.json"), found(&["a=1", "b=2"]));
        assert_eq!(fit("/{a}-{b}:go", "/1-2-3:go"), found(&["a=1", "b=2-3"]));
        assert_eq!(fit("/{é}é{b}", "/ééé"), found(&["é=é", "b=é"]));
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
            assert_eq!(fit(template, path), None, "{template} {path}");
        }
    }

    #[test]
    fn parameters_of_the_query_tell_templates_apart() {
        let template = Template::new("/a?do=x&id={id}");
        assert!(template.has_parameters("id=&do=x"));
        assert!(!template.has_parameters("do=x&ids=1"));
        assert!(Template::new("/a?do=x").has_parameters(""));
    }

    #[test]
    fn texts_come_before_parameters() {
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
