//! YAML, and with it JSON, as a tree.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is no YAML, and where, in bytes from its beginning.
pub(super) struct NotYaml {
    pub(super) message: String,
    pub(super) offset: Option<usize>,
}

/// Reads a text, with its merge keys applied.
pub(super) fn read(text: &str) -> Result<Value, NotYaml> {
    let mut root = Node.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let offset = error.location().map(|location| location.index());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        NotYaml { message, offset }
    })?;
    merge_keys(&mut root);
    Ok(root)
}

/// Reads any YAML as JSON. Keys become strings (`200:` is a common one), and a key that
/// stands twice is refused instead of one being lost.
struct Node;

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        // No number of JSON is that large: the next one that is.
        Ok((value as f64).into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Node)? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if entries.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands twice")));
            }
            entries.insert(key, map.next_value_seed(Node)?);
        }
        Ok(entries.into())
    }
}

/// Applies YAML merge keys: `<<: *anchor` adds what the object does not have itself.
fn merge_keys(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(merge_keys),
        Value::Object(entries) => {
            entries.values_mut().for_each(merge_keys);
            let merged = match entries.shift_remove("<<") {
                Some(Value::Array(items)) => items,
                other => other.into_iter().collect(),
            };
            for inherited in merged {
                if let Value::Object(inherited) = inherited {
                    for (key, value) in inherited {
                        entries.entry(key).or_insert(value);
                    }
                }
            }
        }
        _ => {}
    }
}
