//! What is known of an event, flat: a list of names with values, quick to look through.

use serde_json::{Map, Value};

use super::symbols::{Symbol, Symbols};

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
}

/// Everything that is known of one event, sorted by name. An array is one fact per element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Box<[(Symbol, Fact)]>);

impl Facts {
    /// Of the attributes and tags of an event, and of what is searched without `@`.
    pub fn of<'t>(
        attributes: &Map<String, Value>,
        tags: impl IntoIterator<Item = &'t str>,
        reserved: &[(&str, &str)],
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let mut facts = Vec::new();
        flatten("@", attributes, vocabulary, &mut facts);
        let tags = tags.into_iter().filter_map(|tag| tag.split_once(':'));
        for (name, value) in reserved.iter().copied().chain(tags) {
            let name = vocabulary.names.intern(name);
            facts.push((name, Fact::Text(vocabulary.texts.intern(value))));
        }
        facts.sort_by_key(|(name, _)| *name);
        Self(facts.into())
    }

    /// The values under one name.
    pub fn under(&self, name: Symbol) -> impl Iterator<Item = Fact> {
        let first = self.0.partition_point(|(other, _)| *other < name);
        self.0
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(other, _)| *other == name)
            .map(|(_, fact)| *fact)
    }

    /// Sets what is known under a name to this one fact.
    pub fn set(&mut self, name: Symbol, fact: Fact) {
        let mut facts: Vec<_> = self.iter().filter(|(other, _)| *other != name).collect();
        let place = facts.partition_point(|(other, _)| *other < name);
        facts.insert(place, (name, fact));
        self.0 = facts.into();
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, Fact)> {
        self.0.iter().copied()
    }
}

fn flatten(
    prefix: &str,
    object: &Map<String, Value>,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    for (name, value) in object {
        value_of(&format!("{prefix}{name}"), value, vocabulary, facts);
    }
}

fn value_of(
    path: &str,
    value: &Value,
    vocabulary: &mut Vocabulary,
    facts: &mut Vec<(Symbol, Fact)>,
) {
    let fact = match value {
        Value::Null => return,
        Value::Bool(value) => Fact::Boolean(*value),
        Value::Number(number) => match number.as_f64() {
            Some(number) => Fact::Number(number),
            None => return,
        },
        Value::String(text) => Fact::Text(vocabulary.texts.intern(text)),
        Value::Array(items) => {
            items.iter().for_each(|item| value_of(path, item, vocabulary, facts));
            return;
        }
        Value::Object(inner) => return flatten(&format!("{path}."), inner, vocabulary, facts),
    };
    facts.push((vocabulary.names.intern(path), fact));
}
