//! A source as a tree. The only module that parses YAML into values.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::map::{Entry, Map};

use super::depth::{TOO_DEEP, too_deep};
use super::duplicates::{Duplicate, MERGE_DEPTH, duplicates};
use super::hints::hint;
use super::unquoted;
use crate::text::replaced;

/// The bytes that a key, an element or a string is counted as, in addition to those of a string. In a
/// source, an element has at least two characters, and a string is one element.
const COST: usize = 32;

/// The bytes that the values of aliases may need. Each alias is a copy, so a short source can have
/// values of any size.
const MAX_ALIASES: usize = 64 << 20;

/// The message for values that are too large.
const TOO_LARGE: &str = "aliases are expanded to more than 64 MiB";

/// The bytes of a key. Each pointer below it contains it.
const MAX_KEY: usize = 64 << 10;

/// The bytes of another string. Names are made of some, and others are written several times.
const MAX_STRING: usize = 4 << 20;

/// A syntax error, with its byte offset, if it is known.
pub(in super::super) struct SyntaxError {
    pub(in super::super) message: String,
    pub(in super::super) offset: Option<usize>,
}

/// A parsed source.
pub(in super::super) struct Parsed {
    pub(in super::super) value: Value,
    pub(in super::super) duplicates: Vec<Duplicate>,
    /// Byte offset of the first character that was replaced.
    pub(in super::super) replaced: Option<usize>,
    /// Values that are read as the strings that are written, with their pointers.
    pub(in super::super) unquoted: Vec<(String, String)>,
}

/// Parses a source and applies its merge keys.
pub(in super::super) fn parse(source: &str) -> Result<Parsed, SyntaxError> {
    // YAML would read a second byte order mark as a part of the first key.
    let content = source.trim_start_matches('\u{feff}');
    let shifted = |offset| offset + source.len() - content.len();
    match parse_content(content) {
        Ok(parsed) => Ok(Parsed { replaced: parsed.replaced.map(shifted), ..parsed }),
        Err(error) => Err(SyntaxError { offset: error.offset.map(shifted), ..error }),
    }
}

fn parse_content(source: &str) -> Result<Parsed, SyntaxError> {
    // JSON has characters and escapes that YAML does not have.
    let begins_as_json = source.trim_start().starts_with('{');
    let either = |source: &str| match begins_as_json.then(|| parse_json(source)) {
        Some(Ok(parsed)) => Ok(parsed),
        Some(Err(error)) if error.message == TOO_DEEP => Err(error),
        Some(Err(json_error)) => parse_yaml(source).map_err(|error| json_error.furthest(error)),
        None => parse_yaml(source),
    };
    let mut parsed = either(source).or_else(|error| match replaced(source) {
        _ if error.message == TOO_DEEP => Err(error),
        (Cow::Borrowed(_), _) => Err(error),
        (Cow::Owned(repaired), replaced) => {
            either(&repaired).map(|parsed| Parsed { replaced, ..parsed })
        }
    })?;
    if source.contains("<<") {
        merge_keys(&mut parsed.value);
    }
    Ok(parsed)
}

pub(super) fn parse_yaml(source: &str) -> Result<Parsed, SyntaxError> {
    if let Some(offset) = too_deep(source) {
        return Err(SyntaxError { message: TOO_DEEP.to_owned(), offset: Some(offset) });
    }
    let mut parsed = parse_with(source, |node| {
        node.deserialize(serde_yaml::Deserializer::from_str(source)).map_err(|error| {
            let offset = error.location().map(|location| location.index());
            SyntaxError { message: without_position(&error), offset }
        })
    })?;
    parsed.unquoted = unquoted::restore(&mut parsed.value, source);
    Ok(parsed)
}

pub(super) fn parse_json(source: &str) -> Result<Parsed, SyntaxError> {
    parse_with(source, |node| {
        let mut deserializer = serde_json::Deserializer::from_str(source);
        let value = node.deserialize(&mut deserializer);
        value.and_then(|value| deserializer.end().map(|()| value)).map_err(|error| {
            let lines = source.split_inclusive('\n').take(error.line().saturating_sub(1));
            let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
            SyntaxError { message: without_position(&error), offset: Some(offset) }
        })
    })
}

/// Parses with one of the formats. Most sources have no duplicate keys: only then is it read again.
fn parse_with(
    source: &str,
    deserialize: impl FnOnce(Node<'_>) -> Result<Value, SyntaxError>,
) -> Result<Parsed, SyntaxError> {
    let has_duplicates = Cell::new(false);
    let left = Cell::new(source.len().saturating_mul(COST).saturating_add(MAX_ALIASES));
    let value = deserialize(Node { depth: 0, has_duplicates: &has_duplicates, left: &left })?;
    let duplicates = if has_duplicates.get() { duplicates(source) } else { Vec::new() };
    Ok(Parsed { value, duplicates, replaced: None, unquoted: Vec::new() })
}

/// Returns the message of an error without its position, which is shown separately.
fn without_position(error: &impl fmt::Display) -> String {
    let message = error.to_string();
    match message.split(" at line ").next().unwrap_or_default() {
        "recursion limit exceeded" => TOO_DEEP.to_owned(),
        message => format!("{message}{}", hint(message)),
    }
}

impl SyntaxError {
    /// Returns the error that is later in the source.
    fn furthest(self, other: Self) -> Self {
        if self.offset > other.offset { self } else { other }
    }
}

/// Deserializes any YAML as JSON. Keys become strings (`200:` is a common one).
#[derive(Clone, Copy)]
struct Node<'a> {
    depth: usize,
    /// Set when a key is found twice in a mapping.
    has_duplicates: &'a Cell<bool>,
    /// The number of bytes that the values may still need.
    left: &'a Cell<usize>,
}

impl Node<'_> {
    fn child(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Counts a string.
    fn count_string<E: Error>(self, string: &str) -> Result<(), E> {
        match string.len() > MAX_STRING {
            true => Err(E::custom("a string is longer than 4 MiB")),
            false => self.count(string.len()),
        }
    }

    /// Counts a value or key. Without aliases, no source is long enough to reach the limit.
    fn count<E: Error>(self, length: usize) -> Result<(), E> {
        match self.left.get().checked_sub(COST + length) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom(TOO_LARGE)),
        }
    }
}

/// Adds an entry to an object. The last of duplicate keys wins, as in JSON, but objects near the
/// root are merged. Returns whether the key was a duplicate.
fn add(entries: &mut Map<String, Value>, key: String, value: Value, depth: usize) -> bool {
    let mut known = match entries.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            return false;
        }
        Entry::Occupied(known) => known,
    };
    match (known.get_mut(), value) {
        (Value::Object(first), Value::Object(second)) if depth < MERGE_DEPTH => {
            for (key, value) in second {
                add(first, key, value, depth + 1);
            }
        }
        (first, second) => *first = second,
    }
    true
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
        // `serde_json` has no number that large. The nearest float is used.
        Ok((value as f64).into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.count_string(value)?;
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.count_string(&value)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.child())? {
            self.count(0)?;
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if key.len() > MAX_KEY {
                return Err(A::Error::custom("a key is longer than 64 KiB"));
            }
            self.count(key.len())?;
            let value = map.next_value_seed(self.child())?;
            if add(&mut entries, key, value, self.depth) {
                self.has_duplicates.set(true);
            }
        }
        Ok(entries.into())
    }
}

/// Applies YAML merge keys: `<<: *anchor` adds the entries that an object does not have itself.
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

    use super::parse;

    #[test]
    fn json_and_yaml_give_the_same_tree() {
        for source in [
            r#"{"a": ["\ud83d\ude00", "x/y"], "b": {"c": null}}"#,
            "\u{feff}\u{feff}a: ['\u{1f600}', x/y]\nb: {c: }",
            "\u{feff}{\"a\": [\"\u{1f600}\", \"x\\/y\"],\n\t\"b\": {\"c\": null}}",
            "{a: ['\u{1f600}', x/y,], b: {c: }}",
            "{\"a\": [\"\\ud83d\\ude00\", 'x/y'], \"b\": {\"c\": }}",
            "a:\n- \"\\ud83d\\ude00\"\n- x/y\nb: {c: }\n",
        ] {
            let parsed = parse(source).ok().map(|parsed| (parsed.value, parsed.replaced));
            let expected = json!({"a": ["\u{1f600}", "x/y"], "b": {"c": null}});
            assert_eq!(parsed, Some((expected, None)), "{source}");
        }
    }

    #[test]
    fn forbidden_characters_are_replaced() {
        for (source, expected, at) in [
            ("{\"a\": \"x\u{7f}\"}", "x\u{7f}", None),
            ("{\"a\": \"x\u{1}\"}", "x\u{fffd}", Some(8)),
            ("{\"a\": \"x\\ud83d\"}", "x\u{fffd}", Some(8)),
            ("a: x\u{7f}\n", "x\u{fffd}", Some(4)),
            ("\u{feff}a: x\u{7f}\n", "x\u{fffd}", Some(7)),
        ] {
            let parsed = parse(source).ok().map(|parsed| (parsed.value, parsed.replaced));
            assert_eq!(parsed, Some((json!({"a": expected}), at)), "{source}");
        }
    }

    #[test]
    fn the_error_of_the_format_that_parsed_further_is_reported() {
        let json = parse("{\"a\": 1, \"b\": [1, 2}\n").err().map(|error| error.offset);
        assert_eq!(json, Some(Some(19)));
        let yaml = parse("{a: 1, b: [1, 2}\n").err().map(|error| error.offset);
        assert_eq!(yaml, Some(Some(15)));
        let bom = parse("\u{feff}{a: 1, b: [1, 2}\n").err().map(|error| error.offset);
        assert_eq!(bom, Some(Some(18)));
    }

    #[test]
    fn the_last_duplicate_wins_and_objects_near_the_root_are_merged() {
        let source = "a: { x: { y: 1 }, k: 1 }\na: { x: { z: { p: 1 } }, k: 2 }\n\
                      a: { x: { z: { q: 1 } } }\n";
        let parsed = parse(source).ok().map(|parsed| (parsed.value, parsed.duplicates.len()));
        let expected = json!({"a": {"x": {"y": 1, "z": {"q": 1}}, "k": 2}});
        assert_eq!(parsed, Some((expected, 6)));
    }
}
