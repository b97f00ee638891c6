//! Paths with parameters in braces: whether one fits, and what the parameters are.

use crate::input::decoded;

/// The path of an operation, taken apart.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Segment>,
}

/// What stands between two slashes: texts, with a parameter behind each but the last.
#[derive(Debug)]
struct Segment {
    texts: Vec<String>,
    names: Vec<String>,
}

impl Template {
    pub(super) fn new(path: &str) -> Self {
        Self { segments: path.split('/').map(Segment::new).collect() }
    }

    /// What sorts the more particular template first: where two differ, one has a text and
    /// the other a parameter.
    pub(super) fn generality(&self) -> Vec<u8> {
        let class = |segment: &Segment| match segment.names.as_slice() {
            [] => 0,
            _ if segment.texts.iter().any(|text| !text.is_empty()) => 1,
            _ => 2,
        };
        self.segments.iter().map(class).collect()
    }

    /// The parameters, still encoded, if a path fits.
    pub(super) fn fit(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        let mut parts = path.split('/');
        for segment in &self.segments {
            segment.fit(parts.next()?, &mut found)?;
        }
        parts.next().is_none().then_some(found)
    }
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
        let found = Template::new(template).fit(path)?;
        Some(found.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn parameters_are_taken_out_of_paths() {
        let found = |values: &[&str]| Some(values.iter().map(ToString::to_string).collect());
        assert_eq!(fit("/a/b", "/a/b"), found(&[]));
        assert_eq!(fit("/a b", "/a%20b"), found(&[]));
        assert_eq!(fit("/a/{id}", "/a/x%2Fy"), found(&["id=x%2Fy"]));
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
            ("/{a}", ""),
        ] {
            assert_eq!(fit(template, path), None, "{template} {path}");
        }
    }

    #[test]
    fn texts_come_before_parameters() {
        let mut templates = ["/{a}/b", "/a/{b}", "/a/b", "/a/x{b}"].map(Template::new);
        templates.sort_by_key(Template::generality);
        let order = templates.map(|template| template.generality());
        assert_eq!(order, [[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 2, 0]]);
    }
}
