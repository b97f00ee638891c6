//! Strings without quotes that YAML takes for something else. In an `enum` of strings, `1.10` is
//! that string, and not the number 1.1.

use serde_json::Value;

use crate::text::{child, scalars};

/// The keywords of a schema that hold values of its type.
const KEYWORDS: [&str; 3] = ["enum", "const", "default"];

/// Replaces numbers and booleans by the strings that are written, in schemas of type `string`.
/// Returns the replaced values with their pointers.
pub(super) fn restore(tree: &mut Value, source: &str) -> Vec<(String, String)> {
    let mut pointers = Vec::new();
    find(tree, &Path { parent: None, step: Step::Index(0) }, &mut pointers);
    if pointers.is_empty() {
        return Vec::new();
    }
    // Only then is the source read again.
    let mut restored = Vec::new();
    for (index, written) in scalars(source, &pointers) {
        let Some(pointer) = pointers.get(index) else { continue };
        let Some(value) = tree.pointer_mut(pointer) else { continue };
        // Values of an `enum` that are written as YAML prints them are handled by `recover`.
        let printed = value.to_string();
        if printed != written || pointer.ends_with("/const") {
            *value = written.as_str().into();
            restored.push((pointer.clone(), written));
        }
    }
    restored
}

/// Path to a value. Few values need a pointer, so it is made on demand.
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

impl Path<'_> {
    fn pointer(&self) -> String {
        let Some(parent) = self.parent else { return String::new() };
        match self.step {
            Step::Key(key) => child(&parent.pointer(), key),
            Step::Index(index) => child(&parent.pointer(), index),
        }
    }
}

/// Finds the values of string schemas that are not strings.
fn find(value: &Value, path: &Path<'_>, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                find(value, &Path { parent: Some(path), step: Step::Key(key) }, found);
            }
            let has_values = entries.keys().any(|key| KEYWORDS.contains(&key.as_str()));
            if !has_values || entries.get("type").is_none_or(|ty| ty != "string") {
                return;
            }
            for keyword in KEYWORDS {
                let at = || child(&path.pointer(), keyword);
                match entries.get(keyword) {
                    Some(Value::Array(items)) if keyword == "enum" => {
                        let others = items.iter().enumerate().filter(|(_, item)| is_other(item));
                        found.extend(others.map(|(i, _)| child(&at(), i)));
                    }
                    Some(value) if is_other(value) => found.push(at()),
                    _ => {}
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                find(value, &Path { parent: Some(path), step: Step::Index(index) }, found);
            }
        }
        _ => {}
    }
}

fn is_other(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parse;

    #[test]
    fn values_of_string_schemas_are_the_strings_that_are_written() {
        let source = "\
a: &a { type: string, enum: [1.10, 1e3, 0x10, True, 2, plain, null, '1.0'], default: 1.10 }
b: *a
c: { type: number, enum: [1.10] }
d: { enum: [1.50], type: string }
e/f: { type: string, const: 2.0 }
type: string
enum: { 1.10: 1.10 }
";
        let parsed = parse(source).ok().map(|parsed| (parsed.value, parsed.unquoted.len()));
        let strings = json!({
            "type": "string",
            "enum": ["1.10", "1e3", "0x10", "True", 2, "plain", null, "1.0"],
            "default": "1.10",
        });
        let expected = json!({
            "a": strings,
            "b": strings,
            "c": { "type": "number", "enum": [1.1] },
            "d": { "enum": ["1.50"], "type": "string" },
            "e/f": { "type": "string", "const": "2.0" },
            "type": "string",
            "enum": { "1.10": 1.1 },
        });
        assert_eq!(parsed, Some((expected, 12)));
    }

    #[test]
    fn unquoted_values_in_json_keep_their_type() {
        let source = r#"{"type": "string", "enum": [1.10, true]}"#;
        let parsed = parse(source).ok().map(|parsed| parsed.value);
        assert_eq!(parsed, Some(json!({ "type": "string", "enum": [1.1, true] })));
    }
}
