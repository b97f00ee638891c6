//! YAML, and with it JSON, as a tree.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::written;
use crate::text::{child, replaced};

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
    /// Where the first sign stands that cannot be read.
    pub(super) replaced: Option<usize>,
    /// What is read as the text that stands there, with its place.
    pub(super) texts: Vec<(String, String)>,
}

/// A key that stands twice in its object.
pub(super) struct Repeated {
    pub(super) pointer: String,
    /// Whether what stands under both is read as one, and not the latter alone.
    pub(super) is_joined: bool,
}

/// Reads a text, with its merge keys applied.
pub(super) fn read(text: &str) -> Result<Read, NotYaml> {
    let is_yaml = |text: &str| {
        let mut read = read_with(text, &|node, text| yaml(node, text))?;
        read.texts = written::restore(&mut read.value, text);
        Ok(read)
    };
    // JSON has signs and escapes that YAML has not.
    let is_json = |text: &str| read_with(text, &|node, text| json(node, text));
    let begins_as_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let either = |text: &str| match begins_as_json.then(|| is_json(text)) {
        Some(Ok(read)) => Ok(read),
        Some(Err(of_json)) => is_yaml(text).map_err(|of_yaml| of_json.further(of_yaml)),
        None => is_yaml(text),
    };
    let mut read = either(text).or_else(|error| match replaced(text) {
        (Cow::Borrowed(_), _) => Err(error),
        (Cow::Owned(mended), replaced) => either(&mended).map(|read| Read { replaced, ..read }),
    })?;
    merge_keys(&mut read.value);
    Ok(read)
}

type Parse<'p> = &'p dyn Fn(Node<'_>, &str) -> Result<Value, NotYaml>;

fn read_with(text: &str, parse: Parse<'_>) -> Result<Read, NotYaml> {
    let repeats = RefCell::new(Repeats::default());
    let value = match parse(Node { repeats: None }, text) {
        // Only then is it worth while to know at each key where it is.
        Err(error) if error.message.contains(TWICE) => {
            parse(Node { repeats: Some(&repeats) }, text)
        }
        other => other,
    }?;
    Ok(Read { value, repeated: repeats.into_inner().found, replaced: None, texts: Vec::new() })
}

fn yaml(node: Node<'_>, text: &str) -> Result<Value, NotYaml> {
    node.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let offset = error.location().map(|location| location.index());
        NotYaml { message: without_place(&error), offset }
    })
}

fn json(node: Node<'_>, text: &str) -> Result<Value, NotYaml> {
    let mut deserializer = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let value = node.deserialize(&mut deserializer);
    value.and_then(|value| deserializer.end().map(|()| value)).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        NotYaml { message: without_place(&error), offset: Some(offset) }
    })
}

/// What is wrong, without where: that is shown.
fn without_place(error: &impl fmt::Display) -> String {
    error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

impl NotYaml {
    /// Of two readings, that which came further.
    fn further(self, other: Self) -> Self {
        if self.offset > other.offset { self } else { other }
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn json_and_yaml_are_read_alike() {
        for text in [
            r#"{"a": ["\ud83d\ude00", "x/y"], "b": {"c": null}}"#,
            "\u{feff}{\"a\": [\"\u{1f600}\", \"x\\/y\"],\n\t\"b\": {\"c\": null}}",
            "{a: ['\u{1f600}', x/y,], b: {c: }}",
            "{\"a\": [\"\\ud83d\\ude00\", 'x/y'], \"b\": {\"c\": }}",
            "a:\n- \"\\ud83d\\ude00\"\n- x/y\nb: {c: }\n",
        ] {
            let read = read(text).ok().map(|read| (read.value, read.replaced));
            let wanted = json!({"a": ["\u{1f600}", "x/y"], "b": {"c": null}});
            assert_eq!(read, Some((wanted, None)), "{text}");
        }
    }

    #[test]
    fn signs_that_cannot_be_read_cost_only_themselves() {
        for (text, wanted, at) in [
            ("{\"a\": \"x\u{7f}\"}", "x\u{7f}", None),
            ("{\"a\": \"x\u{1}\"}", "x\u{fffd}", Some(8)),
            ("{\"a\": \"x\\ud83d\"}", "x\u{fffd}", Some(8)),
            ("a: x\u{7f}\n", "x\u{fffd}", Some(4)),
        ] {
            let read = read(text).ok().map(|read| (read.value, read.replaced));
            assert_eq!(read, Some((json!({"a": wanted}), at)), "{text}");
        }
    }

    #[test]
    fn of_two_readings_the_one_that_came_further_says_what_is_wrong() {
        let json = read("{\"a\": 1, \"b\": [1, 2}\n").err().map(|error| error.offset);
        assert_eq!(json, Some(Some(19)));
        let yaml = read("{a: 1, b: [1, 2}\n").err().map(|error| error.offset);
        assert_eq!(yaml, Some(Some(15)));
    }
}
