//! The text of a description as a tree, with the way back from a place in the tree to a
//! line and column. The only module that knows YAML.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostics, Place, code};

/// A text with the name under which diagnostics show it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The name, usually a path.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A text with a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// A description as a tree. Only the parts that are asked for are given types, so that a
/// flaw in one corner of a large description stops nobody who does not need that corner.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
}

impl Document {
    /// The value at a JSON pointer.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// The value at a JSON pointer as a type of `openapiv3`; its message where it is none.
    pub(crate) fn typed<T: DeserializeOwned>(&self, pointer: &str) -> Option<Result<T, String>> {
        self.get(pointer).map(|value| T::deserialize(value).map_err(|error| error.to_string()))
    }

    /// The keys of the object at a pointer, in the order of the description.
    pub(crate) fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        self.get(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
    }
}

/// A pointer to the child of a value.
pub(crate) fn child(pointer: &str, key: impl fmt::Display) -> String {
    let key = key.to_string();
    if key.contains(['~', '/']) {
        format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{key}")
    }
}

/// Reads a description, and reports where it is not YAML or not OpenAPI 3.
pub(crate) fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    let deserializer = serde_yaml::Deserializer::from_str(&source.text);
    let mut root = match Node.deserialize(deserializer) {
        Ok(root) => root,
        Err(error) => {
            let offset = error.location().map(|location| location.index());
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            diagnostics.error(&code::BAD_YAML, Place::Offset(offset), message);
            return None;
        }
    };
    if root.is_null() {
        diagnostics.error(&code::BAD_YAML, Place::Offset(None), "the description is empty");
        return None;
    }
    merge_keys(&mut root);
    let version =
        |key: &str| root.get(key).map(|v| v.as_str().map_or(v.to_string(), str::to_owned));
    match (version("openapi"), version("swagger")) {
        (Some(v), _) if v.starts_with("3.0") => Some(Document { root }),
        (Some(v), _) => {
            let message = format!("this description is OpenAPI {v}; 3.0 is read");
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer("/openapi"), message);
            None
        }
        (None, Some(v)) => {
            let message = format!("this description is Swagger {v}; OpenAPI 3.0 is read");
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer("/swagger"), message);
            None
        }
        (None, None) => {
            let message = "this is no OpenAPI description: it has no `openapi` key";
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer(""), message);
            None
        }
    }
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

/// Finds the text of the key (or the element) at a JSON pointer, or of the nearest place
/// above it that exists. Reads the text again, so that only diagnostics pay for positions.
pub(crate) fn locate(text: &str, pointer: &str) -> Range<usize> {
    let path: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    position::find(text, &path).unwrap_or(0..0)
}

mod position {
    use std::ops::{ControlFlow, Range};

    use saphyr_parser::{Event, Parser, Span, StrInput};

    type Events<'a> = Parser<'a, StrInput<'a>>;

    /// Walks the events to the end of the path, and remembers how far it came.
    pub(super) fn find(text: &str, path: &[String]) -> Option<Range<usize>> {
        let mut events = Parser::new_from_str(text);
        let mut best = None;
        while let Some(Ok((event, span))) = events.next_event() {
            if !matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
                best = Some(span);
                let _ = node(&mut events, &event, Some(path), &mut best);
                break;
            }
        }
        best.map(|span| bytes(text, span))
    }

    /// Reads one node whole; breaks off where the path ends in it. Nodes beside the path
    /// have none. The depth is bounded: the same text has been read as a tree before.
    fn node(
        events: &mut Events<'_>,
        event: &Event<'_>,
        path: Option<&[String]>,
        best: &mut Option<Span>,
    ) -> ControlFlow<()> {
        let mapping = match event {
            Event::MappingStart(..) => true,
            Event::SequenceStart(..) => false,
            _ => return ControlFlow::Continue(()),
        };
        let (head, rest) = match path.and_then(<[String]>::split_first) {
            Some((head, rest)) => (Some(head), rest),
            None if path.is_some() => return ControlFlow::Break(()),
            None => (None, &[][..]),
        };
        let mut index = 0_usize;
        while let Some(Ok((event, span))) = events.next_event() {
            if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
                break;
            }
            let (on_path, value) = if mapping {
                let on_path = matches!(&event, Event::Scalar(key, ..) if Some(key.as_ref()) == head.map(String::as_str));
                node(events, &event, None, best)?;
                match events.next_event() {
                    Some(Ok((value, _))) => (on_path, value),
                    _ => break,
                }
            } else {
                (head.is_some_and(|head| *head == index.to_string()), event)
            };
            index += 1;
            if on_path {
                *best = Some(span);
            }
            node(events, &value, on_path.then_some(rest), best)?;
            if on_path {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    /// The parser counts characters. A collection would be many lines: its first character
    /// says where it is.
    fn bytes(text: &str, span: Span) -> Range<usize> {
        let offset = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
        let start = offset(span.start.index());
        let end =
            if span.start.line() == span.end.line() { offset(span.end.index()) } else { start };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a:\n  b: [x, {c: é, d/e: 1}]\n  'q r': &anchor\n    - 1\nz: *anchor\n";

    fn at(pointer: &str) -> &'static str {
        &TEXT[locate(TEXT, pointer)]
    }

    #[test]
    fn a_pointer_leads_to_its_key_or_element() {
        assert_eq!(at("/a"), "a");
        assert_eq!(at("/a/b"), "b");
        assert_eq!(at("/a/b/0"), "x");
        assert_eq!(at("/a/b/1/d~1e"), "d/e");
        assert_eq!(at("/a/q r/0"), "1");
        assert_eq!(at("/z"), "z");
    }

    #[test]
    fn a_place_that_is_not_there_leads_to_the_nearest_above() {
        assert_eq!(at("/a/b/1/nothing"), "{");
        assert_eq!(locate(TEXT, "/a/b/1/nothing").start, TEXT.find('{').expect("there is one"));
        assert_eq!(at("/z/0"), "z");
    }
}
