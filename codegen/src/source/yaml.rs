//! YAML, and with it JSON, as a tree.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::child;

/// How deep two objects under one key are parts of one: `components` that is begun twice, or a
/// path with one of its methods here and one there.
const JOINED_DEPTH: usize = 2;

/// What the error says of a key that stands twice.
const TWICE: &str = "stands twice";

/// Why a text is no YAML, and where, in bytes from its beginning.
pub(super) struct NotYaml {
    pub(super) message: String,
    pub(super) offset: Option<usize>,
}

/// A text as a tree.
pub(super) struct Read {
    pub(super) value: Value,
    /// The keys that stand twice in their object.
    pub(super) repeated: Vec<Repeated>,
}

/// A key that stands twice in its object.
pub(super) struct Repeated {
    pub(super) pointer: String,
    /// Whether what stands under both is read as one, and not the latter alone.
    pub(super) is_joined: bool,
}

/// Reads a text, with its merge keys applied.
pub(super) fn read(text: &str) -> Result<Read, NotYaml> {
    let parse = |node: Node<'_>| node.deserialize(serde_yaml::Deserializer::from_str(text));
    let repeats = RefCell::new(Repeats::default());
    let root = match parse(Node { repeats: None }) {
        // Only then is it worth while to know at each key where it is.
        Err(error) if error.to_string().contains(TWICE) => parse(Node { repeats: Some(&repeats) }),
        other => other,
    };
    let mut value = root.map_err(|error| {
        let offset = error.location().map(|location| location.index());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        NotYaml { message, offset }
    })?;
    merge_keys(&mut value);
    Ok(Read { value, repeated: repeats.into_inner().found })
}

/// The keys that stand twice, and the way to the value that is being read.
#[derive(Default)]
struct Repeats {
    found: Vec<Repeated>,
    path: Vec<String>,
}

/// Reads any YAML as JSON. Keys become strings (`200:` is a common one). A key that stands
/// twice is an error, or noted where there is something to note it in.
#[derive(Clone, Copy)]
struct Node<'a> {
    repeats: Option<&'a RefCell<Repeats>>,
}

impl Node<'_> {
    fn enter(self, step: impl fmt::Display) {
        if let Some(repeats) = self.repeats {
            repeats.borrow_mut().path.push(step.to_string());
        }
    }

    fn leave(self) {
        if let Some(repeats) = self.repeats {
            repeats.borrow_mut().path.pop();
        }
    }

    /// What stands under a key for the second time takes the place of the first, as in JSON.
    fn repeat(self, entries: &mut Map<String, Value>, key: String, value: Value) {
        let Some(repeats) = self.repeats else { return };
        let mut repeats = repeats.borrow_mut();
        let parent = repeats.path.iter().fold(String::new(), |pointer, step| child(&pointer, step));
        let depth = repeats.path.len();
        add(entries, (key, value), (&parent, depth), &mut repeats.found);
    }
}

/// Adds an entry to an object that may have one with this key.
fn add(
    entries: &mut Map<String, Value>,
    (key, value): (String, Value),
    (parent, depth): (&str, usize),
    found: &mut Vec<Repeated>,
) {
    let pointer = child(parent, &key);
    match (entries.get_mut(&key), value) {
        (None, value) => drop(entries.insert(key, value)),
        (Some(Value::Object(first)), Value::Object(second)) if depth < JOINED_DEPTH => {
            found.push(Repeated { pointer: pointer.clone(), is_joined: true });
            for entry in second {
                add(first, entry, (&pointer, depth + 1), found);
            }
        }
        (Some(first), second) => {
            *first = second;
            found.push(Repeated { pointer, is_joined: false });
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
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
        self.enter(0);
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
            self.leave();
            self.enter(items.len());
        }
        self.leave();
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let is_repeated = entries.contains_key(&key);
            if is_repeated && self.repeats.is_none() {
                return Err(A::Error::custom(format_args!("the key `{key}` {TWICE}")));
            }
            self.enter(&key);
            let value = map.next_value_seed(self)?;
            self.leave();
            match is_repeated {
                true => self.repeat(&mut entries, key, value),
                false => drop(entries.insert(key, value)),
            }
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
