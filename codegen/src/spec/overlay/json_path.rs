//! JSONPath (RFC 9535), as the set of locations that an expression selects.
//!
//! A path is evaluated segment by segment, and each location is kept once. Otherwise `$..*..*..*`
//! would select the same location many times, and need more memory with each segment.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::diagnostics::{Message, messages};
use crate::text::{child, value_at};

/// Maximum nesting of a JSONPath, whose parser is recursive.
const MAX_DEPTH: usize = 64;

/// Maximum number of values that the filters of a JSONPath may visit.
const MAX_VISITS: u64 = 100_000_000;

/// One step of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Index(usize),
    Name(String),
}

impl Step {
    /// Returns the index, if it is one.
    pub(super) fn index(&self) -> Option<usize> {
        match self {
            Self::Index(index) => Some(*index),
            Self::Name(_) => None,
        }
    }

    /// Returns the name, if it is one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Index(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

/// Returns the locations that an expression matches, each once. An element of an array comes before
/// later elements, and before its own content.
pub(super) fn query(expression: &str, value: &Value) -> Result<Vec<Vec<Step>>, Message> {
    let path = parse(expression)?;
    if visits(expression, value) > MAX_VISITS {
        return Err(messages::expensive_json_path(expression, MAX_VISITS));
    }
    let segments = segments(expression);
    // `$` in a filter is the root of the document, so such a path cannot be split.
    if segments.iter().any(|segment| code(segment).any(|c| c == '$')) {
        let mut found = BTreeSet::new();
        select(&path, value, &[], &mut found);
        return Ok(found.into_iter().collect());
    }
    let mut locations = vec![Vec::new()];
    for segment in segments {
        let path = parse(&format!("${segment}"))?;
        let mut found = BTreeSet::new();
        if segment.starts_with("..") {
            // What is in another location is searched with it, and comes after it.
            let mut outer: Option<Vec<Step>> = None;
            locations.retain(|location| {
                let is_inner = outer.as_ref().is_some_and(|outer| location.starts_with(outer));
                if !is_inner {
                    outer = Some(location.clone());
                }
                !is_inner
            });
        }
        for location in &locations {
            if let Some(value) = value_at(value, &pointer(location)) {
                select(&path, value, location, &mut found);
            }
        }
        locations = found.into_iter().collect();
    }
    Ok(locations)
}

/// Adds the locations that a path selects in a value.
fn select(path: &JsonPath, value: &Value, at: &[Step], found: &mut BTreeSet<Vec<Step>>) {
    for location in path.query_located(value).locations() {
        let steps = location.iter().map(|element| match element {
            PathElement::Name(name) => Step::Name((*name).to_owned()),
            PathElement::Index(index) => Step::Index(*index),
        });
        found.insert(at.iter().cloned().chain(steps).collect());
    }
}

fn parse(expression: &str) -> Result<JsonPath, Message> {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for c in expression.chars() {
        match c {
            '(' | '[' | '!' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_DEPTH {
        return Err(messages::nested_json_path(MAX_DEPTH));
    }
    JsonPath::parse(expression).map_err(|error| {
        let (before, rest) =
            expression.split_at_checked(error.position()).unwrap_or((expression, ""));
        match (expression.starts_with('$'), rest) {
            (false, _) => messages::json_path_without_root(expression),
            (true, "") => messages::incomplete_json_path(expression),
            (true, rest) => {
                let column = before.chars().count() + 1;
                messages::invalid_json_path(expression, column, rest, error.message())
            }
        }
    })
}

/// Returns the characters of an expression that are not in a string.
fn code(expression: &str) -> impl Iterator<Item = char> {
    let mut quote = None;
    let mut is_escaped = false;
    expression.chars().filter(move |c| match quote {
        Some(_) if is_escaped => {
            is_escaped = false;
            false
        }
        Some(end) => {
            is_escaped = *c == '\\';
            if *c == end {
                quote = None;
            }
            false
        }
        None => {
            if matches!(c, '"' | '\'') {
                quote = Some(*c);
            }
            true
        }
    })
}

/// Returns the segments of a valid expression.
fn segments(expression: &str) -> Vec<&str> {
    let rest = expression.strip_prefix('$').unwrap_or(expression);
    // Each segment starts at `[` or `.` outside of brackets, but not after the dots of a segment.
    let mut starts = Vec::new();
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        if let Some(end) = quote {
            quote = (is_escaped || c != end).then_some(end);
            is_escaped = !is_escaped && c == '\\';
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '.' | '[' if depth == 0 && before != '.' => starts.push(at),
            _ => {}
        }
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = c;
    }
    let ends = starts.iter().skip(1).copied().chain([rest.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| Some(rest.get(*start..end)?.trim())).collect()
}

/// Returns an upper bound of the number of values that the filters of an expression visit.
fn visits(expression: &str, value: &Value) -> u64 {
    let code: String = code(expression).collect();
    let Some((_, filters)) = code.split_once('?') else { return 0 };
    let (values, depth) = size(value);
    let count = |what: &str| u32::try_from(filters.matches(what).count()).unwrap_or(u32::MAX);
    // Each `..` visits a value once for each value that contains it, and a `$` visits all values.
    let absolute = if filters.contains(['*', ':']) || filters.contains("..") || count("?") > 0 {
        count("$")
    } else {
        0
    };
    values
        .saturating_mul(depth.saturating_pow(count("..")))
        .saturating_mul(values.saturating_pow(absolute))
        .saturating_mul(2_u64.saturating_pow(count(",")))
}

/// Returns the number of values in a value, itself included, and their maximum nesting.
fn size(value: &Value) -> (u64, u64) {
    let add = |(values, depth): (u64, u64), inner: &Value| {
        let (more, deeper) = size(inner);
        (values + more, depth.max(deeper + 1))
    };
    match value {
        Value::Array(items) => items.iter().fold((1, 1), add),
        Value::Object(entries) => entries.values().fold((1, 1), add),
        _ => (1, 1),
    }
}

/// Returns the JSON pointer of a location.
pub(super) fn pointer(location: &[Step]) -> String {
    location.iter().fold(String::new(), |pointer, step| match step {
        Step::Index(index) => child(&pointer, index),
        Step::Name(name) => child(&pointer, name),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(expression: &str, value: &Value) -> Vec<String> {
        let found = query(expression, value).unwrap_or_else(|error| panic!("{}", error.content));
        found.iter().map(|location| pointer(location)).collect()
    }

    #[test]
    fn paths_are_split_into_segments() {
        for (expression, expected) in [
            ("$", &[][..]),
            ("$.a..b.*", &[".a", "..b", ".*"]),
            ("$ .a\n[0] ..['x.y[\\'']..*", &[".a", "[0]", "..['x.y[\\'']", "..*"]),
            ("$[?@.a[0]=='].']..[1:2]", &["[?@.a[0]=='].']", "..[1:2]"]),
            (r#"$["\\"].a["\""]"#, &[r#"["\\"]"#, ".a", r#"["\""]"#]),
        ] {
            assert_eq!(segments(expression), expected, "{expression}");
        }
    }

    #[test]
    fn each_location_is_found_once() {
        let value = json!({ "a": { "b": [{ "c": 1 }, 2] } });
        let all = ["/a", "/a/b", "/a/b/0", "/a/b/0/c", "/a/b/1"];
        assert_eq!(found("$..*", &value), all);
        assert_eq!(found("$..*..*..*", &value), ["/a/b/0", "/a/b/0/c", "/a/b/1"]);
        assert_eq!(found("$[*,*,'a']", &value), ["/a"]);
        assert_eq!(found("$.a[?$.a.b[1]==2]", &value), ["/a/b"]);
        // The nesting of the document is limited, but not the number of segments.
        let deep = (0..60).fold(json!(1), |inner, _| json!([inner, 0]));
        assert_eq!(found(&format!("${}", "..*".repeat(30)), &deep).len(), 62);
        assert_eq!(found(&format!("$..*{}", "[*,*,*]".repeat(30)), &deep).len(), 60);
    }

    #[test]
    fn expensive_filters_are_rejected() {
        let wide = Value::Array((0..100_000).map(|_| json!({ "a": [1] })).collect());
        assert!(query("$[?@.a[0]==1]", &wide).is_ok());
        for expression in
            ["$[?$..a]", "$..[?@..[?@..[?@..[?@..[?@..*]]]]]", "$[?@[*,*,*,*,*,*,*,*,*,*]]"]
        {
            let error = query(expression, &wide).err().map(|error| error.content);
            assert!(error.unwrap_or_default().contains("visit more than"), "{expression}");
        }
        assert!(query("$[?@.a=='$..,,,,,,,,,,,,,,']", &wide).is_ok());
    }
}
