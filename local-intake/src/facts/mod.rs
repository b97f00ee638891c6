//! What is known of an event, flat: a list of names with values, quick to look through.

mod symbols;

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json_borrow::Value;

use crate::event::{Attributes, Datum, Object, Sent, visit};

pub use symbols::{Symbol, Symbols};

/// How many bytes the name of what lies within an object has at most. What lies deeper is kept
/// and not searched: a long name before many others would take up its length for each of them.
const MAX_NAME: usize = 256;

/// A value that a query can test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// A text.
    Text(Symbol),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
}

/// The names and texts that facts refer to.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Names: those of attributes with `@` in front, those of tags as they are.
    pub names: Symbols,
    /// Texts of any fact.
    pub texts: Symbols,
    /// Lists of names. Most events have the same properties as others, so few lists serve all.
    shapes: HashSet<Arc<[Symbol]>, RandomState>,
}

/// Everything that is known of one event, sorted by name. An array is one fact per element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    names: Arc<[Symbol]>,
    values: Box<[Fact]>,
}

/// One event that the query asks for.
#[derive(Clone, Copy)]
pub struct Row<'s> {
    /// When it happened, in nanoseconds since 1970.
    pub timestamp: i64,
    /// Tells events of one timestamp apart.
    pub order: u64,
    /// What is known of it.
    pub facts: &'s Facts,
}

impl Facts {
    /// Of an event as it was sent.
    #[must_use]
    pub fn of(sent: Sent<'_>, vocabulary: &mut Vocabulary) -> Self {
        let mut collected = Collected::new(vocabulary);
        visit(sent, &mut collected);
        let mut facts = collected.facts;
        let text = |name| sent.attributes.get(name).and_then(Value::as_str);
        let reserved = [
            ("env", text("env")),
            ("service", text("service")),
            ("ci_level", Some(sent.level.name())),
        ];
        let reserved = reserved.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let tags = sent.tags().filter_map(|tag| tag.split_once(':'));
        // Every event has one level, whatever its tags say.
        vocabulary.tags(reserved.chain(tags.filter(|(name, _)| *name != "ci_level")), &mut facts);
        Self::sorted(facts, vocabulary)
    }

    /// Of an event's attributes and what is searched without `@`.
    #[must_use]
    pub fn of_parts<'t>(
        attributes: &serde_json::Map<String, serde_json::Value>,
        tags: impl IntoIterator<Item = (&'t str, &'t str)>,
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let mut facts = Vec::new();
        let text = serde_json::to_string(attributes).unwrap_or_default();
        if let Ok(Value::Object(attributes)) = serde_json::from_str(&text) {
            flatten("@", &attributes, vocabulary, &mut facts);
        }
        vocabulary.tags(tags, &mut facts);
        Self::sorted(facts, vocabulary)
    }

    fn sorted(mut facts: Vec<(Symbol, Fact)>, vocabulary: &mut Vocabulary) -> Self {
        // A stable sort: elements of an array stay in their order.
        facts.sort_by_key(|(name, _)| *name);
        let names: Vec<Symbol> = facts.iter().map(|(name, _)| *name).collect();
        let values = facts.iter().map(|(_, value)| *value).collect();
        Self { names: vocabulary.shape(names), values }
    }

    /// The values under one name.
    pub fn under(&self, name: Symbol) -> impl Iterator<Item = Fact> {
        let first = self.names.partition_point(|other| *other < name);
        self.names
            .iter()
            .zip(&self.values)
            .skip(first)
            .take_while(move |(other, _)| **other == name)
            .map(|(_, fact)| *fact)
    }

    /// Sets what is known under a name to this one fact.
    pub fn set(&mut self, name: Symbol, fact: Fact, vocabulary: &mut Vocabulary) {
        let others = self.iter().filter(|(other, _)| *other != name);
        *self = Self::sorted(others.chain([(name, fact)]).collect(), vocabulary);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, Fact)> {
        self.names.iter().copied().zip(self.values.iter().copied())
    }
}

impl Vocabulary {
    fn shape(&mut self, names: Vec<Symbol>) -> Arc<[Symbol]> {
        if let Some(known) = self.shapes.get(names.as_slice()) {
            return Arc::clone(known);
        }
        let shape: Arc<[Symbol]> = names.into();
        self.shapes.insert(Arc::clone(&shape));
        shape
    }

    fn tags<'t>(
        &mut self,
        tags: impl IntoIterator<Item = (&'t str, &'t str)>,
        facts: &mut Vec<(Symbol, Fact)>,
    ) {
        for (name, value) in tags {
            let name = self.names.intern(name);
            facts.push((name, Fact::Text(self.texts.intern(value))));
        }
    }
}

/// The facts so far, and what tells names with a meaning from those of the sender's own.
struct Collected<'v> {
    facts: Vec<(Symbol, Fact)>,
    /// The paths with a meaning, and where the facts under them end.
    paths: Vec<&'static str>,
    meant: usize,
    vocabulary: &'v mut Vocabulary,
}

impl<'v> Collected<'v> {
    fn new(vocabulary: &'v mut Vocabulary) -> Self {
        Self { facts: Vec::with_capacity(64), paths: Vec::with_capacity(64), meant: 0, vocabulary }
    }

    /// Whether a name, or one that goes on from it, has a meaning.
    fn is_taken(&self, name: &str) -> bool {
        let goes_on = |path: &str| {
            let rest = path.strip_prefix('@').and_then(|path| path.strip_prefix(name));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let meant = self.facts.get(..self.meant).unwrap_or_default();
        self.paths.iter().any(|path| goes_on(path))
            // What is within an object that was sent has no path of ours.
            || meant.iter().any(|(path, _)| goes_on(self.vocabulary.names.text(*path)))
    }
}

impl Attributes for Collected<'_> {
    fn put(&mut self, path: &'static str, value: Datum<'_>) {
        self.paths.push(path);
        match (fact(value, self.vocabulary), value) {
            (Some(fact), _) => self.facts.push((self.vocabulary.names.intern(path), fact)),
            (None, Datum::Json(value)) => value_of(path, value, self.vocabulary, &mut self.facts),
            (None, Datum::Texts(texts)) => {
                let name = self.vocabulary.names.intern(path);
                let texts = texts.iter().map(|text| self.vocabulary.texts.intern(text));
                self.facts.extend(texts.map(|text| (name, Fact::Text(text))));
            }
            (None, _) => {}
        }
        self.meant = self.facts.len();
    }

    fn add(&mut self, name: &str, value: Datum<'_>) {
        if self.is_taken(name) {
            return;
        }
        let name = self.vocabulary.names.intern(&format!("@{name}"));
        if let Some(fact) = fact(value, self.vocabulary) {
            self.facts.push((name, fact));
        }
    }
}

fn flatten(
    prefix: &str,
    object: &Object<'_>,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    for (name, value) in object.iter() {
        value_of(&format!("{prefix}{name}"), value, vocabulary, facts);
    }
}

fn value_of(
    path: &str,
    value: &Value<'_>,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    match value {
        _ if path.len() > MAX_NAME => {}
        Value::Array(items) => {
            items.iter().for_each(|item| value_of(path, item, vocabulary, facts));
        }
        Value::Object(inner) => flatten(&format!("{path}."), inner, vocabulary, facts),
        scalar => {
            if let Some(fact) = fact(Datum::Json(scalar), vocabulary) {
                facts.push((vocabulary.names.intern(path), fact));
            }
        }
    }
}

/// The fact that a value is, unless it is several or none.
fn fact(value: Datum<'_>, vocabulary: &mut Vocabulary) -> Option<Fact> {
    Some(match value {
        Datum::Text(text) => Fact::Text(vocabulary.texts.intern(text)),
        Datum::Integer(number) => Fact::Number(number as f64),
        Datum::Number(number) => Fact::Number(number),
        Datum::Boolean(value) => Fact::Boolean(value),
        Datum::Texts(_) => return None,
        Datum::Json(value) => match value {
            Value::Str(text) => Fact::Text(vocabulary.texts.intern(text)),
            Value::Number(number) => Fact::Number(number.as_f64()?),
            Value::Bool(value) => Fact::Boolean(*value),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        },
    })
}
