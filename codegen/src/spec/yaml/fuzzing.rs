//! The check of the fuzz target.

use std::borrow::Cow;

use saphyr_parser::Span;
use serde_json::Value;

use super::duplicates::duplicates;
use super::parse::{parse, parse_json, parse_yaml};
use crate::text::events::{Flow, Node, Step, Visitor, walk};
use crate::text::{blanked, child, locate};

/// Reads a source. Panics if two readers of it disagree about what both of them can read.
pub fn check_yaml(source: &str) {
    let content = source.trim_start_matches('\u{feff}');
    if let (Ok(json), Ok(yaml)) = (parse_json(content), parse_yaml(content)) {
        assert!(is_same(&json.value, &yaml.value), "{} and {}", json.value, yaml.value);
    }
    let Ok(parsed) = parse(source) else { return };
    let mut pointers = Vec::new();
    collect(&parsed.value, String::new(), &mut pointers);
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    for range in locate(source, &pointers) {
        assert!(source.get(range.clone()).is_some(), "{range:?} is not in the source");
    }
    if is_simple(source) && duplicates(source).is_empty() {
        let mut builder = Builder { frames: Vec::new(), root: None };
        walk(source, &mut builder);
        if let Some(read) = builder.root {
            assert!(agrees(&parsed.value, &read), "{} and {read:?}", parsed.value);
        }
    }
}

/// Whether a source has nothing that the reader of positions does not know, or knows as YAML 1.2: merge
/// keys, tags, some characters, anchors that end with a colon, and question marks, which start a key.
fn is_simple(source: &str) -> bool {
    let is_name = |rest: &str| {
        let name = rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c)).next();
        name.unwrap_or_default().chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
    };
    !source.contains("<<")
        && !source.contains(['!', '?'])
        && matches!(blanked(source), Cow::Borrowed(_))
        && source.split(['&', '*']).skip(1).all(is_name)
}

/// Whether two trees have the same values: numbers may be written as integers or floats.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|it| is_same(value, it)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| collect(value, child(&at, key), pointers));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| collect(value, child(&at, index), pointers));
        }
        _ => {}
    }
    pointers.push(at);
}

/// A document as the reader of positions reads it.
#[derive(Debug)]
enum Read {
    Scalar(String),
    Alias,
    Sequence(Vec<Read>),
    Mapping(Vec<(String, Read)>),
}

struct Builder {
    /// The open collections, each with its key.
    frames: Vec<(String, Read)>,
    /// The document, if all of it was read.
    root: Option<Read>,
}

impl Builder {
    fn add(&mut self, key: String, value: Read) {
        match self.frames.last_mut() {
            None => self.root = Some(value),
            Some((_, Read::Sequence(items))) => items.push(value),
            Some((_, Read::Mapping(entries))) => entries.push((key, value)),
            Some(_) => {}
        }
    }
}

impl Visitor for Builder {
    const EXPANDS_ALIASES: bool = true;

    fn node(&mut self, step: Step<'_>, node: Node<'_>, _: Span) -> Flow {
        let key = match step {
            Step::Key(Some(key)) => key.to_owned(),
            Step::Key(None) => return Flow::Stop,
            Step::Root | Step::Element(_) => String::new(),
        };
        match node {
            Node::Mapping => self.frames.push((key, Read::Mapping(Vec::new()))),
            Node::Sequence => self.frames.push((key, Read::Sequence(Vec::new()))),
            Node::Scalar(string) => self.add(key, Read::Scalar(string.to_owned())),
            Node::Alias => self.add(key, Read::Alias),
        }
        Flow::Enter
    }

    fn leave(&mut self) -> Flow {
        let Some((key, value)) = self.frames.pop() else { return Flow::Stop };
        self.add(key, value);
        Flow::Skip
    }
}

fn agrees(value: &Value, read: &Read) -> bool {
    match (value, read) {
        (_, Read::Alias) => true,
        (Value::Object(entries), Read::Mapping(read)) => {
            entries.len() == read.len()
                && read
                    .iter()
                    .all(|(key, read)| entries.get(key).is_some_and(|it| agrees(it, read)))
        }
        (Value::Array(items), Read::Sequence(read)) => {
            items.len() == read.len()
                && items.iter().zip(read).all(|(item, read)| agrees(item, read))
        }
        // Only numbers and booleans are looked up: strings of several lines may differ in white space.
        (Value::String(_), Read::Scalar(_)) => true,
        // What is written reads as this value.
        (value, Read::Scalar(read)) => parse(read).is_ok_and(|read| is_same(&read.value, value)),
        _ => false,
    }
}
