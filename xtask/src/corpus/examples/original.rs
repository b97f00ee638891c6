//! The original of a schema, found by the JSON pointer that it has after OpenAPI 3.1 was
//! rewritten as 3.0. That removes `null` alternatives, puts a single remaining one into an
//! `allOf`, and turns several types into alternatives.

use serde_json::Value;

use crate::corpus::pointer::unescape;

/// Returns the schema at a pointer.
pub(super) fn schema<'a>(root: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut at = root;
    let mut parts = pointer.split('/').skip(1).map(unescape);
    while let Some(part) = parts.next() {
        let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| at.get(*key)?.as_array());
        at = match (part.as_str(), at.get(&part), alternatives) {
            ("anyOf" | "oneOf", Some(Value::Array(members)), _) => {
                not_null(members, &parts.next()?)?
            }
            ("allOf", None, Some(members)) => not_null(members, &parts.next()?)?,
            // Each of several types has the keywords next to them.
            ("anyOf", None, _) if at.get("type").is_some_and(Value::is_array) => {
                parts.next()?;
                at
            }
            (_, Some(child), _) => child,
            (part, None, _) => at.get(part.parse::<usize>().ok()?)?,
        };
    }
    Some(at)
}

fn not_null<'a>(members: &'a [Value], index: &str) -> Option<&'a Value> {
    let is_null = |member: &&Value| member.get("type").is_some_and(|name| name == "null");
    members.iter().filter(|member| !is_null(member)).nth(index.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rewritten_schemas_are_found() {
        let root = json!({"It": {
            "a/b": [{"x": 1}],
            "one": {"anyOf": [{"type": "null"}, {"x": 2}]},
            "two": {"oneOf": [{"x": 3}, {"type": "null"}, {"x": 4}]},
            "types": {"type": ["object", "string"], "properties": {"p": {"x": 5}}},
            "plain": {"allOf": [{"x": 6}]},
        }});
        for (pointer, x) in [
            ("/It/a~1b/0", 1),
            ("/It/one/allOf/0", 2),
            ("/It/two/oneOf/1", 4),
            ("/It/types/anyOf/0/properties/p", 5),
            ("/It/plain/allOf/0", 6),
        ] {
            assert_eq!(schema(&root, pointer), Some(&json!({"x": x})), "{pointer}");
        }
        assert_eq!(schema(&root, "/It/none/0"), None);
    }
}
