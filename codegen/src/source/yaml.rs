//! YAML, and with it JSON, as a tree.

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is no YAML, and where, in bytes from its beginning.
pub(super) struct NotYaml {
    pub(super) message: String,
    pub(super) offset: Option<usize>,
}

/// Of how many bytes on a text is read in two halves.
const LARGE: usize = 1 << 18;

/// Reads a text, with its merge keys applied.
pub(super) fn read(text: &str) -> Result<Value, NotYaml> {
    let halves = if text.len() < LARGE { None } else { halves(text) };
    let mut root = halves.map_or_else(|| whole(text), Ok)?;
    merge_keys(&mut root);
    Ok(root)
}

fn whole(text: &str) -> Result<Value, NotYaml> {
    Node.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let offset = error.location().map(|location| location.index());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        NotYaml { message, offset }
    })
}

/// Reads a text on two cores, cut before a key of the outermost mapping. Gives nothing where
/// that is in doubt, and the whole is to be read: a quote or a bracket that the cut leaves open,
/// or an anchor that it takes away, makes one of the halves unreadable.
fn halves(text: &str) -> Option<Value> {
    let (first, second) = text.split_at(cut(text)?);
    // A document that ends before the cut is followed by another, which the halves do not show.
    if ["\n---", "\n..."].iter().any(|mark| first.contains(mark)) {
        return None;
    }
    let (first, second) = thread::scope(|scope| {
        let second = scope.spawn(|| whole(second));
        (whole(first), second.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let (Ok(Value::Object(mut first)), Ok(Value::Object(second))) = (first, second) else {
        return None;
    };
    if second.keys().any(|key| first.contains_key(key)) {
        return None;
    }
    first.extend(second);
    Some(Value::Object(first))
}

/// The line nearest to the middle, but the first, that begins with a key. The outermost mapping
/// must not be indented, or such a line would not be a part of it.
fn cut(text: &str) -> Option<usize> {
    let is_told = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    if !text.lines().find(is_told).is_some_and(is_key) {
        return None;
    }
    let lines = text.match_indices('\n').map(|(at, _)| at + 1);
    lines
        .filter(|at| is_key(text.get(*at..).unwrap_or_default()))
        .min_by_key(|at| at.abs_diff(text.len() / 2))
}

/// Whether a text begins with a key that nothing is unusual about.
fn is_key(text: &str) -> bool {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && behind.strip_prefix(':').is_some_and(|value| value.starts_with([' ', '\n', '\r']))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_halves_are_what_the_whole_is() {
        let text = "# A comment.\na: 1\nb:\n- x\n- {c: &d 2, e: *d}\nf: |+\n  text\n\ng:\nh: 'i'\n";
        assert_eq!(halves(text), whole(text).ok());
        assert!(halves(text).is_some());
    }

    #[test]
    fn what_the_halves_do_not_show_is_read_as_a_whole() {
        for text in [
            "a: &x 1\nb: 2\nc: *x\n",
            "a: 'x\nb: y\nc: z'\n",
            "a: \"x\nb: y\"\n",
            "a: {\nb: 1\n}\n",
            "a: 1\na: 2\n",
            "a: 1\n---\nb: 2\n",
            "a: 1\n...\nb: 2\n",
            "a: 1\n...\n# c\nb: 2\n",
            "  a: 1\nb: 2\n",
            "--- a\nb: 2\n",
            "- a\nb: 2\n",
            "text\nb: 2\n",
            "a: x\ny\nb: 2\n",
            "%TAG ! tag:x,2000:\n---\na: 1\nb: 2\n",
            "{\"a\": 1,\nb: 2}",
            "a: 1",
            "",
        ] {
            assert_eq!(halves(text), None, "{text:?}");
        }
    }
}
