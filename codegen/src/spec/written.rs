//! Texts without quotes that YAML takes for something else: `1.10` in an `enum` of texts is that
//! text, and not the number 1.1.

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::text::child;

/// The keys of a schema that hold values of its type.
const VALUES: [&str; 3] = ["enum", "const", "default"];

/// Puts texts in the place of numbers and booleans that are values of schemas of texts, where a
/// tree alone no longer says how they were written. Those are told, with their places.
pub(super) fn restore(tree: &mut Value, text: &str) -> Vec<(String, String)> {
    let mut pointers = Vec::new();
    find(tree, &Way { outer: None, step: Step::Index(0) }, &mut pointers);
    if pointers.is_empty() {
        return Vec::new();
    }
    // Only then is it worth while to read all again.
    let mut written = Vec::new();
    let wanted = Wanted { tree, pointer: String::new(), is_value: false, written: &mut written };
    if wanted.deserialize(serde_yaml::Deserializer::from_str(text)).is_err() {
        return Vec::new();
    }
    written.retain(|(pointer, _)| pointers.contains(pointer));
    written.retain(|(pointer, text)| match tree.pointer_mut(pointer) {
        // In an `enum`, one whose text is what the tree has is mended with the other flaws.
        Some(value)
            if value.to_string().as_str() != text.as_str() || pointer.ends_with("/const") =>
        {
            *value = text.as_str().into();
            true
        }
        _ => false,
    });
    written
}

/// The way to a value; a pointer is made only of few.
struct Way<'w> {
    outer: Option<&'w Way<'w>>,
    step: Step<'w>,
}

enum Step<'w> {
    Key(&'w str),
    Index(usize),
}

impl Way<'_> {
    fn pointer(&self) -> String {
        let Some(outer) = self.outer else { return String::new() };
        match self.step {
            Step::Key(key) => child(&outer.pointer(), key),
            Step::Index(index) => child(&outer.pointer(), index),
        }
    }
}

/// Finds the values of schemas of texts that are none.
fn find(value: &Value, way: &Way<'_>, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            let is_text = entries.get("type").is_some_and(|ty| ty == "string");
            for key in VALUES.into_iter().filter(|_| is_text) {
                let at = || child(&way.pointer(), key);
                match entries.get(key) {
                    Some(Value::Array(items)) if key == "enum" => {
                        let places = items.iter().enumerate().filter(|(_, item)| is_other(item));
                        found.extend(places.map(|(i, _)| child(&at(), i)));
                    }
                    Some(value) if is_other(value) => found.push(at()),
                    _ => {}
                }
            }
            for (key, value) in entries {
                find(value, &Way { outer: Some(way), step: Step::Key(key) }, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                find(value, &Way { outer: Some(way), step: Step::Index(index) }, found);
            }
        }
        _ => {}
    }
}

fn is_other(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// Reads a text along its tree, for how the values of schemas are written.
struct Wanted<'a> {
    tree: &'a Value,
    pointer: String,
    is_value: bool,
    written: &'a mut Vec<(String, String)>,
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.tree {
            Value::Array(_) | Value::Object(_) => deserializer.deserialize_any(self),
            value if self.is_value && is_other(value) => deserializer.deserialize_str(self),
            _ => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
        }
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what stood there before")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.written.push((self.pointer, text.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for i in 0_usize.. {
            let seed = Wanted {
                tree: self.tree.get(i).unwrap_or_default(),
                pointer: child(&self.pointer, i),
                is_value: self.is_value,
                written: self.written,
            };
            if seq.next_element_seed(seed)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(Wanted {
                tree: self.tree.get(&key).unwrap_or_default(),
                pointer: child(&self.pointer, &key),
                is_value: VALUES.contains(&key.as_str()),
                written: self.written,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::yaml;

    #[test]
    fn what_is_a_text_by_its_type_is_the_text_as_written() {
        let text = "\
a: &a { type: string, enum: [1.10, 1e3, 0x10, True, 2, plain, null, '1.0'], default: 1.10 }
b: *a
c: { type: number, enum: [1.10] }
d: { enum: [1.50], type: string }
e/f: { type: string, const: 2.0 }
type: string
enum: { 1.10: 1.10 }
";
        let read = yaml::read(text).ok().map(|read| (read.value, read.texts.len()));
        let of_texts = json!({
            "type": "string",
            "enum": ["1.10", "1e3", "0x10", "True", 2, "plain", null, "1.0"],
            "default": "1.10",
        });
        let wanted = json!({
            "a": of_texts,
            "b": of_texts,
            "c": { "type": "number", "enum": [1.1] },
            "d": { "enum": ["1.50"], "type": "string" },
            "e/f": { "type": "string", "const": "2.0" },
            "type": "string",
            "enum": { "1.10": 1.1 },
        });
        assert_eq!(read, Some((wanted, 12)));
    }

    #[test]
    fn what_json_writes_without_quotes_is_what_it_is() {
        let text = r#"{"type": "string", "enum": [1.10, true]}"#;
        let read = yaml::read(text).ok().map(|read| read.value);
        assert_eq!(read, Some(json!({ "type": "string", "enum": [1.1, true] })));
    }
}
