//! The facts of an event, from its attributes and tags.

use serde_json_borrow::Value;

use super::symbols::Symbol;
use super::values::{Fact, Facts, Vocabulary};
use crate::event::attributes::{AttributeValue, AttributeVisitor, visit};
use crate::event::sent::{Object, SentEvent};

/// The maximum length in bytes of the name of a nested value. Deeper values are kept but not
/// searchable: otherwise a long outer name would be repeated for every value in it.
const MAX_NAME: usize = 256;

impl Facts {
    /// Creates the facts of an event that was sent.
    pub(crate) fn from_event(sent: SentEvent<'_>, vocabulary: &mut Vocabulary) -> Self {
        let mut collector = Collector::new(vocabulary);
        visit(sent, &mut collector);
        let mut facts = collector.facts;
        let string = |name| sent.attributes.get(name).and_then(Value::as_str);
        let reserved = [
            ("env", string("env")),
            ("service", string("service")),
            ("ci_level", Some(sent.level.name())),
        ];
        for (name, value) in reserved {
            if let Some(value) = value {
                let name = vocabulary.standard_name(name);
                facts.push((name, Fact::String(vocabulary.strings.intern(value))));
            }
        }
        let tags = sent.tags().filter_map(|tag| tag.split_once(':'));
        // A tag cannot change the level of an event.
        let tags = tags.filter(|(name, _)| *name != "ci_level");
        add_tags(tags, vocabulary, &mut facts);
        Self::new(facts, vocabulary)
    }

    /// Creates the facts of an event from nested attributes, and from tags including the reserved
    /// ones.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn from_json<'t>(
        attributes: &serde_json::Map<String, serde_json::Value>,
        tags: impl IntoIterator<Item = (&'t str, &'t str)>,
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let mut facts = Vec::new();
        // Maps of JSON can be encoded.
        let json = serde_json::to_string(attributes).unwrap_or_default();
        if let Ok(Value::Object(attributes)) = serde_json::from_str(&json) {
            flatten("@", &attributes, vocabulary, &mut facts);
        }
        add_tags(tags, vocabulary, &mut facts);
        Self::new(facts, vocabulary)
    }
}

fn add_tags<'t>(
    tags: impl IntoIterator<Item = (&'t str, &'t str)>,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    for (name, value) in tags {
        let name = vocabulary.names.intern(name);
        facts.push((name, Fact::String(vocabulary.strings.intern(value))));
    }
}

/// The facts collected so far.
struct Collector<'v> {
    facts: Vec<(Symbol, Fact)>,
    /// The paths of the standard attributes.
    paths: Vec<&'static str>,
    /// How many of the facts belong to standard attributes.
    standard: usize,
    vocabulary: &'v mut Vocabulary,
}

impl<'v> Collector<'v> {
    fn new(vocabulary: &'v mut Vocabulary) -> Self {
        let (facts, paths) = (Vec::with_capacity(64), Vec::with_capacity(64));
        Self { facts, paths, standard: 0, vocabulary }
    }

    /// Returns whether a name is a standard attribute, or contains one.
    fn is_taken(&self, name: &str) -> bool {
        let is_at_or_below = |path: &str| {
            let rest = path.strip_prefix('@').and_then(|path| path.strip_prefix(name));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let standard = self.facts.get(..self.standard).unwrap_or_default();
        self.paths.iter().any(|path| is_at_or_below(path))
            // The properties of an object that was sent are not in `paths`.
            || standard.iter().any(|(path, _)| is_at_or_below(self.vocabulary.names.resolve(*path)))
    }
}

impl AttributeVisitor for Collector<'_> {
    fn standard(&mut self, path: &'static str, value: AttributeValue<'_>) {
        self.paths.push(path);
        match (scalar(value, self.vocabulary), value) {
            (Some(fact), _) => self.facts.push((self.vocabulary.standard_name(path), fact)),
            (None, AttributeValue::Json(value)) => {
                flatten_value(path, value, self.vocabulary, &mut self.facts);
            }
            (None, AttributeValue::Strings(strings)) => {
                let name = self.vocabulary.standard_name(path);
                let symbols = strings.iter().map(|it| self.vocabulary.strings.intern(it));
                self.facts.extend(symbols.map(|symbol| (name, Fact::String(symbol))));
            }
            (None, _) => {}
        }
        self.standard = self.facts.len();
    }

    fn custom(&mut self, name: &str, value: AttributeValue<'_>) {
        if self.is_taken(name) {
            return;
        }
        let name = self.vocabulary.names.intern(&format!("@{name}"));
        if let Some(fact) = scalar(value, self.vocabulary) {
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
        flatten_value(&format!("{prefix}{name}"), value, vocabulary, facts);
    }
}

fn flatten_value(
    path: &str,
    value: &Value<'_>,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    match value {
        _ if path.len() > MAX_NAME => {}
        Value::Array(items) => {
            items.iter().for_each(|item| flatten_value(path, item, vocabulary, facts));
        }
        Value::Object(inner) => flatten(&format!("{path}."), inner, vocabulary, facts),
        other => {
            if let Some(fact) = scalar(AttributeValue::Json(other), vocabulary) {
                facts.push((vocabulary.names.intern(path), fact));
            }
        }
    }
}

/// Converts a value to a fact. Returns `None` for null, arrays and objects.
fn scalar(value: AttributeValue<'_>, vocabulary: &mut Vocabulary) -> Option<Fact> {
    Some(match value {
        AttributeValue::String(string) => Fact::String(vocabulary.strings.intern(string)),
        AttributeValue::Integer(number) => Fact::Number(number as f64),
        AttributeValue::Number(number) => Fact::Number(number),
        AttributeValue::Boolean(value) => Fact::Boolean(value),
        AttributeValue::Strings(_) => return None,
        AttributeValue::Json(value) => match value {
            Value::Str(string) => Fact::String(vocabulary.strings.intern(string)),
            Value::Number(number) => Fact::Number(number.as_f64()?),
            Value::Bool(value) => Fact::Boolean(*value),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        },
    })
}
